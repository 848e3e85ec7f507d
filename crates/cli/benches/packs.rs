//! The packs of 45 institutions on the server: how long all of them take, and whether work that was cut off by `kill -9`
//! goes on where it ended.
//!
//! `cargo bench -p shirube-cli --bench packs`. Limit and figures: `docs/performance.md`. Everything goes through the real
//! program and a loopback connection; only the stock is laid into the database directly.

#[path = "../tests/support/decided.rs"]
mod decided;
mod rig;

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use shirube_identity::role::Role;
use shirube_store::{Files, NewRecord, Store};
use tokio::runtime::Runtime;

use crate::decided::decided;
use crate::rig::{ORGANISATION, Server, commit, signed_in};

const INSTITUTIONS: usize = 45;
/// After so many packs the power is cut.
const CUT_AFTER: usize = 15;
/// The limit of the issue.
const LIMIT: Duration = Duration::from_secs(60);
/// Whoever waits longer waits for work that was given up.
const PATIENCE: Duration = Duration::from_secs(600);

const SERVICES: [&str; 2] = ["whole", "cut"];

/// What the worked example states for the documents of a pack; the rest is a service in which everything is decided, since
/// nothing is issued while something is open. Sheets of checks are left out for the same reason.
const STATED: [(&str, &str); 3] = [
    ("sla.yaml", include_str!("../../../samples/clinic-ehr/sla.yaml")),
    ("disclosure.yaml", include_str!("../../../samples/clinic-ehr/disclosure.yaml")),
    ("rules.yaml", include_str!("../../../samples/clinic-ehr/rules.yaml")),
];

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("shirube-data");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::write(data.join("shirube.key"), format!("{}\n", "07".repeat(32))).expect("a key");
    let url = format!("sqlite:{}", data.join("shirube.db").display());
    let runtime = Runtime::new().expect("a runtime");
    let (store, cookie) = runtime.block_on(lay(&url));

    let server = Server::start(folder.path());
    let began = Instant::now();
    issue(&server, &cookie, SERVICES[0]);
    let documents = wait(&runtime, &store, SERVICES[0], INSTITUTIONS);
    let took = began.elapsed();
    let held = if took <= LIMIT { "held" } else { "OVER" };
    println!("{INSTITUTIONS} packs, {documents} documents: {took:.1?} (limit {LIMIT:.0?}) {held}");
    println!("memory: {} MB", server.memory_kib() / 1024);

    issue(&server, &cookie, SERVICES[1]);
    wait(&runtime, &store, SERVICES[1], CUT_AFTER);
    server.kill();
    let done = runtime.block_on(packs(&store, SERVICES[1])).0;
    let server = Server::start(folder.path());
    let began = Instant::now();
    // A job whose program is gone counts as running until its last word is old.
    let mut tries = 0;
    while !server.try_post(&cookie, &address(SERVICES[1]), &FORM) {
        tries += 1;
        assert!(tries < 600, "the work cannot be taken up again");
        sleep(Duration::from_millis(500));
    }
    let waited = began.elapsed();
    wait(&runtime, &store, SERVICES[1], INSTITUTIONS);
    let took = began.elapsed();
    println!("cut off after {done} packs; taken up again after {waited:.1?}, the rest in {:.1?}", took - waited);
    let (packs, documents) = runtime.block_on(packs(&store, SERVICES[1]));
    println!("{packs} institutions have {documents} documents, none twice");
    runtime.block_on(store.close());
}

const FORM: [(&str, &str); 3] = [("all", "1"), ("edition", "第1.0版"), ("reason", "初めて渡す。")];

fn address(service: &str) -> String {
    format!("/o/{ORGANISATION}/s/{service}/institutions/issue")
}

fn issue(server: &Server, cookie: &str, service: &str) {
    server.post(cookie, &address(service), &FORM);
}

/// Waits until so many institutions have their documents; gives the number of documents.
fn wait(runtime: &Runtime, store: &Store, service: &str, wanted: usize) -> usize {
    let began = Instant::now();
    loop {
        let (packs, documents) = runtime.block_on(packs(store, service));
        if packs >= wanted {
            return documents;
        }
        assert!(began.elapsed() < PATIENCE, "{packs} of {wanted} institutions have documents of {service}");
        sleep(Duration::from_millis(50));
    }
}

/// How many institutions have documents of a service, and how many documents; none may have one twice.
async fn packs(store: &Store, service: &str) -> (usize, usize) {
    let (mut packs, mut documents) = (0, 0);
    for number in 0..INSTITUTIONS {
        let issued = store.issued_to(ORGANISATION, &format!("i{number:02}")).await.expect("read");
        let mut names: Vec<(&str, &str)> = issued
            .iter()
            .filter(|one| one.service == service)
            .map(|one| (one.name.as_str(), one.format.as_str()))
            .collect();
        packs += usize::from(!names.is_empty());
        documents += names.len();
        names.sort_unstable();
        assert!(names.windows(2).all(|two| two[0] != two[1]), "i{number:02} has a document twice");
    }
    (packs, documents)
}

async fn lay(url: &str) -> (Store, String) {
    let store = Store::open(url).await.expect("a database");
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_organisation("計測株式会社", "provider").await.expect("new");
    commit(change, "organisation.created").await;
    let cookie = signed_in(&store, Role::Approver).await;
    for service in SERVICES {
        let mut change = store.begin(ORGANISATION).await.expect("begun");
        change.open_service(service, &format!("計測のサービス{service}")).await.expect("new");
        let stated = STATED.map(|(name, text)| (name.to_owned(), text.to_owned()));
        // Written before the day of the measurement: a history does not run backwards.
        let decided = decided().into_iter().map(|(name, text)| (name, text.replace("2026-12-01", "2026-11-16")));
        let files = decided.chain(stated).map(|(name, text)| (name, format!("{text}\n# {service}\n")));
        change.add_revision(service, None, &Files::new(files).expect("files")).await.expect("added");
        commit(change, "service.created").await;
        for (from, to) in [("draft", "checked"), ("checked", "approved")] {
            let mut change = store.begin(ORGANISATION).await.expect("begun");
            change.set_revision_state(service, 1, from, to).await.expect("moved");
            commit(change, "revision.approved").await;
        }
    }
    for number in 0..INSTITUTIONS {
        let id = format!("i{number:02}");
        let facts = json!({ "name": format!("計測第{number}医院"), "kind": "clinic" }).to_string();
        let mut change = store.begin(ORGANISATION).await.expect("begun");
        change.open_institution(&id).await.expect("new");
        let mut records = vec![NewRecord { institution: &id, service: None, kind: "facts", body: &facts }];
        let terms = |service| NewRecord { institution: &id, service: Some(service), kind: "terms", body: "{}" };
        records.extend(SERVICES.map(terms));
        change.write_institutions(&records).await.expect("written");
        commit(change, "institution.created").await;
    }
    (store, cookie)
}
