//! Institutions, what is written about them, what is issued to one of them, and who stands for one.

use std::collections::BTreeMap;

use shirube_store::{
    Damage, Document, ForInstitution, InstitutionRecord, Missing, NewPerson, NewRecord, RecordsEnd, Store, StoreError,
};
use shirube_trail::{Digest, Entry, Origin};

use crate::people::{LATER, MISSING_PERSON};
use crate::support::{AT, done, event, found, on_each_engine, one, person, revise, session};

const MISSING_INSTITUTION: StoreError = StoreError::Missing(Missing::Institution);

const MISSING_SERVICE: StoreError = StoreError::Missing(Missing::Service);

const MISSING_ORGANISATION: StoreError = StoreError::Missing(Missing::Organisation);

/// An institution, and the service that something is written about; none for whatever the service.
type About = (&'static str, Option<&'static str>);

/// A role, and the institution that its holder stands for in it.
type Held = (&'static str, Option<&'static str>);

/// Organisation `o` with the services `s` and `t`, and the institutions `i`, `j` and `k` without a record.
/// Entries: 1 organisation, 2 and 3 services, 4 institutions.
async fn three(store: &Store) {
    found(store, "o", "s").await;
    let mut change = store.begin("o").await.unwrap();
    change.open_service("t", "予約").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    for institution in ["k", "i", "j"] {
        change.open_institution(institution).await.unwrap();
    }
    assert_eq!(done(change).await.number, 4);
}

fn new<'a>(institution: &'a str, service: Option<&'a str>, kind: &'a str, body: &'a str) -> NewRecord<'a> {
    NewRecord { institution, service, kind, body }
}

/// Writes all of this with one change and gives the entry that it left.
async fn write(store: &Store, records: &[NewRecord<'_>]) -> Entry {
    let mut change = store.begin("o").await.unwrap();
    change.write_institutions(records).await.unwrap();
    let number = done(change).await.number;
    store.trail("o", number - 1, 1).await.unwrap()[0].entry().unwrap()
}

fn to(id: &str, terms: u64) -> ForInstitution {
    ForInstitution { id: id.into(), terms }
}

fn document(text: &str) -> Document {
    Document { name: "flows".into(), format: "pdf".into(), title: "情報流一覧".into(), bytes: text.into() }
}

/// Each institution counts what is written about it, whatever the service.
#[test]
fn records_are_counted_for_each_institution_and_come_back_in_order() {
    let first = [
        new("j", None, "about", "診療所"),
        new("i", Some("s"), "terms", "a: 1\r\n\ttab \"髙\" 𠮷"),
        new("i", None, "about", "病院"),
    ];
    let second = [
        new("i", Some("t"), "terms", "予約だけの違い"),
        new("i", None, "about", "移転した病院"),
        new("j", Some("s"), "about", "このサービスでの呼び名"),
        new("i", Some("s"), "explained", ""),
        new("i", None, "contact", "窓口"),
    ];
    let record = |new: NewRecord<'_>, number: u64, entry: u64| {
        let (actor, at) = if entry == 5 { ("p-2", AT) } else { ("p-3", LATER) };
        InstitutionRecord {
            institution: new.institution.into(),
            number,
            service: new.service.map(str::to_owned),
            kind: new.kind.into(),
            body: new.body.into(),
            entry,
            at: at.into(),
            actor: actor.into(),
        }
    };
    let end = |institution: &str, service: Option<&str>, number: u64| RecordsEnd {
        institution: institution.into(),
        service: service.map(str::to_owned),
        number,
    };
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        assert_eq!(store.institution_records("o", "i").await, Ok(vec![]));
        assert_eq!(store.institutions("o", "about").await, Ok(vec![]));
        assert_eq!(store.record_ends("o").await, Ok(vec![]));
        for (records, actor, at, ends) in [(&first[..], "p-2", AT, (0, 2)), (&second[..], "p-3", LATER, (2, 6))] {
            let mut change = store.begin("o").await.unwrap();
            assert_eq!(change.end_of_records("i").await, Ok(ends.0));
            change.write_institutions(records).await.unwrap();
            assert_eq!(change.end_of_records("i").await, Ok(ends.1), "as the change sees it");
            change.commit(actor, Origin::System, at, event("institution.written", "")).await.unwrap();
        }

        let of_i = [
            record(first[1], 1, 5),
            record(first[2], 2, 5),
            record(second[0], 3, 6),
            record(second[1], 4, 6),
            record(second[3], 5, 6),
            record(second[4], 6, 6),
        ];
        let of_j = [record(first[0], 1, 5), record(second[2], 2, 6)];
        assert_eq!(store.institution_records("o", "i").await.unwrap(), of_i);
        assert_eq!(store.institution_records("o", "j").await.unwrap(), of_j);
        assert_eq!(store.institution_records("o", "k").await.unwrap(), []);
        // The newest of its kind, and not what holds for one service only.
        let newest = [of_i[3].clone(), of_j[0].clone()];
        assert_eq!(store.institutions("o", "about").await.unwrap(), newest);
        assert_eq!(store.institutions("o", "contact").await.unwrap(), of_i[5..]);
        assert_eq!(store.institutions("o", "terms").await.unwrap(), []);
        let of_s = [of_i[0].clone(), of_i[4].clone(), of_j[1].clone()];
        assert_eq!(store.service_records("o", "s").await.unwrap(), of_s);
        assert_eq!(store.service_records("o", "t").await.unwrap(), of_i[2..3]);
        let ends = [
            end("i", None, 6),
            end("i", Some("s"), 5),
            end("i", Some("t"), 3),
            end("j", None, 1),
            end("j", Some("s"), 2),
        ];
        assert_eq!(store.record_ends("o").await.unwrap(), ends);

        // Nobody means U+0000 in a text.
        write(&store, &[new("k", None, "about", "薬\0局")]).await;
        let kept = store.institutions("o", "about").await.unwrap().pop().unwrap();
        assert_eq!((kept.institution.as_str(), kept.kind.as_str(), kept.body.as_str()), ("k", "about", "薬局"));
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// EVID-004: one change leaves one entry, however many institutions it writes about; it names what they share.
#[test]
fn what_is_written_at_once_leaves_one_entry() {
    let cases: [(&[About], &str); 10] = [
        (&[("i", None)], "institution/i"),
        (&[("i", Some("s"))], "service/s/institution/i"),
        (&[("i", Some("s")), ("i", Some("s"))], "service/s/institution/i"),
        (&[("i", Some("s")), ("i", Some("t"))], "institution/i"),
        (&[("i", Some("s")), ("i", None)], "institution/i"),
        (&[("j", Some("s")), ("i", Some("s")), ("k", Some("s"))], "service/s/institution"),
        (&[("i", None), ("j", None)], "institution"),
        (&[("i", Some("s")), ("j", None)], "institution"),
        (&[("i", None), ("j", Some("s"))], "institution"),
        (&[("i", Some("s")), ("j", Some("t"))], "institution"),
    ];
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        for ((about, object), number) in cases.iter().zip(5..) {
            let records: Vec<NewRecord<'_>> =
                about.iter().map(|(institution, service)| new(institution, *service, "terms", object)).collect();
            let entry = write(&store, &records).await;
            assert_eq!((entry.number, entry.object.as_str()), (number, *object), "{about:?}");
            // The digest is that of the list with a line for each record, as `sha256sum` prints it.
            let mut list = BTreeMap::new();
            for institution in ["i", "j", "k"] {
                let all = store.institution_records("o", institution).await.unwrap();
                for record in all.into_iter().filter(|record| record.entry == number) {
                    let service = record.service.map(|service| format!("/{service}")).unwrap_or_default();
                    let name = format!("{institution}/{}/terms{service}", record.number);
                    list.insert(name, Digest::of(record.body.as_bytes()));
                }
            }
            assert_eq!(list.len(), about.len(), "{about:?}");
            let list: String = list.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
            assert_eq!((entry.before, entry.after), (None, Some(Digest::of(list.as_bytes()))), "{about:?}");
        }
        let head = store.head("o").await.unwrap();
        assert_eq!(head.number, 14);
        let verification = store.verify_trail("o", &[head]).await.unwrap();
        assert!(verification.holds(), "{verification:?}");
        store.close().await;
    });
}

#[test]
fn records_are_sealed_and_nothing_else_is_with_them() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        change.open_institution("new").await.unwrap();
        change.write_institutions(&[new("new", Some("s"), "terms", "a")]).await.unwrap();
        let refused = Err(StoreError::SecondRevision);
        assert_eq!(change.write_institutions(&[new("i", None, "terms", "b")]).await, refused);
        assert_eq!(change.write_institutions(&[]).await, refused);
        assert_eq!(change.issue("s", 1, &[document("x")]).await, refused);
        assert_eq!(change.issue_to(&to("i", 0), "s", 1, &[document("x")]).await, refused);
        assert_eq!(change.set_settings("{}").await, refused);
        let revision = change.add_revision("s", Some(1), &one("b")).await;
        assert_eq!(revision, Err(StoreError::SecondRevision));
        // What was sealed keeps its name, whatever comes after it.
        change.open_institution("newer").await.unwrap();
        change.about("x");
        let number = done(change).await.number;
        let entry = store.trail("o", number - 1, 1).await.unwrap()[0].entry().unwrap();
        assert_eq!(entry.object, "service/s/institution/new");
        assert_eq!(store.institution_records("o", "newer").await, Ok(vec![]));
        assert_eq!(store.institution_records("o", "i").await, Ok(vec![]));
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

#[test]
fn records_about_what_is_not_there_are_refused_and_leave_nothing() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        write(&store, &[new("j", Some("t"), "terms", "a")]).await;
        let mut change = store.begin("o").await.unwrap();
        change.archive_service("t", true).await.unwrap();
        let head = done(change).await;
        let good = new("i", None, "terms", "a");
        for (records, refused) in [
            (vec![], StoreError::Nothing),
            (vec![new("none", None, "terms", "a")], MISSING_INSTITUTION),
            (vec![good, new("none", None, "terms", "a")], MISSING_INSTITUTION),
            (vec![good, new("i/1", Some("s"), "terms", "a")], MISSING_INSTITUTION),
            (vec![new("", None, "terms", "a")], MISSING_INSTITUTION),
            (vec![new("i\0", None, "terms", "a")], MISSING_INSTITUTION),
            (vec![new("i", Some("none"), "terms", "a")], MISSING_SERVICE),
            (vec![good, new("i", Some("s/1"), "terms", "a")], MISSING_SERVICE),
            (vec![new("i", Some(""), "terms", "a")], MISSING_SERVICE),
            (vec![good, new("i", Some("t"), "terms", "a")], StoreError::State { found: "archived".into() }),
        ] {
            let mut change = store.begin("o").await.unwrap();
            assert_eq!(change.write_institutions(&records).await, Err(refused), "{records:?}");
            let nothing = change.commit("p-1", Origin::Console, AT, event("x", "")).await;
            assert_eq!(nothing, Err(StoreError::Nothing), "{records:?}");
            assert_eq!(store.institution_records("o", "i").await, Ok(vec![]), "{records:?}");
        }
        let mut change = store.begin("o").await.unwrap();
        for id in ["", "i/1", "\0", "x\ny"] {
            assert_eq!(change.open_institution(id).await, Err(StoreError::Id(id.into())));
            assert_eq!(change.end_of_records(id).await, Err(MISSING_INSTITUTION), "{id:?}");
        }
        assert_eq!(change.open_institution("i").await, Err(StoreError::Exists("i".into())));
        let nothing = change.commit("p-1", Origin::Console, AT, event("x", "")).await;
        assert_eq!(nothing, Err(StoreError::Nothing));
        assert_eq!(store.head("o").await.unwrap(), head);
        // What was written about a service that is put away stays readable.
        assert_eq!(store.service_records("o", "t").await.unwrap().len(), 1);
        assert!(store.verify_trail("o", &[head]).await.unwrap().holds());

        for id in ["none", "", "i/1", "i\0"] {
            assert_eq!(store.institution_records("o", id).await, Err(MISSING_INSTITUTION), "{id:?}");
            assert_eq!(store.service_records("o", id).await, Err(MISSING_SERVICE), "{id:?}");
            assert_eq!(store.last_issued_to("o", id).await, Err(MISSING_SERVICE), "{id:?}");
        }
        let mut nowhere = store.begin("none").await.unwrap();
        assert_eq!(nowhere.open_institution("i").await, Err(MISSING_ORGANISATION));
        assert_eq!(nowhere.write_institutions(&[good]).await, Err(MISSING_ORGANISATION));
        assert_eq!(nowhere.end_of_records("i").await, Err(MISSING_ORGANISATION));
        drop(nowhere);
        assert_eq!(store.institutions("none", "terms").await, Err(MISSING_ORGANISATION));
        assert_eq!(store.record_ends("none").await, Err(MISSING_ORGANISATION));
        assert_eq!(store.people_of_institution("none", "i").await, Err(MISSING_ORGANISATION));
        store.close().await;
    });
}

/// EVID-002: what was written can only be added to, whoever asks the database.
#[test]
fn the_database_itself_refuses_to_change_or_delete_what_was_written() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        write(&store, &[new("i", Some("s"), "terms", "a"), new("j", None, "about", "b")]).await;
        for (table, column) in [("institution", "id"), ("institution_record", "kind"), ("institution_record", "entry")]
        {
            for sql in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let refused = place.past(&sql).await.unwrap_err().to_string();
                assert!(refused.contains(&format!("rows of {table} are kept as they are")), "{sql}: {refused}");
            }
            // SQLite has no TRUNCATE; PostgreSQL's would pass by what guards single rows.
            assert!(place.past(&format!("TRUNCATE {table} CASCADE")).await.is_err(), "{table}");
        }
        assert_eq!(store.institution_records("o", "i").await.unwrap().len(), 1);
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// EVID-003: a verification computes again what was written about institutions.
#[test]
fn every_record_of_an_institution_that_is_changed_past_the_program_shows() {
    let differs = |entry| Damage::Institution { entry };
    let gone = |entry, object: &str| Damage::Gone { entry, object: object.into() };
    let (both, single) = ("service/s/institution", "institution/i");
    let cases = [
        ("UPDATE institution_record SET digest = '{a}' WHERE institution = 'j'", vec![differs(5)]),
        ("UPDATE institution_record SET number = 3 WHERE entry = 6", vec![differs(6)]),
        ("UPDATE institution_record SET kind = 'step' WHERE entry = 6", vec![differs(6)]),
        ("UPDATE institution_record SET service = 't' WHERE institution = 'j'", vec![differs(5), gone(5, both)]),
        ("UPDATE institution_record SET service = NULL WHERE entry = 5", vec![differs(5), gone(5, both)]),
        ("UPDATE institution_record SET service = 's' WHERE entry = 6", vec![differs(6), gone(6, single)]),
        ("UPDATE institution_record SET institution = 'k' WHERE entry = 6", vec![differs(6), gone(6, single)]),
        ("UPDATE institution_record SET entry = 5 WHERE entry = 6", vec![differs(5), gone(5, both), gone(6, single)]),
        // One that no entry records: its own was cut off.
        ("UPDATE institution_record SET entry = 99 WHERE entry = 6", vec![gone(6, single), differs(99)]),
        (
            "INSERT INTO institution_record (organisation, institution, number, service, kind, digest, entry) \
             VALUES ('o', 'k', 1, NULL, 'about', '{a}', 4)",
            vec![differs(4)],
        ),
        ("DELETE FROM institution_record WHERE institution = 'j'", vec![differs(5), gone(5, both)]),
        ("DELETE FROM institution_record WHERE entry = 5", vec![gone(5, both)]),
        ("DELETE FROM institution_record WHERE entry = 6", vec![gone(6, single)]),
        (
            "UPDATE content SET body = 'x' WHERE body = 'c'",
            vec![Damage::Content { digest: Digest::of(b"c").to_string() }],
        ),
    ];
    for (sql, damages) in cases {
        let sql = sql.replace("{a}", &Digest::of(b"a").to_string());
        on_each_engine(async |place| {
            let store = place.open().await;
            three(&store).await;
            write(&store, &[new("i", Some("s"), "terms", "a"), new("j", Some("s"), "terms", "b")]).await;
            write(&store, &[new("i", None, "about", "c")]).await;
            let before = store.verify_trail("o", &[store.head("o").await.unwrap()]).await.unwrap();
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

/// EVID-003: a text that was changed is not handed out.
#[test]
fn records_that_do_not_fit_their_digest_are_not_handed_out() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        write(&store, &[new("i", Some("s"), "terms", "a"), new("i", None, "about", "b")]).await;
        place.tamper("UPDATE content SET body = 'x' WHERE body = 'b'").await;
        for refused in [store.institution_records("o", "i").await, store.institutions("o", "about").await] {
            assert!(
                matches!(&refused, Err(StoreError::Inconsistent { place, .. }) if place.contains("2件目")),
                "{refused:?}"
            );
        }
        assert_eq!(store.service_records("o", "s").await.unwrap().len(), 1, "the other is as it was");
        place.tamper("DELETE FROM content WHERE body = 'x'").await;
        let refused = store.institution_records("o", "i").await;
        assert!(matches!(&refused, Err(StoreError::Inconsistent { .. })), "{refused:?}");
        store.close().await;
    });
}

/// Three revisions, and documents of them for everybody and for one institution each.
/// Entries: 5 and 7 revisions of `s`, 6 one of `t`, 8 documents for everybody, 9 to 13 for one institution.
async fn issue_all(store: &Store) {
    three(store).await;
    for (service, based_on, text) in [("s", None, "a"), ("t", None, "b"), ("s", Some(1), "c")] {
        revise(store, "o", service, based_on, &one(text)).await.unwrap();
    }
    for (institution, service, revision, text) in [
        (None, "s", 1, "all"),
        (Some(to("i", 3)), "s", 1, "i-3"),
        (Some(to("j", 1)), "s", 2, "j-1"),
        (Some(to("i", 4)), "s", 2, "i-4"),
        (Some(to("i", 5)), "s", 1, "i-5"),
        (Some(to("i", 5)), "t", 1, "i-5 of t"),
    ] {
        let mut change = store.begin("o").await.unwrap();
        match &institution {
            Some(institution) => change.issue_to(institution, service, revision, &[document(text)]).await.unwrap(),
            None => change.issue(service, revision, &[document(text)]).await.unwrap(),
        }
        done(change).await;
    }
    assert_eq!(store.head("o").await.unwrap().number, 13);
}

/// AUTHZ-002: what is made for one institution is among the documents of no other, and not among those for everybody.
#[test]
fn documents_for_one_institution_are_its_own() {
    on_each_engine(async |place| {
        let store = place.open().await;
        issue_all(&store).await;
        let for_all = store.issued("o", "s", None).await.unwrap();
        assert_eq!(for_all.iter().map(|issued| issued.entry.number).collect::<Vec<_>>(), [8]);
        assert_eq!(for_all[0].institution, None);
        assert_eq!(store.issued("o", "s", Some(2)).await, Ok(vec![]));
        assert_eq!(store.issued("o", "t", None).await, Ok(vec![]));
        assert_eq!(store.last_issued("o").await, Ok(BTreeMap::from([("s".to_owned(), 1)])));

        let rows: [(&str, &[u64], &[u64]); 5] = [
            ("i", &[13, 12, 11, 9], &[5, 5, 4, 3]),
            ("j", &[10], &[1]),
            ("k", &[], &[]),
            ("none", &[], &[]),
            ("i/1", &[], &[]),
        ];
        for (institution, entries, terms) in rows {
            let issued = store.issued_to("o", institution).await.unwrap();
            let numbers: Vec<u64> = issued.iter().map(|issued| issued.entry.number).collect();
            assert_eq!(numbers, entries, "{institution}");
            let made_for: Vec<ForInstitution> = issued.into_iter().filter_map(|issued| issued.institution).collect();
            let expected: Vec<ForInstitution> = terms.iter().map(|terms| to(institution, *terms)).collect();
            assert_eq!(made_for, expected, "{institution}");
        }
        // The newest is the one that was issued last, not the one of the newest revision.
        let of_s = BTreeMap::from([("i".to_owned(), (1, 5, 12)), ("j".to_owned(), (2, 1, 10))]);
        assert_eq!(store.last_issued_to("o", "s").await, Ok(of_s));
        assert_eq!(store.last_issued_to("o", "t").await, Ok(BTreeMap::from([("i".to_owned(), (1, 5, 13))])));

        let (found, bytes) = store.issued_document("o", 10, "flows", "pdf").await.unwrap();
        assert_eq!((found.institution.as_ref(), bytes.as_slice()), (Some(&to("j", 1)), &b"j-1"[..]));
        assert_eq!(found.entry.object, "service/s/revision/2/institution/j/1/issued");
        let list = format!("{}  flows.pdf\n", Digest::of(b"j-1"));
        assert_eq!(found.entry.after, Some(Digest::of(list.as_bytes())));
        assert_eq!(store.issued_document("o", 8, "flows", "pdf").await.unwrap().0.institution, None);
        let verification = store.verify_trail("o", &[]).await.unwrap();
        assert!(verification.holds(), "{verification:?}");
        store.close().await;
    });
}

/// EVID-003: for whom a document was made cannot be changed unseen.
#[test]
fn documents_that_are_given_to_another_institution_show() {
    let issued = |revision, entry| Damage::Issued { service: "s".into(), revision, entry };
    let gone = |entry, object: &str| Damage::Gone { entry, object: object.into() };
    let (of_j, for_all) = ("service/s/revision/2/institution/j/1/issued", "service/s/revision/1/issued");
    let cases = [
        ("UPDATE issued SET institution = 'k' WHERE institution = 'j'", vec![issued(2, 10), gone(10, of_j)]),
        ("UPDATE issued SET institution = NULL WHERE institution = 'j'", vec![issued(2, 10), gone(10, of_j)]),
        ("UPDATE issued SET institution = 'i' WHERE institution IS NULL", vec![issued(1, 8), gone(8, for_all)]),
        ("DELETE FROM issued WHERE institution = 'j'", vec![gone(10, of_j)]),
    ];
    for (sql, damages) in cases {
        on_each_engine(async |place| {
            let store = place.open().await;
            issue_all(&store).await;
            place.tamper(sql).await;
            let found = store.verify_trail("o", &[]).await.unwrap();
            assert_eq!(found.damages, damages, "{sql}");
            assert!(found.chain.is_ok());
            store.close().await;
        });
    }
}

#[test]
fn documents_for_what_is_not_there_are_refused() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        revise(&store, "o", "t", None, &one("b")).await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        change.archive_service("t", true).await.unwrap();
        let head = done(change).await;
        let twice = vec![document("a"), document("b")];
        for (institution, service, revision, documents, refused) in [
            ("none", "s", 1, vec![document("a")], MISSING_INSTITUTION),
            ("i/1", "s", 1, vec![document("a")], MISSING_INSTITUTION),
            ("", "s", 1, vec![document("a")], MISSING_INSTITUTION),
            ("i", "none", 1, vec![document("a")], MISSING_SERVICE),
            ("i", "s/1", 1, vec![document("a")], MISSING_SERVICE),
            ("i", "t", 1, vec![document("a")], StoreError::State { found: "archived".into() }),
            ("i", "s", 9, vec![document("a")], StoreError::Missing(Missing::Revision)),
            ("i", "s", 1, vec![], StoreError::Nothing),
            ("i", "s", 1, twice, StoreError::Exists("flows.pdf".into())),
        ] {
            let mut change = store.begin("o").await.unwrap();
            let told = change.issue_to(&to(institution, 0), service, revision, &documents).await;
            assert_eq!(told, Err(refused), "{institution} {service} {revision} {documents:?}");
            let nothing = change.commit("p-1", Origin::Console, AT, event("x", "")).await;
            assert_eq!(nothing, Err(StoreError::Nothing), "{institution} {service} {revision}");
        }
        assert_eq!(store.issued_to("o", "i").await, Ok(vec![]));
        assert_eq!(store.last_issued_to("o", "s").await, Ok(BTreeMap::new()));
        assert_eq!(store.head("o").await.unwrap(), head);
        store.close().await;
    });
}

/// A person with these roles and a session of the same name as their id.
async fn join(store: &Store, id: &str, roles: &[Held]) {
    let mut change = store.begin("o").await.unwrap();
    let sign_in = format!("{id}@example.jp");
    let new = NewPerson { id, sign_in: &sign_in, name: "髙橋 一郎", mail: "", state: "active" };
    change.add_person(new, AT).await.unwrap();
    for (role, institution) in roles {
        let granted = match institution {
            Some(institution) => change.grant_for(id, role, institution, "p-1", AT).await,
            None => change.grant(id, role, "p-1", AT).await,
        };
        assert_eq!(granted, Ok(true), "{id} {role}");
    }
    change.open_session(session("o", id, id), AT).await.unwrap();
    done(change).await;
}

async fn people_of(store: &Store, institution: &str) -> Vec<String> {
    let members = store.people_of_institution("o", institution).await.unwrap();
    members.into_iter().map(|member| member.person.id).collect()
}

/// Which institution a person stands for in `o`.
async fn stands_for(store: &Store, person: &str) -> Option<String> {
    let memberships = store.memberships(person).await.unwrap();
    let held = memberships.into_iter().find(|membership| membership.organisation.id == "o");
    held.and_then(|membership| membership.institution)
}

/// AUTHZ-001: whoever stood for two institutions, or for one and the organisation, would see of all what is meant for
/// one.
#[test]
fn a_person_stands_for_one_institution_or_for_none() {
    let cases: [(&str, &[Held], Option<&str>); 4] = [
        ("one", &[("contact", Some("i"))], Some("i")),
        ("same", &[("contact", Some("i")), ("signer", Some("i"))], Some("i")),
        ("other", &[("signer", Some("j"))], Some("j")),
        ("own", &[("editor", None)], None),
    ];
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        for (id, roles, institution) in cases {
            join(&store, id, roles).await;
            let memberships = store.memberships(id).await.unwrap();
            let [membership] = memberships.as_slice() else { panic!("{id}: {memberships:?}") };
            assert_eq!(membership.institution.as_deref(), institution, "{id}");
            let held: Vec<&str> = roles.iter().map(|(role, _)| *role).collect();
            assert_eq!(membership.roles, held, "{id}");
            let open = store.session(id).await.unwrap().unwrap();
            assert_eq!(open.memberships, memberships, "{id}");
        }
        // What is shown to one side is not meant for the other.
        for (person, institution) in [("one", Some("j")), ("same", None), ("other", Some("i")), ("own", Some("i"))] {
            let mut change = store.begin("o").await.unwrap();
            let granted = match institution {
                Some(institution) => change.grant_for(person, "reader", institution, "p-1", LATER).await,
                None => change.grant(person, "reader", "p-1", LATER).await,
            };
            assert_eq!(granted, Err(StoreError::TwoSides), "{person}");
        }
        assert_eq!(people_of(&store, "i").await, ["one", "same"]);
        assert_eq!(people_of(&store, "j").await, ["other"]);
        assert!(people_of(&store, "k").await.is_empty());
        assert!(people_of(&store, "none").await.is_empty());
        assert_eq!(store.people_of_institution("o", "i").await.unwrap()[0], store.member("o", "one").await.unwrap());

        let mut change = store.begin("o").await.unwrap();
        change.revoke("one", "contact", LATER).await.unwrap();
        done(change).await;
        assert_eq!(people_of(&store, "i").await, ["same"]);
        assert_eq!(store.memberships("one").await, Ok(vec![]));
        assert_eq!(store.session("one").await.unwrap().unwrap().memberships, []);

        // A role that was taken away may be granted again, for another institution; one that is held stays as it is.
        for is_new in [true, false] {
            let mut change = store.begin("o").await.unwrap();
            assert_eq!(change.grant_for("one", "contact", "j", "p-1", LATER).await, Ok(is_new));
            done(change).await;
            assert_eq!(stands_for(&store, "one").await.as_deref(), Some("j"));
        }
        assert_eq!(people_of(&store, "j").await, ["one", "other"]);
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

#[test]
fn a_guest_stands_for_an_institution_in_one_organisation_only() {
    on_each_engine(async |place| {
        let store = place.open().await;
        three(&store).await;
        found(&store, "o2", "s2").await;
        person(&store, "o2", "q").await;
        let mut change = store.begin("o").await.unwrap();
        // An id alone is not enough to bring somebody of another organisation into one's own list.
        assert_eq!(change.grant_for("q", "contact", "i", "p-1", AT).await, Err(MISSING_PERSON));
        change.admit("q", "reader", "p-1", AT).await.unwrap();
        change.revoke("q", "reader", AT).await.unwrap();
        for institution in ["none", "i/1", ""] {
            let told = change.grant_for("q", "contact", institution, "p-1", AT).await;
            assert_eq!(told, Err(MISSING_INSTITUTION), "{institution}");
        }
        assert_eq!(change.grant_for("q", "contact", "i", "p-1", AT).await, Ok(true));
        done(change).await;
        let memberships = store.memberships("q").await.unwrap();
        let bound: Vec<(&str, Option<&str>)> =
            memberships.iter().map(|held| (held.organisation.id.as_str(), held.institution.as_deref())).collect();
        assert_eq!(bound, [("o", Some("i")), ("o2", None)]);
        let people = store.people_of_institution("o", "i").await.unwrap();
        assert_eq!((people.len(), people[0].person.id.as_str(), people[0].is_guest), (1, "q", true));
        assert_eq!(store.people_of_institution("o2", "i").await, Ok(vec![]));
        store.close().await;
    });
}
