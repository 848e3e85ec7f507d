//! Services worked out for pages, kept as long as there is room.
//!
//! A revision never changes, so what was worked out for it stays right: nothing here is ever out of date.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use shirube_folder::InputError;
use shirube_safety::File;
use shirube_store::Files;

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
}

#[derive(Default)]
struct Kept {
    sites: BTreeMap<Key, (u64, Arc<Site>)>,
    /// Counts uses, so that the one not used for longest can be told.
    uses: u64,
}

impl Sites {
    /// `room` is how many sites are kept.
    pub fn new(room: usize) -> Self {
        Self { room, kept: Mutex::default() }
    }

    pub fn get(&self, key: &Key) -> Option<Arc<Site>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        let (used, site) = kept.sites.get_mut(key)?;
        *used = now;
        Some(Arc::clone(site))
    }

    pub fn put(&self, key: Key, site: Arc<Site>) {
        let mut kept = self.lock();
        kept.uses += 1;
        let now = kept.uses;
        // Earlier revisions are looked at now and then, the latest all the time.
        kept.sites.insert(key, (now, site));
        while kept.sites.len() > self.room {
            let oldest = kept.sites.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|key| kept.sites.remove(&key));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // What is kept is whole at every moment; a panic elsewhere does not harm it.
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The texts of a revision, as the reader of folders takes them.
pub fn texts(files: &Files) -> BTreeMap<File, Vec<u8>> {
    let known = [File::Service, File::System, File::Assessment, File::Conformity];
    let text = |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_bytes().to_vec());
    known.into_iter().filter_map(|file| text(file.name()).map(|text| (file, text))).collect()
}

/// Works a revision out.
pub fn make(files: &Files) -> Result<Site, Vec<InputError>> {
    let folder = shirube_folder::read(&texts(files))?;
    let digest = files.digest().to_string();
    Ok(Site::new(&folder, digest[..12].to_owned(), Vec::new()))
}
