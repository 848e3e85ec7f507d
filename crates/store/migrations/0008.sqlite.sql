-- What only SQLite understands of 0008: what was kept can only be added to.

CREATE TRIGGER institution_update BEFORE UPDATE ON institution BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of institution are kept as they are');
END;
CREATE TRIGGER institution_delete BEFORE DELETE ON institution BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of institution are kept as they are');
END;

CREATE TRIGGER institution_record_update BEFORE UPDATE ON institution_record BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of institution_record are kept as they are');
END;
CREATE TRIGGER institution_record_delete BEFORE DELETE ON institution_record BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of institution_record are kept as they are');
END;
