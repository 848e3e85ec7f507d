//! A step of explanation or agreement, taken from a form and kept with what was shown (AGREE-001, -002, -008).

use std::collections::{BTreeMap, BTreeSet};

use shirube_safety::agreement::{AgreementMeans, AgreementRecord, AgreementStep, Standing};
use shirube_safety::model::Date;
use shirube_store::StoreError;

use super::agreement::Wanted;
use super::fill;
use super::kept::{Answer, Customer, Delivery, Note, Pin, Receipt, Relation, Step, Written};
use super::work::{self, Told};
use crate::app::fields::Fields;
use crate::app::{App, world};

/// A step as somebody wants to take it.
pub struct Taking {
    pub step: AgreementStep,
    pub items: Vec<String>,
    /// Kinds of which all items are taken that can take the step.
    pub kinds: Vec<String>,
    pub on: Date,
    pub by: String,
    pub with: Option<String>,
    pub means: Option<AgreementMeans>,
    pub evidence: Vec<String>,
    pub note: Option<String>,
}

impl Taking {
    fn record(&self, step: AgreementStep, items: Vec<String>, note: Option<String>) -> AgreementRecord {
        let own = step == self.step;
        AgreementRecord {
            step,
            items,
            on: self.on,
            by: self.by.clone(),
            with: self.with.clone().filter(|_| own),
            means: self.means.filter(|_| own),
            evidence: if own { self.evidence.clone() } else { Vec::new() },
            source: None,
            note,
        }
    }

    /// What is wrong with it, whatever it is about.
    fn mistakes(&self, today: Date) -> Vec<String> {
        use AgreementStep::{Agreed, Disagreed, Explained, Reopened};
        let mut mistakes = Vec::new();
        if self.items.is_empty() && self.kinds.is_empty() {
            mistakes.push("合意事項を一つ以上選んでください。".to_owned());
        }
        if self.on.0 > today.0 {
            mistakes.push(format!("日付「{}」は未来の日付です。説明や合意をした日を入力してください。", self.on));
        }
        if self.step != Reopened && self.with.is_none() {
            mistakes.push("医療機関等の側の人（役職と氏名）を入力してください。".to_owned());
        }
        if self.step == Agreed && !self.means.is_some_and(AgreementMeans::is_contractual) {
            mistakes.push(
                "「合意（明示的合意）」には、契約書・覚書、サービスレベル合意書、画面での回答のどれかが要ります。打合せや電子メールで確かめただけなら「説明済（共通理解）」です（3.2.1）。"
                    .to_owned(),
            );
        }
        if self.step == Explained && self.means.is_none() {
            mistakes.push("説明の手段を選んでください。".to_owned());
        }
        if matches!(self.step, Explained | Agreed) && self.evidence.is_empty() {
            mistakes.push("議事メモや合意書など、あとから示せるものの名前を入力してください。".to_owned());
        }
        if matches!(self.step, Disagreed | Reopened) && self.note.is_none() {
            mistakes.push("何に合意できないのか、何が変わったのかを、理由に入力してください。".to_owned());
        }
        mistakes
    }
}

/// What the form says, or what is wrong with it.
fn filled(fields: &Fields) -> Result<Taking, Vec<String>> {
    let mut mistakes = Vec::new();
    let step = fill::chosen(AgreementStep::ALL, AgreementStep::token, fields.text("step"));
    if step.is_none() {
        mistakes.push("進める段階を選んでください。".to_owned());
    }
    let on = fill::day(fields, "on", "日付", &mut mistakes);
    if fields.text("on").is_empty() {
        mistakes.push("説明や合意をした日を入力してください。".to_owned());
    }
    let by = fill::text(fields, "by");
    if by.is_none() {
        mistakes.push("対象事業者の側の人を入力してください。".to_owned());
    }
    let (Some(step), Some(on), Some(by)) = (step, on, by) else { return Err(mistakes) };
    let lines = fields.text("evidence").lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(Taking {
        step,
        items: fields.all("item").map(str::to_owned).collect(),
        kinds: fields.all("kind").map(str::to_owned).collect(),
        on,
        by,
        with: fill::text(fields, "with"),
        means: fill::chosen(AgreementMeans::ALL, AgreementMeans::token, fields.text("means")),
        evidence: lines.map(str::to_owned).collect(),
        note: fill::text(fields, "note"),
    })
}

/// The step of a form of the provider's page.
pub async fn taken(
    app: &App,
    (organisation, service): (&str, &str),
    customer: &Customer,
    pin: Pin,
    fields: &Fields,
) -> Result<Result<Wanted, Vec<String>>, StoreError> {
    let taking = match filled(fields) {
        Ok(taking) => taking,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    let note = format!("{}: {}", customer.facts.name, taking.step.term());
    let records = take(app, (organisation, service), customer, pin, taking).await?;
    Ok(records.map(|records| Wanted { records, action: "agreement.step", note, done: "step" }))
}

/// A step as records, or what stands against it. What has changed since it was agreed is re-opened first, with what
/// changed as the reason.
pub async fn take(
    app: &App,
    (organisation, service): (&str, &str),
    customer: &Customer,
    pin: Pin,
    taking: Taking,
) -> Result<Result<Vec<Written>, Vec<String>>, StoreError> {
    let relation = customer.relations.get(service).cloned().unwrap_or_default();
    let mistakes = taking.mistakes(Date(world::date(app.now())));
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    let (facts, wanted) = (customer.facts.clone(), work::wanted(pin.revision, [&relation]));
    let records = work::worked(app, (organisation, service), wanted, move |lists| {
        let newer = newer(&relation, pin);
        work::stand(lists, pin, &facts, &relation, |told| steps(told, &taking, &newer))
    });
    let records = records.await?;
    let written =
        |record: AgreementRecord| Written::new(&customer.id, Some(service), &Note::Step(&Step { record, pin }));
    Ok(records.map(|records| records.into_iter().map(written).collect()))
}

/// The items that are meant: those that were named, and of each kind those that can take the step.
fn chosen(standings: &[Standing], taking: &Taking) -> Vec<String> {
    let of_kind = |standing: &&Standing| {
        taking.kinds.iter().any(|kind| kind == standing.item.kind.token()) && standing.next().contains(&taking.step)
    };
    let mut chosen = taking.items.clone();
    let more = standings.iter().filter(of_kind).map(|standing| standing.item.key.clone());
    chosen.extend(more.filter(|key| !taking.items.contains(key)).collect::<Vec<_>>());
    chosen
}

/// Items about which something newer was recorded than what somebody looks at.
pub fn newer(relation: &Relation, pin: Pin) -> BTreeSet<String> {
    let mut newer = BTreeSet::new();
    for step in &relation.steps {
        for key in &step.what.record.items {
            match relation.is_newer(step.what.pin, pin) {
                true => newer.insert(key.clone()),
                false => newer.remove(key),
            };
        }
    }
    newer
}

/// What stands against a step about an item that is there.
fn against(standing: &Standing, taking: &Taking, newer: &BTreeSet<String>) -> Option<String> {
    let title = &standing.item.title;
    if newer.contains(&standing.item.key) {
        return Some(format!("「{title}」には、この画面より新しい内容についての記録があります。"));
    }
    if let Some(last) = standing.last.map(|pinned| pinned.record.on).filter(|last| last.0 > taking.on.0) {
        return Some(format!("「{title}」には、日付「{}」より新しい記録（{last}）があります。", taking.on));
    }
    let may = standing.next().contains(&taking.step);
    (!may).then(|| format!("「{title}」は「{}」なので、「{}」に進めません。", standing.term(), taking.step.term()))
}

fn steps(told: &Told, taking: &Taking, newer: &BTreeSet<String>) -> Result<Vec<AgreementRecord>, Vec<String>> {
    let standings = told.standings;
    let known: BTreeMap<&str, &Standing> =
        standings.iter().map(|standing| (standing.item.key.as_str(), standing)).collect();
    let (mut mistakes, mut reopened, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    let chosen = chosen(standings, taking);
    if chosen.is_empty() {
        return Err(vec![format!("選んだ種類に、「{}」に進める事項がありません。", taking.step.term())]);
    }
    for key in &chosen {
        let Some(standing) = known.get(key.as_str()) else {
            // What is gone is told, and nothing else can be said of it.
            let is_gone = told.gone.iter().any(|item| item.key == *key);
            if !is_gone || taking.step != AgreementStep::Explained {
                mistakes.push(format!("合意事項「{key}」は、今の一覧にありません。"));
            }
            continue;
        };
        mistakes.extend(against(standing, taking, newer));
        if let Some(changed) = &standing.changed {
            reopened.push(key.clone());
            reasons.push(changed.text.clone());
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut records = Vec::new();
    // Only what was agreed is re-opened; what was only explained is explained anew.
    let was_agreed = |key: &String| {
        let last = known.get(key.as_str()).and_then(|standing| standing.last);
        last.is_some_and(|pinned| pinned.record.step == AgreementStep::Agreed)
    };
    reopened.retain(was_agreed);
    if !reopened.is_empty() && taking.step != AgreementStep::Reopened {
        records.push(taking.record(AgreementStep::Reopened, reopened, Some(reasons.join(""))));
    }
    records.push(taking.record(taking.step, chosen, taking.note.clone()));
    Ok(records)
}

/// What became of documents that were issued.
pub async fn receipt(
    app: &App,
    (organisation, service): (&str, &str),
    customer: &Customer,
    by: &str,
    fields: &Fields,
) -> Result<Result<Wanted, Vec<String>>, StoreError> {
    let mut mistakes = Vec::new();
    let issued = app.store().issued_to(organisation, &customer.id).await?;
    let issue = fields.text("issue").parse::<u64>().ok();
    let issue = issue
        .and_then(|issue| issued.iter().find(|document| document.entry.number == issue && document.service == service));
    let state = fill::chosen(&Delivery::ALL, Delivery::token, fields.text("state"));
    if issue.is_none() || state.is_none() {
        mistakes.push("文書と送付の状況を選んでください。".to_owned());
    }
    let on = fill::day(fields, "on", "日付", &mut mistakes);
    if fields.text("on").is_empty() {
        mistakes.push("日付を入力してください。".to_owned());
    }
    if let (Some(issue), Some(on)) = (issue, on) {
        let issued_on = world::read(&issue.entry.at).map(world::date);
        if on.0 > world::date(app.now()) || issued_on.is_some_and(|issued| on.0 < issued) {
            mistakes.push(format!("日付「{on}」は、発行した日から今日までの日にしてください。"));
        }
    }
    let (Some(issue), Some(state), Some(on), true) = (issue, state, on, mistakes.is_empty()) else {
        return Ok(Err(mistakes));
    };
    let note = fields.text("note").to_owned();
    let receipt = Receipt { issue: issue.entry.number, state, on: on.to_string(), by: by.to_owned(), note };
    let records = vec![Written::new(&customer.id, Some(service), &Note::Receipt(&receipt))];
    let note = format!("{}: {}", customer.facts.name, state.term());
    Ok(Ok(Wanted { records, action: "agreement.receipt", note, done: "receipt" }))
}

/// An answer to a question of the institution.
pub fn answer(customer: &Customer, service: &str, by: &str, fields: &Fields) -> Result<Wanted, Vec<String>> {
    let relation = &customer.relations[service];
    let question = fields.text("question").parse::<u64>().ok();
    let question = question.filter(|number| relation.questions.iter().any(|known| known.number == *number));
    let (Some(question), Some(text)) = (question, fill::text(fields, "text")) else {
        return Err(vec!["質問への答えを入力してください。".to_owned()]);
    };
    let answer = Answer { question, text, by: by.to_owned() };
    let records = vec![Written::new(&customer.id, Some(service), &Note::Answer(&answer))];
    Ok(Wanted { records, action: "agreement.answer", note: customer.facts.name.clone(), done: "answer" })
}
