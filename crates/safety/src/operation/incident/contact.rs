//! 緊急連絡先: what the organisation keeps, and what documents name while it keeps nothing (OPS-056, OPS-057, OPS-059).

use shirube_catalog::authority_contacts;

use crate::operation::register::{Entry, Records};
use crate::service::ServiceFiles;
use crate::typed::folded;

/// Contacts of one sort.
#[derive(Debug, Clone)]
pub struct ContactGroup {
    pub title: &'static str,
    pub contacts: Vec<Contact>,
}

/// Whom to reach and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    /// When to call, at which hours.
    pub cases: String,
    /// Numbers and addresses; empty while nobody wrote any.
    pub reach: String,
    /// When somebody found it to be right; none: nobody has.
    pub checked: Option<String>,
    /// Where the number stands, if nobody here wrote it down.
    pub source: Option<String>,
    /// Found not to answer.
    pub is_doubtful: bool,
}

/// Sorts of contacts with the kinds of the register that belong to them.
const GROUPS: [(&str, &[&str]); 4] = [
    ("自社", &["自社"]),
    ("医療機関等", &["医療機関等"]),
    ("再委託先・連携先、電力と通信", &["再委託先・連携先", "電力・通信の事業者"]),
    ("所管官庁、相談窓口、警察・消防など", &["所管官庁", "相談窓口", "警察・消防", "その他"]),
];

/// Everybody to be reached, sort by sort. An entry of the register takes the place of what a document names alike.
pub fn contacts(files: &ServiceFiles, records: &Records) -> Vec<ContactGroup> {
    let kept: Vec<&Entry> =
        records.entries("emergency-contacts").iter().filter(|entry| entry.state != "ended").collect();
    let group = |(title, kinds): (&'static str, &[&str])| {
        let own = kept.iter().filter(|entry| kinds.contains(&entry.text("kind").as_str()));
        ContactGroup { title, contacts: own.map(|entry| of_entry(entry)).collect() }
    };
    let mut groups: Vec<ContactGroup> = GROUPS.into_iter().map(group).collect();
    groups[0].contacts.extend(of_agreement(files));
    let known = |name: &str| kept.iter().any(|entry| folded(&entry.text("name")) == folded(name));
    let named = authority_contacts().contacts.iter().filter(|one| one.phone.is_some() && !known(&one.name));
    groups[3].contacts.extend(named.map(|one| Contact {
        name: one.name.clone(),
        cases: one.role.clone(),
        reach: format!("電話 {}", one.phone.clone().unwrap_or_default()),
        checked: one.checked.clone(),
        source: Some(format!("{}の文書の番号", one.dated.as_deref().unwrap_or("日付不明"))),
        is_doubtful: false,
    }));
    groups
}

fn of_entry(entry: &Entry) -> Contact {
    let text = |field: &str| Some(entry.text(field)).filter(|text| !text.is_empty());
    let telephone = text("telephone").map(|number| format!("電話 {number}"));
    let reach: Vec<String> = text("person").into_iter().chain(telephone).chain(text("mail")).collect();
    let hours = match entry.values("band") {
        [] => String::new(),
        [one] => format!("（{one}）"),
        _ => "（いつでも）".to_owned(),
    };
    Contact {
        name: entry.text("name"),
        cases: format!("{}{hours}", entry.text("cases")),
        reach: reach.join("\n"),
        checked: entry.day("checked_on").map(|day| day.to_string()),
        source: None,
        is_doubtful: entry.state == "doubtful",
    }
}

/// The contacts that the service level agreement states, which no register repeats.
fn of_agreement(files: &ServiceFiles) -> Vec<Contact> {
    let emergency = files.sla.contacts.as_ref().and_then(|contacts| contacts.emergency.as_ref());
    let contact = |name: &str, reach: Option<&String>| {
        reach.map(|reach| Contact {
            name: name.to_owned(),
            cases: "障害のとき".to_owned(),
            reach: reach.clone(),
            checked: None,
            source: None,
            is_doubtful: false,
        })
    };
    let hours = [
        ("障害の連絡先（通常業務時間）", emergency.and_then(|emergency| emergency.business.as_ref())),
        ("障害の連絡先（その他の時間）", emergency.and_then(|emergency| emergency.other.as_ref())),
    ];
    hours.into_iter().filter_map(|(name, reach)| contact(name, reach)).collect()
}
