//! The working paper of an audit as a workbook: written with what to look at, read back with what was seen (AUDIT-015).

mod read;
mod write;

pub use read::read_audit;
pub use write::audit_workbook;

/// Name of the workbook among ours, in the hidden sheet that tells them apart.
const KIND: &str = "audit-paper";

const SHEET: &str = "監査調書";
const NUMBER: &str = "番号";
const TEXT: &str = "対策項目（要旨）";
const ANSWER: &str = "答え";
const PROMISED: &str = "満たし方（約束したこと）";
const EVIDENCE: &str = "裏付けになる台帳と資料";
const SAMPLES: &str = "調べる記録";
const VERDICT: &str = "結果";
const GRADE: &str = "指摘の区分";
const REMARK: &str = "所見・指摘の内容";
const LOOKED: &str = "見た記録";
