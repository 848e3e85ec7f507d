//! What a form would change if it were saved now: the drawing, the changes in the domain's words, new findings.

use shirube_documents::deliverable::judged;
use shirube_folder::edit::{Edit, Identity, apply};
use shirube_safety::diff;
use shirube_store::{Files, StoreError};

use super::App;
use super::sites::texts;
use crate::shown::Shown;
use crate::view::{Chosen, drawn};

/// Changes and findings that are listed; the rest is counted.
const LISTED: usize = 12;

/// What stands beside the form.
#[derive(Debug, Default)]
pub struct Preview {
    /// Trusted: our own writer's output, which escapes every text of the model.
    pub svg: Option<String>,
    /// What became of what was typed.
    pub state: State,
    pub changes: Vec<String>,
    pub findings: Vec<String>,
    /// How many are not listed.
    pub more: usize,
}

/// What the preview rests on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The revision as it is.
    #[default]
    Stored,
    /// What was typed.
    Typed,
    /// Something that was typed cannot be read yet; the drawing is that of the revision.
    Waiting(usize),
}

/// The part of the drawing that a record is.
pub fn chosen<'a>(list: &str, identity: Option<&'a Identity>) -> Option<Chosen<'a>> {
    let id = identity?.fields.first()?;
    match list {
        "nodes" => Some(Chosen::Node(id)),
        "links" | "transports" => Some(Chosen::Link(id)),
        _ => None,
    }
}

impl Preview {
    /// The revision as it is.
    pub fn now(shown: &Shown, chosen: Option<Chosen>) -> Self {
        let diagram = &shown.site.view.diagram;
        let svg = (!diagram.is_empty()).then(|| diagram.plain(&shown.base, chosen));
        Self { svg, ..Self::default() }
    }

    /// The revision with edits laid on it; or, where what was typed has mistakes, without. `place` is organisation,
    /// service and revision.
    pub async fn of(
        app: &App,
        (organisation, service, revision): (&str, &str, u64),
        edits: Result<Vec<Edit>, usize>,
        base: &str,
        chosen: Option<Chosen<'_>>,
    ) -> Result<Self, StoreError> {
        let files = app.store().files(organisation, service, revision).await?;
        let base = base.to_owned();
        let owned = chosen.map(|chosen| match chosen {
            Chosen::Node(id) => (true, id.to_owned()),
            Chosen::Link(id) => (false, id.to_owned()),
        });
        let made = tokio::task::spawn_blocking(move || {
            let chosen = owned.as_ref().map(|(node, id)| if *node { Chosen::Node(id) } else { Chosen::Link(id) });
            worked_out(&files, edits, &base, chosen)
        });
        Ok(made.await.ok().flatten().unwrap_or_default())
    }
}

fn worked_out(files: &Files, edits: Result<Vec<Edit>, usize>, base: &str, chosen: Option<Chosen>) -> Option<Preview> {
    let texts = texts(files);
    let folder = shirube_folder::read(&texts).ok()?;
    let before = judged(&folder.files);
    let stored = |faults: usize| Preview {
        svg: drawn(&before, base, chosen),
        state: State::Waiting(faults),
        ..Preview::default()
    };
    let edits = match edits {
        Ok(edits) => edits,
        Err(faults) => return Some(stored(faults)),
    };
    let applied = apply(&texts, &edits).ok().and_then(|applied| shirube_folder::read(&applied.texts).ok());
    let Some(edited) = applied else { return Some(stored(1)) };
    let after = judged(&edited.files);
    let changes: Vec<String> = diff(&before, &after).into_iter().map(|change| change.text).collect();
    let known = |message: &str| before.findings.iter().any(|finding| finding.message == message);
    let findings = after.findings.iter().filter(|finding| !known(&finding.message));
    let findings: Vec<String> =
        findings.map(|finding| format!("{}: {}", finding.severity.term(), finding.message)).collect();
    let more = changes.len().saturating_sub(LISTED) + findings.len().saturating_sub(LISTED);
    Some(Preview {
        svg: drawn(&after, base, chosen),
        state: State::Typed,
        changes: changes.into_iter().take(LISTED).collect(),
        findings: findings.into_iter().take(LISTED).collect(),
        more,
    })
}
