//! Accounts and how they prove who they are.

use shirube_store::{Change, Grant, Missing, NewOneTime, NewPerson, Store, StoreError, Throttle};
use shirube_trail::Origin;

use crate::support::{AT, done, event, found, on_each_engine, person, session};

pub const MISSING_PERSON: StoreError = StoreError::Missing(Missing::Person);

pub const LATER: &str = "2026-11-22T02:00:00.000Z";

pub const LATEST: &str = "2026-11-22T03:00:00.000Z";

/// Two organisations with a person each: `a` has `p-a`, `b` has `p-b`.
pub async fn two(store: &Store) {
    for organisation in ["a", "b"] {
        found(store, organisation, &format!("s-{organisation}")).await;
        person(store, organisation, &format!("p-{organisation}")).await;
    }
}

/// AUTHN-019: ids are unique over the whole installation and stay with whoever had them first.
#[test]
fn ids_and_names_to_sign_in_with_are_given_once_and_never_freed() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.set_person_state("p-a", "disabled", AT).await.unwrap();
        change.revoke("p-a", "editor", AT).await.unwrap();
        done(change).await;

        for (id, sign_in) in [("p-a", "new@example.jp"), ("p-new", "p-a@example.jp")] {
            for organisation in ["a", "b"] {
                let mut change = store.begin(organisation).await.unwrap();
                let new = NewPerson { id, sign_in, name: "別人", mail: "", state: "active" };
                assert_eq!(change.add_person(new, AT).await, Err(StoreError::Exists(sign_in.into())));
            }
        }
        for sql in [
            "DELETE FROM person WHERE id = 'p-a'",
            "UPDATE person SET id = 'p-x' WHERE id = 'p-a'",
            "UPDATE person SET sign_in = 'x' WHERE id = 'p-a'",
        ] {
            let refused = place.past(sql).await.unwrap_err().to_string();
            assert!(refused.contains("rows of person are kept"), "{sql}: {refused}");
        }
        let kept = store.person_by_sign_in("p-a@example.jp").await.unwrap().unwrap();
        assert_eq!((kept.id.as_str(), kept.state.as_str()), ("p-a", "disabled"));
        assert_eq!(store.person_by_sign_in("P-A@example.jp").await.unwrap(), None);
        store.close().await;
    });
}

#[test]
fn a_person_may_hold_roles_in_several_organisations() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("b").await.unwrap();
        // AUTHZ-001: an id alone is not enough to bring somebody of another organisation into one's own list.
        assert_eq!(change.grant("p-a", "reader", "p-b", AT).await, Err(MISSING_PERSON));
        assert_eq!(change.admit("p-none", "reader", "p-b", AT).await, Err(MISSING_PERSON));
        assert_eq!(change.admit("p-a", "reader", "p-b", AT).await, Ok(true));
        assert_eq!(change.grant("p-a", "reader", "p-b", AT).await, Ok(false));
        assert_eq!(change.grant("p-a", "auditor", "p-b", AT).await, Ok(true));
        let entry = done(change).await.number;

        let held = |memberships: Vec<shirube_store::Membership>| -> Vec<(String, Vec<String>)> {
            memberships.into_iter().map(|m| (m.organisation.id, m.roles)).collect()
        };
        let expected = [
            ("a".to_owned(), vec!["editor".to_owned()]),
            ("b".to_owned(), vec!["auditor".to_owned(), "reader".to_owned()]),
        ];
        assert_eq!(held(store.memberships("p-a").await.unwrap()), expected);
        let guest = store.member("b", "p-a").await.unwrap();
        assert!(guest.is_guest && guest.person.organisation == "a");
        assert_eq!(guest.roles, ["auditor", "reader"]);

        let mut change = store.begin("b").await.unwrap();
        assert_eq!(change.edit_person("p-a", "x", "x").await, Err(MISSING_PERSON));
        assert_eq!(change.set_person_state("p-a", "disabled", AT).await, Err(MISSING_PERSON));
        change.revoke("p-a", "reader", LATER).await.unwrap();
        assert_eq!(change.revoke("p-a", "reader", LATER).await, Err(StoreError::Missing(Missing::Membership)));
        change.revoke("p-a", "auditor", LATER).await.unwrap();
        done(change).await;
        assert_eq!(store.member("b", "p-a").await, Err(MISSING_PERSON));
        assert_eq!(held(store.memberships("p-a").await.unwrap()), expected[..1]);
        // Histories still say who it was, and the review of accounts what was granted and when it ended.
        assert!(store.names("b").await.unwrap().contains_key("p-a"));
        let grants = store.grants("b").await.unwrap();
        let grant = Grant {
            person: "p-a".into(),
            role: "auditor".into(),
            granted_by: "p-b".into(),
            granted_at: AT.into(),
            ended_at: Some(LATER.into()),
            entry,
        };
        assert_eq!((grants.len(), &grants[1]), (3, &grant));

        let mut change = store.begin("b").await.unwrap();
        assert_eq!(change.grant("p-a", "reader", "p-b", LATEST).await, Ok(true), "a role may be granted again");
        done(change).await;
        store.close().await;
    });
}

#[test]
fn of_a_guest_the_host_learns_no_sign_ins() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        let success = Throttle { last_success: Some(LATER.into()), ..Throttle::default() };
        change.set_throttle("p-a", "password", &success).await.unwrap();
        change.open_session(session("a", "p-a", "d-1"), AT).await.unwrap();
        done(change).await;
        let mut change = store.begin("b").await.unwrap();
        change.admit("p-a", "reader", "p-b", AT).await.unwrap();
        done(change).await;
        let (own, guest) = (store.member("a", "p-a").await.unwrap(), store.member("b", "p-a").await.unwrap());
        assert_eq!((own.last_success.as_deref(), own.last_seen.as_deref()), (Some(LATER), Some(AT)));
        assert_eq!((guest.last_success, guest.last_seen), (None, None));

        let mut change = store.begin("b").await.unwrap();
        change.switch_session("d-1").await.unwrap();
        done(change).await;
        assert_eq!(store.member("b", "p-a").await.unwrap().last_seen.as_deref(), Some(AT));
        store.close().await;
    });
}

/// AUTHN-007: the history has the passwords before the one in force, as many as were asked for.
#[test]
fn passwords_leave_a_history_of_limited_length() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        for (hash, must_change) in [("h-1", true), ("h-2", false), ("h-3", false), ("h-4", false)] {
            let mut change = store.begin("a").await.unwrap();
            change.set_password("p-a", hash, AT, must_change, 2).await.unwrap();
            done(change).await;
            let password = store.credentials("p-a").await.unwrap().password.unwrap();
            assert_eq!((password.hash.as_str(), password.must_change), (hash, must_change));
        }
        assert_eq!(store.credentials("p-a").await.unwrap().password_history, ["h-3", "h-2"]);
        store.close().await;
    });
}

#[test]
fn a_second_factor_is_replaced_only_when_the_new_one_is_confirmed() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        assert_eq!(change.confirm_totp("p-a", 5, AT).await, Err(StoreError::Missing(Missing::Totp)));
        change.set_totp("p-a", "sealed-1").await.unwrap();
        assert_eq!(change.use_totp_step("p-a", 7).await, Err(StoreError::Used), "not confirmed yet");
        change.confirm_totp("p-a", 5, AT).await.unwrap();
        change.set_totp("p-a", "sealed-2").await.unwrap();
        let now = change.credentials("p-a").await.unwrap();
        assert_eq!((now.totp.unwrap().secret.as_str(), now.pending_totp.as_deref()), ("sealed-1", Some("sealed-2")));
        // The code that confirmed is used up, and so is each later one.
        for (step, taken) in [(5, false), (4, false), (6, true), (6, false), (8, true), (7, false)] {
            assert_eq!(change.use_totp_step("p-a", step).await.is_ok(), taken, "{step}");
        }
        change.confirm_totp("p-a", 9, AT).await.unwrap();
        let now = change.credentials("p-a").await.unwrap();
        assert_eq!((now.totp.unwrap().secret.as_str(), now.pending_totp), ("sealed-2", None));
        change.remove_totp("p-a").await.unwrap();
        assert_eq!(change.credentials("p-a").await.unwrap().totp, None);
        done(change).await;
        store.close().await;
    });
}

#[test]
fn passkeys_are_found_by_their_id_and_belong_to_one_person() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.add_passkey("p-a", "k-1", "事務所の鍵", "{}", AT).await.unwrap();
        change.use_passkey("p-a", "k-1", "{\"n\":1}", LATER).await.unwrap();
        done(change).await;
        let mut change = store.begin("b").await.unwrap();
        let taken = change.add_passkey("p-b", "k-1", "x", "{}", AT).await;
        assert_eq!(taken, Err(StoreError::Exists("k-1".into())));
        let missing = Err(StoreError::Missing(Missing::Passkey));
        assert_eq!(change.use_passkey("p-b", "k-1", "{}", AT).await, missing);
        assert_eq!(change.remove_passkey("p-b", "k-1").await, missing);
        drop(change);
        let (owner, passkey) = store.passkey("k-1").await.unwrap().unwrap();
        assert_eq!((owner.as_str(), passkey.body.as_str()), ("p-a", "{\"n\":1}"));
        assert_eq!(passkey.last_used_at.as_deref(), Some(LATER));
        let mut change = store.begin("a").await.unwrap();
        change.remove_passkey("p-a", "k-1").await.unwrap();
        done(change).await;
        assert_eq!(store.passkey("k-1").await.unwrap(), None);
        store.close().await;
    });
}

/// AUTHN-010: the state of attempts is read and written under one lock, so that none is forgotten.
#[test]
fn failures_that_come_at_once_are_all_counted() {
    on_each_engine(async |place| {
        let stores = [place.open().await, place.open().await];
        two(&stores[0]).await;
        let counting = |store: Store| async move {
            for _ in 0..20 {
                let mut change = store.begin("a").await.unwrap();
                let mut throttle =
                    change.credentials("p-a").await.unwrap().throttles.remove("password").unwrap_or_default();
                throttle.failures += 1;
                throttle.last_failure = Some(AT.into());
                change.set_throttle("p-a", "password", &throttle).await.unwrap();
                let origin = Origin::Browser("192.0.2.7".into());
                change.commit("p-a", origin, AT, event("sign-in.failed", "")).await.unwrap();
            }
        };
        let both = stores.clone().map(|store| tokio::spawn(counting(store)));
        for one in both {
            one.await.unwrap();
        }
        let throttles = stores[0].credentials("p-a").await.unwrap().throttles;
        assert_eq!(throttles["password"].failures, 40);
        for store in stores {
            store.close().await;
        }
    });
}

/// What can be used once, by two processes at the same time.
#[derive(Debug, Clone, Copy)]
enum Once {
    RecoveryCode,
    TotpStep,
    Invitation,
}

impl Once {
    async fn take(self, change: &mut Change) -> Result<(), StoreError> {
        match self {
            Self::RecoveryCode => change.use_recovery_code("p-a", "code-1", AT).await,
            Self::TotpStep => change.use_totp_step("p-a", 10).await,
            Self::Invitation => change.use_one_time("once-1", "invitation", AT).await.map(drop),
        }
    }
}

/// AUTHN-018: of two uses at once one wins, whatever the process; so it is with the first sign-in.
#[test]
fn what_can_be_used_once_is_used_once() {
    for once in [Once::RecoveryCode, Once::TotpStep, Once::Invitation] {
        on_each_engine(async |place| {
            let stores: Vec<Store> = [place.open().await, place.open().await].into();
            two(&stores[0]).await;
            let mut change = stores[0].begin("a").await.unwrap();
            change.set_recovery_codes("p-a", &["code-1".into(), "code-2".into()]).await.unwrap();
            change.set_totp("p-a", "sealed").await.unwrap();
            change.confirm_totp("p-a", 5, AT).await.unwrap();
            let new = NewOneTime { digest: "once-1", kind: "invitation", person: "p-a", expires_at: LATER };
            change.create_one_time(new, AT).await.unwrap();
            done(change).await;

            let attempts: Vec<_> = (0..8)
                .map(|at| {
                    let store = stores[at % 2].clone();
                    tokio::spawn(async move {
                        let mut change = store.begin("a").await.unwrap();
                        let taken = once.take(&mut change).await;
                        if taken.is_ok() {
                            done(change).await;
                        }
                        taken
                    })
                })
                .collect();
            let mut won = 0;
            for attempt in attempts {
                match attempt.await.unwrap() {
                    Ok(()) => won += 1,
                    told => assert_eq!(told, Err(StoreError::Used)),
                }
            }
            assert_eq!(won, 1, "{once:?}");
            for store in stores {
                store.close().await;
            }
        });
    }
}
