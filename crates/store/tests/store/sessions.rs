//! Sessions, tokens, and what is handed over once.

use shirube_store::{Missing, NewOneTime, NewToken, StoreError};

use crate::people::{LATER, LATEST, MISSING_PERSON, two};
use crate::support::{AT, done, on_each_engine, session};

#[test]
fn what_was_handed_over_works_in_time_for_its_purpose_and_its_organisation() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        for digest in ["o-1", "o-2", "o-3"] {
            let new = NewOneTime { digest, kind: "reset", person: "p-a", expires_at: LATER };
            change.create_one_time(new, AT).await.unwrap();
        }
        done(change).await;
        assert_eq!(store.open_one_times("a").await.unwrap().len(), 3);
        for (organisation, digest, kind, at, taken) in [
            ("b", "o-1", "reset", AT, false),
            ("a", "o-1", "invitation", AT, false),
            ("a", "o-1", "reset", LATER, false),
            ("a", "o-none", "reset", AT, false),
            ("a", "o-1", "reset", AT, true),
            ("a", "o-1", "reset", AT, false),
        ] {
            let mut change = store.begin(organisation).await.unwrap();
            let told = change.use_one_time(digest, kind, at).await;
            let expected = if taken { Ok("p-a".to_owned()) } else { Err(StoreError::Used) };
            assert_eq!(told, expected, "{organisation} {digest} {kind} {at}");
            if taken {
                done(change).await;
            }
        }
        assert_eq!(store.one_time("o-1").await.unwrap().unwrap().used_at.as_deref(), Some(AT));
        let mut change = store.begin("a").await.unwrap();
        assert_eq!(change.void_one_times("p-a", "reset", AT).await, Ok(2));
        assert_eq!(change.use_one_time("o-2", "reset", AT).await, Err(StoreError::Used));
        done(change).await;
        assert_eq!(store.open_one_times("a").await, Ok(vec![]));
        store.close().await;
    });
}

/// AUTHN-017: sessions end one by one, all but the present one, and their times only move forward.
#[test]
fn sessions_are_found_with_their_person_and_end() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.set_password("p-a", "h", AT, true, 5).await.unwrap();
        change.set_totp("p-a", "sealed").await.unwrap();
        change.confirm_totp("p-a", 1, AT).await.unwrap();
        change.add_passkey("p-a", "k-1", "鍵", "{}", AT).await.unwrap();
        for digest in ["d-1", "d-2", "d-3"] {
            change.open_session(session("a", "p-a", digest), AT).await.unwrap();
        }
        let again = change.open_session(session("a", "p-a", "d-1"), AT).await;
        assert_eq!(again, Err(StoreError::Exists("d-1".into())));
        done(change).await;

        let open = store.session("d-1").await.unwrap().unwrap();
        assert_eq!((open.person.id.as_str(), open.organisation.as_str(), open.stage.as_str()), ("p-a", "a", "full"));
        assert_eq!(open.person, store.person("p-a").await.unwrap());
        assert_eq!(open.memberships, store.memberships("p-a").await.unwrap());
        assert_eq!((open.must_change, open.second_factors, open.csrf.as_str()), (true, 2, "c"));
        assert_eq!(store.session("d-none").await.unwrap(), None);

        store.touch_session("d-1", LATEST).await.unwrap();
        store.touch_session("d-1", LATER).await.unwrap();
        assert_eq!(store.session("d-1").await.unwrap().unwrap().seen_at, LATEST);

        let mut change = store.begin("a").await.unwrap();
        change.end_session("p-a", "d-1", LATER, "sign-out").await.unwrap();
        let again = change.end_session("p-a", "d-1", LATER, "sign-out").await;
        assert_eq!(again, Err(StoreError::Missing(Missing::Session)));
        assert_eq!(change.end_all_sessions("p-a", Some("d-2"), LATER, "password").await, Ok(1));
        done(change).await;
        let ended: Vec<(String, Option<String>)> =
            store.sessions("p-a", 10).await.unwrap().into_iter().map(|line| (line.digest, line.end_reason)).collect();
        let expected = [("d-1", Some("sign-out")), ("d-2", None), ("d-3", Some("password"))];
        assert_eq!(ended, expected.map(|(digest, reason)| (digest.to_owned(), reason.map(str::to_owned))));
        store.touch_session("d-1", "2026-11-23T00:00:00.000Z").await.unwrap();
        assert_eq!(store.session("d-1").await.unwrap().unwrap().seen_at, LATEST, "it has ended");
        store.close().await;
    });
}

#[test]
fn sessions_that_no_longer_count_are_forgotten_and_the_trail_is_not() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.open_session(session("a", "p-a", "d-1"), AT).await.unwrap();
        change.open_session(session("a", "p-a", "d-2"), AT).await.unwrap();
        let head = done(change).await;
        store.touch_session("d-2", LATER).await.unwrap();
        assert_eq!(store.forget_sessions(LATER).await, Ok(1));
        assert_eq!(store.session("d-1").await, Ok(None));
        assert!(store.session("d-2").await.unwrap().is_some());
        assert_eq!(store.head("a").await.unwrap(), head);
        store.close().await;
    });
}

/// AUTHN-020: one action on the person is enough.
#[test]
fn whoever_is_disabled_loses_sessions_and_tokens_at_once() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.open_session(session("a", "p-a", "d-1"), AT).await.unwrap();
        let new = NewToken { id: "t-1", digest: "td-1", person: "p-a", name: "CI", scope: "read", expires_at: LATEST };
        change.create_token(new, AT).await.unwrap();
        done(change).await;
        assert!(store.token("td-1", LATER).await.unwrap().is_some());

        let mut change = store.begin("a").await.unwrap();
        change.set_person_state("p-a", "disabled", LATER).await.unwrap();
        done(change).await;
        let ended = store.session("d-1").await.unwrap().unwrap();
        assert_eq!((ended.ended_at.as_deref(), ended.end_reason.as_deref()), (Some(LATER), Some("disabled")));
        assert_eq!(store.token("td-1", LATER).await.unwrap(), None);
        store.close().await;
    });
}

#[test]
fn a_session_acts_only_for_organisations_in_which_its_person_holds_a_role() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let missing = Err(StoreError::Missing(Missing::Organisation));
        let mut change = store.begin("a").await.unwrap();
        let elsewhere = shirube_store::NewSession { organisation: "b", ..session("a", "p-a", "d-1") };
        assert_eq!(change.open_session(elsewhere, AT).await, missing);
        change.open_session(session("a", "p-a", "d-1"), AT).await.unwrap();
        done(change).await;
        let mut change = store.begin("b").await.unwrap();
        assert_eq!(change.switch_session("d-1").await, missing);
        change.admit("p-a", "reader", "p-b", AT).await.unwrap();
        change.switch_session("d-1").await.unwrap();
        let head = done(change).await;
        assert_eq!(store.session("d-1").await.unwrap().unwrap().organisation, "b");
        let entry = store.trail("b", head.number - 1, 1).await.unwrap()[0].entry().unwrap();
        assert_eq!(entry.object, "person/p-a/session/d-1");
        store.close().await;
    });
}

#[test]
fn a_token_works_until_it_runs_out_or_is_revoked() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        let new = NewToken { id: "t-1", digest: "td-1", person: "p-a", name: "CI", scope: "read", expires_at: LATEST };
        change.create_token(new, AT).await.unwrap();
        let elsewhere = change.create_token(NewToken { person: "p-b", id: "t-2", digest: "td-2", ..new }, AT).await;
        assert_eq!(elsewhere, Err(MISSING_PERSON));
        done(change).await;

        let live = store.token("td-1", LATER).await.unwrap().unwrap();
        assert_eq!((live.person.id.as_str(), live.roles), ("p-a", vec!["editor".to_owned()]));
        assert_eq!(store.token("td-1", LATEST).await.unwrap(), None);
        store.touch_token("a", "t-1", LATER).await.unwrap();
        store.touch_token("a", "t-1", AT).await.unwrap();
        store.touch_token("b", "t-1", LATEST).await.unwrap();
        assert_eq!(store.tokens("a").await.unwrap()[0].last_used_at.as_deref(), Some(LATER));

        let mut change = store.begin("a").await.unwrap();
        change.revoke_token("t-1", LATER).await.unwrap();
        assert_eq!(change.revoke_token("t-1", LATER).await, Err(StoreError::Missing(Missing::Token)));
        done(change).await;
        assert_eq!(store.token("td-1", AT).await.unwrap(), None);
        assert_eq!(store.tokens("a").await.unwrap()[0].revoked_at.as_deref(), Some(LATER));
        store.close().await;
    });
}

/// EVID-004, AUTHN-012: every step leaves one entry, and none says a secret.
#[test]
fn steps_on_accounts_leave_entries_without_secrets() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let mut change = store.begin("a").await.unwrap();
        change.set_password("p-a", "hash-geheim", AT, false, 5).await.unwrap();
        done(change).await;
        let mut change = store.begin("a").await.unwrap();
        change.set_totp("p-a", "sealed-geheim").await.unwrap();
        done(change).await;
        let mut change = store.begin("a").await.unwrap();
        change.set_recovery_codes("p-a", &["code-geheim".into()]).await.unwrap();
        done(change).await;
        let mut change = store.begin("a").await.unwrap();
        change.open_session(session("a", "p-a", "0123456789abgeheim"), AT).await.unwrap();
        done(change).await;
        let sealed = store.trail("a", 3, 10).await.unwrap();
        let objects: Vec<String> = sealed.iter().map(|sealed| sealed.entry().unwrap().object).collect();
        let expected = ["password", "totp", "recovery-codes", "session/0123456789ab"];
        assert_eq!(objects, expected.map(|object| format!("person/p-a/{object}")));
        assert!(sealed.iter().all(|sealed| !sealed.entry.contains("geheim")));
        assert!(store.verify_trail("a", &[]).await.unwrap().holds());
        store.close().await;
    });
}
