//! Which names may stand in a path inside a repository.

/// The longest path that is followed, in bytes; no system opens a longer one.
pub(crate) const MAX_PATH: usize = 4096;

/// Whether a name may be one component of a path: nothing that leads out of the repository or into
/// its own machinery on any system. Git refuses the same names, but a crafted tree or index holds
/// what its maker likes.
pub(crate) fn is_plain(name: &[u8]) -> bool {
    let special = name.is_empty() || name == b"." || name == b".." || name.eq_ignore_ascii_case(b".git");
    !special && !name.iter().any(|byte| matches!(byte, b'/' | b'\\' | 0))
}

/// Whether every component of a path with `/` is plain and it is not overlong.
pub(crate) fn is_plain_path(path: &[u8]) -> bool {
    path.len() <= MAX_PATH && path.split(|byte| *byte == b'/').all(is_plain)
}

/// Whether `path` is `folder` or lies below it; everything lies below the empty folder.
pub(crate) fn lies_in(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// `folder` and `name` with a `/` between them, if the folder has a name.
pub(crate) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len().saturating_add(1).saturating_add(name.len()));
    path.extend_from_slice(folder);
    if !folder.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_not_plain() {
        for bad in ["", ".", "..", ".git", ".GIT", ".Git", "a\\b", "a/b", "a\0b"] {
            assert!(!is_plain(bad.as_bytes()), "{bad:?}");
        }
        for good in ["a", "...", ".gitignore", "git", ".github", "é.toml"] {
            assert!(is_plain(good.as_bytes()), "{good:?}");
        }
    }

    #[test]
    fn a_path_is_plain_when_each_component_is() {
        assert!(is_plain_path(b"registry/a.toml"));
        for bad in ["/etc/passwd", "a//b", "a/../b", "a/", "a/.git/config", ""] {
            assert!(!is_plain_path(bad.as_bytes()), "{bad:?}");
        }
    }

    #[test]
    fn a_folder_holds_itself_and_what_is_below_but_no_namesake() {
        assert!(lies_in(b"a/b", b"a") && lies_in(b"a", b"a") && lies_in(b"a", b""));
        assert!(!lies_in(b"ab", b"a"));
    }
}
