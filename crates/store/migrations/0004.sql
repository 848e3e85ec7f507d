-- What signing in needs beside 0002: challenges that were used, exceptions with an end, accounts at a provider of
-- identities, and the reviews of accounts.

-- Digests of what may be used once and carries its own end, so that nothing has to be kept before it is used.
CREATE TABLE spent (
    digest TEXT NOT NULL PRIMARY KEY,
    expires_at TEXT NOT NULL
);
CREATE INDEX spent_expires ON spent (expires_at);

-- An exception for one person until a time, with the entry that granted it. `digest` is that of what was handed over,
-- or empty.
CREATE TABLE permit (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    entry BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (organisation, entry, person, kind)
);
CREATE INDEX permit_person ON permit (person, kind, until_at);

-- Who a person is at a provider of identities.
CREATE TABLE outside_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    linked_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX outside_identity_person ON outside_identity (person, issuer);

-- The word by which the page for signing in finds an organisation.
CREATE TABLE sign_in_word (
    word TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL UNIQUE REFERENCES organisation (id)
);

-- `entry` is the entry that began the review.
CREATE TABLE account_review (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    entry BIGINT NOT NULL,
    begun_by TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    finished_by TEXT,
    finished_at TEXT,
    next_on TEXT,
    report TEXT,
    PRIMARY KEY (organisation, entry)
);

CREATE TABLE account_review_line (
    organisation TEXT NOT NULL,
    review BIGINT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (organisation, review, person),
    FOREIGN KEY (organisation, review) REFERENCES account_review (organisation, entry)
);

-- Invitations to whoever shows them and has an account already, by the digest of what was handed over.
CREATE TABLE guest_invitation (
    digest TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    roles TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);

-- The last entries of one kind are asked for on every home page.
CREATE INDEX trail_action ON trail (organisation, action, number);
