//! Who is calling: keys and origins.
//!
//! Owns the shape of a key, which names its shop, and the decision who may ask what. Reading the shop's
//! stored digests is the store's. Invariant: a key in the clear is hashed as soon as it is read, and
//! digests are compared in constant time, all of them.

use earnest_ledger::hex;
use earnest_ledger::store::access::Doors;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// The longest key that is looked at.
const MAX_KEY_BYTES: usize = 256;
/// Characters of the random part. Sixteen is far below what is handed out; fewer is a typing error.
const MIN_RANDOM_BYTES: usize = 16;

/// Why a caller may not ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthError {
    #[error("send the shop's key as \"Authorization: Bearer …\"")]
    KeyMissing,
    #[error("the key is not one of this shop's")]
    KeyUnknown,
    #[error("this takes the shop's secret key (sk_…), sent by its server and never by a page")]
    SecretKeyNeeded,
    #[error("a publishable key works on pages of the shop's own origins, and this is none of them")]
    OriginNotAllowed,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// For pages: previews and enrols, from the shop's origins.
    Publishable,
    /// For the shop's server: everything.
    Secret,
}

/// What an endpoint asks of its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Either key; with a publishable one, an allowed origin.
    AnyKey,
    /// The secret key.
    SecretKey,
}

/// A key as it was presented: well-formed, and not yet known to be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PresentedKey {
    /// What it claims to be for.
    pub(crate) kind: KeyKind,
    /// The shop that it claims to be of.
    pub(crate) shop: String,
    sha256: String,
}

impl KeyKind {
    /// The name in SQL.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }
}

impl PresentedKey {
    /// Reads the `Authorization` header: `Bearer pk_<shop>_<random>` or `Bearer sk_<shop>_<random>`.
    pub(crate) fn parse(authorization: Option<&str>, need: Need) -> Result<Self, AuthError> {
        let header = authorization.ok_or(AuthError::KeyMissing)?;
        let (scheme, key) = header.split_once(' ').ok_or(AuthError::KeyMissing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(AuthError::KeyMissing);
        }
        let key = key.trim();
        let known = |prefix| {
            key.strip_prefix(prefix)
                .filter(|_| key.len() <= MAX_KEY_BYTES)
        };
        let (kind, rest) = if let Some(rest) = known("pk_") {
            (KeyKind::Publishable, rest)
        } else if let Some(rest) = known("sk_") {
            (KeyKind::Secret, rest)
        } else {
            return Err(AuthError::KeyUnknown);
        };
        let (shop, random) = rest.split_once('_').ok_or(AuthError::KeyUnknown)?;
        if !is_shop_id(shop) || random.len() < MIN_RANDOM_BYTES {
            return Err(AuthError::KeyUnknown);
        }
        if need == Need::SecretKey && kind != KeyKind::Secret {
            return Err(AuthError::SecretKeyNeeded);
        }
        Ok(Self {
            kind,
            shop: shop.to_owned(),
            sha256: hex(&Sha256::digest(key.as_bytes())),
        })
    }

    /// Decides, by what storage knows of the shop, whether the caller may ask. A secret key is never on a
    /// page, so where it comes from does not matter.
    pub(crate) fn admit(&self, doors: &Doors, origin: Option<&str>) -> Result<(), AuthError> {
        let ours = self.sha256.as_bytes();
        // All are compared, so that the time tells nothing of which was how close.
        let fits = doors
            .key_digests
            .iter()
            .fold(Choice::from(0), |fits, theirs| {
                fits | ours.ct_eq(theirs.as_bytes())
            });
        if !bool::from(fits) {
            return Err(AuthError::KeyUnknown);
        }
        if self.kind == KeyKind::Publishable && !doors.allow(origin) {
            return Err(AuthError::OriginNotAllowed);
        }
        Ok(())
    }
}

/// Whether a text can be a shop's id.
pub(crate) fn is_shop_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use AuthError::{KeyMissing, KeyUnknown, OriginNotAllowed, SecretKeyNeeded};

    const SECRET: &str = "Bearer sk_demo_0123456789abcdef";
    const PUBLISHABLE: &str = "Bearer pk_demo_0123456789abcdef";

    fn parse(header: &str, need: Need) -> Result<PresentedKey, AuthError> {
        PresentedKey::parse(Some(header), need)
    }

    fn check(header: &str, expected: Result<(KeyKind, &str), AuthError>) {
        let key = parse(header, Need::AnyKey).map(|key| (key.kind, key.shop));
        let expected = expected.map(|(kind, shop)| (kind, shop.to_owned()));
        assert_eq!(key, expected, "{header}");
    }

    #[test]
    fn a_key_names_its_kind_and_its_shop() {
        check(SECRET, Ok((KeyKind::Secret, "demo")));
        check(PUBLISHABLE, Ok((KeyKind::Publishable, "demo")));
        check(
            "bearer  sk_a-1_0123456789_abcdef",
            Ok((KeyKind::Secret, "a-1")),
        );
        check("sk_demo_0123456789abcdef", Err(KeyMissing));
        check("Basic sk_demo_0123456789abcdef", Err(KeyMissing));
        check("Bearer ", Err(KeyUnknown));
        check("Bearer demo", Err(KeyUnknown));
        check("Bearer sk_demo", Err(KeyUnknown));
        check("Bearer sk_demo_short", Err(KeyUnknown));
        check("Bearer sk_Demo_0123456789abcdef", Err(KeyUnknown));
        check("Bearer sk__0123456789abcdef", Err(KeyUnknown));
        check(
            &format!("Bearer sk_demo_{}", "a".repeat(300)),
            Err(KeyUnknown),
        );
        assert_eq!(PresentedKey::parse(None, Need::AnyKey), Err(KeyMissing));
    }

    #[test]
    fn a_page_never_does_what_takes_the_secret_key() {
        assert_eq!(parse(PUBLISHABLE, Need::SecretKey), Err(SecretKeyNeeded));
        assert!(parse(SECRET, Need::SecretKey).is_ok());
    }

    #[test]
    fn a_key_opens_only_its_shops_doors_and_a_publishable_one_only_from_its_pages() {
        let digest = |header: &str| hex(&Sha256::digest(&header.as_bytes()["Bearer ".len()..]));
        let doors = |header: &str| Doors {
            origins: vec!["https://shop.example".to_owned()],
            key_digests: vec!["0".repeat(64), digest(header)],
        };
        let admit = |header, doors: &Doors, origin| {
            parse(header, Need::AnyKey).and_then(|key| key.admit(doors, origin))
        };
        let ours = Some("https://shop.example");
        assert_eq!(admit(SECRET, &doors(SECRET), None), Ok(()));
        assert_eq!(admit(SECRET, &doors(PUBLISHABLE), None), Err(KeyUnknown));
        assert_eq!(admit(SECRET, &Doors::default(), ours), Err(KeyUnknown));
        assert_eq!(admit(PUBLISHABLE, &doors(PUBLISHABLE), ours), Ok(()));
        for foreign in [
            None,
            Some("null"),
            Some("https://shop.example.evil.example"),
            Some("http://shop.example"),
        ] {
            assert_eq!(
                admit(PUBLISHABLE, &doors(PUBLISHABLE), foreign),
                Err(OriginNotAllowed)
            );
        }
        assert_eq!(admit(PUBLISHABLE, &doors(SECRET), None), Err(KeyUnknown));
    }
}
