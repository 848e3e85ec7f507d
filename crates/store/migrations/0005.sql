-- Notices to other programs. `events` has a blank on each side of every name; `secret` is sealed.
CREATE TABLE webhook (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    address TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT,
    PRIMARY KEY (organisation, id)
);

-- Written with the entry it tells of, in one transaction.
CREATE TABLE delivery (
    organisation TEXT NOT NULL,
    webhook TEXT NOT NULL,
    entry BIGINT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_at TEXT NOT NULL,
    last_at TEXT,
    last_result TEXT NOT NULL,
    PRIMARY KEY (organisation, webhook, entry),
    FOREIGN KEY (organisation, webhook) REFERENCES webhook (organisation, id),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number)
);
CREATE INDEX delivery_due ON delivery (state, next_at);
