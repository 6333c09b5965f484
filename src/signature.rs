//! Signatures of commits, and the keys that make them: of what kind one is, and whether it holds. Only
//! this file names `ssh_key`.

mod openpgp;

pub use self::openpgp::{PgpKey, PgpSignature};
use ssh_key::{EcdsaCurve, HashAlg, LineEnding, PublicKey, SshSig, public::KeyData};

/// What a signature was made for: one for another purpose is none of a commit.
const NAMESPACE: &str = "git";

/// The longest signature that is read, in bytes: one by the largest key takes about 3 KB.
const MOST_BYTES: usize = 16 << 10;

/// The bytes of an RSA modulus: shorter keys are weak, and longer ones cost more than they are worth.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// The kinds of signatures that commits carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SSH (`gpg.format ssh`).
    Ssh,
    /// OpenPGP.
    Openpgp,
    /// X.509.
    X509,
}

impl Kind {
    /// The kind that a signature claims to be.
    pub(crate) fn of(armor: &[u8]) -> Self {
        let begins = |with: &str| armor.starts_with(with.as_bytes());
        match () {
            () if begins("-----BEGIN SSH") => Self::Ssh,
            () if begins("-----BEGIN PGP") => Self::Openpgp,
            () => Self::X509,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::Openpgp => "openpgp",
            Self::X509 => "x509",
        }
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// One of SSH, of a sort that is verified.
    Ssh(SshKey),
    /// One of OpenPGP, of a sort that is verified.
    Openpgp(PgpKey),
}

/// A public key of SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey(Box<PublicKey>);

impl Key {
    /// Reads a public key: a line as `ssh-keygen` writes it, or the armor of OpenPGP.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, in words that follow the name of its key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err("holds a private key, and whoever read this file can sign with it".to_owned());
        }
        if text.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
            return PgpKey::parse(text).map(Self::Openpgp);
        }
        let key = PublicKey::from_openssh(text).map_err(|why| format!("is no public key: {why}"))?;
        let sort = key.algorithm();
        match key.key_data() {
            KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => {}
            KeyData::Ecdsa(one) if one.curve() == EcdsaCurve::NistP256 => {}
            KeyData::Rsa(one) => {
                let bytes = one.n.as_positive_bytes().map_or(0, <[u8]>::len);
                if !RSA_BYTES.contains(&bytes) {
                    let [least, most] = [RSA_BYTES.start().saturating_mul(8), RSA_BYTES.end().saturating_mul(8)];
                    return Err(format!(
                        "is an RSA key of {} bits, and takes {least} to {most}",
                        bytes.saturating_mul(8)
                    ));
                }
            }
            _ => return Err(format!("is a key of the sort `{sort}`, which quorate does not verify")),
        }
        Ok(Self::Ssh(SshKey(Box::new(key))))
    }
}

/// What a commit carries as its signature, and what that is said to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The kind that it claims to be.
    pub kind: Kind,
    armor: Vec<u8>,
    signed: Vec<u8>,
}

/// A signature that was read, and of which nothing is believed yet.
#[derive(Debug)]
pub struct Made<'s> {
    read: Read,
    signed: &'s [u8],
}

#[derive(Debug)]
enum Read {
    Ssh(Box<SshSig>),
    Openpgp(PgpSignature),
}

impl Signature {
    /// A signature, and the bytes that it is of: of a commit, all but the signature itself.
    pub fn new(armor: Vec<u8>, signed: Vec<u8>) -> Self {
        Self { kind: Kind::of(&armor), armor, signed }
    }

    /// Reads the signature.
    ///
    /// # Errors
    ///
    /// Why it is none of a commit, in words that follow the commit's name.
    pub fn read(&self) -> Result<Made<'_>, String> {
        if self.armor.len() > MOST_BYTES {
            return Err(format!("carries a signature of {} bytes, which no key makes", self.armor.len()));
        }
        match self.kind {
            Kind::Ssh => {}
            Kind::Openpgp => {
                return Ok(Made { read: Read::Openpgp(PgpSignature::read(&self.armor)?), signed: &self.signed });
            }
            Kind::X509 => return Err("is signed by a certificate, and none may sign".to_owned()),
        }
        let read = SshSig::from_pem(&self.armor).map_err(|why| {
            format!("carries an SSH signature that cannot be read, or one that rests on SHA-1 ({why})")
        })?;
        if read.version() != SshSig::VERSION {
            return Err(format!("carries an SSH signature of the version {}", read.version()));
        }
        // The library reads over bytes that it does not use; nobody who signs writes others. Signatures by
        // security keys it does not write as it reads them.
        let by_hardware = matches!(read.public_key(), KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_));
        let plain = |bytes: &[u8]| bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
        let is_same = |armor: String| plain(armor.as_bytes()) == plain(&self.armor);
        if !by_hardware && !read.to_pem(LineEnding::LF).is_ok_and(is_same) {
            return Err("carries an SSH signature that is written otherwise than `ssh-keygen` writes it".to_owned());
        }
        if read.namespace() != NAMESPACE {
            return Err(format!("carries a signature made for `{}`, not for `{NAMESPACE}`", read.namespace()));
        }
        Ok(Made { read: Read::Ssh(Box::new(read)), signed: &self.signed })
    }
}

impl Made<'_> {
    /// The fingerprint of the key that it says to be by.
    pub fn fingerprint(&self) -> String {
        match &self.read {
            Read::Ssh(read) => read.public_key().fingerprint(HashAlg::Sha256).to_string(),
            Read::Openpgp(read) => read.fingerprint(),
        }
    }

    /// Whether it says to be by a key.
    pub fn is_by(&self, key: &Key) -> bool {
        match (&self.read, key) {
            (Read::Ssh(read), Key::Ssh(SshKey(key))) => key.key_data() == read.public_key(),
            (Read::Openpgp(read), Key::Openpgp(key)) => read.is_by(key),
            _ => false,
        }
    }

    /// Whether it is by a key, and of what it is said to sign.
    pub fn holds(&self, key: &Key) -> bool {
        match (&self.read, key) {
            (Read::Ssh(read), Key::Ssh(SshKey(key))) => key.verify(NAMESPACE, self.signed, read).is_ok(),
            (Read::Openpgp(read), Key::Openpgp(key)) => read.holds(key, self.signed),
            _ => false,
        }
    }
}
