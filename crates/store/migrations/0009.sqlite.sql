-- What only SQLite understands of 0009: what was kept can only be added to.

CREATE TRIGGER report_delivery_update BEFORE UPDATE ON report_delivery BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of report_delivery are kept as they are');
END;
CREATE TRIGGER report_delivery_delete BEFORE DELETE ON report_delivery BEGIN
    SELECT RAISE(ABORT, 'shirube: rows of report_delivery are kept as they are');
END;
