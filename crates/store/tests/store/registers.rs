//! Registers of operation: records that stay, lists of what the last of each says, and the days of duties (OPS-001,
//! OPS-077, EVID-003).

use std::collections::{BTreeMap, BTreeSet};

use shirube_store::{Damage, Missing, NewRegisterRecord, RegisterDue, RegisterPage, Store, StoreError, WantedItems};
use shirube_trail::Digest;

use crate::support::{AT, done, found, on_each_engine, on_sqlite};

fn new(item: &str, based_on: u64, body: &str) -> NewRegisterRecord {
    NewRegisterRecord {
        register: "media".into(),
        item: item.into(),
        based_on,
        state: "in-use".into(),
        day: "2026-11-01".into(),
        body: body.into(),
        ..NewRegisterRecord::default()
    }
}

fn words(words: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    words.iter().map(|(field, word)| ((*field).to_owned(), (*word).to_owned())).collect()
}

fn due(due: &[(&str, &str)]) -> BTreeMap<String, String> {
    due.iter().map(|(duty, day)| ((*duty).to_owned(), (*day).to_owned())).collect()
}

async fn write(store: &Store, records: &[NewRegisterRecord]) -> Result<u64, StoreError> {
    let mut change = store.begin("o").await.unwrap();
    change.write_registers("s", records).await?;
    Ok(done(change).await.number)
}

async fn page(store: &Store, wanted: &WantedItems<'_>) -> RegisterPage {
    store.register_page("o", "s", "media", wanted).await.unwrap()
}

fn names(page: &RegisterPage) -> Vec<&str> {
    page.items.iter().map(|item| item.item.as_str()).collect()
}

fn wanted<'a>(words: &'a [(&'a str, &'a str)], limit: usize) -> WantedItems<'a> {
    WantedItems { words, limit, ..WantedItems::default() }
}

/// OPS-001: what was written stays, and lists show the last of it.
#[test]
fn records_stay_and_lists_show_the_last_of_each() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let first = NewRegisterRecord { words: words(&[("place", "棚A")]), ..new("テープ 1", 0, "一") };
        let entry = write(&store, &[first, new("M-2", 0, "二")]).await.unwrap();
        let sealed = store.trail("o", entry - 1, 1).await.unwrap()[0].entry().unwrap();
        assert_eq!(sealed.object, "service/s/register/media");

        let moved = NewRegisterRecord {
            step: "move".into(),
            day: "2026-11-20".into(),
            words: words(&[("place", "棚B")]),
            ..new("テープ 1", 1, "三")
        };
        let entry = write(&store, std::slice::from_ref(&moved)).await.unwrap();
        let sealed = store.trail("o", entry - 1, 1).await.unwrap()[0].entry().unwrap();
        assert_eq!(sealed.object, "service/s/register/media/テープ 1");

        let all = page(&store, &wanted(&[], 10)).await;
        assert_eq!((names(&all), all.next), (vec!["M-2", "テープ 1"], None));
        assert_eq!((all.items[1].number, all.items[1].body.as_str()), (2, "三"));
        assert_eq!(names(&page(&store, &wanted(&[("place", "棚A")], 10)).await), [""; 0]);
        assert_eq!(names(&page(&store, &wanted(&[("place", "棚B")], 10)).await), ["テープ 1"]);
        let records = store.register_records("o", "s", "media", "テープ 1").await.unwrap();
        let told: Vec<_> = records.iter().map(|one| (one.number, one.step.as_str(), one.body.as_str())).collect();
        assert_eq!(told, [(1, "", "一"), (2, "move", "三")]);
        assert_eq!((records[1].at.as_str(), records[1].actor.as_str(), records[1].entry), (AT, "p-1", entry));
        assert_eq!(store.register_item("o", "s", "media", "テープ 1").await.unwrap().body, "三");
        let missing = Err(StoreError::Missing(Missing::RegisterItem));
        assert_eq!(store.register_item("o", "s", "media", "M-3").await, missing);
        let sizes = store.register_sizes("o", "s", &["media", "disposal"]).await.unwrap();
        assert_eq!(sizes, BTreeMap::from([("disposal".to_owned(), 0), ("media".to_owned(), 2)]));
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// Two people who write about the same entry do not overwrite each other.
#[test]
fn whoever_has_not_seen_the_last_record_writes_nothing() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        write(&store, &[new("M-1", 0, "一")]).await.unwrap();
        write(&store, &[new("M-1", 1, "二")]).await.unwrap();
        let head = store.head("o").await.unwrap();
        let late = StoreError::RecordMeanwhile { item: "M-1".into() };
        for (record, error) in [
            (new("M-1", 1, "三"), late),
            (new("M-1", 0, "三"), StoreError::Exists("M-1".into())),
            (new("M-2", 1, "三"), StoreError::Missing(Missing::RegisterItem)),
            (new("a/b", 0, "三"), StoreError::Id("a/b".into())),
            (NewRegisterRecord { register: String::new(), ..new("M-3", 0, "") }, StoreError::Id(String::new())),
        ] {
            // What stands before it in the same change is not written either.
            assert_eq!(write(&store, &[new("M-9", 0, "九"), record]).await, Err(error));
        }
        assert_eq!(write(&store, &[]).await, Err(StoreError::Nothing));
        assert_eq!(store.head("o").await.unwrap(), head);
        assert_eq!(names(&page(&store, &wanted(&[], 10)).await), ["M-1"]);
        store.close().await;
    });
}

/// OPS-077: the calendar knows the next day of each duty, of entries and of whole registers.
#[test]
fn the_next_days_of_duties_follow_the_last_record() {
    on_each_engine(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let first = NewRegisterRecord {
            due: due(&[("condition", "2026-12-01"), ("renew", "2030-01-01")]),
            ..new("M-1", 0, "一")
        };
        let whole = NewRegisterRecord {
            step: "stocktaking".into(),
            state: String::new(),
            due: due(&[("stocktaking", "2027-03-31")]),
            ..new("", 0, "異常なし")
        };
        write(&store, &[first, whole.clone()]).await.unwrap();
        let line = |day: &str, item: &str, duty: &str| RegisterDue {
            day: day.into(),
            service: "s".into(),
            register: "media".into(),
            item: item.into(),
            duty: duty.into(),
        };
        let until = async |day: &str| store.due_until("o", None, day, 10).await.unwrap();
        assert_eq!(until("2026-11-30").await, []);
        let wanted = [line("2026-12-01", "M-1", "condition"), line("2027-03-31", "", "stocktaking")];
        assert_eq!(until("2029-12-31").await, wanted);
        assert_eq!(store.due_until("o", None, "2029-12-31", 1).await.unwrap(), wanted[..1]);

        let counts = store.due_counts("o", "2026-12-02").await.unwrap();
        let count = |duty: &str| counts.iter().find(|one| one.duty == duty).unwrap().clone();
        assert_eq!((count("condition").overdue, count("condition").next), (1, None));
        assert_eq!((count("renew").overdue, count("renew").next.as_deref()), (0, Some("2030-01-01")));
        let of_item = store.due_of_items("o", "s", "media", &["M-1", "M-9"]).await.unwrap();
        assert_eq!(of_item, [line("2026-12-01", "M-1", "condition"), line("2030-01-01", "M-1", "renew")]);
        assert_eq!(store.due_until("o", Some("t"), "9999", 10).await.unwrap(), []);
        assert_eq!(store.due_until("o", Some("s"), "9999", 10).await.unwrap().len(), 3);

        let checked = NewRegisterRecord {
            step: "condition".into(),
            day: "2026-12-01".into(),
            due: due(&[("condition", "2027-01-01")]),
            ..new("M-1", 1, "一")
        };
        let again = NewRegisterRecord { day: "2027-03-30".into(), due: due(&[]), ..whole };
        write(&store, &[checked, again]).await.unwrap();
        assert_eq!(until("2099-12-31").await, [line("2027-01-01", "M-1", "condition")]);
        let last = store.last_done("o", "s", "media", "stocktaking").await.unwrap().unwrap();
        assert_eq!((last.day.as_str(), last.item.as_str(), last.number), ("2027-03-30", "", 2));
        assert_eq!(store.last_done("o", "s", "media", "lose").await, Ok(None));
        let newest = [("", "2026-11-01"), ("condition", "2026-12-01"), ("stocktaking", "2027-03-30")];
        let newest = newest.map(|(step, day)| (("media".to_owned(), step.to_owned()), day.to_owned()));
        assert_eq!(store.newest_days("o", "s").await.unwrap(), BTreeMap::from(newest));

        let mut change = store.begin("o").await.unwrap();
        change.plan_again("s", "media", "M-1", &due(&[("condition", "2027-06-01")])).await.unwrap();
        change.about("service/s/settings");
        done(change).await;
        assert_eq!(until("2099-12-31").await, [line("2027-06-01", "M-1", "condition")]);
        assert!(store.verify_trail("o", &[]).await.unwrap().holds());
        store.close().await;
    });
}

/// Page by page, everything that is wanted comes exactly once, whatever is rare and whatever the size of the pages.
#[test]
fn pages_hold_all_that_is_wanted_once() {
    on_sqlite(async |place| {
        let store = place.open().await;
        found(&store, "o", "s").await;
        let kinds = |n: usize| words(&[("odd", if n % 2 == 1 { "y" } else { "n" }), ("third", &(n % 3).to_string())]);
        let record = |n: usize| NewRegisterRecord { words: kinds(n), ..new(&format!("{n:05}"), 0, &format!("{n}")) };
        let records: Vec<_> = (1..=6_000).map(record).collect();
        write(&store, &records).await.unwrap();
        let ends_with_7 = |text: &str| text.ends_with('7');
        let rare = |text: &str| text == "3";
        type Text<'a> = Option<&'a (dyn Fn(&str) -> bool + Sync)>;
        /// Words, what the text must fulfil, and how many on a page.
        type Case<'a> = (&'a [(&'a str, &'a str)], Text<'a>, usize);
        let cases: [Case<'_>; 7] = [
            (&[], None, 1_000),
            (&[("odd", "y")], None, 1_000),
            (&[("odd", "y"), ("third", "2")], None, 7),
            (&[("third", "2"), ("odd", "y")], Some(&ends_with_7), 50),
            (&[], Some(&rare), 50),
            (&[("odd", "y"), ("odd", "n")], None, 50),
            (&[("odd", "?")], None, 50),
        ];
        for (words, text, limit) in cases {
            let fits = |n: &usize| {
                words.iter().all(|word| kinds(*n).contains(&(word.0.to_owned(), word.1.to_owned())))
                    && text.is_none_or(|text| text(&n.to_string()))
            };
            let expected: Vec<String> = (1..=6_000).rev().filter(fits).map(|n| format!("{n:05}")).collect();
            let (mut told, mut before) = (Vec::new(), None);
            loop {
                let page = page(&store, &WantedItems { words, text, before, limit }).await;
                assert!(page.items.len() <= limit);
                assert!(page.items.len() == limit || page.is_partial || page.next.is_none());
                assert!(!page.is_partial || page.looked_through == if text.is_some() { 2_000 } else { 5_000 });
                told.extend(page.items.iter().map(|item| item.item.clone()));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(told, expected, "{words:?}");
        }
        store.close().await;
    });
}

/// EVID-003: nothing of a record can be changed unseen, nor what lists show of it.
#[test]
fn a_record_that_is_changed_past_the_program_shows() {
    let register = || vec![Damage::Register { entry: 3 }];
    let item = || vec![Damage::RegisterItem { service: "s".into(), register: "media".into(), item: "M-1".into() }];
    let body = Damage::Content { digest: Digest::of("一".as_bytes()).to_string() };
    for (sql, is_guarded, damages) in [
        ("UPDATE register_record SET day = '2020-01-01'", true, register()),
        ("UPDATE register_record SET step = 'move'", true, register()),
        ("UPDATE content SET body = '二'", true, vec![body]),
        ("UPDATE register_item SET state = 'disposed'", false, item()),
        ("DELETE FROM register_item", false, item()),
        ("UPDATE register_item SET number = 2", false, item()),
    ] {
        on_each_engine(async |place| {
            let store = place.open().await;
            found(&store, "o", "s").await;
            write(&store, &[new("M-1", 0, "一")]).await.unwrap();
            assert!(store.verify_trail("o", &[]).await.unwrap().holds());
            if is_guarded {
                assert!(place.past(sql).await.is_err(), "{sql}");
            }
            place.tamper(sql).await;
            assert_eq!(store.verify_trail("o", &[]).await.unwrap().damages, damages, "{sql}");
            store.close().await;
        });
    }
}
