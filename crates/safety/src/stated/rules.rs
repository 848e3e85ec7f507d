//! `rules.yaml`: the parameters of the 運用管理規程, the provider's and the institution's.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::model::Date;

/// 運用管理規程の数字と名前。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct RulesFile {
    /// 対象事業者の規程。
    #[serde(default)]
    pub provider: Option<ProviderRules>,
    /// 規程と手順書の名前。
    #[serde(default)]
    pub documents: Option<RuleDocuments>,
    /// 定期の業務の周期。
    #[serde(default)]
    pub periods: Option<DutyPeriods>,
    /// アクセスの管理。
    #[serde(default)]
    pub access: Option<AccessRules>,
    /// 媒体の管理。
    #[serde(default)]
    pub media: Option<MediaRules>,
    /// 教育。
    #[serde(default)]
    pub training: Option<TrainingRules>,
    /// 破棄。
    #[serde(default)]
    pub disposal: Option<DisposalRules>,
    /// 機器の更新。
    #[serde(default)]
    pub devices: Option<DeviceRules>,
    /// 事故と障害。
    #[serde(default)]
    pub incident: Option<IncidentRules>,
    /// 情報を保存する場所。
    #[serde(default)]
    pub storage_places: Vec<StoragePlace>,
    /// バックアップ。
    #[serde(default)]
    pub backup: Option<BackupRules>,
    /// 記録の保存年限。
    #[serde(default)]
    pub retention: Option<RetentionRules>,
    /// 利用の終了。
    #[serde(default)]
    pub end: Option<EndRules>,
    /// 対策の手順書。
    #[serde(default)]
    pub procedures: Vec<MeasureProcedure>,
    /// 医療機関等の規程。
    #[serde(default)]
    pub institution: Option<InstitutionRules>,
}

/// 対象事業者の規程。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ProviderRules {
    /// 文書番号。
    #[serde(default)]
    pub number: Option<String>,
    /// 版。
    #[serde(default)]
    pub edition: Option<String>,
    /// 制定日。
    #[serde(default)]
    pub established_on: Option<Date>,
    /// 施行日。
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// 決定する者。
    #[serde(default)]
    pub approver: Option<String>,
    /// アクセス管理規程を渡す期限。
    #[serde(default)]
    pub access_rule_delivery: Option<String>,
    /// 改訂の履歴。
    #[serde(default)]
    pub history: Vec<RuleRevision>,
}

/// 改訂の履歴。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct RuleRevision {
    /// 版。
    #[serde(default)]
    pub edition: Option<String>,
    /// 年月日。
    #[serde(default)]
    pub on: Option<Date>,
    /// 改訂の内容。
    #[serde(default)]
    pub change: Option<String>,
}

/// 規程と手順書の名前。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct RuleDocuments {
    /// 基本方針。
    #[serde(default)]
    pub policy: Option<String>,
    /// 文書の管理の規程。
    #[serde(default)]
    pub document_control: Option<String>,
    /// アクセス管理の規程。
    #[serde(default)]
    pub access: Option<String>,
    /// 媒体と機器の規程。
    #[serde(default)]
    pub media: Option<String>,
    /// 変更管理の規程。
    #[serde(default)]
    pub change: Option<String>,
    /// 個人情報の規程。
    #[serde(default)]
    pub privacy: Option<String>,
    /// 事業継続計画。
    #[serde(default)]
    pub continuity: Option<String>,
    /// 入退室の規程。
    #[serde(default)]
    pub entry: Option<String>,
    /// 廃棄の手順書。
    #[serde(default)]
    pub disposal: Option<String>,
    /// 持ち出しの手順書。
    #[serde(default)]
    pub carry_out: Option<String>,
    /// リモートメンテナンスの手順書。
    #[serde(default)]
    pub remote: Option<String>,
    /// 障害対応の手順書。
    #[serde(default)]
    pub failure: Option<String>,
    /// 事故対応の手順書。
    #[serde(default)]
    pub incident: Option<String>,
    /// アカウントの手順書。
    #[serde(default)]
    pub account: Option<String>,
    /// ログ点検の手順書。
    #[serde(default)]
    pub log: Option<String>,
    /// 利用終了の手順書。
    #[serde(default)]
    pub end_of_use: Option<String>,
    /// 搬送の手順書。
    #[serde(default)]
    pub transport: Option<String>,
    /// サービスサポートの要領。
    #[serde(default)]
    pub support: Option<String>,
    /// サービスデリバリの要領。
    #[serde(default)]
    pub delivery: Option<String>,
    /// サポートデスクの要領。
    #[serde(default)]
    pub desk: Option<String>,
}

/// 定期の業務の周期。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DutyPeriods {
    /// 規程の見直し。
    #[serde(default)]
    pub rules_review: Option<String>,
    /// 法令の改正の確認。
    #[serde(default)]
    pub law_review: Option<String>,
    /// 自己点検。
    #[serde(default)]
    pub self_check: Option<String>,
    /// リスクの見直し。
    #[serde(default)]
    pub risk_review: Option<String>,
    /// 緊急時の連絡網の確認。
    #[serde(default)]
    pub contact_list: Option<String>,
    /// 再委託先の点検。
    #[serde(default)]
    pub subcontractor: Option<String>,
    /// アカウントと権限の検証。
    #[serde(default)]
    pub accounts: Option<String>,
    /// 使われていないアカウントの抽出。
    #[serde(default)]
    pub unused_accounts: Option<String>,
    /// 非常時のアカウントの見直し。
    #[serde(default)]
    pub emergency_accounts: Option<String>,
    /// 起動のパスワードの変更。
    #[serde(default)]
    pub startup_password: Option<String>,
    /// アクセスの記録の点検。
    #[serde(default)]
    pub access_log: Option<String>,
    /// 管理者の権限の使用の点検。
    #[serde(default)]
    pub privileged_log: Option<String>,
    /// 文書のシステムの記録の点検。
    #[serde(default)]
    pub document_log: Option<String>,
    /// アクセス管理の運用の見直し。
    #[serde(default)]
    pub access_operation: Option<String>,
    /// 時刻の同期。
    #[serde(default)]
    pub clock: Option<String>,
    /// 入室できる者の名簿の見直し。
    #[serde(default)]
    pub entry_list: Option<String>,
    /// 入退室の記録の点検。
    #[serde(default)]
    pub entry_log: Option<String>,
    /// 鍵と台帳の照合。
    #[serde(default)]
    pub key_check: Option<String>,
    /// 侵入に対する点検。
    #[serde(default)]
    pub premises: Option<String>,
    /// 不審な装置の見回り。
    #[serde(default)]
    pub planted_devices: Option<String>,
    /// 監視カメラの映像の確認。
    #[serde(default)]
    pub camera: Option<String>,
    /// 不正プログラムの全体の検査。
    #[serde(default)]
    pub malware_scan: Option<String>,
    /// 定義ファイルの古い端末の検出。
    #[serde(default)]
    pub stale_devices: Option<String>,
    /// ソフトウェアとドライバの照合。
    #[serde(default)]
    pub software_check: Option<String>,
    /// 攻撃の監視。
    #[serde(default)]
    pub attack_watch: Option<String>,
    /// 記録媒体の棚卸し。
    #[serde(default)]
    pub media_stock: Option<String>,
    /// 機器の所在の確認。
    #[serde(default)]
    pub device_stock: Option<String>,
    /// 情報の所在の確認。
    #[serde(default)]
    pub information_stock: Option<String>,
    /// 情報と媒体の要否の確認。
    #[serde(default)]
    pub necessity: Option<String>,
    /// 保存した情報の読み出しの確認。
    #[serde(default)]
    pub readability: Option<String>,
    /// 脆弱性の情報の確認。
    #[serde(default)]
    pub vulnerability_news: Option<String>,
    /// 脆弱性の診断。
    #[serde(default)]
    pub diagnosis: Option<String>,
    /// リモートメンテナンスの記録の確認。
    #[serde(default)]
    pub remote_log: Option<String>,
    /// バックアップの確認。
    #[serde(default)]
    pub backup_check: Option<String>,
    /// 復元の試験。
    #[serde(default)]
    pub restore_test: Option<String>,
    /// 事業継続計画の訓練。
    #[serde(default)]
    pub continuity_drill: Option<String>,
    /// 事故対応の訓練。
    #[serde(default)]
    pub incident_drill: Option<String>,
    /// 教育。
    #[serde(default)]
    pub training: Option<String>,
    /// 教材の見直し。
    #[serde(default)]
    pub training_material: Option<String>,
}

/// アクセスの管理。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// 使われていないとみなす期間。
    #[serde(default)]
    pub unused_after: Option<String>,
    /// 画面を隠すまでの時間。
    #[serde(default)]
    pub screen_lock: Option<String>,
}

/// 媒体の管理。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct MediaRules {
    /// 持ち出しを許す者。
    #[serde(default)]
    pub carry_out_approver: Option<String>,
}

/// 教育。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct TrainingRules {
    /// 教育の合格の基準。
    #[serde(default)]
    pub pass_mark: Option<String>,
}

/// 破棄。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DisposalRules {
    /// 破棄を知らせる時期。
    #[serde(default)]
    pub notice_before: Option<String>,
}

/// 機器の更新。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DeviceRules {
    /// 取り替えの計画を立てる時期。
    #[serde(default)]
    pub replacement_plan: Option<String>,
}

/// 事故と障害。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct IncidentRules {
    /// 復旧の報告の時期。
    #[serde(default)]
    pub recovery_report: Option<String>,
    /// 最終の報告の時期。
    #[serde(default)]
    pub final_report: Option<String>,
    /// 次の者に連絡するまでの時間。
    #[serde(default)]
    pub escalate_after: Option<String>,
    /// 事故の期限（備え付けの長さを確かめたもの、又は自社で決めたもの）。
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockTerm>,
}

/// 一つの期限の長さ。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockTerm {
    /// どの期限か。
    pub clock: ClockName,
    /// 時間で決めるときの長さ。
    #[serde(default)]
    #[schemars(range(min = 1, max = 10000))]
    pub hours: Option<u32>,
    /// 日で決めるときの長さ。
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub days: Option<u32>,
    /// 不正の目的によるおそれがあるときの日数（確報だけ）。
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub wrongful_days: Option<u32>,
    /// 日で数えるとき、始まりの日を1日目と数えるか。
    #[serde(default)]
    pub first_day: Option<bool>,
    /// 何で確かめ、又は決めたか（例: 2026年4月1日の運用連絡会）。
    #[schemars(regex(pattern = r"\S"))]
    pub basis: String,
}

choice! {
    /// 長さを組織が決める期限。第一報と続報の長さは、サービスレベルの合意にある。
    ClockName {
        Authority = "authority", "所管官庁への連絡";
        PrivacyQuick = "privacy-quick", "個人情報の漏えい等の速報";
        PrivacyFinal = "privacy-final", "個人情報の漏えい等の確報";
        FinalReport = "final-report", "終報";
        Prevention = "prevention", "再発防止策の提案";
    }
}

/// 情報を保存する場所。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct StoragePlace {
    /// 場所。
    #[serde(default)]
    pub place: Option<String>,
    /// 情報。
    #[serde(default)]
    pub information: Option<String>,
    /// 期間。
    #[serde(default)]
    pub period: Option<String>,
    /// 容量。
    #[serde(default)]
    pub capacity: Option<String>,
    /// おそれと備え。
    #[serde(default)]
    pub risk: Option<String>,
}

/// バックアップ。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct BackupRules {
    /// バックアップの対象。
    #[serde(default)]
    pub targets: Option<String>,
    /// バックアップの頻度。
    #[serde(default)]
    pub schedule: Option<String>,
    /// バックアップの方法と媒体。
    #[serde(default)]
    pub method: Option<String>,
    /// バックアップの世代。
    #[serde(default)]
    pub generations: Option<String>,
    /// バックアップの保管の場所。
    #[serde(default)]
    pub place: Option<String>,
    /// 攻撃から切り離した写し。
    #[serde(default)]
    pub protected_copy: Option<String>,
    /// 媒体を写し替える時期。
    #[serde(default)]
    pub copy_before: Option<String>,
}

/// 記録の保存年限。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct RetentionRules {
    /// 契約書の保存期間。
    #[serde(default)]
    pub contracts: Option<String>,
    /// 規程の旧版の保存期間。
    #[serde(default)]
    pub rules: Option<String>,
    /// 監査の記録の保存期間。
    #[serde(default)]
    pub audit: Option<String>,
    /// 教育の記録の保存期間。
    #[serde(default)]
    pub training: Option<String>,
    /// 媒体と機器の台帳の保存期間。
    #[serde(default)]
    pub media: Option<String>,
    /// 廃棄の記録の保存期間。
    #[serde(default)]
    pub disposal: Option<String>,
    /// 入退室の記録の保存期間。
    #[serde(default)]
    pub entry: Option<String>,
    /// 作業と変更の記録の保存期間。
    #[serde(default)]
    pub work: Option<String>,
    /// 事故の記録の保存期間。
    #[serde(default)]
    pub incident: Option<String>,
}

/// 利用の終了。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct EndRules {
    /// 終了を知らせる時期。
    #[serde(default)]
    pub notice_end: Option<String>,
    /// 大きな変更を知らせる時期。
    #[serde(default)]
    pub notice_change: Option<String>,
    /// 並べて動かす期間。
    #[serde(default)]
    pub parallel: Option<String>,
    /// 返した後に写しを残す期間。
    #[serde(default)]
    pub copy_kept: Option<String>,
}

/// 対策の手順書。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureProcedure {
    /// 対策の番号（リスク対応の名前と順番。例: T-A3-1）。
    #[schemars(regex(pattern = r"\S"))]
    pub measure: String,
    /// 手順書の名前。
    #[serde(default)]
    pub document: Option<String>,
}

/// 医療機関等の規程。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionRules {
    /// 医療機関の規模。
    #[serde(default)]
    pub size: Option<SizeClass>,
    /// 文書番号。
    #[serde(default)]
    pub number: Option<String>,
    /// 版。
    #[serde(default)]
    pub edition: Option<String>,
    /// 施行日。
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// 定める者。
    #[serde(default)]
    pub head: Option<String>,
    /// 安全管理責任者。
    #[serde(default)]
    pub safety_manager: Option<String>,
    /// 院内管理者。
    #[serde(default)]
    pub local_admin: Option<String>,
    /// 個人情報の相談を受ける者。
    #[serde(default)]
    pub privacy_contact: Option<String>,
    /// 文書の管理の定め。
    #[serde(default)]
    pub document_rule: Option<String>,
    /// 規程の置き場所。
    #[serde(default)]
    pub rules_place: Option<String>,
    /// 使っているシステム。
    #[serde(default)]
    pub systems: Vec<UsedSystem>,
    /// パスワードの決まり。
    #[serde(default)]
    pub password: Option<String>,
    /// パスワードを変える期間。
    #[serde(default)]
    pub password_change: Option<String>,
    /// 画面を隠すまでの時間。
    #[serde(default)]
    pub screen_lock: Option<String>,
    /// 確定とは何か。
    #[serde(default)]
    pub confirmation: Option<String>,
    /// 患者への知らせ方。
    #[serde(default)]
    pub patient_notice: Option<String>,
    /// 定期の業務の周期。
    #[serde(default)]
    pub periods: Option<InstitutionPeriods>,
    /// 記録の保存年限。
    #[serde(default)]
    pub retention: Option<InstitutionRetention>,
    /// バックアップ。
    #[serde(default)]
    pub backups: Vec<InstitutionBackup>,
    /// 非常時の運用。
    #[serde(default)]
    pub emergency: Option<InstitutionEmergency>,
    /// 事故のときの連絡先。
    #[serde(default)]
    pub report_contacts: Vec<ReportContact>,
}

choice! {
    /// 医療機関の規模（付表の区分）。
    SizeClass {
        B = "B", "大・中規模の病院";
        C = "C", "小規模の病院・診療所";
    }
}

/// 使っているシステム。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct UsedSystem {
    /// システムの名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 提供する事業者。
    #[serde(default)]
    pub provider: Option<String>,
}

/// 医療機関等の定期の業務の周期。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionPeriods {
    /// 規程の見直し。
    #[serde(default)]
    pub rules_review: Option<String>,
    /// 監査又は点検。
    #[serde(default)]
    pub audit: Option<String>,
    /// 事業者の適合の確認。
    #[serde(default)]
    pub provider_check: Option<String>,
    /// 利用者の一覧の確認。
    #[serde(default)]
    pub accounts: Option<String>,
    /// アクセスの記録の点検（大・中規模）。
    #[serde(default)]
    pub log: Option<String>,
    /// 委託した業務の点検。
    #[serde(default)]
    pub outsourcing: Option<String>,
    /// 戻す試験。
    #[serde(default)]
    pub restore_test: Option<String>,
    /// 連絡先の確認。
    #[serde(default)]
    pub contacts: Option<String>,
    /// 非常時の訓練。
    #[serde(default)]
    pub drill: Option<String>,
    /// 機器の動作の確認。
    #[serde(default)]
    pub device_check: Option<String>,
    /// 研修。
    #[serde(default)]
    pub training: Option<String>,
}

/// 医療機関等の記録の保存年限。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionRetention {
    /// 研修の記録の保存期間。
    #[serde(default)]
    pub training: Option<String>,
    /// 記録の保存期間。
    #[serde(default)]
    pub records: Option<String>,
}

/// 医療機関等のバックアップ。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionBackup {
    /// 対象。
    #[serde(default)]
    pub target: Option<String>,
    /// 取る者。
    #[serde(default)]
    pub by: Option<String>,
    /// 方法。
    #[serde(default)]
    pub method: Option<String>,
    /// 書き換えられない写し。
    #[serde(default)]
    pub protected: Option<String>,
}

/// 非常時の運用。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionEmergency {
    /// 非常時を判断する者。
    #[serde(default)]
    pub judge: Option<String>,
    /// 判断を代わる者。
    #[serde(default)]
    pub judge_deputy: Option<String>,
    /// 切り替える時間。
    #[serde(default)]
    pub stop_limit: Option<String>,
    /// 非常時の様式の置き場所。
    #[serde(default)]
    pub kit_place: Option<String>,
    /// 紙の記録を入れる期限。
    #[serde(default)]
    pub reentry_within: Option<String>,
    /// 先に続ける業務。
    #[serde(default)]
    pub priority: Vec<EmergencyWork>,
}

/// 先に続ける業務。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct EmergencyWork {
    /// 業務。
    #[serde(default)]
    pub work: Option<String>,
    /// 続ける方法。
    #[serde(default)]
    pub how: Option<String>,
}

/// 事故のときの連絡先。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ReportContact {
    /// 連絡する先。
    #[serde(default)]
    pub to: Option<String>,
    /// 連絡するとき。
    #[serde(default)]
    pub when: Option<String>,
    /// 伝えること。
    #[serde(default)]
    pub what: Option<String>,
    /// 連絡の手段。
    #[serde(default)]
    pub how: Option<String>,
    /// つながると確かめた日。
    #[serde(default)]
    pub checked_on: Option<Date>,
}
