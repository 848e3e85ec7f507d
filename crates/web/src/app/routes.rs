//! Every address of the application, and what it takes to be let in.
//!
//! The router is made from this list and from nothing else: an address without its line does not exist.

use std::collections::BTreeMap;

use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use axum::{Router, extract::State};
use shirube_identity::role::{Action, Resource};

use super::guard::{self, Gate};
use super::{
    App, account, api, audits, board, bulk, checklist, decide, documents, edit, evidence, guests, history, home, house,
    import, incident, institution, invitation, jobs, leak, levels, lists, maintenance, message, metrics, model, oidc,
    passkey_sign_in, passkeys, people, permits, preferences, register, reports, review, revisions, rights, second,
    selection, services, settings, setup, sign_in, start, supply, table, tokens, trail, views, webhooks,
};
use crate::headers::{encrypted_only, protect_application};
use crate::page;
use crate::{guideline, words};

/// What it takes to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: what is behind protects itself, by a password or a one-time token.
    Nothing,
    /// A password was right; the second factor may still be missing.
    Stage,
    /// Signed in.
    Person,
    /// A right in the organisation of the address.
    Right(Action, Resource),
    /// A right in the organisation of the address, which has the service of the address.
    Service(Action, Resource),
}

/// One address and method.
pub struct Route {
    /// `GET` or `POST`; for the API also `PUT` and `DELETE`.
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Needs,
    /// What an address of the API does; none for pages.
    pub operation: Option<super::api::Operation>,
    pub(super) handler: MethodRouter<App>,
}

fn route(method: &'static str, path: &'static str, needs: Needs, handler: MethodRouter<App>) -> Route {
    Route { method, path, needs, operation: None, handler }
}

/// All of them.
pub fn routes() -> Vec<Route> {
    let mut all = of_people();
    all.extend(of_organisation());
    all.extend(of_service());
    all.extend(api::routes());
    all.extend(of_guidelines());
    all
}

fn of_people() -> Vec<Route> {
    use Needs::{Nothing, Person, Stage};
    vec![
        route("GET", "/healthz", Nothing, get(metrics::health)),
        route("GET", "/readyz", Nothing, get(metrics::ready)),
        route("GET", "/metrics", Nothing, get(metrics::metrics)),
        route("GET", "/assets/{name}", Nothing, get(page::files::asset)),
        route("GET", "/favicon.ico", Nothing, get(page::files::favicon)),
        route("GET", "/setup", Nothing, get(setup::show)),
        route("POST", "/setup", Nothing, post(setup::create)),
        route("GET", "/invitation", Nothing, get(invitation::show)),
        route("POST", "/invitation", Nothing, post(invitation::accept)),
        route("GET", "/sign-in", Nothing, get(sign_in::show)),
        route("POST", "/sign-in", Nothing, post(sign_in::enter)),
        route("GET", "/sign-in/organisation", Nothing, get(oidc::door)),
        route("GET", "/sign-in/organisation/start", Nothing, get(oidc::start)),
        route("GET", "/sign-in/organisation/back", Nothing, get(oidc::back)),
        route("POST", "/sign-in/passkey", Nothing, post(passkey_sign_in::enter)),
        route("GET", "/sign-in/second", Stage, get(second::show)),
        route("POST", "/sign-in/second", Stage, post(second::enter)),
        route("POST", "/sign-in/second/passkey", Stage, post(passkey_sign_in::second)),
        route("GET", "/calendar/{feed}", Nothing, get(register::feed::read)),
        route("POST", "/sign-out", Stage, post(sign_in::leave)),
        route("GET", "/", Person, get(home::start)),
        route("GET", "/reference/api", Person, get(api::reference)),
        route("GET", "/api/v1/openapi.json", Nothing, get(api::openapi)),
        route("GET", "/account", Person, get(account::show)),
        route("POST", "/account/sessions", Person, post(account::end_session)),
        route("GET", "/account/password", Person, get(account::password_form)),
        route("POST", "/account/password", Person, post(account::change_password)),
        route("GET", "/account/passkeys", Person, get(passkeys::show)),
        route("POST", "/account/passkeys", Person, post(passkeys::change)),
        route("GET", "/account/outside", Person, get(oidc::account)),
        route("POST", "/account/outside", Person, post(oidc::begin_link)),
        route("POST", "/account/outside/unlink", Person, post(oidc::unlink)),
        route("GET", "/join", Person, get(guests::show)),
        route("POST", "/join", Person, post(guests::accept)),
        route("GET", "/account/second", Person, get(account::second_form)),
        route("POST", "/account/second", Person, post(account::second_start)),
        route("POST", "/account/look", Person, post(preferences::set_look)),
        route("POST", "/account/guide", Person, post(preferences::set_guide)),
        route("POST", "/account/second/confirm", Person, post(account::second_confirm)),
    ]
}

fn of_organisation() -> Vec<Route> {
    let view = |resource| Needs::Right(Action::View, resource);
    let may = Needs::Right;
    vec![
        route("GET", "/o/{organisation}/", view(Resource::OwnAccount), get(home::show)),
        route("GET", "/o/{organisation}/rights", view(Resource::OwnAccount), get(rights::show)),
        route("GET", "/o/{organisation}/people", view(Resource::People), get(people::list)),
        route("POST", "/o/{organisation}/people", may(Action::Create, Resource::People), post(people::invite)),
        route("POST", "/o/{organisation}/people/guests", may(Action::Create, Resource::People), post(guests::invite)),
        route("GET", "/o/{organisation}/people/leak", may(Action::Edit, Resource::People), get(leak::show)),
        route("POST", "/o/{organisation}/people/leak", may(Action::Edit, Resource::People), post(leak::reissue)),
        route("GET", "/o/{organisation}/people/review", view(Resource::People), get(review::show)),
        route("POST", "/o/{organisation}/people/review", may(Action::Review, Resource::People), post(review::change)),
        route("GET", "/o/{organisation}/people/review/{review}", view(Resource::People), get(review::report)),
        route("GET", "/o/{organisation}/people/{person}", view(Resource::People), get(people::one)),
        route("POST", "/o/{organisation}/people/{person}", may(Action::Edit, Resource::People), post(people::change)),
        route(
            "POST",
            "/o/{organisation}/people/{person}/permits",
            may(Action::Review, Resource::People),
            post(permits::change),
        ),
        route("GET", "/o/{organisation}/institutions", view(Resource::Institution), get(institution::list)),
        route(
            "POST",
            "/o/{organisation}/institutions",
            may(Action::Create, Resource::Institution),
            post(institution::add),
        ),
        route(
            "POST",
            "/o/{organisation}/institutions/import",
            may(Action::Import, Resource::Institution),
            post(institution::preview_import).layer(DefaultBodyLimit::max(institution::LONGEST_UPLOAD_BYTES)),
        ),
        route(
            "POST",
            "/o/{organisation}/institutions/import/save",
            may(Action::Import, Resource::Institution),
            post(institution::save_import),
        ),
        route(
            "GET",
            "/o/{organisation}/institutions/{institution}",
            view(Resource::Institution),
            get(institution::show_one),
        ),
        route(
            "POST",
            "/o/{organisation}/institutions/{institution}",
            may(Action::Edit, Resource::Institution),
            post(institution::change_one),
        ),
        route(
            "POST",
            "/o/{organisation}/institutions/{institution}/people",
            may(Action::Create, Resource::People),
            post(institution::invite),
        ),
        // Nothing is kept of what is laid side by side, so who may look may also send.
        route("GET", "/o/{organisation}/selection", view(Resource::Service), get(selection::show)),
        route(
            "POST",
            "/o/{organisation}/selection",
            view(Resource::Service),
            post(selection::compare).layer(DefaultBodyLimit::max(selection::LONGEST_UPLOAD_BYTES)),
        ),
        route("GET", "/o/{organisation}/duties", view(Resource::Register), get(register::duties)),
        route("GET", "/o/{organisation}/duties/feed", view(Resource::Register), get(register::feed::show)),
        route("POST", "/o/{organisation}/duties/feed", view(Resource::Register), post(register::feed::change)),
        route("GET", "/o/{organisation}/duties.ics", may(Action::Export, Resource::Register), get(register::calendar)),
        route("GET", "/o/{organisation}/portal", view(Resource::Portal), get(institution::portal)),
        route("GET", "/o/{organisation}/portal/{service}", view(Resource::Portal), get(institution::show_portal)),
        route(
            "POST",
            "/o/{organisation}/portal/{service}",
            may(Action::Edit, Resource::Portal),
            post(institution::answer_portal),
        ),
        route(
            "GET",
            "/o/{organisation}/portal/{service}/pack.zip",
            may(Action::Export, Resource::Portal),
            get(institution::portal_pack),
        ),
        route(
            "GET",
            "/o/{organisation}/portal/{service}/confirmation/{format}",
            may(Action::Export, Resource::Portal),
            get(institution::portal_confirmation),
        ),
        route(
            "GET",
            "/o/{organisation}/portal/{service}/issued/{entry}/{file}",
            may(Action::Export, Resource::Portal),
            get(institution::portal_document),
        ),
        route("GET", "/o/{organisation}/settings", view(Resource::Organisation), get(settings::show)),
        route("POST", "/o/{organisation}/settings", may(Action::Edit, Resource::Organisation), post(settings::change)),
        route("GET", "/o/{organisation}/settings/provider", view(Resource::Organisation), get(oidc::show_settings)),
        route(
            "POST",
            "/o/{organisation}/settings/provider",
            may(Action::Edit, Resource::Organisation),
            post(oidc::change_settings),
        ),
        route("GET", "/o/{organisation}/trail", view(Resource::Trail), get(trail::show)),
        route("GET", "/o/{organisation}/trail/export", may(Action::Export, Resource::Trail), get(trail::export)),
        route("GET", "/o/{organisation}/tokens", view(Resource::Token), get(tokens::list)),
        // Making one is a right of its own, which is checked inside; one's own can always be revoked.
        route("POST", "/o/{organisation}/tokens", view(Resource::Token), post(tokens::change)),
        route("GET", "/o/{organisation}/webhooks", view(Resource::Organisation), get(webhooks::list)),
        route("POST", "/o/{organisation}/webhooks", may(Action::Edit, Resource::Organisation), post(webhooks::change)),
        route("GET", "/o/{organisation}/services/new", may(Action::Create, Resource::Service), get(services::form)),
        route("POST", "/o/{organisation}/services/new", may(Action::Create, Resource::Service), post(services::create)),
    ]
}

/// What the guidelines and their words say: for everybody who is signed in, and with the answers of a service.
fn of_guidelines() -> Vec<Route> {
    let all = Needs::Right(Action::View, Resource::OwnAccount);
    let inside = Needs::Service(Action::View, Resource::Control);
    vec![
        route("GET", "/o/{organisation}/glossary", all, get(words::show)),
        route("GET", "/o/{organisation}/catalog", all, get(guideline::list)),
        route("GET", "/o/{organisation}/catalog/search", all, get(guideline::search)),
        route("GET", "/o/{organisation}/catalog/compare", all, get(guideline::compare)),
        route("GET", "/o/{organisation}/catalog/{edition}", all, get(guideline::one)),
        route("GET", "/o/{organisation}/catalog/{edition}/{id}", all, get(guideline::item)),
        route("GET", "/o/{organisation}/s/{service}/glossary", inside, get(words::show)),
        route("GET", "/o/{organisation}/s/{service}/catalog", inside, get(guideline::list)),
        route("GET", "/o/{organisation}/s/{service}/catalog/search", inside, get(guideline::search)),
        route("GET", "/o/{organisation}/s/{service}/catalog/compare", inside, get(guideline::compare)),
        route("GET", "/o/{organisation}/s/{service}/catalog/{edition}", inside, get(guideline::one)),
        route("GET", "/o/{organisation}/s/{service}/catalog/{edition}/{id}", inside, get(guideline::item)),
    ]
}

fn of_service() -> Vec<Route> {
    let view = |resource| Needs::Service(Action::View, resource);
    let may = Needs::Service;
    vec![
        route("GET", "/o/{organisation}/s/{service}/", view(Resource::Model), get(page::overview::show)),
        route("GET", "/o/{organisation}/s/{service}/start", view(Resource::Model), get(start::show)),
        route("GET", "/o/{organisation}/s/{service}/diagram", view(Resource::Model), get(page::diagram::show)),
        route("GET", "/o/{organisation}/s/{service}/flows", view(Resource::Model), get(page::flows::show)),
        route("GET", "/o/{organisation}/s/{service}/risks", view(Resource::Risk), get(views::risks)),
        route("GET", "/o/{organisation}/s/{service}/risks/{number}", view(Resource::Risk), get(evidence::risk)),
        route("GET", "/o/{organisation}/s/{service}/coverage", view(Resource::Risk), get(page::coverage::show)),
        route("GET", "/o/{organisation}/s/{service}/treatments", view(Resource::Risk), get(evidence::treatments)),
        route("GET", "/o/{organisation}/s/{service}/controls", view(Resource::Control), get(views::controls)),
        route("GET", "/o/{organisation}/s/{service}/controls/{id}", view(Resource::Control), get(evidence::control)),
        route("GET", "/o/{organisation}/s/{service}/statutory", view(Resource::Control), get(page::statutory::show)),
        route("GET", "/o/{organisation}/s/{service}/documents", view(Resource::Document), get(documents::list)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/documents",
            may(Action::Issue, Resource::Document),
            post(documents::issue_all),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/documents/all",
            may(Action::Export, Resource::Document),
            post(documents::drafts),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/documents/since/{since}",
            view(Resource::Document),
            get(documents::since),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/documents/{file}/view",
            may(Action::Export, Resource::Document),
            get(documents::view),
        ),
        route("GET", "/o/{organisation}/s/{service}/jobs/{job}", view(Resource::Document), get(jobs::show)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/jobs/{job}",
            may(Action::Export, Resource::Document),
            post(jobs::stop),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/jobs/{job}/documents.zip",
            may(Action::Export, Resource::Document),
            get(jobs::result),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/documents/{file}",
            may(Action::Export, Resource::Document),
            get(documents::draft),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/disclosure-data",
            may(Action::Export, Resource::Document),
            get(documents::disclose),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/issued/{entry}/{file}",
            may(Action::Export, Resource::Issued),
            get(documents::copy),
        ),
        // The right to change follows from the record, and is checked inside.
        route("GET", "/o/{organisation}/s/{service}/record", may(Action::Edit, Resource::Model), get(edit::show)),
        route("POST", "/o/{organisation}/s/{service}/record", may(Action::Edit, Resource::Model), post(edit::change)),
        route("GET", "/o/{organisation}/s/{service}/model", view(Resource::Model), get(model::show)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/model/paste",
            may(Action::Import, Resource::Model),
            get(model::paste_form),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/model/paste",
            may(Action::Import, Resource::Model),
            post(model::paste_rows),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/risks/bulk",
            may(Action::Edit, Resource::Risk),
            post(decide::decide),
        ),
        route("GET", "/o/{organisation}/s/{service}/board", view(Resource::Risk), get(board::show)),
        route("POST", "/o/{organisation}/s/{service}/board", may(Action::Edit, Resource::Risk), post(board::change)),
        route("POST", "/o/{organisation}/s/{service}/views", view(Resource::Model), post(views::change)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/controls/{id}/history",
            view(Resource::Control),
            get(history::show),
        ),
        route("GET", "/o/{organisation}/s/{service}/table", may(Action::Edit, Resource::Model), get(table::show)),
        route("POST", "/o/{organisation}/s/{service}/table", may(Action::Edit, Resource::Model), post(table::change)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/controls/bulk",
            may(Action::Edit, Resource::Control),
            post(bulk::answer),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/checklist",
            may(Action::Edit, Resource::Model),
            get(checklist::show),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/checklist",
            may(Action::Edit, Resource::Model),
            post(checklist::change),
        ),
        route("GET", "/o/{organisation}/s/{service}/house", may(Action::Edit, Resource::Model), get(house::show)),
        route("POST", "/o/{organisation}/s/{service}/house", may(Action::Edit, Resource::Model), post(house::change)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/house/logo",
            may(Action::Edit, Resource::Model),
            post(house::put_logo).layer(DefaultBodyLimit::max(house::LONGEST_UPLOAD_BYTES)),
        ),
        route("GET", "/o/{organisation}/s/{service}/supply", may(Action::View, Resource::Model), get(supply::show)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/supply/take",
            may(Action::Import, Resource::Model),
            post(supply::take).layer(DefaultBodyLimit::max(supply::LONGEST_UPLOAD_BYTES)),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/supply/workbook",
            may(Action::Import, Resource::Model),
            get(supply::workbook),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/supply/report/{file}",
            may(Action::Export, Resource::Model),
            get(supply::report),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/supply/requests",
            view(Resource::Model),
            get(supply::show_requests),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/supply/requests",
            may(Action::Edit, Resource::Model),
            post(supply::change_request),
        ),
        route("GET", "/o/{organisation}/s/{service}/supply/upward", view(Resource::Model), get(supply::show_upward)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/supply/upward",
            may(Action::Edit, Resource::Model),
            post(supply::send_upward),
        ),
        route("GET", "/o/{organisation}/s/{service}/registers", view(Resource::Register), get(register::index)),
        route("GET", "/o/{organisation}/s/{service}/own-registers", view(Resource::Register), get(register::own::show)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/own-registers",
            may(Action::Import, Resource::Register),
            post(register::own::change),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/own-registers/{file}",
            may(Action::Export, Resource::Register),
            get(register::own::file),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}",
            view(Resource::Register),
            get(register::list),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}",
            may(Action::Edit, Resource::Register),
            post(register::did),
        ),
        route("GET", "/o/{organisation}/s/{service}/audits", view(Resource::Register), get(audits::list)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/audits/summary/{format}",
            may(Action::Export, Resource::Register),
            get(audits::summary),
        ),
        route("GET", "/o/{organisation}/s/{service}/audits/a/{item}", view(Resource::Register), get(audits::show)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/audits/a/{item}/{file}",
            may(Action::Export, Resource::Register),
            get(audits::file),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/audits/a/{item}/take",
            may(Action::Edit, Resource::Register),
            post(audits::take).layer(DefaultBodyLimit::max(register::LONGEST_UPLOAD_BYTES)),
        ),
        route("GET", "/o/{organisation}/s/{service}/maintenance", view(Resource::Register), get(maintenance::show)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/maintenance",
            may(Action::Edit, Resource::Register),
            post(maintenance::ask),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/maintenance/board/{format}",
            may(Action::Export, Resource::Register),
            get(maintenance::board),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/maintenance/{item}/letter",
            may(Action::Export, Resource::Register),
            get(maintenance::letter),
        ),
        route("GET", "/o/{organisation}/s/{service}/service-levels", view(Resource::Register), get(levels::show)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/service-levels.json",
            may(Action::Export, Resource::Register),
            get(levels::as_json),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/service-levels.csv",
            may(Action::Export, Resource::Register),
            get(levels::as_csv),
        ),
        route("GET", "/o/{organisation}/s/{service}/incidents", view(Resource::Register), get(incident::list)),
        route("GET", "/o/{organisation}/s/{service}/incidents/{item}", view(Resource::Register), get(incident::show)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/incidents/{item}/file/{file}",
            may(Action::Export, Resource::Register),
            get(incident::file),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/emergency-contacts.pdf",
            may(Action::Export, Resource::Register),
            get(incident::chart),
        ),
        route("GET", "/o/{organisation}/s/{service}/reports", view(Resource::Register), get(reports::show)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/reports/{institution}/{file}",
            may(Action::Export, Resource::Register),
            get(reports::draft),
        ),
        route("GET", "/o/{organisation}/s/{service}/records", view(Resource::Register), get(register::overview)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}/file/{file}",
            may(Action::Export, Resource::Register),
            get(register::file),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}/take",
            may(Action::Import, Resource::Register),
            get(register::take_form),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}/take",
            may(Action::Import, Resource::Register),
            post(register::take_file).layer(DefaultBodyLimit::max(register::LONGEST_UPLOAD_BYTES)),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}/period",
            may(Action::Edit, Resource::Register),
            post(register::agree),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}/new",
            may(Action::Edit, Resource::Register),
            get(register::begin),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}/new",
            may(Action::Edit, Resource::Register),
            post(register::create),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}/e/{item}/file/{file}",
            may(Action::Export, Resource::Register),
            get(register::entry_file),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/registers/{register}/e/{item}",
            view(Resource::Register),
            get(register::show),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}/e/{item}",
            may(Action::Edit, Resource::Register),
            post(register::change),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/registers/{register}/e/{item}/approve",
            may(Action::Approve, Resource::Register),
            post(register::approve),
        ),
        // The right to a list follows from what it holds, and is checked inside.
        route("GET", "/o/{organisation}/s/{service}/lists", may(Action::Import, Resource::Model), get(lists::show)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/lists",
            may(Action::Import, Resource::Model),
            post(lists::upload).layer(DefaultBodyLimit::max(lists::LONGEST_UPLOAD_BYTES)),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/lists/{list}",
            may(Action::Export, Resource::Model),
            get(lists::take),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/lists/save",
            may(Action::Import, Resource::Model),
            post(lists::save),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/lists/own",
            may(Action::Import, Resource::Model),
            post(lists::map),
        ),
        route("GET", "/o/{organisation}/s/{service}/attachments", view(Resource::Attachment), get(evidence::list)),
        route(
            "POST",
            "/o/{organisation}/s/{service}/attachments",
            may(Action::Create, Resource::Attachment),
            post(evidence::hand_in).layer(DefaultBodyLimit::max(evidence::LONGEST_UPLOAD_BYTES)),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/attachments/new",
            may(Action::Create, Resource::Attachment),
            get(evidence::form),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/attachments/{attachment}",
            view(Resource::Attachment),
            get(evidence::one),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/attachments/{attachment}/file",
            may(Action::Export, Resource::Attachment),
            get(evidence::take),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/attachments/{attachment}/removal",
            may(Action::Revoke, Resource::Attachment),
            post(evidence::propose),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/attachments/{attachment}/removal/confirm",
            may(Action::Approve, Resource::Attachment),
            post(evidence::confirm),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions",
            view(Resource::Agreement),
            get(institution::overview),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/institutions/issue",
            may(Action::Issue, Resource::Agreement),
            post(institution::issue),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/files.zip",
            may(Action::Export, Resource::Agreement),
            get(institution::export_files),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/institutions/files",
            may(Action::Import, Resource::Agreement),
            post(institution::import_files).layer(DefaultBodyLimit::max(institution::LONGEST_FILES_BYTES)),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/packs.zip",
            may(Action::Export, Resource::Agreement),
            get(institution::all_packs),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/confirmation/{format}",
            may(Action::Export, Resource::Agreement),
            get(institution::confirmation),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/phases",
            view(Resource::Agreement),
            get(institution::show_phases),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/closing.zip",
            may(Action::Export, Resource::Agreement),
            get(institution::closing),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/record",
            may(Action::Edit, Resource::Agreement),
            get(institution::show_record),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/institutions/{institution}/record",
            may(Action::Edit, Resource::Agreement),
            post(institution::change_record),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/promote",
            may(Action::Edit, Resource::Risk),
            get(institution::show_promotion),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/institutions/{institution}/promote",
            may(Action::Edit, Resource::Risk),
            post(institution::promote),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}/issued/{entry}/pack.zip",
            may(Action::Export, Resource::Agreement),
            get(institution::one_pack),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/institutions/{institution}",
            view(Resource::Agreement),
            get(institution::show_agreement),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/institutions/{institution}",
            may(Action::Edit, Resource::Agreement),
            post(institution::change_agreement),
        ),
        route("GET", "/o/{organisation}/s/{service}/revisions", view(Resource::Revision), get(revisions::list)),
        route(
            "GET",
            "/o/{organisation}/s/{service}/revisions/{revision}",
            view(Resource::Revision),
            get(revisions::one),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/revisions/{revision}",
            view(Resource::Revision),
            post(revisions::change),
        ),
        route(
            "GET",
            "/o/{organisation}/s/{service}/revisions/{revision}/folder.zip",
            may(Action::Export, Resource::Service),
            get(revisions::folder),
        ),
        route(
            "POST",
            "/o/{organisation}/s/{service}/import",
            may(Action::Import, Resource::Service),
            post(import::upload).layer(DefaultBodyLimit::max(import::LONGEST_UPLOAD_BYTES)),
        ),
    ]
}

/// The application as a router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    let mut methods: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for Route { method, path, needs, operation, handler } in routes() {
        let gate = Gate { app: app.clone(), needs, is_api: operation.is_some() };
        router = router.route(path, handler.layer(from_fn_with_state(gate, guard::guard)));
        if path.starts_with("/api/") {
            methods.entry(path).or_default().push(method);
        }
    }
    for (path, methods) in methods {
        router = router.route(path, api::wrong_method(&methods));
    }
    if app.is_secure() {
        router = router.layer(axum::middleware::from_fn(encrypted_only));
    }
    router
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(axum::middleware::from_fn(protect_application))
        .with_state(app)
}

async fn nothing(State(_): State<App>, uri: Uri) -> axum::response::Response {
    if uri.path().starts_with("/api/") { api::nowhere() } else { message::nothing(None) }
}
