//! Whatever is asked with the ids of another organisation, the answer is as if there were nothing.

use std::fmt::Debug;

use crate::support::{AT, done, found, on_each_engine, one, person, revise, session};
use shirube_store::{
    Document, Filter, ForInstitution, Missing, NewAttachment, NewJob, NewOneTime, NewPerson, NewRecord,
    NewRegisterRecord, NewReportCode, NewReportDelivery, NewToken, ReportState, SavedView, Store, StoreError, Throttle,
    WantedItems,
};

const LATER: &str = "2026-11-22T02:00:00.000Z";

/// Organisation `a` has something of everything; `b` has a service, a person and an institution.
async fn two(store: &Store) -> u64 {
    for organisation in ["a", "b"] {
        found(store, organisation, &format!("s-{organisation}")).await;
        person(store, organisation, &format!("p-{organisation}")).await;
        let mut change = store.begin(organisation).await.unwrap();
        change.open_institution(&format!("i-{organisation}")).await.unwrap();
        done(change).await;
    }
    revise(store, "a", "s-a", None, &one("geheim")).await.unwrap();
    let mut change = store.begin("a").await.unwrap();
    change.attach(attachment("att-a", "s-a", None)).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.issue("s-a", 1, &[document()]).await.unwrap();
    let issue = done(change).await.number;
    let mut change = store.begin("a").await.unwrap();
    let stands = NewPerson { id: "p-a-i", sign_in: "p-a-i@example.jp", name: "geheim", mail: "", state: "active" };
    change.add_person(stands, AT).await.unwrap();
    change.grant_for("p-a-i", "contact", "i-a", "p-a", AT).await.unwrap();
    change.write_institutions(&[record("i-a", Some("s-a")), record("i-a", None)]).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.issue_to(&institution("i-a"), "s-a", 1, &[document()]).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.set_settings("{\"geheim\":1}").await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.set_password("p-a", "geheim", AT, false, 5).await.unwrap();
    change.set_totp("p-a", "geheim").await.unwrap();
    change.confirm_totp("p-a", 1, AT).await.unwrap();
    change.add_passkey("p-a", "k-a", "geheim", "{}", AT).await.unwrap();
    change.set_recovery_codes("p-a", &["c-a".into()]).await.unwrap();
    change.open_session(session("a", "p-a", "d-a"), AT).await.unwrap();
    let once = NewOneTime { digest: "o-a", kind: "reset", person: "p-a", expires_at: LATER };
    change.create_one_time(once, AT).await.unwrap();
    change.create_token(token("p-a", "t-a"), AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    let (id, page, name, conditions) = ("w-a".into(), "risks".into(), "geheim".into(), "q=geheim".into());
    change.save_view("p-a", &SavedView { id, page, name, conditions }).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    let job = NewJob { id: "j-a", service: "s-a", person: "p-a", kind: "drafts", revision: 1, steps: 2 };
    change.start_job(job, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.make_report_code(code("s-a", "rc-a"), AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.deliver_report("rc-a", REPORT, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.make_report_code(NewReportCode { request: "r-open", ..code("s-a", "rc-open") }, AT).await.unwrap();
    done(change).await;
    let mut change = store.begin("a").await.unwrap();
    change.write_registers("s-a", &[entry()]).await.unwrap();
    done(change).await;
    store.put_summary("a", "s-a", 1, "{\"geheim\":1}").await.unwrap();
    issue
}

/// An entry of a register, with everything it can have.
fn entry() -> NewRegisterRecord {
    let geheim = || "geheim".to_owned();
    NewRegisterRecord {
        register: "media".into(),
        item: geheim(),
        based_on: 0,
        step: geheim(),
        state: geheim(),
        day: AT.into(),
        body: geheim(),
        words: [(geheim(), geheim())].into(),
        due: [(geheim(), AT.to_owned())].into(),
    }
}

const REPORT: NewReportDelivery<'static> = NewReportDelivery { sender: "geheim", person: "geheim", body: "geheim" };

fn code<'a>(service: &'a str, digest: &'a str) -> NewReportCode<'a> {
    NewReportCode { service, request: "r-a", supplier: "geheim", digest, by: "geheim", expires_at: LATER }
}

fn attachment<'a>(id: &'a str, service: &'a str, supersedes: Option<&'a str>) -> NewAttachment<'a> {
    NewAttachment {
        id,
        service,
        about: "control/3.1",
        file_name: "geheim.png",
        media_type: "image/png",
        supersedes,
        facts: "{}",
        bytes: b"geheim",
    }
}

fn document() -> Document {
    Document { name: "flows".into(), format: "pdf".into(), title: "geheim".into(), bytes: b"geheim".into() }
}

fn record<'a>(institution: &'a str, service: Option<&'a str>) -> NewRecord<'a> {
    NewRecord { institution, service, kind: "terms", body: "geheim" }
}

fn institution(id: &str) -> ForInstitution {
    ForInstitution { id: id.into(), terms: 1 }
}

fn token<'a>(person: &'a str, id: &'a str) -> NewToken<'a> {
    NewToken { id, digest: id, person, name: "geheim", scope: "read", expires_at: LATER }
}

/// What a query answered: nothing at all, or something that is looked through for what is another organisation's.
fn answer<T: Debug>(told: Result<T, StoreError>) -> Result<String, StoreError> {
    told.map(|found| format!("{found:?}"))
}

/// AUTHZ-001: questions about a thing find nothing, and lists have nothing of another organisation in them.
#[test]
fn no_query_answers_with_the_ids_of_another_organisation() {
    on_each_engine(async |place| {
        let store = place.open().await;
        let issue = two(&store).await;
        // Every question about a thing of `a`, asked for `b`.
        for (question, told) in [
            ("service", answer(store.service("b", "s-a").await)),
            ("revisions", answer(store.revisions("b", "s-a", None, 10).await)),
            ("revision", answer(store.revision("b", "s-a", 1).await)),
            ("revision_states", answer(store.revision_states("b", "s-a", 1).await)),
            ("files", answer(store.files("b", "s-a", 1).await)),
            ("issued", answer(store.issued("b", "s-a", None).await)),
            ("issued of a revision", answer(store.issued("b", "s-a", Some(1)).await)),
            ("issued_document", answer(store.issued_document("b", issue, "flows", "pdf").await)),
            ("attachments", answer(store.attachments("b", "s-a").await)),
            ("attachment", answer(store.attachment("b", "s-a", "att-a").await)),
            ("attachment of the own service", answer(store.attachment("b", "s-b", "att-a").await)),
            ("revisions_of_file", answer(store.revisions_of_file("b", "s-a", "x.yaml", None, 10).await)),
            ("job", answer(store.job("b", "s-a", "j-a").await)),
            ("job of the own service", answer(store.job("b", "s-b", "j-a").await)),
            ("job_result", answer(store.job_result("b", "s-a", "j-a").await)),
            ("member", answer(store.member("b", "p-a").await)),
            ("institution_records", answer(store.institution_records("b", "i-a").await)),
            ("service_records", answer(store.service_records("b", "s-a").await)),
            ("last_issued_to", answer(store.last_issued_to("b", "s-a").await)),
            ("report_codes", answer(store.report_codes("b", "s-a").await)),
            ("last_report", answer(store.last_report("b", "s-a", "r-a").await)),
            ("register_page", answer(store.register_page("b", "s-a", "media", &WantedItems::default()).await)),
            ("register_records", answer(store.register_records("b", "s-a", "media", "geheim").await)),
            ("register_item", answer(store.register_item("b", "s-a", "media", "geheim").await)),
            ("register_item of the own", answer(store.register_item("b", "s-b", "media", "geheim").await)),
            ("register_sizes", answer(store.register_sizes("b", "s-a", &["media"]).await)),
            ("due_of_items", answer(store.due_of_items("b", "s-a", "media", &["geheim"]).await)),
            ("last_of_each", answer(store.last_of_each("b", "s-a", &[]).await)),
            ("newest_days", answer(store.newest_days("b", "s-a").await)),
            ("last_done", answer(store.last_done("b", "s-a", "media", "geheim").await)),
            ("put_summary", answer(store.put_summary("b", "s-a", 1, "{}").await)),
        ] {
            assert!(matches!(told, Err(StoreError::Missing(_))), "{question}: {told:?}");
        }
        assert_eq!(store.summary("b", "s-a", 1).await, Ok(None));
        let all = WantedItems { limit: 100, ..WantedItems::default() };
        // Every list of `b` has nothing of `a` in it.
        for (question, told) in [
            ("organisation", answer(store.organisation("b").await)),
            ("settings", answer(store.settings("b").await)),
            ("services", answer(store.services("b").await)),
            ("people", answer(store.people("b").await)),
            ("names", answer(store.names("b").await)),
            ("grants", answer(store.grants("b").await)),
            ("memberships", answer(store.memberships("p-b").await)),
            ("credentials", answer(store.credentials("p-b").await)),
            ("sessions", answer(store.sessions("p-b", 10).await)),
            ("one-times", answer(store.open_one_times("b").await)),
            ("tokens", answer(store.tokens("b").await)),
            ("summaries", answer(store.summaries("b").await)),
            ("views", answer(store.views("b", "p-a", "risks").await)),
            ("running_job", answer(store.running_job("b", "s-a", "drafts", 1, AT).await)),
            ("last_issued", answer(store.last_issued("b").await)),
            ("trail", answer(store.trail("b", 0, 100).await)),
            ("entries", answer(store.entries("b", &Filter::default()).await)),
            (
                "entries of an object",
                answer(store.entries("b", &Filter { object: "service/s-a", ..Filter::default() }).await),
            ),
            ("attachments", answer(store.attachments("b", "s-b").await)),
            ("issued", answer(store.issued("b", "s-b", None).await)),
            ("institutions", answer(store.institutions("b", "terms").await)),
            ("record_ends", answer(store.record_ends("b").await)),
            ("institution_records", answer(store.institution_records("b", "i-b").await)),
            ("service_records", answer(store.service_records("b", "s-b").await)),
            ("institution_of", answer(store.institution_of("b", "p-a-i").await)),
            ("issued_to", answer(store.issued_to("b", "i-a").await)),
            ("last_issued_to", answer(store.last_issued_to("b", "s-b").await)),
            ("people_of_institution", answer(store.people_of_institution("b", "i-a").await)),
            ("report_codes", answer(store.report_codes("b", "s-b").await)),
            ("last_report", answer(store.last_report("b", "s-b", "r-a").await)),
            ("arrived_reports", answer(store.arrived_reports("b").await)),
            ("register_page", answer(store.register_page("b", "s-b", "media", &all).await)),
            ("register_records", answer(store.register_records("b", "s-b", "media", "geheim").await)),
            ("last_done", answer(store.last_done("b", "s-b", "media", "geheim").await)),
            ("due_of_items", answer(store.due_of_items("b", "s-b", "media", &["geheim"]).await)),
            ("due_counts", answer(store.due_counts("b", "9999").await)),
            ("newest_days", answer(store.newest_days("b", "s-b").await)),
            ("due_until of their service", answer(store.due_until("b", Some("s-a"), "9999", 100).await)),
            ("due_until", answer(store.due_until("b", None, "9999", 100).await)),
            ("verification", answer(store.verify_trail("b", &[]).await)),
        ] {
            let told = told.unwrap();
            for theirs in ["s-a", "p-a", "i-a", "att-a", "t-a", "k-a", "geheim"] {
                assert!(!told.contains(theirs), "{question} tells {theirs}: {told}");
            }
        }
        store.close().await;
    });
}

/// AUTHZ-001: every step with a thing of another organisation is refused, and a refused step is none.
#[test]
fn no_change_takes_the_ids_of_another_organisation() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        let before = format!("{:?}", (store.credentials("p-a").await, store.session("d-a").await));
        let head = store.head("b").await.unwrap();
        let mut change = store.begin("b").await.unwrap();
        for (step, told) in [
            ("edit_person", answer(change.edit_person("p-a", "x", "x").await)),
            ("set_person_state", answer(change.set_person_state("p-a", "disabled", AT).await)),
            ("grant", answer(change.grant("p-a", "reader", "p-b", AT).await)),
            ("grant_for", answer(change.grant_for("p-a", "reader", "i-b", "p-b", AT).await)),
            ("grant_for their institution", answer(change.grant_for("p-b", "reader", "i-a", "p-b", AT).await)),
            ("revoke", answer(change.revoke("p-a", "editor", AT).await)),
            ("credentials", answer(change.credentials("p-a").await)),
            ("set_password", answer(change.set_password("p-a", "x", AT, false, 5).await)),
            ("set_totp", answer(change.set_totp("p-a", "x").await)),
            ("confirm_totp", answer(change.confirm_totp("p-a", 2, AT).await)),
            ("remove_totp", answer(change.remove_totp("p-a").await)),
            ("use_totp_step", answer(change.use_totp_step("p-a", 9).await)),
            ("add_passkey", answer(change.add_passkey("p-a", "k-x", "x", "{}", AT).await)),
            ("use_passkey", answer(change.use_passkey("p-a", "k-a", "{}", AT).await)),
            ("remove_passkey", answer(change.remove_passkey("p-a", "k-a").await)),
            ("set_recovery_codes", answer(change.set_recovery_codes("p-a", &[]).await)),
            ("use_recovery_code", answer(change.use_recovery_code("p-a", "c-a", AT).await)),
            ("set_throttle", answer(change.set_throttle("p-a", "password", &Throttle::default()).await)),
            ("open_session", answer(change.open_session(session("b", "p-a", "d-x"), AT).await)),
            ("switch_session", answer(change.switch_session("d-a").await)),
            ("end_session", answer(change.end_session("p-a", "d-a", AT, "x").await)),
            ("end_session of the own person", answer(change.end_session("p-b", "d-a", AT, "x").await)),
            ("end_all_sessions", answer(change.end_all_sessions("p-a", None, AT, "x").await)),
            (
                "create_one_time",
                answer(
                    change
                        .create_one_time(
                            NewOneTime { digest: "o-x", kind: "reset", person: "p-a", expires_at: LATER },
                            AT,
                        )
                        .await,
                ),
            ),
            ("void_one_times", answer(change.void_one_times("p-a", "reset", AT).await)),
            ("create_token", answer(change.create_token(token("p-a", "t-x"), AT).await)),
            ("revoke_token", answer(change.revoke_token("t-a", AT).await)),
            ("rename_service", answer(change.rename_service("s-a", "x").await)),
            ("archive_service", answer(change.archive_service("s-a", true).await)),
            ("add_revision", answer(change.add_revision("s-a", Some(1), &one("x")).await)),
            ("restore_revision", answer(change.restore_revision("s-a", Some(1), 1).await)),
            ("revision_state", answer(change.revision_state("s-a", 1).await)),
            ("set_revision_state", answer(change.set_revision_state("s-a", 1, "draft", "checked").await)),
            ("issue", answer(change.issue("s-a", 1, &[document()]).await)),
            ("issue_to", answer(change.issue_to(&institution("i-a"), "s-a", 1, &[document()]).await)),
            ("issue_to their institution", answer(change.issue_to(&institution("i-a"), "s-b", 1, &[document()]).await)),
            ("issue_to of their service", answer(change.issue_to(&institution("i-b"), "s-a", 1, &[document()]).await)),
            ("end_of_records", answer(change.end_of_records("i-a").await)),
            ("write_institutions", answer(change.write_institutions(&[record("i-a", None)]).await)),
            ("write_institutions of the own", answer(change.write_institutions(&[record("i-b", Some("s-a"))]).await)),
            ("make_report_code", answer(change.make_report_code(code("s-a", "rc-x"), AT).await)),
            ("settle_report", answer(change.settle_report("s-a", "r-a", ReportState::Accepted, "").await)),
            ("settle_report of the own", answer(change.settle_report("s-b", "r-a", ReportState::Accepted, "").await)),
            ("write_registers", answer(change.write_registers("s-a", &[entry()]).await)),
            ("plan_again", answer(change.plan_again("s-a", "media", "geheim", &Default::default()).await)),
            ("attach", answer(change.attach(attachment("att-x", "s-a", None)).await)),
            ("attach in the place of", answer(change.attach(attachment("att-x", "s-b", Some("att-a"))).await)),
        ] {
            assert!(matches!(told, Err(StoreError::Missing(_))), "{step}: {told:?}");
        }
        assert_eq!(change.use_one_time("o-a", "reset", AT).await, Err(StoreError::Used));
        assert_eq!(change.deliver_report("rc-open", REPORT, AT).await, Err(StoreError::Used));
        let nothing = change.commit("p-b", shirube_trail::Origin::Console, AT, crate::support::event("x", "")).await;
        assert_eq!(nothing, Err(StoreError::Nothing), "no step was one");
        let after = format!("{:?}", (store.credentials("p-a").await, store.session("d-a").await));
        assert_eq!(before, after);
        assert_eq!(store.head("b").await.unwrap(), head);
        // The id of an institution is an organisation's own: the same one elsewhere is another institution.
        let mut change = store.begin("b").await.unwrap();
        change.open_institution("i-a").await.unwrap();
        done(change).await;
        assert_eq!(store.institution_records("b", "i-a").await, Ok(vec![]));
        assert_eq!(store.issued_to("b", "i-a").await, Ok(vec![]));
        assert_eq!(store.people_of_institution("b", "i-a").await, Ok(vec![]));
        assert_eq!(store.institution_records("a", "i-a").await.unwrap().len(), 2);
        assert_eq!(store.issued_to("a", "i-a").await.unwrap().len(), 1);
        assert_eq!(store.people_of_institution("a", "i-a").await.unwrap().len(), 1);
        assert!(store.verify_trail("a", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// The ids of people are not an organisation's: whoever has no part in one is missing from it.
#[test]
fn ids_that_cannot_be_are_nowhere() {
    on_each_engine(async |place| {
        let store = place.open().await;
        two(&store).await;
        for id in ["", "\0", "a/b", "x\ny"] {
            assert_eq!(store.person(id).await, Err(StoreError::Missing(Missing::Person)));
            assert_eq!(store.person_by_sign_in(id).await, Ok(None));
            assert_eq!(store.memberships(id).await, Ok(vec![]));
            assert_eq!(store.credentials(id).await, Ok(Default::default()));
            assert_eq!(store.passkey(id).await, Ok(None));
            assert_eq!(store.session(id).await, Ok(None));
            assert_eq!(store.sessions(id, 1).await, Ok(vec![]));
            assert_eq!(store.one_time(id).await, Ok(None));
            assert_eq!(store.report_code(id).await, Ok(None));
            assert_eq!(store.last_report("a", "s-a", id).await, Ok(None));
            assert_eq!(store.token(id, AT).await, Ok(None));
            assert_eq!(store.service(id, id).await, Err(StoreError::Missing(Missing::Service)));
            assert_eq!(store.summary(id, id, 1).await, Ok(None));
            let document = store.issued_document(id, 1, id, id).await;
            assert_eq!(document, Err(StoreError::Missing(Missing::Document)));
            let records = store.institution_records("a", id).await;
            assert_eq!(records, Err(StoreError::Missing(Missing::Institution)));
            assert_eq!(store.issued_to("a", id).await, Ok(vec![]));
            assert_eq!(store.people_of_institution("a", id).await, Ok(vec![]));
            store.touch_session(id, AT).await.unwrap();
            store.touch_token(id, id, AT).await.unwrap();
            let none = store.entries("a", &Filter { actor: "\0", ..Filter::default() }).await;
            assert_eq!(none, Ok(vec![]));
            let mut change = store.begin("a").await.unwrap();
            assert_eq!(change.edit_person(id, "x", "x").await, Err(StoreError::Missing(Missing::Person)));
            assert_eq!(change.admit(id, "x", "x", AT).await, Err(StoreError::Missing(Missing::Person)));
            assert_eq!(change.switch_session(id).await, Err(StoreError::Missing(Missing::Session)));
            assert_eq!(change.use_one_time(id, "reset", AT).await, Err(StoreError::Used));
            assert_eq!(change.deliver_report(id, REPORT, AT).await, Err(StoreError::Used));
            let code = change.use_recovery_code("p-a", id, AT).await;
            assert_eq!(code, Err(StoreError::Used));
        }
        store.close().await;
    });
}
