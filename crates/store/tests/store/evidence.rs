//! What is kept cannot be changed unseen, and the view of the trail.

use shirube_store::{Damage, Filter, StoreError};
use shirube_trail::{BreakKind, Digest, Origin};

use crate::records::full;
use crate::support::{AT, done, event, found, on_each_engine, one, revise};

const LATER: &str = "2026-12-01T00:00:00.000Z";

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
        (
            "UPDATE trail SET entry = REPLACE(entry, 'p-2', 'p-8') WHERE number = 4",
            vec![Damage::Entry { number: 4 }],
            1,
        ),
        ("UPDATE trail SET actor = 'p-8' WHERE number = 4", vec![Damage::Entry { number: 4 }], 0),
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
fn the_trail_is_looked_through_newest_first() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        for (service, actor, at, action) in [
            ("s", "p-1", AT, "revision.created"),
            ("s2", "p-2", AT, "revisions.counted"),
            ("s", "p-2", LATER, "revision.restored"),
        ] {
            let mut change = store.begin("o").await.unwrap();
            change.about(&format!("service/{service}/document/1"));
            change.commit(actor, Origin::System, at, event(action, "")).await.unwrap();
        }
        let all = Filter::default();
        for (filter, numbers) in [
            (all, &[5, 4, 3, 2, 1][..]),
            (Filter { limit: 2, ..all }, &[5, 4]),
            (Filter { before: Some(4), limit: 2, ..all }, &[3, 2]),
            (Filter { after: Some(3), ..all }, &[5, 4]),
            (Filter { actor: "p-2", ..all }, &[5, 4]),
            (Filter { action: "revision", ..all }, &[5, 3]),
            (Filter { action: "revision.created", ..all }, &[3]),
            (Filter { object: "service/s", ..all }, &[5, 3, 2]),
            (Filter { object: "service/s/document", actor: "p-1", ..all }, &[3]),
            (Filter { from: "2026-11-23", ..all }, &[5]),
            (Filter { until: "2026-11-23", ..all }, &[4, 3, 2, 1]),
            (Filter { until: AT, ..all }, &[]),
            (Filter { before: Some(u64::MAX), after: Some(u64::MAX), ..all }, &[]),
        ] {
            let found: Vec<u64> = store.entries("o", &filter).await.unwrap().iter().map(|entry| entry.number).collect();
            assert_eq!(found, numbers, "{filter:?}");
        }
        store.close().await;
    });
}

/// EVID-002: what was kept can only be added to, whoever asks the database.
#[test]
fn the_database_itself_refuses_to_change_or_delete_what_was_kept() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let mut change = store.begin("o").await.unwrap();
        change.propose_removal("s", "att-2").await.unwrap();
        done(change).await;
        for (table, column) in [
            ("trail", "entry"),
            ("revision", "digest"),
            ("revision_file", "name"),
            ("content", "body"),
            ("revision_state", "state"),
            ("issued", "title"),
            ("blob", "digest"),
            ("attachment", "file_name"),
            ("attachment_step", "step"),
        ] {
            for sql in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let refused = place.past(&sql).await.unwrap_err().to_string();
                assert!(refused.contains(&format!("rows of {table} are kept as they are")), "{sql}: {refused}");
            }
            // SQLite has no TRUNCATE; PostgreSQL's would pass by what guards single rows.
            assert!(place.past(&format!("TRUNCATE {table} CASCADE")).await.is_err(), "{table}");
        }
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// EVID-003: a verification computes everything again, also documents, attachments, states and settings.
#[test]
fn every_record_that_is_changed_past_the_program_shows() {
    let blob = |bytes: &[u8]| Damage::Blob { digest: Digest::of(bytes).to_string() };
    let state = |entry| Damage::State { service: "s".into(), revision: 1, entry };
    let issued = Damage::Issued { service: "s".into(), revision: 1, entry: 6 };
    let attachment = |id: &str| Damage::Attachment { service: "s".into(), id: id.into() };
    let gone = |entry, object: &str| Damage::Gone { entry, object: object.into() };
    let cases = [
        (
            "UPDATE blob SET body = (SELECT body FROM blob WHERE digest = '{new}') WHERE digest = '{pdf}'",
            vec![blob(b"\0%PDF\xff")],
        ),
        ("UPDATE revision_state SET state = 'approved' WHERE entry = 4", vec![state(4)]),
        ("UPDATE revision_state SET state = 'returned' WHERE entry = 6", vec![state(6)]),
        ("DELETE FROM revision_state WHERE entry = 5", vec![gone(5, "service/s/revision/1/state")]),
        ("UPDATE issued SET digest = '{new}' WHERE format = 'pdf'", vec![issued.clone()]),
        ("UPDATE issued SET name = 'risks' WHERE format = 'pdf'", vec![issued.clone()]),
        ("DELETE FROM issued WHERE format = 'pdf'", vec![issued]),
        ("DELETE FROM issued", vec![gone(6, "service/s/revision/1/issued")]),
        ("UPDATE attachment SET digest = '{pdf}' WHERE id = 'att-2'", vec![attachment("att-2")]),
        ("UPDATE attachment SET supersedes = NULL WHERE id = 'att-2'", vec![attachment("att-2")]),
        ("DELETE FROM attachment WHERE id = 'att-2'", vec![gone(8, "service/s/attachment/att-2")]),
        ("UPDATE organisation SET settings = '{}'", vec![Damage::Settings]),
    ];
    for (sql, damages) in cases {
        let sql = sql.replace("{pdf}", &Digest::of(b"\0%PDF\xff").to_string());
        let sql = sql.replace("{new}", &Digest::of(b"new").to_string());
        on_each_engine(async |place| {
            let store = place.open().await;
            full(&store).await;
            let before = store.verify_trail("o", &[]).await.unwrap();
            assert!(before.holds(), "{before:?}");
            place.tamper(&sql).await;
            let found = store.verify_trail("o", &[]).await.unwrap();
            assert_eq!(found.damages, damages, "{sql}");
            assert!(found.chain.is_ok());
            assert!(damages.iter().all(|damage| damage.to_string().ends_with('。')));
            store.close().await;
        });
    }
}

/// EVID-003: bytes that were changed are not handed out.
#[test]
fn bytes_that_do_not_fit_their_digest_are_not_handed_out() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let other = Digest::of(b"PK");
        place.tamper(&format!("UPDATE blob SET body = (SELECT body FROM blob WHERE digest = '{other}')")).await;
        let document = store.issued_document("o", 6, "flows", "pdf").await;
        assert!(matches!(document, Err(StoreError::Inconsistent { .. })), "{document:?}");
        let attachment = store.attachment("o", "s", "att-2").await;
        assert!(matches!(attachment, Err(StoreError::Inconsistent { .. })), "{attachment:?}");
        store.close().await;
    });
}

/// EVID-004: records are compared page by page, and nothing is lost where two pages meet.
#[test]
fn a_trail_of_several_pages_is_compared_in_whole() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        for number in 0..450_u64 {
            let based_on = Some(number).filter(|number| *number > 0);
            revise(&store, "o", "s", based_on, &one(&number.to_string())).await.unwrap();
        }
        let head = store.head("o").await.unwrap();
        assert!(store.verify_trail("o", &[head]).await.unwrap().holds());
        // The last entry of the first page, the first of the second, the last of all: entries are two ahead.
        place.tamper("UPDATE revision_file SET name = 'x' WHERE revision IN (198, 199, 450)").await;
        place.tamper("DELETE FROM revision_file WHERE revision = 300; DELETE FROM revision WHERE number = 300").await;
        let damages = store.verify_trail("o", &[head]).await.unwrap().damages;
        let revision = |number| Damage::Revision { service: "s".into(), number };
        let gone = Damage::Gone { entry: 302, object: "service/s/revision/300".into() };
        assert_eq!(damages, [revision(198), revision(199), gone, revision(450)]);
        store.close().await;
    });
}
