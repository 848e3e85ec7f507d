-- What only SQLite understands of 0002: what was kept can only be added to.

CREATE TRIGGER trail_update BEFORE UPDATE ON trail BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of trail are kept as they are');
END;
CREATE TRIGGER trail_delete BEFORE DELETE ON trail BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of trail are kept as they are');
END;

CREATE TRIGGER content_update BEFORE UPDATE ON content BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of content are kept as they are');
END;
CREATE TRIGGER content_delete BEFORE DELETE ON content BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of content are kept as they are');
END;

CREATE TRIGGER revision_update BEFORE UPDATE ON revision BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision are kept as they are');
END;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision are kept as they are');
END;

CREATE TRIGGER revision_file_update BEFORE UPDATE ON revision_file BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision_file are kept as they are');
END;
CREATE TRIGGER revision_file_delete BEFORE DELETE ON revision_file BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision_file are kept as they are');
END;

CREATE TRIGGER revision_state_update BEFORE UPDATE ON revision_state BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision_state are kept as they are');
END;
CREATE TRIGGER revision_state_delete BEFORE DELETE ON revision_state BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of revision_state are kept as they are');
END;

CREATE TRIGGER blob_update BEFORE UPDATE ON blob BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of blob are kept as they are');
END;
CREATE TRIGGER blob_delete BEFORE DELETE ON blob BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of blob are kept as they are');
END;

CREATE TRIGGER issued_update BEFORE UPDATE ON issued BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of issued are kept as they are');
END;
CREATE TRIGGER issued_delete BEFORE DELETE ON issued BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of issued are kept as they are');
END;

CREATE TRIGGER attachment_update BEFORE UPDATE ON attachment BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of attachment are kept as they are');
END;
CREATE TRIGGER attachment_delete BEFORE DELETE ON attachment BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of attachment are kept as they are');
END;

CREATE TRIGGER person_update BEFORE UPDATE OF id, organisation, sign_in, created_at ON person BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of person are kept as they are');
END;
CREATE TRIGGER person_delete BEFORE DELETE ON person BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of person are kept as they are');
END;
