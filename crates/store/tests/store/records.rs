//! States, issued documents, attachments, figures.

use shirube_store::{DRAFT, Document, Missing, NewAttachment, Store, StoreError, Summary};
use shirube_trail::{Digest, Head};

use crate::support::{done, found, on_each_engine, one, revise};

fn document(name: &str, format: &str, bytes: &[u8]) -> Document {
    Document { name: name.into(), format: format.into(), title: "情報流一覧".into(), bytes: bytes.into() }
}

fn attachment<'a>(id: &'a str, supersedes: Option<&'a str>, bytes: &'a [u8]) -> NewAttachment<'a> {
    NewAttachment {
        id,
        service: "s",
        about: "control/pg-1.0/3.4①-14",
        file_name: "点検記録.png",
        media_type: "image/png",
        supersedes,
        facts: "{}",
        bytes,
    }
}

async fn bring(store: &Store, revision: u64, from: &str, to: &str) -> Result<Head, StoreError> {
    let mut change = store.begin("o").await?;
    change.set_revision_state("s", revision, from, to).await?;
    Ok(done(change).await)
}

/// Service `s` of organisation `o` with a revision that is approved, its documents issued, and two attachments.
/// Entries: 1 organisation, 2 service, 3 revision, 4 and 5 states, 6 issue, 7 and 8 attachments, 9 settings.
pub async fn full(store: &Store) {
    found(store, "o", "s").await;
    revise(store, "o", "s", None, &one("a")).await.unwrap();
    bring(store, 1, DRAFT, "checked").await.unwrap();
    bring(store, 1, "checked", "approved").await.unwrap();
    let mut change = store.begin("o").await.unwrap();
    change.issue("s", 1, &[document("flows", "pdf", b"\0%PDF\xff"), document("flows", "xlsx", b"PK")]).await.unwrap();
    change.set_revision_state("s", 1, "approved", "issued").await.unwrap();
    done(change).await;
    for (id, supersedes, bytes) in [("att-1", None, &b"\0old"[..]), ("att-2", Some("att-1"), b"new")] {
        let mut change = store.begin("o").await.unwrap();
        change.attach(attachment(id, supersedes, bytes)).await.unwrap();
        done(change).await;
    }
    let mut change = store.begin("o").await.unwrap();
    change.set_settings("{\"idle\":15}").await.unwrap();
    assert_eq!(done(change).await.number, 9);
}

#[test]
fn a_revision_goes_from_state_to_state_and_nobody_decides_on_an_old_one() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        assert_eq!(store.revision("o", "s", 1).await.unwrap().state, DRAFT);
        bring(&store, 1, DRAFT, "checked").await.unwrap();
        // Somebody else still sees the draft.
        let late = bring(&store, 1, DRAFT, "returned").await;
        assert_eq!(late, Err(StoreError::State { found: "checked".into() }));
        let none = bring(&store, 9, DRAFT, "checked").await;
        assert_eq!(none, Err(StoreError::Missing(Missing::Revision)));
        bring(&store, 1, "checked", "returned").await.unwrap();
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();

        let states = store.revision_states("o", "s", 1).await.unwrap();
        let words: Vec<&str> = states.iter().map(|state| state.state.as_str()).collect();
        assert_eq!(words, [DRAFT, "checked", "returned"]);
        assert_eq!(states[1].entry.object, "service/s/revision/1/state");
        assert_eq!(states[1].entry.before, Some(Digest::of(b"draft")));
        let revisions = store.revisions("o", "s", None, 10).await.unwrap();
        assert_eq!(revisions.iter().map(|r| r.state.as_str()).collect::<Vec<_>>(), [DRAFT, "returned"]);
        let latest = store.services("o").await.unwrap().remove(0).latest.unwrap();
        assert_eq!((latest.state.as_str(), latest.digest), (DRAFT, one("b").digest()));
        store.close().await;
    });
}

#[test]
fn a_change_seals_one_thing() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let mut change = store.begin("o").await.unwrap();
        change.add_revision("s", Some(1), &one("b")).await.unwrap();
        let refused = Err(StoreError::SecondRevision);
        assert_eq!(change.set_revision_state("s", 2, DRAFT, "checked").await, refused);
        assert_eq!(change.issue("s", 1, &[document("x", "pdf", b"")]).await, refused);
        assert_eq!(change.set_settings("{}").await, refused);
        assert_eq!(change.attach(attachment("att-9", None, b"")).await.unwrap_err(), StoreError::SecondRevision);
        // What was sealed keeps its name, whatever comes after it.
        change.rename_service("s", "電子カルテ二").await.unwrap();
        change.about("x");
        done(change).await;
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// EVID-003: a document that was issued comes back byte for byte, years and revisions later.
#[test]
fn issued_documents_are_frozen() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        change.issue("s", 2, &[document("flows", "pdf", b"later")]).await.unwrap();
        let twice = done(change).await.number;

        let issued = store.issued("o", "s", None).await.unwrap();
        let of: Vec<(u64, u64, &str)> =
            issued.iter().map(|issued| (issued.entry.number, issued.revision, issued.format.as_str())).collect();
        assert_eq!(of, [(twice, 2, "pdf"), (6, 1, "pdf"), (6, 1, "xlsx")]);
        assert_eq!(store.issued("o", "s", Some(1)).await.unwrap(), issued[1..]);
        let (found, bytes) = store.issued_document("o", 6, "flows", "pdf").await.unwrap();
        assert_eq!((&found, bytes.as_slice()), (&issued[1], &b"\0%PDF\xff"[..]));
        assert_eq!((found.size, found.digest), (6, Digest::of(&bytes)));
        assert_eq!(store.issued_document("o", 6, "flows", "docx").await, Err(StoreError::Missing(Missing::Document)));
        assert_eq!(store.revision("o", "s", 1).await.unwrap().state, "issued");
        // The entry carries the digest that `sha256sum flows.pdf flows.xlsx | sha256sum` prints.
        let list = format!("{}  flows.pdf\n{}  flows.xlsx\n", Digest::of(b"\0%PDF\xff"), Digest::of(b"PK"));
        assert_eq!(found.entry.after, Some(Digest::of(list.as_bytes())));

        let mut change = store.begin("o").await.unwrap();
        let same = [document("a", "pdf", b"1"), document("a", "pdf", b"2")];
        assert_eq!(change.issue("s", 2, &same).await, Err(StoreError::Exists("a.pdf".into())));
        assert_eq!(change.issue("s", 2, &[]).await, Err(StoreError::Nothing));
        assert_eq!(change.issue("s", 2, &[document("a/b", "pdf", b"")]).await, Err(StoreError::Id("a/b".into())));
        drop(change);
        store.close().await;
    });
}

/// EVID-002: a newer file takes the place of an older one, which stays.
#[test]
fn attachments_are_superseded_and_stay() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let attachments = store.attachments("o", "s").await.unwrap();
        let [old, new] = attachments.as_slice() else { panic!("{attachments:?}") };
        assert_eq!((old.superseded_by.as_deref(), new.supersedes.as_deref()), (Some("att-2"), Some("att-1")));
        assert_eq!((new.entry.before, new.entry.after), (Some(old.digest), Some(new.digest)));
        assert_eq!((old.file_name.as_str(), old.size), ("点検記録.png", 4));
        assert_eq!(store.attachment("o", "s", "att-1").await.unwrap(), (old.clone(), b"\0old".to_vec()));

        let mut change = store.begin("o").await.unwrap();
        let taken = change.attach(attachment("att-3", Some("att-1"), b"x")).await;
        assert_eq!(taken, Err(StoreError::State { found: "att-2".into() }));
        let again = change.attach(attachment("att-2", None, b"x")).await;
        assert_eq!(again, Err(StoreError::Exists("att-2".into())));
        drop(change);
        store.close().await;
    });
}

#[test]
fn a_service_that_is_put_away_stays_readable_and_takes_nothing_new() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let mut change = store.begin("o").await.unwrap();
        change.archive_service("s", true).await.unwrap();
        done(change).await;
        assert_eq!(store.services("o").await.unwrap()[0].state, "archived");
        assert_eq!(store.files("o", "s", 1).await.unwrap(), one("a"));
        let refused = StoreError::State { found: "archived".into() };
        assert_eq!(revise(&store, "o", "s", Some(1), &one("b")).await, Err(refused.clone()));
        assert_eq!(bring(&store, 1, "issued", "returned").await, Err(refused.clone()));
        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.attach(attachment("att-9", None, b"")).await, Err(refused.clone()));
        assert_eq!(change.issue("s", 1, &[document("x", "pdf", b"")]).await, Err(refused));
        change.archive_service("s", false).await.unwrap();
        done(change).await;
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();
        store.close().await;
    });
}

#[test]
fn figures_are_kept_for_each_revision_and_the_newest_are_listed() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        revise(&store, "o", "s", Some(1), &one("b")).await.unwrap();
        let head = store.head("o").await.unwrap();
        store.put_summary("o", "s", 1, "{\"risks\":1}").await.unwrap();
        store.put_summary("o", "s", 1, "{\"risks\":2}").await.unwrap();
        let listed = |revision, body: &str| Summary { service: "s".into(), revision, body: body.into() };
        assert_eq!(store.summaries("o").await.unwrap(), [listed(1, "{\"risks\":2}")]);
        store.put_summary("o", "s", 2, "{\"risks\":3}").await.unwrap();
        assert_eq!(store.summaries("o").await.unwrap(), [listed(2, "{\"risks\":3}")]);
        assert_eq!(store.summary("o", "s", 1).await.unwrap().as_deref(), Some("{\"risks\":2}"));
        assert_eq!(store.head("o").await.unwrap(), head, "figures are not for the trail");
        store.close().await;
    });
}

async fn committed(change: shirube_store::Change, actor: &str, action: &str) {
    let event = shirube_store::Event { action: action.to_owned(), note: "保存期限を過ぎた".to_owned() };
    change.commit(actor, shirube_trail::Origin::System, crate::support::AT, event).await.unwrap();
}

/// EVID-002: the bytes of evidence go only by two people; what it was, its digest and its entries stay, and the
/// verification holds.
#[test]
fn evidence_is_removed_by_two_people_and_its_record_stays() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let state = |found: &str| Err(StoreError::State { found: found.into() });

        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.remove_attachment("s", "att-1", "p-2").await, state("保管中"));
        change.propose_removal("s", "att-1").await.unwrap();
        committed(change, "p-1", "attachment.removal-proposed").await;
        assert_eq!(store.attachment("o", "s", "att-1").await.unwrap().1, b"\0old");

        let mut change = store.begin("o").await.unwrap();
        assert_eq!(change.propose_removal("s", "att-1").await, state("廃棄の確認待ち"));
        assert_eq!(change.remove_attachment("s", "att-1", "p-1").await, state("廃棄の確認待ち"));
        change.withdraw_removal("s", "att-1").await.unwrap();
        committed(change, "p-1", "attachment.removal-withdrawn").await;

        for (actor, confirms) in [("p-1", false), ("p-2", true)] {
            let mut change = store.begin("o").await.unwrap();
            match confirms {
                true => change.remove_attachment("s", "att-1", actor).await.unwrap(),
                false => change.propose_removal("s", "att-1").await.unwrap(),
            }
            committed(change, actor, "attachment.removed").await;
        }
        let kept = store.attachment_record("o", "s", "att-1").await.unwrap();
        assert_eq!((kept.digest, kept.size), (Digest::of(b"\0old"), 4));
        assert!(matches!(&kept.removal, shirube_store::Removal::Removed(entry) if entry.actor == "p-2"));
        assert_eq!(
            store.attachment("o", "s", "att-1").await.unwrap_err(),
            StoreError::State { found: "廃棄済".into() }
        );
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());

        // Bytes that something else still has stay for it, and the database refuses to empty them.
        let refused = place.past("UPDATE blob SET body = SUBSTR(body, 1, 0)").await.unwrap_err().to_string();
        assert!(refused.contains("rows of blob are kept as they are"), "{refused}");
        store.close().await;
    });
}

/// EVID-003: a step that no entry records shows, and so do bytes that are gone without one.
#[test]
fn a_removal_without_its_entry_shows() {
    for sql in [
        "INSERT INTO attachment_step (organisation, entry, attachment, step) VALUES ('o', 9, 'att-1', 'removed')",
        "UPDATE blob SET body = SUBSTR(body, 1, 0) WHERE digest = (SELECT digest FROM attachment WHERE id = 'att-2')",
    ] {
        on_each_engine(async |place| {
            let store = place.open().await;
            full(&store).await;
            place.tamper(sql).await;
            assert!(!store.verify_trail("o", &[]).await.unwrap().holds(), "{sql}");
            store.close().await;
        });
    }
}
