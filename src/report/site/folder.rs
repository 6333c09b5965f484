//! The folder of a site: written page by page, and what an earlier run left over taken away again. A file
//! beside the pages says what belongs to the site, so that nothing else is ever touched.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;

use super::Site;
use crate::error::Error;

/// Lists the files of the site; what is not listed is somebody else's.
const MARKER: &str = ".quorate-site";

/// The first line of that list.
const FIRST: &str = "# The files of a site written by `quorate report site`; it may be replaced as a whole.";

/// What was done to a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many files the site has.
    pub files: usize,
    /// How many of them are new or other than before.
    pub changed: usize,
    /// How many files of an earlier run were taken away.
    pub removed: usize,
}

/// Writes a site. `tick` is told how many files are done, of how many.
///
/// # Errors
///
/// [`Error::Usage`] for a folder that has files and is no site, or a template that does not work;
/// [`Error::Write`] for what cannot be written.
pub fn write(site: &Site<'_>, folder: &Path, tick: &(dyn Fn(usize, usize) + Sync)) -> Result<Written, Error> {
    let before = files_before(folder)?;
    let addresses = site.addresses();
    fs::create_dir_all(folder).map_err(|why| unwritten(folder, why))?;
    // Whenever this run ends, the next one knows what lies here.
    let now: BTreeSet<String> = addresses.iter().cloned().collect();
    mark(folder, &before.union(&now).cloned().collect())?;
    let parents: BTreeSet<PathBuf> =
        addresses.iter().filter_map(|one| Some(folder.join(one).parent()?.to_owned())).collect();
    for parent in parents {
        fs::create_dir_all(&parent).map_err(|why| unwritten(&parent, why))?;
    }
    let (done, changed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    addresses.par_iter().enumerate().try_for_each(|(at, address)| {
        let path = folder.join(address);
        let text = site.file(at)?;
        if put(&path, text.as_bytes()).map_err(|why| unwritten(&path, why))? {
            changed.fetch_add(1, Ordering::Relaxed);
        }
        tick(done.fetch_add(1, Ordering::Relaxed).saturating_add(1), addresses.len());
        Ok::<(), Error>(())
    })?;
    let stale: Vec<&String> = before.difference(&now).collect();
    for address in &stale {
        let path = folder.join(address);
        match fs::remove_file(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(unwritten(&path, why)),
            _ => {}
        }
        // A folder with something else in it stays.
        if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
            let _ = fs::remove_dir(parent);
        }
    }
    mark(folder, &now)?;
    Ok(Written { files: addresses.len(), changed: changed.into_inner(), removed: stale.len() })
}

/// The files of the site that lies in a folder; none where it is empty or not there yet.
fn files_before(folder: &Path) -> Result<BTreeSet<String>, Error> {
    if let Ok(text) = fs::read_to_string(folder.join(MARKER)) {
        return Ok(text.lines().filter(|line| is_address(line)).map(ToOwned::to_owned).collect());
    }
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(why) if why.kind() == io::ErrorKind::NotFound => true,
        Err(why) => return Err(unwritten(folder, why)),
    };
    if is_empty {
        return Ok(BTreeSet::new());
    }
    let what = format!("`{}` has files that are no site of quorate", folder.display());
    Err(Error::usage(what, "name an empty folder, or one that does not exist yet"))
}

/// Whether a line of the list is an address that a site could have: the list itself is not believed to
/// name anything outside of the folder.
fn is_address(line: &str) -> bool {
    let is_part = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
    };
    !line.is_empty() && line.split('/').all(is_part)
}

fn mark(folder: &Path, files: &BTreeSet<String>) -> Result<(), Error> {
    let mut text = FIRST.to_owned();
    for file in files {
        text.push('\n');
        text += file;
    }
    text.push('\n');
    let path = folder.join(MARKER);
    put(&path, text.as_bytes()).map(|_| ()).map_err(|why| unwritten(&path, why))
}

/// Puts a file in its place whole, where it differs from what is there; a link there is replaced, never
/// followed.
fn put(path: &Path, content: &[u8]) -> io::Result<bool> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
    if is_file && fs::read(path).is_ok_and(|before| before == content) {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new().prefix(".quorate-").tempfile_in(folder)?;
    io::Write::write_all(&mut beside, content)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Pages are for whoever may read the folder.
        beside.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    beside.persist(path).map_err(|why| why.error)?;
    Ok(true)
}

fn unwritten(path: &Path, source: io::Error) -> Error {
    Error::Write { to: path.display().to_string(), source }
}
