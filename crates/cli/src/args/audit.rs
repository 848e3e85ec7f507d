//! Arguments of `shirube audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    pub command: AuditCommand,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// 監査、指摘と是正、認証を並べ、独立していない監査や期限を過ぎた是正を示す
    List(AuditListArgs),
    /// 監査計画書を作る
    Plan(AuditPaperArgs),
    /// 監査調書を作る（.xlsxは、書き込んで取り込める）
    Paper(AuditPaperArgs),
    /// 書き込んだ監査調書（.xlsx）から、指摘の案を作る（--write を付けると、台帳に加える）
    Take(AuditTakeArgs),
    /// 監査報告書を作る
    Report(AuditPaperArgs),
    /// 誰にでも見せられる「監査結果の要約」を作る
    Summary(AuditSummaryArgs),
}

#[derive(Args)]
pub struct AuditListArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの日で見るか（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: super::DiffFormat,
}

#[derive(Args)]
pub struct AuditPaperArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 監査番号
    pub number: String,
    /// 基準日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 書き出すファイル（.pdf、.xlsx、.docx、.html、.md、.csv、.json）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct AuditTakeArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 監査番号
    pub number: String,
    /// 書き込んだ監査調書（.xlsx）
    pub file: PathBuf,
    /// 指摘した日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// operations/audit-findings.csvに加える（省くと、加わるものを示すだけ）
    #[arg(long)]
    pub write: bool,
}

#[derive(Args)]
pub struct AuditSummaryArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 最初の日（例: 2026-04-01）
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// 最後の日
    #[arg(long, value_name = "DATE")]
    pub to: String,
    /// 基準日（例: 2026-10-01。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 書き出すファイル（.pdf、.xlsx、.docx、.html、.md）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}
