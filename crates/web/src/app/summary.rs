//! The few figures of a service that lists and the home page show, kept beside its revision.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use shirube_safety::Service;
use shirube_store::{Files, StoreError};

use super::App;
use super::sites::{Key, texts};
use crate::view::Journey;

/// Figures of one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub points: Vec<Point>,
    pub dues: Vec<Due>,
    /// Where the first hour with the service stands; none once it is over.
    pub first_hour: Option<FirstHour>,
}

/// The next step of the first hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstHour {
    pub done: usize,
    pub steps: usize,
    pub next: String,
}

/// How much of one kind is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub rule: String,
    pub title: String,
    pub open: usize,
    pub total: usize,
}

/// Something promised for a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// `2026-11-22`
    pub on: String,
    pub text: String,
    /// Address below the service.
    pub href: String,
}

impl Summary {
    /// Works the figures out.
    pub fn of(service: &Service) -> Self {
        let points = service.points.iter().map(|point| Point {
            rule: point.rule.to_owned(),
            title: point.title.to_owned(),
            open: point.open,
            total: point.total,
        });
        let mut dues: Vec<Due> = controls(service).chain(measures(service)).collect();
        dues.sort();
        let journey = Journey::new(service);
        let first_hour = journey.next().map(|next| FirstHour {
            done: journey.done(),
            steps: journey.steps.len(),
            next: next.title.to_owned(),
        });
        Self { points: points.collect(), dues, first_hour }
    }

    pub fn open(&self, rule: &str) -> usize {
        self.points.iter().find(|point| point.rule == rule).map_or(0, |point| point.open)
    }

    pub fn total(&self, rule: &str) -> usize {
        self.points.iter().find(|point| point.rule == rule).map_or(0, |point| point.total)
    }
}

fn controls<'a>(service: &'a Service) -> impl Iterator<Item = Due> + 'a {
    let answers = service.files.conformity.answers.iter();
    answers.filter_map(|answer| {
        let href = match answer.control.parse::<shirube_catalog::ControlId>() {
            Ok(id) => format!("/controls/{}", id.ascii()),
            Err(_) => "/controls".to_owned(),
        };
        Some(Due { on: answer.due?.to_string(), text: format!("対策項目 {} の対応", answer.control), href })
    })
}

fn measures<'a>(service: &'a Service) -> impl Iterator<Item = Due> + 'a {
    let treatments = service.files.assessment.treatments.iter();
    treatments.flat_map(|treatment| {
        treatment.measures.iter().filter_map(|measure| {
            let text = format!("対応 {} の対策: {}", treatment.id, measure.text);
            Some(Due { on: measure.due?.to_string(), text, href: "/treatments".to_owned() })
        })
    })
}

/// Figures that were read already. A revision never changes, so they stay right.
#[derive(Default)]
pub struct Figures(Mutex<BTreeMap<Key, Arc<Summary>>>);

/// Those of a service with many dates take some 30 kB.
const FIGURES_KEPT: usize = 1000;

impl Figures {
    pub fn get(&self, key: &Key) -> Option<Arc<Summary>> {
        self.lock().get(key).map(Arc::clone)
    }

    pub fn keep(&self, key: Key, summary: Summary) -> Arc<Summary> {
        let summary = Arc::new(summary);
        let mut kept = self.lock();
        // Those of older revisions are not asked for again; which they are is not worth keeping book of.
        if kept.len() >= FIGURES_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&summary));
        summary
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Arc<Summary>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(organisation: &str, service: &str, revision: u64) -> Key {
    Key { organisation: organisation.to_owned(), service: service.to_owned(), revision }
}

/// What is kept, if this program can read it; what an older one kept may be worked out again.
fn read(body: &str) -> Option<Summary> {
    serde_json::from_str(body).ok()
}

/// The figures of a revision, or `None` if it cannot be read: from what is kept or worked out now and kept.
pub async fn of(
    app: &App,
    organisation: &str,
    service: &str,
    revision: u64,
) -> Result<Option<Arc<Summary>>, StoreError> {
    let key = key(organisation, service, revision);
    if let Some(known) = app.figures().get(&key) {
        return Ok(Some(known));
    }
    let kept = app.store().summary(organisation, service, revision).await?;
    if let Some(summary) = kept.as_deref().and_then(read) {
        return Ok(Some(app.figures().keep(key, summary)));
    }
    let files: Files = app.store().files(organisation, service, revision).await?;
    let made = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).ok()?;
        Some(Summary::of(&Service::new(&folder.files)))
    });
    // A revision that cannot be read has no figures, and nothing is kept that would look like zeros.
    let Some(summary) = made.await.ok().flatten() else { return Ok(None) };
    let text = serde_json::to_string(&summary).expect("words and numbers are JSON");
    app.store().put_summary(organisation, service, revision, &text).await?;
    Ok(Some(app.figures().keep(key, summary)))
}

/// The figures of several services by their ids: a page of many asks the database once.
pub async fn of_all(
    app: &App,
    organisation: &str,
    revisions: &[(&str, u64)],
) -> Result<BTreeMap<String, Arc<Summary>>, StoreError> {
    let known = |(service, revision): &(&str, u64)| app.figures().get(&key(organisation, service, *revision)).is_some();
    if !revisions.iter().all(known) {
        for row in app.store().summaries(organisation).await? {
            if let Some(summary) = read(&row.body) {
                app.figures().keep(key(organisation, &row.service, row.revision), summary);
            }
        }
    }
    let mut all = BTreeMap::new();
    for (service, revision) in revisions {
        if let Some(summary) = of(app, organisation, service, *revision).await? {
            all.insert((*service).to_owned(), summary);
        }
    }
    Ok(all)
}
