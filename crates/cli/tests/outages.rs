//! What a server loses when the machine, the disk, the database or its readers behave badly: nothing that was confirmed.

mod support;

use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use shirube_store::Store;
use support::server::{Answer, Server};

/// Signs the administrator of `Server::set_up` in; a cookie in the answer is the confirmation.
const SIGN_IN: &str = "name=minato&password=Hashi-no+12+mado&to=";

fn sign_in(server: &Server) -> Answer {
    server.post("/sign-in", "", SIGN_IN)
}

fn cookie(answer: &Answer) -> Option<String> {
    let cookie = answer.head.split("set-cookie: ").nth(1)?.split(';').next()?;
    (answer.status == 303).then(|| cookie.to_owned())
}

/// Computes every trail of a database again.
fn whole(url: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(url).await.unwrap();
        let organisations = store.organisations().await.unwrap();
        assert_eq!(organisations.len(), 1);
        for organisation in organisations {
            let found = store.verify_trail(&organisation, &[]).await.unwrap();
            assert!(found.holds(), "{:?} {:?}", found.chain, found.damages);
        }
        store.close().await;
    });
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("shirube-data/shirube.db").display())
}

/// SELF-003: the process ends in the middle of writing. What readers were told is there, what they were not told is there
/// whole or not at all.
#[test]
fn a_kill_in_the_middle_of_writing_loses_nothing_that_was_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    Server::start(folder.path(), true).set_up();
    for confirmed in 1..4 {
        let server = Server::start(folder.path(), false);
        let (tell, told) = mpsc::channel();
        std::thread::scope(|scope| {
            let server = &server;
            scope.spawn(move || {
                // Ends with the server, which goes away under a request.
                while let Some(cookie) = server.try_post("/sign-in", SIGN_IN).as_ref().and_then(cookie) {
                    let _ = tell.send(cookie);
                }
            });
            let last = told.iter().nth(confirmed).expect("somebody signed in");
            server.kill_now();
            let last = told.iter().last().unwrap_or(last);
            let again = Server::start(folder.path(), false);
            assert!(again.get("/account", &last).body.contains("shiro"), "a confirmed session is gone");
            assert_eq!(again.stop(), 0);
        });
        whole(&sqlite(folder.path()));
    }
}

/// SELF-003: no room is left on the disk. Writing is refused with a page that says so, reading goes on, and with room
/// again everything confirmed is there. A limit on the length of files stands in for the full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), true);
    let mut last = server.set_up();
    assert_eq!(server.stop(), 0);

    // 96 kB: enough for the shared memory of the database, too little for many changes.
    let full = Server::start_below(folder.path(), "trap '' XFSZ; ulimit -f 192; exec \"$0\" \"$@\"");
    let mut refused = None;
    for _ in 0..60 {
        let answer = sign_in(&full);
        match cookie(&answer) {
            Some(cookie) => last = cookie,
            None => {
                refused = Some(answer);
                break;
            }
        }
    }
    let refused = refused.expect("the limit holds");
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("データベースを利用できません"), "{}", refused.body);
    assert!(full.get("/account", &last).body.contains("shiro"), "reading goes on");
    full.kill();

    let server = Server::start(folder.path(), false);
    assert!(server.get("/account", &last).body.contains("shiro"), "a confirmed session is gone");
    assert!(cookie(&sign_in(&server)).is_some(), "writing goes on where there is room");
    assert_eq!(server.stop(), 0);
    whole(&sqlite(folder.path()));
}

/// 10,000 readers that send half a request each, as many as the machine lets one process open; others are answered.
#[test]
fn slow_readers_do_not_keep_others_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), true);
    let cookie = server.set_up();
    let mut slow = Vec::new();
    while slow.len() < 10_000 {
        // The limit of the machine is not the server's.
        let Ok(mut stream) = TcpStream::connect(&server.address) else { break };
        if stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX: ").is_err() {
            break;
        }
        slow.push(stream);
    }
    assert!(slow.len() >= 500, "only {} connections", slow.len());
    // Whoever came last holds the last of the test's own files.
    slow.truncate(slow.len() - 10);
    assert_eq!(server.get("/readyz", "").status, 200);
    assert!(server.get("/account", &cookie).body.contains("shiro"));
    server.kill();
}

/// PostgreSQL goes away under the server and comes back: pages say so meanwhile, and nobody has to start anything again.
#[test]
fn a_database_that_goes_away_may_come_back() {
    let Ok(real) = std::env::var("SHIRUBE_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "run it with scripts/with-postgres");
        return;
    };
    let schema = format!("outage_{}", std::process::id());
    let made = Command::new("psql").args([&real, "-qc", &format!("CREATE SCHEMA {schema}")]).status().unwrap();
    assert!(made.success());
    let (account, target) = real.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (target, database) = target.split_once('/').unwrap();
    let gate = Gate::open(target);
    let joint = if database.contains('?') { '&' } else { '?' };
    let url = format!("postgres://{account}@{}/{database}{joint}options[search_path]={schema}", gate.address);
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("listen = \"127.0.0.1:0\"\ndatabase = \"{url}\"\n");
    fs::write(folder.path().join("shirube.toml"), settings).unwrap();

    let server = Server::start_with(folder.path(), &["--config", "shirube.toml"], true);
    let cookie = server.set_up();
    gate.close();
    assert_eq!(server.get("/readyz", "").status, 503);
    assert_eq!(server.get("/healthz", "").status, 200, "the program itself is well");
    let page = server.get("/account", &cookie);
    assert_eq!(page.status, 503);
    assert!(page.body.contains("データベースを利用できません"), "{}", page.body);
    gate.reopen();
    assert_eq!(server.get("/readyz", "").status, 200);
    assert!(server.get("/account", &cookie).body.contains("shiro"));
    assert_eq!(server.stop(), 0);
}

/// Stands between the server and its database and can be shut.
struct Gate {
    address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    shut: bool,
    through: Vec<TcpStream>,
}

impl Gate {
    fn open(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::<Mutex<State>>::default();
        let (shared, target) = (Arc::clone(&state), target.to_owned());
        std::thread::spawn(move || {
            for inner in listener.incoming() {
                let mut state = shared.lock().unwrap();
                let Ok(inner) = inner else { return };
                if state.shut {
                    continue;
                }
                let Ok(outer) = TcpStream::connect(&target) else { continue };
                for (from, to) in [(&inner, &outer), (&outer, &inner)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                state.through.extend([inner, outer]);
            }
        });
        Self { address, state }
    }

    fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.shut = true;
        for stream in state.through.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn reopen(&self) {
        self.state.lock().unwrap().shut = false;
    }
}
