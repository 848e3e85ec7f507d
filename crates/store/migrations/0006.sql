-- What people keep for their own work: lists as they look at them, and work that goes on while they do something else.

-- The conditions of a list under a name.
CREATE TABLE saved_view (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    conditions TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX saved_view_person ON saved_view (organisation, person, page);

-- `state` is running, stopping, stopped, done or failed. `result` can be made again and is forgotten after a while.
CREATE TABLE job (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    service TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    steps BIGINT NOT NULL,
    says TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    result BYTEA,
    PRIMARY KEY (organisation, id),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id)
);
