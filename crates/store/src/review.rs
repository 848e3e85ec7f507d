//! Reviews of the accounts of an organisation.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, stored, time};
use crate::reading::organisation_name;
use crate::row::{count, maybe, text};
use crate::{Change, Missing, Store, StoreError};

/// One review, under way or finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountReview {
    /// The entry of the trail that began it.
    pub entry: u64,
    pub begun_by: String,
    pub begun_at: String,
    pub finished_by: Option<String>,
    pub finished_at: Option<String>,
    /// The day by which the next one is due.
    pub next_on: Option<String>,
    /// What was found and decided, in the words of whoever writes it.
    pub report: Option<String>,
}

/// What was decided on one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDecision {
    pub person: String,
    /// `keep`, `change` or `stop`.
    pub decision: String,
    pub reason: String,
    pub decided_by: String,
    pub decided_at: String,
}

impl Store {
    /// The reviews of an organisation, newest first.
    pub async fn account_reviews(&self, organisation: &str) -> Result<Vec<AccountReview>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows = query("SELECT * FROM account_review WHERE organisation = $1 ORDER BY entry DESC");
        let rows = rows.bind(organisation).fetch_all(&mut *tx).await?;
        rows.iter().map(review).collect()
    }

    /// What was decided in a review, sorted by person.
    pub async fn account_decisions(&self, organisation: &str, review: u64) -> Result<Vec<AccountDecision>, StoreError> {
        let rows = query("SELECT * FROM account_review_line WHERE organisation = $1 AND review = $2");
        let rows = rows.bind(organisation).bind(stored(review)?).fetch_all(self.reader()).await?;
        let mut decisions = rows.iter().map(decision).collect::<Result<Vec<_>, _>>()?;
        decisions.sort_by(|a, b| a.person.cmp(&b.person));
        Ok(decisions)
    }
}

impl Change {
    /// Begins a review, unless one is under way.
    pub async fn begin_account_review(&mut self, by: &str, at: &str) -> Result<u64, StoreError> {
        self.must_exist()?;
        let open = query("SELECT entry FROM account_review WHERE organisation = $1 AND finished_at IS NULL");
        let open = open.bind(self.organisation().to_owned()).fetch_optional(self.connection()).await?;
        if open.is_some() {
            return Err(StoreError::State { found: "点検中".to_owned() });
        }
        let entry = self.number()?;
        let insert =
            query("INSERT INTO account_review (organisation, entry, begun_by, begun_at) VALUES ($1, $2, $3, $4)");
        let insert = insert.bind(self.organisation()).bind(stored(entry)?).bind(printable(by)).bind(time(at)?);
        self.execute(insert).await?;
        self.name(format!("organisation/{}/review/{entry}", self.organisation()));
        Ok(entry)
    }

    /// Notes what was decided on an account; a later decision takes the place of an earlier one.
    pub async fn decide_account(&mut self, review: u64, new: &AccountDecision) -> Result<(), StoreError> {
        self.must_know(&new.person).await?;
        let open =
            query("SELECT entry FROM account_review WHERE organisation = $1 AND entry = $2 AND finished_at IS NULL");
        let open = open.bind(self.organisation().to_owned()).bind(stored(review)?);
        let open = open.fetch_optional(self.connection()).await?;
        open.ok_or(StoreError::Missing(Missing::Document))?;
        let insert = query(
            "INSERT INTO account_review_line (organisation, review, person, decision, reason, decided_by, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, review, person) DO UPDATE SET \
             decision = excluded.decision, reason = excluded.reason, decided_by = excluded.decided_by, \
             decided_at = excluded.decided_at",
        );
        let insert = insert.bind(self.organisation()).bind(stored(review)?).bind(&new.person);
        let insert = insert.bind(&new.decision).bind(printable(&new.reason)).bind(printable(&new.decided_by));
        self.execute(insert.bind(time(&new.decided_at)?)).await?;
        self.name(format!("organisation/{}/review/{review}", self.organisation()));
        Ok(())
    }

    /// Finishes a review with its report. The entry carries the report's digest.
    pub async fn finish_account_review(
        &mut self,
        review: u64,
        by: &str,
        at: &str,
        next_on: &str,
        report: &str,
    ) -> Result<(), StoreError> {
        self.must_be_unsealed()?;
        let report = printable(report);
        let update = query(
            "UPDATE account_review SET finished_by = $3, finished_at = $4, next_on = $5, report = $6 \
             WHERE organisation = $1 AND entry = $2 AND finished_at IS NULL",
        );
        let update = update.bind(self.organisation()).bind(stored(review)?).bind(printable(by)).bind(time(at)?);
        let object = format!("organisation/{}/review/{review}", self.organisation());
        let update = update.bind(printable(next_on)).bind(&report);
        self.touched(update, Missing::Document, object.clone()).await?;
        self.seal(object, None, shirube_trail::Digest::of(report.as_bytes()))
    }
}

fn review(row: &AnyRow) -> Result<AccountReview, StoreError> {
    Ok(AccountReview {
        entry: count(row, "entry")?,
        begun_by: text(row, "begun_by")?,
        begun_at: text(row, "begun_at")?,
        finished_by: maybe(row, "finished_by")?,
        finished_at: maybe(row, "finished_at")?,
        next_on: maybe(row, "next_on")?,
        report: maybe(row, "report")?,
    })
}

fn decision(row: &AnyRow) -> Result<AccountDecision, StoreError> {
    Ok(AccountDecision {
        person: text(row, "person")?,
        decision: text(row, "decision")?,
        reason: text(row, "reason")?,
        decided_by: text(row, "decided_by")?,
        decided_at: text(row, "decided_at")?,
    })
}
