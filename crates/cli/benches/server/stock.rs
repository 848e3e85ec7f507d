//! A stock of services as one large provider would have it.

use std::collections::BTreeSet;
use std::path::Path;

use shirube_folder::read;
use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_safety::model::Layer;
use shirube_safety::{File, Service};
use shirube_store::{Event, Files, NewPerson, NewSession, Store};
use shirube_trail::Origin;

pub const ORGANISATION: &str = "big";
/// Each with the 417 controls of the guideline: together more than 100,000.
pub const SERVICES: usize = 240;
const READERS: usize = 50;
/// What people do in the application of the worked example is cut to this many: together more than 60,000 risks.
const HANDLINGS: usize = 3;

const FILES: [(File, &str); 4] = [
    (File::Service, include_str!("../../../../samples/clinic-ehr/shirube.yaml")),
    (File::System, include_str!("../../../../samples/clinic-ehr/system.yaml")),
    (File::Assessment, include_str!("../../../../samples/clinic-ehr/assessment.yaml")),
    (File::Conformity, include_str!("../../../../samples/clinic-ehr/conformity.yaml")),
];

/// What was laid into the database.
pub struct Stock {
    pub risks: usize,
    pub controls: usize,
    /// What the browsers of the readers send.
    pub cookies: Vec<String>,
}

impl Stock {
    /// Fills the database that a server started in this folder opens.
    pub fn lay(folder: &Path) -> Self {
        let data = folder.join("shirube-data");
        std::fs::create_dir(&data).expect("a folder");
        std::fs::write(data.join("shirube.key"), format!("{}\n", "07".repeat(32))).expect("a key");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(lay(&format!("sqlite:{}", data.join("shirube.db").display())))
    }

    pub fn service(number: usize) -> String {
        format!("s{number:03}")
    }
}

async fn lay(url: &str) -> Stock {
    let store = Store::open(url).await.expect("a database");
    // Sessions of a quarter of an hour must outlive the measurement.
    let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let commit = async |change: shirube_store::Change, action: &str| {
        let event = Event { action: action.to_owned(), note: String::new() };
        change.commit("p000", Origin::Console, &at, event).await.expect("committed");
    };
    let mut change = store.begin(ORGANISATION).await.expect("begun");
    change.open_organisation("計測株式会社", "provider").await.expect("new");
    commit(change, "organisation.created").await;
    let mut cookies = Vec::new();
    for number in 0..READERS {
        let id = format!("p{number:03}");
        let mut change = store.begin(ORGANISATION).await.expect("begun");
        let person =
            NewPerson { id: &id, sign_in: &id, name: &format!("読み手{number}"), mail: "", state: "active" };
        change.add_person(person, &at).await.expect("new");
        change.grant(&id, Role::Reader.token(), &id, &at).await.expect("granted");
        change.grant(&id, Role::Editor.token(), &id, &at).await.expect("granted");
        let secret = Secret::from_bytes([u8::try_from(number).expect("few") + 1; 32]);
        let session = NewSession {
            digest: &secret.fingerprint(Purpose::Session).to_string(),
            person: &id,
            organisation: ORGANISATION,
            stage: "full",
            factors: "password",
            csrf: "c",
            agent: "bench",
            address: "127.0.0.1",
        };
        change.open_session(session, &at).await.expect("opened");
        change.about(&format!("person/{id}"));
        commit(change, "person.invited").await;
        cookies.push(format!("shirube={}", secret.text(Purpose::Session)));
    }
    let (texts, service_risks) = smaller();
    for number in 0..SERVICES {
        let id = Stock::service(number);
        let mut change = store.begin(ORGANISATION).await.expect("begun");
        change.open_service(&id, &format!("計測のサービス{number}")).await.expect("new");
        // Other bytes in every service, so that nothing is stored only once.
        let files = texts.iter().map(|(file, text)| (file.name().to_owned(), format!("{text}\n# {number}\n")));
        change.add_revision(&id, None, &Files::new(files).expect("four files")).await.expect("added");
        commit(change, "service.created").await;
    }
    store.close().await;
    Stock {
        risks: service_risks * SERVICES,
        controls: shirube_catalog::library().provider.controls.len() * SERVICES,
        cookies,
    }
}

/// The sample with some of what people do in its application and what was decided on that, and how many risks it has.
fn smaller() -> (Vec<(File, String)>, usize) {
    let texts = FILES.map(|(file, text)| (file, text.as_bytes().to_vec())).into_iter().collect();
    let mut files = read(&texts).expect("the sample reads").files;
    files.system.handlings.retain(|handling| handling.layer == Layer::Application);
    files.system.handlings.truncate(HANDLINGS);
    let known: BTreeSet<String> = Service::new(&files).assessment.risks.iter().map(|risk| risk.id.clone()).collect();
    let kept = |risks: &mut Vec<String>| {
        risks.retain(|risk| known.contains(risk));
        !risks.is_empty()
    };
    files.assessment.decisions.retain_mut(|decision| kept(&mut decision.risks));
    files.assessment.treatments.retain_mut(|treatment| kept(&mut treatment.risks));
    let risks = Service::new(&files).assessment.risks.len();
    // JSON is YAML too.
    let text = |value: serde_json::Result<String>| value.expect("what was read can be written");
    let texts = vec![
        (File::Service, text(serde_json::to_string_pretty(&files.service))),
        (File::System, text(serde_json::to_string_pretty(&files.system))),
        (File::Assessment, text(serde_json::to_string_pretty(&files.assessment))),
        (File::Conformity, text(serde_json::to_string_pretty(&files.conformity))),
    ];
    (texts, risks)
}
