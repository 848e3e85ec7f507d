//! Days that the contract with an institution states, and what was settled for its end.

use chrono::NaiveDate;

use super::{Duty, Whence};
use crate::agreement::{Closing, Contract};
use crate::model::Date;

/// What is due by the contract with an institution.
pub fn of_institution(name: &str, contract: &Contract, closing: Option<&Closing>, on: NaiveDate) -> Vec<Duty> {
    let is_over = contract.ends_on.is_some_and(|day| day.0 < on);
    let mut all = Vec::new();
    let mut add = |title: &str, field: &'static str, day: Option<Date>| {
        all.extend(day.map(|day| duty(name, title, field, day)));
    };
    if !is_over {
        add("契約の更新", "次に更新する日", contract.renews_on.filter(|_| contract.ends_on.is_none()));
        add("契約の終了", "契約の終わる日", contract.ends_on);
    }
    let Some(closing) = closing.filter(|closing| closing.closed.is_none()) else { return all };
    let open = |due: Option<Date>, done: Option<Date>| due.filter(|_| done.is_none());
    add("受託した情報の返却", "返す期日", open(closing.returned.due, closing.returned.done_on));
    add("別のサービスへの移管", "移す期日", open(closing.migration.due, closing.migration.done_on));
    add("受託した情報とプログラム等の消去", "消す期日", open(closing.erasure.due, closing.erasure.done_on));
    add("バックアップの消去", "バックアップを消す期日", open(closing.backups.due, closing.backups.done_on));
    add("アカウント、鍵、接続の停止", "止める期日", open(closing.accounts.due, closing.accounts.done_on));
    for kept in closing.kept.iter().flatten() {
        let title = format!("残した記録「{}」の削除", kept.what);
        add(&title, "残す記録の期限", open(kept.until, kept.deleted_on));
    }
    all
}

fn duty(name: &str, title: &str, field: &'static str, day: Date) -> Duty {
    Duty {
        of: "契約".to_owned(),
        object: name.to_owned(),
        title: title.to_owned(),
        owner: None,
        day: Some(day.0),
        at: None,
        is_overdue: false,
        state: String::new(),
        off: None,
        basis: format!("{name}との契約の「{field}」"),
        last: None,
        source: None,
        whence: Whence::Institution { field },
    }
}
