//! Opening, damage from outside, processes that die, connections that break.

use std::env;
use std::process::{Command, Stdio};

use shirube_store::{Filter, Store, StoreError};
use shirube_trail::{Entry, Head, Origin, Sealed};

use crate::records::full;
use crate::support::{AT, Place, event, found, on_each_engine, on_sqlite, one, person, revise, runtime};

#[test]
fn a_newer_database_is_refused_in_words_and_left_alone() {
    on_each_engine(async |place| {
        place.open().await.close().await;
        place.tamper("INSERT INTO shirube_form (version) VALUES (99)").await;
        let refused = Store::open(&place.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 99, known } if known < 99), "{refused:?}");
        assert!(refused.to_string().contains("新しい"), "{refused}");
        place.tamper("DELETE FROM shirube_form WHERE version = 99").await;
        place.open().await.close().await;
    });
}

/// A database that an earlier version left is brought forward with what it has.
#[test]
fn a_database_of_the_first_form_is_brought_forward() {
    on_each_engine(async |place| {
        let opened = Entry {
            number: 0,
            at: AT.into(),
            actor: "p-1".into(),
            origin: Origin::Console,
            action: "organisation.opened".into(),
            object: "organisation/o".into(),
            before: None,
            after: None,
            note: "改\u{0}行".into(),
        };
        let sealed = Sealed::after(Head::EMPTY, opened);
        let rows = format!(
            "CREATE TABLE shirube_form (version BIGINT NOT NULL PRIMARY KEY); INSERT INTO shirube_form VALUES (1); \
             INSERT INTO organisation (id, name) VALUES ('o', '見本'); \
             INSERT INTO trail (organisation, number, entry, digest) VALUES ('o', 1, '{}', '{}'); \
             INSERT INTO trail (organisation, number, entry, digest) VALUES ('o', 2, 'no entry', '{}')",
            sealed.entry, sealed.digest, sealed.digest
        );
        let first = include_str!("../../migrations/0001.sql");
        place.past(&format!("{first}; {rows}")).await.unwrap();
        let store = place.open().await;
        assert_eq!(store.organisation("o").await.unwrap().kind, "provider");
        let found = store.entries("o", &Filter { object: "organisation/o", ..Filter::default() }).await.unwrap();
        assert_eq!(found, [sealed.entry().unwrap()]);
        let verification = store.verify_trail("o", &[sealed.head(1)]).await.unwrap();
        assert_eq!(verification.damages, [], "what could not be read before is told by the chain");
        assert_eq!(verification.chain.unwrap_err().len(), 1);
        store.close().await;
        // Once forward, it stays: opening again changes nothing.
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
            .args(["--exact", "database::child_that_dies_before_its_commit", "--ignored", "--nocapture"])
            .env(CHILD, &place.url)
            .stderr(Stdio::null())
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&child.stdout).contains("revision 2 is written"));
        assert!(!child.status.success());

        let store = place.open().await;
        assert_eq!(store.head("o").await.unwrap(), head);
        assert_eq!(store.revisions("o", "s", None, 1000).await.unwrap().len(), 1);
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

#[test]
fn counts_are_over_all_organisations() {
    on_each_engine(async |place| {
        let store = place.open().await;
        store.ping().await.unwrap();
        assert_eq!(store.counts().await.unwrap(), Default::default());
        full(&store).await;
        found(&store, "o2", "s").await;
        person(&store, "o2", "p-2").await;
        let counts = store.counts().await.unwrap();
        assert_eq!((counts.organisations, counts.people, counts.services), (2, 1, 2));
        assert_eq!((counts.revisions, counts.entries, counts.sessions), (1, 12, 0));
        assert_eq!(store.organisations().await.unwrap(), ["o", "o2"]);
        store.close().await;
    });
}

/// When the database goes away, what was not confirmed is not there, and the next request finds it again.
#[test]
fn a_connection_that_breaks_loses_nothing_that_was_confirmed() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let head = store.head("o").await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        change.add_revision("s", Some(1), &one("b")).await.unwrap();
        if !place.cut_connections().await {
            return drop(change);
        }
        let cut = change.commit("p-1", Origin::Console, AT, event("revision.created", "")).await;
        assert!(matches!(cut, Err(StoreError::Unavailable { .. })), "{cut:?}");
        store.ping().await.unwrap();
        assert_eq!(store.head("o").await.unwrap(), head);
        assert_eq!(revise(&store, "o", "s", Some(1), &one("c")).await.unwrap().0, 2);
        store.close().await;
    });
}
