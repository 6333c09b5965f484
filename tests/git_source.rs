//! Where texts come from, over real repositories.

use std::path::Path;

use crate::common::{self, Repo};
use quorate::error::Error;
use quorate::source::{At, Content, MAX_BYTES, Oddity, Source};

type Told = Vec<(String, Content)>;

fn open(start: &Path, at: Option<&str>) -> Result<Source, Error> {
    Source::open(start, "registry", at)
}

fn tell(source: &Source, folder: &str) -> Told {
    let listed = source.list(folder).unwrap();
    source.read(&listed, |file, content| (file.path.clone(), content)).unwrap()
}

fn told(repo: &Repo, at: Option<&str>) -> Told {
    tell(&open(repo.root(), at).unwrap(), "registry")
}

fn paths(told: &Told) -> Vec<&str> {
    told.iter().map(|(path, _)| path.as_str()).collect()
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn at<'a>(told: &'a Told, path: &str) -> &'a Content {
    &told.iter().find(|(listed, _)| listed == path).unwrap_or_else(|| panic!("{path} is not among {told:?}")).1
}

fn refusal(start: &Path, at: Option<&str>) -> String {
    let Err(error) = open(start, at) else { panic!("opened") };
    format!("{error}; {}", error.hint().unwrap_or("no hint"))
}

/// A repository with a registry of two files.
fn small() -> Repo {
    let repo = Repo::init();
    repo.write("registry/registry.toml", "schema = 1\n");
    repo.write("registry/people/ada.toml", "name = \"Ada\"\r\n");
    repo
}

/// Content that deltas shrink well, and that zlib alone does not.
fn long(salt: usize) -> String {
    let mut state = 1_u32;
    let mut lines: Vec<String> = (0..60)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("line = {state}")
        })
        .collect();
    lines[salt % 60] = format!("salt = {salt}");
    lines.join("\n")
}

/// Puts a tree object made from `entries` (mode, name, id) below `registry/` into a commit.
fn crafted(repo: &Repo, entries: &[(&str, &[u8], &str)]) -> String {
    let tree = tree(repo, entries);
    let mark = blob(repo, b"schema = 1\n");
    let registry = tree_of(repo, &[("40000", b"crafted", &tree), ("100644", b"registry.toml", &mark)]);
    let root = tree_of(repo, &[("40000", b"registry", &registry)]);
    repo.git(&["commit-tree", "-m", "crafted", &root])
}

fn tree(repo: &Repo, entries: &[(&str, &[u8], &str)]) -> String {
    tree_of(repo, entries)
}

pub(crate) fn tree_of(repo: &Repo, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend((0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()));
    }
    repo.git_with(&["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], &bytes)
}

pub(crate) fn blob(repo: &Repo, content: &[u8]) -> String {
    repo.git_with(&["hash-object", "-w", "--stdin"], content)
}

#[test]
fn the_work_tree_is_listed_by_path_and_read_byte_for_byte() {
    let repo = small();
    let expected: Told = vec![
        ("registry/people/ada.toml".into(), text("name = \"Ada\"\r\n")),
        ("registry/registry.toml".into(), text("schema = 1\n")),
    ];
    assert_eq!(told(&repo, None), expected);
}

#[test]
fn a_commit_gives_what_its_work_tree_gave() {
    let repo = small();
    repo.write("registry/a.toml", "");
    repo.write("registry/a/b.toml", "x = 1");
    repo.write("registry/a-b.toml", [0xff, 0xfe]);
    repo.write("registry/.hidden.toml", "hidden");
    repo.write("registry/deep/er/and/deeper.toml", "deep");
    repo.write("registry/large.toml", vec![b'#'; usize::try_from(MAX_BYTES).unwrap() + 1]);
    repo.write("registry/é ü.toml", "name");
    let id = repo.commit("all");
    let commit = told(&repo, Some("HEAD"));
    assert_eq!(told(&repo, None), commit);
    assert_eq!(commit.len(), 9);
    assert!(commit.is_sorted_by(|a, b| a.0 < b.0));
    assert_eq!(open(repo.root(), Some("HEAD")).unwrap().at(), &At::Commit(id));
}

#[test]
fn two_readings_are_the_same() {
    let repo = small();
    for number in 0..300 {
        repo.write(&format!("registry/{}/{number}.toml", number % 7), long(number));
    }
    repo.commit("many");
    repo.git(&["gc", "--quiet"]);
    assert_eq!(told(&repo, None), told(&repo, None));
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, Some("HEAD")));
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
}

#[test]
fn the_registry_is_found_upwards() {
    let repo = Repo::init();
    repo.write("sec/registry/registry.toml", "");
    repo.write("sec/deep/er/note", "");
    let source = open(&repo.path("sec/deep/er"), None).unwrap();
    assert_eq!(source.prefix(), "sec/");
    assert_eq!(source.root(), repo.root());
    assert_eq!(paths(&tell(&source, "sec/registry")), ["sec/registry/registry.toml"]);
}

#[test]
fn the_registry_is_not_sought_above_the_repository() {
    let repo = small();
    let inner = repo.path("inner");
    std::fs::create_dir(&inner).unwrap();
    common::git(&inner, &["init", "--quiet"], b"");
    assert!(refusal(&inner, None).starts_with("no `registry/registry.toml` in "));
}

#[test]
fn a_plain_folder_is_read_without_ignore_rules() {
    let repo = Repo::plain();
    repo.write("registry/registry.toml", "");
    repo.write("registry/.gitignore", "*.tmp\n");
    repo.write("registry/a.tmp", "kept");
    repo.write("sub/note", "");
    let source = open(&repo.path("sub"), None).unwrap();
    assert!(!source.has_git());
    assert_eq!((source.prefix(), source.root()), ("", repo.root()));
    assert_eq!(paths(&tell(&source, "registry")), ["registry/.gitignore", "registry/a.tmp", "registry/registry.toml"]);
    assert!(refusal(repo.root(), Some("HEAD")).contains("lies in no git repository"));
}

#[test]
fn another_name_for_the_registry_folder_may_be_given() {
    let repo = Repo::init();
    repo.write("data/records/registry.toml", "");
    assert_eq!(Source::open(repo.root(), "./data/records/", None).unwrap().prefix(), "");
    for bad in ["../registry", "/registry", "", "a/../b", "a\\b"] {
        assert!(matches!(Source::open(repo.root(), bad, None), Err(Error::Usage { .. })), "{bad}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_said_so() {
    let repo = small();
    assert!(matches!(open(&repo.path("nowhere"), None), Err(Error::Unreadable { .. })));
    assert!(tell(&open(repo.root(), None).unwrap(), "rules").is_empty());
    repo.commit("all");
    assert!(tell(&open(repo.root(), Some("HEAD")).unwrap(), "rules").is_empty());
}

#[test]
fn a_folder_outside_the_repository_is_not_listed() {
    let repo = small();
    let source = open(repo.root(), None).unwrap();
    for bad in ["..", "../x", "/etc", "registry/../..", ".git"] {
        assert!(matches!(source.list(bad), Err(Error::Usage { .. })), "{bad}");
    }
}

#[test]
fn ignored_files_are_left_out_unless_tracked() {
    let repo = small();
    repo.write("registry/kept.tmp", "tracked before it was ignored");
    repo.write("registry/build/kept.toml", "tracked in an ignored folder");
    repo.commit("before");
    repo.write(".gitignore", "*.tmp\n/registry/build/\n!/registry/wanted.tmp\n");
    repo.write(".git/info/exclude", "*.private\n");
    repo.write("registry/people/.gitignore", "*.draft\n!b.tmp\n");
    repo.write("registry/a.tmp", "");
    repo.write("registry/wanted.tmp", "");
    repo.write("registry/build/other.toml", "");
    repo.write("registry/people/a.draft", "");
    repo.write("registry/people/a.private", "");
    repo.write("registry/people/b.tmp", "");
    repo.write("registry/b.draft", "");
    let mut expected: Vec<String> = repo
        .git(&["ls-files", "--cached", "--others", "--exclude-standard", "registry"])
        .lines()
        .map(String::from)
        .collect();
    expected.sort_unstable();
    assert_eq!(paths(&told(&repo, None)), expected);
    assert_eq!(expected.len(), 8);
}

#[test]
fn ignored_folders_above_the_one_listed_count_too() {
    let repo = small();
    repo.commit("tracked");
    repo.write(".gitignore", "/registry/\n");
    repo.write("registry/new.toml", "");
    assert_eq!(paths(&told(&repo, None)), ["registry/people/ada.toml", "registry/registry.toml"]);
}

#[test]
fn untracked_files_belong_to_the_work_tree_and_deleted_ones_do_not() {
    let repo = small();
    repo.commit("all");
    repo.write("registry/new.toml", "");
    std::fs::remove_file(repo.path("registry/people/ada.toml")).unwrap();
    assert_eq!(paths(&told(&repo, None)), ["registry/new.toml", "registry/registry.toml"]);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_never_followed() {
    let repo = small();
    repo.write("elsewhere/secret.toml", "secret");
    repo.link("registry/file.toml", "../elsewhere/secret.toml");
    repo.link("registry/folder", "../elsewhere");
    repo.link("registry/broken", "nowhere");
    repo.link("registry/passwd", "/etc/passwd");
    repo.commit("links");
    for at_rev in [None, Some("HEAD")] {
        let told = told(&repo, at_rev);
        for path in ["registry/file.toml", "registry/folder", "registry/broken", "registry/passwd"] {
            assert_eq!(at(&told, path), &Content::Odd(Oddity::Symlink), "{path} at {at_rev:?}");
        }
        assert_eq!(told.len(), 6);
    }
}

#[cfg(unix)]
#[test]
fn a_registry_that_is_a_link_is_not_entered() {
    let repo = Repo::init();
    repo.write("elsewhere/registry.toml", "");
    repo.link("registry", "elsewhere");
    repo.commit("link");
    let expected: Told = vec![("registry".into(), Content::Odd(Oddity::Symlink))];
    assert_eq!(told(&repo, None), expected);
    assert_eq!(told(&repo, Some("HEAD")), expected);
    let source = open(repo.root(), None).unwrap();
    assert_eq!(tell(&source, "registry/people"), expected);
    let source = open(repo.root(), Some("HEAD")).unwrap();
    assert_eq!(tell(&source, "registry/people"), expected);
}

#[cfg(unix)]
#[test]
fn a_tracked_folder_replaced_by_a_link_is_one_link() {
    let repo = small();
    repo.commit("all");
    std::fs::rename(repo.path("registry/people"), repo.path("moved")).unwrap();
    repo.link("registry/people", "../moved");
    let told = told(&repo, None);
    assert_eq!(paths(&told), ["registry/people", "registry/registry.toml"]);
    assert_eq!(at(&told, "registry/people"), &Content::Odd(Oddity::Symlink));
}

#[test]
fn a_submodule_is_named_and_not_entered() {
    let repo = small();
    let other = Repo::init();
    other.write("inside.toml", "");
    other.commit("other");
    let url = other.root().to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "registry/module"]);
    repo.commit("submodule");
    let submodule = Content::Odd(Oddity::Submodule);
    for rev in [None, Some("HEAD")] {
        let told = told(&repo, rev);
        assert_eq!(at(&told, "registry/module"), &submodule, "{rev:?}");
        assert_eq!(told.len(), 3);
    }
    // One that was never fetched is an empty folder.
    repo.git(&["submodule", "--quiet", "deinit", "--force", "--all"]);
    assert_eq!(at(&told(&repo, None), "registry/module"), &submodule);
    // Neither does it matter that somebody wrote into it.
    repo.write("registry/module/stray.toml", "");
    assert_eq!(told(&repo, None), told(&repo, Some("HEAD")));
}

#[test]
fn a_repository_within_the_repository_is_a_submodule() {
    let repo = small();
    repo.write("registry/inner/a.toml", "");
    common::git(&repo.path("registry/inner"), &["init", "--quiet"], b"");
    let told = told(&repo, None);
    assert_eq!(at(&told, "registry/inner"), &Content::Odd(Oddity::Submodule));
    assert_eq!(told.len(), 3);
    let source = open(repo.root(), None).unwrap();
    assert_eq!(paths(&tell(&source, "registry/inner")), ["registry/inner"]);
}

#[cfg(unix)]
#[test]
fn named_pipes_and_sockets_are_not_opened() {
    let repo = small();
    assert!(std::process::Command::new("mkfifo").arg(repo.path("registry/pipe.toml")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(repo.path("registry/socket.toml")).unwrap();
    let told = told(&repo, None);
    assert_eq!(at(&told, "registry/pipe.toml"), &Content::Odd(Oddity::NotAFile));
    assert_eq!(at(&told, "registry/socket.toml"), &Content::Odd(Oddity::NotAFile));
}

#[cfg(unix)]
#[test]
fn a_file_replaced_by_a_named_pipe_after_listing_does_not_hang() {
    let repo = small();
    let source = open(repo.root(), None).unwrap();
    let listed = source.list("registry/people").unwrap();
    std::fs::remove_file(repo.path("registry/people/ada.toml")).unwrap();
    assert!(
        std::process::Command::new("mkfifo").arg(repo.path("registry/people/ada.toml")).status().unwrap().success()
    );
    let read = source.read(&listed, |_, content| content).unwrap();
    assert_eq!(read, [Content::Odd(Oddity::NotAFile)]);
}

#[test]
fn a_file_of_the_largest_size_is_text_and_a_larger_one_is_not() {
    let repo = small();
    let most = usize::try_from(MAX_BYTES).unwrap();
    repo.write("registry/most.toml", "#".repeat(most));
    repo.write("registry/more.toml", "#".repeat(most + 1));
    repo.commit("large");
    for rev in [None, Some("HEAD")] {
        let told = told(&repo, rev);
        assert!(matches!(at(&told, "registry/most.toml"), Content::Text(text) if text.len() == most), "{rev:?}");
        assert_eq!(at(&told, "registry/more.toml"), &Content::Odd(Oddity::TooLarge { bytes: MAX_BYTES + 1 }));
    }
    repo.git(&["gc", "--quiet"]);
    assert_eq!(told(&repo, None), told(&repo, Some("HEAD")));
}

#[test]
fn the_first_byte_that_is_not_utf_8_is_named() {
    let repo = small();
    repo.write("registry/latin.toml", b"name = \"Zo\xeb\"\n");
    repo.commit("latin");
    for rev in [None, Some("HEAD")] {
        assert_eq!(at(&told(&repo, rev), "registry/latin.toml"), &Content::Odd(Oddity::NotUtf8 { at: 10 }));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_escaped_and_odd() {
    use std::os::unix::ffi::OsStrExt;
    let repo = small();
    let name = std::ffi::OsStr::from_bytes(b"registry/zo\xeb.toml");
    std::fs::write(repo.root().join(name), "").unwrap();
    repo.commit("latin");
    for rev in [None, Some("HEAD")] {
        assert_eq!(at(&told(&repo, rev), "registry/zo\\xeb.toml"), &Content::Odd(Oddity::NameNotUtf8));
    }
}

#[cfg(unix)]
#[test]
fn a_backslash_in_a_name_is_outside() {
    let repo = small();
    repo.write("registry/a\\b.toml", "");
    repo.commit("backslash");
    for rev in [None, Some("HEAD")] {
        assert_eq!(at(&told(&repo, rev), "registry/a\\b.toml"), &Content::Odd(Oddity::Outside));
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_said_so() {
    use std::os::unix::fs::PermissionsExt;
    let repo = small();
    std::fs::set_permissions(repo.path("registry/people/ada.toml"), PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::File::open(repo.path("registry/people/ada.toml")).is_ok() {
        return; // Nothing is closed to root.
    }
    assert!(matches!(at(&told(&repo, None), "registry/people/ada.toml"), Content::Odd(Oddity::Unreadable { .. })));
}

#[test]
fn filters_and_line_ending_settings_change_nothing() {
    let repo = small();
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.git(&["config", "filter.loud.smudge", "touch smudged; cat"]);
    repo.git(&["config", "filter.loud.clean", "cat"]);
    repo.write(".gitattributes", "*.toml filter=loud text eol=crlf\n");
    repo.git(&["config", "core.fsmonitor", "touch monitored"]);
    repo.write("registry/unix.toml", "a\nb\n");
    repo.git(&["-c", "core.fsmonitor=false", "add", "--all"]);
    repo.git(&["-c", "core.fsmonitor=false", "commit", "--quiet", "-m", "all"]);
    let _ = std::fs::remove_file(repo.path("smudged"));
    let (disk, commit) = (told(&repo, None), told(&repo, Some("HEAD")));
    assert_eq!(at(&disk, "registry/unix.toml"), &text("a\nb\n"));
    assert_eq!(at(&disk, "registry/people/ada.toml"), &text("name = \"Ada\"\r\n"));
    // What was committed is what the object database holds, whatever a checkout makes of it.
    assert_eq!(at(&commit, "registry/people/ada.toml"), &text("name = \"Ada\"\n"));
    assert!(!repo.path("smudged").exists() && !repo.path("monitored").exists());
}

#[test]
fn revisions_are_named_as_in_git() {
    let repo = small();
    let first = repo.commit("first");
    repo.git(&["tag", "light"]);
    repo.git(&["tag", "-a", "-m", "annotated", "annotated"]);
    repo.write("registry/second.toml", "");
    let second = repo.commit("second");
    repo.git(&["branch", "other", &first]);
    let third = repo.commit("third");
    for (rev, id) in [
        ("HEAD", &third),
        ("@", &third),
        ("main", &third),
        ("refs/heads/other", &first),
        ("HEAD~2", &first),
        ("HEAD^", &second),
        ("light", &first),
        ("annotated", &first),
        ("annotated^{commit}", &first),
        (&second[..9], &second),
        (&third, &third),
    ] {
        assert_eq!(open(repo.root(), Some(rev)).unwrap().at(), &At::Commit(id.clone()), "{rev}");
    }
    assert_eq!(told(&repo, Some("light")).len(), 2);
}

#[test]
fn a_revision_that_is_none_is_said_so() {
    let repo = small();
    repo.commit("first");
    for rev in ["nowhere", "HEAD~5", "0123456789", "HEAD:registry", "", "--all", "main..main"] {
        let refusal = refusal(repo.root(), Some(rev));
        assert!(refusal.starts_with(&format!("git: `{rev}`")), "{refusal}");
        assert!(!refusal.contains("no hint") && !refusal.contains('\n'), "{refusal}");
    }
}

#[test]
fn a_repository_without_commits_has_no_head() {
    let repo = small();
    assert_eq!(
        refusal(repo.root(), Some("HEAD")),
        "git: `HEAD` names nothing: the current branch has no commits yet; \
         commit first, or leave `--at` out to check the work tree"
    );
    assert_eq!(told(&repo, None).len(), 2);
}

#[test]
fn a_commit_is_read_whatever_the_work_tree_holds() {
    let repo = small();
    repo.commit("all");
    let before = told(&repo, Some("HEAD"));
    repo.write("registry/people/ada.toml", "changed");
    repo.write("registry/new.toml", "");
    std::fs::remove_file(repo.path("registry/registry.toml")).unwrap();
    // The work tree has no registry any more, so the commit itself is asked where it is.
    assert_eq!(told(&repo, Some("HEAD")), before);
}

#[test]
fn a_registry_that_only_the_commit_has_is_found_from_below() {
    let repo = Repo::init();
    repo.write("sec/registry/registry.toml", "");
    repo.commit("all");
    std::fs::remove_dir_all(repo.path("sec/registry")).unwrap();
    std::fs::create_dir(repo.path("sec/notes")).unwrap();
    assert_eq!(open(&repo.path("sec/notes"), Some("HEAD")).unwrap().prefix(), "sec/");
    assert!(matches!(open(&repo.path("sec/notes"), None), Err(Error::NoRegistry { .. })));
}

#[test]
fn a_bare_repository_is_read_at_a_revision_only() {
    let repo = small();
    repo.commit("all");
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let source = open(&bare, Some("main")).unwrap();
    assert_eq!((source.prefix(), source.root()), ("", bare.as_path()));
    assert_eq!(tell(&source, "registry"), told(&repo, Some("main")));
    assert!(refusal(&bare, None).contains("is a bare repository"));
}

#[test]
fn a_linked_worktree_has_its_own_files_and_head() {
    let repo = small();
    repo.commit("all");
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap()]);
    std::fs::write(linked.join("registry/side.toml"), "side").unwrap();
    common::git(&linked, &["add", "--all"], b"");
    common::git(&linked, &["commit", "--quiet", "-m", "side"], b"");
    std::fs::write(linked.join(".gitignore"), "side.toml\n").unwrap();
    let work_tree = tell(&open(&linked, None).unwrap(), "registry");
    assert_eq!(work_tree.len(), 3);
    assert_eq!(tell(&open(&linked, Some("HEAD")).unwrap(), "registry"), work_tree);
    assert_eq!(told(&repo, Some("HEAD")).len(), 2);
    assert_eq!(told(&repo, Some("side")), work_tree);
}

#[test]
fn a_linked_worktree_without_its_repository_is_refused() {
    let repo = small();
    repo.commit("all");
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    std::fs::rename(repo.root(), repo.beside("moved")).unwrap();
    assert!(refusal(&linked, None).contains("cannot open the repository"));
}

#[test]
fn a_detached_head_is_a_head() {
    let repo = small();
    let first = repo.commit("first");
    repo.commit("second");
    repo.git(&["checkout", "--quiet", "--detach", "HEAD~1"]);
    assert_eq!(open(repo.root(), Some("HEAD")).unwrap().at(), &At::Commit(first));
}

#[test]
fn loose_packed_and_deltified_objects_read_alike() {
    let repo = small();
    for number in 0..100 {
        repo.write(&format!("registry/{number:03}.toml"), long(number));
    }
    repo.commit("loose");
    let loose = told(&repo, Some("HEAD"));
    assert_eq!(loose, told(&repo, None));
    repo.git(&["repack", "-adfq", "--depth=50", "--window=20"]);
    repo.git(&["prune-packed"]);
    assert!(repo.git(&["verify-pack", "-v", &pack(&repo)]).contains("chain length = 2"));
    assert_eq!(told(&repo, Some("HEAD")), loose);
    // Some here, some there; and bases named by id instead of by distance.
    repo.write("registry/late.toml", long(3) + "\nlate = true");
    repo.commit("late");
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-dfq"]);
    repo.write("registry/later.toml", long(3) + "\nlater = true");
    repo.commit("later");
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
    repo.git(&["repack", "-adfq", "--write-midx", "--write-bitmap-index"]);
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
}

#[test]
fn the_same_content_at_many_paths_is_read_for_each() {
    let repo = small();
    for number in 0..20 {
        repo.write(&format!("registry/{number}.toml"), "same");
    }
    repo.commit("same");
    repo.git(&["gc", "--quiet"]);
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
}

#[test]
fn borrowed_objects_are_read() {
    let repo = small();
    repo.commit("all");
    repo.git(&["gc", "--quiet"]);
    let borrower = repo.beside("borrower");
    repo.git(&["clone", "--quiet", "--shared", ".", borrower.to_str().unwrap()]);
    assert_eq!(tell(&open(&borrower, Some("HEAD")).unwrap(), "registry"), told(&repo, None));
}

/// The path of the only pack's index.
fn pack(repo: &Repo) -> String {
    let mut paths: Vec<_> = std::fs::read_dir(repo.path(".git/objects/pack"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    assert_eq!(paths.len(), 1);
    paths.remove(0).into_os_string().into_string().unwrap()
}

#[test]
fn a_tree_that_leads_outside_is_not_followed() {
    let repo = small();
    let secret = blob(&repo, b"secret");
    let inner = tree(&repo, &[("100644", b"passwd", &secret)]);
    let names: [&[u8]; 6] = [b".", b"..", b".GIT", b".git", b"a\\b", b"x/y"];
    for name in names {
        for (mode, id) in [("100644", &secret), ("40000", &inner)] {
            let commit = crafted(&repo, &[(mode, name, id)]);
            let told = told(&repo, Some(&commit));
            let path = format!("registry/crafted/{}", String::from_utf8_lossy(name));
            assert_eq!(at(&told, &path), &Content::Odd(Oddity::Outside), "{path}");
            assert_eq!(told.len(), 2);
        }
    }
}

#[test]
fn a_tree_with_an_empty_name_is_outside() {
    let repo = small();
    let secret = blob(&repo, b"secret");
    let commit = crafted(&repo, &[("100644", b"", &secret)]);
    let source = open(repo.root(), Some(&commit)).unwrap();
    match source.list("registry") {
        Ok(_) => assert_eq!(at(&tell(&source, "registry"), "registry/crafted/"), &Content::Odd(Oddity::Outside)),
        Err(error) => assert!(matches!(error, Error::Git { .. })),
    }
}

#[test]
fn a_name_given_twice_is_not_read() {
    let repo = small();
    let (one, two) = (blob(&repo, b"one"), blob(&repo, b"two"));
    let inner = tree(&repo, &[("100644", b"in.toml", &one)]);
    let commit = crafted(
        &repo,
        &[("100644", b"a", &one), ("100644", b"a", &two), ("100644", b"b", &one), ("40000", b"b", &inner)],
    );
    let told = told(&repo, Some(&commit));
    assert_eq!(paths(&told), ["registry/crafted/a", "registry/crafted/b", "registry/registry.toml"]);
    assert!(matches!(at(&told, "registry/crafted/a"), Content::Odd(Oddity::Unreadable { .. })));
    assert!(matches!(at(&told, "registry/crafted/b"), Content::Odd(Oddity::Unreadable { .. })));
}

#[test]
fn a_file_that_is_really_a_tree_is_unreadable_and_the_reverse_is_an_error() {
    let repo = small();
    let one = blob(&repo, b"one");
    let inner = tree(&repo, &[("100644", b"in.toml", &one)]);
    let commit = crafted(&repo, &[("100644", b"a", &inner)]);
    assert!(matches!(at(&told(&repo, Some(&commit)), "registry/crafted/a"), Content::Odd(Oddity::Unreadable { .. })));
    let commit = crafted(&repo, &[("40000", b"a", &one)]);
    let error = open(repo.root(), Some(&commit)).unwrap().list("registry").unwrap_err();
    assert!(error.to_string().starts_with("git: the folder `registry/crafted/a` of the commit cannot be listed"));
}

#[test]
fn trees_that_stand_for_endless_files_are_refused() {
    let repo = small();
    let mut id = blob(&repo, b"");
    let mut mode = "100644";
    for _ in 0..12 {
        let names: Vec<[u8; 1]> = (b'a'..=b'p').map(|name| [name]).collect();
        let entries: Vec<(&str, &[u8], &str)> = names.iter().map(|name| (mode, &name[..], id.as_str())).collect();
        id = tree(&repo, &entries);
        mode = "40000";
    }
    let commit = crafted(&repo, &[("40000", b"bomb", &id)]);
    let error = open(repo.root(), Some(&commit)).unwrap().list("registry").unwrap_err();
    assert!(error.to_string().contains("more than"), "{error}");
}

#[test]
fn an_index_that_leads_outside_is_not_followed() {
    let repo = small();
    repo.commit("all");
    repo.write("registry/aa/zz/secret", "");
    repo.git(&["add", "registry/aa/zz/secret"]);
    let index = repo.path(".git/index");
    let mut bytes = std::fs::read(&index).unwrap();
    let name = b"registry/aa/zz/secret";
    let place = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[place..place + name.len()].copy_from_slice(b"registry/../../secret");
    let end = bytes.len() - 20;
    bytes.truncate(end);
    bytes.extend([0; 20]); // No checksum, as with index.skipHash.
    std::fs::write(&index, bytes).unwrap();
    let told = told(&repo, None);
    assert_eq!(at(&told, "registry/../../secret"), &Content::Odd(Oddity::Outside));
}

#[test]
fn a_broken_index_is_an_error_with_a_hint() {
    let repo = small();
    repo.commit("all");
    std::fs::write(repo.path(".git/index"), "nonsense").unwrap();
    let error = open(repo.root(), None).unwrap().list("registry").unwrap_err();
    assert!(matches!(&error, Error::Git { hint: Some(_), .. }), "{error}");
    assert_eq!(told(&repo, Some("HEAD")).len(), 2);
}

#[test]
fn replacements_and_grafts_change_nothing() {
    let repo = small();
    let first = repo.commit("first");
    repo.write("registry/people/ada.toml", "second");
    let second = repo.commit("second");
    let third = repo.commit("third");
    let before = told(&repo, Some("HEAD"));
    let ada = repo.git(&["rev-parse", "HEAD:registry/people/ada.toml"]);
    let other = blob(&repo, b"replaced");
    repo.git(&["replace", &ada, &other]);
    repo.git(&["replace", &third, &first]);
    repo.write(".git/info/grafts", format!("{third} {first}\n"));
    assert_eq!(told(&repo, Some("HEAD")), before);
    assert_eq!(open(repo.root(), Some("HEAD~1")).unwrap().at(), &At::Commit(second.clone()));
    repo.git(&["gc", "--quiet"]);
    assert_eq!(told(&repo, Some("HEAD")), before);
    assert_eq!(open(repo.root(), Some("HEAD~1")).unwrap().at(), &At::Commit(second));
}

#[test]
fn a_shallow_clone_has_its_commit_and_says_why_it_lacks_others() {
    let repo = small();
    repo.commit("first");
    repo.write("registry/new.toml", "");
    repo.commit("second");
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth=1", &url, shallow.to_str().unwrap()]);
    assert_eq!(tell(&open(&shallow, Some("HEAD")).unwrap(), "registry"), told(&repo, Some("HEAD")));
    assert!(refusal(&shallow, Some("HEAD~1")).contains("shallow"));
}

#[test]
fn a_missing_or_damaged_blob_is_unreadable_and_the_others_are_read() {
    let repo = small();
    repo.write("registry/bad.toml", "damaged");
    repo.write("registry/gone.toml", "gone");
    repo.commit("all");
    let file = |name: &str| {
        let id = repo.git(&["rev-parse", &format!("HEAD:registry/{name}")]);
        repo.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))
    };
    std::fs::remove_file(file("gone.toml")).unwrap();
    std::fs::remove_file(file("bad.toml")).unwrap();
    std::fs::write(file("bad.toml"), "no zlib stream").unwrap();
    let told = told(&repo, Some("HEAD"));
    assert!(
        matches!(at(&told, "registry/bad.toml"), Content::Odd(Oddity::Unreadable { why }) if why.contains("damaged"))
    );
    assert!(
        matches!(at(&told, "registry/gone.toml"), Content::Odd(Oddity::Unreadable { why }) if why.contains("not in this clone"))
    );
    assert_eq!(at(&told, "registry/registry.toml"), &text("schema = 1\n"));
}

#[test]
fn a_damaged_pack_spoils_only_what_it_holds() {
    let repo = small();
    for number in 0..50 {
        repo.write(&format!("registry/{number:03}.toml"), long(number));
    }
    repo.commit("all");
    repo.git(&["gc", "--quiet"]);
    let whole = told(&repo, Some("HEAD"));
    let pack = pack(&repo).replace(".idx", ".pack");
    let clean = std::fs::read(&pack).unwrap();
    let mut odd = 0;
    for place in (12..clean.len() - 20).step_by(7) {
        let mut bytes = clean.clone();
        bytes[place] ^= 0x55;
        std::fs::remove_file(&pack).unwrap();
        std::fs::write(&pack, bytes).unwrap();
        let Ok(source) = open(repo.root(), Some("HEAD")) else { continue };
        let Ok(listed) = source.list("registry") else { continue };
        let told = source.read(&listed, |file, content| (file.path.clone(), content)).unwrap();
        assert_eq!(paths(&told), paths(&whole));
        odd += usize::from(told.iter().any(|(_, content)| matches!(content, Content::Odd(_))));
    }
    assert!(odd > 0);
}

#[test]
fn a_partial_clone_says_what_it_lacks() {
    let repo = small();
    repo.commit("all");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = repo.beside("partial");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, partial.to_str().unwrap()]);
    let source = open(&partial, Some("HEAD")).unwrap();
    let listed = source.list("registry").unwrap();
    let refused = source.read(&listed, |_, _| ()).unwrap_err();
    assert!(refused.to_string().contains("it lacks 2 of 2 file(s)"), "{refused}");
    assert!(refused.hint().is_some_and(|hint| hint.contains("--refetch --no-filter")));
    let treeless = repo.beside("treeless");
    repo.git(&["clone", "--quiet", "--no-checkout", "--filter=tree:0", &url, treeless.to_str().unwrap()]);
    assert!(refusal(&treeless, Some("HEAD")).contains("cannot be listed"));
}

#[test]
fn objects_packed_after_opening_are_found() {
    let repo = small();
    repo.commit("all");
    let source = open(repo.root(), Some("HEAD")).unwrap();
    let listed = source.list("registry").unwrap();
    repo.git(&["gc", "--quiet", "--prune=now"]);
    let read = source.read(&listed, |file, content| (file.path.clone(), content)).unwrap();
    assert_eq!(read, told(&repo, None));
}

#[test]
fn a_repository_of_sha_256_objects_is_read() {
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--object-format=sha256"]);
    repo.write("registry/registry.toml", "schema = 1\n");
    let id = repo.commit("all");
    assert_eq!(id.len(), 64);
    assert_eq!(open(repo.root(), Some("HEAD")).unwrap().at(), &At::Commit(id));
    assert_eq!(told(&repo, Some("HEAD")), told(&repo, None));
}

#[test]
fn references_stored_in_another_way_are_named_as_the_cause() {
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--ref-format=reftable"]);
    repo.write("registry/registry.toml", "schema = 1\n");
    let id = repo.commit("all");
    assert!(refusal(repo.root(), Some("HEAD")).contains("`reftable`"));
    assert_eq!(told(&repo, Some(&id)), told(&repo, None));
}

#[test]
fn a_folder_merely_called_git_is_no_repository() {
    let repo = Repo::plain();
    repo.write("registry/registry.toml", "");
    std::fs::create_dir(repo.path(".git")).unwrap();
    let source = open(repo.root(), None).unwrap();
    assert!(!source.has_git());
    assert_eq!(paths(&tell(&source, "")), ["registry/registry.toml"]);
}

#[test]
fn the_environment_and_the_user_s_settings_change_nothing() {
    let home = Repo::plain();
    home.write(".gitconfig", "[core]\n\tbare = true\n\tworktree = /nowhere\n\texcludesFile = /all\n[nonsense\n");
    home.write("all", "*\n");
    let elsewhere = small();
    elsewhere.commit("elsewhere");
    let git_dir = elsewhere.path(".git");
    // The settings are those of a process, so these tests run once more in another one.
    let tests =
        ["ignored_files_are_left_out_unless_tracked", "revisions_are_named_as_in_git", "a_bare_repository_is_read"];
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(tests)
        .env("HOME", home.root())
        .env("XDG_CONFIG_HOME", home.root())
        .env("GIT_CONFIG_GLOBAL", home.path(".gitconfig"))
        .env("GIT_DIR", &git_dir)
        .env("GIT_WORK_TREE", elsewhere.root())
        .env("GIT_INDEX_FILE", git_dir.join("index"))
        .env("GIT_OBJECT_DIRECTORY", git_dir.join("objects"))
        .env("GIT_CEILING_DIRECTORIES", "/")
        .env("GIT_NAMESPACE", "other")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.useReplaceRefs")
        .env("GIT_CONFIG_VALUE_0", "true")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("3 passed"), "{said}");
}

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort_unstable();
    found
}

#[test]
fn no_damage_to_a_repository_makes_it_panic() {
    let repo = small();
    repo.write("registry/other.toml", long(1));
    repo.commit("first");
    repo.write("registry/other.toml", long(2));
    repo.commit("second");
    repo.git(&["gc", "--quiet"]);
    repo.git(&["repack", "-adq", "--write-midx"]);
    repo.git(&["commit-graph", "write", "--reachable"]);
    std::fs::remove_dir_all(repo.path(".git/hooks")).unwrap();
    let try_it = || {
        for rev in [None, Some("HEAD~1")] {
            let Ok(source) = open(repo.root(), rev) else { continue };
            let Ok(listed) = source.list("registry") else { continue };
            assert_eq!(source.read(&listed, |_, _| ()).unwrap().len(), listed.len());
        }
    };
    for path in files(&repo.path(".git")) {
        let clean = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let mut variants: Vec<Vec<u8>> =
            [0, 1, clean.len() / 2].map(|end| clean[..end.min(clean.len())].to_vec()).into();
        for place in (0..clean.len()).step_by(1 + clean.len() / 150) {
            for mask in [0xff, 0x80] {
                let mut bytes = clean.clone();
                bytes[place] ^= mask;
                variants.push(bytes);
            }
        }
        for bytes in variants {
            std::fs::write(&path, bytes).unwrap();
            let survived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(try_it)).is_ok();
            assert!(survived, "a damaged {} makes it panic", path.display());
        }
        std::fs::write(&path, clean).unwrap();
    }
}
