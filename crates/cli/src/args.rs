//! The command line, and its mistakes in Japanese.

mod audit;
mod catalog;
mod house;
mod incident;
mod maintenance;
mod own;
mod owner;
mod register;
mod selection;
mod sla;
mod supply;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit;

pub use audit::{AuditArgs, AuditCommand, AuditListArgs, AuditPaperArgs, AuditSummaryArgs, AuditTakeArgs};
pub use catalog::{CatalogArgs, CatalogCommand, ExportArgs, ExportFormat, ImportArgs, ImportFormat, MigrateArgs};
pub use house::{ClausesArgs, HouseArgs, HouseCommand, LogoArgs};
pub use incident::{
    IncidentArgs, IncidentCommand, IncidentContactsArgs, IncidentListArgs, IncidentNoticeArgs, IncidentShowArgs,
    StageName,
};
pub use maintenance::{
    MaintenanceArgs, MaintenanceCommand, MaintenanceListArgs, MaintenanceNoticeArgs, MaintenanceShowArgs,
};
pub use own::{AddArgs, ApproveArgs, CompareArgs, CoverageArgs, ImpactArgs, OwnArgs};
pub use owner::{OrganisationArgs, OrganisationCommand, UserArgs, UserCommand};
pub use register::{
    DutiesArgs, DutyFormat, EvidenceArgs, RegisterArgs, RegisterCommand, RegisterListArgs, RegisterPrintArgs,
    RegisterShowArgs, RegisterTakeArgs, RegisterTemplateArgs,
};
pub use selection::{DiscloseArgs, SelectionArgs};
pub use sla::{SlaAllowanceArgs, SlaArgs, SlaCommand, SlaEvaluateArgs, SlaImportArgs, SlaReportArgs};
pub use supply::{SupplyArgs, SupplyAskArgs, SupplyCommand, SupplyReportArgs, SupplyShowArgs, SupplyTakeArgs};

/// 標（しるべ）: 医療情報システムの安全管理を、3省2ガイドラインに沿って実施し、文書にする。
#[derive(Parser)]
#[command(name = "shirube", version, disable_help_subcommand = true, arg_required_else_help = true)]
#[command(after_help = "終了コード: 0 成功、1 指摘あり、2 入力や使い方の誤り、3 環境の不具合（ディスクなど）")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// 見本（診療所の電子カルテ）のフォルダと文書一式を作り、閲覧用の画面を開く
    Demo(DemoArgs),
    /// 新しいサービスのフォルダを作る
    Init(InitArgs),
    /// フォルダの内容を確かめ、足りない点や矛盾を示す
    Check(CheckArgs),
    /// モデルから導いた情報流の一覧を出す
    Flows(FlowsArgs),
    /// リスクの案と決定の一覧を出す
    Assess(AssessArgs),
    /// 医療機関等ごとに、説明と合意がどこまで進んだか、変更で何を合意し直すかを示す
    Agreement(AgreementArgs),
    /// 文書を作る
    Report(ReportArgs),
    /// 事業者を選ぶ医療機関等に渡す開示データ（JSON）を作る
    Disclose(DiscloseArgs),
    /// いくつもの事業者が示したものを並べ、足りないものと尋ねることを示す（医療機関等の方）
    Selection(SelectionArgs),
    /// 全体構成図を作る
    Diagram(DiagramArgs),
    /// 二つのフォルダの違いを、ガイドラインの言葉で示す
    Diff(DiffArgs),
    /// リスクや対策項目などの一覧をExcelに書き出し、書き込んだものを取り込む
    List(ListArgs),
    /// 委託先などの報告を求め、取り込み、食い違いを示す。上位の事業者への報告を作る
    Supply(SupplyArgs),
    /// 台帳（機器、媒体、利用者、教育など）をつけ、印刷する
    Register(RegisterArgs),
    /// 期日のある務めを並べる（期日を過ぎたもの、これからのもの）
    Duties(DutiesArgs),
    /// 対策項目ごとに、裏付けになる記録と、その古さを示す
    Evidence(EvidenceArgs),
    /// 事故の期限、影響、することの順を示し、お知らせと緊急連絡先一覧を作る
    Incident(IncidentArgs),
    /// 保守の告知・承諾・報告が決めたとおりかを確かめ、医療機関等ごとのお知らせを作る
    Maintenance(MaintenanceArgs),
    /// 監査の計画書、調書、報告書を作り、独立していない監査や期限を過ぎた是正を示す
    Audit(AuditArgs),
    /// 停止や更新の記録から、稼働率などのサービスレベルを計算する
    Sla(SlaArgs),
    /// 自社の様式を書く（条項の名前と指紋を見る、ロゴを入れる）
    House(HouseArgs),
    /// 収録しているガイドラインの項目を調べる
    Catalog(CatalogArgs),
    /// フォルダのファイルのJSON Schemaを出す
    Schema(SchemaArgs),
    /// 複数の組織で使う画面（サーバ）を開く
    Serve(ServeArgs),
    /// サーバに組織を加える
    Organisation(OrganisationArgs),
    /// サーバの利用者を確かめ、ログインできなくなった人を助ける
    User(UserArgs),
    /// サーバのデータの控えを一つのファイルに取る（動いている間も取れる）
    Backup(BackupArgs),
    /// 控えから、空のデータベースに戻す
    Restore(RestoreArgs),
    /// 証跡を確かめる
    Trail(TrailArgs),
    /// 版を示す
    Version,
}

#[derive(Args)]
pub struct DemoArgs {
    /// 見本を書き出すフォルダ
    #[arg(long, default_value = "shirube-demo")]
    pub dir: PathBuf,
    /// 画面を開くアドレス
    #[arg(long, default_value = "127.0.0.1:8765")]
    pub listen: String,
    /// 書き出すだけで、画面を開かない
    #[arg(long)]
    pub no_serve: bool,
}

#[derive(Args)]
pub struct ServeArgs {
    /// 設定のファイル（TOML）。省くと、今のフォルダの「shirube-data」にデータを置き、このコンピュータだけで使う
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 画面を開くアドレス（設定のファイルより優先する）
    #[arg(long)]
    pub listen: Option<String>,
}

#[derive(Args)]
pub struct BackupArgs {
    /// 設定のファイル（serve と同じもの）
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 書き出すファイル
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct RestoreArgs {
    /// 設定のファイル（戻す先のデータベースを指すもの）
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 控えのファイル
    pub file: PathBuf,
}

#[derive(Args)]
pub struct TrailArgs {
    #[command(subcommand)]
    pub command: TrailCommand,
}

#[derive(Subcommand)]
pub enum TrailCommand {
    /// 書き出した証跡を、データベースなしで確かめる
    Verify(TrailVerifyArgs),
}

#[derive(Args)]
pub struct TrailVerifyArgs {
    /// 画面から書き出した証跡（JSON Lines）
    pub file: PathBuf,
    /// 別に控えておいた末尾（「件数:ダイジェスト」。何度でも書ける）
    #[arg(long, value_name = "HEAD")]
    pub head: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Template {
    /// 診療所の電子カルテ（ガイドラインの実施例）
    ClinicEhr,
    /// 空のひな型
    Blank,
}

#[derive(Args)]
pub struct InitArgs {
    /// 作るフォルダ
    pub dir: PathBuf,
    /// ひな型
    #[arg(long, value_enum, default_value = "blank")]
    pub template: Template,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// 人が読む形
    Human,
    Json,
    /// SARIF 2.1.0（CIに渡す形）
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum FailOn {
    /// 「要対応」があれば終了コード1
    Error,
    /// 「注意」以上があれば終了コード1
    Warning,
}

#[derive(Args)]
pub struct CheckArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    #[arg(long, value_enum, default_value = "human")]
    pub format: CheckFormat,
    /// どの重さから終了コード1にするか
    #[arg(long, value_enum, default_value = "warning")]
    pub fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// 端末で読む表
    Table,
    /// 表計算に渡す形（UTF-8、BOM付き）
    Csv,
    Json,
}

#[derive(Args)]
pub struct FlowsArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Args)]
pub struct AgreementArgs {
    /// サービスのフォルダ（医療機関等のファイルは、その中のinstitutionsに置く）
    pub dir: PathBuf,
    /// 一つの医療機関等（institutionsのファイルの名前）の合意事項を並べる
    #[arg(long, value_name = "NAME")]
    pub institution: Option<String>,
    /// 一つのフェーズに決めることと、その医療機関等との段階を並べる
    #[arg(long, value_enum, requires = "institution")]
    pub phase: Option<PhaseName>,
    /// 説明や合意をしたときのフォルダ。そこから変わって合意し直すものを、医療機関等ごとに示す
    #[arg(long, value_name = "DIR", conflicts_with = "institution")]
    pub since: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum PhaseName {
    /// 開発フェーズ
    Development,
    /// 運用フェーズ
    Operation,
    /// 契約終了フェーズ
    End,
    /// 危機管理対応時
    Crisis,
}

#[derive(Args)]
pub struct AssessArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    #[arg(long, value_enum, default_value = "table")]
    pub format: ListFormat,
    /// 書き出すファイル（省くと標準出力）
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct ReportArgs {
    /// サービスのフォルダ（いくつも書ける）
    #[arg(required = true, num_args = 1..)]
    pub dirs: Vec<PathBuf>,
    /// 文書を書き出すフォルダ（サービスがいくつもあれば、その中にサービスのフォルダの名前ごとに分ける）
    #[arg(long)]
    pub out: PathBuf,
    /// 作る文書（何度でも書ける。省くとすべて）
    #[arg(long)]
    pub doc: Vec<String>,
    /// 形式 xlsx、docx、pdf、html、md、csv、json、oscal（何度でも書ける。省くとxlsx、docx、pdf、html。
    /// oscalは文書の別によらず、サービスの全体をoscalフォルダに書く）
    #[arg(long)]
    pub format: Vec<String>,
    /// どの写しを作るか
    #[arg(long, value_enum, default_value = "contract")]
    pub copy: CopyKind,
    /// 医療機関等ごとに作る（institutionsのファイルの名前。何度でも書ける。allはすべて）
    #[arg(long, value_name = "NAME")]
    pub institution: Vec<String>,
    /// 契約終了の文書（取決め書、実施報告書、一覧）を、医療機関等ごとに作る（形式を省くとpdf、docx）
    #[arg(long, requires = "institution", conflicts_with_all = ["doc", "copy"])]
    pub closing: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CopyKind {
    /// 契約した医療機関等に渡す写し
    Contract,
    /// 誰にでも見せられる写し（秘密保持契約の要る資料や、公開しない機器を載せない。情報提供項目一覧、全体構成図、サービス仕様適合開示書だけ）
    Open,
}

#[derive(Args)]
pub struct DiagramArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き出すファイル（.svg、.pdf、.png。図のデータは .json）
    #[arg(long)]
    pub out: PathBuf,
    /// どの手順までの図か（省くと全体。PDFには四つの図を入れる）
    #[arg(long, value_enum)]
    pub step: Option<DiagramStep>,
    /// どの写しを作るか
    #[arg(long, value_enum, default_value = "contract")]
    pub copy: CopyKind,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DiagramStep {
    /// 拠点と、そこにある機器や記憶媒体
    #[value(name = "1")]
    Places,
    /// 接続と搬送を加えた図
    #[value(name = "2")]
    Connections,
    /// 人が扱う情報流の番号を加えた図
    #[value(name = "3")]
    People,
    /// すべての情報流の番号を入れた図
    #[value(name = "4")]
    Devices,
}

#[derive(Args)]
pub struct ListArgs {
    #[command(subcommand)]
    pub command: ListCommand,
}

#[derive(Subcommand)]
pub enum ListCommand {
    /// 一覧を、書き込めるExcelのブックに書き出す
    Export(ListExportArgs),
    /// 書き込んだブックが何を変えるかを示す（--write を付けると、フォルダに書き込む）
    Import(ListImportArgs),
}

#[derive(Args)]
pub struct ListExportArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// どの一覧か（risks、treatments、controls、assets）
    #[arg(long)]
    pub list: String,
    /// 書き出すファイル（.xlsx）
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct ListImportArgs {
    /// サービスのフォルダ
    pub dir: PathBuf,
    /// 書き込んだブック
    pub file: PathBuf,
    /// フォルダに書き込む（省くと、変わるところを示すだけ）
    #[arg(long)]
    pub write: bool,
    /// 取り込む人の氏名（決定の記録に残る）
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// 取り込む日（例: 2026-11-22。省くと今日）
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
}

#[derive(Args)]
pub struct DiffArgs {
    /// 前のフォルダ
    pub before: PathBuf,
    /// 後のフォルダ
    pub after: PathBuf,
    /// 渡してある文書のどこが要見直しになるか、なぜか、相手に何を伝えるかも示す
    #[arg(long)]
    pub documents: bool,
    /// 出力の形
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// 端末で読む形
    Table,
    Json,
}

#[derive(Args)]
pub struct SchemaArgs {
    /// shirube、system、assessment、conformity、sla、disclosure、rules、checklists、house、classification、institution、register、periods、selection、disclosure-data のどれか（省くと一覧）
    pub name: Option<String>,
}

/// Parses the arguments. Help and version end with 0, mistakes with 2 and a Japanese sentence.
pub fn parse() -> Result<Command, ExitCode> {
    match Cli::try_parse() {
        Ok(cli) => Ok(cli.command),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            print!("{}", in_japanese(&error.to_string()));
            Err(ExitCode::SUCCESS)
        }
        Err(error) => {
            if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                eprint!("{}", in_japanese(&error.to_string()));
            } else {
                eprintln!("{}", sentence(&error));
            }
            Err(ExitCode::from(exit::INPUT))
        }
    }
}

/// The headings clap puts into its help.
fn in_japanese(help: &str) -> String {
    [
        ("Usage:", "使い方:"),
        ("Commands:", "コマンド:"),
        ("Arguments:", "引数:"),
        ("Options:", "オプション:"),
        ("[OPTIONS]", "[オプション]"),
        ("<COMMAND>", "<コマンド>"),
        ("[default: ", "[省いたとき: "),
        ("[possible values: ", "[選べる値: "),
        ("Possible values:", "選べる値:"),
        ("Print help (see more with '--help')", "使い方を示す（--helpで詳しく）"),
        ("Print help (see a summary with '-h')", "使い方を示す"),
        ("Print help", "使い方を示す"),
        ("Print version", "版を示す"),
    ]
    .into_iter()
    .fold(help.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn sentence(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) if kind == ContextKind::ValidValue => texts.join("、"),
        // Several suggestions come with the nearest last.
        Some(ContextValue::Strings(texts)) => texts.last().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let near = |kind| {
        Some(text(kind))
            .filter(|near| !near.is_empty())
            .map(|near| format!("「{near}」ではありませんか。"))
            .unwrap_or_default()
    };
    let (argument, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand);
            format!("コマンド「{name}」はありません。{}", near(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::UnknownArgument => format!("「{argument}」は使えません。{}", near(ContextKind::SuggestedArg)),
        ErrorKind::MissingRequiredArgument => format!("{argument} を指定してください。"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} に値を指定してください。"),
        ErrorKind::InvalidValue => {
            format!("{argument} に「{value}」は使えません。使えるのは{}です。", text(ContextKind::ValidValue))
        }
        ErrorKind::ValueValidation => {
            let right = std::error::Error::source(error).map(|right| right.to_string()).unwrap_or_default();
            format!("{argument} に「{value}」は使えません。{right}。")
        }
        ErrorKind::MissingSubcommand => "コマンドを指定してください。".to_owned(),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            other if other.is_empty() || other == argument => format!("{argument} は一度だけ指定してください。"),
            other => format!("{argument} と {other} は一緒に使えません。どちらかだけを指定してください。"),
        },
        ErrorKind::InvalidUtf8 => "引数の文字コードがUTF-8ではありません。".to_owned(),
        _ => "引数が正しくありません。".to_owned(),
    };
    format!("{message}\n使い方は shirube --help で確かめられます。")
}
