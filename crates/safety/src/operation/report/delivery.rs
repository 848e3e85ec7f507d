//! On which ways a report may go (OPS-067, 別紙1 II 6.5(2)).

use shirube_catalog::report_rules;

use crate::operation::register::{Entry, Value};

/// Id of the register of reports.
pub const REPORTS: &str = "reports-sent";

/// The ways that are open to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// It may stand where anybody can see it.
    pub public: bool,
    /// Only on ways that protect personal data.
    pub protected: bool,
}

impl Ways {
    /// Those open to a kind of report with these items. What nobody said of personal data stays open.
    pub fn of(kind: &str, items: &[String], personal_data: Option<bool>) -> Self {
        let rules = report_rules();
        let items = rules.items.iter().filter(|item| items.contains(&item.option)).map(|item| item.public);
        let events = rules.events.iter().filter(|event| event.option == kind).map(|event| event.public);
        let protected = personal_data == Some(true);
        Self { public: !protected && items.chain(events).all(|public| public), protected }
    }

    /// The options of the register that are open.
    pub fn options(self) -> Vec<&'static str> {
        let means = report_rules().means.iter();
        let open = means.filter(|means| (self.public || !means.public) && (!self.protected || means.protected));
        open.map(|means| means.option.as_str()).collect()
    }
}

/// Why an entry of [`REPORTS`] may not go the way it names; nothing if it may, or names none.
pub fn refused(entry: &Entry) -> Option<String> {
    let means = entry.text("means");
    let ways = Ways::of(&entry.text("kind"), &texts(entry, "items"), personal_data(entry));
    let options = ways.options();
    if means.is_empty() || options.contains(&means.as_str()) {
        return None;
    }
    let why = match ways.protected {
        true => "個人情報を含む報告です",
        false => "一つの医療機関等だけに知らせる事項を含む報告です",
    };
    Some(format!("{why}。「{means}」では届けられません。選べるのは、{}です。", options.join("、")))
}

/// Why a step of a report cannot be taken as its entry stands: nothing is approved or sent on a way that is not open to it.
pub fn held(register: &str, step: &str, entry: &Entry) -> Option<String> {
    const GOING: [&str; 3] = ["approve", "send", "post"];
    if register == REPORTS && GOING.contains(&step) { refused(entry).or_else(|| shared(entry)) } else { None }
}

/// Why an entry of [`REPORTS`] may not be for several institutions at once.
pub fn shared(entry: &Entry) -> Option<String> {
    let own = |item: &&shirube_catalog::ReportItem| !item.public && texts(entry, "items").contains(&item.option);
    let item = report_rules().items.iter().find(own)?;
    (entry.values("institutions").len() > 1).then(|| {
        format!("医療機関等ごとの事項（{}）を含みます。報告を、医療機関等ごとに分けて書いてください。", item.option)
    })
}

fn texts(entry: &Entry, field: &str) -> Vec<String> {
    entry.values(field).iter().map(ToString::to_string).collect()
}

fn personal_data(entry: &Entry) -> Option<bool> {
    entry.values("personal_data").iter().find_map(|value| match value {
        Value::YesNo(yes) => Some(*yes),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: &str, items: &[&str], personal: bool, means: &str) -> Entry {
        let text = |text: &str| vec![Value::Text(text.to_owned())];
        let items = items.iter().map(|item| Value::Text((*item).to_owned())).collect();
        let values = [("kind", text(kind)), ("items", items), ("means", text(means))];
        let personal = ("personal_data", vec![Value::YesNo(personal)]);
        let values = values.into_iter().chain([personal]).map(|(id, values)| (id.to_owned(), values)).collect();
        Entry { row: 2, id: "R".to_owned(), state: "draft".to_owned(), values, hold: false }
    }

    // OPS-067, T-21: each kind on each way.
    #[test]
    fn each_kind_goes_only_its_ways() {
        for (kind, items, personal, open) in [
            ("月次報告", &["受託情報の件数", "管理指標"][..], false, "書面、電子メール、暗号化した電子メール"),
            ("月次報告", &["利用の状況"], true, "書面、暗号化した電子メール"),
            ("月次報告", &["管理指標"], false, "書面、電子メール、暗号化した電子メール、Webへの掲載"),
            ("年次報告", &["監査の結果"], false, "書面、電子メール、暗号化した電子メール、Webへの掲載"),
            ("動作確認での情報の参照の結果", &["発生した事柄"], false, "書面、電子メール、暗号化した電子メール"),
            ("サービスの停止の経緯", &["発生した事柄"], false, "書面、電子メール、暗号化した電子メール、Webへの掲載"),
            ("サービスの停止の経緯", &["発生した事柄"], true, "書面、暗号化した電子メール"),
        ] {
            for means in &report_rules().means {
                let refused = refused(&entry(kind, items, personal, &means.option));
                let is_open = open.split('、').any(|option| option == means.option);
                assert_eq!(refused.is_none(), is_open, "{kind} {items:?} {}: {refused:?}", means.option);
            }
        }
        assert_eq!(refused(&entry("月次報告", &["利用の状況"], true, "")), None);
    }

    // OPS-067: a wrong way holds up what would send the report, and nothing else.
    #[test]
    fn a_wrong_way_holds_up_its_steps() {
        let wrong = entry("月次報告", &["利用の状況"], false, "Webへの掲載");
        let right = entry("月次報告", &["利用の状況"], false, "書面");
        for (step, is_held) in [("approve", true), ("send", true), ("post", true), ("drop", false)] {
            assert_eq!(held(REPORTS, step, &wrong).is_some(), is_held, "{step}");
            assert_eq!(held(REPORTS, step, &right), None, "{step}");
            assert_eq!(held("changes", step, &wrong), None, "{step}");
        }
    }
}
