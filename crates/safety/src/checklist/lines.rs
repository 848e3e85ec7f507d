//! The items of a sheet, in the order of its edition, then the questions that users copied from their form.

use shirube_catalog::{Catalog, Certainty, Entry, Outline, shelf};

use crate::stated::{ChecklistKind, ChecklistQuestion, ChecklistSheet, ChecklistsFile};

/// Where an item comes from.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// An item of the edition.
    Item(&'static Entry),
    /// An area of which only the name is known.
    Area(&'static Outline),
    /// What users copied from the form they hold.
    Own(&'a ChecklistQuestion),
}

impl Asked<'_> {
    /// As replies name it.
    pub fn id(&self) -> String {
        match self {
            Self::Item(entry) => entry.id.clone(),
            Self::Area(outline) => format!("{}.{}", outline.part, outline.title),
            Self::Own(question) => question.number.clone(),
        }
    }

    /// Number as the sheet prints it.
    pub fn number(&self) -> String {
        match self {
            Self::Item(entry) if entry.item.is_empty() => {
                entry.id.rsplit('.').next().unwrap_or(&entry.id).trim_start_matches("節不明").to_owned()
            }
            Self::Item(entry) => entry.item.clone(),
            Self::Area(_) => "—".to_owned(),
            Self::Own(question) => question.number.clone(),
        }
    }

    /// The chapter that it stands in.
    pub fn group(&self) -> String {
        match self {
            Self::Item(entry) => group(entry),
            Self::Area(outline) => format!("{}の領域", outline.part),
            Self::Own(question) => question.area.clone().unwrap_or_else(|| "書き写した設問".to_owned()),
        }
    }

    /// The item above it that has no box of its own (DOC-040).
    pub fn above(&self) -> Option<String> {
        let Self::Item(entry) = self else { return None };
        let title = format!("{} {}", entry.section, entry.section_title);
        Some(title.trim().to_owned()).filter(|title| !title.is_empty())
    }

    /// What is asked, in our own words; for users' questions in theirs.
    pub fn text(&self) -> String {
        match self {
            Self::Item(entry) if entry.title.is_empty() => entry.text.clone(),
            Self::Item(entry) => format!("{}\n{}", entry.title, entry.text),
            Self::Area(outline) => outline.title.clone(),
            Self::Own(question) => question.question.clone(),
        }
    }

    /// How sure we are of what is asked; `None` for what users wrote.
    pub fn certainty(&self) -> Option<Certainty> {
        match self {
            Self::Item(entry) => Some(entry.certainty),
            Self::Area(outline) => Some(outline.certainty),
            Self::Own(_) => None,
        }
    }

    /// What is doubtful.
    pub fn note(&self) -> &str {
        match self {
            Self::Item(entry) => &entry.note,
            Self::Area(outline) => &outline.note,
            Self::Own(_) => "",
        }
    }
}

/// Chapter as the sheets head it. Where a form has no parts, or is the part, only the chapter counts.
fn group(entry: &Entry) -> String {
    let numbered = entry.chapter.chars().all(|character| character.is_ascii_alphanumeric());
    let chapter = match (numbered, entry.chapter_title.is_empty()) {
        (_, true) => String::new(),
        (true, false) => format!("{} {}", entry.chapter, entry.chapter_title),
        (false, false) => entry.chapter_title.clone(),
    };
    match (entry.part.starts_with("Part"), chapter.trim()) {
        (true, "") if entry.chapter.is_empty() => format!("{}（節の名前と記号は確認していない）", entry.part),
        (true, "") => entry.part.clone(),
        (true, chapter) => format!("{} {chapter}", entry.part),
        (false, chapter) => chapter.to_owned(),
    }
}

/// The edition that a sheet follows.
pub(super) fn catalog(kind: ChecklistKind) -> Option<&'static Catalog> {
    shelf().catalog(kind.token())
}

/// All that a sheet asks.
pub(super) fn asked<'a>(file: &'a ChecklistsFile, sheet: &ChecklistSheet) -> Vec<Asked<'a>> {
    let catalog = catalog(sheet.list);
    let of_form = |entry: &&Entry| sheet.form.is_none_or(|form| !sheet.list.is_cyber() || entry.part == form.term());
    let items = catalog.into_iter().flat_map(|catalog| catalog.entries.iter().filter(of_form).map(Asked::Item));
    // The first lines of the outline speak of the whole and of the form of makers; areas name what is asked about.
    let is_area = |outline: &&Outline| outline.part == "SDS" && !outline.title.ends_with("チェックリスト");
    let areas = catalog.filter(|_| sheet.list == ChecklistKind::MdsSds).into_iter();
    let areas = areas.flat_map(|catalog| catalog.outline.iter().filter(is_area).map(Asked::Area));
    let own = file.questions.iter().filter(|question| question.sheet == sheet.id).map(Asked::Own);
    items.chain(areas).chain(own).collect()
}
