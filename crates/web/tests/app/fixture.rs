//! An application with organisations and people in it, and a browser that keeps its cookie. With
//! `SHIRUBE_TEST_ENGINE=postgres` its database is PostgreSQL, else SQLite.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chrono::{DateTime, Duration, Utc};
use http_body_util::BodyExt;
use shirube_identity::password::hash;
use shirube_identity::role::Role;
use shirube_identity::seal::{Key, Keys};
use shirube_identity::secret::{Purpose, Secret};
use shirube_identity::totp::TotpSecret;
use shirube_store::{Event, Files, NewAttachment, NewPerson, Store};
use shirube_trail::Origin;
use shirube_web::app::{App, Settings, Template, World, router};
use tempfile::TempDir;
use tower::ServiceExt;

pub const ORIGIN: &str = "https://shirube.test";
pub const PASSWORD: &str = "Hashi-no 12 mado";

/// A clock that stands until it is moved, and numbers that differ and can be told again.
#[derive(Clone)]
pub struct Still {
    now: Arc<Mutex<DateTime<Utc>>>,
    drawn: Arc<AtomicU64>,
}

impl Still {
    pub fn forward(&self, by: Duration) {
        let mut now = self.now.lock().unwrap();
        *now += by;
    }
}

impl World for Still {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            let mixed = (drawn << 8 | at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            *byte = (mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u8;
        }
    }
}

/// What a service can begin with.
pub const SERVICE_FILES: [(&str, &str); 4] = [
    ("shirube.yaml", include_str!("../../../../samples/clinic-ehr/shirube.yaml")),
    ("system.yaml", include_str!("../../../../samples/clinic-ehr/system.yaml")),
    ("assessment.yaml", include_str!("../../../../samples/clinic-ehr/assessment.yaml")),
    ("conformity.yaml", include_str!("../../../../samples/clinic-ehr/conformity.yaml")),
];

/// The application, its database and its clock.
pub struct Place {
    pub store: Store,
    pub world: Still,
    pub setup: String,
    pub app: App,
    router: Router,
    hash: String,
    _folder: TempDir,
}

impl Place {
    /// Nothing in it yet.
    pub async fn new() -> Self {
        Self::reaching(Vec::new()).await
    }

    /// The same, from which requests may go to these hosts.
    pub async fn reaching(outgoing: Vec<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("SHIRUBE_TEST_ENGINE").as_deref() {
            Ok("postgres") => postgres(),
            _ => format!("sqlite:{}", folder.path().join("shirube.db").display()),
        };
        let store = Store::open(&url).await.unwrap();
        let start = "2026-11-20T01:00:00Z".parse().unwrap();
        let world = Still { now: Arc::new(Mutex::new(start)), drawn: Arc::default() };
        let keys = Keys::new(Key::from_bytes([7; 32]), Vec::new());
        let setup = Secret::from_bytes([9; 32]);
        let token = setup.text(Purpose::OneTime);
        let templates = vec![Template { name: "clinic-ehr", title: "見本", files: &SERVICE_FILES }];
        let settings = Settings { origin: ORIGIN.to_owned(), behind_proxy: false, templates, outgoing };
        let app = App::new(store.clone(), keys, Some(setup), world.clone(), settings);
        let hash = hash(PASSWORD, [3; 16]).unwrap().as_str().to_owned();
        Self { store, world, setup: token, router: router(app.clone()), app, hash, _folder: folder }
    }

    pub fn at(&self) -> String {
        self.world.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    }

    /// An organisation with an administrator `admin@ID` and the worked example as service `s-ID`.
    pub async fn with_organisation(&self, id: &str) {
        let admin = format!("p-admin-{id}");
        let mut change = self.store.begin(id).await.unwrap();
        change.open_organisation(&format!("{id}株式会社"), "provider").await.unwrap();
        self.commit(change, "organisation.created").await;
        self.with_person(id, &admin, &format!("admin@{id}"), &[Role::Administrator]).await;
        let mut change = self.store.begin(id).await.unwrap();
        let service = format!("s-{id}");
        change.open_service(&service, &format!("{id}のカルテ")).await.unwrap();
        let files = SERVICE_FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
        change.add_revision(&service, None, &Files::new(files).unwrap()).await.unwrap();
        let event = Event { action: "service.created".to_owned(), note: String::new() };
        change.commit(&admin, Origin::Console, &self.at(), event).await.unwrap();
        self.with_institution(id, &format!("i-{id}"), &format!("{id}医院"), &service).await;
    }

    /// An institution that uses a service.
    pub async fn with_institution(&self, organisation: &str, id: &str, name: &str, service: &str) {
        let facts = serde_json::json!({ "name": name, "kind": "clinic" }).to_string();
        let mut change = self.store.begin(organisation).await.unwrap();
        change.open_institution(id).await.unwrap();
        let record = |service, kind, body| shirube_store::NewRecord { institution: id, service, kind, body };
        let records = [record(None, "facts", facts.as_str()), record(Some(service), "terms", "{}")];
        change.write_institutions(&records).await.unwrap();
        self.commit(change, "institution.created").await;
    }

    /// A file handed in as evidence for a control: attachment `e-ID` of the service `s-ID`.
    pub async fn with_attachment(&self, id: &str) {
        let mut change = self.store.begin(id).await.unwrap();
        let bytes = format!("{id}の点検");
        let new = NewAttachment {
            id: &format!("e-{id}"),
            service: &format!("s-{id}"),
            about: "control/pg-1.0/3.1-1-1",
            file_name: "点検記録.txt",
            media_type: "text/plain",
            supersedes: None,
            facts: r#"{"kind":"record","collected_on":"2020-04-01","keep_until":"2025-04-01"}"#,
            bytes: bytes.as_bytes(),
        };
        change.attach(new).await.unwrap();
        self.commit(change, "attachment.added").await;
    }

    /// A person with the usual password and these roles.
    pub async fn with_person(&self, organisation: &str, id: &str, sign_in: &str, roles: &[Role]) {
        let at = self.at();
        let mut change = self.store.begin(organisation).await.unwrap();
        let new = NewPerson { id, sign_in, name: &format!("{sign_in}さん"), mail: "", state: "active" };
        change.add_person(new, &at).await.unwrap();
        change.set_password(id, &self.hash, &at, false, 5).await.unwrap();
        for role in roles {
            // People of an institution stand for the one of the organisation, unless they have other roles too.
            match role.of_institution() && roles.iter().all(|role| role.of_institution()) {
                true => change.grant_for(id, role.token(), &format!("i-{organisation}"), id, &at).await.unwrap(),
                false => change.grant(id, role.token(), id, &at).await.unwrap(),
            };
        }
        change.about(&format!("person/{id}"));
        self.commit(change, "person.invited").await;
    }

    pub async fn commit(&self, change: shirube_store::Change, action: &str) {
        let event = Event { action: action.to_owned(), note: String::new() };
        change.commit("p-test", Origin::Console, &self.at(), event).await.unwrap();
    }

    /// A token that lends these roles of a person, as the page makes it.
    pub async fn token(&self, organisation: &str, person: &str, roles: &[Role], write: bool) -> String {
        let roles: Vec<&str> = roles.iter().map(|role| role.token()).collect();
        self.token_of(organisation, person, serde_json::json!({ "roles": roles, "write": write })).await
    }

    /// A token with any scope.
    pub async fn token_of(&self, organisation: &str, person: &str, scope: serde_json::Value) -> String {
        let mut bytes = [0; 32];
        self.world.fill(&mut bytes);
        let secret = Secret::from_bytes(bytes);
        let digest = secret.fingerprint(Purpose::Api).to_string();
        let mut change = self.store.begin(organisation).await.unwrap();
        let new = shirube_store::NewToken {
            id: &format!("t-{}", &digest[..12]),
            digest: &digest,
            person,
            name: "試験",
            scope: &scope.to_string(),
            expires_at: "2026-12-31T00:00:00.000Z",
        };
        change.create_token(new, &self.at()).await.unwrap();
        self.commit(change, "token.created").await;
        secret.text(Purpose::Api)
    }

    /// Calls the API.
    pub async fn call(&self, token: &str, method: &str, path: &str, body: Option<serde_json::Value>) -> Answer {
        let headers = body.as_ref().map(|_| ("content-type", "application/json"));
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.call_with(token, method, path, body, headers.as_slice()).await
    }

    /// Calls the API with headers of one's own.
    pub async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut all = headers.to_vec();
        if !token.is_empty() {
            all.push(("authorization", &bearer));
        }
        self.browser().send(method.parse().unwrap(), path, body, &all).await
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { place: self, cookie: None, way: None, csrf: String::new(), origin: ORIGIN.to_owned(), totp: None }
    }

    /// A browser in which the person has signed in, with a second factor where one is needed.
    pub async fn signed_in(&self, sign_in: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in(sign_in, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let home = browser.get("/").await;
        if home.location() == "/account/second" {
            browser.set_second().await;
        }
        browser.learn_csrf().await;
        browser
    }
}

/// The address of an empty schema on the server that `scripts/with-postgres` started.
fn postgres() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("SHIRUBE_TEST_POSTGRES").expect("run it with scripts/with-postgres");
    let schema = format!("app_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let made = std::process::Command::new("psql").args([&server, "-qc", &format!("CREATE SCHEMA {schema}")]).status();
    assert!(made.expect("psql runs").success());
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}options[search_path]={schema}")
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

/// One browser.
pub struct Browser<'a> {
    pub place: &'a Place,
    pub cookie: Option<String>,
    /// The cookie of somebody on the way to a provider of identities.
    pub way: Option<String>,
    pub csrf: String,
    pub origin: String,
    pub totp: Option<TotpSecret>,
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty(), &[]).await
    }

    /// Sends a form, with what guards it against other sites.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post_bare(path, &fields).await
    }

    /// Sends a form as it is.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let origin = self.origin.clone();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
        self.send(Method::POST, path, Body::from(body), &headers).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: Body, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, cookie) in [("__Host-shirube", &self.cookie), ("__Host-shirube-way", &self.way)] {
            if let Some(cookie) = cookie {
                request = request.header(header::COOKIE, format!("{name}={cookie}"));
            }
        }
        let response = self.place.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let kept = if name == "__Host-shirube" { &mut self.cookie } else { &mut self.way };
            *kept = (!value.is_empty()).then(|| value.to_owned());
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Sends a form with an archive.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], archive: &[u8]) -> Answer {
        self.upload_file(path, fields, ("archive", "a.zip"), archive).await
    }

    /// Sends a form with a file: name of the field, name of the file.
    pub async fn upload_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (field, file): (&str, &str),
        bytes: &[u8],
    ) -> Answer {
        self.upload_files(path, fields, field, &[(file, bytes)]).await
    }

    /// Sends a form with several files of one field: name of each, and what is in it.
    pub async fn upload_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        field: &str,
        files: &[(&str, &[u8])],
    ) -> Answer {
        let csrf = self.csrf.clone();
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain([&("csrf", csrf.as_str())]) {
            body.extend(format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (file, bytes) in files {
            let head = format!("--x\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(*b"--x--\r\n");
        let origin = self.origin.clone();
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("origin", origin.as_str())];
        self.send(Method::POST, path, Body::from(body), &headers).await
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post_bare("/sign-in", &[("name", name), ("password", password)]).await
    }

    /// Reads what forms carry from a page of the signed-in person.
    pub async fn learn_csrf(&mut self) {
        let page = self.get("/account").await;
        self.csrf = value_of(&page.text, "csrf");
    }

    /// Gives the second factor that was set up, after the password.
    pub async fn finish_second(&mut self) -> Answer {
        self.csrf = value_of(&self.get("/sign-in/second").await.text, "csrf");
        let code = self.totp.as_ref().unwrap().code(self.place.world.now()).unwrap();
        self.post("/sign-in/second", &[("code", &code)]).await
    }

    /// Sets an authenticator up, as the pages ask for it, and gives the recovery codes.
    pub async fn set_second(&mut self) -> Vec<String> {
        self.learn_csrf().await;
        let page = self.post("/account/second", &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let secret = page.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
        let bytes = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).unwrap();
        let totp = TotpSecret::from_bytes(bytes.try_into().unwrap());
        let code = totp.code(self.place.world.now()).unwrap();
        let done = self.post("/account/second/confirm", &[("code", &code)]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        self.totp = Some(totp);
        let codes = done.text.split("<ol class=\"codes\">").nth(1).unwrap().split("</ol>").next().unwrap();
        codes.split("<li>").skip(1).map(|code| code.split('<').next().unwrap().to_owned()).collect()
    }
}

/// The value of a hidden field.
pub fn value_of(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name}: {page}")).split('"').next().unwrap().to_owned()
}
