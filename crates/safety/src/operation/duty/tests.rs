use super::*;
use crate::agreement::{Closing, Contract};
use crate::model::Date;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_day_off_is_told_with_the_working_day_before_and_does_not_move() {
    let off = Off::read("12月29日から翌年1月3日まで");
    let told = |text: &str| off.of(day(text)).map(|off| off.to_string());
    assert_eq!(told("2026-10-01"), None);
    assert_eq!(told("2026-10-04").as_deref(), Some("日曜日。前の営業日は2026-10-02"));
    assert_eq!(told("2027-01-01").as_deref(), Some("元日。前の営業日は2026-12-28"));
    assert_eq!(told("2026-12-29").as_deref(), Some("休業日。前の営業日は2026-12-28"));
}

#[test]
fn a_fiscal_year_begins_in_april_unless_something_else_is_stated() {
    let year = FiscalYear::of(2026).unwrap();
    assert_eq!((year.first, year.last), (day("2026-04-01"), day("2027-03-31")));
    let other = FiscalYear::from_month(2026, 1).unwrap();
    assert_eq!((other.first, other.last), (day("2026-01-01"), day("2026-12-31")));
    assert_eq!(FiscalYear::from_month(2026, 13), None);
}

#[test]
fn what_a_contract_states_is_due_until_it_is_done() {
    let contract = Contract { renews_on: Some(Date(day("2027-03-31"))), ..Contract::default() };
    let titles = |contract: &Contract, closing: Option<&Closing>, on: &str| {
        let all = of_institution("港診療所", contract, closing, day(on));
        all.into_iter().map(|duty| duty.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(&contract, None, "2026-10-01"), ["契約の更新"]);
    let ended = Contract { ends_on: Some(Date(day("2026-09-30"))), ..contract };
    let mut closing = Closing::default();
    closing.erasure.due = Some(Date(day("2026-10-31")));
    closing.returned.due = Some(Date(day("2026-10-15")));
    closing.returned.done_on = Some(Date(day("2026-10-10")));
    assert_eq!(titles(&ended, Some(&closing), "2026-10-11"), ["受託した情報とプログラム等の消去"]);
    assert_eq!(titles(&ended, None, "2026-09-01"), ["契約の終了"]);
}
