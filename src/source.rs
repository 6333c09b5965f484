//! Where texts come from.

/// The largest file that is read, in bytes.
pub const MAX_BYTES: u64 = 1 << 20;

/// What is in a listed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Something that is not read.
    Odd(Oddity),
}

/// Why a listed path is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A symbolic link.
    Symlink,
    /// A submodule.
    Submodule,
    /// A device.
    NotAFile,
    /// Too large.
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// Not UTF-8.
    NotUtf8 {
        /// The first wrong byte.
        at: usize,
    },
    /// Outside.
    Outside,
    /// Unreadable.
    Unreadable {
        /// Why.
        why: String,
    },
}
