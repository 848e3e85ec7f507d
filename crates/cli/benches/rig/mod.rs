//! The real program with a database that was laid directly, and somebody who is signed in.

// Each measurement uses a part of it.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_store::{Event, NewPerson, NewSession, Store};
use shirube_trail::Origin;
use ureq::Agent;

pub const ORGANISATION: &str = "big";

/// What the forms of whoever is signed in carry.
const CSRF: &str = "c";

pub fn at() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

pub async fn commit(change: shirube_store::Change, action: &str) {
    let event = Event { action: action.to_owned(), note: String::new() };
    change.commit("p0", Origin::Console, &at(), event).await.expect("committed");
}

/// Somebody who is signed in with a role; gives the cookie.
pub async fn signed_in(store: &Store, role: Role) -> String {
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    let person = NewPerson { id: "p0", sign_in: "p0", name: "読み手", mail: "", state: "active" };
    change.add_person(person, &at()).await.expect("new");
    change.grant("p0", role.token(), "p0", &at()).await.expect("granted");
    let secret = Secret::from_bytes([1; 32]);
    let session = NewSession {
        digest: &secret.fingerprint(Purpose::Session).to_string(),
        person: "p0",
        organisation: ORGANISATION,
        stage: "full",
        // Whoever may approve has to have a second factor.
        factors: "password provider-second",
        csrf: CSRF,
        agent: "bench",
        address: "127.0.0.1",
    };
    change.open_session(session, &at()).await.expect("opened");
    change.about("person/p0");
    commit(change, "person.invited").await;
    format!("shirube={}", secret.text(Purpose::Session))
}

/// The real program, ended with the measurement.
pub struct Server {
    child: Child,
    address: String,
    agent: Agent,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
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
        Self {
            child,
            address: address.to_owned(),
            agent: Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into(),
        }
    }

    /// How long a page takes.
    pub fn get(&self, cookie: &str, path: &str) -> Duration {
        let began = Instant::now();
        let answer = self.agent.get(format!("http://{}{path}", self.address)).header("Cookie", cookie).call();
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(answer.status(), 200, "{path}");
        answer.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a page");
        began.elapsed()
    }

    /// Sends a form that must be taken.
    pub fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) {
        let (status, text) = self.send(cookie, path, fields);
        assert_eq!(status, 303, "{path}: {text}");
        assert!(!["/sign-in", "/account"].iter().any(|door| text.starts_with(door)), "{path} sends to {text}");
    }

    /// Sends a form and tells whether it was taken.
    pub fn try_post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> bool {
        self.send(cookie, path, fields).0 == 303
    }

    /// Status, and where to go or else what was said.
    fn send(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let all = fields.iter().copied().chain([("csrf", CSRF)]);
        let request = self.agent.post(format!("http://{}{path}", self.address)).header("Cookie", cookie);
        let request = request.header("Origin", format!("http://{}", self.address));
        let mut answer = request.send_form(all).unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = answer.status().as_u16();
        match answer.headers().get("location").and_then(|place| place.to_str().ok()) {
            Some(place) => (status, place.to_owned()),
            None => (status, answer.body_mut().read_to_string().unwrap_or_default()),
        }
    }

    /// Ends the program as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ended");
    }

    pub fn memory_kib(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
