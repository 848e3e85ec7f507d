//! A server as people start it, and the little of HTTP that a test needs to talk to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `shirube serve` on a port that the system chose; killed when the test ends.
pub struct Server {
    child: Child,
    pub address: String,
    /// The first line that is not the address: the one-time address of the first set-up.
    pub setup: Option<String>,
}

/// An answer as it came.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Server {
    /// Starts in a folder. `is_new`: there is no organisation yet, and a second line is printed.
    pub fn start(folder: &Path, is_new: bool) -> Self {
        Self::start_with(folder, &["--listen", "127.0.0.1:0"], is_new)
    }

    /// Starts with these arguments, which have to say that the system chooses the port.
    pub fn start_with(folder: &Path, args: &[&str], is_new: bool) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shirube"));
        command.arg("serve").args(args);
        Self::run(command, folder, is_new)
    }

    /// Starts below a shell that runs `script` first; the program and its arguments are the script's.
    pub fn start_below(folder: &Path, script: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_shirube"), "serve", "--listen", "127.0.0.1:0"]);
        Self::run(command, folder, false)
    }

    fn run(mut command: Command, folder: &Path, is_new: bool) -> Self {
        let mut child =
            command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("an address").unwrap();
        let address = first.split("://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let setup = is_new.then(|| lines.next().expect("a way in").unwrap());
        Self { child, address, setup: setup.map(|line| line[line.find("/setup?").unwrap()..].to_owned()) }
    }

    /// As a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The same while others still talk to it.
    pub fn kill_now(&self) {
        self.signal("-KILL");
    }

    /// As the system stops a service; gives the exit code.
    pub fn stop(mut self) -> i32 {
        self.signal("-TERM");
        self.child.wait().unwrap().code().expect("an exit code")
    }

    /// As the system tells a service that its files are others now.
    pub fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, name: &str) {
        let asked = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    pub fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
            self.address
        ))
    }

    pub fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        self.send(&self.posted(path, cookie, body))
    }

    /// None if the server went away under the request.
    pub fn try_post(&self, path: &str, body: &str) -> Option<Answer> {
        self.try_send(&self.posted(path, "", body))
    }

    fn posted(&self, path: &str, cookie: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{body}",
            self.address,
            body.len()
        )
    }

    fn send(&self, request: &str) -> Answer {
        self.try_send(request).expect("an answer")
    }

    fn try_send(&self, request: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut text = Vec::new();
        stream.read_to_end(&mut text).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// Makes the first organisation and gives the cookie of its administrator.
    pub fn set_up(&self) -> String {
        let setup = self.setup.as_deref().unwrap();
        let token = setup.split("token=").nth(1).unwrap();
        let password = "Hashi-no+12+mado";
        let body = format!(
            "token={token}&organisation=minato&kind=provider&name=shiro&sign_in=minato&mail=&password={password}&again={password}"
        );
        let answer = self.post("/setup", "", &body);
        assert_eq!(answer.status, 303, "{}{}", answer.head, answer.body);
        let cookie = answer.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        cookie.to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
