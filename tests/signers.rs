//! Who signed a commit: real repositories, keys made for each test, `git` and `ssh-keygen` as people
//! use them. `tests/signatures/` has what they do not make: security keys, and what rests on SHA-1;
//! OpenSSH 9.2 takes and refuses the same of them.

#![cfg(unix)]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use pgp::{
    composed::{ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedSecretKey},
    crypto::hash::HashAlgorithm,
    types::Password,
};
use quorate::signature::{Key, Signature};
use rand::{SeedableRng as _, rngs::StdRng};

use crate::{
    common::{Repo, brief, check, manifest, orchard, orchard_in_git, quorate},
    history::{against_base, ask, told},
};

const ACORN: &str = "registry/parties/acorn.toml";
const FEED: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";
const ALWAYS: &str = "from = 2015-01-01";
const NOTHING: [&str; 0] = [];

/// Makes a pair of keys beside the repository, and gives the public one.
pub(crate) fn key(repo: &Repo, name: &str, sort: &[&str]) -> String {
    let path = repo.beside(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-N", "", "-C", name, "-t"])
        .args(sort)
        .arg("-f")
        .arg(&path)
        .stdin(Stdio::null())
        .output()
        .expect("ssh-keygen is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::read_to_string(path.with_extension("pub")).unwrap().trim().to_owned()
}

/// What a key signs for a purpose, in armor.
fn armor(repo: &Repo, name: &str, purpose: &str, signed: &str) -> String {
    let mut child = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-q", "-n", purpose, "-f"])
        .arg(repo.beside(name))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(signed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Records that a person may sign by a key for a period.
pub(crate) fn allow(repo: &Repo, person: &str, more: &str, public: &str, period: &str) {
    let key = format!("key = [{{ public = '''{public}''', {period} }}]");
    repo.write(
        &format!("registry/signers/{person}.toml"),
        format!("source = [\"minutes\"]\nholder = \"{person}\"\n{more}\n{key}\n"),
    );
}

/// The orchard that asks for signatures, with a signer for a period; the key lies beside it.
fn asking(period: &str) -> Repo {
    let repo = orchard_in_git();
    begin(&repo, period);
    repo
}

fn begin(repo: &Repo, period: &str) {
    ask(repo, "unsigned");
    let public = key(repo, "ann", &["ed25519"]);
    allow(repo, "ann", "", &public, period);
    repo.commit("rules and signers");
    repo.git(&["branch", "base"]);
}

/// A change of a record, not committed yet.
fn change(repo: &Repo) {
    repo.edit(ACORN, FEED, "[]");
}

/// Runs git with a key to sign by, as people set it up.
fn git_as(repo: &Repo, name: &str, args: &[&str]) -> String {
    let path = format!("user.signingKey={}", repo.beside(name).display());
    repo.git(&[&["-c", "gpg.format=ssh", "-c", &path], args].concat())
}

/// Commits all there is, signed.
pub(crate) fn commit_as(repo: &Repo, name: &str, message: &str) -> String {
    repo.git(&["add", "--all"]);
    git_as(repo, name, &["commit", "--quiet", "-S", "-m", message]);
    repo.git(&["rev-parse", "HEAD"])
}

/// A commit as it is stored.
fn stored(repo: &Repo, commit: &str) -> String {
    repo.git(&["cat-file", "commit", commit]) + "\n"
}

/// A commit with a signature put into it.
fn carrying(commit: &str, armor: &str) -> String {
    let (head, message) = commit.split_once("\n\n").unwrap();
    format!("{head}\ngpgsig {}\n\n{message}", armor.trim_end().replace('\n', "\n "))
}

/// Stores a commit as it is written, and makes it the head.
fn store(repo: &Repo, commit: &str) -> String {
    let id = repo.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], commit.as_bytes());
    repo.git(&["reset", "--quiet", "--hard", &id]);
    id
}

/// What the head is found to be, held against the base: the outcome and level, and why.
fn verdict(repo: &Repo) -> (Vec<String>, String) {
    let run = against_base(repo);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let said = told(&run).into_iter().map(|one| one.replace(&head, "HEAD")).collect();
    let of_commits =
        |one: &&serde_json::Value| one["rule"] == "commits-unsigned" || one["rule"] == "commits-unreviewed";
    let why = run.findings().iter().find(of_commits).map(|one| one["message"].as_str().unwrap().to_owned());
    (said, why.unwrap_or_default())
}

/// That the head is refused, for a reason.
fn refused(repo: &Repo, why: &str) {
    let (said, message) = verdict(repo);
    assert_eq!(said, ["commits/HEAD unsigned breach error"], "{message}");
    assert!(message.contains(why), "{message}");
}

#[test]
fn a_commit_signed_by_an_allowed_key_is_signed() {
    for sort in [&["ed25519"][..], &["ecdsa", "-b", "256"], &["rsa", "-b", "2048"]] {
        let repo = orchard_in_git();
        ask(&repo, "unsigned");
        let public = key(&repo, "ann", sort);
        allow(&repo, "ann", "", &public, ALWAYS);
        repo.commit("rules and signers");
        repo.git(&["branch", "base"]);
        change(&repo);
        commit_as(&repo, "ann", "signed");
        assert_eq!(told(&against_base(&repo)), NOTHING, "{sort:?}");
    }
}

#[test]
fn a_repository_of_sha_256_objects_has_signatures_too() {
    let repo = orchard();
    repo.git(&["init", "--quiet", "--initial-branch=main", "--object-format=sha256"]);
    begin(&repo, ALWAYS);
    change(&repo);
    let commit = commit_as(&repo, "ann", "signed");
    assert_eq!(commit.len(), 64);
    assert_eq!(told(&against_base(&repo)), NOTHING);
    store(&repo, &stored(&repo, "HEAD").replace("\nsigned", "\ntampered"));
    refused(&repo, "a key of `ann` that is of something else");
}

#[test]
fn a_commit_that_nobody_signed_is_refused_and_told_how_to_sign() {
    let repo = asking(ALWAYS);
    change(&repo);
    let commit = repo.commit("not signed");
    refused(
        &repo,
        &format!("commit `{}` of 2016-09-30, made by A. Clerk <clerk@example.org>, is not signed", &commit[..12]),
    );
    let run = against_base(&repo);
    let found = run.findings().into_iter().find(|one| one["slot"] == "unsigned").unwrap();
    assert!(found["help"].as_str().unwrap().contains("git commit --amend --no-edit -S"), "{found}");
    assert_eq!((run.status, &found["places"][0]["path"]), (1, &ACORN.into()));
}

#[test]
fn the_key_of_nobody_is_refused() {
    let repo = asking(ALWAYS);
    let public = key(&repo, "eve", &["ed25519"]);
    std::fs::write(repo.beside("eve.list"), &public).unwrap();
    change(&repo);
    commit_as(&repo, "eve", "signed by another");
    refused(&repo, "which is none of a signer");
}

/// Signers of the base judge: nobody is believed by a key that they bring themselves.
#[test]
fn a_key_that_the_change_itself_adds_is_not_believed() {
    let repo = asking(ALWAYS);
    let public = key(&repo, "eve", &["ed25519"]);
    allow(&repo, "bob", "", &public, ALWAYS);
    let first = commit_as(&repo, "eve", "a key of mine");
    change(&repo);
    let second = commit_as(&repo, "eve", "and a change");
    let mut expected = [first, second].map(|id| format!("commits/{id} unsigned breach error"));
    let mut found = told(&against_base(&repo));
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    // Once it is there, it is.
    repo.git(&["branch", "--force", "base", "HEAD~1"]);
    assert_eq!(told(&against_base(&repo)), NOTHING);
}

#[test]
fn a_key_that_the_change_takes_out_is_believed() {
    let repo = asking(ALWAYS);
    std::fs::remove_file(repo.path("registry/signers/ann.toml")).unwrap();
    commit_as(&repo, "ann", "I leave");
    assert_eq!(told(&against_base(&repo)), NOTHING);
}

#[test]
fn a_key_may_sign_from_its_first_day_up_to_its_last() {
    let periods = [
        ("from = 2016-09-30", false),
        ("from = 2016-10-01", true),
        ("from = 2015-01-01, until = 2016-10-01", false),
        ("from = 2015-01-01, until = 2016-09-30", true),
    ];
    for (period, is_breach) in periods {
        let repo = asking(period);
        change(&repo);
        commit_as(&repo, "ann", "signed on 2016-09-30");
        if is_breach {
            refused(&repo, "by a key of `ann` that might not sign on 2016-09-30");
        } else {
            assert_eq!(told(&against_base(&repo)), NOTHING, "{period}");
        }
    }
}

#[test]
fn where_the_day_of_a_key_is_not_known_it_is_not_known_whether_it_might_sign() {
    let repo = asking("from = \"2016-09\"");
    change(&repo);
    commit_as(&repo, "ann", "signed on 2016-09-30");
    assert_eq!(verdict(&repo).0, NOTHING, "the last day of the month");
    let repo = asking("from = \"unknown\"");
    change(&repo);
    commit_as(&repo, "ann", "signed on 2016-09-30");
    assert_eq!(verdict(&repo).0, ["commits/HEAD unsigned unknown note"]);
}

/// Who makes a commit names its day: an old day does not bring an ended key back.
#[test]
fn a_back_dated_commit_is_not_older_than_what_it_stands_on() {
    let repo = asking("from = 2015-01-01, until = 2016-09-30");
    change(&repo);
    repo.commit("a change");
    let dated = stored(&repo, "HEAD").replace(" 1475233200 +0100", " 1470000000 +0100");
    assert!(dated.contains("1470000000"), "{dated}");
    store(&repo, &carrying(&dated, &armor(&repo, "ann", "git", &dated)));
    refused(&repo, "of 2016-07-31");
    refused(&repo, "might not sign on 2016-09-30");
}

#[test]
fn a_commit_that_was_tampered_with_is_refused() {
    let repo = asking(ALWAYS);
    change(&repo);
    commit_as(&repo, "ann", "signed");
    store(&repo, &stored(&repo, "HEAD").replace("\nsigned", "\ntampered"));
    refused(&repo, "a key of `ann` that is of something else");
}

#[test]
fn a_signature_moved_from_another_commit_is_refused() {
    let repo = asking(ALWAYS);
    repo.edit(ACORN, "name ", "# a remark\nname ");
    commit_as(&repo, "ann", "harmless");
    let other = stored(&repo, "HEAD");
    let from = other.find("gpgsig ").unwrap() + "gpgsig ".len();
    let moved = other[from..other.find("\n\n").unwrap()].replace("\n ", "\n");
    change(&repo);
    repo.commit("not harmless");
    store(&repo, &carrying(&stored(&repo, "HEAD"), &moved));
    refused(&repo, "a key of `ann` that is of something else");
}

#[test]
fn a_signature_of_a_file_is_none_of_a_commit() {
    let repo = asking(ALWAYS);
    change(&repo);
    repo.commit("a change");
    let commit = stored(&repo, "HEAD");
    store(&repo, &carrying(&commit, &armor(&repo, "ann", "file", &commit)));
    refused(&repo, "made for `file`, not for `git`");
    // The same for the purpose of git is one.
    store(&repo, &carrying(&commit, &armor(&repo, "ann", "git", &commit)));
    assert_eq!(told(&against_base(&repo)), NOTHING);
}

#[test]
fn a_signature_in_the_message_is_none() {
    let repo = asking(ALWAYS);
    change(&repo);
    repo.commit("a change");
    let commit = stored(&repo, "HEAD");
    let armor = armor(&repo, "ann", "git", &commit);
    store(&repo, &format!("{commit}\ngpgsig {}", armor.replace('\n', "\n ")));
    refused(&repo, "is not signed");
}

#[test]
fn what_is_no_signature_is_refused() {
    let repo = asking(ALWAYS);
    change(&repo);
    repo.commit("a change");
    let commit = stored(&repo, "HEAD");
    let cases = [
        ("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----".to_owned(), "cannot be read"),
        ("-----BEGIN SSH SIGNATURE-----".to_owned(), "cannot be read"),
        (format!("-----BEGIN SSH SIGNATURE-----\n{}", "A".repeat(100_000)), "which no key makes"),
        (
            "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----".to_owned(),
            "carries an OpenPGP signature that cannot be read",
        ),
        (
            "-----BEGIN SIGNED MESSAGE-----\nMA==\n-----END SIGNED MESSAGE-----".to_owned(),
            "a certificate, and none may sign",
        ),
        ("\u{1b}[2Jno armor".to_owned(), "a certificate, and none may sign"),
    ];
    for (armor, why) in cases {
        store(&repo, &carrying(&commit, &armor));
        refused(&repo, why);
    }
}

/// A key of OpenPGP made for a test: the same number, the same key.
fn pgp_key(number: u64) -> SignedSecretKey {
    let mut rng = StdRng::seed_from_u64(number);
    let params = SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_sign(true)
        .primary_user_id("Ann <ann@example.org>".into())
        .build()
        .unwrap();
    params.generate(&mut rng).unwrap()
}

fn pgp_public(key: &SignedSecretKey) -> String {
    key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap()
}

/// What a key of OpenPGP signs, in armor.
fn pgp_armor(key: &SignedSecretKey, signed: &str) -> String {
    let (rng, word) = (StdRng::seed_from_u64(0), Password::empty());
    let made =
        DetachedSignature::sign_binary_data(rng, &key.primary_key, &word, HashAlgorithm::Sha512, signed.as_bytes());
    made.unwrap().to_armored_string(ArmorOptions::default()).unwrap().trim().to_owned()
}

/// The orchard that asks for signatures, with a signer by OpenPGP for a period, and a change as it is stored.
fn asking_openpgp(key: &SignedSecretKey, period: &str) -> (Repo, String) {
    let repo = orchard_in_git();
    ask(&repo, "unsigned");
    allow(&repo, "ann", "", &pgp_public(key), period);
    repo.commit("rules and signers");
    repo.git(&["branch", "base"]);
    change(&repo);
    repo.commit("a change");
    let commit = stored(&repo, "HEAD");
    (repo, commit)
}

#[test]
fn a_commit_signed_by_openpgp_is_signed_by_a_key_that_may_sign_and_no_other() {
    let (own, other) = (pgp_key(1), pgp_key(2));
    let (repo, commit) = asking_openpgp(&own, ALWAYS);
    store(&repo, &carrying(&commit, &pgp_armor(&own, &commit)));
    assert_eq!(verdict(&repo).0, NOTHING, "signed by the key");
    store(&repo, &carrying(&commit, &pgp_armor(&other, &commit)));
    refused(&repo, "which is none of a signer");
    store(&repo, &carrying(&commit.replace("a change", "another"), &pgp_armor(&own, &commit)));
    refused(&repo, "carries a signature by a key of `ann` that is of something else");
}

#[test]
fn a_key_of_openpgp_signs_on_its_days_alone() {
    let own = pgp_key(1);
    for period in ["from = 2030-01-01", "from = 2015-01-01, until = 2015-06-01"] {
        let (repo, commit) = asking_openpgp(&own, period);
        store(&repo, &carrying(&commit, &pgp_armor(&own, &commit)));
        refused(&repo, "that might not sign on");
    }
}

/// What GnuPG 2.2.40 made: by a primary key and by a subkey.
#[test]
fn signatures_of_gnupg_hold_for_what_they_are_of_and_for_nothing_else() {
    let signed = std::fs::read(manifest().join("tests/signatures/payload")).unwrap();
    let mut keys = Vec::new();
    for name in ["openpgp-ed25519", "openpgp-rsa", "openpgp-p256"] {
        let (signature, key) = kept(name);
        let made = signature.read().unwrap();
        assert!(made.is_by(&key) && made.holds(&key), "{name}");
        assert!(keys.iter().all(|other| !made.is_by(other) && !made.holds(other)), "{name}: by another key");
        keys.push(key);
        let armor = std::fs::read(manifest().join(format!("tests/signatures/{name}.sig"))).unwrap();
        for at in 0..signed.len() {
            let mut other = signed.clone();
            other[at] ^= 1;
            let other = Signature::new(armor.clone(), other);
            assert!(!other.read().unwrap().holds(keys.last().unwrap()), "{name}: byte {at} of what is signed");
        }
    }
    let weak = std::fs::read(manifest().join("tests/signatures/openpgp-sha1.sig")).unwrap();
    assert!(Signature::new(weak, signed).read().unwrap_err().contains("rests on SHA1"));
}

#[test]
fn keys_of_openpgp_that_are_not_verified_are_refused_where_they_are_recorded() {
    let read = |name: &str| std::fs::read_to_string(manifest().join("tests/signatures").join(name)).unwrap();
    let two = read("openpgp-ed25519.pub") + &read("openpgp-p256.pub");
    let cases = [
        (read("openpgp-rsa1024.pub"), "is an RSA key of 1024 bits, and takes 2048 to 4096"),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----".to_owned(),
            "is no public key",
        ),
        (read("openpgp-ed25519.pub").replace("PUBLIC KEY", "PRIVATE KEY"), "holds a private key"),
    ];
    for (armor, why) in cases {
        let said = Key::parse(&armor).map(|_| ()).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
    // What follows the first armor is no part of it.
    let (first, both) = (Key::parse(&read("openpgp-ed25519.pub")).unwrap(), Key::parse(&two));
    assert!(both.is_err() || both.unwrap() == first);
}

/// Whatever byte of the armor is another: it cannot be read, or is by the same key and of the same commit.
#[test]
fn no_byte_of_a_signature_of_openpgp_may_be_another_and_hold_for_something_else() {
    let (_, key) = kept("openpgp-ed25519");
    let armor = std::fs::read(manifest().join("tests/signatures/openpgp-ed25519.sig")).unwrap();
    for at in 0..armor.len() {
        for other in [b'A', b'=', b' ', 0, 0xff] {
            let mut armor = armor.clone();
            armor[at] = other;
            let made = Signature::new(armor, b"something else".to_vec());
            assert!(!made.read().is_ok_and(|made| made.holds(&key)), "byte {at} as {other:?}");
        }
    }
}

/// A key or signature of which some letters are others is read or refused, and breaks nothing.
#[test]
fn damaged_keys_and_signatures_of_openpgp_are_refused_in_words() {
    let read = |name: &str| std::fs::read(manifest().join("tests/signatures").join(name)).unwrap();
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n";
    let mut draw = fastrand::Rng::with_seed(1);
    for name in ["ed25519", "rsa", "p256"] {
        let (public, armor) = (read(&format!("openpgp-{name}.pub")), read(&format!("openpgp-{name}.sig")));
        let (mut refused, key) = (0, Key::parse(std::str::from_utf8(&public).unwrap()).unwrap());
        for _ in 0..1_000 {
            let mut damage = |text: &[u8]| {
                let mut text = text.to_vec();
                for _ in 0..draw.usize(1..6) {
                    let at = draw.usize(40..text.len());
                    match draw.usize(0..8) {
                        0 => text.truncate(at),
                        1 => drop(text.splice(at..at, [b'A'; 9])),
                        _ => text[at] = letters[draw.usize(0..letters.len())],
                    }
                    if text.len() < 60 {
                        break;
                    }
                }
                text
            };
            let other = Key::parse(&String::from_utf8_lossy(&damage(&public)));
            refused += usize::from(other.is_err());
            let made = Signature::new(damage(&armor), b"something else".to_vec());
            let made = made.read();
            refused += usize::from(made.is_err());
            assert!(!made.is_ok_and(|made| made.holds(&key) || other.is_ok_and(|other| made.holds(&other))));
        }
        assert!(refused > 1_000, "{name}: {refused} of 2 000 were refused");
    }
}

#[test]
fn whose_a_key_in_common_is_cannot_be_told() {
    let repo = asking(ALWAYS);
    let public = std::fs::read_to_string(repo.beside("ann.pub")).unwrap();
    allow(&repo, "bob", "", public.trim(), ALWAYS);
    repo.commit("the same key");
    repo.git(&["branch", "--force", "base"]);
    change(&repo);
    commit_as(&repo, "ann", "signed");
    let (said, why) = verdict(&repo);
    assert_eq!(said, ["commits/HEAD unsigned unknown note"]);
    assert!(why.contains("`ann` and `bob` have in common"), "{why}");
}

#[test]
fn a_change_of_rules_is_signed_as_well_and_one_of_neither_need_not_be() {
    let repo = asking(ALWAYS);
    repo.write("NOTES", "nothing of ours");
    repo.commit("notes");
    assert_eq!(told(&against_base(&repo)), NOTHING);
    repo.edit("rules/grower-feeds.toml", "\"error\"", "\"note\"");
    repo.commit("a rule");
    refused(&repo, "is not signed");
}

#[test]
fn a_rule_of_some_records_asks_of_no_others() {
    let repo = asking(ALWAYS);
    repo.edit("rules/commits-unsigned.toml", "level ", "paths = [\"people/\"]\nlevel ");
    repo.commit("of people alone");
    repo.git(&["branch", "--force", "base"]);
    change(&repo);
    repo.commit("of a Party");
    assert_eq!(told(&against_base(&repo)), NOTHING);
    repo.edit("registry/people/ann.toml", "name ", "# a remark\nname ");
    repo.commit("of a person");
    refused(&repo, "is not signed");
}

/// A branch whose maker is another, to be merged: Ann may sign, by this address.
fn branch(email: &str) -> Repo {
    let repo = orchard_in_git();
    ask(&repo, "unreviewed");
    let public = key(&repo, "ann", &["ed25519"]);
    allow(&repo, "ann", email, &public, ALWAYS);
    repo.commit("rules and signers");
    repo.git(&["branch", "base"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    change(&repo);
    repo
}

/// Commits as somebody, and goes back to the main branch.
fn made_by(repo: &Repo, who: &str) {
    let (name, address) = who.split_once(" <").unwrap();
    let named = [format!("user.name={name}"), format!("user.email={}", address.trim_end_matches('>'))];
    assert!(named.iter().all(|one| !one.ends_with('=')));
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "a change"]);
    let commit = stored(repo, "HEAD").replace("A. Clerk <clerk@example.org>", who);
    store(repo, &commit);
    repo.git(&["checkout", "--quiet", "main"]);
}

const EMAIL: &str = "email = [\"ann@example.org\"]";
const MERGE: [&str; 7] = ["merge", "--quiet", "--no-ff", "-S", "-m", "take it", "topic"];

/// Merges, signed, by Ann's own name: the merge itself names who made it.
fn merge(repo: &Repo) {
    git_as(repo, "ann", &MERGE);
}

#[test]
fn a_signed_merge_is_a_review_of_what_others_made() {
    let repo = branch(EMAIL);
    made_by(&repo, "Bob <bob@example.org>");
    merge(&repo);
    assert_eq!(told(&against_base(&repo)), NOTHING);
    repo.git(&["reset", "--quiet", "--hard", "base"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "take it", "topic"]);
    let (said, why) = verdict(&repo);
    assert_eq!(said, ["commits/HEAD unreviewed breach error"]);
    assert!(why.contains("the merge is not signed"), "{why}");
}

#[test]
fn a_merge_by_who_made_what_it_joins_is_no_review() {
    for who in ["Ann <elsewhere@example.org>", "A. Nother <ANN@example.org>", "A. Clerk <other@example.org>"] {
        let repo = branch(EMAIL);
        made_by(&repo, who);
        merge(&repo);
        let (said, why) = verdict(&repo);
        assert_eq!(said, ["commits/HEAD unreviewed breach error"], "{who}");
        assert!(why.contains(&format!("{who} made what the merge joins, and made the merge as well")), "{why}");
    }
}

#[test]
fn a_merge_by_somebody_whose_commits_nobody_knows_is_no_review() {
    let repo = branch("");
    made_by(&repo, "Bob <bob@example.org>");
    merge(&repo);
    let (said, why) = verdict(&repo);
    assert_eq!(said, ["commits/HEAD unreviewed breach error"]);
    assert!(why.contains("is not recorded (`holder`, `email`)"), "{why}");
}

#[test]
fn the_merge_of_a_machine_is_no_review() {
    let repo = branch(EMAIL);
    made_by(&repo, "Bob <bob@example.org>");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.edit("registry/signers/ann.toml", "holder = \"ann\"", "holder = \"board-staff\"");
    repo.commit("a machine of theirs");
    repo.git(&["branch", "--force", "base"]);
    merge(&repo);
    assert_eq!(verdict(&repo).0, ["commits/HEAD unreviewed breach error"]);
}

#[test]
fn what_a_merge_brings_of_its_own_nobody_else_reviewed() {
    let repo = branch(EMAIL);
    made_by(&repo, "Bob <bob@example.org>");
    repo.git(&["merge", "--quiet", "--no-commit", "--no-ff", "topic"]);
    repo.edit("registry/parties/birch.toml", "name ", "# mine\nname ");
    commit_as(&repo, "ann", "take it, and more");
    let (said, why) = verdict(&repo);
    assert_eq!(said, ["commits/HEAD unreviewed breach error"]);
    assert!(why.contains("`registry/parties/birch.toml` what none of the commits that it joins has"), "{why}");
}

#[test]
fn a_signed_merge_of_a_key_that_may_not_sign_is_no_review() {
    let repo = branch(EMAIL);
    made_by(&repo, "Bob <bob@example.org>");
    key(&repo, "eve", &["ed25519"]);
    git_as(&repo, "eve", &MERGE);
    let (said, why) = verdict(&repo);
    assert_eq!(said, ["commits/HEAD unreviewed breach error"]);
    assert!(why.contains("which is none of a signer"), "{why}");
}

#[test]
fn a_record_of_a_signer_holds_a_public_key_of_a_sort_that_is_verified() {
    let repo = orchard();
    let dir = Repo::plain();
    let private = {
        key(&dir, "some", &["ed25519"]);
        std::fs::read_to_string(dir.beside("some")).unwrap()
    };
    let cases = [
        (private, "private key"),
        ("ssh-ed25519 AAAA".to_owned(), "is no public key"),
        (String::new(), "is no public key"),
        (key(&dir, "short", &["rsa", "-b", "1024"]), "an RSA key of 1024 bits"),
        (key(&dir, "other", &["ecdsa", "-b", "384"]), "of the sort `ecdsa-sha2-nistp384`"),
    ];
    for (public, why) in cases {
        allow(&repo, "ann", "", &public, ALWAYS);
        let run = check(&repo, &[]);
        assert_eq!(brief(&run), ["record-type signers/ann key.public breach error"], "{why}");
        let message = run.findings()[0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(why) && !message.contains("OPENSSH"), "{message}");
    }
}

/// A signature of `tests/signatures/`, and the key that it is by.
fn kept(name: &str) -> (Signature, Key) {
    let read = |name: &str| std::fs::read(manifest().join("tests/signatures").join(name)).unwrap();
    let public = String::from_utf8(read(&format!("{name}.pub"))).unwrap();
    (Signature::new(read(&format!("{name}.sig")), read("payload")), Key::parse(&public).unwrap())
}

#[test]
fn security_keys_are_verified_and_what_rests_on_sha_1_is_refused() {
    for name in ["ed25519", "sk-ed25519", "sk-ecdsa", "rsa-sha512"] {
        let (signature, key) = kept(name);
        let made = signature.read().unwrap();
        assert!(made.is_by(&key) && made.holds(&key), "{name}");
    }
    let (signature, _) = kept("rsa-sha1");
    assert!(signature.read().unwrap_err().contains("SHA-1"));
    let (signature, key) = kept("rsa-mixed");
    assert!(!signature.read().unwrap().holds(&key), "it says SHA-512, and is of SHA-1");
}

/// Whatever byte of a signature is another, it is refused: it cannot be read, or is by another key, or
/// does not hold.
#[test]
fn no_byte_of_a_signature_may_be_another() {
    let (good, key) = kept("ed25519");
    assert!(good.read().unwrap().holds(&key));
    let armor = std::fs::read(manifest().join("tests/signatures/ed25519.sig")).unwrap();
    let signed = std::fs::read(manifest().join("tests/signatures/payload")).unwrap();
    let from = armor.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let to = armor.windows(6).rposition(|six| six == b"\n-----").unwrap();
    for at in (from..to).filter(|at| armor[*at] != b'\n') {
        for other in [b'A', b'b', b'=', b' ', 0, 0xff] {
            let mut armor = armor.clone();
            if std::mem::replace(&mut armor[at], other) == other {
                continue;
            }
            let other = Signature::new(armor, signed.clone());
            assert!(!other.read().is_ok_and(|made| made.holds(&key)), "byte {at} as {other:?}");
        }
    }
}

/// In an audit the records before a commit say who may sign it: a key that comes along signs nothing.
#[test]
fn an_audit_finds_the_commits_that_nobody_allowed_signed() {
    let repo = asking(ALWAYS);
    change(&repo);
    commit_as(&repo, "ann", "signed");
    repo.edit(ACORN, "[]", FEED);
    let plain = repo.commit("not signed");
    let public = key(&repo, "bob", &["ed25519"]);
    allow(&repo, "bob", "", &public, ALWAYS);
    let brought = commit_as(&repo, "bob", "a key that comes along");
    change(&repo);
    commit_as(&repo, "bob", "the key was there");
    for _ in 0..2 {
        let args = ["audit", "--format", "json", "--fail-on", "never", "base..HEAD"];
        let run = quorate(repo.root(), &args);
        let audit: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let found = audit["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == "commits-unsigned");
        let told: Vec<&str> = found.map(|one| one["appeared"]["commit"].as_str().unwrap()).collect();
        assert_eq!(told, [plain.as_str(), brought.as_str()], "{run:?}");
    }
}
