//! Keys and signatures of OpenPGP (RFC 9580). Only this file names `pgp`.

use pgp::{
    composed::{Deserializable, DetachedSignature, SignedPublicKey, SignedPublicSubKey},
    crypto::hash::HashAlgorithm,
    packet::{Signature as Packet, SignatureType},
    ser::Serialize,
    types::{EcdsaPublicParams, KeyDetails, PublicParams, VerifyingKey},
};

use super::RSA_BYTES;

/// A public key of OpenPGP: a primary key with its subkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PgpKey(Box<SignedPublicKey>);

/// A signature of OpenPGP that was read, and of which nothing is believed yet.
#[derive(Debug)]
pub struct PgpSignature(Box<DetachedSignature>);

impl PgpKey {
    /// Reads the armor of a public key.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words that follow the name of its key.
    pub(super) fn parse(armor: &str) -> Result<Self, String> {
        let bad = |why: pgp::errors::Error| format!("is no public key: {why}");
        let (mut all, _) = SignedPublicKey::from_string_many(armor).map_err(bad)?;
        let key = all.next().ok_or("holds no public key")?.map_err(bad)?;
        if all.next().is_some() {
            return Err("holds more than one public key".to_owned());
        }
        if !key.details.revocation_signatures.is_empty() {
            return Err(
                "is a key that was revoked: leave the revocation out, and say `until` when it may sign".to_owned()
            );
        }
        key.verify_bindings().map_err(|why| {
            format!("is a key of which not all parts are its own (`gpg --export-options export-minimal`): {why}")
        })?;
        let signing = Self(Box::new(key));
        let mut parts = signing.parts().peekable();
        if parts.peek().is_none() {
            return Err("is a key that may not sign".to_owned());
        }
        parts.try_for_each(|part| sort(part.params()))?;
        drop(parts);
        Ok(signing)
    }

    /// The parts that may sign data.
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let key = self.0.as_ref();
        let own = key.details.users.iter().flat_map(|user| &user.signatures).chain(&key.details.direct_signatures);
        // A key that says nothing of what it may do may do all.
        let is_free = |made: &Packet| made.key_flags().sign() || made.key_flags() == pgp::packet::KeyFlags::default();
        let primary = latest(own).is_none_or(is_free).then_some(Part::Primary(key));
        let may_sign = |sub: &&SignedPublicSubKey| {
            let is_revoked = sub.signatures.iter().any(|one| one.typ() == Some(SignatureType::SubkeyRevocation));
            !is_revoked && latest(sub.signatures.iter()).is_some_and(|made| made.key_flags().sign())
        };
        primary.into_iter().chain(key.public_subkeys.iter().filter(may_sign).map(Part::Sub))
    }
}

/// The signature that was made last.
fn latest<'s>(made: impl Iterator<Item = &'s Packet>) -> Option<&'s Packet> {
    made.max_by_key(|one| one.created().map(pgp::types::Timestamp::as_secs))
}

/// A part of a key that may sign.
#[derive(Clone, Copy)]
enum Part<'k> {
    Primary(&'k SignedPublicKey),
    Sub(&'k SignedPublicSubKey),
}

impl Part<'_> {
    fn params(&self) -> &PublicParams {
        match self {
            Self::Primary(key) => key.primary_key.public_params(),
            Self::Sub(sub) => sub.key.public_params(),
        }
    }

    /// Whether a signature says to be by it.
    fn made(&self, signature: &Packet) -> bool {
        let (print, id) = match self {
            Self::Primary(key) => (key.primary_key.fingerprint(), key.primary_key.legacy_key_id()),
            Self::Sub(sub) => (sub.key.fingerprint(), sub.key.legacy_key_id()),
        };
        let (prints, ids) = (signature.issuer_fingerprint(), signature.issuer_key_id());
        if prints.is_empty() {
            ids.into_iter().any(|one| *one == id)
        } else {
            prints.into_iter().any(|one| *one == print)
        }
    }

    fn holds(&self, signature: &DetachedSignature, signed: &[u8]) -> bool {
        let verified = match self {
            Self::Primary(key) => verify(signature, &key.primary_key, signed),
            Self::Sub(sub) => verify(signature, &sub.key, signed),
        };
        sort(self.params()).is_ok() && verified
    }
}

fn verify(signature: &DetachedSignature, key: &impl VerifyingKey, signed: &[u8]) -> bool {
    signature.verify(key, signed).is_ok()
}

/// Whether a key is of a sort that is verified.
fn sort(params: &PublicParams) -> Result<(), String> {
    match params {
        PublicParams::EdDSALegacy(_)
        | PublicParams::Ed25519(_)
        | PublicParams::ECDSA(EcdsaPublicParams::P256 { .. }) => Ok(()),
        PublicParams::RSA(_) => {
            // The modulus and the exponent, each behind two bytes that count its bits; the usual exponent
            // takes three.
            let bytes = params.write_len().saturating_sub(7);
            if RSA_BYTES.contains(&bytes) {
                return Ok(());
            }
            let [least, most] = [RSA_BYTES.start().saturating_mul(8), RSA_BYTES.end().saturating_mul(8)];
            Err(format!("is an RSA key of {} bits, and takes {least} to {most}", bytes.saturating_mul(8)))
        }
        _ => Err("is a key of a sort that quorate does not verify: take Ed25519, ECDSA on P-256 or RSA".to_owned()),
    }
}

impl PgpSignature {
    /// Reads the armor of a signature.
    ///
    /// # Errors
    ///
    /// Why it is none of a commit, in words that follow the commit's name.
    pub(super) fn read(armor: &[u8]) -> Result<Self, String> {
        let bad = |why: pgp::errors::Error| format!("carries an OpenPGP signature that cannot be read: {why}");
        let (mut all, _) = DetachedSignature::from_armor_many(armor).map_err(bad)?;
        let made =
            all.next().ok_or("carries an OpenPGP signature that cannot be read: nothing is in it")?.map_err(bad)?;
        if all.next().is_some() {
            return Err("carries more than one OpenPGP signature".to_owned());
        }
        if made.signature.typ() != Some(SignatureType::Binary) {
            return Err("carries an OpenPGP signature of another sort than `git` makes".to_owned());
        }
        let strong = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];
        match made.signature.hash_alg() {
            Some(hash) if strong.contains(&hash) => Ok(Self(Box::new(made))),
            Some(hash) => Err(format!("carries an OpenPGP signature that rests on {hash}")),
            None => Err("carries an OpenPGP signature of a version that is not verified".to_owned()),
        }
    }

    /// The fingerprint of the key that it says to be by, else its id.
    pub(super) fn fingerprint(&self) -> String {
        let made = &self.0.signature;
        let print = made.issuer_fingerprint().first().map(|print| format!("{print:X}"));
        print
            .or_else(|| made.issuer_key_id().first().map(|id| id.to_string().to_uppercase()))
            .unwrap_or_else(|| "unnamed".to_owned())
    }

    /// Whether it says to be by a part of a key that may sign.
    pub(super) fn is_by(&self, key: &PgpKey) -> bool {
        key.parts().any(|part| part.made(&self.0.signature))
    }

    /// Whether it is by a key, and of what it is said to sign.
    pub(super) fn holds(&self, key: &PgpKey, signed: &[u8]) -> bool {
        key.parts().any(|part| part.made(&self.0.signature) && part.holds(&self.0, signed))
    }
}
