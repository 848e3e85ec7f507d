//! Arguments of `shirube supply`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

#[derive(Args)]
pub struct SupplyArgs {
    #[command(subcommand)]
    pub command: SupplyCommand,
}

#[derive(Subcommand)]
pub enum SupplyCommand {
    /// 委託先などの報告、受け継ぐ対策項目、食い違い、古くなった参照を示す
    Show(SupplyShowArgs),
    /// 委託先などに送る、報告用の空のExcelを書き出す
    Ask(SupplyAskArgs),
    /// 届いた報告（サービスのフォルダ、報告用のExcel、OSCAL）を supply.yaml に取り込む
    Take(SupplyTakeArgs),
    /// 自社のサービスを使う事業者への報告を、報告用のExcel又はOSCALで書き出す
    Report(SupplyReportArgs),
}

#[derive(Args)]
pub struct SupplyShowArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 有効期限を確かめる日（例: 2026-04-01）。省くと今日
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 出力の形式
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct SupplyAskArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 報告を求める相手（partiesのid）
    #[arg(long, value_name = "ID")]
    pub supplier: String,
    /// 書き出すファイル（.xlsx）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 依頼した人。書くと、依頼を supply.yaml に記録する
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// 依頼した日。省くと今日
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 報告の期限
    #[arg(long, value_name = "DATE")]
    pub due: Option<String>,
}

#[derive(Args)]
pub struct SupplyTakeArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 届いた報告（サービスのフォルダ、.xlsx、OSCALの.json）
    pub source: PathBuf,
    /// 報告した組織（partiesのid）
    #[arg(long, value_name = "ID")]
    pub supplier: String,
    /// 報告に日付がないとき、届いた日（例: 2026-04-01）。省くと今日
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 取り込む。省くと、取り込むものを示すだけ
    #[arg(long)]
    pub write: bool,
}

#[derive(Args)]
pub struct SupplyReportArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き出すファイル（.xlsx 又は .json）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 報告する人
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// 報告の日。省くと今日
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// 報告の有効期限
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}
