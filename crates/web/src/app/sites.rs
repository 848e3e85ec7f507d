//! Services worked out for pages, kept as long as there is room.
//!
//! A revision never changes, so what was worked out for it stays right: nothing here is ever out of date.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use shirube_folder::InputError;
use shirube_safety::{File, ServiceFiles};
use shirube_store::{Files, StoreError};
use tokio::sync::{OnceCell, Semaphore};

use super::documents::not_made;
use crate::site::Site;

/// Which revision of which service of which organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub organisation: String,
    pub service: String,
    pub revision: u64,
}

/// The last used sites.
pub struct Sites {
    room: usize,
    kept: Mutex<Kept>,
    /// Working one out keeps a core busy and takes some MB; more at once would make all of them late.
    workers: Semaphore,
}

#[derive(Default)]
struct Kept {
    sites: BTreeMap<Key, (u64, Place)>,
    /// Counts uses, so that the one not used for longest can be told.
    uses: u64,
}

/// Empty until the first reader's site is worked out; everybody else who wants it waits for that one.
type Place = Arc<OnceCell<Arc<Site>>>;

impl Sites {
    /// `room` is how many sites are kept, `workers` how many are worked out at once.
    pub fn new(room: usize, workers: usize) -> Self {
        Self { room, kept: Mutex::default(), workers: Semaphore::new(workers) }
    }

    /// The site of a revision: the one that is kept, or one of the files that `read` brings.
    pub async fn get<R>(&self, key: Key, read: R) -> Result<Arc<Site>, StoreError>
    where
        R: AsyncFnOnce() -> Result<Files, StoreError>,
    {
        let name = format!("サービス{}の第{}版", key.service, key.revision);
        let place = self.place(key);
        let made = place.get_or_try_init(|| async {
            let files = read().await?;
            let _turn = self.workers.acquire().await;
            let inconsistent = |log: String| StoreError::Inconsistent { place: name, log };
            match tokio::task::spawn_blocking(move || make(&files)).await {
                Ok(Ok(site)) => Ok(Arc::new(site)),
                Ok(Err(errors)) => {
                    let log = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                    Err(inconsistent(log))
                }
                Err(error) => Err(inconsistent(error.to_string())),
            }
        });
        made.await.map(Arc::clone)
    }

    fn place(&self, key: Key) -> Place {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        if let Some((used, place)) = kept.sites.get_mut(&key) {
            *used = now;
            return Arc::clone(place);
        }
        while kept.sites.len() >= self.room {
            let oldest = kept.sites.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|key| kept.sites.remove(&key));
        }
        let place = Place::default();
        kept.sites.insert(key, (now, Arc::clone(&place)));
        place
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // What is kept is whole at every moment; a panic elsewhere does not harm it.
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The texts of a revision, as the reader of folders takes them.
pub fn texts(files: &Files) -> BTreeMap<File, Vec<u8>> {
    let text = |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_bytes().to_vec());
    File::ALL.into_iter().filter_map(|file| text(file.name()).map(|text| (file, text))).collect()
}

/// Reads the files of a revision and works something out of them.
pub async fn in_files<T: Send + 'static>(
    files: Files,
    make: impl FnOnce(&ServiceFiles) -> T + Send + 'static,
) -> Result<T, StoreError> {
    let made = tokio::task::spawn_blocking(move || {
        let folder = shirube_folder::read(&texts(&files)).map_err(|errors| errors[0].to_string())?;
        Ok(make(&folder.files))
    });
    made.await.unwrap_or_else(|error| Err(error.to_string())).map_err(not_made)
}

/// Works a revision out.
pub fn make(files: &Files) -> Result<Site, Vec<InputError>> {
    let folder = shirube_folder::read(&texts(files))?;
    let digest = files.digest().to_string();
    Ok(Site::new(&folder, digest[..12].to_owned(), Vec::new()))
}
