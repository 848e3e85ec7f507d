//! Sites to test: the worked example with some decisions, and an empty service.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use shirube_folder::{self as folder, Folder};
use shirube_safety::{File, Service, ServiceFiles};
use shirube_web::{Download, Site, router};
use tower::ServiceExt;

const SERVICE: &str = include_str!("../../../../samples/clinic-ehr/shirube.yaml");
const SYSTEM: &str = include_str!("../../../../samples/clinic-ehr/system.yaml");

/// Answers of three kinds: settled, without a named person, and planned.
const CONFORMITY: &str = "
answers:
  - control: 3.1①-1
    status: met
    how: 権限を職種ごとに分け、半年ごとに見直す。
    evidence: [アクセス管理規程]
    decided: { by: 灯台 花子, on: 2026-11-10, reason: 規程と設定を確かめた。 }
  - control: 1.1①-1
    status: partial
    how: 規程はあるが、点検の記録がそろっていない。
  - control: 1.1①-2
    status: planned
    due: 2027-03-31
    decided: { by: 灯台 花子, on: 2026-11-10, reason: 改訂の作業中。 }
";

/// What a reader gets for a request.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

pub struct TestSite {
    router: Router,
    /// Number of the risk that is decided and treated.
    pub decided: String,
    /// Number of the risk that is decided and not treated.
    pub untreated: String,
}

pub fn read(texts: &[(File, String)]) -> Folder {
    let texts: BTreeMap<File, Vec<u8>> = texts.iter().map(|(file, text)| (*file, text.clone().into_bytes())).collect();
    match folder::read(&texts) {
        Ok(folder) => folder,
        Err(errors) => panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

/// Two decisions and one treatment on the risks of flow A-O2.
fn assessment(decided: &str, untreated: &str) -> String {
    format!(
        "
decisions:
  - risks: ['{decided}', '{untreated}']
    impact: 5
    impact_reason: 患者個人情報が漏れると影響がきわめて大きい。
    likelihood: 3
    likelihood_reason: 受付は人の出入りが多い。
    owner: 運用部長
    decided: {{ by: 帆足 三郎, on: 2026-11-16, reason: 現地を確かめた。 }}
treatments:
  - id: T A1
    risks: ['{decided}']
    options: [reduction]
    measures:
      - {{ viewpoint: technical, text: 静脈認証とパスワードの二要素にする。, controls: [3.1①-1], status: done }}
    requests:
      - {{ viewpoint: organisational, text: 画面が患者から見えない向きに端末を置いてください。 }}
    residual: {{ text: 見慣れた職員による不正は残る。, impact: 3, likelihood: 2, acceptable: yes }}
    decided: {{ by: 帆足 三郎, on: 2026-11-16, reason: 費用と効果を比べた。 }}
"
    )
}

/// Ids and numbers of the first two risks of a flow.
fn first_two(files: &ServiceFiles, flow: &str) -> [(String, String); 2] {
    let service = Service::new(files);
    let of_flow = service.assessment.risks.iter().filter(|risk| service.assessment.flow(risk).number == flow);
    let mut found = of_flow.map(|risk| (risk.id.clone(), risk.number.clone()));
    [found.next().expect("a first risk"), found.next().expect("a second risk")]
}

fn downloads() -> Vec<Download> {
    let file = |file_name: &str, title: &str, media_type, bytes: &[u8]| Download {
        file_name: file_name.to_owned(),
        title: title.to_owned(),
        media_type,
        bytes: bytes.to_vec(),
    };
    vec![
        file("flows.pdf", "情報流一覧", "application/pdf", b"%PDF-1.7"),
        file("flows.html", "情報流一覧", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        file("構成図 案.pdf", "全体構成図", "application/pdf", b"%PDF-1.7"),
    ]
}

impl TestSite {
    /// The worked example with a few decisions and answers of its own.
    pub fn sample() -> Self {
        let model = [(File::Service, SERVICE.to_owned()), (File::System, SYSTEM.to_owned())];
        let [(decided_id, decided), (untreated_id, untreated)] = first_two(&read(&model).files, "A-O2");
        let [service, system] = model;
        let assessment = (File::Assessment, assessment(&decided_id, &untreated_id));
        let folder = read(&[service, system, assessment, (File::Conformity, CONFORMITY.to_owned())]);
        Self { decided, untreated, ..Self::of(folder, downloads()) }
    }

    /// A service with a name and nothing else.
    pub fn empty() -> Self {
        let text = "
service: { name: 空のサービス }
provider: 自社
parties: [{ id: 自社, name: 自社, kind: provider }]
delivery:
  application: { form: '1', party: 自社 }
  platform: { form: '1', party: 自社 }
  infrastructure: { form: '1', party: 自社 }
";
        Self::of(read(&[(File::Service, text.to_owned())]), Vec::new())
    }

    /// The worked example with texts replaced in its first two files.
    pub fn with(replacements: &[(&str, &str)]) -> Self {
        let replace = |text: &str| {
            replacements.iter().fold(text.to_owned(), |text, (from, to)| {
                assert!(SERVICE.contains(from) || SYSTEM.contains(from), "{from} is in no file");
                text.replace(from, to)
            })
        };
        Self::of(read(&[(File::Service, replace(SERVICE)), (File::System, replace(SYSTEM))]), Vec::new())
    }

    fn of(folder: Folder, downloads: Vec<Download>) -> Self {
        let site = Site::new(&folder, "0123abcd".to_owned(), downloads);
        Self { router: router(Arc::new(site)), decided: String::new(), untreated: String::new() }
    }

    pub async fn ask(&self, method: Method, address: &str) -> Answer {
        let request = Request::builder().method(method).uri(address).body(Body::empty()).expect("an address");
        let answer = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A page that has to be there.
    pub async fn page(&self, address: &str) -> String {
        let answer = self.ask(Method::GET, address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        answer.text
    }
}
