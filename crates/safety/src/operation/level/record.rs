//! What happened, as people and monitors recorded it.

use serde::Serialize;
use shirube_catalog::ExclusionItem;

use crate::calendar::{Moment, Span};
use crate::choice::choice;
use crate::model::Date;

/// All records of a service.
#[derive(Debug, Clone, Default)]
pub struct Records {
    pub outages: Vec<Outage>,
    pub exclusions: Vec<Exclusion>,
    pub updates: Vec<Update>,
    /// Results both sides settled before.
    pub earlier: Vec<Earlier>,
}

impl Records {
    /// The records with one name for an institution that they know under several.
    pub fn naming(mut self, name: &str, also: &[String]) -> Self {
        let outages = self.outages.iter_mut().map(|one| &mut one.affected);
        let updates = self.updates.iter_mut().map(|one| &mut one.affected);
        let confirmed = self.exclusions.iter_mut().map(|one| &mut one.confirmed_for);
        for affected in outages.chain(updates).chain(confirmed) {
            if let Affected::Some(names) = affected {
                names.iter_mut().filter(|one| also.contains(one)).for_each(|one| name.clone_into(one));
            }
        }
        let earlier = self.earlier.iter_mut().filter_map(|one| one.institution.as_mut());
        earlier.filter(|one| also.contains(one)).for_each(|one| name.clone_into(one));
        self
    }
}

/// The record of a file that something came from: its row, as people count.
pub type Row = usize;

/// 停止又は応答の低下.
#[derive(Debug, Clone)]
pub struct Outage {
    pub row: Row,
    pub id: String,
    pub from: Moment,
    /// None while it goes on.
    pub until: Option<Moment>,
    pub affected: Affected,
    pub part: Option<String>,
    pub cause: Option<String>,
    /// None until somebody says.
    pub extent: Option<Extent>,
    /// Whether a partial stop seriously hinders the institution's work.
    pub hinders: Option<bool>,
    pub judged: Judgement,
    pub detected: Option<Moment>,
    pub contacted: Option<Moment>,
    pub responded: Option<Moment>,
    pub source: Source,
    /// From what it was corrected, and why.
    pub corrected: Option<String>,
}

/// Who judged how serious a partial stop is, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    pub provider: Option<String>,
    pub institution: Option<String>,
    pub reason: Option<String>,
}

impl Judgement {
    /// Both sides said so, with a reason.
    pub fn is_whole(&self) -> bool {
        self.provider.is_some() && self.institution.is_some() && self.reason.is_some()
    }
}

/// Which institutions something touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Affected {
    All,
    /// Names of their files.
    Some(Vec<String>),
}

impl Affected {
    /// Whether it touches the institution; the service as a whole is touched by everything.
    pub fn touches(&self, institution: Option<&str>) -> bool {
        match (self, institution) {
            (Self::All, _) | (_, None) => true,
            (Self::Some(names), Some(name)) => names.iter().any(|one| one == name),
        }
    }
}

choice! {
    /// 停止の範囲。
    Extent {
        Whole = "whole", "全部停止";
        Part = "part", "一部停止";
        Slow = "slow", "応答の低下";
    }
}

choice! {
    /// 記録した者。
    Source {
        Person = "person", "人";
        Monitor = "monitor", "監視";
    }
}

/// Time within an outage that has a cause of 算定除外事項.
#[derive(Debug, Clone)]
pub struct Exclusion {
    pub row: Row,
    /// Id of the outage.
    pub outage: String,
    pub from: Moment,
    pub until: Moment,
    pub item: &'static ExclusionItem,
    pub evidence: Option<String>,
    /// Who of the institution confirmed it, and when.
    pub confirmed_by: Option<String>,
    pub confirmed_on: Option<Date>,
    /// For whom they confirmed it.
    pub confirmed_for: Affected,
}

/// An update that had to be applied.
#[derive(Debug, Clone)]
pub struct Update {
    pub row: Row,
    pub id: String,
    /// One of the kinds of the contract.
    pub what: String,
    pub device: Option<String>,
    pub released: Moment,
    pub applied: Option<Moment>,
    /// Limit of this one, where the contract gives none in hours.
    pub due: Option<Moment>,
    /// Why it was not applied in time, what was done instead.
    pub reason: Option<String>,
    /// When that was reported to the institution.
    pub reported_on: Option<Date>,
    pub affected: Affected,
}

/// The result of an earlier evaluation.
#[derive(Debug, Clone, Serialize)]
pub struct Earlier {
    #[serde(skip)]
    pub row: Row,
    pub from: Date,
    pub to: Date,
    pub unmet: u32,
    pub grade: String,
    /// None: that of the service.
    #[serde(skip)]
    pub institution: Option<String>,
}

impl Outage {
    /// Whether it counts as a stop of the service: a part that is down counts unless both sides said that it does not
    /// seriously hinder.
    pub fn is_stop(&self) -> bool {
        match self.extent {
            None | Some(Extent::Whole) => true,
            Some(Extent::Part) => !(self.hinders == Some(false) && self.judged.is_whole()),
            Some(Extent::Slow) => false,
        }
    }

    /// Its minutes up to an end; what has no end goes on.
    pub(super) fn span(&self, end: crate::calendar::Minute) -> Span {
        Span::new(self.from.floor(), self.until.map_or(end, |until| until.ceil().min(end)))
    }
}
