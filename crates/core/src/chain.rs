//! The chain of a member's entries: each carries a hash of itself and of the one before.
//!
//! Owns the bytes that are hashed and the hash's text. Its invariant: two entries that differ in anything, or
//! follow different histories, are hashed from different bytes. So whoever kept one hash can tell that nothing
//! up to it was changed, left out or put in since, without asking anybody.
//!
//! # The bytes
//! The hash of an entry is the SHA-256 of the line `earnest-entry-v1` and of these fields, each a line of its
//! own, in this order. Lines end with a line feed; there are no other bytes.
//!
//! 1. the hash of the entry before, as 64 lower-case hexadecimal digits; absent for the first of the chain
//! 2. the member's id
//! 3. `seq`
//! 4. the kind's name, such as `earn`
//! 5. points
//! 6. the balance after it
//! 7. the source
//! 8. the reason, which may be absent
//! 9. the number of rules, and then the id of each
//! 10. the partner, which may be absent
//! 11. the program's version
//! 12. the program's digest
//! 13. when it was booked, in milliseconds since 1970-01-01T00:00:00Z
//! 14. the shop's day on which that was, counted from 1970-01-01
//! 15. the number of pools, and then of each: the currency's code, which may be absent; points; minor units spent
//! 16. who decided it, where that is told; where it is not, there is no such line
//!
//! A text is written as the number of its bytes in UTF-8, a colon, and the bytes: `4:earn`. A number is written
//! in decimal without leading zeros: `39`, `-5`, `0`. What is absent is `-`. As every text says how long it is,
//! no text can be taken for another field, whatever is in it. In Python, of an entry of a statement:
//!
//! ```python
//! from hashlib import sha256
//! def text(it): return b"-\n" if it is None else b"%d:%s\n" % (len(it.encode()), it.encode())
//! def number(it): return b"%d\n" % it
//! def entry_hash(previous, member_id, e):
//!     return sha256(b"earnest-entry-v1\n" + text(previous) + text(member_id) + number(e["seq"])
//!         + text(e["kind"]) + number(e["points"]) + number(e["balance_points"]) + text(e["source"])
//!         + text(e["reason"]) + number(len(e["rules"])) + b"".join(map(text, e["rules"]))
//!         + text(e["partner"]) + number(e["program_version"]) + text(e["program_digest"])
//!         + number(e["booked_at"]) + number(e["day"]) + number(len(e["pools"]))
//!         + b"".join(text(p["currency"]) + number(p["points"]) + number(p["spent_minor"]) for p in e["pools"])
//!         + (text(e["by"]) if "by" in e else b"")).hexdigest()
//! ```

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::hex::{DIGEST_BYTES, parse_digest, write_digest};
use crate::{Pool, Timestamp};

/// Stands before every entry: no hash of anything else in the system begins so, and a later form has another.
const DOMAIN: &str = "earnest-entry-v1\n";

/// The hash of an entry and of all before it. Its text is 64 lower-case hexadecimal digits.
///
/// ```
/// use earnest_core::EntryHash;
///
/// let text = "00".repeat(32);
/// let hash: EntryHash = text.parse()?;
/// assert_eq!(hash.to_string(), text);
/// assert!("AB".repeat(32).parse::<EntryHash>().is_err());
/// # Ok::<(), earnest_core::EntryHashError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryHash([u8; DIGEST_BYTES]);

/// The text is no hash of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hash of an entry is 64 lower-case hexadecimal digits")]
pub struct EntryHashError;

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digest(&self.0, f)
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digest(&self.0, f)
    }
}

impl FromStr for EntryHash {
    type Err = EntryHashError;

    fn from_str(text: &str) -> Result<Self, EntryHashError> {
        parse_digest(text).map(Self).ok_or(EntryHashError)
    }
}

/// An entry as it is chained: everything that it says.
#[derive(Clone, Copy, Debug)]
pub struct ChainedEntry<'a> {
    /// Its place in the member's ledger.
    pub seq: u64,
    /// The name of what it is for.
    pub kind: &'a str,
    /// What it adds to the balance.
    pub points: i64,
    /// The balance after it.
    pub balance: i64,
    /// What it was booked for.
    pub source: &'a str,
    /// Why, where a person decided it.
    pub reason: Option<&'a str>,
    /// The ids of the rules that gave something.
    pub rules: &'a [String],
    /// The partner whose order it was.
    pub partner: Option<&'a str>,
    /// The version of the program that decided it.
    pub program_version: u32,
    /// Its digest.
    pub program_digest: &'a str,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The shop's day on which that was.
    pub day: i64,
    /// Its points by currency.
    pub pools: &'a [Pool],
    /// Who decided it, where that is told.
    pub by: Option<&'a str>,
}

/// The hash of a member's entry that follows the one with the hash `previous`; `None` begins the chain.
#[must_use]
pub fn entry_hash(
    previous: Option<&EntryHash>,
    member_id: &str,
    entry: &ChainedEntry<'_>,
) -> EntryHash {
    let mut lines = Lines(Sha256::new_with_prefix(DOMAIN));
    lines.maybe(previous.map(EntryHash::to_string).as_deref());
    lines.text(member_id);
    lines.number(entry.seq);
    lines.text(entry.kind);
    lines.number(entry.points);
    lines.number(entry.balance);
    lines.text(entry.source);
    lines.maybe(entry.reason);
    lines.number(entry.rules.len());
    for rule in entry.rules {
        lines.text(rule);
    }
    lines.maybe(entry.partner);
    lines.number(entry.program_version);
    lines.text(entry.program_digest);
    lines.number(entry.booked_at.as_millis());
    lines.number(entry.day);
    lines.number(entry.pools.len());
    for pool in entry.pools {
        lines.maybe(pool.currency.map(crate::Currency::code));
        lines.number(pool.points);
        lines.number(pool.spent_minor);
    }
    // Only where there is one, so that the hashes of before hold.
    if let Some(by) = entry.by {
        lines.text(by);
    }
    EntryHash(lines.0.finalize().into())
}

/// The lines, hashed as they come.
struct Lines(Sha256);

impl Lines {
    fn text(&mut self, text: &str) {
        self.0.update(format!("{}:{text}\n", text.len()));
    }

    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.update("-\n"),
        }
    }

    fn number(&mut self, number: impl fmt::Display) {
        self.0.update(format!("{number}\n"));
    }
}

#[cfg(test)]
mod tests;
