//! `/diagram`: 全体構成図, with one flow drawn strong if asked, or with what is known of one part beside it.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;

use super::{Frame, html};
use crate::query::Query;
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::{Chosen, Element, FlowView, Flows, Here, RiskView};

/// How large the drawing is shown: token, name, class.
const SIZES: [(&str, &str); 4] = [("1", "全体"), ("2", "2倍"), ("3", "3倍"), ("4", "4倍")];

#[derive(Template)]
#[template(path = "diagram.html")]
struct DiagramPage<'a> {
    frame: Frame<'a>,
    /// Trusted: our own writer's output, which escapes every text of the model.
    svg: String,
    flows: &'a Flows,
    chosen: Option<&'a FlowView>,
    part: Option<PartView<'a>>,
    /// Something that was asked for and does not exist.
    unknown: Option<String>,
    empty: bool,
    size: &'a str,
    /// Token, name, address, and whether it is this one.
    sizes: Vec<(&'static str, &'static str, String, bool)>,
}

/// A node or a link with its flows and their risks.
struct PartView<'a> {
    element: Element<'a>,
    flows: Vec<&'a FlowView>,
    risks: Vec<&'a RiskView>,
    /// Address of its form, for those who may change it.
    edit: Option<String>,
}

/// Risks that are listed; the rest is behind links.
const RISKS: usize = 12;

impl PartView<'_> {
    fn listed(&self) -> &[&RiskView] {
        &self.risks[..self.risks.len().min(RISKS)]
    }
}

pub async fn show(shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&shown.base, "/diagram", &["flow", "node", "link", "size"], raw.as_deref());
    let view = &shown.site.view;
    let asked = query.get("flow");
    let at = asked.and_then(|number| view.flows.position(number));
    let chosen = at.map(|at| &view.flows.list[at]);
    let part = query.get("node").map(Chosen::Node).or_else(|| query.get("link").map(Chosen::Link));
    let known = part.and_then(|part| Some(part_view(&shown, part, view.diagram.element(part)?)));
    let unknown = match (asked.filter(|_| chosen.is_none()), part.filter(|_| known.is_none())) {
        (Some(number), _) => Some(format!("情報流「{number}」")),
        (_, Some(Chosen::Node(id) | Chosen::Link(id))) => Some(format!("「{id}」という機器・媒体・接続")),
        _ => None,
    };
    let size = SIZES.iter().find(|(size, _)| query.get("size") == Some(size)).map_or("1", |(size, _)| size);
    html(DiagramPage {
        frame: Frame::new(&shown, Here::Model),
        svg: match (at, chosen) {
            (Some(at), Some(flow)) => view.diagram.highlighting(&shown.base, at, &flow.number),
            _ => view.diagram.plain(&shown.base, part),
        },
        flows: &view.flows,
        chosen,
        part: known,
        unknown,
        empty: view.diagram.is_empty(),
        size,
        sizes: SIZES.iter().map(|(token, name)| (*token, *name, query.with("size", token), *token == size)).collect(),
    })
}

fn part_view<'a>(shown: &'a Shown, part: Chosen, element: Element<'a>) -> PartView<'a> {
    let view = &shown.site.view;
    let flows: Vec<&FlowView> = view.flows.list.iter().filter(|flow| element.flows.contains(&flow.number)).collect();
    let mut risks: Vec<&RiskView> =
        view.risks.list.iter().filter(|risk| element.flows.iter().any(|flow| **flow == *risk.flow_number)).collect();
    // The gravest first: what somebody looks for in a drawing.
    let value = |risk: &RiskView| risk.rated.as_ref().map_or(0, |rated| rated.level.value);
    risks.sort_by_key(|risk| std::cmp::Reverse(value(risk)));
    let may = shown.reader.as_ref().is_some_and(|reader| reader.may(Action::Edit, Resource::Model));
    let (Chosen::Node(id) | Chosen::Link(id)) = part;
    let edit = may.then(|| format!("{}{}", shown.base, crate::form::address("system", element.list, id)));
    PartView { element, flows, risks, edit }
}
