//! Signs: by what two members may turn out to be one person.
//!
//! Invariant: each is a keyed hash when it comes here, so they can be compared and not read.

use earnest_core::referral::Identity;
use serde::{Deserialize, Serialize};

use crate::{EmailHash, StoreError, json};

/// Of each kind so many are kept, the newest.
const KEPT: usize = 8;

/// What is known of a member, or of who would be one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mailboxes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    payments: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
}

impl Signs {
    /// Of keyed hashes: of the mailbox behind an e-mail, of what was paid with, of an address.
    #[must_use]
    pub fn new(
        mailbox: Option<&EmailHash>,
        payment: Option<&EmailHash>,
        address: Option<&EmailHash>,
    ) -> Self {
        let one = |hash: Option<&EmailHash>| {
            let hash = hash.map(|hash| hash.as_str().to_owned());
            hash.into_iter().collect()
        };
        Self {
            mailboxes: one(mailbox),
            payments: one(payment),
            addresses: one(address),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As they are kept.
    #[must_use]
    pub fn column(&self) -> String {
        json(self)
    }

    pub(crate) fn read(column: &str) -> Result<Self, StoreError> {
        serde_json::from_str(column).map_err(|error| {
            StoreError::Broken(format!("the signs of a member cannot be read: {error}"))
        })
    }

    /// These, and before them what has become known since.
    #[must_use]
    pub fn with(&self, news: &Self) -> Self {
        let both = |known: &[String], news: &[String]| {
            let mut both = news.to_vec();
            both.extend(known.iter().filter(|it| !news.contains(it)).cloned());
            both.truncate(KEPT);
            both
        };
        Self {
            mailboxes: both(&self.mailboxes, &news.mailboxes),
            payments: both(&self.payments, &news.payments),
            addresses: both(&self.addresses, &news.addresses),
        }
    }

    /// Whether all of the others are among these.
    #[must_use]
    pub fn contains(&self, others: &Self) -> bool {
        let all = |these: &[String], others: &[String]| others.iter().all(|it| these.contains(it));
        all(&self.mailboxes, &others.mailboxes)
            && all(&self.payments, &others.payments)
            && all(&self.addresses, &others.addresses)
    }

    /// What both have, as the core compares it: where they share nothing of a kind, nothing is told of it.
    pub fn shared<'a>(&'a self, other: &Self) -> Identity<'a> {
        let shared = |one: &'a [String], other: &[String]| {
            one.iter().find(|it| other.contains(it)).map(String::as_str)
        };
        Identity {
            customer: None,
            email_hash: shared(&self.mailboxes, &other.mailboxes),
            payment_fingerprint: shared(&self.payments, &other.payments),
            address_hash: shared(&self.addresses, &other.addresses),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(byte: u8) -> EmailHash {
        EmailHash::new(&[byte; 32])
    }

    fn paid_with(byte: u8) -> Signs {
        Signs::new(None, Some(&hash(byte)), None)
    }

    // Stored signs are read by later versions: their bytes are pinned.
    #[test]
    fn signs_come_back_as_they_went_and_the_newest_are_kept() {
        let mut signs = Signs::new(Some(&hash(1)), None, Some(&hash(2)));
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        let column = format!(r#"{{"mailboxes":["{one}"],"addresses":["{two}"]}}"#);
        assert_eq!(signs.column(), column);
        assert_eq!(Signs::read(&column), Ok(signs.clone()));
        assert_eq!(Signs::read("{}"), Ok(Signs::default()));
        assert!(Signs::read(r#"{"cards":[]}"#).is_err());
        for card in [1, 2, 1, 3, 4, 5, 6, 7, 8, 9] {
            signs = signs.with(&paid_with(card));
            assert!(signs.contains(&paid_with(card)), "{card}");
        }
        let newest = [9, 8, 7, 6, 5, 4, 3, 1].map(|card| format!("{card:02}").repeat(32));
        assert_eq!(signs.payments, newest);
    }

    #[test]
    fn one_card_among_several_is_a_sign() {
        let ada = paid_with(1).with(&paid_with(2));
        assert_eq!(ada.shared(&paid_with(3)), Identity::default());
        let card = "01".repeat(32);
        let shared = ada.shared(&paid_with(1).with(&paid_with(3)));
        assert_eq!(shared.payment_fingerprint, Some(card.as_str()));
        assert_eq!((shared.email_hash, shared.address_hash), (None, None));
    }
}
