//! `shirube schema`: the JSON Schemas of the files, for editors.

use std::process::ExitCode;

use shirube_folder::schema;
use shirube_safety::File;

use crate::args::SchemaArgs;
use crate::exit::{self, Failure};

pub fn run(args: &SchemaArgs) -> Result<ExitCode, Failure> {
    let stem = |file: File| {
        match file {
            File::Institution => return "institution".to_owned(),
            File::Register => return "register".to_owned(),
            _ => {}
        }
        let name = file.name().rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".yaml").trim_end_matches(".json").to_owned()
    };
    let Some(name) = &args.name else {
        let list: String = File::WITH_SCHEMA.into_iter().map(|file| format!("{}\n", stem(file))).collect();
        exit::print(&list)?;
        return Ok(ExitCode::SUCCESS);
    };
    let found = File::WITH_SCHEMA.into_iter().find(|file| file.name() == name || stem(*file) == *name);
    let Some(file) = found else {
        let names: Vec<String> = File::WITH_SCHEMA.into_iter().map(stem).collect();
        return Err(Failure::input(format!(
            "「{name}」のスキーマはありません。{}のどれかを指定してください。",
            names.join("、")
        )));
    };
    exit::print(&exit::json(&schema(file)))?;
    Ok(ExitCode::SUCCESS)
}
