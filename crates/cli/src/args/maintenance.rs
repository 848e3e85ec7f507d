//! Arguments of `shirube maintenance`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

#[derive(Args)]
pub struct MaintenanceArgs {
    #[command(subcommand)]
    pub command: MaintenanceCommand,
}

#[derive(Subcommand)]
pub enum MaintenanceCommand {
    /// 保守の一覧と、それぞれに足りないもの（告知、承諾、報告）を示す
    List(MaintenanceListArgs),
    /// 一つの保守について、前と後に要ること、医療機関等ごとの承諾を示す
    Show(MaintenanceShowArgs),
    /// 医療機関等へのお知らせ、承諾のお願い、実施の報告を作る
    Notice(MaintenanceNoticeArgs),
}

#[derive(Args)]
pub struct MaintenanceListArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの日で見るか（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
    /// 「保守の告知と承諾の一覧」を書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.csv、.json）
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct MaintenanceShowArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 保守の番号
    pub number: String,
    /// どの日で見るか（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: super::DiffFormat,
}

#[derive(Args)]
pub struct MaintenanceNoticeArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 保守の番号
    pub number: String,
    /// 医療機関等の名前（allで、対象のすべて）
    #[arg(long, value_name = "NAME")]
    pub institution: String,
    /// 基準日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 書き出すファイル（.pdf、.docx、.xlsx、.html、.md）。allのときは、PDFを入れるフォルダ
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}
