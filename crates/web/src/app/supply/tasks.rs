//! The tasks of whoever asks for a report, answered on the page that sends it (2.2.2: who does what).

use shirube_safety::stated::{Doer, SharedTask, TaskClaim};

use crate::app::fields::Fields;

/// Longest remark.
const LONGEST_CHARS: usize = 500;

/// A task with what is said of it so far.
pub struct TaskView {
    pub task: SharedTask,
    pub by: Doer,
    pub note: String,
}

/// The tasks as the page shows them: with what was typed, else with what the own table says of a task of that id.
pub fn views(fields: &Fields, tasks: &[SharedTask], own: &[TaskClaim]) -> Vec<TaskView> {
    let view = |task: &SharedTask| {
        let known = own.iter().find(|claim| claim.task == task.id);
        let by = typed(fields, task).or(known.map(|claim| claim.by)).unwrap_or(Doer::Unknown);
        TaskView { task: task.clone(), by, note: fields.text(&note_name(task)).to_owned() }
    };
    tasks.iter().map(view).collect()
}

/// What the form says of the tasks. A task that is left open is not spoken of.
pub fn claims(fields: &Fields, tasks: &[SharedTask], mistakes: &mut Vec<String>) -> Vec<TaskClaim> {
    let mut claims = Vec::new();
    for task in tasks {
        let note = fields.text(&note_name(task));
        if note.chars().count() > LONGEST_CHARS {
            mistakes.push(format!("「{}」の補足は{LONGEST_CHARS}文字までで入力してください。", task.what));
        }
        match typed(fields, task).unwrap_or(Doer::Unknown) {
            Doer::Unknown if note.is_empty() => {}
            by => claims.push(TaskClaim {
                report: String::new(),
                task: task.id.clone(),
                by,
                note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            }),
        }
    }
    claims
}

fn typed(fields: &Fields, task: &SharedTask) -> Option<Doer> {
    let token = fields.text(&format!("task/{}", task.id));
    Doer::ALL.iter().copied().find(|doer| doer.token() == token)
}

fn note_name(task: &SharedTask) -> String {
    format!("note/{}", task.id)
}
