//! Whether what is written about phases and the end of a contract holds (LIFE-002, LIFE-006 to LIFE-010).
//!
//! No day is compared with today: days are compared with each other.

use super::sheet::{undone, unfilled};
use super::{Closing, ContractPhase, InstitutionFile};
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Answer, Date};

/// What does not hold of the phases and the end of a contract. Pointers lead into the institution's file.
pub fn check_end(file: &InstitutionFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    check(file, &mut Findings { file: File::Institution, list: &mut findings });
    findings
}

pub(super) fn check(file: &InstitutionFile, at: &mut Findings) {
    phases(file, at);
    let Some(closing) = &file.closing else {
        if let Some(ends_on) = file.contract.ends_on {
            at.add(
                Severity::Warning,
                "closing-missing",
                "/contract/ends_on",
                format!("契約の終わる日（{ends_on}）が書かれていますが、終了の取決め（closing）がありません。"),
                "終わる日の前に、返却・移管・消去・残す記録などを医療機関等と取り決め、closingに書いてください。",
            );
        }
        return;
    };
    terms(file, closing, at);
    order(file, closing, at);
    late(closing, at);
    closed(closing, at);
}

/// Phases may lie over each other; what cannot be is one that ends before it begins, or an end without its proof.
fn phases(file: &InstitutionFile, at: &mut Findings) {
    let contract = &file.contract;
    if let (Some(from), Some(to)) = (contract.starts_on, contract.ends_on)
        && to < from
    {
        at.add(
            Severity::Error,
            "contract-order",
            "/contract/ends_on",
            format!("契約の終わる日（{to}）が、始まる日（{from}）より前です。"),
            "どちらかの日付を直してください。",
        );
    }
    for (i, one) in contract.phases.iter().enumerate() {
        let here = format!("/contract/phases/{i}");
        if let Some(until) = one.until.filter(|until| *until < one.from) {
            at.add(
                Severity::Error,
                "phase-order",
                format!("{here}/until"),
                format!(
                    "{}「{}」の終わり（{until}）が、始まり（{}）より前です。",
                    one.phase.term(),
                    one.what,
                    one.from
                ),
                "どちらかの日付を直してください。",
            );
        }
        let is_closed = file.closing.as_ref().is_some_and(|closing| closing.closed.is_some());
        if one.phase == ContractPhase::End && one.until.is_some() && !is_closed {
            at.add(
                Severity::Error,
                "phase-end-open",
                format!("{here}/until"),
                "契約終了フェーズに終わりの日がありますが、閉じた記録がありません。",
                "返却・移管・消去の証拠を得て、closingにproofとclosedを書くまで、フェーズは終わりません（3.2.2）。",
            );
        }
    }
    let operates = contract.phases.iter().position(|one| one.phase == ContractPhase::Operation);
    if let Some(i) = operates.filter(|_| contract.data_confirmed.is_none()) {
        at.add(
            Severity::Note,
            "start-unconfirmed",
            format!("/contract/phases/{i}"),
            "利用の前からあるデータが正しく反映されたことを、医療機関等が確かめた記録がありません。",
            "contractのdata_confirmedに、確かめた人・日・結果を書いてください。引き継いだデータがなければ、noteにそう書きます。",
        );
    }
}

/// Everything is settled before the contract ends, and said to be agreed by both.
fn terms(file: &InstitutionFile, closing: &Closing, at: &mut Findings) {
    let ends_on = file.contract.ends_on;
    if ends_on.is_none() {
        at.add(
            Severity::Warning,
            "closing-without-end",
            "/closing",
            "終了の取決めが書かれていますが、契約の終わる日がありません。",
            "contractのends_onに、契約の終わる日を書いてください。",
        );
    }
    let severity = if closing.closed.is_some() { Severity::Error } else { Severity::Warning };
    for (field, label) in unfilled(closing) {
        at.add(
            severity,
            "closing-unfilled",
            format!("/closing/{field}"),
            format!("契約終了時の取決めのうち、{label}が決まっていません。"),
            "契約の終わる日の前に、医療機関等と決めて書いてください。",
        );
    }
    match (&closing.agreed, ends_on) {
        (None, _) => at.add(
            severity,
            "closing-not-agreed",
            "/closing",
            "契約終了時の取決めに、双方が合意した記録がありません。",
            "closingのagreedに、合意した日と双方の人を書いてください。",
        ),
        (Some(agreed), Some(ends_on)) if agreed.on > ends_on => at.add(
            Severity::Warning,
            "closing-agreed-late",
            "/closing/agreed/on",
            format!("取決めに合意した日（{}）が、契約の終わる日（{ends_on}）より後です。", agreed.on),
            "取決めは、契約の終わる日の前に合意します。日付が正しければ、遅れた理由を医療機関等との記録に残してください。",
        ),
        _ => {}
    }
}

/// A day that cannot lie before another: pointer, name and day of the one, name and day of the other.
type Pair = (&'static str, &'static str, Option<Date>, &'static str, Option<Date>);

/// Days that stand in an order that cannot be.
fn order(file: &InstitutionFile, closing: &Closing, at: &mut Findings) {
    let (returns, erasure) = (&closing.returned, &closing.erasure);
    let ends_on = file.contract.ends_on;
    let confirmed = returns.confirmed.as_ref().map(|one| one.on);
    let closed = closing.closed.as_ref().map(|one| one.on);
    let (end, sure) = ("契約の終わる日", "医療機関等が返却の内容を確かめた日");
    let pairs: [Pair; 12] = [
        ("return/confirmed/on", sure, confirmed, "返した日", returns.done_on),
        ("erasure/due", "消去の期日", erasure.due, end, ends_on),
        ("erasure/done_on", "消した日", erasure.done_on, end, ends_on),
        ("erasure/done_on", "消した日", erasure.done_on, sure, confirmed),
        ("erasure/done_on", "消した日", erasure.done_on, "移した日", closing.migration.done_on),
        ("erasure/reported_on", "消去を報告した日", erasure.reported_on, "消した日", erasure.done_on),
        ("backups/done_on", "バックアップを消した日", closing.backups.done_on, end, ends_on),
        ("backups/done_on", "バックアップを消した日", closing.backups.done_on, sure, confirmed),
        ("closed/on", "フェーズを閉じた日", closed, end, ends_on),
        ("closed/on", "フェーズを閉じた日", closed, "消去を報告した日", erasure.reported_on),
        ("closed/on", "フェーズを閉じた日", closed, "バックアップを消した日", closing.backups.done_on),
        ("closed/on", "フェーズを閉じた日", closed, "アカウントを止めた日", closing.accounts.done_on),
    ];
    for (field, name, day, other, earliest) in pairs {
        early(&format!("/closing/{field}"), (name, day), (other, earliest), at);
    }
    for (i, kept) in closing.kept.iter().flatten().enumerate() {
        let until = format!("記録「{}」を残す期限", kept.what);
        let here = format!("/closing/kept/{i}");
        early(&format!("{here}/until"), (&until, kept.until), (end, ends_on), at);
        early(&format!("{here}/until"), (&until, kept.until), ("消した日", erasure.done_on), at);
        let deleted = format!("記録「{}」を削除した日", kept.what);
        early(&format!("{here}/deleted_on"), (&deleted, kept.deleted_on), (&until, kept.until), at);
    }
    unconfirmed(closing, at);
}

fn early(pointer: &str, (name, day): (&str, Option<Date>), (other, earliest): (&str, Option<Date>), at: &mut Findings) {
    let (Some(day), Some(earliest)) = (day, earliest) else { return };
    if day < earliest {
        at.add(
            Severity::Error,
            "closing-order",
            pointer,
            format!("{name}（{day}）が、{other}（{earliest}）より前です。"),
            "日付を確かめて直してください。順番が実際に逆だったのなら、医療機関等に伝え、経緯を記録に残してください。",
        );
    }
}

/// What is wanted back is not erased before the institution has seen that it is whole; what is not wanted is not returned.
fn unconfirmed(closing: &Closing, at: &mut Findings) {
    let returns = &closing.returned;
    if returns.wanted == Answer::Yes && returns.confirmed.is_none() && closing.erasure.done_on.is_some() {
        at.add(
            Severity::Error,
            "erased-unconfirmed",
            "/closing/erasure/done_on",
            "返却した内容を医療機関等が確かめた記録がないまま、消した日が書かれています。",
            "closingのreturnのconfirmedに、確かめた人と日を書いてください。確かめる前に消してはいけません。",
        );
    }
    if returns.wanted == Answer::No && (returns.done_on.is_some() || returns.confirmed.is_some()) {
        at.add(
            Severity::Error,
            "return-unwanted",
            "/closing/return/wanted",
            "返却は要らないと書かれていますが、返した日か、確かめた記録があります。",
            "wantedを直すか、返却の記録を消してください。",
        );
    }
}

/// What was done later than settled is told, not forbidden.
fn late(closing: &Closing, at: &mut Findings) {
    let pairs = [
        ("return/done_on", "返した日", closing.returned.done_on, closing.returned.due),
        ("migration/done_on", "移した日", closing.migration.done_on, closing.migration.due),
        ("erasure/done_on", "消した日", closing.erasure.done_on, closing.erasure.due),
        ("backups/done_on", "バックアップを消した日", closing.backups.done_on, closing.backups.due),
        ("accounts/done_on", "アカウントを止めた日", closing.accounts.done_on, closing.accounts.due),
    ];
    for (field, name, done, due) in pairs {
        let (Some(done), Some(due)) = (done, due) else { continue };
        if done > due {
            at.add(
                Severity::Warning,
                "closing-late",
                format!("/closing/{field}"),
                format!("{name}（{done}）が、取り決めた期日（{due}）より後です。"),
                "遅れた理由を医療機関等に伝え、記録に残してください。",
            );
        }
    }
}

/// The phase is not closed without what shows that everything was done (LIFE-006).
fn closed(closing: &Closing, at: &mut Findings) {
    if closing.closed.is_none() {
        return;
    }
    if closing.proof.iter().all(|name| name.trim().is_empty()) {
        at.add(
            Severity::Error,
            "closed-without-proof",
            "/closing/closed",
            "契約終了フェーズを閉じた記録がありますが、行ったことを示すもの（proof）がありません。",
            "消去証明書や作業記録などの名前を、proofに書いてください。証拠を得るまで、フェーズは閉じません（3.2.2）。",
        );
    }
    for (field, label) in undone(closing) {
        at.add(
            Severity::Error,
            "closed-undone",
            format!("/closing/{field}"),
            format!("契約終了フェーズを閉じた記録がありますが、{label}がありません。"),
            "行ったことを書いてから閉じてください。まだなら、closedを消してください。",
        );
    }
}
