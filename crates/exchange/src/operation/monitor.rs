//! Outages that monitors saw: notices of Prometheus Alertmanager, and tables of when something was up and down.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use shirube_form::folded;
use shirube_safety::calendar::Moment;
use shirube_safety::operation::level::OUTAGES;

use super::columns::{Column, Form, OUTAGE};
use super::line::Lines;
use crate::laid::Fault;
use crate::sheet::{Sheet, read};

/// A stop that a monitor saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The same each time the same stop is told.
    pub id: String,
    pub part: String,
    pub from: Moment,
    /// None while it goes on.
    pub until: Option<Moment>,
}

/// Reads what a monitor wrote: a notice or a list of notices in JSON, else a table.
pub fn observed(bytes: &[u8], name: &str) -> Result<Vec<Observed>, Vec<Fault>> {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let mut found = match text.first() {
        Some(b'{' | b'[') => of_alerts(text, name)?,
        _ => of_states(bytes)?,
    };
    found.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    Ok(found)
}

/// The webhook of Alertmanager, version 4; what else it says is not needed.
#[derive(Deserialize)]
struct Notice {
    alerts: Vec<Alert>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    #[serde(default)]
    labels: BTreeMap<String, String>,
    starts_at: String,
    #[serde(default)]
    ends_at: Option<String>,
    fingerprint: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Notices {
    One(Notice),
    Many(Vec<Notice>),
}

/// What Alertmanager writes for an end that has not come.
const NO_END: &str = "0001-01-01";

fn of_alerts(text: &[u8], name: &str) -> Result<Vec<Observed>, Vec<Fault>> {
    let fault = |message: String| vec![Fault { address: name.to_owned(), message }];
    let notices = serde_json::from_slice(text).map_err(|_| {
        fault("Alertmanagerの通知（alerts に startsAt と fingerprint のあるJSON）として読めません。webhookで届いたJSONをそのまま指定してください。".to_owned())
    })?;
    let notices = match notices {
        Notices::One(notice) => vec![notice],
        Notices::Many(notices) => notices,
    };
    let (mut seen, mut faults) = (BTreeMap::<String, Observed>::new(), Vec::new());
    for (at, alert) in notices.into_iter().flat_map(|notice| notice.alerts).enumerate() {
        let told = |message| Fault { address: format!("{name} alerts[{at}]"), message };
        match of_alert(alert) {
            // The last notice of a stop knows its end.
            Ok(one) => match seen.get_mut(&one.id) {
                Some(known) => known.until = one.until.or(known.until),
                None => drop(seen.insert(one.id.clone(), one)),
            },
            Err(message) => faults.push(told(message)),
        }
    }
    if faults.is_empty() { Ok(seen.into_values().collect()) } else { Err(faults) }
}

fn of_alert(alert: Alert) -> Result<Observed, String> {
    let moment = |text: &str| {
        text.parse::<Moment>()
            .map_err(|()| format!("「{text}」は日時として読めません。「2026-04-01T10:30:00+09:00」の形です。"))
    };
    let from = moment(&alert.starts_at)?;
    let end = alert.ends_at.as_deref().filter(|end| !end.is_empty() && !end.starts_with(NO_END));
    let until = end.map(moment).transpose()?;
    if until.is_some_and(|until| until < from) {
        return Err(format!("endsAt（{}）が startsAt（{from}）より前です。", alert.ends_at.unwrap_or_default()));
    }
    let label = |key: &str| alert.labels.get(key).map(String::as_str);
    let part: Vec<&str> = ["alertname", "instance"].into_iter().filter_map(label).collect();
    Ok(Observed { id: format!("am-{}-{}", alert.fingerprint, compact(from)), part: part.join(" "), from, until })
}

/// A time as a part of a name.
fn compact(moment: Moment) -> String {
    moment.to_string().chars().filter(char::is_ascii_digit).collect()
}

const STATES: Form = Form {
    file: "監視の記録",
    columns: &[
        Column { key: "time", headings: &["時刻", "日時", "timestamp"], required: true },
        Column { key: "target", headings: &["対象", "監視対象", "monitor"], required: true },
        Column { key: "state", headings: &["状態", "status"], required: true },
        Column { key: "note", headings: &["備考"], required: false },
    ],
};

const UP_OR_DOWN: &[(&[&str], bool)] =
    &[(&["up", "正常", "稼働", "1", "ok"], true), (&["down", "停止", "異常", "0", "critical"], false)];

/// From the first time something was down to the first time it was up again.
fn of_states(bytes: &[u8]) -> Result<Vec<Observed>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut by_target: BTreeMap<String, Vec<(Moment, bool)>> = BTreeMap::new();
    let lines = Lines::read(&STATES, bytes, &mut faults);
    for line in lines.iter().flat_map(Lines::rows) {
        let time = line.required_moment("time", &mut faults);
        let target = line.required("target", &mut faults);
        let state = line.required("state", &mut faults).and_then(|_| line.word("state", UP_OR_DOWN, &mut faults));
        if let (Some(time), Some(target), Some(is_up)) = (time, target, state) {
            by_target.entry(target).or_default().push((time, is_up));
        }
    }
    if !faults.is_empty() {
        return Err(faults.into_iter().map(Fault::from).collect());
    }
    Ok(by_target.into_iter().flat_map(|(target, states)| runs(&target, states)).collect())
}

fn runs(target: &str, mut states: Vec<(Moment, bool)>) -> Vec<Observed> {
    states.sort_unstable();
    let mut found: Vec<Observed> = Vec::new();
    for (time, is_up) in states {
        let open = found.last_mut().filter(|last| last.until.is_none());
        match (open, is_up) {
            (Some(open), true) => open.until = Some(time),
            (None, false) => {
                let id = format!("mon-{target}-{}", compact(time));
                found.push(Observed { id, part: target.to_owned(), from: time, until: None });
            }
            (Some(_), false) | (None, true) => {}
        }
    }
    found
}

/// `operations/outages.csv` with what a monitor saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub heading: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub added: Vec<Observed>,
    /// Outages that were open and have ended.
    pub ended: Vec<Observed>,
    /// So many were there already.
    pub known: usize,
}

/// Columns that a monitor knows something for.
const KEYS: [&str; 6] = ["id", "from", "until", "part", "detected", "source"];

/// Adds what is not there yet and ends what was open. What people wrote stays.
pub fn merged(outages: Option<&[u8]>, observed: &[Observed]) -> Result<Merged, Vec<Fault>> {
    let (heading, mut rows) = table(outages)?;
    let place = |key: &str| {
        let column = OUTAGE.columns.iter().find(|column| column.key == key);
        let names = column.into_iter().flat_map(|column| column.headings.iter().copied().chain([column.key]));
        let names: Vec<String> = names.map(folded).collect();
        heading.iter().position(|cell| names.contains(&folded(cell)))
    };
    let [id, _, until, ..] = KEYS.map(place);
    let (Some(id), Some(until)) = (id, until) else {
        let message = "見出しの行に「番号」と「終了」がありません。1行目に書いてください。".to_owned();
        return Err(vec![Fault { address: OUTAGES.to_owned(), message }]);
    };
    let at: HashMap<String, usize> = rows.iter().enumerate().map(|(at, row)| (row[id].clone(), at)).collect();
    let (mut added, mut ended, mut known) = (Vec::new(), Vec::new(), 0);
    for one in observed {
        match (at.get(&one.id), one.until) {
            (Some(at), Some(end)) if rows[*at][until].is_empty() => {
                rows[*at][until] = end.to_string();
                ended.push(one.clone());
            }
            (Some(_), _) => known += 1,
            (None, _) => {
                let mut row = vec![String::new(); heading.len()];
                for (place, cell) in KEYS.map(place).into_iter().zip(cells(one)) {
                    place.into_iter().for_each(|place| row[place].clone_from(&cell));
                }
                rows.push(row);
                added.push(one.clone());
            }
        }
    }
    Ok(Merged { heading, rows, added, ended, known })
}

/// In the order of [`KEYS`]. A monitor that reports a stop has found it.
fn cells(one: &Observed) -> [String; 6] {
    let until = one.until.map(|until| until.to_string()).unwrap_or_default();
    [one.id.clone(), one.from.to_string(), until, one.part.clone(), one.from.to_string(), "監視".to_owned()]
}

/// Headings and rows.
type Table = (Vec<String>, Vec<Vec<String>>);

/// Headings and rows as they stand, all of one length; the usual headings where there is no file.
fn table(outages: Option<&[u8]>) -> Result<Table, Vec<Fault>> {
    let Some(bytes) = outages else {
        return Ok((OUTAGE.columns.iter().map(|column| column.headings[0].to_owned()).collect(), Vec::new()));
    };
    let told = |message| vec![Fault { address: OUTAGES.to_owned(), message }];
    let book = read(bytes, OUTAGES).map_err(|error| told(error.to_string()))?;
    let Sheet { rows, .. } = book.sheets.into_iter().next().unwrap_or_default();
    let mut rows = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let heading = rows.next().unwrap_or_default();
    let sized = |mut row: Vec<String>| {
        row.resize(heading.len().max(row.len()), String::new());
        row
    };
    let rows = rows.map(sized).collect();
    Ok((heading, rows))
}
