//! Work that goes on while somebody looks at something else: how far it is, whether it is to stop, what came out.
//!
//! Any process can tell, whichever does the work. Only the beginning is in the trail; the steps are not, and no backup
//! has them.

use sqlx::any::AnyRow;
use sqlx::query;

use crate::change::{printable, stored, time};
use crate::reading::is_id;
use crate::row::{count, text};
use crate::{Change, Missing, Store, StoreError};

/// Work that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub service: String,
    pub person: String,
    pub kind: String,
    pub revision: u64,
    pub state: JobState,
    pub step: u64,
    pub steps: u64,
    /// What is being worked on, or how it ended.
    pub says: String,
    pub started_at: String,
    /// When the work was last heard of.
    pub seen_at: String,
}

/// Where work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    Running,
    /// Somebody asked it to stop.
    Stopping,
    Stopped,
    Done,
    Failed,
}

impl JobState {
    fn token(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(token: &str) -> Option<Self> {
        [Self::Running, Self::Stopping, Self::Stopped, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.token() == token)
    }
}

/// Work to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    pub id: &'a str,
    pub service: &'a str,
    pub person: &'a str,
    pub kind: &'a str,
    pub revision: u64,
    pub steps: u64,
}

const JOB: &str = "SELECT id, service, person, kind, revision, state, step, steps, says, started_at, seen_at FROM job";

impl Store {
    /// How far work on a service is.
    pub async fn job(&self, organisation: &str, service: &str, id: &str) -> Result<Job, StoreError> {
        let missing = StoreError::Missing(Missing::Job);
        if ![organisation, service, id].into_iter().all(is_id) {
            return Err(missing);
        }
        let select = format!("{JOB} WHERE organisation = $1 AND service = $2 AND id = $3");
        let row = query(sqlx::AssertSqlSafe(select)).bind(organisation).bind(service).bind(id);
        job(&row.fetch_optional(self.reader()).await?.ok_or(missing)?)
    }

    /// Work of a kind on a revision that runs and was heard of since a time: nobody has to do it twice.
    pub async fn running_job(
        &self,
        organisation: &str,
        service: &str,
        kind: &str,
        revision: u64,
        seen_since: &str,
    ) -> Result<Option<String>, StoreError> {
        if ![organisation, service, kind].into_iter().all(is_id) {
            return Ok(None);
        }
        let found = sqlx::query_scalar(
            "SELECT id FROM job WHERE organisation = $1 AND service = $2 AND kind = $3 AND revision = $4 \
             AND state IN ('running', 'stopping') AND seen_at >= $5 ORDER BY started_at DESC LIMIT 1",
        );
        let found = found.bind(organisation).bind(service).bind(kind).bind(stored(revision)?).bind(time(seen_since)?);
        Ok(found.fetch_optional(self.reader()).await?)
    }

    /// What came out of work that is done.
    pub async fn job_result(&self, organisation: &str, service: &str, id: &str) -> Result<Vec<u8>, StoreError> {
        let missing = || StoreError::Missing(Missing::Job);
        if ![organisation, service, id].into_iter().all(is_id) {
            return Err(missing());
        }
        let row = query(
            "SELECT result FROM job WHERE organisation = $1 AND service = $2 AND id = $3 AND state = 'done' \
             AND result IS NOT NULL",
        );
        let row = row.bind(organisation).bind(service).bind(id).fetch_optional(self.reader()).await?;
        Ok(sqlx::Row::try_get(&row.ok_or_else(missing)?, "result")?)
    }

    /// Notes a step and tells whether the work shall go on.
    pub async fn job_step(
        &self,
        organisation: &str,
        id: &str,
        step: u64,
        says: &str,
        at: &str,
    ) -> Result<bool, StoreError> {
        let update = query(
            "UPDATE job SET step = $3, says = $4, seen_at = $5 WHERE organisation = $1 AND id = $2 \
             AND state = 'running'",
        );
        let update = update.bind(organisation).bind(id).bind(stored(step)?).bind(printable(says)).bind(time(at)?);
        Ok(update.execute(self.writer()).await?.rows_affected() > 0)
    }

    /// Asks for work to stop, if it still runs.
    pub async fn stop_job(&self, organisation: &str, id: &str) -> Result<(), StoreError> {
        if !is_id(organisation) || !is_id(id) {
            return Ok(());
        }
        query("UPDATE job SET state = 'stopping' WHERE organisation = $1 AND id = $2 AND state = 'running'")
            .bind(organisation)
            .bind(id)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Ends work, with what came out of it.
    pub async fn end_job(
        &self,
        organisation: &str,
        id: &str,
        state: JobState,
        says: &str,
        result: Option<&[u8]>,
        at: &str,
    ) -> Result<(), StoreError> {
        let update = query(
            "UPDATE job SET state = $3, says = $4, seen_at = $5, step = CASE WHEN $3 = 'done' THEN steps ELSE step END \
             WHERE organisation = $1 AND id = $2",
        );
        let update = update.bind(organisation).bind(id).bind(state.token()).bind(printable(says)).bind(time(at)?);
        let mut tx = self.begin_writing().await?;
        update.execute(&mut *tx).await?;
        if let Some(result) = result {
            let put = query("UPDATE job SET result = $3 WHERE organisation = $1 AND id = $2");
            put.bind(organisation).bind(id).bind(result).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Forgets work that began before a time.
    pub async fn forget_jobs(&self, started_before: &str) -> Result<u64, StoreError> {
        let delete = query("DELETE FROM job WHERE started_at < $1").bind(time(started_before)?);
        Ok(delete.execute(self.writer()).await?.rows_affected())
    }
}

impl Change {
    /// Begins work on a service of this organisation.
    pub async fn start_job(&mut self, new: NewJob<'_>, at: &str) -> Result<(), StoreError> {
        self.must_exist()?;
        self.must_have_service(new.service).await?;
        self.must_know(new.person).await?;
        if !is_id(new.id) {
            return Err(StoreError::Id(new.id.to_owned()));
        }
        let insert = query(
            "INSERT INTO job (organisation, id, service, person, kind, revision, state, step, steps, says, started_at, \
             seen_at) VALUES ($1, $2, $3, $4, $5, $6, 'running', 0, $7, '', $8, $8) ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(self.organisation().to_owned()).bind(new.id).bind(new.service).bind(new.person);
        let insert = insert.bind(printable(new.kind)).bind(stored(new.revision)?).bind(stored(new.steps)?);
        if self.execute(insert.bind(time(at)?)).await? == 0 {
            return Err(StoreError::Exists(new.id.to_owned()));
        }
        self.name(format!("service/{}/job/{}", new.service, new.id));
        Ok(())
    }
}

fn job(row: &AnyRow) -> Result<Job, StoreError> {
    let state = text(row, "state")?;
    Ok(Job {
        id: text(row, "id")?,
        service: text(row, "service")?,
        person: text(row, "person")?,
        kind: text(row, "kind")?,
        revision: count(row, "revision")?,
        state: JobState::parse(&state).ok_or_else(|| StoreError::inconsistent("作業の状態", state))?,
        step: count(row, "step")?,
        steps: count(row, "steps")?,
        says: text(row, "says")?,
        started_at: text(row, "started_at")?,
        seen_at: text(row, "seen_at")?,
    })
}
