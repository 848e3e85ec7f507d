//! What the topics of a comparison are asked with.

use super::Topic;

impl Topic {
    /// Topics that say how the service is promised to be.
    pub(super) const TERMS: [Self; 11] = [
        Self::BusinessHours,
        Self::DeskHours,
        Self::Availability,
        Self::FirstReport,
        Self::FirstResponse,
        Self::MaintenanceNotice,
        Self::PatchNotice,
        Self::EnvironmentNotice,
        Self::LogRetention,
        Self::ReturnOfData,
        Self::InformationFee,
    ];

    /// Where information is and who else has to do with it.
    pub(super) const PLACES: [Self; 2] = [Self::Places, Self::Subcontractors];

    /// How far the provider's own risk management has come.
    pub(super) const PROGRESS: [Self; 3] = [Self::Editions, Self::Controls, Self::Risks];

    /// A polite question for whoever said nothing.
    pub(super) fn question(self) -> String {
        match self {
            Self::Certifications => {
                "公的な第三者認証などを取得していれば、名称、適用範囲、番号、有効期限をお知らせください。取得していなければ、その旨をお知らせください。"
                    .to_owned()
            }
            Self::Places => {
                "医療情報を置く場所について、国と、適用される法（国外の法の下に置かれるかどうか）をお知らせください。".to_owned()
            }
            Self::Subcontractors => {
                "再委託先などがあれば、名称と受け持つことをお知らせください。なければ、その旨をお知らせください。".to_owned()
            }
            Self::Editions => "拠りどころとしているガイドラインとその版をお知らせください。".to_owned(),
            Self::Controls => {
                "提供事業者のガイドラインの別紙2の対策項目に、どこまで答えているかをお知らせください。".to_owned()
            }
            Self::Risks => "リスクの評価が、どこまで済んでいるかをお知らせください。".to_owned(),
            term => format!("{}についての約束をお知らせください。", term.term()),
        }
    }
}
