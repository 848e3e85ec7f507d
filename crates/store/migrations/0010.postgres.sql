-- What only PostgreSQL understands of 0010: what was kept can only be added to.

CREATE TRIGGER register_record_change BEFORE UPDATE OR DELETE ON register_record
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER register_record_truncate BEFORE TRUNCATE ON register_record
    FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();
