-- What only PostgreSQL understands of 0008: what was kept can only be added to.

CREATE TRIGGER institution_change BEFORE UPDATE OR DELETE ON institution
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER institution_truncate BEFORE TRUNCATE ON institution
    FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();

CREATE TRIGGER institution_record_change BEFORE UPDATE OR DELETE ON institution_record
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER institution_record_truncate BEFORE TRUNCATE ON institution_record
    FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();
