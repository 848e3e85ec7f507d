//! The server on a large stock of services: cold start, memory, and how long pages take while 50 people read.
//!
//! `cargo bench -p shirube-cli --bench server`. Limits and figures: `docs/performance.md`. Everything goes through the
//! real program and a loopback connection; only the stock is laid into the database directly.

#[path = "server/stock.rs"]
mod stock;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ureq::Agent;

use stock::{ORGANISATION, SERVICES, Stock};

const READERS: usize = 50;
/// A person who reads needs longer; this is what makes 50 readers harder than 50 people.
const PAUSE: Duration = Duration::from_millis(500);
const ROUNDS: usize = 40;
/// Nobody opens another service twice a second; few of these are kept worked out.
const STRAYING: Duration = Duration::from_millis(2500);
/// The limits of the issue: 99th percentile, memory, start.
const LIMIT: Duration = Duration::from_millis(20);
const LIMIT_KIB: u64 = 200 * 1024;
const LIMIT_START: Duration = Duration::from_millis(300);

/// Pages that people look lists up on, below the address of a service.
const LISTS: [&str; 6] = ["risks", "flows", "controls", "treatments", "documents", "revisions"];

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let laid = Instant::now();
    let stock = Stock::lay(folder.path());
    println!(
        "{SERVICES} services, {} risks, {} answers to controls, laid in {:.1?}",
        stock.risks,
        stock.controls,
        laid.elapsed()
    );

    let starts: Vec<Duration> = (0..5).map(|_| Server::start(folder.path()).ready).collect();
    let start = *starts.iter().min().expect("five");
    println!("cold start, best of 5: {start:.0?} (limit {LIMIT_START:.0?}) {}", verdict(start <= LIMIT_START));

    let server = Server::start(folder.path());
    println!("memory after the start: {} MB", server.memory_kib() / 1024);
    let home = format!("/o/{ORGANISATION}/");
    let first = Instant::now();
    server.get(&stock.cookies[0], &home);
    println!(
        "first home page, on which nothing was ever worked out: {:.1?}, memory then: {} MB",
        first.elapsed(),
        server.memory_kib() / 1024
    );

    let address = |service: usize, page: &str| format!("{home}s/{}/{page}", Stock::service(service));
    println!("\n{READERS} readers, each in a service of their own, a page every {PAUSE:?}:");
    measure(&server, &stock, "home", PAUSE, ROUNDS, |_, _| home.clone());
    for page in LISTS {
        measure(&server, &stock, page, PAUSE, ROUNDS, |reader, _| address(reader, page));
    }
    let read = server.memory_kib();
    println!("memory: {} MB (limit {} MB) {}", read / 1024, LIMIT_KIB / 1024, verdict(read <= LIMIT_KIB));
    println!("\n{READERS} readers who change the service with every page, a page every {STRAYING:?}:");
    for page in LISTS {
        measure(&server, &stock, page, STRAYING, 6, |reader, round| {
            address((reader * 97 + round * 31) % SERVICES, page)
        });
    }
    println!("\n{READERS} readers without any pause, each in a service of their own:");
    measure(&server, &stock, "home", Duration::ZERO, 10, |_, _| home.clone());
    for page in LISTS {
        measure(&server, &stock, page, Duration::ZERO, 10, |reader, _| address(reader, page));
    }
    let (now, peak) = (server.memory_kib(), server.peak_kib());
    println!(
        "memory: {} MB, at most {} MB (limit {} MB) {}",
        now / 1024,
        peak / 1024,
        LIMIT_KIB / 1024,
        verdict(peak <= LIMIT_KIB)
    );
}

fn verdict(held: bool) -> &'static str {
    if held { "held" } else { "OVER" }
}

/// Every reader asks for one page after the other; the first round is not counted, since connections are made in it.
fn measure(
    server: &Server,
    stock: &Stock,
    name: &str,
    pause: Duration,
    rounds: usize,
    address: impl Fn(usize, usize) -> String + Sync,
) {
    let times = Mutex::new(Vec::new());
    let bytes = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for reader in 0..READERS {
            let (times, bytes, address, cookie) = (&times, &bytes, &address, &stock.cookies[reader]);
            scope.spawn(move || {
                let agent = agent();
                // Readers do not press the key at the same moment.
                std::thread::sleep(pause * u32::try_from(reader).expect("few") / 50);
                let mut own = Vec::new();
                for round in 0..=rounds {
                    let began = Instant::now();
                    let length = get(&agent, server, cookie, &address(reader, round));
                    if round > 0 {
                        own.push(began.elapsed());
                    }
                    bytes.store(length, Ordering::Relaxed);
                    std::thread::sleep(pause.saturating_sub(began.elapsed()));
                }
                times.lock().expect("whole").append(&mut own);
            });
        }
    });
    let mut times = times.into_inner().expect("whole");
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "  {name:<12} {:>6} kB  median {:>7.2?}  95 % {:>7.2?}  99 % {:>7.2?}  (limit {LIMIT:.0?}) {}",
        bytes.into_inner() / 1000,
        at(50),
        at(95),
        at(99),
        verdict(at(99) <= LIMIT),
    );
}

fn agent() -> Agent {
    Agent::config_builder().max_redirects(0).build().into()
}

fn get(agent: &Agent, server: &Server, cookie: &str, path: &str) -> usize {
    let answer = agent.get(format!("http://{}{path}", server.address)).header("Cookie", cookie).call();
    let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(answer.status(), 200, "{path}");
    answer.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a page").len()
}

/// The real program, ended with the measurement.
struct Server {
    child: Child,
    address: String,
    /// From the start of the process until `/readyz` says so.
    ready: Duration,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_shirube"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let first = BufReader::new(child.stdout.take().expect("piped")).lines().next();
        let first = first.expect("an address").expect("text");
        let address = first.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        let mut server = Self { child, address: address.to_owned(), ready: Duration::ZERO };
        get(&agent(), &server, "", "/readyz");
        server.ready = began.elapsed();
        server
    }

    fn get(&self, cookie: &str, path: &str) -> usize {
        get(&agent(), self, cookie, path)
    }

    fn memory_kib(&self) -> u64 {
        self.status()["VmRSS"]
    }

    fn peak_kib(&self) -> u64 {
        self.status()["VmHWM"]
    }

    fn status(&self) -> BTreeMap<String, u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let lines = text.lines().filter_map(|line| line.strip_suffix(" kB")?.split_once(':'));
        lines.filter_map(|(name, value)| Some((name.to_owned(), value.trim().parse().ok()?))).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
