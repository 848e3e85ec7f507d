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
