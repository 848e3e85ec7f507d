-- What a person prefers: one text, which means something to the application only.

CREATE TABLE preference (
    person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    body TEXT NOT NULL
);
