//! `shirube organisation` and `shirube user`: what the owner of a server does beside it. Each step is in the trail.

use std::path::Path;
use std::process::ExitCode;

use shirube_identity::role::Role;
use shirube_store::{Store, StoreError};
use shirube_web::app::{App, Machine, NewOrganisation, Settings};

use crate::args::{OrganisationArgs, OrganisationCommand, UserArgs, UserCommand};
use crate::config::{self, Config};
use crate::exit::{self, Failure};

/// How long an address can be used.
const NOTE: &str = "番地は7日間、一度だけ使えます。ログインIDとは別の手段で、本人だけに届くように渡してください。\n";

/// Runs something with the application of the settings, while the server may go on.
fn with_app<T>(file: Option<&Path>, run: impl AsyncFnOnce(&App, &Store) -> Result<T, Failure>) -> Result<T, Failure> {
    let config = Config::read(file, None)?;
    config::runtime()?.block_on(async {
        let store = Store::open(&config.database).await.map_err(|error| config::store_failure(&error))?;
        let organisations = store.organisations().await.map_err(|error| config::store_failure(&error))?;
        if organisations.is_empty() {
            let text = "設定が指すデータベースには、まだ組織がありません。最初の組織は serve が表示する番地で登録します。serve と同じ設定のファイルを --config に指定してください。";
            return Err(Failure::input(text));
        }
        let settings = Settings { origin: config.origin.clone(), ..Settings::default() };
        let app = App::new(store.clone(), config.keys(false)?, None, Machine, settings);
        let done = run(&app, &store).await;
        store.close().await;
        done
    })
}

pub fn organisation(args: &OrganisationArgs) -> Result<ExitCode, Failure> {
    let OrganisationCommand::Add(args) = &args.command;
    let input = |error: &dyn std::fmt::Display| Failure::input(error.to_string());
    let name = args.name.trim();
    if name.is_empty() {
        return Err(Failure::input("組織の名前が空です。--name に名前を書いてください。"));
    }
    let new = NewOrganisation {
        name: name.to_owned(),
        kind: args.kind.parse().map_err(|error| input(&error))?,
        administrator: args.administrator.parse().map_err(|error| input(&error))?,
        sign_in: args.sign_in.parse().map_err(|error| input(&error))?,
    };
    let address = with_app(args.config.as_deref(), async |app, _| {
        app.add_organisation(&new).await.map_err(|error| match error {
            StoreError::Exists(id) => Failure::input(format!(
                "ログインID「{id}」は使われています。一度使われたIDは再び使えません。別のIDにしてください。"
            )),
            error => config::store_failure(&error),
        })
    })?;
    exit::print(&format!(
        "組織「{}」を登録しました。\n管理者「{}」（ログインID {}）がパスワードを決める番地: {address}\n{NOTE}",
        new.name, new.administrator, new.sign_in
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub fn user(args: &UserArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        UserCommand::Reset(args) => {
            let sign_in = args
                .sign_in
                .parse()
                .map_err(|error: shirube_identity::sign_in::SignInNameError| Failure::input(error.to_string()))?;
            if args.reason.trim().is_empty() {
                return Err(Failure::input("理由が空です。--reason に、本人確認の方法と理由を書いてください。"));
            }
            let address = with_app(args.config.as_deref(), async |app, _| {
                app.reset_person(&sign_in, args.reason.trim()).await.map_err(|error| match error {
                    StoreError::Missing(_) => Failure::input(format!(
                        "ログインID「{sign_in}」の利用者はいません。shirube user list で確かめてください。"
                    )),
                    StoreError::State { .. } => Failure::input(format!(
                        "ログインID「{sign_in}」は停止しています。組織の管理者が画面で利用を再開してから、もう一度実行してください。"
                    )),
                    error => config::store_failure(&error),
                })
            })?;
            exit::print(&format!(
                "{sign_in} の古いパスワードと二つ目の認証を止めました。\n新しく決める番地: {address}\n{NOTE}"
            ))?;
        }
        UserCommand::List(args) => {
            let lines = with_app(args.config.as_deref(), async |_, store| lines(store).await)?;
            exit::print(&lines)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Who is where, without anything that helps to sign in.
async fn lines(store: &Store) -> Result<String, Failure> {
    let failed = |error: StoreError| config::store_failure(&error);
    let mut text = String::new();
    for id in store.organisations().await.map_err(failed)? {
        let organisation = store.organisation(&id).await.map_err(failed)?;
        text.push_str(&format!("{}（{id}）\n", organisation.name));
        for member in store.people(&id).await.map_err(failed)? {
            let roles: Vec<&str> =
                member.roles.iter().filter_map(|role| role.parse::<Role>().ok()).map(Role::term).collect();
            let state = match member.person.state.as_str() {
                "active" => "利用中",
                "invited" => "招待中",
                _ => "停止",
            };
            text.push_str(&format!(
                "  {}\t{}\t{state}\t{}\n",
                member.person.sign_in,
                member.person.name,
                roles.join("、")
            ));
        }
    }
    Ok(text)
}
