//! `disclosure.yaml`: what the サービス仕様適合開示書 and the letter say that stands in no other file.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::model::{Answer, Date, RoleKind};

/// サービス仕様適合開示書と送付状のための事実。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DisclosureFile {
    /// 加えて示す資料。
    #[serde(default)]
    pub documents: Vec<DisclosedDocument>,
    /// 個人データの安全管理の実績。
    #[serde(default)]
    pub record: Option<SafetyRecord>,
    /// 点検と評価。
    #[serde(default)]
    pub evaluations: Vec<EvaluationActivity>,
    /// 申請中の認証。
    #[serde(default)]
    pub applications: Vec<CertificationApplication>,
    /// 部門。
    #[serde(default)]
    pub departments: Vec<Department>,
    /// 再委託がないと確かめた日。
    #[serde(default)]
    pub no_subcontractors_on: Option<Date>,
    /// 事故への対応。
    #[serde(default)]
    pub incident: Option<IncidentResponse>,
    /// 患者への説明。
    #[serde(default)]
    pub patients: Option<PatientExplanation>,
    /// 監査。
    #[serde(default)]
    pub audit: Option<AuditDisclosure>,
    /// 遵守している法令等。
    #[serde(default)]
    pub laws: Vec<String>,
    /// 対応しているガイドライン等。
    #[serde(default)]
    pub guidelines: Vec<String>,
    /// 行政の検査への備え。
    #[serde(default)]
    pub inspection: Option<InspectionReadiness>,
    /// 送付状の差出人。
    #[serde(default)]
    pub sender: Option<Sender>,
    /// 初めにお願いすること（リスク対応の名前と順番。例: T-A5-1）。
    #[serde(default)]
    pub first_steps: Vec<String>,
}

/// 加えて示す資料。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosedDocument {
    /// 表4-1の番号。
    #[schemars(range(min = 1, max = 19))]
    pub item: u8,
    /// 文書の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 開示方法・条件・範囲。
    #[serde(default)]
    pub disclosure: Option<String>,
    /// 秘密保持契約が要る。
    #[serde(default)]
    pub nda: Answer,
}

/// 個人データの安全管理の実績。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SafetyRecord {
    /// 実績の初めの日。
    #[serde(default)]
    pub since: Option<Date>,
    /// 実績を確かめた日。
    #[serde(default)]
    pub as_of: Option<Date>,
    /// 個人情報の流出事故。
    #[serde(default)]
    pub leaks: Option<Occurrence>,
    /// 事故の内容とその後の対策。
    #[serde(default)]
    pub leaks_note: Option<String>,
    /// 目的外・不当な利用。
    #[serde(default)]
    pub misuse: Option<Occurrence>,
    /// 確かめた方法。
    #[serde(default)]
    pub misuse_check: Option<String>,
    /// 利用の内容とその後の対策。
    #[serde(default)]
    pub misuse_note: Option<String>,
    /// 秘密保持契約が要る。
    #[serde(default)]
    pub nda: Answer,
}

choice! {
    /// あったかどうか。
    Occurrence {
        Nothing = "nothing", "ない";
        Something = "something", "あった";
    }
}

/// 点検と評価。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct EvaluationActivity {
    /// 点検や評価の内容。
    #[serde(default)]
    pub what: Option<String>,
    /// 実施者。
    #[serde(default)]
    pub who: Option<String>,
    /// 時期（定期の業務から選ぶ）。
    #[serde(default)]
    pub period: Option<DutyKind>,
    /// 時期（一覧にないとき）。
    #[serde(default)]
    pub interval: Option<String>,
    /// 直近の実施。
    #[serde(default)]
    pub last: Option<String>,
    /// 結果の開示方法・条件・範囲。
    #[serde(default)]
    pub disclosure: Option<String>,
    /// 秘密保持契約が要る。
    #[serde(default)]
    pub nda: Answer,
}

choice! {
    /// 定期の業務。
    DutyKind {
        Audit = "audit", "内部監査";
        RulesReview = "rules_review", "規程の見直し";
        LawReview = "law_review", "法令の改正の確認";
        SelfCheck = "self_check", "自己点検";
        RiskReview = "risk_review", "リスクの見直し";
        ContactList = "contact_list", "緊急時の連絡網の確認";
        Subcontractor = "subcontractor", "再委託先の点検";
        Accounts = "accounts", "アカウントと権限の検証";
        UnusedAccounts = "unused_accounts", "使われていないアカウントの抽出";
        EmergencyAccounts = "emergency_accounts", "非常時のアカウントの見直し";
        StartupPassword = "startup_password", "起動のパスワードの変更";
        AccessLog = "access_log", "アクセスの記録の点検";
        PrivilegedLog = "privileged_log", "管理者の権限の使用の点検";
        DocumentLog = "document_log", "文書のシステムの記録の点検";
        AccessOperation = "access_operation", "アクセス管理の運用の見直し";
        Clock = "clock", "時刻の同期";
        EntryList = "entry_list", "入室できる者の名簿の見直し";
        EntryLog = "entry_log", "入退室の記録の点検";
        KeyCheck = "key_check", "鍵と台帳の照合";
        Premises = "premises", "侵入に対する点検";
        PlantedDevices = "planted_devices", "不審な装置の見回り";
        Camera = "camera", "監視カメラの映像の確認";
        MalwareScan = "malware_scan", "不正プログラムの全体の検査";
        StaleDevices = "stale_devices", "定義の古い端末の検出";
        SoftwareCheck = "software_check", "ソフトウェアとドライバの照合";
        AttackWatch = "attack_watch", "攻撃の監視";
        MediaStock = "media_stock", "記録媒体の棚卸し";
        DeviceStock = "device_stock", "機器の所在の確認";
        InformationStock = "information_stock", "情報の所在の確認";
        Necessity = "necessity", "情報と媒体の要否の確認";
        Readability = "readability", "保存した情報の読み出しの確認";
        VulnerabilityNews = "vulnerability_news", "脆弱性の情報の確認";
        Diagnosis = "diagnosis", "脆弱性の診断";
        RemoteLog = "remote_log", "リモートメンテナンスの記録の確認";
        BackupCheck = "backup_check", "バックアップの確認";
        RestoreTest = "restore_test", "復元の試験";
        ContinuityDrill = "continuity_drill", "事業継続計画の訓練";
        IncidentDrill = "incident_drill", "事故対応の訓練";
        Training = "training", "教育";
        TrainingMaterial = "training_material", "教材の見直し";
    }
}

/// 申請中の認証。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct CertificationApplication {
    /// 認証の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 申請している範囲。
    #[serde(default)]
    pub scope: Option<String>,
    /// 申請した日。
    #[serde(default)]
    pub applied_on: Option<Date>,
}

/// 部門。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// 部門の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 役割。
    #[serde(default)]
    pub role: Option<String>,
}

/// 事故への対応。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct IncidentResponse {
    /// 事故のときの組織。
    #[serde(default)]
    pub headquarters: Option<String>,
    /// 指揮をとる人。
    #[serde(default)]
    pub led_by: Option<RoleKind>,
    /// 医療機関等への知らせ方。
    #[serde(default)]
    pub notify_by: Vec<String>,
    /// 所管官庁への報告。
    #[serde(default)]
    pub authority: Option<String>,
    /// サービスを止めること。
    #[serde(default)]
    pub stop: Option<String>,
}

/// 患者への説明。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct PatientExplanation {
    /// 患者に説明する者。
    #[serde(default)]
    pub explained_by: Option<Explainer>,
    /// 当社が説明する方法。
    #[serde(default)]
    pub method: Option<String>,
    /// 用意する資料。
    #[serde(default)]
    pub material: Option<String>,
    /// 加工のときも同じ分担とする。
    #[serde(default)]
    pub processing_same: Answer,
    /// 加工のときの分担。
    #[serde(default)]
    pub processing: Option<String>,
}

choice! {
    /// 患者に説明する者。
    Explainer {
        Institution = "institution", "医療機関等";
        Provider = "provider", "対象事業者";
    }
}

/// 監査。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct AuditDisclosure {
    /// 監査の実施方針。
    #[serde(default)]
    pub policy: Option<String>,
    /// 監査結果の概要を示す。
    #[serde(default)]
    pub outline_disclosed: Answer,
    /// 開示方法・条件・範囲。
    #[serde(default)]
    pub disclosure: Option<String>,
    /// 秘密保持契約が要る。
    #[serde(default)]
    pub nda: Answer,
}

/// 行政の検査への備え。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InspectionReadiness {
    /// 検査のときの窓口。
    #[serde(default)]
    pub contact: Option<String>,
    /// 渡せるもの。
    #[serde(default)]
    pub what: Vec<String>,
    /// 渡すまでの営業日数。
    #[serde(default)]
    pub within_days: Option<u32>,
}

/// 送付状の差出人。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// 宛先の人の役職と氏名（空なら、組織に宛てる）。
    #[serde(default)]
    pub addressee: Option<String>,
    /// 差出人の部門。
    #[serde(default)]
    pub department: Option<String>,
    /// 担当者の役職と氏名。
    #[serde(default)]
    pub person: Option<String>,
    /// 住所。
    #[serde(default)]
    pub address: Option<String>,
    /// 返送の期日。
    #[serde(default)]
    pub reply_by: Option<Date>,
    /// 返送の方法。
    #[serde(default)]
    pub reply_how: Option<String>,
}
