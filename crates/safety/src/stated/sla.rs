//! `sla.yaml`: what the provider promises, and the contacts and hours that all documents share.
//!
//! Doc comments of the file's fields are Japanese: editors show them through the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Share, TimeOfDay};
use crate::choice::choice;
use crate::model::{Answer, Date};

/// サービスレベル合意書で約束すること。開示書と運用管理規程もここから引く。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SlaFile {
    /// 文書番号。
    #[serde(default)]
    pub number: Option<String>,
    /// 附属する利用契約。
    #[serde(default)]
    pub contract: Option<SlaContract>,
    /// 版と適用期間（最後の行が今の版）。
    #[serde(default)]
    pub editions: Vec<SlaEdition>,
    /// サービスの目的（「…ことを目的とする」の前に入る一文）。
    #[serde(default)]
    pub purpose: Option<String>,
    /// 提供する範囲。
    #[serde(default)]
    pub scope: Option<SlaScope>,
    /// 通常業務時間。
    #[serde(default)]
    pub hours: Option<BusinessHours>,
    /// 問い合わせ窓口。
    #[serde(default)]
    pub desk: Option<Desk>,
    /// 連絡先。
    #[serde(default)]
    pub contacts: Option<Contacts>,
    /// お知らせのページ。
    #[serde(default)]
    pub pages: Option<Pages>,
    /// 障害の第一報。
    #[serde(default)]
    pub incident: Option<IncidentReport>,
    /// 第一次対応までの時間数。
    #[serde(default)]
    pub first_response_hours: Option<u32>,
    /// 稼働率の目標。
    #[serde(default)]
    pub availability: Vec<AvailabilityTarget>,
    /// 検知の方法。
    #[serde(default)]
    pub monitoring: Vec<Monitoring>,
    /// 性能要件（これを超える負荷を算定から除く境）。
    #[serde(default)]
    pub load_limit: Option<String>,
    /// 保守の告知。
    #[serde(default)]
    pub maintenance: Option<MaintenanceNotice>,
    /// 承認を要する作業の報告。
    #[serde(default)]
    pub approval: Option<ApprovalTerms>,
    /// 更新の期限。
    #[serde(default)]
    pub updates: Vec<UpdateLimit>,
    /// 利用者認証の方法。
    #[serde(default)]
    pub authentication: Vec<AuthenticationMethod>,
    /// 記録の自動の確定（なければ「なし」）。
    #[serde(default)]
    pub auto_confirm: Option<String>,
    /// 利用マニュアルの名前。
    #[serde(default)]
    pub manual: Option<String>,
    /// 応答時間の目安。
    #[serde(default)]
    pub response: Vec<ResponseTarget>,
    /// 冗長性と出力の機能。
    #[serde(default)]
    pub redundancy: Option<RedundancyTerms>,
    /// アクセスの記録の保存。
    #[serde(default)]
    pub logs: Option<LogRetention>,
    /// 利用環境の役割分担。
    #[serde(default)]
    pub division: Vec<DutyDivision>,
    /// 情報交換の責任。
    #[serde(default)]
    pub exchange: Vec<ExchangeDuty>,
    /// 利用者の管理。
    #[serde(default)]
    pub accounts: Option<AccountTerms>,
    /// 患者への説明の資料。
    #[serde(default)]
    pub patients: Option<PatientMaterial>,
    /// 連携対象事業者（ないと確かめたら空の一覧）。
    #[serde(default)]
    pub linked: Option<Vec<LinkedService>>,
    /// 返却までの日数。
    #[serde(default)]
    pub return_days: Option<u32>,
    /// 内部監査の月。
    #[schemars(range(min = 1, max = 12))]
    #[serde(default)]
    pub audit_month: Option<u8>,
    /// 報告の期日。
    #[serde(default)]
    pub reports: Option<ReportDates>,
    /// 情報提供の費用。
    #[serde(default)]
    pub information: Option<InformationTerms>,
    /// 評価の方法。
    #[serde(default)]
    pub evaluation: Option<EvaluationTerms>,
    /// 利用環境の条件。
    #[serde(default)]
    pub environment: Vec<UseCondition>,
    /// この契約で省き、置き換え、加える条項。
    #[serde(default)]
    pub clauses: Vec<ClauseChange>,
}

/// 附属する利用契約。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SlaContract {
    /// 契約の名前。
    #[serde(default)]
    pub title: Option<String>,
    /// 契約の番号。
    #[serde(default)]
    pub number: Option<String>,
}

/// 版と適用期間。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SlaEdition {
    /// 版。
    #[serde(default)]
    pub edition: Option<String>,
    /// 適用開始日。
    #[serde(default)]
    pub starts_on: Option<Date>,
    /// 適用終了日。
    #[serde(default)]
    pub ends_on: Option<Date>,
    /// 改定の内容。
    #[serde(default)]
    pub change: Option<String>,
}

/// 提供する範囲。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SlaScope {
    /// アプリケーション。
    #[serde(default)]
    pub application: Option<ProvidedApplication>,
    /// ネットワーク。
    #[serde(default)]
    pub network: Option<ScopePart>,
    /// 機器。
    #[serde(default)]
    pub equipment: Option<ScopePart>,
    /// ソフトウェア。
    #[serde(default)]
    pub software: Option<ScopePart>,
}

/// 提供するアプリケーション。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ProvidedApplication {
    /// 提供するもの。
    #[serde(default)]
    pub what: Option<String>,
}

/// 提供する範囲の一つ。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ScopePart {
    /// 対象事業者が提供する。
    #[serde(default)]
    pub provided: Answer,
    /// 含むもの。
    #[serde(default)]
    pub what: Option<String>,
    /// 含まないもの。
    #[serde(default)]
    pub except: Option<String>,
}

/// 通常業務時間。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// 曜日ごとの業務時間。
    #[serde(default)]
    pub business: Vec<DayHours>,
    /// 祝日のほかの休日。
    #[serde(default)]
    pub closing_days: Option<String>,
    /// 休日に当たる土曜日を、どちらとして数えるか（書かなければ休日）。
    // What nobody wrote must not change the digests of documents that were issued before there was such a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday_saturday: Option<HolidaySaturday>,
}

choice! {
    /// 休日に当たる土曜日の数え方。
    HolidaySaturday {
        Holiday = "holiday", "休日";
        Saturday = "saturday", "土曜日";
    }
}

/// 曜日ごとの時間。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DayHours {
    /// 曜日。
    #[serde(default)]
    pub days: Option<String>,
    /// 始まる時刻。
    #[serde(default)]
    pub r#from: Option<TimeOfDay>,
    /// 終わる時刻。
    #[serde(default)]
    pub to: Option<TimeOfDay>,
    /// 備考。
    #[serde(default)]
    pub note: Option<String>,
}

/// 問い合わせ窓口。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// 窓口の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 電話。
    #[serde(default)]
    pub phone: Option<String>,
    /// 電子メール。
    #[serde(default)]
    pub mail: Option<String>,
    /// 受付時間。
    #[serde(default)]
    pub hours: Vec<DayHours>,
}

/// 連絡先。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// 医療機関等の連絡先。
    #[serde(default)]
    pub institution: Option<InstitutionContact>,
    /// 対象事業者の責任者の連絡先。
    #[serde(default)]
    pub provider: Option<ProviderContact>,
    /// 障害時の連絡先。
    #[serde(default)]
    pub emergency: Option<EmergencyContact>,
}

/// 医療機関等の連絡先。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InstitutionContact {
    /// 責任者の役職と氏名。
    #[serde(default)]
    pub name: Option<String>,
    /// 責任者の電話や電子メール。
    #[serde(default)]
    pub reach: Option<String>,
    /// 署名する代表者。
    #[serde(default)]
    pub representative: Option<String>,
    /// 夜間と休日の連絡先。
    #[serde(default)]
    pub emergency: Option<String>,
}

/// 対象事業者の責任者の連絡先。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ProviderContact {
    /// 責任者の電話や電子メール。
    #[serde(default)]
    pub reach: Option<String>,
}

/// 障害時の連絡先。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct EmergencyContact {
    /// 通常業務時間の連絡先。
    #[serde(default)]
    pub business: Option<String>,
    /// それ以外の時間の連絡先。
    #[serde(default)]
    pub other: Option<String>,
}

/// お知らせのページ。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// 利用環境のページの宛先。
    #[serde(default)]
    pub environment: Option<String>,
    /// 障害の状況のページの宛先。
    #[serde(default)]
    pub status: Option<String>,
    /// 報告のページの宛先。
    #[serde(default)]
    pub reports: Option<String>,
}

/// 障害の第一報。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct IncidentReport {
    /// 第一報までの分数。
    #[serde(default)]
    pub first_report_minutes: Option<u32>,
    /// その後に知らせる間隔の時間数。
    #[serde(default)]
    pub update_hours: Option<u32>,
}

/// 稼働率の目標。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityTarget {
    /// 時間帯。
    #[serde(default)]
    pub band: Option<String>,
    /// 目標値（％）。
    #[serde(default)]
    pub target: Option<Share>,
}

/// 検知の方法。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// 見張るもの。
    #[serde(default)]
    pub what: Option<String>,
    /// 見張る場所。
    #[serde(default)]
    pub place: Option<String>,
    /// 間隔。
    #[serde(default)]
    pub interval: Option<String>,
    /// 検知のしかた。
    #[serde(default)]
    pub how: Option<String>,
}

/// 保守の告知。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceNotice {
    /// 定期保守の時間帯。
    #[serde(default)]
    pub window: Option<String>,
    /// 停止を知らせる日数。
    #[serde(default)]
    pub notice_days: Option<u32>,
    /// 修正プログラムの適用を知らせる日数。
    #[serde(default)]
    pub patch_notice_days: Option<u32>,
    /// 利用環境の変更を知らせる日数。
    #[serde(default)]
    pub environment_notice_days: Option<u32>,
    /// 包括的事前承諾の対象。
    #[serde(default)]
    pub blanket_consent: Option<Vec<String>>,
}

/// 承認を要する作業の報告。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ApprovalTerms {
    /// 作業の後に報告する期限。
    #[serde(default)]
    pub report_by: Option<String>,
    /// 医療機関等が確かめる営業日数。
    #[serde(default)]
    pub confirm_days: Option<u32>,
}

/// 更新の期限。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct UpdateLimit {
    /// 更新するもの。
    #[serde(default)]
    pub what: Option<String>,
    /// 当てるまでの期限。
    #[serde(default)]
    pub within: Option<String>,
}

/// 利用者認証の方法。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationMethod {
    /// 使う人と端末。
    #[serde(default)]
    pub who: Option<String>,
    /// 認証の方法。
    #[serde(default)]
    pub method: Option<String>,
    /// 替える予定。
    #[serde(default)]
    pub plan: Option<String>,
}

/// 応答時間の目安。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ResponseTarget {
    /// 使う目的。
    #[serde(default)]
    pub purpose: Option<String>,
    /// 表示の時間の目安。
    #[serde(default)]
    pub target: Option<String>,
}

/// 冗長性と出力の機能。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct RedundancyTerms {
    /// ディスクの構成。
    #[serde(default)]
    pub disks: Option<String>,
    /// 障害に備える出力の機能。
    #[serde(default)]
    pub outputs: Vec<OutputFunction>,
}

/// 出力の機能。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct OutputFunction {
    /// 機能の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// 機能の内容。
    #[serde(default)]
    pub what: Option<String>,
    /// 提供を始める日（準備中のとき）。
    #[serde(default)]
    pub r#from: Option<Date>,
}

/// アクセスの記録の保存。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct LogRetention {
    /// 法定保存年限が過ぎた後に加える年数。
    #[serde(default)]
    pub years_after_retention: Option<u32>,
    /// 年限の定めのない情報の記録を残す年数。
    #[serde(default)]
    pub other_years: Option<u32>,
}

/// 役割分担。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct DutyDivision {
    /// 対象。
    #[serde(default)]
    pub subject: Option<String>,
    /// 医療機関等の役割。
    #[serde(default)]
    pub institution: Option<String>,
    /// 対象事業者の役割。
    #[serde(default)]
    pub provider: Option<String>,
}

/// 情報交換の責任。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ExchangeDuty {
    /// 事項。
    #[serde(default)]
    pub topic: Option<String>,
    /// 責任を負う者。
    #[serde(default)]
    pub party: Option<String>,
}

/// 利用者の管理。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct AccountTerms {
    /// 申請を反映するまでの時間数。
    #[serde(default)]
    pub hours: Option<u32>,
    /// 権限の設定についての医療機関等の役割。
    #[serde(default)]
    pub rights_institution: Option<String>,
    /// 権限の設定についての対象事業者の役割。
    #[serde(default)]
    pub rights_provider: Option<String>,
}

/// 患者への説明の資料。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct PatientMaterial {
    /// 資料を渡すまでの営業日数。
    #[serde(default)]
    pub material_days: Option<u32>,
}

/// 連携対象事業者。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct LinkedService {
    /// 事業者の名前。
    #[serde(default)]
    pub name: Option<String>,
    /// サービスの名前。
    #[serde(default)]
    pub service: Option<String>,
    /// 連携の内容。
    #[serde(default)]
    pub what: Option<String>,
}

/// 報告の期日。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct ReportDates {
    /// 月次の報告の期日。
    #[serde(default)]
    pub monthly_by: Option<String>,
    /// 年次の報告の期日。
    #[serde(default)]
    pub yearly_by: Option<String>,
}

/// 情報提供の費用。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct InformationTerms {
    /// 費用の考え方。
    #[serde(default)]
    pub fee: Option<String>,
}

/// 評価の方法。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct EvaluationTerms {
    /// 評価期間。
    #[serde(default)]
    pub period: Option<String>,
    /// 稼働率を数える単位。
    #[serde(default)]
    pub availability_unit: Option<AvailabilityUnit>,
    /// サービス提供時間から除く停止（書かなければ、事前に合意された事由による停止だけ）。
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduced_by: Option<ServiceTimeReduction>,
    /// 改善されないとみる年数。
    #[serde(default)]
    pub unimproved_years: Option<u32>,
    /// 件数と評点の境。
    #[serde(default)]
    pub grades: Vec<GradeBand>,
}

choice! {
    /// 稼働率を数える単位。
    AvailabilityUnit {
        Month = "month", "月ごと";
        Year = "year", "年に一度";
    }
}

choice! {
    /// サービス提供時間から除く停止。
    ServiceTimeReduction {
        Agreed = "agreed", "事前に合意された事由による停止";
        All = "all", "算定除外事項のすべてによる停止";
    }
}

/// 件数と評点の境。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct GradeBand {
    /// 評点。
    #[serde(default)]
    pub grade: Option<String>,
    /// 件数の下の境。
    #[serde(default)]
    pub r#from: Option<u32>,
    /// 件数の上の境。
    #[serde(default)]
    pub to: Option<u32>,
}

/// 利用環境の条件。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct UseCondition {
    /// 項目。
    #[serde(default)]
    pub item: Option<String>,
    /// 条件。
    #[serde(default)]
    pub condition: Option<String>,
}

/// 条項の変更。
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseChange {
    /// 変更のしかた。
    pub change: ClauseChangeKind,
    /// 条項の名前（加えるときは、その後ろに置く条項の名前）。
    #[schemars(regex(pattern = r"\S"))]
    pub clause: String,
    /// 加える条項に付ける名前。
    #[serde(default)]
    pub id: Option<String>,
    /// 条項の題。
    #[serde(default)]
    pub title: Option<String>,
    /// 条項の文（一行に一文）。
    #[serde(default)]
    pub text: Vec<String>,
    /// 後ろの条項の番号を変えずに「の2」とする。
    #[serde(default)]
    pub keeps_numbers: Answer,
    /// 置き換えたときに見たひな型の指紋。
    #[serde(default)]
    pub seen: Option<String>,
    /// 変更の理由。
    #[serde(default)]
    pub reason: Option<String>,
}

choice! {
    /// 変更のしかた。
    ClauseChangeKind {
        Drop = "drop", "省く";
        Replace = "replace", "置き換える";
        Insert = "insert", "後ろに加える";
    }
}
