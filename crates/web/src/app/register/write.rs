//! What forms write into registers: new entries, other values, steps and duties.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use shirube_catalog::{DutyPer, FieldKind, Register, RegisterField, StepBy};
use shirube_safety::operation::register::{Act, Book, Entry, LogLine, Outcome};
use shirube_safety::typed::day;
use shirube_store::{Change, Event, Missing, NewRegisterRecord, StoreError, WantedItems};

use super::body::{Body, duty_token, line, token};
use super::fields::typed;
use super::ledger::Ledger;
use super::list::{InRegister, encoded, refused};
use super::show::{InEntry, Known, Told, Typed, TypedDone, blocked, errors, known, of_entry, of_new};
use super::words::{word, words};
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::sign_in::From;
use crate::app::{App, message, world};
use crate::shown::Shown;

/// Longest remark, and longest name of evidence.
const LONGEST_CHARS: usize = 2000;

/// Who writes, and where.
pub(super) struct Doing<'a> {
    pub app: &'a App,
    pub from: &'a From,
    pub acting: &'a Acting,
    pub at: &'a InRegister,
    pub ledger: &'a Ledger,
    pub register: &'a Register,
}

/// What was written, or what stands against it.
type Written<T> = Result<Result<T, Told>, StoreError>;

/// `POST …/registers/{register}/new`.
pub async fn create(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InRegister>,
    sent: Fields,
) -> Response {
    let made = async {
        let ledger = Ledger::read(&app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
        let doing = Doing { app: &app, from: &from, acting: &acting, at: &at, ledger: &ledger, register };
        doing.create(&sent).await
    };
    match made.await {
        Ok(Ok(item)) => to(&shown, &at.register, &item, "made"),
        Ok(Err(told)) => of_new(&app, &acting, &shown, &at, &sent, told).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

/// `POST …/registers/{register}/e/{item}`: other values, a step that anybody takes, or a duty that was done.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InEntry>,
    sent: Fields,
) -> Response {
    changed(&app, &from, &acting, &shown, &at, &sent, Way::Edit).await
}

/// With which right something is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Edit,
    Approve,
}

async fn changed(
    app: &App,
    from: &From,
    acting: &Acting,
    shown: &Shown,
    at: &InEntry,
    sent: &Fields,
    way: Way,
) -> Response {
    let of = at.register();
    let mut values = None;
    let made = async {
        let ledger = Ledger::read(app, &of.service(), shown.revision.unwrap_or_default()).await?;
        let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
        let known = known(app, register, at).await?;
        let doing = Doing { app, from, acting, at: &of, ledger: &ledger, register };
        values = Some(match sent.text("do") {
            "step" | "duty" => Typed { done: TypedDone::of(sent), ..Typed::default() },
            _ => Typed { values: Some((typed(register, sent).0, sent.has("hold"))), ..Typed::default() },
        });
        if sent.text("number").parse() != Ok(known.item.number) {
            return Ok(Err(mistake(StoreError::RecordMeanwhile { item: at.item.clone() }.to_string())));
        }
        match (sent.text("do"), way) {
            ("step", way) => doing.step(&known, sent, way).await.map(|done| done.map(|()| "step")),
            ("duty", Way::Edit) => doing.duty(&known, sent).await.map(|done| done.map(|()| "duty")),
            (_, Way::Edit) => doing.rewrite(&known, sent).await.map(|done| done.map(|()| "written")),
            (_, Way::Approve) => Ok(Err(mistake("行う手続を選んでください。".to_owned()))),
        }
    };
    match made.await {
        Ok(Ok(done)) => to(shown, &at.register, &at.item, done),
        Ok(Err(told)) => of_entry(app, acting, shown, at, values, told).await,
        Err(error @ StoreError::RecordMeanwhile { .. }) => {
            of_entry(app, acting, shown, at, values, mistake(error.to_string())).await
        }
        Err(error) => message::missing_or_failed(app, &acting.visitor, &error),
    }
}

/// `POST …/registers/{register}/e/{item}/approve`: a step that only whoever approves takes.
pub async fn approve(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InEntry>,
    sent: Fields,
) -> Response {
    changed(&app, &from, &acting, &shown, &at, &sent, Way::Approve).await
}

/// `POST …/registers/{register}`: a duty of the whole register was done.
pub async fn did(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<InRegister>,
    sent: Fields,
) -> Response {
    let made = async {
        let ledger = Ledger::read(&app, &at.service(), shown.revision.unwrap_or_default()).await?;
        let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
        let doing = Doing { app: &app, from: &from, acting: &acting, at: &at, ledger: &ledger, register };
        doing.duty_of_register(&sent).await
    };
    let base = format!("{}/registers/{}", shown.base, at.register);
    match made.await {
        Ok(Ok(())) => Redirect::to(&format!("{base}?done=duty")).into_response(),
        Ok(Err(told)) => refused(&app, &acting, &shown, &at, told.mistakes, TypedDone::of(&sent)).await,
        Err(error) => message::missing_or_failed(&app, &acting.visitor, &error),
    }
}

fn to(shown: &Shown, register: &str, item: &str, done: &str) -> Response {
    Redirect::to(&format!("{}/registers/{register}/e/{}?done={done}", shown.base, encoded(item))).into_response()
}

/// Entries of registers that an entry refers to, as far as they are there, so that the rules find them.
pub async fn others(
    app: &App,
    ledger: &Ledger,
    register: &Register,
    at: &InRegister,
    entry: &Entry,
) -> Result<Vec<Book>, StoreError> {
    let mut books: BTreeMap<String, Book> = BTreeMap::new();
    let referring = register.fields.iter().filter(|field| field.kind == FieldKind::Entry);
    for (field, of) in referring.filter_map(|field| Some((field, field.of.as_ref()?))) {
        let Some(other) = ledger.register(of) else { continue };
        let book = books.entry(of.clone()).or_insert_with(|| Book { register: of.clone(), ..Book::default() });
        for value in entry.values(&field.id) {
            let found = app.store().register_item(&at.organisation, &at.service, of, &value.to_string()).await;
            match found {
                Ok(item) => book.entries.push(super::body::entry(other, &item)?),
                Err(StoreError::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(books.into_values().collect())
}

impl Doing<'_> {
    pub fn today(&self) -> NaiveDate {
        world::date(self.app.now())
    }

    pub async fn create(&self, sent: &Fields) -> Written<String> {
        let (values, mut of_fields) = typed(self.register, sent);
        let body = Body { values, person: self.acting.reader.name.clone(), ..Body::default() };
        let state = self.register.first_state().id.clone();
        let item = match self.register.key() {
            Some(field) => body.values.get(&field.id).cloned().unwrap_or_default(),
            None => match body.entry(self.register, "", &state).own_name(self.register) {
                Some(name) => name,
                None => self.free_number().await?,
            },
        };
        let key = self.register.key().map(|field| field.id.clone()).unwrap_or_default();
        of_fields.extend(name_fault(&item).map(|wrong| (key, wrong)));
        let entry = body.entry(self.register, &item, &state);
        if let Some(told) = self.against(&entry, &[], of_fields, None).await? {
            return Ok(Err(told));
        }
        let record = self.record(&entry, 0, String::new(), self.today(), &body, &[]);
        let note = format!("{}「{item}」を書き始めた", self.register.entry);
        match self.write_alone(&entry, record, note).await {
            Ok(written) => Ok(written.map(|()| item)),
            Err(StoreError::Exists(_)) => {
                let title = self.register.key().map_or("番号", |field| &field.title);
                Ok(Err(mistake(format!("「{title}」の「{item}」は、すでにあります。"))))
            }
            Err(error @ StoreError::Id(_)) => Ok(Err(mistake(error.to_string()))),
            Err(error) => Err(error),
        }
    }

    /// The next number of a register whose entries have no name of their own.
    async fn free_number(&self) -> Result<String, StoreError> {
        let at = self.at;
        let sizes = self.app.store().register_sizes(&at.organisation, &at.service, &[&at.register]).await?;
        let mut number = sizes.get(&at.register).copied().unwrap_or_default() + 1;
        loop {
            let item = format!("{number:04}");
            match self.app.store().register_item(&at.organisation, &at.service, &at.register, &item).await {
                Err(StoreError::Missing(_)) => return Ok(item),
                Err(error) => return Err(error),
                Ok(_) => number += 1,
            }
        }
    }

    async fn rewrite(&self, known: &Known, sent: &Fields) -> Written<()> {
        let (values, of_fields) = typed(self.register, sent);
        let hold = sent.has("hold");
        let body = Body { values, hold, person: self.acting.reader.name.clone(), ..Body::default() };
        let entry = body.entry(self.register, &known.item.item, &known.item.state);
        let renamed = self.register.key().filter(|key| entry.text(&key.id) != known.entry.text(&key.id));
        if let Some(key) = renamed {
            let text = format!(
                "「{}」は記録を見分けるためのものなので、書き直せません。番号を替えるときは、この記録を終え、新しい記録を書いてください。",
                key.title
            );
            return Ok(Err(Told { of_fields: vec![(key.id.clone(), text)], ..Told::default() }));
        }
        if let Some(told) = self.against(&entry, &known.lines, of_fields, Some(&known.entry)).await? {
            return Ok(Err(told));
        }
        if (&body.values, body.hold) == (&known.body.values, known.body.hold) {
            return Ok(Err(mistake("何も変わっていません。".to_owned())));
        }
        let record = self.record(&entry, known.item.number, String::new(), self.today(), &body, &known.lines);
        let note = format!("{}「{}」を書き直した", self.register.entry, entry.id);
        self.write_alone(&entry, record, note).await
    }

    pub async fn step(&self, known: &Known, sent: &Fields, way: Way) -> Written<()> {
        let step = self.register.step(sent.text("step")).filter(|step| step.from.contains(&known.item.state));
        let step = step.filter(|step| (step.by == StepBy::Approver) == (way == Way::Approve));
        let Some(step) = step else {
            return Ok(Err(mistake("いまの状態からは行えない手続です。".to_owned())));
        };
        if let Some(why) = blocked(self.acting, self.register, step, known) {
            return Ok(Err(mistake(format!("「{}」は記録していません。{why}", step.title))));
        }
        let (mut body, day) = match self.done(known.body.clone(), sent) {
            Ok(done) => done,
            Err(mistakes) => return Ok(Err(Told { mistakes, ..Told::default() })),
        };
        if step.by == StepBy::Institution {
            body.person = sent.text("person").to_owned();
            if body.person.is_empty() || body.evidence.is_empty() {
                let text = "医療機関等で承認した人の名前と、承認を示すもの（書面やメールの名前）を入力してください。";
                return Ok(Err(mistake(text.to_owned())));
            }
        }
        let guard = super::guard::against(self.app, self.ledger, self.at, step, &known.entry, &known.lines, day);
        let against = guard.await?;
        if !against.is_empty() {
            return Ok(Err(mistake(format!("「{}」は記録していません。{}", step.title, against.concat()))));
        }
        let entry = body.entry(self.register, &known.item.item, &step.to);
        let act = token(&Act::Step(step.id.clone()));
        let lines = self.with_line(known, &entry, &act, day, &body);
        let others = others(self.app, self.ledger, self.register, self.at, &entry).await?;
        let before = errors(self.ledger.check(self.register, &known.entry, &known.lines, others.clone()));
        let mut mistakes = errors(self.ledger.check(self.register, &entry, &lines, others));
        // What stood against the entry before stays to be looked at, and does not hold up its way.
        mistakes.retain(|mistake| !before.contains(mistake));
        if !mistakes.is_empty() {
            return Ok(Err(Told { mistakes, ..Told::default() }));
        }
        let record = self.record(&entry, known.item.number, act, day, &body, &lines);
        let note = format!("{}「{}」: {}", self.register.entry, entry.id, step.title);
        self.write(record, "register.step", note).await.map(Ok)
    }

    pub async fn duty(&self, known: &Known, sent: &Fields) -> Written<()> {
        let duty = self.register.duty(sent.text("duty")).filter(|duty| duty.per == DutyPer::Entry);
        let Some(duty) = duty.filter(|duty| self.register.has_duty_in(duty, &known.item.state)) else {
            return Ok(Err(mistake("いまの状態では行わない務めです。".to_owned())));
        };
        let (body, day) = match self.done(known.body.clone(), sent) {
            Ok(done) => done,
            Err(mistakes) => return Ok(Err(Told { mistakes, ..Told::default() })),
        };
        let act = duty_token(&duty.id, came_out(&body));
        let lines = self.with_line(known, &known.entry, &act, day, &body);
        let record = self.record(&known.entry, known.item.number, act, day, &body, &lines);
        let note = format!("{}「{}」: {}", self.register.entry, known.item.item, duty.title);
        self.write(record, "register.duty", note).await.map(Ok)
    }

    pub async fn duty_of_register(&self, sent: &Fields) -> Written<()> {
        let Some(duty) = self.register.duty(sent.text("duty")).filter(|duty| duty.per == DutyPer::Register) else {
            return Ok(Err(mistake("行ったことを選んでください。".to_owned())));
        };
        let (body, day) = match self.done(Body::default(), sent) {
            Ok(done) => done,
            Err(mistakes) => return Ok(Err(Told { mistakes, ..Told::default() })),
        };
        let at = self.at;
        let act = duty_token(&duty.id, came_out(&body));
        let mut lines = super::show::lines(self.app, at, "").await?;
        lines.push(self.line("", &act, day, &body));
        in_order(&mut lines);
        let record = NewRegisterRecord {
            register: at.register.clone(),
            step: act,
            day: day.to_string(),
            body: body.written(),
            due: self.ledger.next(self.register, None, &lines, self.today()),
            ..NewRegisterRecord::default()
        };
        self.write(record, "register.duty", format!("{}: {}", self.register.title, duty.title)).await.map(Ok)
    }

    /// What the form says of something that was done, and the day.
    fn done(&self, body: Body, sent: &Fields) -> Result<(Body, NaiveDate), Vec<String>> {
        let mut mistakes = Vec::new();
        let day = match day(sent.text("on")) {
            Ok(day) if day > self.today() => {
                mistakes.push(format!("行った日（{day}）が、今日より後です。行ってから記録してください。"));
                day
            }
            Ok(day) => day,
            Err(wrong) => {
                mistakes.push(format!("行った日: {wrong}"));
                self.today()
            }
        };
        for (name, title) in [("remark", "備考"), ("evidence", "証跡"), ("person", "承認した人")] {
            if sent.text(name).chars().count() > LONGEST_CHARS {
                mistakes.push(format!("「{title}」は{LONGEST_CHARS}文字までで入力してください。"));
            }
        }
        let outcome = Outcome::ALL.iter().copied().find(|one| one.token() == sent.text("outcome"));
        let body = Body {
            person: self.acting.reader.name.clone(),
            outcome: outcome.unwrap_or(Outcome::Done).token().to_owned(),
            remark: sent.text("remark").to_owned(),
            evidence: sent.text("evidence").to_owned(),
            ..body
        };
        if mistakes.is_empty() { Ok((body, day)) } else { Err(mistakes) }
    }

    /// What stands against an entry: mistakes of its fields, what the rules tell, and names that are taken. What stood
    /// against it `before` stays to be looked at, and does not keep anybody from mending something else.
    async fn against(
        &self,
        entry: &Entry,
        lines: &[LogLine],
        of_fields: Vec<(String, String)>,
        before: Option<&Entry>,
    ) -> Result<Option<Told>, StoreError> {
        let others = others(self.app, self.ledger, self.register, self.at, entry).await?;
        let mut mistakes = errors(self.ledger.check(self.register, entry, lines, others));
        if let Some(before) = before {
            let others = self::others(self.app, self.ledger, self.register, self.at, before).await?;
            let stood = errors(self.ledger.check(self.register, before, lines, others));
            mistakes.retain(|mistake| !stood.contains(mistake));
        }
        mistakes.extend(self.all_taken(entry).await?);
        let told = Told { mistakes, of_fields, ..Told::default() };
        Ok(Some(told).filter(|told| !told.mistakes.is_empty() || !told.of_fields.is_empty()))
    }

    /// Everything of an entry that may stand in one only and stands in another.
    async fn all_taken(&self, entry: &Entry) -> Result<Vec<String>, StoreError> {
        let mut mistakes = Vec::new();
        for field in self.register.fields.iter().filter(|field| field.unique) {
            mistakes.extend(self.taken(field, entry).await?);
        }
        Ok(mistakes)
    }

    /// Whether another entry has what may stand in one only.
    async fn taken(&self, field: &RegisterField, entry: &Entry) -> Result<Option<String>, StoreError> {
        let value = entry.text(&field.id);
        if value.is_empty() {
            return Ok(None);
        }
        let folded = word(&value);
        let wanted = WantedItems { words: &[(&field.id, &folded)], limit: 2, ..WantedItems::default() };
        let at = self.at;
        let found = self.app.store().register_page(&at.organisation, &at.service, &at.register, &wanted).await?;
        let other = found.items.into_iter().find(|item| item.item != entry.id);
        Ok(other.map(|other| {
            format!(
                "「{}」の「{value}」は、「{}」にも書かれています。同じものを二度書けない欄です。",
                field.title, other.item
            )
        }))
    }

    fn line(&self, item: &str, act: &str, day: NaiveDate, body: &Body) -> LogLine {
        let record = shirube_store::RegisterRecord {
            register: self.register.id.clone(),
            item: item.to_owned(),
            number: 0,
            step: act.to_owned(),
            state: String::new(),
            day: day.to_string(),
            body: String::new(),
            entry: 0,
            at: String::new(),
            actor: String::new(),
        };
        line(&record, body).expect("a step or a duty on a day is a line")
    }

    fn with_line(&self, known: &Known, entry: &Entry, act: &str, day: NaiveDate, body: &Body) -> Vec<LogLine> {
        let mut lines = known.lines.clone();
        lines.push(self.line(&entry.id, act, day, body));
        in_order(&mut lines);
        lines
    }

    /// A record with the words and the days that follow from it.
    pub fn record(
        &self,
        entry: &Entry,
        based_on: u64,
        step: String,
        day: NaiveDate,
        body: &Body,
        lines: &[LogLine],
    ) -> NewRegisterRecord {
        NewRegisterRecord {
            register: self.register.id.clone(),
            item: entry.id.clone(),
            based_on,
            step,
            state: entry.state.clone(),
            day: day.to_string(),
            body: body.written(),
            words: words(self.register, entry),
            due: self.ledger.next(self.register, Some(entry), lines, self.today()),
        }
    }

    /// Writes the values of an entry. The change holds the organisation, so of two people who write the same name at
    /// once one is told.
    async fn write_alone(&self, entry: &Entry, record: NewRegisterRecord, note: String) -> Written<()> {
        let change = self.app.store().begin(&self.at.organisation).await?;
        let mistakes = self.all_taken(entry).await?;
        if !mistakes.is_empty() {
            return Ok(Err(Told { mistakes, ..Told::default() }));
        }
        self.write_into(change, record, "register.written", note).await.map(Ok)
    }

    async fn write(&self, record: NewRegisterRecord, action: &str, note: String) -> Result<(), StoreError> {
        let change = self.app.store().begin(&self.at.organisation).await?;
        self.write_into(change, record, action, note).await
    }

    async fn write_into(
        &self,
        mut change: Change,
        record: NewRegisterRecord,
        action: &str,
        note: String,
    ) -> Result<(), StoreError> {
        change.write_registers(&self.at.service, &[record]).await?;
        let event = Event { action: action.to_owned(), note };
        change.commit(&self.acting.reader.person, self.from.origin(), &self.app.at(), event).await.map(drop)
    }
}

/// Entries that are begun together, for one reason.
pub struct Begun<'a> {
    pub from: &'a From,
    pub acting: &'a Acting,
    pub at: &'a InRegister,
    pub ledger: &'a Ledger,
    /// What the trail says of it.
    pub note: String,
}

/// Begins entries that their cells tell apart, in one change: all of them, or none.
pub async fn begin_all(
    app: &App,
    begun: Begun<'_>,
    cells: Vec<BTreeMap<String, String>>,
) -> Result<Result<(), Vec<String>>, StoreError> {
    let Begun { from, acting, at, ledger, note } = begun;
    let register = ledger.register(&at.register).ok_or(StoreError::Missing(Missing::RegisterItem))?;
    let doing = Doing { app, from, acting, at, ledger, register };
    // It holds the organisation, so of two people who begin the same at once one is told.
    let mut change = app.store().begin(&at.organisation).await?;
    let (mut records, mut mistakes) = (Vec::new(), Vec::new());
    for values in cells {
        let body = Body { values, person: acting.reader.name.clone(), ..Body::default() };
        let state = &register.first_state().id;
        let item = match register.key() {
            Some(field) => body.values.get(&field.id).cloned(),
            None => body.entry(register, "", state).own_name(register),
        };
        let item = item.unwrap_or_default();
        let entry = body.entry(register, &item, state);
        mistakes.extend(name_fault(&item));
        if let Some(told) = doing.against(&entry, &[], Vec::new(), None).await? {
            mistakes.extend(told.mistakes);
        }
        records.push(doing.record(&entry, 0, String::new(), doing.today(), &body, &[]));
    }
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    change.write_registers(&at.service, &records).await?;
    let event = Event { action: "register.written".to_owned(), note };
    change.commit(&acting.reader.person, from.origin(), &app.at(), event).await.map(|_| Ok(()))
}

/// How a duty came out.
fn came_out(body: &Body) -> Outcome {
    Outcome::ALL.iter().copied().find(|one| one.token() == body.outcome).unwrap_or(Outcome::Done)
}

/// Longest name of an entry.
const LONGEST_NAME_CHARS: usize = 200;

/// Why an entry cannot be called this; it is part of an address.
pub fn name_fault(name: &str) -> Option<String> {
    let is_bad = name.contains('/') || name.chars().any(char::is_control) || matches!(name, "." | "..");
    if is_bad {
        return Some(format!(
            "「{name}」は、記録を見分ける番号に使えません。「/」や改行を含まないものにしてください。"
        ));
    }
    let is_long = name.chars().count() > LONGEST_NAME_CHARS;
    is_long.then(|| format!("記録を見分ける番号は、{LONGEST_NAME_CHARS}文字までにしてください。"))
}

fn mistake(text: String) -> Told {
    Told { mistakes: vec![text], ..Told::default() }
}

/// Lines of one day keep the order in which they were written.
fn in_order(lines: &mut [LogLine]) {
    lines.sort_by_key(|line| line.on);
}
