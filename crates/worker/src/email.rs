//! E-mail addresses: read, normalised, and turned at once into what is stored of them.
//!
//! Invariant: an address leaves this module only as a keyed hash. It is never stored, logged or answered.
//! The hash is bound to the shop, so two shops cannot find out that they share a customer.

use std::fmt;

use earnest_ledger::EmailHash;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use worker::url::Host;

/// Bytes in an address, by RFC 5321 (a path of 256, less its angle brackets).
const MAX_ADDRESS_BYTES: usize = 254;
/// Bytes before the `@`, by RFC 5321.
const MAX_LOCAL_BYTES: usize = 64;

/// Why a text is not an address. The text itself is not told: messages get logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EmailError {
    #[error("is too long for an e-mail address, which has at most {MAX_ADDRESS_BYTES} bytes")]
    TooLong,
    #[error("is not an e-mail address; write one such as \"ada@example.com\"")]
    NotAnAddress,
}

/// A normalised address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl Email {
    /// Reads what `<input type=email>` takes, in any case and with spaces around it. A domain in other
    /// scripts becomes its ASCII form, as browsers send it. Dots and `+tags` stay: what they mean is the
    /// mailbox's own business.
    pub(crate) fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::NotAnAddress)?;
        let local_fits = (1..=MAX_LOCAL_BYTES).contains(&local.len())
            && local.bytes().all(is_local_byte)
            && !domain.contains('%');
        // The URL standard's host parser also reads IP addresses; nobody's mailbox is on one.
        let Ok(Host::Domain(domain)) = Host::parse(domain) else {
            return Err(EmailError::NotAnAddress);
        };
        if !local_fits || !domain_fits(&domain) {
            return Err(EmailError::NotAnAddress);
        }
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if address.len() > MAX_ADDRESS_BYTES {
            return Err(EmailError::TooLong);
        }
        Ok(Self(address))
    }

    /// The normalised address, for what is made of it here at the edge.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the shop may keep. `pepper` is the Worker's secret: without it, the hashes of a stolen table
    /// cannot be tried against lists of addresses.
    pub(crate) fn hash(&self, shop: &str, pepper: &str) -> EmailHash {
        let mut mac = Hmac::<Sha256>::new_from_slice(pepper.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(shop.as_bytes());
        // No shop id has a zero byte in it, so no two pairs of shop and address are the same bytes.
        mac.update(&[0]);
        mac.update(self.0.as_bytes());
        EmailHash::new(&mac.finalize().into_bytes().into())
    }
}

/// The characters of a local part in the HTML standard's definition of a valid address.
fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn domain_fits(domain: &str) -> bool {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, EmailError>) {
        let read = Email::parse(text).map(|email| email.0);
        assert_eq!(read, expected.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn addresses_are_normalised_or_refused() {
        use EmailError::{NotAnAddress, TooLong};
        check("ada@example.com", Ok("ada@example.com"));
        check(
            "  Ada.Lovelace+Beans@Example.COM ",
            Ok("ada.lovelace+beans@example.com"),
        );
        check("ada@bücher.example", Ok("ada@xn--bcher-kva.example"));
        check("o'neil@example.co.uk", Ok("o'neil@example.co.uk"));
        for text in [
            "",
            "ada",
            "@",
            "ada@",
            "@example.com",
            "ada@localhost",
            "a b@example.com",
            "ada@exa mple.com",
            "ada@example..com",
            "ada@-example.com",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@@example.com",
            "ada@example.com\n.org",
            "ada@ex%61mple.com",
            "ädä@example.com",
            "ada@exam_ple.com",
            "ada@example.com/path",
        ] {
            check(text, Err(NotAnAddress));
        }
        check(
            &format!("{}@example.com", "a".repeat(65)),
            Err(NotAnAddress),
        );
        check(&format!("a@{}.com", "a.".repeat(130)), Err(TooLong));
    }

    #[test]
    fn a_hash_tells_neither_the_address_nor_another_shops() {
        let email = |text| Email::parse(text).expect("an address of the test");
        let ada = email("ada@example.com");
        // Pinned: stored hashes must stay findable. HMAC-SHA256("pepper", "demo\0ada@example.com").
        assert_eq!(
            ada.hash("demo", "pepper").as_str(),
            "8c04edef4780d1ea359c7486939ef2a8d1ed2d13c52145b940e23b23e00b385f"
        );
        assert_eq!(
            ada.hash("demo", "p"),
            email("ADA@example.com").hash("demo", "p")
        );
        assert_ne!(ada.hash("demo", "p"), ada.hash("other", "p"));
        assert_ne!(ada.hash("demo", "p"), ada.hash("demo", "q"));
        assert_eq!(format!("{ada:?}"), "Email(…)");
    }
}
