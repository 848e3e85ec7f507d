//! The server with a thousand institutions that use five services each: how long the overview of one service takes, and
//! what a change re-opens for all of them.
//!
//! `cargo bench -p shirube-cli --bench institutions`. Limits and figures: `docs/performance.md`. Everything goes through
//! the real program and a loopback connection; only the stock is laid into the database directly.

mod rig;

use std::time::{Duration, Instant};

use serde_json::json;
use shirube_folder::read;
use shirube_identity::role::Role;
use shirube_safety::agreement::items;
use shirube_safety::{File, Service};
use shirube_store::{Files, NewRecord, Store};

use crate::rig::{ORGANISATION, Server, commit, signed_in};

const INSTITUTIONS: usize = 1000;
const SERVICES: usize = 5;
/// One in so many differs from the baseline in the same way as another.
const DIFFERENCES: usize = 101;
/// The limits of the issue.
const LIMIT_OVERVIEW: Duration = Duration::from_millis(50);
const LIMIT_AGAIN: Duration = Duration::from_secs(1);

const FILES: [(File, &str); 4] = [
    (File::Service, include_str!("../../../samples/clinic-ehr/shirube.yaml")),
    (File::System, include_str!("../../../samples/clinic-ehr/system.yaml")),
    (File::Assessment, include_str!("../../../samples/clinic-ehr/assessment.yaml")),
    (File::Conformity, include_str!("../../../samples/clinic-ehr/conformity.yaml")),
];

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("shirube-data");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::write(data.join("shirube.key"), format!("{}\n", "07".repeat(32))).expect("a key");
    let url = format!("sqlite:{}", data.join("shirube.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let laid = Instant::now();
    let (store, cookie, keys) = runtime.block_on(lay(&url));
    println!(
        "{INSTITUTIONS} institutions, {SERVICES} services, {} items each, laid in {:.1?}",
        keys.len(),
        laid.elapsed()
    );

    let server = Server::start(folder.path());
    let overview = format!("/o/{ORGANISATION}/s/s0/institutions");
    println!("first overview of a service: {:.0?}", server.get(&cookie, &overview));
    for service in 1..SERVICES {
        server.get(&cookie, &format!("/o/{ORGANISATION}/s/s{service}/institutions"));
    }
    measure(&server, &cookie, "overview", Some(LIMIT_OVERVIEW), |_| overview.clone());
    measure(&server, &cookie, "narrowed to 不合意", Some(LIMIT_OVERVIEW), |_| format!("{overview}?show=disagreed"));
    measure(&server, &cookie, "list of institutions", Some(LIMIT_OVERVIEW), |_| {
        format!("/o/{ORGANISATION}/institutions")
    });
    measure(&server, &cookie, "one institution", None, |round| format!("{overview}/i{round:04}"));
    runtime.block_on(step(&store, 7, "s0", "explained", &keys[..20]));
    println!("overview after one record: {:.1?}", server.get(&cookie, &overview));
    runtime.block_on(revise(&store));
    let again = server.get(&cookie, &format!("{overview}?show=again"));
    let held = if again <= LIMIT_AGAIN { "held" } else { "OVER" };
    println!("what a change re-opens, for all: {again:.0?} (limit {LIMIT_AGAIN:.0?}) {held}");
    println!("memory: {} MB", server.memory_kib() / 1024);
    runtime.block_on(store.close());
}

async fn lay(url: &str) -> (Store, String, Vec<String>) {
    let store = Store::open(url).await.expect("a database");
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_organisation("計測株式会社", "provider").await.expect("new");
    commit(change, "organisation.created").await;
    let cookie = signed_in(&store, Role::Editor).await;
    for service in 0..SERVICES {
        let (id, mut change) = (format!("s{service}"), store.begin(ORGANISATION).await.expect("begun"));
        change.open_service(&id, &format!("計測のサービス{service}")).await.expect("new");
        let files = FILES.map(|(file, text)| (file.name().to_owned(), format!("{text}\n# {service}\n")));
        change.add_revision(&id, None, &Files::new(files).expect("four files")).await.expect("added");
        commit(change, "service.created").await;
    }
    let texts = FILES.map(|(file, text)| (file, text.as_bytes().to_vec())).into_iter().collect();
    let files = read(&texts).expect("the sample reads").files;
    let keys: Vec<String> = items(&Service::new(&files)).into_iter().map(|item| item.key).collect();
    let text =
        files.assessment.treatments.iter().find(|one| one.id == "T-A3").expect("it is there").requests[1].text.clone();
    for number in 0..INSTITUTIONS {
        institution(&store, number, &text, &keys).await;
    }
    (store, cookie, keys)
}

/// One that was told everything of every service and agreed to it, with a difference for most.
async fn institution(store: &Store, number: usize, request: &str, keys: &[String]) {
    let id = format!("i{number:04}");
    let facts = json!({ "name": format!("計測第{number}医院"), "kind": "clinic" }).to_string();
    let kind = number % DIFFERENCES;
    let reply = json!({
        "request": "T-A3-2", "text": request, "reply": if kind % 3 == 1 { "refused" } else { "accepted" },
        "decided": { "by": "院長", "on": "2026-04-01", "reason": format!("事情{kind}") },
    });
    let terms = match kind {
        0 => json!({}),
        _ => json!({ "contract": { "renews_on": "2027-04-01" }, "overlay": { "requests": [reply] } }),
    };
    let terms = terms.to_string();
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_institution(&id).await.expect("new");
    let mut written = vec![("facts", None, facts)];
    for service in 0..SERVICES {
        let service = format!("s{service}");
        let pin = json!({ "revision": 1, "terms": written.len() + 1 });
        written.push(("terms", Some(service.clone()), terms.clone()));
        for step in ["explained", "agreed"] {
            written.push(("step", Some(service.clone()), body(step, keys, &format!("院長{number}"), &pin)));
        }
    }
    let records: Vec<NewRecord> = written
        .iter()
        .map(|(kind, service, body)| NewRecord { institution: &id, service: service.as_deref(), kind, body })
        .collect();
    change.write_institutions(&records).await.expect("written");
    commit(change, "institution.imported").await;
}

fn body(step: &str, keys: &[String], with: &str, pin: &serde_json::Value) -> String {
    let record = json!({
        "step": step, "items": keys, "on": "2026-04-01", "by": "港 四郎", "with": with, "means": "contract",
        "evidence": ["覚書"],
    });
    json!({ "record": record, "pin": pin }).to_string()
}

async fn step(store: &Store, number: usize, service: &str, step: &str, keys: &[String]) {
    let id = format!("i{number:04}");
    let text = body(step, keys, "院長", &json!({ "revision": 1, "terms": 2 }));
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    let record = NewRecord { institution: &id, service: Some(service), kind: "step", body: &text };
    change.write_institutions(&[record]).await.expect("written");
    commit(change, "agreement.step").await;
}

/// A residual risk rises.
async fn revise(store: &Store) {
    let (from, to) = ("見られない。, impact: 5, likelihood: 1,", "見られない。, impact: 5, likelihood: 3,");
    let files = FILES.map(|(file, text)| (file.name().to_owned(), text.replace(from, to)));
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.add_revision("s0", Some(1), &Files::new(files).expect("four files")).await.expect("added");
    commit(change, "revision.created").await;
}

fn measure(server: &Server, cookie: &str, name: &str, limit: Option<Duration>, path: impl Fn(usize) -> String) {
    server.get(cookie, &path(0));
    let mut times: Vec<Duration> = (0..200).map(|round| server.get(cookie, &path(round))).collect();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let held = limit.map_or(String::new(), |limit| {
        format!("(limit {limit:.0?}) {}", if at(99) <= limit { "held" } else { "OVER" })
    });
    println!("  {name:<24} median {:>7.1?}  99 % {:>7.1?}  {held}", at(50), at(99));
}
