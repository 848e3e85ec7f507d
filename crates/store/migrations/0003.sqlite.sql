-- What only SQLite understands of the removal of evidence: bytes may be emptied, and nothing else of them changed, when
-- all that refers to them are attachments that were removed.

CREATE TRIGGER attachment_step_update BEFORE UPDATE ON attachment_step BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of attachment_step are kept as they are');
END;
CREATE TRIGGER attachment_step_delete BEFORE DELETE ON attachment_step BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of attachment_step are kept as they are');
END;

DROP TRIGGER blob_update;
CREATE TRIGGER blob_update BEFORE UPDATE ON blob WHEN NOT (
    NEW.organisation = OLD.organisation AND NEW.digest = OLD.digest AND length(NEW.body) = 0
    AND EXISTS (SELECT 1 FROM attachment a WHERE a.organisation = OLD.organisation AND a.digest = OLD.digest)
    AND NOT EXISTS (
        SELECT 1 FROM attachment a WHERE a.organisation = OLD.organisation AND a.digest = OLD.digest
        AND NOT EXISTS (SELECT 1 FROM attachment_step s WHERE s.organisation = a.organisation
            AND s.attachment = a.id AND s.step = 'removed')
    )
    AND NOT EXISTS (SELECT 1 FROM issued i WHERE i.organisation = OLD.organisation AND i.digest = OLD.digest)
) BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of blob are kept as they are');
END;
