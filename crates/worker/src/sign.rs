//! Signs of one person: what she pays with, where she lives, which mailbox is hers, turned at once into what is
//! stored of it.
//!
//! Invariant: each leaves this module only as a keyed hash, bound to the shop and to what it is a sign of.

use earnest_core::limits::MAX_TEXT_BYTES;
use earnest_core::referral::mailbox;
use earnest_ledger::{EmailHash, Signs};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::email::Email;
use crate::problem::Failure;
use crate::text::{NameError, check_name};

/// Signs that a shop's server told of somebody.
#[derive(Debug, Default)]
pub(crate) struct ToldSigns<'a> {
    /// Her e-mail.
    pub(crate) email: Option<&'a Email>,
    /// The payment provider's fingerprint of her card or account.
    pub(crate) payment_fingerprint: Option<&'a str>,
    /// Her address, in one text.
    pub(crate) address: Option<&'a str>,
}

impl ToldSigns<'_> {
    /// What may be kept. `pepper` is the Worker's secret.
    ///
    /// # Errors
    /// Where a text is empty or too long.
    pub(crate) fn check(&self, shop: &str, pepper: &str) -> Result<Signs, Failure> {
        let hash = |kind: &str, text: &str| keyed_hash(shop, pepper, kind, text);
        if let Some(fingerprint) = self.payment_fingerprint {
            check_name(fingerprint)
                .map_err(|error| Failure::name(error, "/payment_fingerprint"))?;
        }
        let address = self.address.map(|address| {
            let known = known_by(address);
            match known.len() {
                0 => Err(NameError::Empty),
                _ if address.len() > MAX_TEXT_BYTES => Err(NameError::TooLong(address.len())),
                _ => Ok(known),
            }
        });
        let address = address
            .transpose()
            .map_err(|error| Failure::name(error, "/address"))?;
        let mailbox = self.email.map(|email| mailbox(email.as_str()));
        let payment = self.payment_fingerprint;
        Ok(Signs::new(
            mailbox.map(|it| hash("mailbox", &it)).as_ref(),
            payment.map(|it| hash("payment", it)).as_ref(),
            address.map(|it| hash("address", &it)).as_ref(),
        ))
    }
}

/// An address as it is compared: its letters and digits in order, whatever stands between them.
fn known_by(address: &str) -> String {
    let letters = address.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn keyed_hash(shop: &str, pepper: &str, kind: &str, text: &str) -> EmailHash {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(pepper.as_bytes()).expect("HMAC takes a key of any length");
    // Neither a shop's id nor a kind has a zero byte in it, so no two signs are the same bytes.
    for part in [
        shop.as_bytes(),
        &[0],
        kind.as_bytes(),
        &[0],
        text.as_bytes(),
    ] {
        mac.update(part);
    }
    EmailHash::new(&mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(email: &str, card: &str, address: &str) -> Signs {
        let email = Email::parse(email).expect("an address of the test");
        let told = ToldSigns {
            email: Some(&email),
            payment_fingerprint: Some(card),
            address: Some(address),
        };
        told.check("demo", "pepper").expect("signs of the test")
    }

    #[test]
    fn spellings_of_one_person_are_one_and_nothing_of_them_is_readable() {
        let ada = signs("ada@gmail.com", "card-1", "12 Main St., 10115 Berlin");
        assert_eq!(
            ada,
            signs("A.da+x@googlemail.com", "card-1", "12 MAIN ST 10115 berlin")
        );
        assert_ne!(ada, signs("ada@gmail.com", "card-2", "12 Main St."));
        let column = ada.column();
        for told in ["ada", "card", "main"] {
            assert!(
                !column.contains(&format!("{told}@")) && !column.contains(&format!("\"{told}"))
            );
        }
    }

    #[test]
    fn a_sign_that_says_nothing_is_refused() {
        let check = |told: ToldSigns<'_>, expected| {
            assert_eq!(told.check("demo", "pepper"), Err(expected));
        };
        let told = ToldSigns {
            address: Some(" ., "),
            ..ToldSigns::default()
        };
        check(told, Failure::name(NameError::Empty, "/address"));
        let long = "a".repeat(281);
        let told = ToldSigns {
            address: Some(&long),
            ..ToldSigns::default()
        };
        check(told, Failure::name(NameError::TooLong(281), "/address"));
        let told = ToldSigns {
            payment_fingerprint: Some(""),
            ..ToldSigns::default()
        };
        check(
            told,
            Failure::name(NameError::Empty, "/payment_fingerprint"),
        );
        let nothing = ToldSigns::default().check("demo", "pepper");
        assert_eq!(nothing, Ok(Signs::default()));
    }
}
