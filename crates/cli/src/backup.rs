//! `shirube backup` and `shirube restore`: all data of a server as one file, whichever database it has.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::ExitCode;

use shirube_store::{BackupError, Store};

use crate::args::{BackupArgs, RestoreArgs};
use crate::config::{self, Config};
use crate::exit::{self, Failure};

/// Writes beside the target and moves: there is a whole backup or none.
pub fn save(args: &BackupArgs) -> Result<ExitCode, Failure> {
    let config = Config::read(args.config.as_deref(), None)?;
    let folder = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: &std::io::Error| Failure::io(&args.out, "に書けません", error);
    let mut staged = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let manifest = config::runtime()?.block_on(async {
        let store = Store::open(&config.database).await.map_err(|error| config::store_failure(&error))?;
        // A new database would be backed up as well as a full one: nobody must take that for their data.
        let organisations = store.organisations().await.map_err(|error| config::store_failure(&error))?;
        if organisations.is_empty() {
            let text = "設定が指すデータベースには、まだ組織がありません。serve と同じ設定のファイルを --config に指定してください。";
            return Err(Failure::input(text));
        }
        let manifest = store.dump(&mut staged, env!("CARGO_PKG_VERSION"), &at).await;
        store.close().await;
        manifest.map_err(|error| backup_failure(&args.out, &error))
    })?;
    staged.flush().and_then(|()| staged.as_file().sync_all()).map_err(|error| failed(&error))?;
    staged.persist_noclobber(&args.out).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::input(format!(
            "「{}」はすでにあります。前の控えは書き換えません。別の名前にしてください。",
            args.out.display()
        )),
        _ => failed(&error.error),
    })?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    exit::print(&format!(
        "「{}」に控えを取りました（{rows}行）。鍵のファイル「{}」は入っていません。別の場所に保管してください。\n",
        args.out.display(),
        config.key_file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub fn restore(args: &RestoreArgs) -> Result<ExitCode, Failure> {
    let config = Config::read(args.config.as_deref(), None)?;
    config.make_folder()?;
    let file = File::open(&args.file).map_err(|error| Failure::io(&args.file, "を読めません", &error))?;
    let loaded = config::runtime()?.block_on(Store::load(&config.database, BufReader::new(file)));
    let manifest = loaded.map_err(|error| backup_failure(&args.file, &error))?;
    exit::print(&format!(
        "{} に取った控えから戻しました。鍵のファイルは控えに入っていません。別に保管したものを「{}」に置いてください。\n",
        manifest.at,
        config.key_file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn backup_failure(path: &Path, error: &BackupError) -> Failure {
    match error {
        BackupError::Store(error) => config::store_failure(error),
        BackupError::Write { log } => Failure::Environment(format!("「{}」: {error}（{log}）", path.display())),
        other => Failure::input(format!("「{}」: {other}", path.display())),
    }
}
