//! The one table that says which role may do what (AUTHZ-003), and the duties that are kept apart (AUTHZ-006).
//!
//! What does not stand in the table nobody may do. The administrator lets people in and sets things up but sees no
//! risks; the auditor sees everything of the organisation and changes nothing; the approver approves and issues but
//! does not edit; the representative of an institution sees and answers what was issued to that institution, and its
//! auditor sees it.

use crate::role::Action::{Approve, Check, Create, Edit, Export, Import, Issue, Restore, Review, Revoke, View};
use crate::role::Resource::{
    Agreement, Attachment, Control, Document, Institution, Issued, Model, Organisation, OwnAccount, People, Portal,
    Register, Revision, Risk, Service, Token, Trail,
};
use crate::role::Role::{
    Administrator as Adm, Approver as App, Auditor as Aud, Editor as Edi, InstitutionAuditor as Iau, Reader as Rea,
    Representative as Rep, SecurityOfficer as Sec,
};
use crate::role::{Action, Resource, Role};

/// One row of the table: what may be done to what, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    pub resource: Resource,
    pub action: Action,
    /// In the order of [`Role::ALL`].
    pub roles: &'static [Role],
}

const fn right(resource: Resource, action: Action, roles: &'static [Role]) -> Right {
    Right { resource, action, roles }
}

const ALL: &[Role] = &[Adm, Sec, Edi, App, Rea, Aud, Rep, Iau];

/// Each pair of resource and action stands here once, and who may do anything to a thing may also see it.
const RIGHTS: &[Right] = &[
    right(OwnAccount, View, ALL),
    right(OwnAccount, Edit, ALL),
    right(OwnAccount, Revoke, ALL),
    right(Organisation, View, &[Adm, Sec, Aud]),
    right(Organisation, Edit, &[Adm]),
    right(People, View, &[Adm, Sec, Aud]),
    right(People, Create, &[Adm]),
    right(People, Edit, &[Adm]),
    right(People, Export, &[Adm, Sec, Aud]),
    // Whoever gives roles does not confirm them alone: the officer reviews as well, and can stop an account at once.
    right(People, Review, &[Adm, Sec]),
    right(People, Revoke, &[Adm, Sec]),
    right(Token, View, &[Adm, Sec, Edi, Aud]),
    right(Token, Create, &[Adm, Sec, Edi]),
    right(Token, Revoke, &[Adm, Sec]),
    // The administrator sees which services there are, to say who works on them, and nothing of their inside.
    right(Service, View, &[Adm, Sec, Edi, App, Rea, Aud]),
    right(Service, Create, &[Sec, Edi]),
    right(Service, Edit, &[Sec, Edi]),
    right(Service, Import, &[Sec, Edi]),
    right(Service, Export, &[Sec, Edi]),
    right(Model, View, &[Sec, Edi, App, Rea, Aud]),
    right(Model, Edit, &[Sec, Edi]),
    right(Model, Import, &[Sec, Edi]),
    right(Model, Export, &[Sec, Edi]),
    right(Risk, View, &[Sec, Edi, App, Rea, Aud]),
    right(Risk, Edit, &[Sec, Edi]),
    right(Risk, Import, &[Sec, Edi]),
    right(Risk, Export, &[Sec, Edi]),
    right(Control, View, &[Sec, Edi, App, Rea, Aud]),
    right(Control, Edit, &[Sec, Edi]),
    right(Control, Import, &[Sec, Edi]),
    right(Control, Export, &[Sec, Edi]),
    right(Revision, View, &[Sec, Edi, App, Rea, Aud]),
    right(Revision, Check, &[Sec, App]),
    right(Revision, Approve, &[App]),
    right(Revision, Restore, &[Sec, Edi]),
    right(Document, View, &[Sec, Edi, App, Rea, Aud]),
    right(Document, Export, &[Sec, Edi, App, Aud]),
    right(Document, Check, &[Sec, App]),
    right(Document, Approve, &[App]),
    right(Document, Issue, &[App]),
    right(Issued, View, &[Sec, Edi, App, Rea, Aud]),
    right(Issued, Export, &[Sec, Edi, App, Rea, Aud]),
    right(Issued, Revoke, &[App]),
    // Evidence may hold logs and names (AUTHZ-007), so a reader does not get it.
    right(Attachment, View, &[Sec, Edi, App, Aud]),
    right(Attachment, Create, &[Sec, Edi]),
    right(Attachment, Export, &[Sec, Edi, App, Aud]),
    right(Attachment, Revoke, &[Sec]),
    // Evidence goes only when a second person agrees (EVID-002).
    right(Attachment, Approve, &[Sec, App]),
    // The administrator sees who the customers are, to let their people in, and nothing of what was agreed.
    right(Institution, View, &[Adm, Sec, Edi, App, Rea, Aud]),
    right(Institution, Create, &[Sec, Edi]),
    right(Institution, Edit, &[Sec, Edi]),
    right(Institution, Import, &[Sec, Edi]),
    right(Agreement, View, &[Sec, Edi, App, Rea, Aud]),
    right(Agreement, Edit, &[Sec, Edi]),
    right(Agreement, Import, &[Sec, Edi]),
    right(Agreement, Export, &[Sec, Edi, App, Aud]),
    right(Agreement, Issue, &[App]),
    // Registers name people and say where the weak places are, so a reader does not get them.
    right(Register, View, &[Sec, Edi, App, Aud]),
    right(Register, Edit, &[Sec, Edi]),
    right(Register, Import, &[Sec, Edi]),
    right(Register, Export, &[Sec, Edi, App, Aud]),
    right(Register, Approve, &[App]),
    right(Portal, View, &[Rep, Iau]),
    right(Portal, Export, &[Rep, Iau]),
    right(Portal, Edit, &[Rep]),
    right(Trail, View, &[Sec, Aud]),
    right(Trail, Export, &[Sec, Aud]),
    right(Trail, Review, &[Sec]),
];

/// Whether somebody with these roles may do this. Several roles add up (AUTHZ-004); no role may do nothing.
pub fn may(roles: &[Role], action: Action, resource: Resource) -> bool {
    let row = RIGHTS.iter().find(|right| right.resource == resource && right.action == action);
    row.is_some_and(|right| right.roles.iter().any(|role| roles.contains(role)))
}

/// The whole table, for printing and for holding the routes against it.
pub fn rights() -> impl Iterator<Item = Right> {
    RIGHTS.iter().copied()
}

/// Whether `approver` may approve what `author` made; both are ids of persons, not sign-in names.
///
/// Where the organisation keeps the duties apart, nobody approves what is their own (AUTHZ-006). Whether the approver
/// has the right at all is [`may`].
pub fn may_approve(author: &str, approver: &str, separated: bool) -> bool {
    !separated || author != approver
}

/// Whether somebody may hand these roles to a token that acts for them: only what they have themselves, and something.
pub fn may_lend(own: &[Role], lent: &[Role]) -> bool {
    !lent.is_empty() && lent.iter().all(|role| own.contains(role))
}
