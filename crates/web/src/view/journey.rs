//! The first hour with a service: the steps from a blank one to a first document, and where it stands.
//!
//! Nothing is ticked and kept: each step is done when what it asks for is there.

use shirube_catalog::ControlId;
use shirube_safety::model::PartyKind;
use shirube_safety::{Service, ServiceFiles};

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    pub title: &'static str,
    pub why: &'static str,
    /// What there is already.
    pub there: String,
    /// What is missing; empty when the step is done.
    pub missing: &'static str,
    /// What to press, and the address below the service.
    pub action: &'static str,
    pub href: String,
    pub minutes: u32,
}

impl Step {
    pub fn is_done(&self) -> bool {
        self.missing.is_empty()
    }
}

/// All steps, in the order of the work.
#[derive(Debug, Clone)]
pub struct Journey {
    pub steps: Vec<Step>,
}

impl Journey {
    pub fn new(service: &Service) -> Self {
        let files = service.files;
        let mut steps = of_model(files);
        steps.extend(of_judgement(service));
        Self { steps }
    }

    pub fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.is_done()).count()
    }

    /// The first step that is not done.
    pub fn next(&self) -> Option<&Step> {
        self.steps.iter().find(|step| !step.is_done())
    }

    pub fn is_next(&self, step: &Step) -> bool {
        self.next().is_some_and(|next| std::ptr::eq(next, step))
    }

    /// How long the rest takes, roughly.
    pub fn minutes_left(&self) -> u32 {
        self.steps.iter().filter(|step| !step.is_done()).map(|step| step.minutes).sum()
    }
}

/// Says how many of each there are, without those of which there is none.
fn counted(counts: &[(&str, usize)]) -> String {
    let all: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}{count}")).collect();
    if all.is_empty() { "まだ何もありません".to_owned() } else { all.join("、") }
}

/// Address of the form for a new record of a list.
fn new_record(file: &str, list: &str) -> String {
    format!("/record?file={file}&list={list}")
}

fn of_model(files: &ServiceFiles) -> Vec<Step> {
    let (service, system) = (&files.service, &files.system);
    // Templates mark what has to be filled in by full-width brackets.
    let blank = |name: &str| name.trim().is_empty() || name.starts_with('（');
    let institutions = service.parties.iter().filter(|party| party.kind == PartyKind::Institution).count();
    let unnamed = blank(&service.service.name) || service.parties.iter().any(|party| blank(&party.name));
    let parties = match (unnamed, institutions, service.parties.len()) {
        (true, ..) => {
            ("名前の入っていない組織があります。", "組織の名前を書く", "/model?part=service#list-parties".to_owned())
        }
        (_, 0, _) => ("医療機関等がありません。", "医療機関等を加える", new_record("shirube", "parties")),
        (_, _, 0 | 1) => ("関わる組織がそろっていません。", "組織を加える", new_record("shirube", "parties")),
        _ => ("", "組織を見る", "/model?part=service#list-parties".to_owned()),
    };
    let asks = |is_there: bool, missing: &'static str| if is_there { "" } else { missing };
    let information = match (system.information_classes.is_empty(), system.information.is_empty()) {
        (true, _) => ("情報の分類と重要度がありません。", "分類を加える", "information_classes"),
        (_, true) => ("扱う情報がありません。", "情報を加える", "information"),
        _ => ("", "情報を加える", "information"),
    };
    let handlings = match (system.actors.is_empty(), system.handlings.is_empty()) {
        (true, _) => ("扱う人がありません。", "人を加える", "actors"),
        (_, true) => ("誰がどの機器で何をするかがありません。", "処理を加える", "handlings"),
        _ if system.links.is_empty() && system.nodes.len() > 1 => {
            ("機器の間の接続がありません。", "接続を加える", "links")
        }
        _ => ("", "処理を加える", "handlings"),
    };
    vec![
        Step {
            title: "関わる組織を書く",
            why: "誰が何を持ち、誰が責任を負うかは、組織の名前がないと書けません。",
            there: counted(&[("組織", service.parties.len())]),
            missing: parties.0,
            action: parties.1,
            href: parties.2,
            minutes: 5,
        },
        Step {
            title: "拠点を書く",
            why: "情報と機器がどこにあるか、責任の境目のどちら側かを決めます。",
            there: counted(&[("拠点", system.sites.len())]),
            missing: asks(!system.sites.is_empty(), "拠点がありません。"),
            action: "拠点を加える",
            href: new_record("system", "sites"),
            minutes: 5,
        },
        Step {
            title: "機器と媒体を書く",
            why: "リスクは、どの機器で扱うかによって変わります。初めは主なものだけで足ります。",
            there: counted(&[("機器や媒体", system.nodes.len())]),
            missing: asks(!system.nodes.is_empty(), "機器がありません。"),
            action: "機器を加える",
            href: new_record("system", "nodes"),
            minutes: 10,
        },
        Step {
            title: "情報と重要度を書く",
            why: "何が漏れ、何が失われると困るかを決めます。重要度は、影響度の案の出発点になります。",
            there: counted(&[("分類", system.information_classes.len()), ("情報", system.information.len())]),
            missing: information.0,
            action: information.1,
            href: new_record("system", information.2),
            minutes: 5,
        },
        Step {
            title: "接続と処理を書く",
            why: "誰がどの機器で何をするかと、機器の間のつながりから、情報流が作られます。",
            there: counted(&[
                ("人", system.actors.len()),
                ("接続", system.links.len()),
                ("処理", system.handlings.len()),
            ]),
            missing: handlings.0,
            action: handlings.1,
            href: new_record("system", handlings.2),
            minutes: 15,
        },
    ]
}

fn of_judgement(service: &Service) -> Vec<Step> {
    let (files, counts) = (service.files, service.assessment.counts());
    let proposed = service.assessment.risks.iter().find(|risk| risk.signed().is_none());
    let controls = &service.answers.conformity.controls;
    let answered = controls.len() - service.answers.conformity.unanswered();
    let first = "1.1-1-1".parse().map(ControlId::ascii).unwrap_or_default();
    let written = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let document = &files.service.document;
    let is_covered = written(&document.number) && written(&document.author);
    vec![
        Step {
            title: "情報流を見る",
            why: "書いたことから作られた一覧を、人が最後まで見ます。抜けと、実際にはないものが見つかります。",
            there: counted(&[("情報流", counts.flows)]),
            missing: match (counts.flows, &files.system.flows_reviewed) {
                (0, _) => "情報流がまだ作られていません。",
                (_, None) => "見て確かめた記録がありません。",
                _ => "",
            },
            action: "情報流の一覧を見る",
            href: "/flows".to_owned(),
            minutes: 10,
        },
        Step {
            title: "初めのリスクを決める",
            why: "値の案は規則が示します。責任をもって決めるのは人です。まず一つ決めると、進め方が分かります。",
            there: counted(&[("決めたリスク", counts.decided), ("案のままのリスク", counts.risks - counts.decided)]),
            missing: if counts.decided == 0 { "決めたリスクがありません。" } else { "" },
            action: "リスクを一つ決める",
            href: proposed.map_or_else(|| "/risks".to_owned(), |risk| format!("/risks/{}", risk.number)),
            minutes: 5,
        },
        Step {
            title: "初めの対策項目に答える",
            why: "医療機関等は、別紙2の答えで対策の様子を知ります。分からない項目は未回答のままにできます。",
            there: counted(&[("答えた項目", answered)]),
            missing: if answered == 0 { "答えた項目がありません。" } else { "" },
            action: "対策項目に答える",
            href: format!("/controls/{first}"),
            minutes: 5,
        },
        Step {
            title: "文書の案を開く",
            why: "ここまで書いたことが、医療機関等に渡す文書になります。案の間は、すべての頁に案と出ます。",
            there: if is_covered {
                "表紙の番号と作成者".to_owned()
            } else {
                "まだ何もありません".to_owned()
            },
            missing: if is_covered { "" } else { "表紙に載せる番号と作成者がありません。" },
            action: if is_covered { "文書の案を見る" } else { "表紙の事柄を書く" },
            href: if is_covered { "/documents".to_owned() } else { "/record?file=shirube&at=document".to_owned() },
            minutes: 5,
        },
    ]
}
