//! What the store promises, on SQLite and on PostgreSQL.

mod support;

use std::env;
use std::process::{Command, Stdio};

use shirube_store::{Damage, FileFault, Files, Missing, Organisation, Service, Store, StoreError};
use shirube_trail::{BreakKind, Digest, Head, Origin};
use support::{AT, Place, event, files, found, on_each_engine, on_sqlite, one, revise, runtime};

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
        let opened = Organisation { id: "o".into(), name: "見本クラウド".into() };
        assert_eq!(store.organisation("o").await.unwrap(), opened);
        let service = Service { id: "s".into(), name: "電子カルテ".into(), revision: Some(1) };
        assert_eq!(store.services("o").await.unwrap(), [service]);
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

        let revisions = store.revisions("o", "s").await.unwrap();
        assert_eq!(revisions.iter().map(|revision| revision.number).collect::<Vec<_>>(), [1, 2]);
        let (first, second) = (&revisions[0], &revisions[1]);
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
        assert_eq!(store.revisions("o", "s").await.unwrap().len(), 2);

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

        let revisions = store.revisions("o", "s").await.unwrap();
        assert_eq!(revisions[2].restored_from, Some(1));
        assert_eq!(revisions[2].entry.before, Some(one("b").digest()));
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
            assert_eq!(store.revisions("b", service).await, Err(MISSING_SERVICE), "{service}");
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
        assert_eq!(store.revisions("b", "s-a").await, Ok(vec![]));
        assert_eq!(store.revisions("a", "s-a").await.unwrap().len(), 1);
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
            assert_eq!(store.revisions(organisation, "s").await, Err(MISSING_SERVICE));
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
        assert_eq!(change.open_organisation("x").await, Err(StoreError::Exists("o".into())));
        assert_eq!(change.open_service("s", "x").await, Err(StoreError::Exists("s".into())));
        for id in ["", "a/b", "a\nb", "\0"] {
            assert_eq!(change.open_service(id, "x").await, Err(StoreError::Id(id.into())));
        }
        drop(change);
        store.close().await;
    });
}

/// EVID-003, EVID-004: whatever is changed past the program shows, and names its place.
#[test]
fn every_row_that_is_changed_past_the_program_shows() {
    let content = |digest: Digest| Damage::Content { digest: digest.to_string() };
    let revision = |number| Damage::Revision { service: "s".into(), number };
    let gone = |entry| Damage::Gone { entry, object: format!("service/s/revision/{}", entry - 2) };
    let b = Digest::of(b"b");
    for (sql, damages, breaks) in [
        ("UPDATE content SET body = 'x' WHERE body = 'b'", vec![content(b)], 0),
        (
            "UPDATE revision SET digest = (SELECT digest FROM revision WHERE number = 1) WHERE number = 2",
            vec![revision(2)],
            0,
        ),
        ("UPDATE revision_file SET name = 'y' WHERE revision = 2", vec![revision(2)], 0),
        ("UPDATE revision SET restored_from = 1 WHERE number = 2", vec![revision(2)], 0),
        ("DELETE FROM revision_file WHERE revision = 3; DELETE FROM revision WHERE number = 3", vec![gone(5)], 0),
        ("UPDATE trail SET entry = REPLACE(entry, 'p-2', 'p-8') WHERE number = 4", vec![], 1),
        ("UPDATE trail SET digest = 'x' WHERE number = 5", vec![], 1),
    ] {
        on_each_engine(async |place| {
            let store = place.open().await;
            found(&store, "o", "s").await;
            for (based_on, text) in [(None, "a"), (Some(1), "b"), (Some(2), "c")] {
                revise(&store, "o", "s", based_on, &one(text)).await.unwrap();
            }
            let before = store.verify_trail("o", &[store.head("o").await.unwrap()]).await.unwrap();
            assert!(before.holds(), "{before:?}");

            place.tamper(sql).await;
            let found = store.verify_trail("o", &[]).await.unwrap();
            assert!(!found.holds());
            assert_eq!(found.damages, damages, "{sql}");
            assert_eq!(found.chain.err().unwrap_or_default().len(), breaks, "{sql}");
            store.close().await;
        });
    }
}

/// EVID-004: an end that was cut off shows beside a head that was kept outside.
#[test]
fn a_chain_cut_off_at_its_end_shows_beside_a_kept_head() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let (_, kept) = revise(&store, "o", "s", None, &one("a")).await.unwrap();
        place
            .tamper("DELETE FROM revision_file; DELETE FROM revision; DELETE FROM content; DELETE FROM trail WHERE number = 3")
            .await;
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        let breaks = store.verify_trail("o", &[kept]).await.unwrap().chain.unwrap_err();
        assert_eq!(breaks.into_iter().map(|found| found.kind).collect::<Vec<_>>(), [BreakKind::Head(kept)]);
        store.close().await;
    });
}

/// EVID-003: a file that was changed is not handed out.
#[test]
fn files_that_do_not_fit_their_digest_are_not_handed_out() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        place.tamper("UPDATE content SET body = 'b'").await;
        let refused = store.files("o", "s", 1).await;
        assert!(
            matches!(&refused, Err(StoreError::Inconsistent { place, .. }) if place.contains("第1版")),
            "{refused:?}"
        );
        let mut change = store.begin("o").await.unwrap();
        let restored = change.restore_revision("s", Some(1), 1).await;
        assert!(matches!(restored, Err(StoreError::Inconsistent { .. })), "{restored:?}");
        drop(change);
        store.close().await;
    });
}

#[test]
fn a_newer_database_is_refused_in_words_and_left_alone() {
    on_each_engine(async |place| {
        place.open().await.close().await;
        place.tamper("INSERT INTO shirube_form (version) VALUES (99)").await;
        let refused = Store::open(&place.url).await.unwrap_err();
        assert_eq!(refused, StoreError::Newer { found: 99, known: 1 });
        assert!(refused.to_string().contains("新しい"), "{refused}");
        place.tamper("DELETE FROM shirube_form WHERE version = 99").await;
        place.open().await.close().await;
    });
}

#[test]
fn processes_that_start_together_make_one_database() {
    on_each_engine(async |place| {
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let url = place.url.clone();
                tokio::spawn(async move { Store::open(&url).await })
            })
            .collect();
        for start in starts {
            start.await.unwrap().unwrap().close().await;
        }
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
        let revisions = store.revisions("o", "s").await.unwrap();
        assert!(revisions.windows(2).all(|pair| pair[1].entry.before == Some(pair[0].digest)));
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

const CHILD: &str = "SHIRUBE_TEST_CHILD";

/// EVID-002: a process that dies between writing and committing leaves no half change.
#[test]
fn a_process_killed_in_the_middle_of_a_write_leaves_nothing() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let (_, head) = revise(&store, "o", "s", None, &one("a")).await.unwrap();
        store.close().await;

        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child_that_dies_before_its_commit", "--ignored", "--nocapture"])
            .env(CHILD, &place.url)
            .stderr(Stdio::null())
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&child.stdout).contains("revision 2 is written"));
        assert!(!child.status.success());

        let store = place.open().await;
        assert_eq!(store.head("o").await.unwrap(), head);
        assert_eq!(store.revisions("o", "s").await.unwrap().len(), 1);
        let (number, _) = revise(&store, "o", "s", Some(1), &one("c")).await.unwrap();
        assert_eq!(number, 2);
        assert!(store.verify_trail("o", &[head]).await.unwrap().holds());
        store.close().await;
    });
}

#[test]
#[ignore = "run by a_process_killed_in_the_middle_of_a_write_leaves_nothing, which kills it"]
fn child_that_dies_before_its_commit() {
    let url = env::var(CHILD).expect("the address that the parent gives");
    runtime().block_on(async {
        let store = Store::open(&url).await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        let number = change.add_revision("s", Some(1), &one("b")).await.unwrap();
        println!("revision {number} is written");
        std::process::abort();
    });
}

#[test]
fn an_address_that_is_none_and_a_place_that_is_not_there_are_told_apart() {
    runtime().block_on(async {
        for address in ["", "sqlite:", "sqlite::memory:", "mysql://localhost/x", "/tmp/x.db"] {
            assert_eq!(Store::open(address).await.unwrap_err(), StoreError::Address, "{address}");
        }
        let nowhere = Store::open("sqlite:/no/such/folder/x.db").await.unwrap_err();
        assert!(matches!(&nowhere, StoreError::Unavailable { log } if log.contains("/no/such/folder")));
        assert!(!nowhere.to_string().contains("folder"), "what the system said is for the log: {nowhere}");
        let silent = Store::open("postgres://shirube:geheim@127.0.0.1:1/shirube").await.unwrap_err();
        assert!(matches!(&silent, StoreError::Unavailable { log } if !log.contains("geheim")), "{silent:?}");
    });
}

#[test]
fn a_damaged_file_is_refused_at_the_start() {
    on_sqlite(async |place: &Place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &one(&"診療".repeat(20_000))).await.unwrap();
        store.close().await;
        let file = place.file.as_ref().unwrap();
        let mut bytes = std::fs::read(file).unwrap();
        let page = 4096;
        bytes[2 * page..4 * page].fill(0xAA);
        std::fs::write(file, &bytes).unwrap();
        let refused = Store::open(&place.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Inconsistent { .. }), "{refused:?}");

        std::fs::write(file, "これはデータベースではありません。".repeat(100)).unwrap();
        let refused = Store::open(&place.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Inconsistent { .. }), "{refused:?}");
    });
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    on_sqlite(async |place: &Place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let folder = place.file.as_ref().unwrap().parent().unwrap();
        let modes: Vec<u32> = folder
            .read_dir()
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(modes, [0o600; 3], "the file, its log and its index");
        store.close().await;
    });
}
