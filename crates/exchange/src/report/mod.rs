//! The workbook with which a supplier reports upward (guideline 2.2.2): sent out blank by whoever asks, or filled from the
//! supplier's own service, and read back by whoever asked.

mod read;
mod write;

pub use read::read_report;
pub use write::{Asked, report_workbook};

/// Name of the workbook among ours, in the hidden sheet that tells them apart.
const KIND: &str = "supply-report";

const HEAD: &str = "報告";
const CONTROLS: &str = "対策項目";
const TASKS: &str = "作業の分担";

/// Fields of the first sheet.
const PROVIDER: &str = "報告する会社";
const SERVICE: &str = "対象のサービス";
const ON: &str = "報告の日";
const BY: &str = "報告した人";
const EDITIONS: &str = "拠りどころとしたガイドラインの版";
const UNTIL: &str = "報告の有効期限";
const DOCUMENT: &str = "報告書の名前";
const RISKS: &str = "リスクマネジメントの実施状況";
const STATUTORY: &str = "制度上の要求事項への対応状況";
const BELOW: &str = "さらに使っている会社";

/// Columns of the sheets with answers.
const NUMBER: &str = "番号";
const TEXT: &str = "対策項目（要旨）";
const STATUS: &str = "状況";
const DOER: &str = "誰が行うか";
const HOW: &str = "どのように満たすか";
const CUSTOMER: &str = "利用する側で行うこと";
const EVIDENCE: &str = "根拠となる資料や記録";
const EVIDENCE_UNTIL: &str = "根拠の有効期限";
const TASK_ID: &str = "作業のid（変えない）";
const TASK: &str = "作業";
const LAYER: &str = "層";
const NOTE: &str = "備考";
