-- Organisations, their services, the revisions of these, and one trail for each organisation.
-- Text and BIGINT only, and no syntax of one engine: the same text runs on SQLite and PostgreSQL.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

-- `entry` is the sealed text, `digest` its seal (crate shirube-trail).
CREATE TABLE trail (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    number BIGINT NOT NULL,
    entry TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation, number)
);

CREATE TABLE service (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- Files by the digest of their text. Each organisation has its own, so that nobody can learn from time or size
-- whether another one holds the same file.
CREATE TABLE content (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, digest)
);

-- Author, time and reason stand in the entry of the trail that records the revision. The reference is checked when the
-- transaction ends: no revision without its entry.
CREATE TABLE revision (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    restored_from BIGINT,
    entry BIGINT NOT NULL,
    PRIMARY KEY (organisation, service, number),
    UNIQUE (organisation, entry),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id),
    FOREIGN KEY (organisation, service, restored_from) REFERENCES revision (organisation, service, number),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE revision_file (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    revision BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation, service, revision, name),
    FOREIGN KEY (organisation, service, revision) REFERENCES revision (organisation, service, number),
    FOREIGN KEY (organisation, digest) REFERENCES content (organisation, digest)
);
