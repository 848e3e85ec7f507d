//! Arguments of `shirube house`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ListFormat;

#[derive(Args)]
pub struct HouseArgs {
    #[command(subcommand)]
    pub command: HouseCommand,
}

#[derive(Subcommand)]
pub enum HouseCommand {
    /// 条項の名前、省けるか、ひな型の指紋の一覧を出す
    Clauses(ClausesArgs),
    /// PNGの画像を、文書の1ページ目に載せるロゴとして house.yaml に書き込む
    Logo(LogoArgs),
}

#[derive(Args)]
pub struct ClausesArgs {
    /// 文書の名前（sla、disclosure、operating-rules、institution-rules、letter、summary-management、summary-clinic）
    pub document: String,
    /// 出力の形式
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct LogoArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// PNGの画像（200 kBまで、縦横とも2,400画素まで）
    pub file: PathBuf,
}
