//! Whose facts they are: what of a record may stand in the report to one institution (AUTHZ-002).

use std::collections::BTreeSet;

use shirube_catalog::{FieldKind, Register};

use crate::agreement::Others;
use crate::operation::level::{Clocked, Evaluation, ExcludedInterval, Remark, Stopped};
use crate::operation::register::Entry;
use crate::typed::folded;

/// What stands where a text names another institution.
pub const WITHHELD: &str = "〔ほかの医療機関等についての記述があるため、載せていません〕";

/// The institution that a report is for, among the others.
#[derive(Debug, Clone)]
pub struct Whose {
    /// As the report addresses it.
    pub name: String,
    /// Every name under which records know it, folded.
    known: BTreeSet<String>,
    others: Others,
}

/// How an entry is tied to the institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// It names the institution, and nobody else.
    Own,
    /// It names others beside it: figures may be those of all together.
    Shared,
    /// It names nobody.
    Nobody,
    /// It names others alone.
    Others,
}

impl Whose {
    /// `known` are the names under which records know the institution.
    pub fn new<'n>(name: &'n str, known: impl IntoIterator<Item = &'n str>, others: Others) -> Self {
        let known = known.into_iter().chain([name]).map(folded).collect();
        Self { name: name.to_owned(), known, others }
    }

    /// How an entry is tied to the institution.
    pub fn tie(&self, register: &Register, entry: &Entry) -> Tie {
        let fields = register.fields.iter().filter(|field| field.kind == FieldKind::Institution);
        let named: Vec<String> = fields.flat_map(|field| entry.values(&field.id)).map(ToString::to_string).collect();
        let own = named.iter().filter(|name| self.known.contains(&folded(name))).count();
        match (own, named.len()) {
            (_, 0) => Tie::Nobody,
            (0, _) => Tie::Others,
            (own, all) if own == all => Tie::Own,
            _ => Tie::Shared,
        }
    }

    /// A text as this institution may read it: one that names another is left out whole.
    pub fn shown(&self, text: &str) -> String {
        if self.others.find(text).is_some() { WITHHELD.to_owned() } else { text.to_owned() }
    }

    /// Whether a text names another institution.
    pub fn names_another(&self, text: &str) -> bool {
        self.others.find(text).is_some()
    }

    /// An evaluation without texts that name another.
    pub fn evaluation(&self, mut found: Evaluation) -> Evaluation {
        found.outages.iter_mut().for_each(|one| self.stopped(one));
        found.exclusions.iter_mut().for_each(|one| self.excluded(one));
        found.responses.iter_mut().chain(&mut found.updates).for_each(|one| self.clocked(one));
        for one in &mut found.consequences {
            self.clean(&mut one.text);
            self.clean(&mut one.because);
        }
        found.remarks.iter_mut().for_each(|one| self.remark(one));
        found
    }

    fn clean(&self, text: &mut String) {
        *text = self.others.replaced(text);
    }

    fn clean_any(&self, text: &mut Option<String>) {
        *text = text.take().map(|text| self.shown(&text));
    }

    fn stopped(&self, one: &mut Stopped) {
        self.clean(&mut one.id);
        [&mut one.part, &mut one.cause, &mut one.corrected].into_iter().for_each(|text| self.clean_any(text));
    }

    fn excluded(&self, one: &mut ExcludedInterval) {
        self.clean(&mut one.outage);
        // Whoever confirmed it may belong to another institution.
        one.confirmed_by = None;
        self.clean_any(&mut one.evidence);
    }

    fn clocked(&self, one: &mut Clocked) {
        self.clean(&mut one.id);
        [&mut one.what, &mut one.device, &mut one.reason].into_iter().for_each(|text| self.clean_any(text));
    }

    fn remark(&self, one: &mut Remark) {
        self.clean(&mut one.message);
        self.clean(&mut one.advice);
    }
}
