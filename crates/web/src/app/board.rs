//! `…/board`: measures and requests by how far they are, and the form that moves one on.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use shirube_folder::edit::put_record;
use shirube_safety::File;
use shirube_store::Files;

use super::edit::{At, content, unclear};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Saved, Wish, done, save};
use super::sign_in::From;
use super::sites::texts;
use super::{App, message, views};
use crate::filter::{Choice, Facet, FilterBar, WORDS, choose};
use crate::page::{Frame, html};
use crate::query::{Query, link};
use crate::shown::Shown;
use crate::view::{CardKind, CardView, Here};

#[derive(Template)]
#[template(path = "app/board.html")]
struct BoardPage<'a> {
    frame: Frame<'a>,
    bar: FilterBar,
    boards: Vec<Board<'a>>,
    revision: u64,
    csrf: &'a str,
    moving: bool,
    untreated: usize,
}

/// Cards of one kind, by state.
struct Board<'a> {
    title: &'static str,
    kind: CardKind,
    columns: Vec<Column<'a>>,
}

struct Column<'a> {
    title: &'static str,
    cards: Vec<&'a CardView>,
}

impl Board<'_> {
    /// States a card can be moved to.
    fn states(&self) -> &'static [(&'static str, &'static str)] {
        self.kind.states()
    }

    fn count(&self) -> usize {
        self.columns.iter().map(|column| column.cards.len()).sum()
    }
}

pub async fn show(State(app): State<App>, acting: Acting, shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let shown = match views::with_views(&app, &acting, shown, "board", raw.as_deref()).await {
        Ok(shown) => shown,
        Err(error) => return message::failed(&app, &error),
    };
    let query = Query::parse(&shown.base, "/board", &["viewpoint", "owner", "due", WORDS], raw.as_deref());
    let view = &shown.site.view.treatments;
    let (cards, bar) = choose(&view.cards, &facets(&shown), &query, |card| &card.search);
    let board = |title, kind: CardKind| {
        let column = |state: &(&'static str, &'static str)| Column {
            title: state.1,
            cards: cards.iter().copied().filter(|card| card.kind == kind && card.state == state.0).collect(),
        };
        Board { title, kind, columns: kind.states().iter().map(column).collect() }
    };
    html(BoardPage {
        frame: Frame::new(&shown, Here::Treatments),
        bar,
        boards: vec![
            board("対象事業者が実施する対策", CardKind::Measure),
            board("医療機関等へ対応を求める事項", CardKind::Request),
        ],
        revision: shown.revision.unwrap_or_default(),
        csrf: &acting.reader.csrf,
        moving: acting.reader.may(crate::reader::Action::Edit, crate::reader::Resource::Risk),
        untreated: view.untreated + view.untreated_proposed,
    })
}

/// Days ahead that are soon.
const SOON: i64 = 30;

fn facets(shown: &Shown) -> Vec<Facet<CardView>> {
    let cards = &shown.site.view.treatments.cards;
    let mut owners: Vec<&str> =
        cards.iter().map(|card| card.owner.as_str()).filter(|owner| !owner.is_empty()).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut viewpoints: Vec<&str> = cards.iter().map(|card| card.viewpoint).collect();
    viewpoints.sort_unstable();
    viewpoints.dedup();
    let due = shown.today.map(|today| {
        let soon = today + chrono::Duration::days(SOON);
        vec![Choice::new(format!("before-{today}"), "期限を過ぎた"), Choice::new(format!("before-{soon}"), "30日以内")]
    });
    vec![
        Facet {
            key: "viewpoint",
            label: "観点",
            offered: true,
            choices: viewpoints.into_iter().map(|term| Choice::new(term, term)).collect(),
            holds: |card, value| card.viewpoint == value,
        },
        Facet {
            key: "owner",
            label: "担当",
            offered: !owners.is_empty(),
            choices: owners.into_iter().map(|owner| Choice::new(owner, owner)).collect(),
            holds: |card, value| card.owner == value,
        },
        Facet {
            key: "due",
            label: "期限",
            offered: due.is_some(),
            choices: due.unwrap_or_default(),
            holds: |card, value| {
                let before = value.strip_prefix("before-").and_then(|day| day.parse().ok());
                card.due.as_ref().zip(before).is_some_and(|(due, before)| due.on < before)
            },
        },
    ]
}

/// `POST …/board`: moves one card on.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let based_on = fields.text("~revision").parse().ok().filter(|number| (1..=latest).contains(number));
    let kind = [CardKind::Measure, CardKind::Request].into_iter().find(|kind| kind.list() == fields.text("list"));
    let place = fields.text("at").parse::<usize>().ok();
    let (Some(based_on), Some(kind), Some(place)) = (based_on, kind, place) else { return unclear(&acting) };
    let state = kind.states().iter().find(|(token, _)| *token == fields.text("state"));
    let Some(&(state, term)) = state else { return unclear(&acting) };
    let treatment = fields.text("treatment").to_owned();
    let files = match app.store().files(&at.organisation, &at.service, based_on).await {
        Ok(files) => files,
        Err(error) => return message::failed(&app, &error),
    };
    let of = treatment.clone();
    let moved = tokio::task::spawn_blocking(move || moved(&files, &of, kind, place, state)).await.ok().flatten();
    let Some((record, text)) = moved else { return unclear(&acting) };
    let why = fields.text("~why");
    let reason = format!("「{text}」を{term}にした。{why}");
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: &reason,
    };
    let edit = put_record(File::Assessment, "treatments", treatment.as_str(), record);
    let refused = |text: &str| {
        let next = ("/board", "進み具合に戻る");
        crate::page::message::message(&shown, StatusCode::CONFLICT, "保存していません", text, next)
    };
    match save(&app, &wish, &[edit]).await {
        Ok(saved @ (Saved::Yes { .. } | Saved::Unchanged)) => {
            let told = if let Saved::Yes { merged, .. } = saved { vec![("done", done(merged))] } else { Vec::new() };
            Redirect::to(&link(&format!("{}/board", shown.base), &told)).into_response()
        }
        Ok(Saved::Mistakes(mistakes)) => {
            refused(&mistakes.iter().map(|mistake| mistake.message.as_str()).collect::<Vec<_>>().join(" "))
        }
        Ok(Saved::Conflicts(_)) => {
            refused("ほかの人が同じ対応を変えていました。一覧を開き直し、内容を確かめてから、もう一度お試しください。")
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// The treatment with one of its measures or requests in another state, and the text of that one. Its decision stays:
/// how far something is decides nothing.
fn moved(files: &Files, treatment: &str, kind: CardKind, at: usize, state: &str) -> Option<(Value, String)> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let content = content(&folder.files, File::Assessment)?;
    let mut record = content["treatments"].as_array()?.iter().find(|record| record["id"] == treatment)?.clone();
    let card = record.get_mut(kind.list())?.get_mut(at)?;
    card["status"] = if state.is_empty() { Value::Null } else { state.into() };
    let text = card["text"].as_str()?.chars().take(40).collect();
    Some((record, text))
}
