//! Reports of suppliers: a code for each request, and what was handed in with it.
//!
//! Whoever shows the secret may hand in, so that neither side gets to know who has an account with the other. What was
//! handed in belongs to the organisation that asked; nothing of it is changed, and a newer one stands behind it.

use std::collections::BTreeMap;

use shirube_trail::Digest;
use sqlx::any::AnyRow;
use sqlx::{query, query_as, query_scalar};

use crate::change::{printable, stored, time};
use crate::files::list_digest;
use crate::reading::{digest, is_id, number, organisation_name, service};
use crate::row::{count, text};
use crate::{Change, Missing, Store, StoreError};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// Nothing was handed in yet.
    Open,
    /// A report waits for a decision.
    Delivered,
    Accepted,
    /// Handed back: the code is good again.
    Returned,
    /// Nothing is wanted any more.
    Withdrawn,
}

impl ReportState {
    const ALL: [Self; 5] = [Self::Open, Self::Delivered, Self::Accepted, Self::Returned, Self::Withdrawn];

    fn token(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Delivered => "delivered",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What it is called on screen.
    pub fn term(self) -> &'static str {
        match self {
            Self::Open => "報告待ち",
            Self::Delivered => "到着",
            Self::Accepted => "受領",
            Self::Returned => "差戻し",
            Self::Withdrawn => "取下げ",
        }
    }

    /// Whether a report was handed back and is to come again.
    pub fn is_returned(self) -> bool {
        matches!(self, Self::Returned)
    }

    /// Whether a report can be handed in.
    pub fn takes(self) -> bool {
        matches!(self, Self::Open | Self::Returned)
    }
}

/// The code of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCode {
    /// The organisation that asks.
    pub organisation: String,
    pub service: String,
    pub request: String,
    /// Whose report is wanted, as the files of the service call it.
    pub supplier: String,
    pub digest: String,
    pub state: ReportState,
    /// What was said when it was settled last: why a report was returned, accepted, or wanted no longer. Whoever sends
    /// a report is shown it only of what was returned.
    pub reason: String,
    pub made_by: String,
    pub made_at: String,
    pub expires_at: String,
}

/// A code to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewReportCode<'a> {
    pub service: &'a str,
    pub request: &'a str,
    pub supplier: &'a str,
    pub digest: &'a str,
    pub by: &'a str,
    pub expires_at: &'a str,
}

/// A report that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDelivery {
    pub service: String,
    pub request: String,
    /// Counts what was handed in for the request, from 1.
    pub number: u64,
    /// Name of the organisation that sent it.
    pub sender: String,
    /// Name of the person who sent it.
    pub person: String,
    pub digest: Digest,
    pub body: String,
    /// The entry of the trail that records it, and its time.
    pub entry: u64,
    pub at: String,
}

/// A report to be handed in.
#[derive(Debug, Clone, Copy)]
pub struct NewReportDelivery<'a> {
    pub sender: &'a str,
    pub person: &'a str,
    pub body: &'a str,
}

impl Store {
    /// The code with this digest, whatever its state: whoever shows the secret does not know the organisation yet.
    pub async fn report_code(&self, digest: &str) -> Result<Option<ReportCode>, StoreError> {
        if !is_id(digest) {
            return Ok(None);
        }
        let row = query("SELECT * FROM report_code WHERE digest = $1").bind(digest);
        row.fetch_optional(self.reader()).await?.as_ref().map(code).transpose()
    }

    /// The codes of a service, sorted by request.
    pub async fn report_codes(&self, organisation: &str, service: &str) -> Result<Vec<ReportCode>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let rows = query("SELECT * FROM report_code WHERE organisation = $1 AND service = $2");
        let rows = rows.bind(organisation).bind(service).fetch_all(&mut *tx).await?;
        let mut codes = rows.iter().map(code).collect::<Result<Vec<_>, _>>()?;
        codes.sort_by(|one, other| one.request.cmp(&other.request));
        Ok(codes)
    }

    /// Services with the number of reports that wait for a decision.
    pub async fn arrived_reports(&self, organisation: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut tx = self.begin_reading().await?;
        organisation_name(&mut tx, organisation).await?;
        let rows: Vec<(String, i64)> = query_as(
            "SELECT service, COUNT(*) FROM report_code WHERE organisation = $1 AND state = 'delivered' GROUP BY service",
        )
        .bind(organisation)
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter().map(|(service, count)| Ok((service, number(count)?))).collect()
    }

    /// What was handed in last for a request.
    pub async fn last_report(
        &self,
        organisation: &str,
        service: &str,
        request: &str,
    ) -> Result<Option<ReportDelivery>, StoreError> {
        let mut tx = self.begin_reading().await?;
        self::service(&mut tx, organisation, service).await?;
        let row = query(
            "SELECT d.service, d.request, d.number, d.sender, d.person, d.digest, d.entry, c.body, t.at \
             FROM report_delivery d \
             JOIN content c ON c.organisation = d.organisation AND c.digest = d.digest \
             JOIN trail t ON t.organisation = d.organisation AND t.number = d.entry \
             WHERE d.organisation = $1 AND d.service = $2 AND d.request = $3 ORDER BY d.number DESC LIMIT 1",
        );
        let row = row.bind(organisation).bind(service).bind(printable(request));
        row.fetch_optional(&mut *tx).await?.as_ref().map(delivery).transpose()
    }
}

impl Change {
    /// Makes the code of a request. One that was made before for the same request is good no longer.
    pub async fn make_report_code(&mut self, new: NewReportCode<'_>, at: &str) -> Result<(), StoreError> {
        self.must_have_service(new.service).await?;
        for id in [new.request, new.digest] {
            if !is_id(id) {
                return Err(StoreError::Id(id.to_owned()));
            }
        }
        let insert = query(
            "INSERT INTO report_code (organisation, service, request, supplier, digest, state, reason, made_by, made_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, 'open', '', $6, $7, $8) \
             ON CONFLICT (organisation, service, request) DO UPDATE SET supplier = excluded.supplier, \
             digest = excluded.digest, made_by = excluded.made_by, made_at = excluded.made_at, \
             expires_at = excluded.expires_at, \
             reason = CASE WHEN report_code.state = 'returned' THEN report_code.reason ELSE '' END, \
             state = CASE WHEN report_code.state = 'returned' THEN 'returned' ELSE 'open' END \
             WHERE report_code.state IN ('open', 'returned', 'withdrawn')",
        );
        let insert = insert.bind(self.organisation()).bind(new.service).bind(new.request);
        let insert = insert.bind(printable(new.supplier)).bind(new.digest).bind(printable(new.by));
        if self.execute(insert.bind(time(at)?).bind(time(new.expires_at)?)).await? == 0 {
            return Err(self.wrong_state(new.service, new.request).await);
        }
        self.name(request_object(new.service, new.request));
        Ok(())
    }

    /// Takes a report in, with a code of this organisation that is good and in time; anything else is
    /// [`StoreError::Used`]. Returns its number among those of the request.
    pub async fn deliver_report(
        &mut self,
        code: &str,
        new: NewReportDelivery<'_>,
        at: &str,
    ) -> Result<u64, StoreError> {
        self.must_exist()?;
        self.must_be_unsealed()?;
        if !is_id(code) {
            return Err(StoreError::Used);
        }
        let found = query("SELECT service, request FROM report_code WHERE digest = $1 AND organisation = $2");
        let found = found.bind(code).bind(self.organisation().to_owned()).fetch_optional(self.connection()).await?;
        let found = found.ok_or(StoreError::Used)?;
        let (service, request) = (text(&found, "service")?, text(&found, "request")?);
        self.must_have_service(&service).await?;
        let update = query(
            "UPDATE report_code SET state = 'delivered' WHERE digest = $1 AND organisation = $2 \
             AND state IN ('open', 'returned') AND expires_at > $3",
        );
        let update = update.bind(code).bind(self.organisation()).bind(time(at)?);
        self.once(update, request_object(&service, &request)).await?;
        self.write_delivery(&service, &request, new).await
    }

    async fn write_delivery(
        &mut self,
        service: &str,
        request: &str,
        new: NewReportDelivery<'_>,
    ) -> Result<u64, StoreError> {
        let last = query_scalar::<_, Option<i64>>(
            "SELECT MAX(number) FROM report_delivery WHERE organisation = $1 AND service = $2 AND request = $3",
        );
        let last = last.bind(self.organisation().to_owned()).bind(service).bind(request);
        let number = number(last.fetch_one(self.connection()).await?.unwrap_or(0))? + 1;
        let (sender, person) = (printable(new.sender), printable(new.person));
        let digest = self.write_content(&printable(new.body)).await?;
        let insert = query(
            "INSERT INTO report_delivery (organisation, service, request, number, sender, person, digest, entry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let insert = insert.bind(self.organisation()).bind(service).bind(request).bind(stored(number)?);
        let insert = insert.bind(&sender).bind(&person).bind(digest.to_string());
        let entry = stored(self.number()?)?;
        self.execute(insert.bind(entry)).await?;
        self.seal(delivery_object(service, request, number), None, delivery_digest(&sender, &person, digest))?;
        Ok(number)
    }

    /// Brings a request to where people want it: a report that arrived is accepted or returned, a request that still
    /// waits is withdrawn.
    pub async fn settle_report(
        &mut self,
        service: &str,
        request: &str,
        to: ReportState,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.must_have_service(service).await?;
        let from = match to {
            ReportState::Accepted | ReportState::Returned => "state = 'delivered'",
            ReportState::Withdrawn => "state IN ('open', 'returned')",
            ReportState::Open | ReportState::Delivered => return Err(StoreError::Nothing),
        };
        let sql = format!(
            "UPDATE report_code SET state = $4, reason = $5 \
             WHERE organisation = $1 AND service = $2 AND request = $3 AND {from}"
        );
        let update = query(sqlx::AssertSqlSafe(sql)).bind(self.organisation().to_owned()).bind(service.to_owned());
        let update = update.bind(printable(request)).bind(to.token()).bind(printable(reason));
        if self.execute(update).await? == 0 {
            return Err(self.wrong_state(service, request).await);
        }
        self.name(request_object(service, request));
        Ok(())
    }

    /// Why a request was not changed: it is not there, or somebody else brought it on.
    async fn wrong_state(&mut self, service: &str, request: &str) -> StoreError {
        let found = query_scalar::<_, String>(
            "SELECT state FROM report_code WHERE organisation = $1 AND service = $2 AND request = $3",
        );
        let found = found.bind(self.organisation().to_owned()).bind(service).bind(printable(request));
        match found.fetch_optional(self.connection()).await {
            Ok(Some(found)) => {
                state(&found).map_or_else(|error| error, |state| StoreError::State { found: state.term().to_owned() })
            }
            Ok(None) => StoreError::Missing(Missing::ReportRequest),
            Err(error) => error.into(),
        }
    }
}

/// How the trail names a request for a report.
fn request_object(service: &str, request: &str) -> String {
    format!("service/{service}/report/{request}")
}

/// How the trail names a report that was handed in.
pub(crate) fn delivery_object(service: &str, request: &str, number: u64) -> String {
    format!("{}/{number}", request_object(service, request))
}

/// What the trail seals: the report with the names of whoever sent it.
pub(crate) fn delivery_digest(sender: &str, person: &str, report: Digest) -> Digest {
    let of = |text: &str| Digest::of(text.as_bytes());
    list_digest([("person", of(person)), ("report", report), ("sender", of(sender))].into_iter())
}

fn state(token: &str) -> Result<ReportState, StoreError> {
    let found = ReportState::ALL.into_iter().find(|state| state.token() == token);
    found.ok_or_else(|| StoreError::inconsistent("報告の依頼の状態", token))
}

fn code(row: &AnyRow) -> Result<ReportCode, StoreError> {
    Ok(ReportCode {
        organisation: text(row, "organisation")?,
        service: text(row, "service")?,
        request: text(row, "request")?,
        supplier: text(row, "supplier")?,
        digest: text(row, "digest")?,
        state: state(&text(row, "state")?)?,
        reason: text(row, "reason")?,
        made_by: text(row, "made_by")?,
        made_at: text(row, "made_at")?,
        expires_at: text(row, "expires_at")?,
    })
}

fn delivery(row: &AnyRow) -> Result<ReportDelivery, StoreError> {
    let delivery = ReportDelivery {
        service: text(row, "service")?,
        request: text(row, "request")?,
        number: count(row, "number")?,
        sender: text(row, "sender")?,
        person: text(row, "person")?,
        digest: digest(&text(row, "digest")?)?,
        body: text(row, "body")?,
        entry: count(row, "entry")?,
        at: text(row, "at")?,
    };
    if Digest::of(delivery.body.as_bytes()) != delivery.digest {
        let place = format!("依頼{}に届いた{}件目の報告", delivery.request, delivery.number);
        return Err(StoreError::inconsistent(place, format!("it has another digest than {}", delivery.digest)));
    }
    Ok(delivery)
}
