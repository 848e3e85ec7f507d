//! Pages of a register: the entries that are wanted, found by their words.

use sqlx::{AnyConnection, query, query_as, query_scalar};

use super::{RegisterItem, item};
use crate::change::{printable, stored};
use crate::reading::{number, service};
use crate::{Store, StoreError};

/// How many entries one page looks through at most, when what is wanted is rare.
const WALKED: usize = 5_000;

/// How many it looks through at most where their texts have to be read, which takes several times as long.
const READ: usize = 2_000;

/// Up to which number it matters how often a word occurs: a page looks through all entries that have a rarer one.
const COUNTED: i64 = 5_000;

/// Which entries are wanted, the newest first.
#[derive(Default)]
pub struct WantedItems<'a> {
    /// Words that an entry has, each with its field.
    pub words: &'a [(&'a str, &'a str)],
    /// What the text of an entry must fulfil beside.
    pub text: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// Only entries that came before this place.
    pub before: Option<u64>,
    pub limit: usize,
}

/// Entries of a register, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterPage {
    pub items: Vec<RegisterItem>,
    /// Before which place to go on; none if there is nothing further.
    pub next: Option<u64>,
    /// The page is not full, but so many entries were looked through that the rest is left for the next page.
    pub is_partial: bool,
    /// How many entries were looked through, if the page is not full.
    pub looked_through: usize,
}

impl Store {
    /// Entries of a register that have all of the words and whose text is wanted, the newest first.
    pub async fn register_page(
        &self,
        organisation: &str,
        service: &str,
        register: &str,
        wanted: &WantedItems<'_>,
    ) -> Result<RegisterPage, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let words = wanted.words.iter().map(|(field, word)| (printable(field), printable(word))).collect();
        let mut of = Register { tx: &mut tx, organisation, service, register: printable(register), words };
        of.lead_with_the_rarest().await?;
        let walked = match (wanted.text, of.words.len()) {
            (Some(_), _) => READ,
            (None, 0 | 1) => wanted.limit + 1,
            (None, _) => WALKED,
        };
        let before = wanted.before.map_or(Ok(i64::MAX), stored)?;
        let places = of.places(before, walked).await?;
        let fitting: Vec<i64> = places.iter().filter(|(_, fits)| *fits == 1).map(|(place, _)| *place).collect();
        let mut page = RegisterPage::default();
        for places in fitting.chunks(wanted.limit + 1) {
            for item in of.items(places).await? {
                if wanted.text.is_some_and(|is_wanted| !is_wanted(&item.body)) {
                    continue;
                }
                if page.items.len() == wanted.limit {
                    page.next = page.items.last().map(|last| last.place);
                    return Ok(page);
                }
                page.items.push(item);
            }
        }
        page.looked_through = places.len();
        if places.len() == walked {
            page.next = places.last().map(|(place, _)| number(*place)).transpose()?;
            page.is_partial = true;
        }
        Ok(page)
    }
}

/// A register that is being read, with the words that are wanted.
struct Register<'a> {
    tx: &'a mut AnyConnection,
    organisation: &'a str,
    service: &'a str,
    register: String,
    words: Vec<(String, String)>,
}

impl Register<'_> {
    /// Puts the word first that the fewest entries have.
    async fn lead_with_the_rarest(&mut self) -> Result<(), StoreError> {
        let mut rarest = (i64::MAX, 0);
        for (index, (field, word)) in self.words.iter().enumerate() {
            let found = query_scalar::<_, i64>(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM register_word WHERE organisation = $1 AND service = $2 \
                 AND register = $3 AND field = $4 AND word = $5 LIMIT $6) AS counted",
            );
            let found = found.bind(self.organisation).bind(self.service).bind(&self.register);
            let found = found.bind(field).bind(word).bind(COUNTED).fetch_one(&mut *self.tx).await?;
            rarest = rarest.min((found, index));
        }
        if rarest.1 < self.words.len() {
            self.words.swap(0, rarest.1);
        }
        Ok(())
    }

    /// At most `walked` places that have the first word, the newest first, each with 1 if it has the others too.
    async fn places(&mut self, before: i64, walked: usize) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = places_sql(self.words.len());
        let places = query_as::<_, (i64, i64)>(sqlx::AssertSqlSafe(sql));
        let mut places = places.bind(self.organisation).bind(self.service).bind(&self.register).bind(before);
        places = places.bind(i64::try_from(walked).unwrap_or(i64::MAX));
        for (field, word) in &self.words {
            places = places.bind(field).bind(word);
        }
        Ok(places.fetch_all(&mut *self.tx).await?)
    }

    /// The entries at these places, the newest first.
    async fn items(&mut self, places: &[i64]) -> Result<Vec<RegisterItem>, StoreError> {
        let marks: Vec<String> = (4..4 + places.len()).map(|mark| format!("${mark}")).collect();
        let sql = format!(
            "SELECT i.item, i.place, i.number, i.state, i.digest, c.body FROM register_item i \
             LEFT JOIN content c ON c.organisation = i.organisation AND c.digest = i.digest \
             WHERE i.organisation = $1 AND i.service = $2 AND i.register = $3 AND i.place IN ({}) \
             ORDER BY i.place DESC",
            marks.join(", ")
        );
        let mut rows = query(sqlx::AssertSqlSafe(sql)).bind(self.organisation).bind(self.service).bind(&self.register);
        for place in places {
            rows = rows.bind(*place);
        }
        rows.fetch_all(&mut *self.tx).await?.iter().map(item).collect()
    }
}

/// Asks for places with this many words. Parameters: organisation, service, register, the place before which to begin,
/// how many to look at, then field and word of each.
fn places_sql(words: usize) -> String {
    let of = "w.organisation = $1 AND w.service = $2 AND w.register = $3 AND w.place < $4";
    let newest = "ORDER BY w.place DESC LIMIT $5";
    if words == 0 {
        return format!("SELECT w.place, CAST(1 AS BIGINT) FROM register_item w WHERE {of} {newest}");
    }
    let has = |word: usize| {
        format!(
            "EXISTS (SELECT 1 FROM register_word o WHERE o.organisation = $1 AND o.service = $2 AND o.register = $3 \
             AND o.field = ${} AND o.word = ${} AND o.place = w.place)",
            6 + 2 * word,
            7 + 2 * word
        )
    };
    let all: Vec<String> = (1..words).map(has).collect();
    let fits =
        if all.is_empty() { "1".to_owned() } else { format!("CASE WHEN {} THEN 1 ELSE 0 END", all.join(" AND ")) };
    format!(
        "SELECT w.place, CAST({fits} AS BIGINT) FROM register_word w \
         WHERE {of} AND w.field = $6 AND w.word = $7 {newest}"
    )
}
