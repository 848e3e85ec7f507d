//! Revisions of services, each with its entry.

use shirube_store::{DRAFT, FileFault, Files, Latest, Missing, Organisation, Service, Store, StoreError};
use shirube_trail::{Head, Origin};

use crate::support::{AT, event, files, found, on_each_engine, one, revise};

const MISSING_ORGANISATION: StoreError = StoreError::Missing(Missing::Organisation);

const MISSING_SERVICE: StoreError = StoreError::Missing(Missing::Service);

const MISSING_REVISION: StoreError = StoreError::Missing(Missing::Revision);

/// The files as `sha256sum` saw them in a folder; see the documentation of `Files`.
fn sample() -> Files {
    files(&[
        ("system.yaml", "a: 1\r\n\ttab \"髙\" 𠮷"),
        ("shirube.yaml", "name: 診療所\n"),
        ("operations/outages.csv", ""),
    ])
}

/// EVID-003: the digest of a revision is one that anybody can compute with `sha256sum`.
#[test]
fn the_digest_of_files_is_that_of_the_list_that_sha256sum_prints() {
    assert_eq!(sample().digest().to_string(), "7a7733e82cdc2c2d7285a43ea2b9d0f96f581433c0af2df1a0ac670fe471686d");
}

#[test]
fn files_that_could_not_come_back_are_refused() {
    for (name, fault) in [
        ("", FileFault::Name),
        ("/etc/passwd", FileFault::Name),
        ("../secret", FileFault::Name),
        ("a//b", FileFault::Name),
        ("a\\b", FileFault::Name),
        ("a\nb", FileFault::Name),
    ] {
        let refused = Files::new([(name.to_owned(), String::new())]);
        assert_eq!(refused, Err(StoreError::File { name: name.to_owned(), fault }));
    }
    let twice = [("a", "1"), ("a", "2")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(Files::new(twice), Err(StoreError::File { name: "a".to_owned(), fault: FileFault::Twice }));
    let nul = Files::new([("a".to_owned(), "\0".to_owned())]);
    assert_eq!(nul, Err(StoreError::File { name: "a".to_owned(), fault: FileFault::Nul }));
}

#[test]
fn what_was_kept_comes_back_byte_for_byte_after_opening_again() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let (number, head) = revise(&store, "o", "s", None, &sample()).await.unwrap();
        store.close().await;

        let store = place.open().await;
        assert_eq!(number, 1);
        assert_eq!(store.files("o", "s", 1).await.unwrap(), sample());
        let opened = Organisation { id: "o".into(), name: "見本クラウド".into(), kind: "provider".into() };
        assert_eq!(store.organisation("o").await.unwrap(), opened);
        let latest = Latest { digest: sample().digest(), state: DRAFT.into(), at: AT.into(), author: "p-2".into() };
        let state = "active".into();
        let service =
            Service { id: "s".into(), name: "電子カルテ".into(), state, revision: Some(1), latest: Some(latest) };
        assert_eq!(store.services("o").await.unwrap(), std::slice::from_ref(&service));
        assert_eq!(store.service("o", "s").await.unwrap(), service);
        assert_eq!(store.head("o").await.unwrap(), head);
        store.close().await;
    });
}

/// EVID-002: a revision has author, time, reason and digests, and a later one leaves it as it was.
#[test]
fn a_revision_tells_who_made_it_when_and_why_and_is_superseded_not_changed() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();

        let revisions = store.revisions("o", "s", None, 10).await.unwrap();
        assert_eq!(revisions.iter().map(|revision| revision.number).collect::<Vec<_>>(), [2, 1]);
        let (first, second) = (&revisions[1], &revisions[0]);
        assert_eq!(store.revisions("o", "s", Some(2), 10).await.unwrap(), revisions[1..]);
        assert_eq!(store.revisions("o", "s", None, 1).await.unwrap(), revisions[..1]);
        assert_eq!(store.revision("o", "s", 1).await.unwrap(), *first);
        assert_eq!((first.digest, second.digest), (one("a").digest(), one("b").digest()));
        assert_eq!((first.entry.before, first.entry.after), (None, Some(first.digest)));
        assert_eq!((second.entry.before, second.entry.after), (Some(first.digest), Some(second.digest)));
        assert_eq!((second.entry.actor.as_str(), second.entry.at.as_str()), ("p-2", AT));
        assert_eq!(second.entry.object, "service/s/revision/2");
        assert_eq!(second.entry.note, "点検の結果を書いた。");
        assert_eq!(store.files("o", "s", 1).await.unwrap(), one("a"));
        store.close().await;
    });
}

#[test]
fn of_two_editors_one_is_told_and_nothing_is_lost() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        let (ours, theirs) = (one("a\nours"), one("a\ntheirs"));
        revise(&store, "o", "s", Some(1), &ours).await.unwrap();

        let told = revise(&store, "o", "s", Some(1), &theirs).await.unwrap_err();
        assert_eq!(told, StoreError::ChangedMeanwhile { current: 2, digest: ours.digest() });
        assert!(told.to_string().contains("第2版"), "{told}");
        let anew = revise(&store, "o", "s", None, &theirs).await.unwrap_err();
        assert_eq!(anew, told);
        assert_eq!(store.revisions("o", "s", None, 1000).await.unwrap().len(), 2);

        revise(&store, "o", "s", Some(2), &theirs).await.unwrap();
        assert_eq!(store.files("o", "s", 2).await.unwrap(), ours);
        assert_eq!(store.files("o", "s", 3).await.unwrap(), theirs);
        store.close().await;
    });
}

#[test]
fn a_change_waits_for_the_one_before_it_and_sees_what_it_did() {
    on_each_engine(async |place| {
        let (store, other) = (place.open().await, place.open().await);
        found(&store, "o", "s").await;
        other.head("o").await.unwrap();

        let mut change = store.begin("o").await.unwrap();
        change.add_revision("s", None, &one("a")).await.unwrap();
        let waiting = tokio::spawn(async move {
            let told = revise(&other, "o", "s", None, &one("b")).await;
            other.close().await;
            told
        });
        // Time for the other to go wrong in, if it did not wait.
        for service in 0..100 {
            change.open_service(&format!("t-{service}"), "予約").await.unwrap();
        }
        change.commit("p-1", Origin::Console, AT, event("services.opened", "")).await.unwrap();

        let told = waiting.await.unwrap().unwrap_err();
        assert_eq!(told, StoreError::ChangedMeanwhile { current: 1, digest: one("a").digest() });
        store.close().await;
    });
}

#[test]
fn an_earlier_revision_is_brought_back_as_a_new_one() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &sample()).await.unwrap();
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();

        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.restore_revision("s", Some(2), 9).await, Err(MISSING_REVISION));
        assert_eq!(change.restore_revision("s", Some(2), 1).await, Ok(3));
        assert_eq!(change.add_revision("s", Some(3), &one("c")).await, Err(StoreError::SecondRevision));
        change.commit("p-1", Origin::Console, AT, event("revision.restored", "戻した。")).await.unwrap();

        let restored = store.revision("o", "s", 3).await.unwrap();
        assert_eq!(restored.restored_from, Some(1));
        assert_eq!(restored.entry.before, Some(one("b").digest()));
        assert_eq!(store.files("o", "s", 3).await.unwrap(), sample());
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

#[test]
fn a_change_that_is_dropped_leaves_nothing_and_blocks_nobody() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let head = store.head("o").await.unwrap();

        let mut change = store.begin("o").await.unwrap();
        change.open_service("t", "予約").await.unwrap();
        change.add_revision("s", None, &one("a")).await.unwrap();
        drop(change);

        let (_, after) = revise(&store, "o", "s", None, &one("b")).await.unwrap();
        assert_eq!(after.number, head.number + 1);
        assert_eq!(store.services("o").await.unwrap().len(), 1);
        assert_eq!(store.files("o", "s", 1).await.unwrap(), one("b"));
        store.close().await;
    });
}

#[test]
fn a_change_without_object_or_with_a_wrong_time_is_refused() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let head = store.head("o").await.unwrap();
        let change = store.begin("o").await.unwrap();
        let nothing = change.commit("p-1", Origin::System, AT, event("x", "")).await;
        assert_eq!(nothing, Err(StoreError::Nothing));
        for at in ["2026-11-22", "2026-11-22T01:02:03Z", "2026-11-22T10:02:03.004+09:00"] {
            let mut change = store.begin("o").await.unwrap();
            change.about("service/s/document/1");
            let refused = change.commit("p-1", Origin::System, at, event("document.read", "")).await;
            assert_eq!(refused, Err(StoreError::Time(at.to_owned())));
        }
        assert_eq!(store.head("o").await.unwrap(), head);
        store.close().await;
    });
}

/// EVID-004: what was read is recorded too, and clocks that differ do not break the chain.
#[test]
fn a_reading_is_recorded_and_time_never_runs_backwards() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let mut change = store.begin("o").await.unwrap();
        change.about("service/s/document/1");
        let earlier = "2026-11-22T01:02:03.001Z";
        change.commit("p-3", Origin::System, earlier, event("document.read", "")).await.unwrap();

        let sealed = store.trail("o", 2, 10).await.unwrap();
        let entry = sealed[0].entry().unwrap();
        assert_eq!((sealed.len(), entry.object.as_str(), entry.at.as_str()), (1, "service/s/document/1", AT));
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// AUTHZ-001: with the ids of another organisation every door answers as if there were nothing.
#[test]
fn another_organisations_ids_find_nothing() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "a", "s-a").await;
        found(&store, "b", "s-b").await;
        revise(&store, "a", "s-a", None, &one("secret")).await.unwrap();

        for service in ["s-a", "s-none", "s\0", ""] {
            assert_eq!(store.revisions("b", service, None, 1000).await, Err(MISSING_SERVICE), "{service}");
            assert_eq!(store.files("b", service, 1).await, Err(MISSING_SERVICE), "{service}");
            let mut change = store.begin("b").await.unwrap();
            assert_eq!(change.add_revision(service, Some(1), &one("x")).await, Err(MISSING_SERVICE), "{service}");
            assert_eq!(change.restore_revision(service, Some(1), 1).await, Err(MISSING_SERVICE), "{service}");
        }
        assert_eq!(store.files("b", "s-b", 1).await, Err(MISSING_REVISION));
        let ids: Vec<String> = store.services("b").await.unwrap().into_iter().map(|service| service.id).collect();
        assert_eq!(ids, ["s-b"]);
        let objects = store.trail("b", 0, 100).await.unwrap();
        let objects: Vec<String> = objects.iter().map(|sealed| sealed.entry().unwrap().object).collect();
        assert_eq!(objects, ["organisation/b", "service/s-b"]);

        // The same id in another organisation is another service: that it is taken elsewhere does not show.
        let mut change = store.begin("b").await.unwrap();
        change.open_service("s-a", "予約").await.unwrap();
        change.commit("p-9", Origin::Console, AT, event("service.opened", "")).await.unwrap();
        assert_eq!(store.revisions("b", "s-a", None, 1000).await, Ok(vec![]));
        assert_eq!(store.revisions("a", "s-a", None, 1000).await.unwrap().len(), 1);
        store.close().await;
    });
}

#[test]
fn an_organisation_that_does_not_exist_is_missing_everywhere() {
    on_each_engine(async |place| {
        let store = place.open().await;
        for organisation in ["none", "\0", ""] {
            assert_eq!(store.organisation(organisation).await, Err(MISSING_ORGANISATION));
            assert_eq!(store.services(organisation).await, Err(MISSING_ORGANISATION));
            assert_eq!(store.revisions(organisation, "s", None, 1000).await, Err(MISSING_SERVICE));
            assert_eq!(store.files(organisation, "s", 1).await, Err(MISSING_SERVICE));
            assert_eq!(store.trail(organisation, 0, 1).await, Err(MISSING_ORGANISATION));
            assert_eq!(store.head(organisation).await, Err(MISSING_ORGANISATION));
            assert_eq!(store.verify_trail(organisation, &[]).await, Err(MISSING_ORGANISATION));
        }
        let mut change = store.begin("none").await.unwrap();
        assert_eq!(change.open_service("s", "x").await, Err(MISSING_ORGANISATION));
        assert_eq!(change.add_revision("s", None, &one("x")).await, Err(MISSING_ORGANISATION));
        change.about("x");
        assert_eq!(change.commit("p", Origin::System, AT, event("x", "")).await, Err(MISSING_ORGANISATION));
        store.close().await;
    });
}

#[test]
fn ids_are_given_once() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.open_organisation("x", "provider").await, Err(StoreError::Exists("o".into())));
        assert_eq!(change.open_service("s", "x").await, Err(StoreError::Exists("s".into())));
        for id in ["", "a/b", "a\nb", "\0"] {
            assert_eq!(change.open_service(id, "x").await, Err(StoreError::Id(id.into())));
        }
        drop(change);
        store.close().await;
    });
}

/// EVID-004: many at once leave a chain without gaps, and none of their revisions is lost.
#[test]
fn a_hundred_revisions_by_two_at_once_make_one_chain_without_gaps() {
    on_each_engine(async |place| {
        // Two stores have nothing in common but the database, like two processes.
        let stores = [place.open().await, place.open().await];
        found(&stores[0], "o", "s").await;
        for store in &stores {
            // The first connection takes its time; without it one editor would be through before the other begins.
            store.head("o").await.unwrap();
        }
        let editors = stores.clone().map(|store| tokio::spawn(fifty_revisions(store)));
        let mut made = Vec::new();
        for editor in editors {
            made.extend(editor.await.unwrap());
        }
        made.sort_unstable();
        assert_eq!(made, (1..=100).collect::<Vec<u64>>());

        let [store, other] = stores;
        let revisions = store.revisions("o", "s", None, 1000).await.unwrap();
        assert!(revisions.windows(2).all(|pair| pair[0].entry.before == Some(pair[1].digest)));
        assert_eq!(revisions.len(), 100);
        let head: Head = store.head("o").await.unwrap();
        assert_eq!(head.number, 102);
        let verification = store.verify_trail("o", &[head]).await.unwrap();
        assert!(verification.holds(), "{verification:?}");
        store.close().await;
        other.close().await;
    });
}

/// Edits on top of the latest revision, and again when somebody was faster.
async fn fifty_revisions(store: Store) -> Vec<u64> {
    let (mut made, mut based_on) = (Vec::new(), None);
    while made.len() < 50 {
        match revise(&store, "o", "s", based_on, &one(&format!("based on {based_on:?}"))).await {
            Ok((number, _)) => {
                made.push(number);
                based_on = Some(number);
            }
            Err(StoreError::ChangedMeanwhile { current, .. }) => based_on = Some(current),
            Err(error) => panic!("{error:?}"),
        }
    }
    made
}
