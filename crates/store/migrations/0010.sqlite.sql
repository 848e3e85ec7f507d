-- What only SQLite understands of 0010: what was kept can only be added to.

CREATE TRIGGER register_record_update BEFORE UPDATE ON register_record BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of register_record are kept as they are');
END;
CREATE TRIGGER register_record_delete BEFORE DELETE ON register_record BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of register_record are kept as they are');
END;
