//! What to do next: a fixed order with the preservation of logs first, each step done or open by facts of the registers.

use super::{At, Incident};

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderStep {
    /// Stable name.
    pub id: &'static str,
    pub title: &'static str,
    pub state: StepState,
    /// What to do, and where it is written.
    pub advice: &'static str,
    /// The register it is written in.
    pub register: &'static str,
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// With the moment, where it was written.
    Done(Option<At>),
    /// With the reason.
    NotNeeded(String),
    Open,
}

impl StepState {
    pub fn token(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::NotNeeded(_) => "not-needed",
            Self::Open => "open",
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Done(Some(at)) => format!("済 {at}"),
            Self::Done(None) => "済".to_owned(),
            Self::NotNeeded(why) => format!("不要（{why}）"),
            Self::Open => "まだ".to_owned(),
        }
    }

    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

type Judge = fn(&Incident) -> StepState;

/// Id, title, advice, register, and the facts that say that it is done.
const STEPS: [(&str, &str, &str, &str, Judge); 13] = [
    (
        "hold",
        "ログと記録を保全する",
        "電源を切ったり作り直したりする前に、消してはならないログ、設定、画面を決めて、記録の保全簿に書き、写しを取ります。",
        "legal-holds",
        |incident| held(incident),
    ),
    (
        "staff",
        "疑いのある要員のアクセスを止める",
        "その人の利用者IDを直ちに止め、改ざんなどの有無を確かめて、事故の記録に書きます。",
        super::INCIDENTS,
        |incident| staff(incident),
    ),
    (
        "contain",
        "拡大を防ぐ",
        "切り離す、止める、鍵を替えるなどの措置を決めて行い、「拡大を防ぐ措置」に書きます。",
        super::INCIDENTS,
        |incident| written(incident, "containment"),
    ),
    (
        "first-report",
        "医療機関等へ第一報を入れる",
        "分かっていることだけを、調査中のことは調査中と書いて知らせ、日時を書きます。",
        super::INCIDENTS,
        |incident| match (incident.at("first_reported_at"), incident.text("no_report_reason")) {
            (Some(at), _) => StepState::Done(Some(at)),
            (None, Some(why)) => StepState::NotNeeded(why),
            (None, None) => StepState::Open,
        },
    ),
    (
        "range",
        "影響の範囲を確かめる",
        "対象の機器、影響する情報、医療機関等、件数、重大さを書きます。構成から求めた案が下にあります。",
        super::INCIDENTS,
        |incident| all_written(incident, &["range", "severity"]),
    ),
    (
        "authority",
        "所管官庁などへの連絡を決める",
        "連絡の要る事故かを医療機関等と確かめ、所管官庁等への連絡の記録に書きます。要らないときは、その理由を書きます。",
        "authority-notices",
        |incident| authority(incident),
    ),
    (
        "recover",
        "復旧する",
        "元に戻したことを確かめ、復旧した日時を書きます。代わりの手段を使っている間は、それも書きます。",
        super::INCIDENTS,
        |incident| dated(incident, "recovered_at"),
    ),
    (
        "cause",
        "原因を突き止める",
        "原因と、それが帰する先を書きます。",
        super::INCIDENTS,
        |incident| all_written(incident, &["cause", "cause_lies_with"]),
    ),
    (
        "propose",
        "再発防止策を提案する",
        "再発防止策と期限を、医療機関等に提案します。",
        super::INCIDENTS,
        |incident| match (incident.at("proposed_on"), incident.text("no_report_reason")) {
            (Some(at), _) => StepState::Done(Some(at)),
            (None, Some(why)) => StepState::NotNeeded(why),
            (None, None) => StepState::Open,
        },
    ),
    (
        "agree",
        "再発防止策に合意する",
        "医療機関等の合意を得ます。見直しを求められたら、提案に戻ります。",
        super::INCIDENTS,
        |incident| reached(incident, &["agreed", "closed"]),
    ),
    (
        "prevent",
        "再発防止策を行う",
        "決めた期限までに行い、終えた日を書きます。",
        super::INCIDENTS,
        |incident| dated(incident, "prevention_done_on"),
    ),
    (
        "review",
        "リスクを見直す",
        "この事故が触れたリスクを見直し、改めることをリスクマネジメントの見直し記録に書きます。",
        "risk-reviews",
        |incident| reviewed(incident),
    ),
    (
        "close",
        "終結を確かめる",
        "対応の責任者と別の承認者が、再発防止策を確かめて終結させます。",
        super::INCIDENTS,
        |incident| reached(incident, &["closed"]),
    ),
];

/// The steps in their order; none for what was no incident.
pub fn order(incident: &Incident) -> Vec<OrderStep> {
    if incident.is_dismissed() {
        return Vec::new();
    }
    let is_of_staff = incident.list("kind").iter().any(|kind| kind == "要員の違反の疑い");
    let steps = STEPS.iter().filter(|(id, ..)| *id != "staff" || is_of_staff);
    let steps = steps.map(|&(id, title, advice, register, judge)| OrderStep {
        id,
        title,
        state: judge(incident),
        advice,
        register,
    });
    steps.collect()
}

fn written(incident: &Incident, field: &str) -> StepState {
    if incident.text(field).is_some() { StepState::Done(None) } else { StepState::Open }
}

fn all_written(incident: &Incident, fields: &[&str]) -> StepState {
    match fields.iter().all(|field| incident.text(field).is_some()) {
        true => StepState::Done(None),
        false => StepState::Open,
    }
}

fn dated(incident: &Incident, field: &str) -> StepState {
    incident.at(field).map_or(StepState::Open, |at| StepState::Done(Some(at)))
}

fn reached(incident: &Incident, states: &[&str]) -> StepState {
    if states.contains(&incident.entry.state.as_str()) { StepState::Done(None) } else { StepState::Open }
}

/// Done when every hold that was ordered was carried out, or found to be of nothing any more.
fn held(incident: &Incident) -> StepState {
    let holds = incident.related("legal-holds");
    if holds.is_empty() || holds.iter().any(|hold| hold.state == "ordered") {
        return StepState::Open;
    }
    StepState::Done(holds.iter().filter_map(|hold| At::of(hold, "held_at")).max())
}

/// OPS-036: access is stopped, and what the person could have altered was looked at.
fn staff(incident: &Incident) -> StepState {
    match (incident.at("access_stopped_at"), incident.text("tampering_check")) {
        (Some(at), Some(_)) => StepState::Done(Some(at)),
        _ => StepState::Open,
    }
}

fn authority(incident: &Incident) -> StepState {
    let notices = incident.related("authority-notices");
    let told = notices.iter().filter_map(|notice| At::of(notice, "told_at")).min();
    let not_needed = notices.iter().find(|notice| notice.state == "not-needed");
    match (told, not_needed) {
        (Some(at), _) => StepState::Done(Some(at)),
        (None, Some(notice)) => StepState::NotNeeded(notice.text("reason_not_needed")),
        (None, None) => StepState::Open,
    }
}

fn reviewed(incident: &Incident) -> StepState {
    let reviews = incident.related("risk-reviews");
    let reviewed = reviews.iter().filter_map(|review| At::of(review, "reviewed_on")).max();
    reviewed.map_or(StepState::Open, |at| StepState::Done(Some(at)))
}
