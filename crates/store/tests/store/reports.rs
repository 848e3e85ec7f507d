//! Codes for reports of suppliers, and the reports that come with them (PARTY-007).

use std::collections::BTreeMap;

use shirube_store::{
    Damage, Missing, NewReportCode, NewReportDelivery, ReportDelivery, ReportState, Store, StoreError,
};
use shirube_trail::{Digest, Entry};

use crate::support::{AT, done, found, on_each_engine};

const UNTIL: &str = "2027-01-20T00:00:00.000Z";
const AFTER: &str = "2027-01-20T00:00:00.001Z";

fn code<'a>(request: &'a str, digest: &'a str) -> NewReportCode<'a> {
    NewReportCode { service: "s", request, supplier: "line", digest, by: "p-1", expires_at: UNTIL }
}

fn report(body: &str) -> NewReportDelivery<'_> {
    NewReportDelivery { sender: "回線株式会社", person: "髙橋", body }
}

async fn make(store: &Store, new: NewReportCode<'_>) -> Result<(), StoreError> {
    let mut change = store.begin("o").await.unwrap();
    change.make_report_code(new, AT).await?;
    done(change).await;
    Ok(())
}

async fn deliver(store: &Store, code: &str, body: &str, at: &str) -> Result<u64, StoreError> {
    let mut change = store.begin("o").await.unwrap();
    let number = change.deliver_report(code, report(body), at).await?;
    done(change).await;
    Ok(number)
}

async fn settle(store: &Store, request: &str, to: ReportState, reason: &str) -> Result<(), StoreError> {
    let mut change = store.begin("o").await.unwrap();
    change.settle_report("s", request, to, reason).await?;
    done(change).await;
    Ok(())
}

async fn state(store: &Store, request: &str) -> (ReportState, String) {
    let codes = store.report_codes("o", "s").await.unwrap();
    let code = codes.into_iter().find(|code| code.request == request).unwrap();
    (code.state, code.reason)
}

fn changed(found: ReportState) -> StoreError {
    StoreError::State { found: found.term().to_owned() }
}

async fn last_entry(store: &Store) -> Entry {
    let number = store.head("o").await.unwrap().number;
    store.trail("o", number - 1, 1).await.unwrap()[0].entry().unwrap()
}

/// PARTY-007: a report comes once, is returned with a reason, comes again with the same code, and is accepted.
#[test]
fn a_report_is_returned_and_comes_again_until_it_is_accepted() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        make(&store, code("r", "c")).await.unwrap();
        assert_eq!(state(&store, "r").await, (ReportState::Open, String::new()));
        assert_eq!(store.last_report("o", "s", "r").await, Ok(None));
        assert_eq!(settle(&store, "r", ReportState::Accepted, "").await, Err(changed(ReportState::Open)));

        assert_eq!(deliver(&store, "c", "一", AT).await, Ok(1));
        let sealed = last_entry(&store).await;
        assert_eq!(sealed.object, "service/s/report/r/1");
        let delivered = store.last_report("o", "s", "r").await.unwrap().unwrap();
        let wanted = ReportDelivery {
            service: "s".into(),
            request: "r".into(),
            number: 1,
            sender: "回線株式会社".into(),
            person: "髙橋".into(),
            digest: Digest::of("一".as_bytes()),
            body: "一".into(),
            entry: sealed.number,
            at: AT.into(),
        };
        assert_eq!(delivered, wanted);
        assert_eq!(store.arrived_reports("o").await, Ok(BTreeMap::from([("s".to_owned(), 1)])));
        assert_eq!(deliver(&store, "c", "二", AT).await, Err(StoreError::Used), "it waits for a decision");
        assert_eq!(make(&store, code("r", "c-2")).await, Err(changed(ReportState::Delivered)));
        assert_eq!(settle(&store, "r", ReportState::Withdrawn, "").await, Err(changed(ReportState::Delivered)));

        settle(&store, "r", ReportState::Returned, "有効期限がない").await.unwrap();
        assert_eq!(state(&store, "r").await, (ReportState::Returned, "有効期限がない".to_owned()));
        assert_eq!(store.arrived_reports("o").await, Ok(BTreeMap::new()));
        assert_eq!(deliver(&store, "c", "二", AT).await, Ok(2));
        assert_eq!(store.last_report("o", "s", "r").await.unwrap().unwrap().body, "二");
        settle(&store, "r", ReportState::Accepted, "").await.unwrap();
        assert_eq!(settle(&store, "r", ReportState::Returned, "").await, Err(changed(ReportState::Accepted)));
        assert_eq!(deliver(&store, "c", "三", AT).await, Err(StoreError::Used));
        assert_eq!(make(&store, code("r", "c-3")).await, Err(changed(ReportState::Accepted)));
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// A code that is unknown, too old, replaced or withdrawn takes nothing, and all say the same.
#[test]
fn only_the_code_of_today_takes_a_report() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        make(&store, code("r", "old")).await.unwrap();
        make(&store, code("r", "new")).await.unwrap();
        make(&store, code("gone", "withdrawn")).await.unwrap();
        settle(&store, "gone", ReportState::Withdrawn, "内輪の理由").await.unwrap();
        let head = store.head("o").await.unwrap();
        for (digest, at) in [("old", AT), ("unknown", AT), ("withdrawn", AT), ("new", UNTIL), ("new", AFTER), ("", AT)]
        {
            assert_eq!(deliver(&store, digest, "x", at).await, Err(StoreError::Used), "{digest} {at}");
        }
        assert_eq!(store.report_code("old").await, Ok(None));
        assert_eq!(store.report_code("new").await.unwrap().unwrap().organisation, "o");
        assert_eq!(store.head("o").await.unwrap(), head, "what is refused leaves nothing");
        assert_eq!(deliver(&store, "new", "x", AT).await, Ok(1));

        // A request that was withdrawn is asked again with another code; what is not there is told.
        make(&store, code("gone", "again")).await.unwrap();
        assert_eq!(state(&store, "gone").await, (ReportState::Open, String::new()), "why it was taken back stays here");
        let missing = Err(StoreError::Missing(Missing::ReportRequest));
        assert_eq!(settle(&store, "none", ReportState::Withdrawn, "").await, missing);
        assert_eq!(settle(&store, "gone", ReportState::Open, "").await, Err(StoreError::Nothing));
        assert_eq!(make(&store, code("a/b", "x")).await, Err(StoreError::Id("a/b".into())));
        let elsewhere = NewReportCode { service: "t", ..code("r", "x") };
        assert_eq!(make(&store, elsewhere).await, Err(StoreError::Missing(Missing::Service)));
        store.close().await;
    });
}

/// A returned request keeps its reason when its code is made anew.
#[test]
fn a_new_code_for_a_returned_request_keeps_the_reason() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        make(&store, code("r", "c")).await.unwrap();
        deliver(&store, "c", "一", AT).await.unwrap();
        settle(&store, "r", ReportState::Returned, "古い").await.unwrap();
        make(&store, code("r", "d")).await.unwrap();
        assert_eq!(state(&store, "r").await, (ReportState::Returned, "古い".to_owned()));
        assert_eq!(deliver(&store, "c", "二", AT).await, Err(StoreError::Used));
        assert_eq!(deliver(&store, "d", "二", AT).await, Ok(2));
        store.close().await;
    });
}

/// EVID-003: neither the report nor who sent it can be changed unseen.
#[test]
fn a_report_that_is_changed_past_the_program_shows() {
    let differs = |request: &str| vec![Damage::Report { service: "s".into(), request: request.into(), number: 1 }];
    let body = Damage::Content { digest: Digest::of("一".as_bytes()).to_string() };
    for (sql, damages) in [
        ("UPDATE report_delivery SET sender = '別の会社'", differs("r")),
        ("UPDATE report_delivery SET person = '別の人'", differs("r")),
        ("UPDATE content SET body = '二'", vec![body]),
        ("DELETE FROM report_delivery", vec![Damage::Gone { entry: 4, object: "service/s/report/r/1".into() }]),
    ] {
        on_each_engine(async |place| {
            let store = place.open().await;
            found(&store, "o", "s").await;
            make(&store, code("r", "c")).await.unwrap();
            deliver(&store, "c", "一", AT).await.unwrap();
            assert!(store.verify_trail("o", &[]).await.unwrap().holds());
            assert!(place.past(sql).await.is_err(), "{sql}");
            place.tamper(sql).await;
            assert_eq!(store.verify_trail("o", &[]).await.unwrap().damages, damages, "{sql}");
            store.close().await;
        });
    }
}
