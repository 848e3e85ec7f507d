-- What only PostgreSQL understands of 0009: what was kept can only be added to.

CREATE TRIGGER report_delivery_change BEFORE UPDATE OR DELETE ON report_delivery
    FOR EACH ROW EXECUTE FUNCTION shirube_refuse();
CREATE TRIGGER report_delivery_truncate BEFORE TRUNCATE ON report_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION shirube_refuse();
