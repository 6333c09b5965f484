//! Reading one file of the work tree.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::source::{Content, MAX_BYTES, Oddity};

/// Reads a file that was listed as a regular one. It may have become something else since: a
/// symbolic link is not followed, and opening a named pipe does not wait for a writer.
pub(super) fn read(path: &Path) -> Content {
    match bytes(path) {
        Ok(Ok(bytes)) => match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(bad) => Content::Odd(Oddity::NotUtf8 { at: bad.utf8_error().valid_up_to() }),
        },
        Ok(Err(oddity)) => Content::Odd(oddity),
        Err(why) => Content::Odd(Oddity::Unreadable { why: why.to_string() }),
    }
}

/// The bytes of a regular file of at most [`MAX_BYTES`].
pub(super) fn bytes(path: &Path) -> io::Result<Result<Vec<u8>, Oddity>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(why) => {
            return match std::fs::symlink_metadata(path) {
                Ok(meta) if meta.is_symlink() => Ok(Err(Oddity::Symlink)),
                Ok(meta) if !meta.is_file() => Ok(Err(Oddity::NotAFile)),
                _ => Err(why),
            };
        }
    };
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(Err(Oddity::NotAFile));
    }
    if meta.len() > MAX_BYTES {
        return Ok(Err(Oddity::TooLarge { bytes: meta.len() }));
    }
    let bytes = fill(file, meta.len())?;
    let size = bytes.len() as u64;
    Ok(if size > MAX_BYTES { Err(Oddity::TooLarge { bytes: size }) } else { Ok(bytes) })
}

/// Reads a file of `expected` bytes, and at most one byte more than is allowed if it has grown. One
/// read suffices where it has not: asking for one byte more than expected shows the end.
fn fill(mut file: File, expected: u64) -> io::Result<Vec<u8>> {
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    let mut bytes = vec![0; expected.saturating_add(1)];
    let mut filled = 0;
    while let Some(free) = bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
        if filled == expected {
            break;
        }
    }
    let grew = filled > expected;
    bytes.truncate(filled);
    if grew {
        file.take((MAX_BYTES + 1).saturating_sub(filled as u64)).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path)?.is_file() { File::open(path) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_while_it_is_read_is_read_to_its_new_end() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a");
        std::fs::write(&path, "0123456789")?;
        assert_eq!(fill(File::open(&path)?, 4)?, b"0123456789");
        assert_eq!(fill(File::open(&path)?, 10)?, b"0123456789");
        assert_eq!(fill(File::open(&path)?, 99)?, b"0123456789");
        Ok(())
    }

    #[test]
    fn a_file_that_grows_without_end_is_cut_one_byte_after_the_limit() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a");
        std::fs::write(&path, vec![b'x'; 3 << 20])?;
        assert_eq!(fill(File::open(&path)?, 4)?.len() as u64, MAX_BYTES + 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn what_became_a_link_or_a_folder_after_listing_is_not_opened() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/passwd", &link)?;
        assert_eq!(read(&link), Content::Odd(Oddity::Symlink));
        assert_eq!(read(folder.path()), Content::Odd(Oddity::NotAFile));
        assert!(matches!(read(&folder.path().join("gone")), Content::Odd(Oddity::Unreadable { .. })));
        Ok(())
    }
}
