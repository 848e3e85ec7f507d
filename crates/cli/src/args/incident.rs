//! Arguments of `shirube incident`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DiffFormat;

#[derive(Args)]
pub struct IncidentArgs {
    #[command(subcommand)]
    pub command: IncidentCommand,
}

#[derive(Subcommand)]
pub enum IncidentCommand {
    /// 事故を並べ、次にすることと、最も近い期限を示す
    List(IncidentListArgs),
    /// 一つの事故の、することの順、期限、影響、経過、見直すリスクを示す
    Show(IncidentShowArgs),
    /// 医療機関等へのお知らせ（第一報、続報、終報）を、事実から作る
    Notice(IncidentNoticeArgs),
    /// 緊急連絡先一覧（壁に貼るための一枚）を作る
    Contacts(IncidentContactsArgs),
}

#[derive(Args)]
pub struct IncidentListArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// いつの時点で見るか（例: 2026-10-01T09:30。省くと今）
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
}

#[derive(Args)]
pub struct IncidentShowArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 事故番号
    pub number: String,
    /// いつの時点で見るか（例: 2026-10-01T09:30。省くと今）
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
    /// 「事故対応票」を書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.json）
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// 第一報
    First,
    /// 続報
    Update,
    /// 終報
    Final,
}

#[derive(Args)]
pub struct IncidentNoticeArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 事故番号
    pub number: String,
    /// 知らせる医療機関等の名前（allは、影響の及ぶ医療機関等のすべて）
    #[arg(long, value_name = "NAME")]
    pub institution: String,
    /// お知らせの段階（省くと、記録から決める）
    #[arg(long, value_enum)]
    pub stage: Option<StageName>,
    /// いつの時点で作るか（例: 2026-10-01T09:30。省くと今）
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// 書き出すフォルダ
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// 形式（pdf、docx、xlsx、html、md、json。何度でも書ける。省くとpdfとdocx）
    #[arg(long)]
    pub format: Vec<String>,
}

#[derive(Args)]
pub struct IncidentContactsArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.json）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 基準日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}
