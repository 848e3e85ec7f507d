//! Arguments of `shirube register`, `shirube duties` and `shirube evidence`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{DiffFormat, ListFormat};

#[derive(Args)]
pub struct RegisterArgs {
    #[command(subcommand)]
    pub command: RegisterCommand,
}

#[derive(Subcommand)]
pub enum RegisterCommand {
    /// 台帳の一覧を出す
    List(RegisterListArgs),
    /// 一つの台帳の欄、状態、手続、務めを示す。フォルダを書くと、その台帳の行を並べる
    Show(RegisterShowArgs),
    /// 一つの台帳を印刷する形（PDF、Excelなど）で書き出す
    Print(RegisterPrintArgs),
    /// 書き込めるExcelを書き出す。フォルダを書くと、今の内容を入れる
    Template(RegisterTemplateArgs),
    /// 書き込んだExcelやCSVが何を変えるかを示す（--write を付けると、operationsのCSVに書き込む）
    Take(RegisterTakeArgs),
}

#[derive(Args)]
pub struct RegisterListArgs {
    /// サービスのフォルダ（省くと、備え付けの台帳だけを並べる）
    pub dir: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct RegisterShowArgs {
    /// 台帳のid又は名前
    pub name: String,
    /// サービスのフォルダ
    pub dir: Option<PathBuf>,
    /// この状態の行だけを並べる（状態の名前又はid）
    #[arg(long, requires = "dir")]
    pub state: Option<String>,
    /// この言葉を含む行だけを並べる
    #[arg(long, requires = "dir")]
    pub find: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct RegisterPrintArgs {
    /// 台帳のid又は名前
    pub name: String,
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.csv、.json）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 医療機関等に渡す写しを作る（個人の名前などの欄を載せない）
    #[arg(long)]
    pub for_institution: bool,
    /// 一つの記録だけを、行ったことと承認とともに載せる（番号）
    #[arg(long, value_name = "ID", conflicts_with = "for_institution")]
    pub entry: Option<String>,
    /// 基準日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

#[derive(Args)]
pub struct RegisterTemplateArgs {
    /// 台帳のid又は名前
    pub name: String,
    /// サービスのフォルダ（書くと、今の内容を入れる）
    pub dir: Option<PathBuf>,
    /// 書き出すファイル（.xlsx）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct RegisterTakeArgs {
    /// 台帳のid又は名前
    pub name: String,
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き込んだファイル（.xlsx 又は CSV）
    pub file: PathBuf,
    /// フォルダに書き込む（省くと、変わるところを示すだけ）
    #[arg(long)]
    pub write: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DutyFormat {
    /// 端末で読む表
    Table,
    /// 表計算に渡す形（UTF-8、BOM付き）
    Csv,
    Json,
    /// カレンダーに取り込む形（iCalendar）
    Ics,
}

#[derive(Args)]
pub struct DutiesArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの日から見るか（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// いつまでの期日を並べるか（省くと3か月先まで）
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// その年度（4月から翌年3月まで）の期日を並べる（2026年度なら2026）
    #[arg(long, value_name = "YEAR", conflicts_with = "until")]
    pub fiscal_year: Option<i32>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DutyFormat,
    /// 「務めの予定表」を書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.csv、.json）
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct EvidenceArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの日から見るか（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 一つの対策項目（例: 1.5②-1）だけを示す
    #[arg(long, value_name = "ID")]
    pub control: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
    /// 「対策項目ごとの記録」を書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.csv、.json）
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub out: Option<PathBuf>,
}
