//! `serve`, `backup`, `restore` and `trail verify` through the real program.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::server::Server;
use support::{Ran, ran, shirube};

/// Runs a command in a folder.
fn run_in(folder: &Path, args: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_shirube")).args(args).current_dir(folder).output();
    ran(output.expect("the binary runs"))
}

/// AUTHN-018: the way in is printed once; what was confirmed outlives a power cut, and the second start has no way in.
#[test]
fn what_was_confirmed_is_there_after_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), true);
    assert_eq!(server.get("/readyz", "").status, 200);
    assert_eq!(server.get("/", "").status, 303);
    let cookie = server.set_up();
    assert!(server.get("/account", &cookie).body.contains("shiro"));
    server.kill();

    let server = Server::start(folder.path(), false);
    assert!(server.get("/account", &cookie).body.contains("shiro"), "the session is still there");
    assert_eq!(server.stop(), 0);
}

/// SELF-003: a copy is taken while the server runs, and comes back whole into another place; the key is kept apart.
#[test]
fn a_backup_taken_while_serving_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), true);
    let cookie = server.set_up();
    let saved = run_in(folder.path(), &["backup", "--out", "copy.zip"]);
    assert_eq!(saved.code, 0, "{}", saved.stderr);
    assert!(saved.stdout.contains("鍵のファイル"), "{}", saved.stdout);
    let again = run_in(folder.path(), &["backup", "--out", "copy.zip"]);
    assert_eq!(again.code, 2, "an earlier copy is not written over");
    server.kill();

    let other = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.zip");
    let restored = run_in(other.path(), &["restore", copy.to_str().unwrap()]);
    assert_eq!(restored.code, 0, "{}", restored.stderr);
    let twice = run_in(other.path(), &["restore", copy.to_str().unwrap()]);
    assert_eq!(twice.code, 2, "{}", twice.stderr);
    assert!(twice.stderr.contains("空ではありません"), "{}", twice.stderr);

    let keyless = run_in(other.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(keyless.code, 2);
    assert!(keyless.stderr.contains("鍵のファイル"), "{}", keyless.stderr);
    let key = Path::new("shirube-data/shirube.key");
    fs::copy(folder.path().join(key), other.path().join(key)).unwrap();
    let server = Server::start(other.path(), false);
    // Sessions are not in a backup: nobody is signed in by a restore.
    assert_eq!(server.get("/account", &cookie).status, 303);
    let password = "Hashi-no+12+mado";
    assert_eq!(server.post("/sign-in", "", &format!("name=minato&password={password}")).status, 303);

    let cut = fs::read(&copy).unwrap();
    fs::write(folder.path().join("damaged.zip"), &cut[..cut.len() * 3 / 4]).unwrap();
    let third = tempfile::tempdir().unwrap();
    let refused = run_in(third.path(), &["restore", folder.path().join("damaged.zip").to_str().unwrap()]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
}

/// AUTHN-018, AUTHZ-001: the owner adds an organisation and helps an administrator who is locked out, at the console and
/// while the server runs; both are in the trail and leave addresses that work once.
#[test]
fn the_owner_adds_organisations_and_helps_who_is_locked_out() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["organisation", "add", "--name", "はま診療所", "--administrator", "浜 六花", "--sign-in", "hama"];
    fs::create_dir(folder.path().join("shirube-data")).unwrap();
    let none = run_in(folder.path(), &add);
    assert_eq!(none.code, 2, "{}", none.stdout);
    assert!(none.stderr.contains("まだ組織がありません"), "{}", none.stderr);
    let server = Server::start(folder.path(), true);
    let cookie = server.set_up();

    let added = run_in(folder.path(), &[&add[..], &["--kind", "institution"]].concat());
    assert_eq!(added.code, 0, "{}", added.stderr);
    let token = added.stdout.split("/invitation?token=").nth(1).unwrap().lines().next().unwrap();
    assert!(server.get(&format!("/invitation?token={token}"), "").body.contains("はま診療所"));
    let password = "Hashi-no+12+mado";
    let body = format!("token={token}&password={password}&again={password}");
    assert_eq!(server.post("/invitation", "", &body).status, 303);
    assert_eq!(server.post("/invitation", "", &body).status, 404, "once");
    let again = run_in(folder.path(), &add);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("「hama」は使われています"), "{}", again.stderr);
    let wrong = run_in(folder.path(), &[&add[..], &["--kind", "x"]].concat());
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);

    let list = run_in(folder.path(), &["user", "list"]);
    assert!(list.stdout.contains("はま診療所") && list.stdout.contains("minato\t"), "{}", list.stdout);
    assert!(!list.stdout.contains("argon2"), "{}", list.stdout);
    let reset = run_in(folder.path(), &["user", "reset", "minato", "--reason", "機器を全部なくした"]);
    assert_eq!(reset.code, 0, "{}", reset.stderr);
    assert_eq!(server.get("/account", &cookie).status, 303, "the sessions end");
    assert_eq!(server.post("/sign-in", "", &format!("name=minato&password={password}")).status, 422);
    let token = reset.stdout.split("/invitation?token=").nth(1).unwrap().lines().next().unwrap();
    let new = "Tomoshibi+to+34+nami";
    let body = format!("token={token}&password={new}&again={new}");
    assert_eq!(server.post("/invitation", "", &body).status, 303);
    let nobody = run_in(folder.path(), &["user", "reset", "nobody", "--reason", "x"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.stderr.contains("利用者はいません"), "{}", nobody.stderr);
}

/// A wrong settings file points to an empty database; its copy would be worth nothing.
#[test]
fn nothing_is_not_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("shirube-data")).unwrap();
    let ran = run_in(folder.path(), &["backup", "--out", "控え.zip"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("まだ組織がありません"), "{}", ran.stderr);
    assert!(!folder.path().join("控え.zip").exists());
}

/// What an operator gets wrong is said before anything is served.
#[test]
fn wrong_settings_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for (text, said) in [
        ("lisen = \"127.0.0.1:1\"", "1行目"),
        ("listen = 5", "設定として読めません"),
        ("listen = \"0.0.0.0:80\"", "暗号化しない通信は受け付けません"),
        ("listen = \"0.0.0.0:80\"\norigin = \"https://a.test\"", "暗号化しない通信は受け付けません"),
        ("origin = \"a.test\"", "origin の「a.test」は使えません"),
        ("[outgoing]\nhosts = [\"https://a.test/\"]", "通信先として読めません"),
        ("[outgoing]\nhost = [\"a.test\"]", "設定として読めません"),
        ("database = \"mysql://x\"", "データベースの指定が読めません"),
        ("listen = \"nowhere\"", "アドレスとして読めません"),
        ("listen = \"127.0.0.1:99999\"", "アドレスとして読めません"),
    ] {
        let file = folder.path().join("shirube.toml");
        fs::write(&file, text).unwrap();
        let ran = shirube(&["serve", "--config", file.to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{text}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(said), "{text}: {}", ran.stderr);
    }
}

/// EVID-020: an exported trail is checked without a database; one changed character is found.
#[test]
fn an_exported_trail_is_checked_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trail.jsonl");
    let entry = |number: u64| shirube_trail::Entry {
        number,
        at: "2026-11-22T01:02:03.004Z".to_owned(),
        actor: "p-1".to_owned(),
        origin: shirube_trail::Origin::Console,
        action: "service.created".to_owned(),
        object: "service/s".to_owned(),
        before: None,
        after: None,
        note: "初版".to_owned(),
    };
    let first = shirube_trail::Sealed::after(shirube_trail::Head::EMPTY, entry(1));
    let second = shirube_trail::Sealed::after(first.head(1), entry(2));
    let lines: Vec<String> = [&first, &second].iter().map(|sealed| serde_json::to_string(sealed).unwrap()).collect();
    let text = lines.join("\n");
    let head = format!("2:{}", second.digest);
    let verify = |text: &str, head: &str| {
        fs::write(&file, text).unwrap();
        shirube(&["trail", "verify", file.to_str().unwrap(), "--head", head])
    };
    let whole = verify(&text, &head);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
    assert!(whole.stdout.contains("2件の記録"), "{}", whole.stdout);
    for (broken, said) in [
        (text.replace("初版", "再版"), "ダイジェストが合いません"),
        (lines[0].clone(), "終わりが切り取られたか"),
        ("{}".to_owned(), "記録として読めません"),
    ] {
        let found = verify(&broken, &head);
        assert_eq!(found.code, 1, "{broken}");
        assert!(found.stdout.contains(said), "{said}: {}", found.stdout);
    }
    let empty = verify("", &head);
    assert_eq!(empty.code, 2);
    assert!(empty.stderr.contains("は空です"), "{}", empty.stderr);
    assert_eq!(verify(&text, "2:xyz").code, 2);
    assert_eq!(shirube(&["trail", "verify", "no-such-file"]).code, 2);
}
