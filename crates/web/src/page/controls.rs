//! `/controls` and `/controls/{id}`: the 417 controls of 別紙2 and their answers.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use shirube_catalog::{Agreement, ControlId, Kubun, Viewpoint};
use shirube_safety::conformity::ControlStatus;

use super::message::missing;
use super::{Frame, html};
use crate::filter::{Choice, Facet, FilterBar, WORDS, choose};
use crate::query::Query;
use crate::shown::Shown;
use crate::view::{ControlView, Here, Statutory, agreement_term};

#[derive(Template)]
#[template(path = "controls.html")]
struct ControlsPage<'a> {
    frame: Frame<'a>,
    bar: FilterBar,
    groups: Vec<Vec<&'a ControlView>>,
    statutory: &'a Statutory,
}

#[derive(Template)]
#[template(path = "control.html")]
struct ControlPage<'a> {
    frame: Frame<'a>,
    control: &'a ControlView,
    before: Option<&'a ControlView>,
    after: Option<&'a ControlView>,
}

pub async fn list(shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let known = ["viewpoint", "status", "kubun", "agreement", "owner", "due", "middle", "scenario", WORDS];
    let query = Query::parse(&shown.base, "/controls", &known, raw.as_deref());
    let (rows, bar) = choose(&shown.site.view.controls, &facets(&shown), &query, ControlView::text);
    let groups = rows.chunk_by(|a, b| a.middle == b.middle).map(<[_]>::to_vec).collect();
    html(ControlsPage { frame: Frame::new(&shown, Here::Controls), bar, groups, statutory: &shown.site.view.statutory })
}

fn viewpoint_token(viewpoint: Viewpoint) -> &'static str {
    match viewpoint {
        Viewpoint::Organisational => "organisational",
        Viewpoint::Physical => "physical",
        Viewpoint::Technical => "technical",
    }
}

fn kubun_token(kubun: Kubun) -> &'static str {
    match kubun {
        Kubun::Mandatory => "mandatory",
        Kubun::Recommended => "recommended",
        Kubun::Unknown => "unknown",
    }
}

fn agreement_token(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Yes => "yes",
        Agreement::Consent => "consent",
        Agreement::No => "no",
    }
}

type Test = fn(&ControlView, &str) -> bool;

/// Most people that stand as chips; beyond that the search finds them.
const MOST_OWNERS: usize = 12;

/// Days ahead that are soon.
const SOON: i64 = 30;

fn facets(shown: &Shown) -> Vec<Facet<ControlView>> {
    let mut owners: Vec<&str> = shown
        .site
        .view
        .controls
        .iter()
        .map(|control| control.owner.as_str())
        .filter(|owner| !owner.is_empty())
        .collect();
    owners.sort_unstable();
    owners.dedup();
    let owners_offered = (1..=MOST_OWNERS).contains(&owners.len());
    let due = shown.today.map(|today| {
        let soon = today + chrono::Duration::days(SOON);
        vec![Choice::new(format!("before-{today}"), "期限を過ぎた"), Choice::new(format!("before-{soon}"), "30日以内")]
    });
    let offered = |key, label, choices, holds: Test| Facet { key, label, offered: true, choices, holds };
    let followed = |key, label, holds: Test| Facet { key, label, offered: false, choices: Vec::new(), holds };
    vec![
        offered(
            "viewpoint",
            "観点",
            Viewpoint::ALL.iter().map(|&viewpoint| Choice::new(viewpoint_token(viewpoint), viewpoint.term())).collect(),
            |control, value| viewpoint_token(control.viewpoint) == value,
        ),
        offered(
            "status",
            "状況",
            ControlStatus::ALL.iter().map(|status| Choice::new(status.token(), status.term())).collect(),
            |control, value| control.status.token() == value,
        ),
        offered(
            "kubun",
            "区分",
            [Kubun::Mandatory, Kubun::Recommended, Kubun::Unknown]
                .map(|k| Choice::new(kubun_token(k), k.mark()))
                .to_vec(),
            |control, value| kubun_token(control.kubun) == value,
        ),
        offered(
            "agreement",
            "合意",
            vec![
                Choice::new("yes", agreement_term(Agreement::Yes)),
                Choice::new("consent", agreement_term(Agreement::Consent)),
                Choice::new("no", "求めない"),
            ],
            |control, value| agreement_token(control.agreement) == value,
        ),
        Facet {
            key: "owner",
            label: "担当",
            offered: owners_offered,
            choices: owners.into_iter().map(|owner| Choice::new(owner, owner)).collect(),
            holds: |control, value| control.owner == value,
        },
        Facet {
            key: "due",
            label: "期限",
            offered: due.is_some(),
            choices: due.unwrap_or_default(),
            holds: |control, value| {
                let before = value.strip_prefix("before-").and_then(|day| day.parse().ok());
                control.due.as_ref().zip(before).is_some_and(|(due, before)| due.on < before)
            },
        },
        followed("middle", "大項目", |control, value| control.middle == value),
        followed("scenario", "リスクシナリオ例", |control, value| {
            control.scenario.as_ref().is_some_and(|scenario| scenario.id == value)
        }),
    ]
}

/// What the address names. Addresses may have more parts before it.
#[derive(Deserialize)]
pub struct At {
    pub id: String,
}

pub async fn one(shown: Shown, Path(At { id: written }): Path<At>) -> Response {
    let list = &shown.site.view.controls;
    let id: Option<ControlId> = written.parse().ok();
    let ascii = id.map(ControlId::ascii);
    let found = ascii.as_ref().and_then(|ascii| list.iter().position(|control| control.ascii == *ascii));
    let Some(at) = found else {
        let text = format!("対策項目「{written}」は、別紙2にありません。");
        return missing(&shown, &text, ("/controls", "対策項目の一覧を見る"));
    };
    // One control, one address: `3.4①-14` is understood and led to `3.4-1-14`.
    if list[at].ascii != written {
        return Redirect::permanent(&format!("{}/controls/{}", shown.base, list[at].ascii)).into_response();
    }
    html(ControlPage {
        frame: Frame::new(&shown, Here::Controls),
        control: &list[at],
        before: at.checked_sub(1).map(|at| &list[at]),
        after: list.get(at + 1),
    })
}
