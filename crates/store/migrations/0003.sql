-- What is known of evidence beside its bytes, and the removal of what has been kept long enough.

ALTER TABLE attachment ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';

-- Each step on the way to removing the bytes of an attachment, with the entry that records it: proposed, withdrawn,
-- removed. The attachment itself, its digest and its entries stay.
CREATE TABLE attachment_step (
    organisation TEXT NOT NULL,
    entry BIGINT NOT NULL,
    attachment TEXT NOT NULL,
    step TEXT NOT NULL,
    PRIMARY KEY (organisation, entry),
    FOREIGN KEY (organisation, attachment) REFERENCES attachment (organisation, id),
    FOREIGN KEY (organisation, entry) REFERENCES trail (organisation, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX attachment_step_attachment ON attachment_step (organisation, attachment);
