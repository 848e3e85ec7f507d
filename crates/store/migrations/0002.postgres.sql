-- What only PostgreSQL understands of 0002: what was kept can only be added to.

CREATE FUNCTION shirube_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'shirube: rows of % are kept as they are', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER trail_change BEFORE UPDATE OR DELETE ON trail FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER trail_truncate BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER content_change BEFORE UPDATE OR DELETE ON content FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER content_truncate BEFORE TRUNCATE ON content FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER revision_change BEFORE UPDATE OR DELETE ON revision FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER revision_truncate BEFORE TRUNCATE ON revision FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER revision_file_change BEFORE UPDATE OR DELETE ON revision_file FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER revision_file_truncate BEFORE TRUNCATE ON revision_file FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER revision_state_change BEFORE UPDATE OR DELETE ON revision_state FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER revision_state_truncate BEFORE TRUNCATE ON revision_state FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER blob_change BEFORE UPDATE OR DELETE ON blob FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER blob_truncate BEFORE TRUNCATE ON blob FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER issued_change BEFORE UPDATE OR DELETE ON issued FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER issued_truncate BEFORE TRUNCATE ON issued FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER attachment_change BEFORE UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER attachment_truncate BEFORE TRUNCATE ON attachment FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER person_change BEFORE UPDATE OF id, organisation, sign_in, created_at OR DELETE ON person
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER person_truncate BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();
