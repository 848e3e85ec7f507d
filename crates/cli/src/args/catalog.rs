//! Arguments of `shirube catalog`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{AddArgs, ApproveArgs, CompareArgs, CoverageArgs, ImpactArgs, ListFormat, OwnArgs};

#[derive(Args)]
pub struct CatalogArgs {
    #[command(subcommand)]
    pub command: CatalogCommand,
}

#[derive(Subcommand)]
pub enum CatalogCommand {
    /// 収録している版と、対策項目の一覧。版を指定すると、その版の項目の一覧
    List {
        /// 版（例: mhlw-6.0）
        edition: Option<String>,
        #[command(flatten)]
        own: OwnArgs,
        /// 加えた一覧の、前の版を示す（何番目の版か）
        #[arg(long, value_name = "NUMBER", requires = "with", requires = "edition")]
        revision: Option<u32>,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// 公表された版の沿革と、指定した日に施行中の版
    History {
        /// 日（例: 2026-11-22）。この日に施行中の版だけを示す
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<String>,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// 一つの項目を詳しく示す（例: 3.4①-14、S01、TH03、6.5.C.7、6.2、3.1.2、pg-1.0、mhlw-6.0/企画管理編.9.②）
    Show {
        /// 番号
        id: String,
        #[command(flatten)]
        own: OwnArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// 言葉をすべて含む項目を探す
    Search {
        /// 探す言葉
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        own: OwnArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// ある版の項目が、別の版のどの項目につながるか
    Crosswalk {
        /// 元の版（例: pg-1.0）
        from: String,
        /// 行き先の版（例: mhlw-6.0）
        to: String,
        #[command(flatten)]
        own: OwnArgs,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// 回答を別の版へ移す案を作る（何も「対応済」にはしない）
    Migrate(MigrateArgs),
    /// 版を替えると見直しの要る事柄を、一件ずつの作業として示す
    Impact(ImpactArgs),
    /// 二つの版の項目を比べ、変わり方の案と、人の判断を示す
    Compare(CompareArgs),
    /// 項目ごとに、答え・対策・根拠がどこまであるかを示す
    Coverage(CoverageArgs),
    /// 引用されている規格と文書の一覧
    Standards {
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// 項目や対応の表を、サービスのフォルダの一覧に加える
    Add(AddArgs),
    /// 加えた一覧を、作った人とは別の人が承認する
    Approve(ApproveArgs),
    /// 手元の公式の文書（テキスト、CSV、XLSX）から文言を読み取り、番号に結び付ける
    Import(ImportArgs),
    /// 版の項目を、ほかの道具で読める形に書き出す
    Export(ExportArgs),
}

impl CatalogCommand {
    /// Whether it lists the controls without anything that a folder brings: that needs no content of other editions.
    pub fn is_plain_list(&self) -> bool {
        matches!(self, Self::List { edition: None, own: OwnArgs { with: None, .. }, .. })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// OSCAL 1.2.1（フォルダに、カタログ、プロファイル、ほかの版との対応を書く）
    Oscal,
    /// 一項目一行の表（UTF-8、BOM付き）
    Csv,
    Json,
    /// 印刷できる表とデータのシート
    Xlsx,
}

#[derive(Args)]
pub struct ExportArgs {
    /// 版（例: mhlw-6.0）
    pub edition: String,
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// 書き出すファイル（oscalではフォルダ）
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    #[command(flatten)]
    pub own: OwnArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// 人が読む報告
    Table,
    Json,
}

#[derive(Args)]
pub struct ImportArgs {
    /// 読み取る文書
    pub file: PathBuf,
    /// どの版の文書か（例: pg-1.0）
    #[arg(long = "as", value_name = "EDITION")]
    pub edition: String,
    /// 結果を書き出すファイル（.json）
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// 文言を置くサービスのフォルダ（official/EDITION.json に書く）
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// 記入済みチェックリストの回答と項目の対応を直すファイル（「1-7(1): 技術的.7.(1)」を一行に一組）
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ImportFormat,
}

#[derive(Args)]
pub struct MigrateArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 行き先の版（例: pg-1.1、mhlw-6.0）
    #[arg(long, value_name = "EDITION")]
    pub to: String,
    /// 回答の版
    #[arg(long, value_name = "EDITION", default_value = "pg-1.0", conflicts_with = "answers")]
    pub from: String,
    /// 対策項目への答えの代わりに移す、取り込んだチェックリストの回答（catalog import --out で書いたファイル）
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

/// A day that exists.
pub(super) fn day(text: &str) -> Result<String, String> {
    let read = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
    read.map(|day| day.to_string()).map_err(|_| "暦にある日を、「2026-11-22」のように書いてください".to_owned())
}
