-- Registers of operation: what was written of each entry, one record after the other, and none is changed.

-- `item` is the name of the entry; empty, where something was done for the whole register. `step` is empty where values
-- were written, or names what was done. `day` is the day it was done, as people state it. What `register`, `step`,
-- `state` and the text say is for whoever writes them. The entry of the trail carries the digest of all that was
-- written with it.
CREATE TABLE register_record (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    register TEXT NOT NULL,
    item TEXT NOT NULL,
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    digest TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (organisation, service, register, item, number),
    FOREIGN KEY (organisation, service) REFERENCES service (organisation, id),
    FOREIGN KEY (organisation, digest) REFERENCES content (organisation, digest),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX register_record_entry ON register_record (organisation, entry);
CREATE INDEX register_record_step ON register_record (organisation, service, register, step, day);

-- What follows from the records, for lists: the last record of each entry. `place` counts the entries of a register in
-- the order in which they came.
CREATE TABLE register_item (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    register TEXT NOT NULL,
    item TEXT NOT NULL,
    place BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation, service, register, item)
);
CREATE UNIQUE INDEX register_item_place ON register_item (organisation, service, register, place);

-- The words by which the entries of a register are found.
CREATE TABLE register_word (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    register TEXT NOT NULL,
    field TEXT NOT NULL,
    word TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (organisation, service, register, field, word, place)
);
CREATE INDEX register_word_place ON register_word (organisation, service, register, place);

-- The next day of each duty of an entry, or of a whole register.
CREATE TABLE register_due (
    organisation TEXT NOT NULL,
    service TEXT NOT NULL,
    register TEXT NOT NULL,
    item TEXT NOT NULL,
    duty TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (organisation, service, register, item, duty)
);
CREATE INDEX register_due_day ON register_due (organisation, day);
