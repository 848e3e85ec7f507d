-- People, how they prove who they are, what they may do where, and what is issued.
-- BYTEA is PostgreSQL's word for bytes; SQLite keeps bytes under any.

ALTER TABLE organisation ADD COLUMN kind TEXT NOT NULL DEFAULT 'provider';
ALTER TABLE organisation ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE service ADD COLUMN state TEXT NOT NULL DEFAULT 'active';

-- What stands in the sealed text, once more to find entries by. A check compares the two.
ALTER TABLE trail ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE trail ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE trail ADD COLUMN action TEXT NOT NULL DEFAULT '';
ALTER TABLE trail ADD COLUMN object TEXT NOT NULL DEFAULT '';
CREATE INDEX trail_actor ON trail (organisation, actor, number);

-- Ids and names to sign in with are never given twice: rows stay, and triggers hold both fast.
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    sign_in TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX person_organisation ON person (organisation);

-- `entry` is the entry of the organisation's trail that granted it.
CREATE TABLE membership (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    entry BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (organisation, entry, person, role)
);
CREATE UNIQUE INDEX membership_present ON membership (person, organisation, role) WHERE ended_at IS NULL;

-- The highest number is the password in force, the others are its history.
CREATE TABLE password (
    person TEXT NOT NULL REFERENCES person (id),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    set_at TEXT NOT NULL,
    must_change BIGINT NOT NULL,
    PRIMARY KEY (person, number)
);

-- `pending` is a secret that has not been confirmed: the one before it stays in force until then.
CREATE TABLE totp (
    person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    pending TEXT,
    secret TEXT,
    confirmed_at TEXT,
    last_step BIGINT NOT NULL
);

CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    label TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT
);
CREATE INDEX passkey_person ON passkey (person);

CREATE TABLE recovery_code (
    person TEXT NOT NULL REFERENCES person (id),
    digest TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (person, digest)
);

CREATE TABLE throttle (
    person TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_failure TEXT,
    locked_until TEXT,
    last_success TEXT,
    PRIMARY KEY (person, kind)
);

-- By the digest of the secret that the browser holds. `organisation` is the one acted for.
CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    organisation TEXT NOT NULL REFERENCES organisation (id),
    stage TEXT NOT NULL,
    factors TEXT NOT NULL,
    csrf TEXT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    ended_at TEXT,
    end_reason TEXT
);
CREATE INDEX session_person ON session (person, organisation, seen_at);

-- Invitations, resets and first sign-ins, by the digest of what was handed over.
CREATE TABLE one_time (
    digest TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    person TEXT NOT NULL REFERENCES person (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX one_time_person ON one_time (person);

CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    person TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    last_used_at TEXT
);
CREATE INDEX api_token_organisation ON api_token (organisation);

-- Each state a revision came to, with the entry that records it. Without a row it is a draft.
CREATE TABLE revision_state (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    revision BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (organisation, service, revision, entry),
    FOREIGN KEY (organisation, service, revision) REFERENCES revision (organisation, service, number),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX revision_state_entry ON revision_state (organisation, entry);

-- Bytes by their digest, for each organisation its own, as with `content`.
CREATE TABLE blob (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    digest TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (organisation, digest)
);

-- Frozen copies of documents. A document that is issued again has another entry.
CREATE TABLE issued (
    organisation TEXT NOT NULL,
    entry BIGINT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    service TEXT NOT NULL,
    revision BIGINT NOT NULL,
    title TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation, entry, name, format),
    FOREIGN KEY (organisation, service, revision) REFERENCES revision (organisation, service, number),
    FOREIGN KEY (organisation, digest) REFERENCES blob (organisation, digest),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX issued_revision ON issued (organisation, service, revision);

-- Files handed in as evidence. A newer one names the one it takes the place of; none is deleted.
CREATE TABLE attachment (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    service TEXT NOT NULL,
    about TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    supersedes TEXT,
    entry BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, entry),
    UNIQUE (organisation, supersedes),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id),
    FOREIGN KEY (organisation, supersedes) REFERENCES attachment (organisation, id),
    FOREIGN KEY (organisation, digest) REFERENCES blob (organisation, digest),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX attachment_service ON attachment (organisation, service);

-- Figures for lists, computed from the files of a revision and computed again where they are missing.
CREATE TABLE summary (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (organisation, service, revision),
    FOREIGN KEY (organisation, service, revision) REFERENCES revision (organisation, service, number)
);
