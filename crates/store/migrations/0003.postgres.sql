-- What only PostgreSQL understands of the removal of evidence: bytes may be emptied, and nothing else of them changed,
-- when all that refers to them are attachments that were removed.

CREATE TRIGGER attachment_step_change BEFORE UPDATE OR DELETE ON attachment_step
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER attachment_step_truncate BEFORE TRUNCATE ON attachment_step
    FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE FUNCTION shirube_refuse_blob() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organisation = OLD.organisation AND NEW.digest = OLD.digest AND length(NEW.body) = 0
        AND EXISTS (SELECT 1 FROM attachment a WHERE a.organisation = OLD.organisation AND a.digest = OLD.digest)
        AND NOT EXISTS (
            SELECT 1 FROM attachment a WHERE a.organisation = OLD.organisation AND a.digest = OLD.digest
            AND NOT EXISTS (SELECT 1 FROM attachment_step s WHERE s.organisation = a.organisation
                AND s.attachment = a.id AND s.step = 'removed')
        )
        AND NOT EXISTS (SELECT 1 FROM issued i WHERE i.organisation = OLD.organisation AND i.digest = OLD.digest)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'shirube: rows of blob are kept as they are';
END
$$;

DROP TRIGGER blob_change ON blob;
CREATE TRIGGER blob_change BEFORE UPDATE ON blob FOR EACH ROW EXECUTE FUNCTION shirube_refuse_blob();
CREATE TRIGGER blob_delete BEFORE DELETE ON blob FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
