//! `shirube trail verify`: whether an exported trail is whole, without a database.

use std::fs;
use std::process::ExitCode;

use shirube_trail::{Head, verify};

use crate::args::{TrailArgs, TrailCommand, TrailVerifyArgs};
use crate::exit::{self, FINDINGS, Failure};

pub fn run(args: &TrailArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        TrailCommand::Verify(args) => check(args),
    }
}

fn check(args: &TrailVerifyArgs) -> Result<ExitCode, Failure> {
    let heads: Result<Vec<Head>, String> = args.head.iter().map(|text| head(text)).collect();
    let heads = heads.map_err(Failure::input)?;
    let text = fs::read_to_string(&args.file).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::input(format!(
            "「{}」は文字として読めません。証跡の画面から書き出したファイルを指定してください。",
            args.file.display()
        )),
        _ => Failure::io(&args.file, "を読めません", &error),
    })?;
    // Every trail begins with the organisation: an empty file is not one that is whole.
    if text.trim().is_empty() {
        return Err(Failure::input(format!(
            "「{}」は空です。証跡の画面から書き出したファイルを指定してください。",
            args.file.display()
        )));
    }
    match verify(text.lines(), &heads) {
        Ok(verified) => {
            let span = verified.span.map_or_else(String::new, |(from, to)| format!("、{from} から {to} まで"));
            exit::print(&format!(
                "{}件の記録がつながっていて、変わっていません{span}。末尾: {}:{}\n",
                verified.head.number, verified.head.number, verified.head.digest
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(breaks) => {
            exit::print(&breaks.iter().map(|found| format!("{found}\n")).collect::<String>())?;
            Ok(ExitCode::from(FINDINGS))
        }
    }
}

/// `12:7d0c…` as it was written down.
fn head(text: &str) -> Result<Head, String> {
    let wrong = || format!("--head の「{text}」は読めません。「件数:64桁のダイジェスト」と書いてください。");
    let (number, digest) = text.split_once(':').ok_or_else(wrong)?;
    Ok(Head { number: number.parse().map_err(|_| wrong())?, digest: digest.parse().map_err(|_| wrong())? })
}
