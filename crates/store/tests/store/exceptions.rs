//! Exceptions with an end, what is used once, accounts at a provider, and reviews of accounts.

use crate::support::{AT, done, found, on_each_engine, person};
use shirube_store::{AccountDecision, Missing, StoreError};

const LATER: &str = "2026-11-22T02:00:00.000Z";
const AFTER: &str = "2026-11-22T03:00:00.000Z";

fn missing<T: std::fmt::Debug + PartialEq>(found: Result<T, StoreError>) -> bool {
    matches!(found, Err(StoreError::Missing(_)))
}

/// AUTHN-004, -016: an exception ends by its time or by somebody, and is the organisation's own to grant.
#[test]
fn an_exception_has_an_end() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        found(&store, "o2", "s").await;
        person(&store, "o", "p").await;
        let mut change = store.begin("o").await.unwrap();
        change.permit("p", "substitute", "d", "p-1", AT, LATER).await.unwrap();
        let head = done(change).await;
        let held = store.permits("o", AT).await.unwrap();
        assert_eq!((held[0].entry, held[0].until.as_str(), held.len()), (head.number, LATER, 1));
        assert_eq!(store.permits_of("p", "substitute", AT).await.unwrap(), held);
        assert_eq!(store.permits_of("p", "out-of-hours", AT).await.unwrap(), []);
        assert_eq!(store.permits_of("p", "substitute", LATER).await.unwrap(), [], "over");
        let mut other = store.begin("o2").await.unwrap();
        assert!(missing(other.permit("p", "substitute", "d", "p-1", AT, LATER).await));
        drop(other);
        let mut change = store.begin("o").await.unwrap();
        change.end_permits("p", "substitute", AT).await.unwrap();
        done(change).await;
        assert_eq!(store.permits("o", AT).await.unwrap(), []);
        store.close().await;
    });
}

#[test]
fn what_is_used_once_is_used_once() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        person(&store, "o", "p").await;
        let mut change = store.begin("o").await.unwrap();
        change.spend("c", LATER, AT).await.unwrap();
        assert_eq!(change.spend("c", LATER, AT).await, Err(StoreError::Used));
        change.about("person/p");
        done(change).await;
        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.spend("c", LATER, AT).await, Err(StoreError::Used), "in another change too");
        // What has ended is refused by its own end; it need not be remembered.
        change.spend("d", AFTER, AFTER).await.unwrap();
        change.spend("c", AFTER, AFTER).await.unwrap();
        drop(change);
        store.close().await;
    });
}

/// AUTHN-021: an account at a provider is one person's, and a person has one there.
#[test]
fn an_account_at_a_provider_is_one_persons() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        found(&store, "o2", "s").await;
        person(&store, "o", "p").await;
        person(&store, "o2", "q").await;
        let mut change = store.begin("o").await.unwrap();
        change.link_outside("p", "https://id.test", "old", AT).await.unwrap();
        change.link_outside("p", "https://id.test", "new", AT).await.unwrap();
        change.set_sign_in_word(Some("minato")).await.unwrap();
        assert!(missing(change.link_outside("q", "https://id.test", "q", AT).await));
        done(change).await;
        assert_eq!(store.person_outside("https://id.test", "new").await.unwrap().as_deref(), Some("p"));
        assert_eq!(store.person_outside("https://id.test", "old").await.unwrap(), None);
        assert_eq!(store.person_outside("https://other.test", "new").await.unwrap(), None);
        let mut change = store.begin("o2").await.unwrap();
        let taken = change.link_outside("q", "https://id.test", "new", AT).await;
        assert_eq!(taken, Err(StoreError::Exists("new".into())));
        assert_eq!(change.set_sign_in_word(Some("minato")).await, Err(StoreError::Exists("minato".into())));
        drop(change);
        assert_eq!(store.organisation_by_word("minato").await.unwrap().as_deref(), Some("o"));
        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.unlink_outside("p").await.unwrap(), 1);
        change.set_sign_in_word(None).await.unwrap();
        done(change).await;
        assert_eq!(store.outside_identities("p").await.unwrap(), []);
        assert_eq!(store.organisation_by_word("minato").await.unwrap(), None);
        store.close().await;
    });
}

/// AUTHN-020, AUTHZ-009: one review at a time; what was decided stands, and its report is sealed in the trail.
#[test]
fn a_review_of_accounts_is_begun_decided_and_finished() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        found(&store, "o2", "s").await;
        person(&store, "o", "p").await;
        let mut change = store.begin("o").await.unwrap();
        let review = change.begin_account_review("p-1", AT).await.unwrap();
        done(change).await;
        let mut second = store.begin("o").await.unwrap();
        assert!(matches!(second.begin_account_review("p-1", AT).await, Err(StoreError::State { .. })));
        drop(second);
        let decided = |decision: &str| AccountDecision {
            person: "p".into(),
            decision: decision.into(),
            reason: "担当を続ける".into(),
            decided_by: "p-1".into(),
            decided_at: AT.into(),
        };
        let mut change = store.begin("o").await.unwrap();
        change.decide_account(review, &decided("stop")).await.unwrap();
        change.decide_account(review, &decided("keep")).await.unwrap();
        done(change).await;
        assert_eq!(store.account_decisions("o", review).await.unwrap(), [decided("keep")]);
        assert_eq!(store.account_decisions("o2", review).await.unwrap(), []);
        let mut change = store.begin("o").await.unwrap();
        change.finish_account_review(review, "p-1", AT, "2027-05-22", "報告").await.unwrap();
        done(change).await;
        let entry = &store.entries("o", &Default::default()).await.unwrap()[0];
        assert_eq!(entry.after, Some(shirube_trail::Digest::of("報告".as_bytes())));
        let mut change = store.begin("o").await.unwrap();
        let late = change.decide_account(review, &decided("stop")).await;
        assert_eq!(late, Err(StoreError::Missing(Missing::Document)), "finished");
        drop(change);
        let reviews = store.account_reviews("o").await.unwrap();
        assert_eq!(reviews[0].next_on.as_deref(), Some("2027-05-22"));
        store.close().await;
    });
}

/// An invitation of a guest works once, in time, and for the organisation that made it.
#[test]
fn a_guest_is_invited_once() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        found(&store, "o2", "s").await;
        person(&store, "o2", "q").await;
        let mut change = store.begin("o").await.unwrap();
        change.invite_guest("g", "auditor reader", "p-1", AT, LATER).await.unwrap();
        change.invite_guest("h", "auditor", "p-1", AT, LATER).await.unwrap();
        done(change).await;
        let found = store.guest_invitation("g").await.unwrap().unwrap();
        assert_eq!((found.organisation.as_str(), found.roles.as_str()), ("o", "auditor reader"));
        let mut other = store.begin("o2").await.unwrap();
        assert_eq!(other.use_guest_invitation("g", AT).await, Err(StoreError::Used));
        drop(other);
        let mut change = store.begin("o").await.unwrap();
        change.use_guest_invitation("g", AT).await.unwrap();
        change.admit("q", "auditor", "p-1", AT).await.unwrap();
        assert_eq!(change.use_guest_invitation("g", AT).await, Err(StoreError::Used));
        assert_eq!(change.use_guest_invitation("h", LATER).await, Err(StoreError::Used), "too late");
        done(change).await;
        assert_eq!(store.memberships("q").await.unwrap().len(), 2);
        store.close().await;
    });
}
