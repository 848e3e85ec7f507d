//! Which tables a backup has, in an order in which each refers only to those before it.

use data_encoding::BASE64;
use serde_json::{Map, Value};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::StoreError;
use crate::open::Engine;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// Written in Base64.
    Bytes,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The form of the database that has it first.
    since: i64,
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    since: i64,
    columns: &'static [Column],
    /// Columns by which rows are sorted; no two rows are the same in them.
    key: &'static [&'static str],
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, since: 1 }
}

const fn number(name: &'static str) -> Column {
    Column { name, kind: Kind::Number, since: 1 }
}

const fn bytes(name: &'static str) -> Column {
    Column { name, kind: Kind::Bytes, since: 1 }
}

/// A text that came with form 2 to a table that was there before.
const fn text_2(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, since: 2 }
}

/// A text that came with form 3 to a table that was there before.
const fn text_3(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, since: 3 }
}

/// A text that came with form 8 to a table that was there before.
const fn text_8(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, since: 8 }
}

const TABLES: [Table; 38] = [
    Table {
        name: "organisation",
        since: 1,
        columns: &[text("id"), text("name"), text_2("kind"), text_2("settings")],
        key: &["id"],
    },
    Table {
        name: "trail",
        since: 1,
        columns: &[
            text("organisation"),
            number("number"),
            text("entry"),
            text("digest"),
            text_2("at"),
            text_2("actor"),
            text_2("action"),
            text_2("object"),
        ],
        key: &["organisation", "number"],
    },
    Table {
        name: "service",
        since: 1,
        columns: &[text("organisation"), text("id"), text("name"), text_2("state")],
        key: &["organisation", "id"],
    },
    Table {
        name: "content",
        since: 1,
        columns: &[text("organisation"), text("digest"), text("body")],
        key: &["organisation", "digest"],
    },
    Table {
        name: "revision",
        since: 1,
        columns: &[
            text("organisation"),
            text("service"),
            number("number"),
            text("digest"),
            number("restored_from"),
            number("entry"),
        ],
        key: &["organisation", "service", "number"],
    },
    Table {
        name: "revision_file",
        since: 1,
        columns: &[text("organisation"), text("service"), number("revision"), text("name"), text("digest")],
        key: &["organisation", "service", "revision", "name"],
    },
    Table {
        name: "revision_state",
        since: 2,
        columns: &[text("organisation"), text("service"), number("revision"), number("entry"), text("state")],
        key: &["organisation", "service", "revision", "entry"],
    },
    Table {
        name: "blob",
        since: 2,
        columns: &[text("organisation"), text("digest"), bytes("body")],
        key: &["organisation", "digest"],
    },
    Table {
        name: "issued",
        since: 2,
        columns: &[
            text("organisation"),
            number("entry"),
            text("name"),
            text("format"),
            text("service"),
            number("revision"),
            text("title"),
            number("size"),
            text("digest"),
            text_8("institution"),
            Column { name: "terms", kind: Kind::Number, since: 8 },
        ],
        key: &["organisation", "entry", "name", "format"],
    },
    Table {
        name: "attachment",
        since: 2,
        columns: &[
            text("organisation"),
            text("id"),
            text("service"),
            text("about"),
            text("file_name"),
            text("media_type"),
            number("size"),
            text("digest"),
            text("supersedes"),
            number("entry"),
            text_3("facts"),
        ],
        // An attachment comes after the one whose place it took.
        key: &["organisation", "entry"],
    },
    Table {
        name: "attachment_step",
        since: 3,
        columns: &[text("organisation"), number("entry"), text("attachment"), text("step")],
        key: &["organisation", "entry"],
    },
    Table {
        name: "person",
        since: 2,
        columns: &[
            text("id"),
            text("organisation"),
            text("sign_in"),
            text("name"),
            text("mail"),
            text("state"),
            text("created_at"),
        ],
        key: &["id"],
    },
    Table {
        name: "membership",
        since: 2,
        columns: &[
            text("organisation"),
            number("entry"),
            text("person"),
            text("role"),
            text("granted_by"),
            text("granted_at"),
            text("ended_at"),
            text_8("institution"),
        ],
        key: &["organisation", "entry", "person", "role"],
    },
    Table {
        name: "password",
        since: 2,
        columns: &[text("person"), number("number"), text("hash"), text("set_at"), number("must_change")],
        key: &["person", "number"],
    },
    Table {
        name: "totp",
        since: 2,
        columns: &[text("person"), text("pending"), text("secret"), text("confirmed_at"), number("last_step")],
        key: &["person"],
    },
    Table {
        name: "passkey",
        since: 2,
        columns: &[text("id"), text("person"), text("label"), text("body"), text("created_at"), text("last_used_at")],
        key: &["id"],
    },
    Table {
        name: "recovery_code",
        since: 2,
        columns: &[text("person"), text("digest"), text("used_at")],
        key: &["person", "digest"],
    },
    Table {
        name: "throttle",
        since: 2,
        columns: &[
            text("person"),
            text("kind"),
            number("failures"),
            text("last_failure"),
            text("locked_until"),
            text("last_success"),
        ],
        key: &["person", "kind"],
    },
    Table {
        name: "one_time",
        since: 2,
        columns: &[
            text("digest"),
            text("kind"),
            text("organisation"),
            text("person"),
            text("created_at"),
            text("expires_at"),
            text("used_at"),
        ],
        key: &["digest"],
    },
    Table {
        name: "api_token",
        since: 2,
        columns: &[
            text("id"),
            text("digest"),
            text("organisation"),
            text("person"),
            text("name"),
            text("scope"),
            text("created_at"),
            text("expires_at"),
            text("revoked_at"),
            text("last_used_at"),
        ],
        key: &["id"],
    },
    Table {
        name: "permit",
        since: 4,
        columns: &[
            text("organisation"),
            number("entry"),
            text("person"),
            text("kind"),
            text("digest"),
            text("granted_by"),
            text("granted_at"),
            text("until_at"),
            text("ended_at"),
        ],
        key: &["organisation", "entry", "person", "kind"],
    },
    Table {
        name: "outside_identity",
        since: 4,
        columns: &[text("issuer"), text("subject"), text("person"), text("linked_at")],
        key: &["issuer", "subject"],
    },
    Table { name: "sign_in_word", since: 4, columns: &[text("word"), text("organisation")], key: &["word"] },
    Table {
        name: "account_review",
        since: 4,
        columns: &[
            text("organisation"),
            number("entry"),
            text("begun_by"),
            text("begun_at"),
            text("finished_by"),
            text("finished_at"),
            text("next_on"),
            text("report"),
        ],
        key: &["organisation", "entry"],
    },
    Table {
        name: "account_review_line",
        since: 4,
        columns: &[
            text("organisation"),
            number("review"),
            text("person"),
            text("decision"),
            text("reason"),
            text("decided_by"),
            text("decided_at"),
        ],
        key: &["organisation", "review", "person"],
    },
    Table {
        name: "guest_invitation",
        since: 4,
        columns: &[
            text("digest"),
            text("organisation"),
            text("roles"),
            text("created_by"),
            text("created_at"),
            text("expires_at"),
            text("used_at"),
        ],
        key: &["digest"],
    },
    Table {
        name: "webhook",
        since: 5,
        columns: &[
            text("organisation"),
            text("id"),
            text("address"),
            text("events"),
            text("secret"),
            text("created_by"),
            text("created_at"),
            text("removed_at"),
        ],
        key: &["organisation", "id"],
    },
    Table {
        name: "delivery",
        since: 5,
        columns: &[
            text("organisation"),
            text("webhook"),
            number("entry"),
            text("state"),
            number("tries"),
            text("next_at"),
            text("last_at"),
            text("last_result"),
        ],
        key: &["organisation", "webhook", "entry"],
    },
    Table {
        name: "saved_view",
        since: 6,
        columns: &[text("organisation"), text("id"), text("person"), text("page"), text("name"), text("conditions")],
        key: &["organisation", "id"],
    },
    Table { name: "institution", since: 8, columns: &[text("organisation"), text("id")], key: &["organisation", "id"] },
    Table {
        name: "institution_record",
        since: 8,
        columns: &[
            text("organisation"),
            text("institution"),
            number("number"),
            text("service"),
            text("kind"),
            text("digest"),
            number("entry"),
        ],
        key: &["organisation", "institution", "number"],
    },
    Table {
        name: "report_code",
        since: 9,
        columns: &[
            text("organisation"),
            text("service"),
            text("request"),
            text("supplier"),
            text("digest"),
            text("state"),
            text("reason"),
            text("made_by"),
            text("made_at"),
            text("expires_at"),
        ],
        key: &["organisation", "service", "request"],
    },
    Table {
        name: "report_delivery",
        since: 9,
        columns: &[
            text("organisation"),
            text("service"),
            text("request"),
            number("number"),
            text("sender"),
            text("person"),
            text("digest"),
            number("entry"),
        ],
        key: &["organisation", "service", "request", "number"],
    },
    Table {
        name: "register_record",
        since: 10,
        columns: &[
            text("organisation"),
            text("service"),
            text("register"),
            text("item"),
            number("number"),
            text("step"),
            text("state"),
            text("day"),
            text("digest"),
            number("entry"),
        ],
        key: &["organisation", "service", "register", "item", "number"],
    },
    Table {
        name: "register_item",
        since: 10,
        columns: &[
            text("organisation"),
            text("service"),
            text("register"),
            text("item"),
            number("place"),
            number("number"),
            text("state"),
            text("digest"),
        ],
        key: &["organisation", "service", "register", "item"],
    },
    Table {
        name: "register_word",
        since: 10,
        columns: &[
            text("organisation"),
            text("service"),
            text("register"),
            text("field"),
            text("word"),
            number("place"),
        ],
        key: &["organisation", "service", "register", "field", "word", "place"],
    },
    Table {
        name: "register_due",
        since: 10,
        columns: &[text("organisation"), text("service"), text("register"), text("item"), text("duty"), text("day")],
        key: &["organisation", "service", "register", "item", "duty"],
    },
    Table { name: "preference", since: 7, columns: &[text("person"), text("body")], key: &["person"] },
];

/// The tables that a database of this form has.
pub(super) fn tables(form: i64) -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(move |table| table.since <= form)
}

impl Table {
    /// The columns that this table has in a database of this form.
    pub(super) fn columns(&self, form: i64) -> Vec<&'static Column> {
        self.columns.iter().filter(|column| column.since <= form).collect()
    }

    /// Rows of it may be too large to hold several in memory.
    pub(super) fn is_large(&self) -> bool {
        self.columns.iter().any(|column| column.kind == Kind::Bytes)
    }

    /// Asks for all rows in the order of a backup. Of a large table it asks for the keys only.
    pub(super) fn select(&self, engine: Engine, form: i64) -> String {
        let columns: Vec<&str> = match self.is_large() {
            true => self.key.to_vec(),
            false => self.columns(form).iter().map(|column| column.name).collect(),
        };
        let is_text = |key: &str| self.columns.iter().any(|column| column.name == key && column.kind == Kind::Text);
        let order = |key: &&str| if is_text(key) { format!("{key}{}", engine.by_bytes()) } else { (*key).to_owned() };
        let order: Vec<String> = self.key.iter().map(order).collect();
        format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), self.name, order.join(", "))
    }

    /// Asks for the one row with this key.
    pub(super) fn select_one(&self, form: i64) -> String {
        let columns: Vec<&str> = self.columns(form).iter().map(|column| column.name).collect();
        let key: Vec<String> = self.key.iter().zip(1..).map(|(key, place)| format!("{key} = ${place}")).collect();
        format!("SELECT {} FROM {} WHERE {}", columns.join(", "), self.name, key.join(" AND "))
    }

    /// Takes this many rows in.
    pub(super) fn insert(&self, form: i64, rows: usize) -> String {
        let columns: Vec<&str> = self.columns(form).iter().map(|column| column.name).collect();
        let row = |row: usize| {
            let places = (1..=columns.len()).map(|place| format!("${}", row * columns.len() + place));
            format!("({})", places.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.name, columns.join(", "), rows.join(", "))
    }

    /// A row as a line of a backup, without its end.
    pub(super) fn line(&self, form: i64, row: &AnyRow) -> Result<String, StoreError> {
        let mut object = Map::new();
        for column in self.columns(form) {
            let value = match column.kind {
                Kind::Text => row.try_get::<Option<String>, _>(column.name)?.map(Value::String),
                Kind::Number => row.try_get::<Option<i64>, _>(column.name)?.map(Value::from),
                Kind::Bytes => {
                    let bytes = row.try_get::<Option<Vec<u8>>, _>(column.name)?;
                    bytes.map(|bytes| Value::String(BASE64.encode(&bytes)))
                }
            };
            object.insert(column.name.to_owned(), value.unwrap_or(Value::Null));
        }
        Ok(Value::Object(object).to_string())
    }
}
