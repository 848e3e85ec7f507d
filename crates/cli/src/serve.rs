//! `shirube serve`: the application for several organisations.

use std::process::ExitCode;

use shirube_identity::secret::{Purpose, Secret};
use shirube_store::Store;
use shirube_web::app::{App, Machine, Settings, Template, Tls, serve};

use crate::args::ServeArgs;
use crate::config::{self, Config, Log};
use crate::exit::{self, Failure};
use crate::init;

const TEMPLATES: [Template; 2] = [
    Template { name: "blank", title: "空のひな型", files: &init::BLANK },
    Template {
        name: "clinic-ehr", title: "見本（診療所の電子カルテ。ガイドラインの実施例）", files: &init::CLINIC
    },
];

pub fn run(args: &ServeArgs) -> Result<ExitCode, Failure> {
    let config = Config::read(args.config.as_deref(), args.listen.as_deref())?;
    config.make_folder()?;
    log(config.log);
    open_many_files();
    config::runtime()?.block_on(open(&config))
}

fn log(form: Log) {
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false);
    match form {
        Log::Json => builder.json().init(),
        Log::Text => builder.init(),
    }
}

async fn open(config: &Config) -> Result<ExitCode, Failure> {
    let store = Store::open(&config.database).await.map_err(|error| config::store_failure(&error))?;
    let organisations = store.organisations().await.map_err(|error| config::store_failure(&error))?;
    let keys = config.keys(organisations.is_empty())?;
    let tls = config.tls()?.map(|files| Tls::new(&files)).transpose();
    let tls = tls.map_err(|error| Failure::input(format!("[tls]: {error}")))?;
    // Before anybody is told that the server is there: until then, the signal would end the process.
    if let Some(tls) = tls.clone() {
        renew_when_asked(tls, config.clone());
    }
    let setup = organisations.is_empty().then(|| Secret::from_bytes(config::random()));
    let listener = tokio::net::TcpListener::bind(&config.listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidInput => Failure::input(format!(
            "listen の「{}」はアドレスとして読めません。「127.0.0.1:8765」のように書いてください。",
            config.listen
        )),
        _ => Failure::Environment(format!("「{}」で画面を開けませんでした。{}", config.listen, exit::reason(&error))),
    })?;
    // With port 0 the system chose one; a browser has to be told which.
    let address = listener.local_addr().map_or(config.listen.clone(), |address| address.to_string());
    // A name stays one: passkeys belong to names.
    let shown = match config.listen.strip_prefix("localhost:") {
        Some(_) => format!("localhost:{}", address.rsplit(':').next().unwrap_or_default()),
        None => address,
    };
    let origin = match config.origin.strip_suffix(&config.listen) {
        Some(scheme) if !config.behind_proxy => format!("{scheme}{shown}"),
        _ => config.origin.clone(),
    };
    exit::print(&format!("画面: {origin}/ （終えるときは Ctrl+C）\n"))?;
    if let Some(setup) = &setup {
        let token = setup.text(Purpose::OneTime);
        exit::print(&format!("最初の設定（一度だけ使えます）: {origin}/setup?token={token}\n"))?;
    }
    let settings = Settings {
        origin,
        behind_proxy: config.behind_proxy,
        templates: TEMPLATES.to_vec(),
        outgoing: config.outgoing.clone(),
    };
    let app = App::new(store.clone(), keys, setup, Machine, settings);
    // Pages open at once; computing years of records again takes longer than people wait for a start.
    let checked = verify(&store, &organisations);
    let (broken, told) = tokio::sync::oneshot::channel();
    let watch = async {
        match checked.await {
            Ok(()) => std::future::pending().await,
            Err(failure) => drop(broken.send(failure)),
        }
    };
    let end = async {
        tokio::select! { () = stop() => {}, () = watch => {} }
    };
    serve(listener, app, tls, end).await;
    store.close().await;
    told.await.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// Nothing is served over records that were changed from outside.
async fn verify(store: &Store, organisations: &[String]) -> Result<(), Failure> {
    for organisation in organisations {
        let found = store.verify_trail(organisation, &[]).await.map_err(|error| config::store_failure(&error))?;
        if !found.holds() {
            let breaks = found.chain.err().unwrap_or_default();
            let mut said: Vec<String> = breaks.iter().map(ToString::to_string).collect();
            said.extend(found.damages.iter().map(ToString::to_string));
            said.truncate(20);
            said.insert(
                0,
                format!(
                    "組織 {organisation} の記録に食い違いがあるため、画面を閉じました。控えと照らし合わせてください。"
                ),
            );
            return Err(Failure::Environment(said.join("\n")));
        }
    }
    Ok(())
}

/// Takes renewed certificates at each SIGHUP. With files that cannot be used, the old ones go on.
#[cfg(unix)]
fn renew_when_asked(tls: Tls, config: Config) {
    use tokio::signal::unix::{SignalKind, signal};
    // If the signal cannot be heard, the process ends with it and is started again with the new files.
    let Ok(mut asked) = signal(SignalKind::hangup()) else { return };
    tokio::spawn(async move {
        while asked.recv().await.is_some() {
            let done = match config.tls() {
                Ok(Some(files)) => tls.renew(&files).map_err(|error| error.to_string()),
                Ok(None) => Ok(()),
                Err(failure) => Err(failure.to_string()),
            };
            match done {
                Ok(()) => tracing::info!(target: "shirube", "certificate renewed"),
                Err(error) => tracing::error!(target: "shirube", %error, "the old certificate stays in use"),
            }
        }
    });
}

#[cfg(not(unix))]
fn renew_when_asked(_: Tls, _: Config) {}

/// Ends when somebody at the terminal or the system asks for it.
async fn stop() {
    let interrupted = async {
        // If the signal cannot be heard, the process still ends with it.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = terminated => {} }
}

/// Every connection takes one of the files that a process may open; systems allow few of them until asked.
fn open_many_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // With fewer, fewer connections are held at once and the rest waits.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    }
}
