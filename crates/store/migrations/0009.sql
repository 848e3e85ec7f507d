-- Reports that suppliers are asked for and hand in from an organisation of their own.

-- What a supplier shows to hand a report in for one request: kept by the digest of the secret. `request` and `supplier`
-- are names of the service's own files. `reason` says why the last report was returned.
CREATE TABLE report_code (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    request TEXT NOT NULL,
    supplier TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (organisation, service, request),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id)
);

-- What was handed in, one after the other for each request, and none is changed. `sender` and `person` are the names of
-- the organisation and of whoever signed in there; the entry of the trail seals them with the report.
CREATE TABLE report_delivery (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    request TEXT NOT NULL,
    number BIGINT NOT NULL,
    sender TEXT NOT NULL,
    person TEXT NOT NULL,
    digest TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (organisation, service, request, number),
    FOREIGN KEY (organisation, service, request) REFERENCES report_code (organisation, service, request),
    FOREIGN KEY (organisation, digest) REFERENCES content (organisation, digest),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX report_delivery_entry ON report_delivery (organisation, entry);
