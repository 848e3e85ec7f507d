//! What rows mean together: numbers that are given twice, ends before beginnings, intervals of no outage.

use std::collections::HashMap;

use shirube_safety::calendar::Moment;
use shirube_safety::operation::level::{EARLIER, EXCLUSIONS, Exclusion, OUTAGES, Outage, Records, Row, UPDATES};

use super::misread::Misread;

pub fn check(records: &Records, faults: &mut Vec<Misread>) {
    unique(OUTAGES, "停止", records.outages.iter().map(|outage| (outage.id.as_str(), outage.row)), faults);
    unique(UPDATES, "更新", records.updates.iter().map(|update| (update.id.as_str(), update.row)), faults);
    records.outages.iter().for_each(|outage| order_of_outage(outage, faults));
    let outages: HashMap<&str, &Outage> = records.outages.iter().map(|outage| (outage.id.as_str(), outage)).collect();
    for exclusion in &records.exclusions {
        order(EXCLUSIONS, exclusion.row, ("開始", exclusion.from), ("終了", Some(exclusion.until)), faults);
        match outages.get(exclusion.outage.as_str()) {
            None => faults.push(fault(
                EXCLUSIONS,
                exclusion.row,
                format!("停止「{}」が {OUTAGES} にありません。停止の番号を確かめてください。", exclusion.outage),
            )),
            Some(outage) if !touches(exclusion, outage) => faults.push(fault(
                EXCLUSIONS,
                exclusion.row,
                format!("停止「{}」の時間と重なっていません。開始と終了を確かめてください。", exclusion.outage),
            )),
            Some(_) => {}
        }
    }
    for update in &records.updates {
        order(UPDATES, update.row, ("公開", update.released), ("適用", update.applied), faults);
    }
    for earlier in records.earlier.iter().filter(|earlier| earlier.to < earlier.from) {
        let message = format!("終わりの日（{}）が始まりの日（{}）より前です。", earlier.to, earlier.from);
        faults.push(fault(EARLIER, earlier.row, message));
    }
}

fn order_of_outage(outage: &Outage, faults: &mut Vec<Misread>) {
    order(OUTAGES, outage.row, ("開始", outage.from), ("終了", outage.until), faults);
    if let Some(known) = outage.detected.into_iter().chain(outage.contacted).min() {
        order(OUTAGES, outage.row, ("感知、連絡の早い方", known), ("第一次対応", outage.responded), faults);
    }
}

fn touches(exclusion: &Exclusion, outage: &Outage) -> bool {
    exclusion.until >= outage.from && outage.until.is_none_or(|until| exclusion.from <= until)
}

fn unique<'r>(file: &'static str, what: &str, ids: impl Iterator<Item = (&'r str, Row)>, faults: &mut Vec<Misread>) {
    let mut first: HashMap<&str, Row> = HashMap::new();
    for (id, row) in ids {
        if let Some(before) = first.get(id) {
            let message = format!("{what}の番号「{id}」は、{before}行目にもあります。別の番号にしてください。");
            faults.push(fault(file, row, message));
        } else {
            first.insert(id, row);
        }
    }
}

fn order(file: &'static str, row: Row, from: (&str, Moment), until: (&str, Option<Moment>), faults: &mut Vec<Misread>) {
    let ((before, from), (after, Some(until))) = (from, until) else { return };
    if until < from {
        let message = format!("「{after}」（{until}）が「{before}」（{from}）より前です。どちらかを直してください。");
        faults.push(fault(file, row, message));
    }
}

fn fault(file: &'static str, row: Row, message: String) -> Misread {
    Misread::of_row(file, row, message)
}
