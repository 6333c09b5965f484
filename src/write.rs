//! The one room from which files are written: whole, or not at all.
//!
//! A file is written beside its place under a name of its own, brought to the disk, and put in its
//! place in one step; then its folder is brought to the disk. So whoever ends a run, at whatever moment,
//! leaves the old bytes or the new ones. What such a run leaves beside them is no record, and the next
//! write in that folder takes it away.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{error::Error, git::name::is_plain_path};

/// How the names of files end that are being written; they begin with a dot.
const SPARE: &str = ".quorate-tmp";

/// How often a spare file is made anew that somebody took away before it was locked.
const TRIES: usize = 5;

/// Whether a path is that of a file being written, or of one that an ended run left.
pub fn is_spare(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.') && name.ends_with(SPARE)
}

/// A folder in which files are written, and none outside it.
#[derive(Debug)]
pub struct Room {
    /// Where paths begin, with no symbolic link left in it.
    top: PathBuf,
    /// The folder, relative to the top; empty where it is the top itself.
    folder: String,
}

impl Room {
    /// A folder below the top of a tree, such as `registry`.
    pub fn new(top: &Path, folder: &str) -> Self {
        Self { top: top.to_owned(), folder: folder.trim_matches('/').to_owned() }
    }

    /// Puts a file where there is none; folders on the way are made. `path` is relative to the top, with
    /// `/`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is such a file, be it in other letter case, or where the path leaves
    /// the folder; [`Error::Write`] where a symbolic link lies in the way, or the system refuses.
    pub fn create(&self, path: &str, text: &str) -> Result<(), Error> {
        let parts = self.parts(path)?;
        let failed = |source| Error::Write { to: format!("`{path}`"), source };
        let Some((name, folders)) = parts.split_last() else { return Err(outside(path)) };
        let mut folder = self.top.clone();
        for part in folders {
            if !is_folder(&folder.join(part)).map_err(failed)? {
                if let Some(twin) = twin(&folder, part).map_err(failed)? {
                    return Err(taken(path, &twin));
                }
                fs::create_dir(folder.join(part)).or_else(if_there_already).map_err(failed)?;
                sync(&folder).map_err(failed)?;
            }
            folder.push(part);
        }
        if let Some(twin) = twin(&folder, name).map_err(failed)? {
            return Err(taken(path, &twin));
        }
        match put(&folder, name, text.as_bytes(), &Place::Free) {
            // Somebody else was quicker.
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => Err(taken(path, name)),
            done => done.map_err(failed),
        }
    }

    /// Puts a text in the place of the one that a file has, which keeps its mode.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the file is no longer as it `was`, or where the path leaves the folder;
    /// [`Error::Write`] where a symbolic link lies in the way, or the system refuses.
    pub fn replace(&self, path: &str, was: &str, text: &str) -> Result<(), Error> {
        let parts = self.parts(path)?;
        let failed = |source| Error::Write { to: format!("`{path}`"), source };
        let Some((name, folders)) = parts.split_last() else { return Err(outside(path)) };
        let mut folder = self.top.clone();
        for part in folders {
            folder.push(part);
            if !is_folder(&folder).map_err(failed)? {
                return Err(failed(io::ErrorKind::NotFound.into()));
            }
        }
        let place = folder.join(name);
        let meta = fs::symlink_metadata(&place).map_err(failed)?;
        if !meta.is_file() {
            return Err(failed(io::Error::other("it is no file")));
        }
        if fs::read(&place).map_err(failed)? != was.as_bytes() {
            let what = format!("`{path}` was changed by somebody else in the meantime, so it is left alone");
            return Err(Error::usage(what, "run the command again"));
        }
        put(&folder, name, text.as_bytes(), &Place::Held(meta.permissions())).map_err(failed)
    }

    /// The components of a path that lies in the folder.
    fn parts<'p>(&self, path: &'p str) -> Result<Vec<&'p str>, Error> {
        let below = if self.folder.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(self.folder.as_str()).and_then(|rest| rest.strip_prefix('/'))
        };
        match below {
            Some(below) if is_plain_path(below.as_bytes()) => Ok(path.split('/').collect()),
            _ => Err(outside(path)),
        }
    }
}

/// Puts bytes into a folder that is there, whatever has that name: for what can be made anew.
///
/// # Errors
///
/// Those of the system.
pub fn keep(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    put(folder, name, bytes, &Place::Any)
}

/// What is known of the place that a file takes.
enum Place {
    /// Nothing may be there.
    Free,
    /// A file is there, with this mode.
    Held(Permissions),
    /// Something may be there.
    Any,
}

fn put(folder: &Path, name: &str, bytes: &[u8], place: &Place) -> io::Result<()> {
    sweep(folder);
    let mut spare = spare(folder)?;
    if let Place::Held(mode) = place {
        spare.as_file().set_permissions(mode.clone())?;
    }
    spare.write_all(bytes)?;
    spare.as_file().sync_all()?;
    let target = folder.join(name);
    let put = if matches!(place, Place::Free) { spare.persist_noclobber(target) } else { spare.persist(target) };
    put.map_err(|failed| failed.error)?;
    sync(folder)
}

/// A file to write in, locked as long as this run lasts.
fn spare(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(SPARE);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    for _ in 0..TRIES {
        let spare = builder.tempfile_in(folder)?;
        let locked = lock(spare.as_file());
        // Between the two, another run may have taken it for one that nobody writes.
        if locked && spare.path().exists() {
            return Ok(spare);
        }
        if !locked {
            // A file system that knows no locks: there nothing is taken away either.
            return Ok(spare);
        }
    }
    Err(io::Error::other("another run takes away what is written"))
}

/// Takes away what ended runs left in a folder: what no run holds.
fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && is_spare(&entry.file_name().to_string_lossy())
            && File::open(entry.path()).is_ok_and(|it| lock(&it))
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Locks a file for this run; the system lets go of it when the run ends, however it ends.
#[cfg(unix)]
fn lock(file: &File) -> bool {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// Elsewhere nothing is locked, and so nothing is taken away.
#[cfg(not(unix))]
fn lock(_: &File) -> bool {
    false
}

/// Brings what a folder lists to the disk.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder is no file that could be brought to the disk.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether a path is a folder; one that is something else is an error, as is a symbolic link.
fn is_folder(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(true),
        Ok(meta) if meta.is_symlink() => {
            Err(io::Error::other(format!("`{}` is a symbolic link, which is not followed", path.display())))
        }
        Ok(_) => Err(io::Error::other(format!("`{}` is no folder", path.display()))),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(why) => Err(why),
    }
}

/// What a folder holds under a name, be it in other letter case: some file systems hold only one of two.
fn twin(folder: &Path, name: &str) -> io::Result<Option<String>> {
    let wanted = name.to_lowercase();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why),
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    for found in names {
        let found = found?;
        if found.to_lowercase() == wanted {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn if_there_already(why: io::Error) -> io::Result<()> {
    if why.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(why) }
}

fn taken(path: &str, twin: &str) -> Error {
    let there = match path.rsplit('/').next() {
        Some(name) if name == twin => String::new(),
        _ => format!(", as `{twin}`"),
    };
    Error::usage(
        format!("`{path}` is there already{there}, and nothing is overwritten"),
        "name another id, or edit the file",
    )
}

fn outside(path: &str) -> Error {
    Error::usage(format!("`{path}` does not lie in the folder that is written to"), "name an id without `..` and `\\`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> (tempfile::TempDir, Room) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("registry")).unwrap();
        let room = Room::new(&folder.path().canonicalize().unwrap(), "registry");
        (folder, room)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_with_its_folders_and_never_over_another() {
        let (folder, room) = room();
        room.create("registry/seats/board/chair.toml", "one").unwrap();
        for taken in ["registry/seats/board/chair.toml", "registry/seats/board/Chair.toml", "registry/Seats/x.toml"] {
            assert!(matches!(room.create(taken, "two"), Err(Error::Usage { .. })), "{taken}");
        }
        let kept = fs::read_to_string(folder.path().join("registry/seats/board/chair.toml")).unwrap();
        assert_eq!((kept.as_str(), names(&folder.path().join("registry/seats"))), ("one", vec!["board".to_owned()]));
    }

    #[test]
    fn no_path_leaves_the_folder() {
        let (folder, room) = room();
        let paths =
            ["registry/../a", "a.toml", "registry", "/registry/a", "registry/.git/a", "registry/a\\b", "registry2/a"];
        for path in paths {
            assert!(matches!(room.create(path, "x"), Err(Error::Usage { .. })), "{path}");
        }
        assert_eq!(names(folder.path()), ["registry"]);
    }

    #[cfg(unix)]
    #[test]
    fn no_symbolic_link_is_followed() {
        let (folder, room) = room();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("a.toml"), "old").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("registry/people")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("a.toml"), folder.path().join("registry/b.toml")).unwrap();
        assert!(matches!(room.create("registry/people/b.toml", "x"), Err(Error::Write { .. })));
        assert!(matches!(room.replace("registry/people/a.toml", "old", "x"), Err(Error::Write { .. })));
        assert!(matches!(room.replace("registry/b.toml", "old", "x"), Err(Error::Write { .. })));
        assert_eq!(names(elsewhere.path()), ["a.toml"]);
        assert_eq!(fs::read_to_string(elsewhere.path().join("a.toml")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_replaced_keeps_its_mode_and_one_that_changed_is_left_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, room) = room();
        let path = folder.path().join("registry/a.toml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        room.replace("registry/a.toml", "old", "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(matches!(room.replace("registry/a.toml", "old", "other"), Err(Error::Usage { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn the_next_write_takes_away_what_no_run_holds_and_nothing_else() {
        let (folder, room) = room();
        let registry = folder.path().join("registry");
        fs::write(registry.join(".abc.quorate-tmp"), "left").unwrap();
        fs::write(registry.join(".kept"), "no spare file").unwrap();
        let held = spare(&registry).unwrap();
        room.create("registry/a.toml", "x").unwrap();
        let mut expected = vec![
            ".kept".to_owned(),
            held.path().file_name().unwrap().to_str().unwrap().to_owned(),
            "a.toml".to_owned(),
        ];
        expected.sort();
        assert_eq!(names(&registry), expected);
        assert!(is_spare(held.path().to_str().unwrap()));
    }
}
