//! Arguments of `shirube sla`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

#[derive(Args)]
pub struct SlaArgs {
    #[command(subcommand)]
    pub command: SlaCommand,
}

#[derive(Subcommand)]
pub enum SlaCommand {
    /// 停止と更新の記録（operationsのCSV）から、稼働率、障害対応時間、更新の遅れ、未達成の件数と評価を計算する
    Evaluate(SlaEvaluateArgs),
    /// 一つの医療機関等への月次報告書、年次報告書、都度の報告を作る
    Report(SlaReportArgs),
    /// 目標の稼働率で、1年と1か月に何分まで止まれるかを示す
    Allowance(SlaAllowanceArgs),
    /// 監視の記録（Alertmanagerの通知のJSON、状態のCSV）から、停止の記録を加える
    Import(SlaImportArgs),
}

#[derive(Args)]
pub struct SlaEvaluateArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 最初の日（例: 2026-04-01）
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// 最後の日（その日の終わりまでを計算し、それより後の記録は見ない）
    #[arg(long, value_name = "DATE")]
    pub to: String,
    /// 一つの医療機関等（institutionsのファイルの名前）について計算する。省くと、どの医療機関等の停止も数える
    #[arg(long, value_name = "NAME")]
    pub institution: Option<String>,
    /// 出力の形式
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
    /// サービスレベル実績書を書き出すファイル（.pdf、.xlsx、.docx、.html、.md）。省くと、画面に示す
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[group(id = "time", required = true, multiple = false)]
pub struct SlaReportTime {
    /// 月次報告書にする月（例: 2026-09）
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// 年次報告書にする年度の始まる年（例: 2026。年度の始まる月は、医療機関等のファイルによる）
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// 都度の報告にする記録（台帳のidと番号。例: outages:S-2026-002）
    #[arg(long, value_name = "REGISTER:NUMBER")]
    pub event: Option<String>,
}

#[derive(Args)]
pub struct SlaReportArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    #[command(flatten)]
    pub time: SlaReportTime,
    /// 医療機関等（institutionsのファイルの名前）。all は、すべての医療機関等に一つずつ作る
    #[arg(long, value_name = "NAME")]
    pub institution: String,
    /// 書き出すフォルダ（医療機関等ごとのフォルダに分ける）
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// ファイルの形式（何度でも書ける。省くと pdf、docx、xlsx）
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<String>,
    /// 基準日。この日までの記録で作る（省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

#[derive(Args)]
pub struct SlaAllowanceArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 数え始める月の日（例: 2026-04-01）。その月から12か月を計算する。省くと今月
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// 一つの医療機関等（institutionsのファイルの名前）のSLAで計算する
    #[arg(long, value_name = "NAME")]
    pub institution: Option<String>,
    /// 出力の形式
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct SlaImportArgs {
    /// 監視の記録（Alertmanagerのwebhookで届いたJSON、又は時刻・対象・状態のCSV）
    pub file: PathBuf,
    /// 停止の記録を加えるサービスのフォルダ
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// 書き込む。省くと、加わるものを示すだけ
    #[arg(long)]
    pub write: bool,
}
