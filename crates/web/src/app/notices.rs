//! What people are told at the top of their home page: about their own way in, and, for those who look after accounts,
//! about others'.

use chrono::Duration;
use shirube_store::StoreError;

use super::guard::Acting;
use super::{App, institution, organisation, permits, register, world};
use crate::reader::{Action, Resource};

/// How long a lock or a suspicion is worth a line.
const DAYS: i64 = 7;
/// How long before its day a review is announced.
const DAYS_BEFORE: i64 = 30;

/// One line, and the page where something can be done.
pub struct Notice {
    pub text: String,
    pub href: String,
    pub is_grave: bool,
}

/// All of them.
pub async fn notices(app: &App, acting: &Acting) -> Result<Vec<Notice>, StoreError> {
    let mut notices = own(app, acting).await?;
    if acting.reader.may(Action::Edit, Resource::Model) {
        notices.extend(of_reports(app, acting).await?);
    }
    if acting.reader.may(Action::View, Resource::Agreement) {
        notices.extend(institution::notices(app, &acting.reader.organisation_id).await?);
    }
    if acting.reader.may(Action::View, Resource::Register) {
        notices.extend(of_duties(app, acting).await?);
    }
    if acting.reader.may(Action::Review, Resource::People) {
        notices.extend(of_accounts(app, acting).await?);
    }
    Ok(notices)
}

/// AUTHN-015: a failure under the reader's own id since the time before.
async fn own(app: &App, acting: &Acting) -> Result<Vec<Notice>, StoreError> {
    let visitor = &acting.visitor;
    let (previous, failed) = app.store().sign_ins_before(&visitor.person.id, &visitor.session).await?;
    let Some(previous) = previous else { return Ok(Vec::new()) };
    let failed = failed.filter(|failed| *failed > previous);
    let notice = |failed: String| Notice {
        text: format!(
            "前のログイン（{}）の後、{}に、あなたのログインIDでのログインが失敗しています。覚えがなければ、管理者に知らせてください。",
            world::shown_text(&previous),
            world::shown_text(&failed)
        ),
        href: "/account".to_owned(),
        is_grave: true,
    };
    Ok(failed.map(notice).into_iter().collect())
}

/// PARTY-007: reports of suppliers that wait for a decision.
async fn of_reports(app: &App, acting: &Acting) -> Result<Vec<Notice>, StoreError> {
    let organisation = &acting.reader.organisation_id;
    let arrived = app.store().arrived_reports(organisation).await?;
    if arrived.is_empty() {
        return Ok(Vec::new());
    }
    let services = app.store().services(organisation).await?;
    let notice = |(service, count): (String, u64)| {
        let name = services.iter().find(|one| one.id == service).map_or(service.as_str(), |one| &one.name);
        Notice {
            text: format!("「{name}」に、委託先などからの報告が{count}件届いています。"),
            href: format!("/o/{organisation}/s/{service}/supply/requests"),
            is_grave: false,
        }
    };
    Ok(arrived.into_iter().map(notice).collect())
}

/// OPS-077: duties whose day has gone by.
async fn of_duties(app: &App, acting: &Acting) -> Result<Vec<Notice>, StoreError> {
    let organisation = &acting.reader.organisation_id;
    let overdue = register::overdue(app, organisation).await?;
    if overdue.is_empty() {
        return Ok(Vec::new());
    }
    let services = app.store().services(organisation).await?;
    let notice = |(service, count): (String, u64)| {
        let name = services.iter().find(|one| one.id == service).map_or(service.as_str(), |one| &one.name);
        Notice {
            text: format!("「{name}」に、期日を過ぎた務めが{count}件あります。"),
            href: format!("/o/{organisation}/duties?service={service}"),
            is_grave: true,
        }
    };
    Ok(overdue.into_iter().map(notice).collect())
}

async fn of_accounts(app: &App, acting: &Acting) -> Result<Vec<Notice>, StoreError> {
    let organisation = &acting.reader.organisation_id;
    let (names, now) = (app.store().names(organisation).await?, app.now());
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let mut notices = Vec::new();
    let since = world::written(now - Duration::days(DAYS));
    // AUTHN-010, AUTHN-004: whoever looks after accounts hears of locks, copies and substitutes by themselves.
    for (action, what) in [
        ("sign-in.locked", "ログインが続けて失敗し、しばらく受け付けないようにしました"),
        ("passkey.copied", "パスキーが複製された疑いがあります"),
        ("sign-in.substitute", "二つ目の認証の代わりの手段でログインしました"),
    ] {
        for entry in app.store().latest_entries(organisation, action, &since, 5).await? {
            notices.push(Notice {
                text: format!("{}さん: {what}（{}）。", name(&entry.actor), world::shown_text(&entry.at)),
                href: format!("/o/{organisation}/people/{}", entry.actor),
                is_grave: true,
            });
        }
    }
    for permit in app.store().permits(organisation, &world::written(now)).await? {
        notices.push(Notice {
            text: format!(
                "{}さんに、{}を{}まで認めています。",
                name(&permit.person),
                permits::term(&permit.kind),
                world::shown_text(&permit.until)
            ),
            href: format!("/o/{organisation}/people/{}", permit.person),
            is_grave: false,
        });
    }
    notices.extend(review(app, organisation).await?);
    Ok(notices)
}

/// AUTHN-020: the next review of accounts.
async fn review(app: &App, organisation: &str) -> Result<Option<Notice>, StoreError> {
    let reviews = app.store().account_reviews(organisation).await?;
    let href = format!("/o/{organisation}/people/review");
    if reviews.iter().any(|review| review.finished_at.is_none()) {
        return Ok(Some(Notice {
            text: "アカウントの点検の途中です。".to_owned(), href, is_grave: false
        }));
    }
    let due = match reviews.first().and_then(|review| review.next_on.clone()) {
        Some(day) => day,
        None => {
            // The first one is due so long after the first account was made.
            let months = organisation::settings(app, organisation).await?.review_months;
            let people = app.store().people(organisation).await?;
            let first = people.iter().map(|member| member.person.created_at.as_str()).min().and_then(world::read);
            let due = first.and_then(|first| world::date(first).checked_add_months(chrono::Months::new(months)));
            due.map(|day| day.to_string()).unwrap_or_default()
        }
    };
    let (today, soon) = (world::day(app.now()), world::day(app.now() + Duration::days(DAYS_BEFORE)));
    if due.is_empty() || due > soon {
        return Ok(None);
    }
    let text = match due < today {
        true => format!("アカウントの点検の期限（{}）が過ぎています。", world::shown_day(&due)),
        false => format!("アカウントの点検の期限は{}です。", world::shown_day(&due)),
    };
    Ok(Some(Notice { text, href, is_grave: due < today }))
}
