//! What the home page says of agreements: whom to ask again, and whose questions wait.

use shirube_store::StoreError;

use super::{active_services, work};
use crate::app::App;
use crate::app::notices::Notice;

/// AGREE-023: for each service, how many institutions are to be asked again, and how many questions wait.
pub async fn notices(app: &App, organisation: &str) -> Result<Vec<Notice>, StoreError> {
    let roster = work::roster(app, organisation).await?;
    let mut notices = Vec::new();
    for service in active_services(app, organisation).await? {
        let Some(revision) = service.revision.filter(|_| roster.users(&service.id).next().is_some()) else { continue };
        let stood = match work::all(app, (organisation, &service.id), revision, &roster).await {
            Ok(stood) => stood,
            // The page says by itself which revisions cannot be read.
            Err(StoreError::Inconsistent { .. }) => continue,
            Err(error) => return Err(error),
        };
        let on: Vec<_> = stood.values().filter(|stood| !stood.is_over).collect();
        let again = on.iter().filter(|stood| !stood.again.reopened.is_empty()).count();
        let unanswered: usize = on.iter().map(|stood| stood.unanswered).sum();
        let base = format!("/o/{organisation}/s/{}/institutions", service.id);
        let name = &service.name;
        let lines = [
            (again, "again", format!("「{name}」について、合意し直す医療機関等が{again}件あります。")),
            (
                unanswered,
                "questions",
                format!("「{name}」について、医療機関等の質問が{unanswered}件、答えを待っています。"),
            ),
        ];
        let waiting = lines.into_iter().filter(|(count, ..)| *count > 0);
        notices.extend(waiting.map(|(_, show, text)| Notice {
            text,
            href: format!("{base}?show={show}"),
            is_grave: false,
        }));
    }
    Ok(notices)
}
