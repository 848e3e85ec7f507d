//! Roles and the table of rights.

use std::collections::BTreeSet;

use shirube_identity::{Action, OrganisationKind, Resource, Role, may, may_approve, may_lend, rights};

/// What a role may do, resource by resource.
fn of(role: Role) -> BTreeSet<(Resource, Action)> {
    rights().filter(|right| right.roles.contains(&role)).map(|right| (right.resource, right.action)).collect()
}

/// What a role may change or decide besides its own account.
fn deeds(role: Role) -> BTreeSet<(Resource, Action)> {
    let reads = [Action::View, Action::Export];
    of(role).into_iter().filter(|(on, action)| *on != Resource::OwnAccount && !reads.contains(action)).collect()
}

/// AUTHZ-003: each pair of resource and action stands in the table once, with roles in the order people are shown.
#[test]
fn the_table_has_one_row_for_each_right() {
    let rows: Vec<_> = rights().collect();
    let pairs: BTreeSet<_> = rows.iter().map(|right| (right.resource, right.action)).collect();
    assert_eq!(pairs.len(), rows.len());
    for right in &rows {
        assert!(!right.roles.is_empty() && right.roles.is_sorted(), "{right:?}");
        assert!(right.roles.windows(2).all(|pair| pair[0] != pair[1]), "{right:?}");
    }
    for resource in Resource::ALL {
        assert!(rows.iter().any(|right| right.resource == *resource), "nobody may do anything with {resource:?}");
    }
    for action in Action::ALL {
        assert!(rows.iter().any(|right| right.action == *action), "nobody may do {action:?} to anything");
    }
}

/// AUTHZ-003: `may` says what the printed table says, for every role, action and resource, and nothing without a role.
#[test]
fn may_is_the_table() {
    let table: BTreeSet<_> =
        rights().flat_map(|right| right.roles.iter().map(move |role| (*role, right.action, right.resource))).collect();
    for action in Action::ALL {
        for resource in Resource::ALL {
            assert!(!may(&[], *action, *resource));
            for role in Role::ALL {
                assert_eq!(may(&[*role], *action, *resource), table.contains(&(*role, *action, *resource)));
            }
        }
    }
}

/// AUTHZ-003: who may do something to a thing may see it.
#[test]
fn nobody_acts_blindly() {
    for right in rights() {
        for role in right.roles {
            assert!(may(&[*role], Action::View, right.resource), "{role:?} acts on {:?} unseen", right.resource);
        }
    }
}

/// AUTHZ-003: the administrator manages people and settings, and neither sees nor decides risks.
#[test]
fn the_administrator_stays_outside_of_the_work() {
    let seen: BTreeSet<_> = of(Role::Administrator).into_iter().map(|(resource, _)| resource).collect();
    use Resource::{Institution, Organisation, OwnAccount, People, Service, Token};
    assert_eq!(seen, BTreeSet::from([OwnAccount, Organisation, People, Token, Service, Institution]));
    assert!(!deeds(Role::Administrator).iter().any(|(resource, _)| matches!(resource, Service | Institution)));
}

/// AUTHZ-005: the auditor sees everything of the organisation, logs included, and changes nothing.
#[test]
fn the_auditor_sees_all_and_changes_nothing() {
    for resource in Resource::ALL.iter().filter(|resource| **resource != Resource::Portal) {
        assert!(may(&[Role::Auditor], Action::View, *resource), "{resource:?}");
    }
    assert_eq!(deeds(Role::Auditor), BTreeSet::new());
}

/// AUTHZ-002, AUTHZ-003: people of an institution see what was issued to it, never a draft nor what others were issued;
/// its auditor answers nothing.
#[test]
fn people_of_an_institution_see_its_portal_only() {
    for role in [Role::Representative, Role::InstitutionAuditor] {
        let seen: BTreeSet<_> = of(role).into_iter().map(|(resource, _)| resource).collect();
        assert_eq!(seen, BTreeSet::from([Resource::OwnAccount, Resource::Portal]));
    }
    assert_eq!(deeds(Role::Representative), BTreeSet::from([(Resource::Portal, Action::Edit)]));
    assert_eq!(deeds(Role::InstitutionAuditor), BTreeSet::new());
    let of_portal = rights().filter(|right| right.resource == Resource::Portal);
    assert!(of_portal.flat_map(|right| right.roles).all(|role| role.of_institution()));
}

/// AUTHZ-003, AUTHZ-006, AUTHZ-007: who approves does not edit, who edits does not approve, who reads sees no people,
/// no trail, no evidence.
#[test]
fn work_is_divided() {
    for (resource, action) in deeds(Role::Approver) {
        assert!(!matches!(action, Action::Edit | Action::Create | Action::Import | Action::Restore), "{resource:?}");
    }
    // That evidence goes is agreed to by a second person, who may be the officer (EVID-002).
    let removal = (Resource::Attachment, Action::Approve);
    for role in Role::ALL.iter().filter(|role| **role != Role::Approver) {
        let deeds = deeds(*role);
        let mut approvals = deeds.iter().filter(|(_, action)| matches!(action, Action::Approve | Action::Issue));
        assert!(approvals.all(|deed| *deed == removal && *role == Role::SecurityOfficer), "{role:?}");
    }
    assert_eq!(deeds(Role::Reader), BTreeSet::new());
    let hidden = [Resource::People, Resource::Trail, Resource::Attachment, Resource::Organisation, Resource::Token];
    for hidden in hidden.into_iter().chain([Resource::Register]) {
        assert!(!may(&[Role::Reader], Action::View, hidden), "{hidden:?}");
    }
}

/// AUTHZ-011: no role can alter the trail.
#[test]
fn nobody_changes_the_trail() {
    let actions: BTreeSet<_> =
        rights().filter(|right| right.resource == Resource::Trail).map(|right| right.action).collect();
    assert_eq!(actions, BTreeSet::from([Action::View, Action::Export, Action::Review]));
}

/// AUTHZ-014: taking something out is a right of its own, which not everybody has who sees it.
#[test]
fn seeing_is_not_taking_out() {
    for resource in [Resource::Service, Resource::Model, Resource::Risk, Resource::Control, Resource::Document] {
        let may_reader = |action| may(&[Role::Reader], action, resource);
        assert!(may_reader(Action::View) && !may_reader(Action::Export), "{resource:?}");
    }
    // What was issued is meant to be taken along by whom it was issued to.
    let inside = |resource| !matches!(resource, Resource::Issued | Resource::Portal);
    for right in rights().filter(|right| right.action == Action::Export && inside(right.resource)) {
        assert!(!right.roles.contains(&Role::Reader) && !right.roles.contains(&Role::Representative), "{right:?}");
    }
}

/// AUTHZ-004: several roles add up.
#[test]
fn roles_add_up() {
    let both = [Role::Reader, Role::Approver];
    assert!(may(&both, Action::Approve, Resource::Document));
    for action in Action::ALL {
        for resource in Resource::ALL {
            let either = both.iter().any(|role| may(&[*role], *action, *resource));
            assert_eq!(may(&both, *action, *resource), either);
        }
    }
}

/// AUTHZ-006: nobody approves their own work where duties are kept apart.
#[test]
fn authors_do_not_approve_their_own() {
    for (author, approver, separated, expected) in
        [("p1", "p1", true, false), ("p1", "p2", true, true), ("p1", "p1", false, true), ("p1", "p2", false, true)]
    {
        assert_eq!(may_approve(author, approver, separated), expected, "{author} {approver} {separated}");
    }
}

/// AUTHZ-010: a token never has more rights than the person who makes it.
#[test]
fn a_token_gets_only_roles_of_its_maker() {
    assert!(may_lend(&[Role::Editor, Role::Reader], &[Role::Reader]));
    assert!(!may_lend(&[Role::Administrator], &[Role::Editor]));
    assert!(!may_lend(&[Role::Editor], &[Role::Editor, Role::Approver]));
    assert!(!may_lend(&[Role::Editor], &[]));
}

/// AUTHN-002: whoever lets others in, or speaks for the organisation, needs a second factor.
#[test]
fn roles_that_let_in_or_issue_are_privileged() {
    for right in rights().filter(|right| right.resource != Resource::OwnAccount) {
        let grave = matches!(right.action, Action::Approve | Action::Issue | Action::Revoke)
            || matches!((right.resource, right.action), (Resource::People | Resource::Organisation, Action::Edit));
        for role in right.roles.iter().filter(|_| grave) {
            assert!(role.privileged(), "{role:?} may {:?} {:?}", right.action, right.resource);
        }
    }
    assert!(![Role::Editor, Role::Reader, Role::Auditor, Role::Representative].iter().any(|role| role.privileged()));
}

/// AUTHZ-003: every word can be stored, read again and shown.
#[test]
fn words_are_read_as_they_were_written() {
    fn check<T: std::str::FromStr + PartialEq + std::fmt::Debug + Copy>(
        all: &[T],
        token: fn(T) -> &'static str,
        term: fn(T) -> &'static str,
    ) {
        let terms: BTreeSet<_> = all.iter().map(|value| term(*value)).collect();
        assert_eq!(terms.len(), all.len());
        for value in all {
            assert!(token(*value).parse::<T>().is_ok_and(|read| read == *value), "{value:?}");
        }
    }
    check(OrganisationKind::ALL, OrganisationKind::token, OrganisationKind::term);
    check(Role::ALL, Role::token, Role::term);
    check(Resource::ALL, Resource::token, Resource::term);
    check(Action::ALL, Action::token, Action::term);
    let error = "boss".parse::<Role>().unwrap_err().to_string();
    assert!(error.contains("「boss」は役割として読めません") && error.contains("administrator・"), "{error}");
}
