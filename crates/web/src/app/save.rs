//! The one door through which a service changes, whoever knocks: forms, uploads, the API.
//!
//! Edits are laid on the latest revision. If somebody else saved since the reader opened the page, both changes are
//! merged where they touch different things; where they touch the same, nothing is written and the reader sees both.

use shirube_folder::edit::{Conflict, Edit, EditError, Locator, MergeError, Texts, apply, merge};
use shirube_folder::{InputError, read};
use shirube_store::{Event, Files, StoreError};
use shirube_trail::{Digest, Origin};

use super::App;
use super::sites::texts;

/// What somebody wants to change, and why.
pub struct Wish<'a> {
    pub organisation: &'a str,
    pub service: &'a str,
    /// The revision the reader looked at.
    pub based_on: u64,
    pub actor: &'a str,
    pub origin: Origin,
    pub reason: &'a str,
}

/// What became of it.
#[derive(Debug)]
pub enum Saved {
    /// It is the latest revision, with this number and digest. `merged`: somebody else had saved in between.
    Yes { merged: bool, revision: u64, digest: Digest },
    /// Nothing would change.
    Unchanged,
    /// The texts would not be usable; each mistake with the way below the edit it belongs to.
    Mistakes(Vec<Mistake>),
    /// Somebody else changed the same.
    Conflicts(Vec<Conflict>),
}

/// What the next page is told behind `done=`, so that it says what became of a save.
pub fn done(merged: bool) -> &'static str {
    if merged { "merged" } else { "saved" }
}

/// A mistake, and where in the record that was edited.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// Number of the edit, if the mistake belongs to one.
    pub edit: Option<usize>,
    /// Way below the edit, as form fields are named; empty for the record as a whole.
    pub field: String,
    pub message: String,
}

/// Tries again when others are quicker; more often than that they do not save at once.
const TRIES: usize = 5;

/// Lays edits on a service.
pub async fn save(app: &App, wish: &Wish<'_>, edits: &[Edit]) -> Result<Saved, StoreError> {
    let base = app.store().files(wish.organisation, wish.service, wish.based_on).await?;
    let before = texts(&base);
    match apply(&before, edits) {
        Ok(applied) => put(app, wish, &before, applied.texts, edits).await,
        Err(error) => Ok(Saved::Mistakes(mistakes(&error))),
    }
}

/// Puts whole texts in the place of those of `wish.based_on`.
pub async fn replace(app: &App, wish: &Wish<'_>, ours: Texts) -> Result<Saved, StoreError> {
    let base = app.store().files(wish.organisation, wish.service, wish.based_on).await?;
    put(app, wish, &texts(&base), ours, &[]).await
}

async fn put(app: &App, wish: &Wish<'_>, base: &Texts, ours: Texts, edits: &[Edit]) -> Result<Saved, StoreError> {
    if ours == *base {
        return Ok(Saved::Unchanged);
    }
    if let Err(errors) = read(&ours) {
        return Ok(Saved::Mistakes(blamed(&ours, edits, &errors)));
    }
    for _ in 0..TRIES {
        let latest = app.store().service(wish.organisation, wish.service).await?.revision.unwrap_or(0);
        let kept = app.store().files(wish.organisation, wish.service, latest).await?;
        let new = if latest == wish.based_on {
            ours.clone()
        } else {
            match merge(base, &ours, &texts(&kept)) {
                Ok(merged) => merged.applied.texts,
                Err(MergeError::Conflicts(conflicts)) => return Ok(Saved::Conflicts(conflicts)),
                Err(MergeError::Edit(error)) => return Ok(Saved::Mistakes(mistakes(&error))),
            }
        };
        if let Err(errors) = read(&new) {
            return Ok(Saved::Mistakes(blamed(&new, edits, &errors)));
        }
        if new == texts(&kept) {
            return Ok(Saved::Unchanged);
        }
        match commit(app, wish, latest, &files(&kept, new)?).await {
            Err(StoreError::ChangedMeanwhile { .. }) => {}
            done => {
                let (revision, digest) = done?;
                return Ok(Saved::Yes { merged: latest != wish.based_on, revision, digest });
            }
        }
    }
    Err(StoreError::Unavailable { log: "others kept saving the same service".to_owned() })
}

async fn commit(app: &App, wish: &Wish<'_>, latest: u64, files: &Files) -> Result<(u64, Digest), StoreError> {
    let mut change = app.store().begin(wish.organisation).await?;
    let revision = change.add_revision(wish.service, (latest > 0).then_some(latest), files).await?;
    let event = Event { action: "revision.created".to_owned(), note: wish.reason.to_owned() };
    change.commit(wish.actor, wish.origin.clone(), &app.at(), event).await?;
    Ok((revision, files.digest()))
}

/// The texts of the service beside the other files that the revision before had.
fn files(before: &Files, texts: Texts) -> Result<Files, StoreError> {
    let ours = texts.iter().map(|(file, bytes)| (file.name().to_owned(), String::from_utf8_lossy(bytes).into_owned()));
    let ours: Vec<(String, String)> = ours.collect();
    let others = before.iter().filter(|(name, _)| !ours.iter().any(|(ours, _)| ours == name));
    let others: Vec<_> = others.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    Files::new(others.into_iter().chain(ours))
}

fn mistakes(error: &EditError) -> Vec<Mistake> {
    let whole = |message: String| Mistake { edit: None, field: String::new(), message };
    match error {
        EditError::Unreadable(errors) => errors.iter().map(|error| whole(error.to_string())).collect(),
        EditError::Edits(faults) => faults
            .iter()
            .map(|fault| Mistake { edit: Some(fault.edit), field: String::new(), message: fault.message.clone() })
            .collect(),
    }
}

/// Mistakes of a file, each at the field of the form it comes from.
fn blamed(texts: &Texts, edits: &[Edit], errors: &[InputError]) -> Vec<Mistake> {
    let locator = Locator::new(texts);
    let mut mistakes: Vec<Mistake> = Vec::new();
    for blame in locator.blame(edits, errors) {
        let mistake = Mistake {
            edit: blame.edit,
            field: shirube_folder::edit::way_text(&blame.below),
            message: match blame.edit {
                Some(_) => blame.error.message.clone(),
                None => blame.error.to_string(),
            },
        };
        mistakes.push(mistake);
    }
    mistakes
}
