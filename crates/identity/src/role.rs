//! Kinds of organisations, roles by job, and the words of the table of rights.

use crate::choice::choice;

pub use crate::choice::UnknownWord;
pub use crate::rights::{Right, may, may_approve, may_lend, rights};

choice! {
    /// What an organisation is in the supply chain of a service.
    OrganisationKind, "組織の種類" {
        Provider = "provider", "対象事業者";
        Institution = "institution", "医療機関等";
        Subcontractor = "subcontractor", "委託先";
        Auditor = "auditor", "監査機関";
    }
}

choice! {
    /// A job that a person has in one organisation. A person may have several (AUTHZ-004).
    Role, "役割" {
        Administrator = "administrator", "管理者";
        SecurityOfficer = "security-officer", "安全管理責任者";
        Editor = "editor", "編集者";
        Approver = "approver", "承認者";
        Reader = "reader", "閲覧者";
        Auditor = "auditor", "監査者";
        Representative = "representative", "医療機関等の代表者";
        InstitutionAuditor = "institution-auditor", "医療機関等の監査者";
    }
}

impl Role {
    /// Whether the role needs a second factor whatever the organisation chose (AUTHN-002): who holds it can let others
    /// in, or what it does stands outside the organisation afterwards.
    pub fn privileged(self) -> bool {
        matches!(self, Self::Administrator | Self::SecurityOfficer | Self::Approver)
    }

    /// Whether whoever holds it stands for one institution that uses the services, and sees nothing of any other.
    pub fn of_institution(self) -> bool {
        matches!(self, Self::Representative | Self::InstitutionAuditor)
    }
}

choice! {
    /// What is acted on.
    Resource, "対象" {
        OwnAccount = "own-account", "自分のアカウント";
        Organisation = "organisation", "組織の設定";
        People = "people", "利用者と役割";
        Token = "token", "APIトークン";
        Service = "service", "サービス";
        Model = "model", "システム構成と情報流";
        Risk = "risk", "リスクの判断と対応";
        Control = "control", "対策項目への回答";
        Revision = "revision", "版";
        Document = "document", "文書";
        Issued = "issued", "交付した文書";
        Attachment = "attachment", "証拠の添付";
        Institution = "institution", "医療機関等の名簿";
        Agreement = "agreement", "医療機関等との合意";
        Register = "register", "台帳と記録";
        Portal = "portal", "自機関に示された内容";
        Trail = "trail", "証跡";
    }
}

choice! {
    /// What is done. Taking something out of the application is a right of its own (AUTHZ-014).
    Action, "操作" {
        View = "view", "閲覧";
        Create = "create", "登録";
        Edit = "edit", "変更";
        Import = "import", "取り込み";
        Export = "export", "書き出し";
        Check = "check", "確認";
        Approve = "approve", "承認";
        Issue = "issue", "交付";
        Restore = "restore", "過去の版への復元";
        Review = "review", "点検";
        Revoke = "revoke", "停止";
    }
}
