//! Arguments of the parts of `shirube catalog` that deal with lists of the user's own.

use std::path::PathBuf;

use clap::Args;

use super::ListFormat;
use super::catalog::{ImportFormat, day};

/// Which lists of a service folder are shown with the embedded ones, and as of when.
#[derive(Args)]
pub struct OwnArgs {
    /// 加えた一覧（catalogs）と取り込んだ公式の文言（official）も合わせて示すときの、サービスのフォルダ
    #[arg(long, value_name = "DIR")]
    pub with: Option<PathBuf>,
    /// 加えた一覧を、どの日に適用されるもので示すか（例: 2026-11-22。省くと文書の日）
    #[arg(long, value_name = "DATE", value_parser = day, requires = "with")]
    pub on: Option<String>,
}

/// Which list of the user's own is meant: one of items, or one of links.
#[derive(Args)]
pub struct ListArgs {
    /// どの版の項目か（独自の一覧は「own-」で始める。例: own-hospital-a、mhlw-5.2）
    #[arg(long, value_name = "EDITION", conflicts_with = "crosswalk")]
    pub edition: Option<String>,
    /// 項目ではなく、二つの版の対応を加える（元の版と行き先の版）
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub crosswalk: Option<Vec<String>>,
}

#[derive(Args)]
pub struct AddArgs {
    /// 加える項目の表（CSV、TSV、JSON）
    pub file: PathBuf,
    /// 加える先の、サービスのフォルダ
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    #[command(flatten)]
    pub list: ListArgs,
    /// 作った人
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// 作った日（例: 2026-11-22）
    #[arg(long = "on", value_name = "DATE", value_parser = day)]
    pub prepared_on: String,
    /// 加える、又は改める理由
    #[arg(long)]
    pub reason: String,
    /// 一覧の名前（知られていない版に初めて加えるとき）
    #[arg(long)]
    pub title: Option<String>,
    /// 版の公表の年月（例: 2027-03）
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
    /// 前に加えた項目を残さず、この表で置き換える
    #[arg(long)]
    pub replace: bool,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ImportFormat,
}

#[derive(Args)]
#[command(mut_arg("edition", |edition| edition.help("承認する一覧の版")))]
#[command(mut_arg("crosswalk", |crosswalk| crosswalk.help("承認する対応の、元の版と行き先の版")))]
pub struct ApproveArgs {
    /// サービスのフォルダ
    pub into: PathBuf,
    #[command(flatten)]
    pub list: ListArgs,
    /// 承認した人（作った人とは別の人）
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// 承認した日
    #[arg(long = "on", value_name = "DATE", value_parser = day)]
    pub approved_on: String,
    /// 用い始める日（省くと承認した日）
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<String>,
}

#[derive(Args)]
pub struct CompareArgs {
    /// 前の版（例: pg-1.0）
    pub from: String,
    /// 後の版（例: pg-1.1）
    pub to: String,
    #[command(flatten)]
    pub own: OwnArgs,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct CoverageArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの版の項目について示すか
    #[arg(long, value_name = "EDITION", default_value = "pg-1.0")]
    pub edition: String,
    /// いつの時点で示すか（省くと文書の日）
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<String>,
    /// 根拠を確かめてから何か月までを新しいとみるか
    #[arg(long, value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=1200))]
    pub evidence_months: u32,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct ImpactArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 移る先の版（例: pg-1.1）
    #[arg(long, value_name = "EDITION")]
    pub to: String,
    /// 期限（省くと、新しい版が主となる日、又はその版の施行日）
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub due: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}
