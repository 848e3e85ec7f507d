-- Institutions that use the services of an organisation, and what was written about each: what they are, what is
-- different for them, what was explained and agreed.

CREATE TABLE institution (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- One thing after the other, and none is changed. `service` is empty where something holds whatever the service. What
-- `kind` and the text say is for whoever writes them. The entry of the trail carries the digest of all that was written
-- with it.
CREATE TABLE institution_record (
    organisation TEXT NOT NULL,
    institution TEXT NOT NULL,
    number BIGINT NOT NULL,
    service TEXT,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (organisation, institution, number),
    FOREIGN KEY (organisation, institution) REFERENCES institution (organisation, id),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id),
    FOREIGN KEY (organisation, digest) REFERENCES content (organisation, digest),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX institution_record_entry ON institution_record (organisation, entry);
CREATE INDEX institution_record_service ON institution_record (organisation, service, institution, number);

-- Who sees the one institution that they stand for, and nothing else of the organisation.
ALTER TABLE membership ADD COLUMN institution TEXT;

-- Documents that were made for one institution, and the record whose differences were laid over the service.
ALTER TABLE issued ADD COLUMN institution TEXT;
ALTER TABLE issued ADD COLUMN terms BIGINT;
CREATE INDEX issued_institution ON issued (organisation, institution, entry);
