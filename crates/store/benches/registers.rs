//! A register of a million entries in SQLite: how long its first pages take, by what they are filtered with, and what
//! else pages ask of it.
//!
//! `cargo bench -p shirube-store --bench registers`; `SHIRUBE_BENCH_ENTRIES` makes the register smaller. Limits and
//! figures: `docs/performance.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use shirube_store::{Change, Event, NewRegisterRecord, RegisterPage, Store, StoreError, WantedItems};
use shirube_trail::Origin;

const ORGANISATION: &str = "big";
const SERVICE: &str = "s";
const REGISTER: &str = "media";
const AT: &str = "2026-11-22T01:02:03.004Z";

const ENTRIES: usize = 1_000_000;
/// Entries that are written at once.
const CHANGE: usize = 5_000;
const CHOICES: usize = 7;
const SITES: usize = 20;
const PERSONS: usize = 500;
/// One in so many entries is closed, and one in so many has a duty.
const CLOSED: usize = 4;
const DUE: usize = 10;

const PAGE: usize = 100;
const ROUNDS: usize = 1_000;
/// The limit of the issue, for the 99th percentile of first pages.
const LIMIT: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    let entries = match std::env::var("SHIRUBE_BENCH_ENTRIES") {
        Ok(text) => text.parse().expect("SHIRUBE_BENCH_ENTRIES is a number"),
        Err(_) => ENTRIES,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shirube.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let is_held = runtime.block_on(async {
        lay(&file, entries).await;
        measure(&file, entries).await
    });
    if is_held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn open(file: &Path) -> Store {
    Store::open(&format!("sqlite:{}", file.display())).await.expect("a database")
}

async fn lay(file: &Path, entries: usize) {
    let began = Instant::now();
    let store = open(file).await;
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_organisation("計測株式会社", "provider").await.expect("new");
    commit(change, "organisation.created").await;
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_service(SERVICE, "計測のサービス").await.expect("new");
    commit(change, "service.created").await;
    for first in (0..entries).step_by(CHANGE) {
        let records: Vec<NewRegisterRecord> = (first..entries.min(first + CHANGE)).map(record).collect();
        let mut change = store.begin(ORGANISATION).await.expect("begun");
        change.write_registers(SERVICE, &records).await.expect("written");
        commit(change, "register.imported").await;
    }
    store.close().await;
    let bytes = std::fs::metadata(file).expect("a file").len();
    println!("{entries} entries, laid in {:.1?}, {} MB", began.elapsed(), bytes / 1_000_000);
}

async fn commit(change: Change, action: &str) {
    let event = Event { action: action.to_owned(), note: String::new() };
    change.commit("p0", Origin::Console, AT, event).await.expect("committed");
}

fn record(number: usize) -> NewRegisterRecord {
    let is_open = !number.is_multiple_of(CLOSED);
    let date = day(number);
    let (choice, site, person) = (choice(number % CHOICES), site(scattered(number, SITES)), person(number));
    let body = format!(
        r#"{{"values":{{"kind":"{choice}","place":"{site}","keeper":"{person}","date":"{date}","label":"{}"}}}}"#,
        label(number)
    );
    let mut words = BTreeSet::from([
        word(".state", if is_open { "in-use" } else { "disposed" }),
        word("kind", &choice),
        word("place", &site),
        word("keeper", &person),
        word("date", &date),
        word("label", &label(number)),
        word("encrypted", if is_open { "はい" } else { "いいえ" }),
    ]);
    if is_open {
        words.insert(word(".open", ""));
    }
    let due = (number.is_multiple_of(DUE)).then(|| ("condition".to_owned(), day(number / DUE)));
    NewRegisterRecord {
        register: REGISTER.to_owned(),
        item: item(number),
        state: if is_open { "in-use" } else { "disposed" }.to_owned(),
        day: date,
        body,
        words,
        due: due.into_iter().collect::<BTreeMap<_, _>>(),
        ..NewRegisterRecord::default()
    }
}

fn word(field: &str, word: &str) -> (String, String) {
    (field.to_owned(), word.to_owned())
}

fn item(number: usize) -> String {
    format!("M-{number:07}")
}

fn label(number: usize) -> String {
    format!("ラベル{:07}", scattered(number, 10_000_000))
}

fn choice(number: usize) -> String {
    format!("種類{number}")
}

fn site(number: usize) -> String {
    format!("第{number}保管庫")
}

fn person(number: usize) -> String {
    format!("担当者{}", scattered(number / CHOICES, PERSONS))
}

/// One of the days of ten years of 28 days a month.
fn day(number: usize) -> String {
    let day = scattered(number, 10 * 12 * 28);
    format!("{}-{:02}-{:02}", 2017 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
}

/// Always the same number below `below`, with no order among those of neighbours.
fn scattered(number: usize, below: usize) -> usize {
    let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    usize::try_from((mixed ^ (mixed >> 32)) % below as u64).expect("below a usize")
}

/// Prints all times and tells whether the limit is held.
async fn measure(file: &Path, entries: usize) -> bool {
    let began = Instant::now();
    let store = open(file).await;
    println!("opened in {:.1?}; {ROUNDS} rounds of each:", began.elapsed());
    let is_held = pages(&store).await;
    others(&store, entries).await;
    store.close().await;
    is_held
}

/// Words with their fields, as one round wants them.
type Words = fn(usize) -> Vec<(&'static str, String)>;

async fn pages(store: &Store) -> bool {
    let filters: [(&str, Words); 6] = [
        ("no filter", |_| vec![]),
        ("open", |_| vec![(".open", String::new())]),
        ("choice", |round| vec![("kind", choice(round % CHOICES))]),
        ("site and choice", |round| vec![("place", site(scattered(round, SITES))), ("kind", choice(round % CHOICES))]),
        ("person and site", |round| {
            vec![("keeper", person(round * CHOICES)), ("place", site(scattered(round, SITES)))]
        }),
        // What is open is encrypted, so a page looks through as much as it may and finds nothing.
        ("words that never meet", |_| vec![(".open", String::new()), ("encrypted", "いいえ".to_owned())]),
    ];
    let mut is_held = true;
    for (name, words) in filters {
        is_held &= page(store, name, words, None).await;
    }
    // Only the oldest entry has it, so a page reads as many texts as it may.
    let oldest = label(0);
    is_held & page(store, "rare text", |_| vec![], Some(&|body| body.contains(&oldest))).await
}

async fn page(store: &Store, name: &str, words: Words, text: Option<&(dyn Fn(&str) -> bool + Sync)>) -> bool {
    let mut last = RegisterPage::default();
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let words = words(round);
        let words: Vec<(&str, &str)> = words.iter().map(|(field, word)| (*field, word.as_str())).collect();
        let wanted = WantedItems { words: &words, text, before: None, limit: PAGE };
        let began = Instant::now();
        last = store.register_page(ORGANISATION, SERVICE, REGISTER, &wanted).await.expect("a page");
        times.push(began.elapsed());
    }
    let partial = if last.is_partial { format!(" of {}", last.looked_through) } else { String::new() };
    tell(name, times, Some(LIMIT), &format!("{} entries{partial}", last.items.len()))
}

/// What pages of registers ask beside. The issue sets no limit for it.
async fn others(store: &Store, entries: usize) {
    let mut times = Times::default();
    for round in 0..ROUNDS {
        let item = item(scattered(round, entries));
        times.of("one entry", store.register_item(ORGANISATION, SERVICE, REGISTER, &item)).await;
        times.of("500 next duties", store.due_until(ORGANISATION, None, "9999", 500)).await;
        times.of("sizes", store.register_sizes(ORGANISATION, SERVICE, &[REGISTER, "disposal"])).await;
        times.of("newest days", store.newest_days(ORGANISATION, SERVICE)).await;
    }
    for (name, times) in times.0 {
        tell(name, times, None, "");
    }
}

/// Times by what took them.
#[derive(Default)]
struct Times(BTreeMap<&'static str, Vec<Duration>>);

impl Times {
    async fn of<T>(&mut self, name: &'static str, asked: impl Future<Output = Result<T, StoreError>>) {
        let began = Instant::now();
        asked.await.expect(name);
        self.0.entry(name).or_default().push(began.elapsed());
    }
}

/// Prints the middle and the 99th percentile, and tells whether the latter is within the limit.
fn tell(name: &str, mut times: Vec<Duration>, limit: Option<Duration>, found: &str) -> bool {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let is_held = limit.is_none_or(|limit| at(99) <= limit);
    let held = if is_held { "held" } else { "OVER" };
    let held = limit.map_or(String::new(), |limit| format!("(limit {limit:.0?}) {held}"));
    println!("  {name:<22} median {:>7.1?}  99 % {:>7.1?}  {held}  {found}", at(50), at(99));
    is_held
}
