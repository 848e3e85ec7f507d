//! SELF-003: a backup of either engine comes back on either, and a damaged one leaves nothing.

use std::collections::BTreeMap;
use std::env;
use std::io::{Cursor, Read, Write};

use crate::support::{AT, Place, done, files, found, on_each_engine, one, person, revise, runtime, session};
use serde_json::{Value, json};
use shirube_store::{
    AccountDecision, BackupError, Document, ForInstitution, Manifest, NewAttachment, NewJob, NewOneTime, NewPerson,
    NewRecord, NewRegisterRecord, NewReportCode, NewReportDelivery, NewToken, NewWebhook, SavedView, Store, StoreError,
    Throttle, WantedItems,
};
use shirube_trail::{Digest, Head, Origin, Sealed};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const LATER: &str = "2026-11-22T02:00:00.000Z";

/// Something in every table.
async fn full(store: &Store) {
    // Ids that databases with a language of their own would sort in another way.
    for organisation in ["o", "O2", "あ", "é"] {
        found(store, organisation, "s").await;
        person(store, organisation, &format!("p-{organisation}")).await;
    }
    // Its own making is what it is told of first.
    let mut change = store.begin("O2").await.unwrap();
    let address = "https://chat.example.jp/hook";
    let webhook = NewWebhook { id: "w", address, events: &["case.step"], secret: "v1.k.d", created_by: "p-O2" };
    change.add_webhook(webhook, AT).await.unwrap();
    done(change).await;
    let texts =
        files(&[("system.yaml", "a: 1\r\n\ttab \"髙\" 𠮷\u{1}"), ("Z.csv", ""), ("operations/outages.csv", "x")]);
    revise(store, "o", "s", None, &texts).await.unwrap();
    revise(store, "o", "s", Some(1), &one("b")).await.unwrap();
    let mut change = store.begin("o").await.unwrap();
    change.restore_revision("s", Some(2), 1).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let document =
        Document { name: "flows".into(), format: "pdf".into(), title: "情報流".into(), bytes: (0..=255).collect() };
    change.set_revision_state("s", 3, "draft", "approved").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    change.issue("s", 3, &[document]).await.unwrap();
    change.set_revision_state("s", 3, "approved", "issued").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    for id in ["o", "O2", "あ", "é"] {
        change.open_institution(id).await.unwrap();
    }
    let stands = NewPerson { id: "p-here", sign_in: "p-here@example.jp", name: "髙橋", mail: "", state: "active" };
    change.add_person(stands, AT).await.unwrap();
    change.grant_for("p-here", "contact", "é", "p-1", AT).await.unwrap();
    let record = |institution, service, body| NewRecord { institution, service, kind: "terms", body };
    let records =
        [record("é", Some("s"), "a: 1\r\n\ttab \"髙\" 𠮷\u{1}"), record("あ", None, ""), record("é", None, "b")];
    change.write_institutions(&records).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let document =
        Document { name: "flows".into(), format: "pdf".into(), title: "情報流".into(), bytes: vec![0xff, 0] };
    change.issue_to(&ForInstitution { id: "é".into(), terms: 2 }, "s", 3, &[document]).await.unwrap();
    done(change).await;
    // The newer one has the id that sorts first.
    for (id, supersedes, bytes) in [("b-old", None, &b""[..]), ("a-new", Some("b-old"), b"\xff")] {
        let mut change = store.begin("o").await.unwrap();
        let new = NewAttachment {
            id,
            service: "s",
            about: "x",
            file_name: "f",
            media_type: "m",
            supersedes,
            facts: "{\"kind\":\"log\"}",
            bytes,
        };
        change.attach(new).await.unwrap();
        done(change).await;
    }
    let mut change = store.begin("o").await.unwrap();
    change.propose_removal("s", "b-old").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    change.set_settings("{\"idle\":15}").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    change.set_password("p-o", "h-1", AT, true, 5).await.unwrap();
    change.set_password("p-o", "h-2", AT, false, 5).await.unwrap();
    change.set_totp("p-o", "sealed").await.unwrap();
    change.confirm_totp("p-o", 1, AT).await.unwrap();
    change.add_passkey("p-o", "k-1", "鍵", "{}", AT).await.unwrap();
    change.set_recovery_codes("p-o", &["c-2".into(), "c-1".into()]).await.unwrap();
    change.use_recovery_code("p-o", "c-1", AT).await.unwrap();
    let failed = Throttle { failures: 3, last_failure: Some(AT.into()), ..Throttle::default() };
    change.set_throttle("p-o", "password", &failed).await.unwrap();
    let once = NewOneTime { digest: "once", kind: "reset", person: "p-o", expires_at: LATER };
    change.create_one_time(once, AT).await.unwrap();
    let token = NewToken { id: "t", digest: "td", person: "p-o", name: "CI", scope: "read", expires_at: LATER };
    change.create_token(token, AT).await.unwrap();
    change.open_session(session("o", "p-o", "d-1"), AT).await.unwrap();
    change.permit("p-o", "substitute", "d", "p-1", AT, LATER).await.unwrap();
    change.link_outside("p-o", "https://id.test", "sub", AT).await.unwrap();
    change.set_sign_in_word(Some("minato")).await.unwrap();
    change.invite_guest("g", "auditor", "p-1", AT, LATER).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let review = change.begin_account_review("p-1", AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let decided = AccountDecision {
        person: "p-o".into(),
        decision: "keep".into(),
        reason: "使う".into(),
        decided_by: "p-1".into(),
        decided_at: AT.into(),
    };
    change.decide_account(review, &decided).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let (id, page, name, conditions) = ("w-1".into(), "risks".into(), "高いもの".into(), "rank=S".into());
    change.save_view("p-o", &SavedView { id, page, name, conditions }).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    change.set_preferences("p-o", "{\"theme\":\"dark\"}").await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let job = NewJob { id: "j-1", service: "s", person: "p-o", kind: "drafts", revision: 3, steps: 2 };
    change.start_job(job, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let code =
        NewReportCode { service: "s", request: "é-1", supplier: "é", digest: "rc", by: "p-o", expires_at: LATER };
    change.make_report_code(code, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let report = NewReportDelivery { sender: "回線株式会社", person: "髙橋", body: "{\"a\":\"\u{1}𠮷\"}" };
    change.deliver_report("rc", report, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("o").await.unwrap();
    let record = NewRegisterRecord {
        register: "media".into(),
        item: "テープ é".into(),
        state: "in-use".into(),
        day: "2026-11-01".into(),
        body: "{\"a\":\"\u{1}𠮷\"}".into(),
        words: [("place".to_owned(), "棚é".to_owned())].into(),
        due: [("condition".to_owned(), "2026-12-01".to_owned())].into(),
        ..NewRegisterRecord::default()
    };
    change.write_registers("s", &[record]).await.unwrap();
    done(change).await;
    store.put_summary("o", "s", 3, "{}").await.unwrap();
}

async fn dump(store: &Store) -> (Vec<u8>, Manifest) {
    let mut bytes = Vec::new();
    let manifest = store.dump(&mut bytes, "0.1.0", AT).await.unwrap();
    (bytes, manifest)
}

async fn load(place: &Place, bytes: &[u8]) -> Result<Manifest, BackupError> {
    Store::load(&place.url, Cursor::new(bytes)).await
}

/// The parts of a backup by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let mut parts = BTreeMap::new();
    for name in names {
        let mut part = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut part).unwrap();
        parts.insert(name, part);
    }
    parts
}

fn pack(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A backup with the manifest made to fit its parts, as somebody would who wants to be believed.
fn fitted(mut parts: BTreeMap<String, Vec<u8>>, form: i64, tables: &[&str]) -> Vec<u8> {
    let lines = tables.iter().map(|table| {
        let part = &parts[&format!("tables/{table}.jsonl")];
        let rows = part.iter().filter(|byte| **byte == b'\n').count();
        json!({ "name": table, "rows": rows, "digest": Digest::of(part).to_string() })
    });
    let manifest = json!({ "form": form, "program": "0.1.0", "at": AT, "tables": lines.collect::<Vec<_>>() });
    parts.insert("manifest.json".into(), manifest.to_string().into_bytes());
    pack(&parts)
}

/// Empty places on each engine there is.
async fn places() -> Vec<Place> {
    let mut places = vec![Place::sqlite()];
    if let Ok(server) = env::var("SHIRUBE_TEST_POSTGRES") {
        places.push(Place::postgres(&server).await);
    }
    places
}

/// SELF-003: what was written from one engine comes back on the other, and is written again the same.
#[test]
fn a_backup_of_one_engine_comes_back_on_the_other() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let (bytes, manifest) = dump(&store).await;
        assert_eq!(dump(&store).await.0, bytes, "the same content gives the same bytes");
        let rows: BTreeMap<&str, u64> = manifest.tables.iter().map(|line| (line.name.as_str(), line.rows)).collect();
        assert!(rows.values().all(|rows| *rows > 0), "every table has something: {rows:?}");
        assert!(!rows.contains_key("session") && !rows.contains_key("summary") && !rows.contains_key("job"));

        for empty in places().await {
            assert_eq!(load(&empty, &bytes).await.unwrap(), manifest);
            let copy = empty.open().await;
            assert_eq!(dump(&copy).await.0, bytes);
            for organisation in store.organisations().await.unwrap() {
                let head = store.head(&organisation).await.unwrap();
                assert!(copy.verify_trail(&organisation, &[head]).await.unwrap().holds());
                assert_eq!(
                    copy.entries(&organisation, &Default::default()).await,
                    store.entries(&organisation, &Default::default()).await
                );
            }
            assert_eq!(copy.files("o", "s", 3).await.unwrap(), store.files("o", "s", 1).await.unwrap());
            assert_eq!(copy.attachment("o", "s", "a-new").await, store.attachment("o", "s", "a-new").await);
            assert_eq!(copy.credentials("p-o").await, store.credentials("p-o").await);
            assert_eq!(copy.session("d-1").await, Ok(None), "nobody is signed in after a restore");
            let records = copy.institution_records("o", "é").await;
            assert_eq!(records, store.institution_records("o", "é").await);
            assert_eq!(records.unwrap().len(), 2);
            let issued = copy.issued_to("o", "é").await;
            assert_eq!(issued, store.issued_to("o", "é").await);
            assert_eq!(issued.unwrap()[0].institution, Some(ForInstitution { id: "é".into(), terms: 2 }));
            let people = copy.people_of_institution("o", "é").await.unwrap();
            assert_eq!((people.len(), people[0].person.id.as_str()), (1, "p-here"));
            assert_eq!(copy.report_code("rc").await, store.report_code("rc").await);
            let report = copy.last_report("o", "s", "é-1").await;
            assert_eq!(report, store.last_report("o", "s", "é-1").await);
            assert_eq!(report.unwrap().unwrap().sender, "回線株式会社");
            let wanted = || WantedItems { words: &[("place", "棚é")], limit: 9, ..WantedItems::default() };
            let page = copy.register_page("o", "s", "media", &wanted()).await;
            assert_eq!(page, store.register_page("o", "s", "media", &wanted()).await);
            assert_eq!(page.unwrap().items.len(), 1);
            assert_eq!(copy.due_until("o", None, LATER, 9).await, store.due_until("o", None, LATER, 9).await);
            assert_eq!(copy.due_until("o", None, "9999", 9).await.unwrap().len(), 1);
            // What was restored goes on where it was, and is guarded as before.
            revise(&copy, "o", "s", Some(3), &one("d")).await.unwrap();
            for table in ["trail", "institution", "institution_record", "report_delivery", "register_record"] {
                assert!(empty.past(&format!("DELETE FROM {table}")).await.is_err(), "{table}");
            }
            copy.close().await;
            empty.leave().await;
        }
        store.close().await;
    });
}

/// A backup is what there was at one moment, whoever writes meanwhile.
#[test]
fn a_backup_taken_while_others_write_is_of_one_moment() {
    on_each_engine(async |place| {
        let store = place.open().await;
        full(&store).await;
        let writing = tokio::spawn({
            let store = store.clone();
            async move {
                for number in 3..60 {
                    revise(&store, "o", "s", Some(number), &one(&number.to_string())).await.unwrap();
                }
            }
        });
        let mut backups = Vec::new();
        while !writing.is_finished() {
            backups.push(dump(&store).await.0);
        }
        writing.await.unwrap();
        let empty = Place::sqlite();
        load(&empty, backups.last().unwrap()).await.unwrap();
        let copy = empty.open().await;
        let verification = copy.verify_trail("o", &[]).await.unwrap();
        assert!(verification.holds(), "{verification:?}");
        copy.close().await;
        store.close().await;
    });
}

/// What was done to a backup, and whether the refusal is the right one.
type Damaged = (&'static str, Vec<u8>, fn(&BackupError) -> bool);

fn damages(bytes: &[u8]) -> Vec<Damaged> {
    let whole = parts(bytes);
    let changed = |name: &str, from: &str, to: &str| {
        let mut parts = whole.clone();
        let text = String::from_utf8(parts[name].clone()).unwrap();
        assert!(text.contains(from), "{name} has {from}");
        parts.insert(name.into(), text.replacen(from, to, 1).into_bytes());
        pack(&parts)
    };
    let form = |number: i64| format!("\"form\": {number}");
    let manifest: serde_json::Value = serde_json::from_slice(&whole["manifest.json"]).unwrap();
    let now = manifest["form"].as_i64().unwrap();
    let without = |name: &str| {
        let mut parts = whole.clone();
        parts.remove(name).unwrap();
        pack(&parts)
    };
    let mut more = whole.clone();
    more.insert("tables/session.jsonl".into(), Vec::new());
    let mut flipped = bytes.to_vec();
    // Among the rows of the first table: after its name and before its length.
    flipped[120] ^= 1;
    let is_part = |error: &BackupError| matches!(error, BackupError::Parts(_));
    let is_damaged = |error: &BackupError| matches!(error, BackupError::Damaged(_));
    vec![
        ("nothing", Vec::new(), |error| matches!(error, BackupError::Unreadable { .. })),
        ("cut off", bytes[..bytes.len() / 2].to_vec(), |error| matches!(error, BackupError::Unreadable { .. })),
        ("one bit", flipped, is_damaged),
        ("a text", changed("tables/content.jsonl", "\"b\"", "\"x\""), is_damaged),
        ("a role", changed("tables/membership.jsonl", "editor", "admin1"), is_damaged),
        ("a line more", changed("tables/person.jsonl", "\n", "\n\n"), is_damaged),
        ("a count", changed("manifest.json", "\"rows\": 4", "\"rows\": 5"), is_damaged),
        ("a table gone", without("tables/person.jsonl"), is_part),
        ("no manifest", without("manifest.json"), is_part),
        ("a table more", pack(&more), is_part),
        ("no json", changed("manifest.json", "{", "["), is_damaged),
        (
            "a newer form",
            changed("manifest.json", &form(now), &form(now + 1)),
            |error| matches!(error, BackupError::Newer { found, known } if *found == *known + 1),
        ),
        ("a form before the first", changed("manifest.json", &form(now), &form(0)), is_part),
    ]
}

/// SELF-003, EVID-003: a damaged backup is refused in words, and nothing of it is kept.
#[test]
fn a_damaged_backup_leaves_nothing() {
    on_each_engine(async |place| {
        let source = Place::sqlite();
        let store = source.open().await;
        full(&store).await;
        let (bytes, manifest) = dump(&store).await;
        store.close().await;
        for (what, damaged, fits) in damages(&bytes) {
            let refused = load(place, &damaged).await.expect_err(what);
            assert!(fits(&refused), "{what}: {refused:?}");
            assert!(refused.to_string().ends_with('。'), "{what}: {refused}");
        }
        // Digests that fit are not enough: rows that are none, and rows that refer to nothing, break off the whole.
        let tables: Vec<&str> = manifest.tables.iter().map(|line| line.name.as_str()).collect();
        for (table, row) in [
            ("api_token", "{\"id\":1}\n"),
            ("api_token", "x\n"),
            ("recovery_code", "{\"person\":\"p-none\",\"digest\":\"d\",\"used_at\":null}\n"),
            ("recovery_code", "{\"person\":7,\"digest\":\"d\",\"used_at\":null}\n"),
            ("blob", "{\"organisation\":\"o\",\"digest\":\"d\",\"body\":\"no base 64\"}\n"),
            ("institution", "{\"organisation\":\"o-none\",\"id\":\"i\"}\n"),
            ("institution", "{\"organisation\":\"o\",\"id\":7}\n"),
            ("institution_record", "{\"organisation\":\"o\",\"institution\":\"é\"}\n"),
        ] {
            let mut parts = parts(&bytes);
            parts.insert(format!("tables/{table}.jsonl"), row.into());
            let refused = load(place, &fitted(parts, manifest.form, &tables)).await.unwrap_err();
            let fits = matches!(refused, BackupError::Row { .. } | BackupError::Store(StoreError::Unavailable { .. }));
            assert!(fits, "{row}: {refused:?}");
        }
        let empty = place.open().await;
        assert_eq!(empty.counts().await.unwrap(), Default::default());
        empty.close().await;
        // And the whole one goes in where the damaged ones did not.
        load(place, &bytes).await.unwrap();
        assert_eq!(load(place, &bytes).await, Err(BackupError::NotEmpty));
    });
}

/// A backup of the first form is brought forward as a database of that form is.
#[test]
fn a_backup_of_an_older_form_is_brought_forward() {
    on_each_engine(async |place| {
        let opened = shirube_trail::Entry {
            number: 0,
            at: AT.into(),
            actor: "p-1".into(),
            origin: Origin::Console,
            action: "organisation.opened".into(),
            object: "organisation/o".into(),
            before: None,
            after: None,
            note: "改\u{0}行\n".into(),
        };
        let sealed = Sealed::after(Head::EMPTY, opened.clone());
        let row = |value: Value| format!("{value}\n").into_bytes();
        let tables = ["organisation", "trail", "service", "content", "revision", "revision_file"];
        let mut parts: BTreeMap<String, Vec<u8>> =
            tables.iter().map(|table| (format!("tables/{table}.jsonl"), Vec::new())).collect();
        parts.insert("tables/organisation.jsonl".into(), row(json!({ "id": "o", "name": "見本" })));
        let entry = json!({
            "organisation": "o", "number": 1, "entry": sealed.entry, "digest": sealed.digest.to_string(),
        });
        parts.insert("tables/trail.jsonl".into(), row(entry));
        parts.insert("tables/service.jsonl".into(), row(json!({ "organisation": "o", "id": "s", "name": "予約" })));
        let bytes = fitted(parts, 1, &tables);

        load(place, &bytes).await.unwrap();
        let store = place.open().await;
        assert_eq!(store.organisation("o").await.unwrap().kind, "provider");
        assert_eq!(store.services("o").await.unwrap()[0].state, "active");
        let filter = shirube_store::Filter { actor: "p-1", ..Default::default() };
        let entries = store.entries("o", &filter).await.unwrap();
        assert_eq!((entries.len(), entries[0].note.as_str()), (1, opened.note.as_str()));
        assert!(store.verify_trail("o", &[sealed.head(1)]).await.unwrap().holds());
        store.close().await;
    });
}

/// What was written before there were institutions is for everybody, and stays so.
#[test]
fn a_backup_from_before_there_were_institutions_is_brought_forward() {
    on_each_engine(async |place| {
        let source = Place::sqlite();
        let store = source.open().await;
        found(&store, "o", "s").await;
        person(&store, "o", "p").await;
        revise(&store, "o", "s", None, &one("a")).await.unwrap();
        let mut change = store.begin("o").await.unwrap();
        let document =
            Document { name: "flows".into(), format: "pdf".into(), title: "情報流".into(), bytes: vec![1] };
        change.issue("s", 1, &[document]).await.unwrap();
        let head = done(change).await;
        let (bytes, manifest) = dump(&store).await;

        let mut parts = parts(&bytes);
        let newer = ["institution", "institution_record", "report_code", "report_delivery"];
        for table in newer.into_iter().chain(["register_record", "register_item", "register_word", "register_due"]) {
            assert_eq!(parts.remove(&format!("tables/{table}.jsonl")), Some(Vec::new()));
        }
        for (table, columns) in [("issued", &["institution", "terms"][..]), ("membership", &["institution"][..])] {
            let name = format!("tables/{table}.jsonl");
            let mut rows = String::new();
            for line in std::str::from_utf8(&parts[&name]).unwrap().lines() {
                let mut row: Value = serde_json::from_str(line).unwrap();
                for column in columns {
                    assert_eq!(row.as_object_mut().unwrap().remove(*column), Some(Value::Null), "{table} {column}");
                }
                rows.push_str(&format!("{row}\n"));
            }
            assert!(!rows.is_empty(), "{table}");
            parts.insert(name, rows.into_bytes());
        }
        let is_newer = |table: &&str| ["institution", "report_", "register_"].iter().any(|new| table.starts_with(new));
        let tables = manifest.tables.iter().map(|line| line.name.as_str());
        let tables: Vec<&str> = tables.filter(|table| !is_newer(table)).collect();
        load(place, &fitted(parts, 7, &tables)).await.unwrap();

        let copy = place.open().await;
        assert!(copy.verify_trail("o", &[head]).await.unwrap().holds());
        assert_eq!(copy.issued("o", "s", None).await, store.issued("o", "s", None).await);
        assert_eq!(copy.last_issued("o").await, Ok(BTreeMap::from([("s".to_owned(), 1)])));
        assert_eq!(copy.memberships("p").await.unwrap()[0].institution, None);
        // Institutions begin where the backup ended, and are guarded like everything else.
        let mut change = copy.begin("o").await.unwrap();
        change.open_institution("i").await.unwrap();
        let record = NewRecord { institution: "i", service: None, kind: "about", body: "診療所" };
        change.write_institutions(&[record]).await.unwrap();
        assert_eq!(done(change).await.number, head.number + 1);
        assert_eq!(copy.institutions("o", "about").await.unwrap().len(), 1);
        assert!(place.past("DELETE FROM institution_record").await.is_err());
        copy.close().await;
        store.close().await;
    });
}

#[test]
fn a_full_disk_is_told_and_not_taken_for_a_backup() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    runtime().block_on(async {
        let place = Place::sqlite();
        let store = place.open().await;
        full(&store).await;
        let (bytes, _) = dump(&store).await;
        for room in [0, bytes.len() / 2, bytes.len() - 1] {
            let told = store.dump(Full(room), "0.1.0", AT).await;
            assert!(matches!(told, Err(BackupError::Write { .. })), "{room}: {told:?}");
        }
        store.dump(Full(bytes.len()), "0.1.0", AT).await.unwrap();
        let told = store.dump(Vec::new(), "0.1.0", "today").await;
        assert_eq!(told, Err(BackupError::Store(StoreError::Time("today".into()))));
        store.close().await;
    });
}

/// Both can be handed to a task of their own.
#[test]
fn futures_of_backups_can_be_sent() {
    fn sent(_: impl Send) {}
    fn check(store: &Store) {
        sent(store.dump(Vec::new(), "", AT));
        sent(Store::load("", Cursor::new(Vec::new())));
    }
    let _ = check;
}
