//! What a check has to tell people about their own files.

use std::fmt;

use serde::Serialize;

/// The files of a service folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum File {
    #[serde(rename = "shirube.yaml")]
    Service,
    #[serde(rename = "system.yaml")]
    System,
    #[serde(rename = "assessment.yaml")]
    Assessment,
    #[serde(rename = "conformity.yaml")]
    Conformity,
    #[serde(rename = "sla.yaml")]
    Sla,
    #[serde(rename = "disclosure.yaml")]
    Disclosure,
    #[serde(rename = "rules.yaml")]
    Rules,
    #[serde(rename = "checklists.yaml")]
    Checklists,
    /// Who does what along the supply chain, and what suppliers reported.
    #[serde(rename = "supply.yaml")]
    Supply,
    /// The organisation's own look and wording.
    #[serde(rename = "house.yaml")]
    House,
    /// What people say of the differences between editions. Read only by what asks for it.
    #[serde(rename = "catalogs/classification.yaml")]
    Classification,
    /// One institution: contract, differences, records. There are as many as there are institutions.
    #[serde(rename = "institutions/*.yaml")]
    Institution,
    /// A register that the organisation declares or extends. There are as many as there are declarations.
    #[serde(rename = "registers/*.yaml")]
    Register,
    /// Periods of duties that both sides agreed.
    #[serde(rename = "operations/periods.yaml")]
    Periods,
    /// What an institution compares when it chooses a provider. It stands in no service folder.
    #[serde(rename = "selection.yaml")]
    Selection,
    /// What a provider hands over to be chosen. It is made, not written by hand.
    #[serde(rename = "disclosure-data.json")]
    DisclosureData,
}

impl File {
    /// What describes a service; these are read together.
    pub const ALL: [Self; 10] = [
        Self::Service,
        Self::System,
        Self::Assessment,
        Self::Conformity,
        Self::Sla,
        Self::Disclosure,
        Self::Rules,
        Self::Checklists,
        Self::Supply,
        Self::House,
    ];

    /// Which of these files a path names, whatever folder the service lies in. What lies in a folder of the service may be
    /// called the same: an institution, a register.
    pub fn of_path(path: &str) -> Option<Self> {
        let mut steps = path.rsplit('/');
        let name = steps.next()?;
        if matches!(steps.next(), Some("institutions" | "registers" | "operations")) {
            return None;
        }
        Self::ALL.into_iter().find(|file| file.name() == name)
    }

    /// Every file that has a schema.
    pub const WITH_SCHEMA: [Self; 16] = [
        Self::Service,
        Self::System,
        Self::Assessment,
        Self::Conformity,
        Self::Sla,
        Self::Disclosure,
        Self::Rules,
        Self::Checklists,
        Self::Supply,
        Self::House,
        Self::Classification,
        Self::Institution,
        Self::Register,
        Self::Periods,
        Self::Selection,
        Self::DisclosureData,
    ];

    /// What is stated for certain documents alone.
    pub const STATED: [Self; 6] =
        [Self::Sla, Self::Disclosure, Self::Rules, Self::Checklists, Self::Supply, Self::House];

    /// Name inside the folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "shirube.yaml",
            Self::System => "system.yaml",
            Self::Assessment => "assessment.yaml",
            Self::Conformity => "conformity.yaml",
            Self::Sla => "sla.yaml",
            Self::Disclosure => "disclosure.yaml",
            Self::Rules => "rules.yaml",
            Self::Checklists => "checklists.yaml",
            Self::Supply => "supply.yaml",
            Self::House => "house.yaml",
            Self::Classification => "catalogs/classification.yaml",
            Self::Institution => "institutions/*.yaml",
            Self::Register => "registers/*.yaml",
            Self::Periods => "operations/periods.yaml",
            Self::Selection => "selection.yaml",
            Self::DisclosureData => "disclosure-data.json",
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Should be looked at; documents can be made.
    Warning,
    /// Against a rule of the guideline, or a reference to something that does not exist.
    Error,
}

impl Severity {
    pub fn term(self) -> &'static str {
        match self {
            Self::Note => "参考",
            Self::Warning => "注意",
            Self::Error => "要対応",
        }
    }
}

/// A place in a file: JSON pointer steps, e.g. `/nodes/3/site`. The reader of the file knows the line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub file: File,
    pub pointer: String,
}

impl Place {
    pub fn new(file: File, pointer: impl Into<String>) -> Self {
        Self { file, pointer: pointer.into() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.file.name(), self.pointer)
    }
}

/// One thing to tell, in Japanese, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable name of the rule, e.g. `termination-missing`.
    pub rule: &'static str,
    pub place: Place,
    /// What was found.
    pub message: String,
    /// What would be right, or what to do next.
    pub advice: String,
}

/// Collects findings for one file.
pub(crate) struct Findings<'a> {
    pub file: File,
    pub list: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    pub fn add(
        &mut self,
        severity: Severity,
        rule: &'static str,
        pointer: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.list.push(Finding {
            severity,
            rule,
            place: Place::new(self.file, pointer),
            message: message.into(),
            advice: advice.into(),
        });
    }
}
