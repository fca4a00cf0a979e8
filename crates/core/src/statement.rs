//! Statements, checked: every balance and every hash of a member's ledger worked out again, offline.
//!
//! Owns what holds in a statement and the telling of what does not. Its invariant: a statement that is found
//! good has no chained entry that could be changed, left out or put in without a change of its closing hash. The
//! shop's name and when it was told are no part of any entry, so they are taken as they are;
//! of what the balance is made of, the sum is checked. When points mature and expire, what she owes and when she was
//! last active follow from her entries and from the programs together, which a statement does not have: they are told as
//! the shop keeps them, and nothing here says that they are right. Entries of balances of money are in no chain: their
//! numbers and sums are checked.
//!
//! What a statement cannot show by itself is that all of it was not written anew. Whoever keeps the closing hash
//! of an earlier statement can: [`Verified::holds`] tells whether the ledger still has it.

use std::fmt;

use crate::wire::{
    CreditLedgerDocument, HoldingsDocument, PoolDocument, STATEMENT_FORMAT, StatementDocument,
    StatementEntryDocument,
};
use crate::{
    ChainedEntry, Currency, EntryHash, Holdings, Points, Pool, Timestamp, entry_hash, tell_whole,
};

/// A statement that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The entries that it tells.
    pub entries: usize,
    /// The place of the first of them that is chained; those before it are from before the chain began, and only
    /// their sums are checked. `None` where none is.
    pub chained_from: Option<u64>,
    /// The balance at its end.
    pub balance: i64,
    /// The balances of money at its end, by their ids, in minor units.
    pub credits: Vec<(String, i64)>,
    hashes: Vec<EntryHash>,
}

impl Verified {
    /// Whether a hash that somebody kept is that of one of these entries, or of the one before them: then
    /// nothing up to it was changed since.
    #[must_use]
    pub fn holds(&self, kept: &EntryHash) -> bool {
        self.hashes.contains(kept)
    }

    /// The hash at its end: what to keep. `None` where the chain has not begun.
    #[must_use]
    pub fn head(&self) -> Option<&EntryHash> {
        self.hashes.last()
    }
}

/// Where a statement is not what it should be: the first such place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// A JSON pointer (RFC 6901) into the statement: `/entries/2/balance_points`.
    pub pointer: String,
    /// The entry, by its place in the ledger; `None` where it is none.
    pub seq: Option<u64>,
    /// What does not hold.
    pub rule: StatementRule,
    /// What is written there.
    pub written: String,
    /// What would be right.
    pub right: String,
}

/// What holds in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementRule {
    /// The form is one that this engine knows.
    FormatKnown,
    /// Before the first entry there is nothing.
    OpeningEmpty,
    /// Entries are numbered without gaps.
    SeqWithoutGaps,
    /// Points are within ±(2^53 - 1), and a balance is not negative.
    PointsWithinLimits,
    /// A balance is the one before plus the entry's points.
    BalanceContinued,
    /// Currencies are those of ISO 4217.
    CurrencyKnown,
    /// The parts of an entry by currency sum to its points.
    PoolsSumToPoints,
    /// Once the chain has begun, every entry has a hash.
    HashThere,
    /// An entry with a hash has the day that is in it.
    DayThere,
    /// A hash is that of its entry and of all before it.
    HashFollows,
    /// The closing is what is after the last entry.
    ClosingIsLast,
    /// The holdings are such as somebody can have.
    HoldingsPossible,
    /// What is in lots and in reservations sums to the balance.
    HoldingsSumToBalance,
}

impl StatementRule {
    /// The stable name, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FormatKnown => "format_known",
            Self::OpeningEmpty => "opening_empty",
            Self::SeqWithoutGaps => "seq_without_gaps",
            Self::PointsWithinLimits => "points_within_limits",
            Self::BalanceContinued => "balance_continued",
            Self::CurrencyKnown => "currency_known",
            Self::PoolsSumToPoints => "pools_sum_to_points",
            Self::HashThere => "hash_there",
            Self::DayThere => "day_there",
            Self::HashFollows => "hash_follows",
            Self::ClosingIsLast => "closing_is_last",
            Self::HoldingsPossible => "holdings_possible",
            Self::HoldingsSumToBalance => "holdings_sum_to_balance",
        }
    }

    /// What it says.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FormatKnown => "a statement is in a form that is known here",
            Self::OpeningEmpty => "before the first entry there is nothing",
            Self::SeqWithoutGaps => "entries are numbered without gaps",
            Self::PointsWithinLimits => {
                "points and amounts are within ±(2^53 - 1), and balances not negative"
            }
            Self::BalanceContinued => "a balance is the one before plus the entry's points",
            Self::CurrencyKnown => "a currency is an active one of ISO 4217",
            Self::PoolsSumToPoints => "the parts by currency sum to the entry's points",
            Self::HashThere => "every entry has a hash, once the chain has begun",
            Self::DayThere => "an entry with a hash has the day that is in it",
            Self::HashFollows => "a hash is that of its entry and of all entries before it",
            Self::ClosingIsLast => "a statement closes with its last entry",
            Self::HoldingsPossible => "holdings are such as somebody can have",
            Self::HoldingsSumToBalance => "what is in lots and reservations sums to the balance",
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "entry {seq}: ")?,
            None => write!(f, "{}: ", self.pointer)?,
        }
        let (rule, written, right) = (self.rule.sentence(), &self.written, &self.right);
        write!(f, "{rule}; written is {written}, right would be {right}")
    }
}

impl std::error::Error for Break {}

/// Works out every balance and every hash again. The entries of a statement that begins further on are checked
/// from its opening, which is taken as it is told.
///
/// # Errors
/// The first place that is not what it should be.
pub fn verify(statement: &StatementDocument) -> Result<Verified, Break> {
    let place = Place::head("/format");
    let format = statement.format.as_str();
    place.same(StatementRule::FormatKnown, &format, &STATEMENT_FORMAT)?;
    let opening = &statement.opening;
    let place = Place::head("/opening/balance_points");
    let balance = within(&place, opening.balance_points, 0)?;
    if opening.seq == 0 {
        place.same(StatementRule::OpeningEmpty, &balance, &Points::ZERO)?;
        let told = opening.hash.as_deref().unwrap_or("null");
        Place::head("/opening/hash").same(StatementRule::OpeningEmpty, &told, &"null")?;
    }
    let mut reader = Reader {
        member_id: &statement.member_id,
        seq: opening.seq,
        balance,
        hashes: Vec::with_capacity(statement.entries.len().saturating_add(1)),
        chained_from: None,
    };
    if let Some(text) = &opening.hash {
        let hash = read_hash(&Place::head("/opening/hash"), text)?;
        reader.hashes.push(hash);
    }
    for (nth, entry) in statement.entries.iter().enumerate() {
        reader.read(nth, entry)?;
    }
    let closing = &statement.closing;
    let at = |field: &str| Place::head(&format!("/closing/{field}"));
    let last = reader.hashes.last();
    at("seq").same(StatementRule::ClosingIsLast, &closing.seq, &reader.seq)?;
    let told = closing.balance_points;
    at("balance_points").same(StatementRule::ClosingIsLast, &told, &reader.balance.get())?;
    let told = closing.hash.as_deref().unwrap_or("null");
    let hash = last.map_or_else(|| "null".to_owned(), EntryHash::to_string);
    at("hash").same(StatementRule::ClosingIsLast, &told, &hash.as_str())?;
    if let Some(holdings) = &statement.holdings {
        check_holdings(holdings.clone(), reader.balance)?;
    }
    let credits = statement.credits.iter().enumerate();
    let credits = credits.map(|(nth, ledger)| read_credits(nth, ledger));
    let credits = credits.collect::<Result<_, Break>>()?;
    Ok(Verified {
        credits,
        entries: statement.entries.len(),
        chained_from: reader.chained_from,
        balance: reader.balance.get(),
        hashes: reader.hashes,
    })
}

fn check_holdings(holdings: HoldingsDocument, balance: Points) -> Result<(), Break> {
    let place = Place::head("/holdings");
    let holdings = Holdings::try_from(holdings).map_err(|error| {
        let right = "lots of 1 point or more in currencies of ISO 4217, and 0 points owed or more";
        let rule = StatementRule::HoldingsPossible;
        place.broken(rule, &error.to_string(), right.to_owned())
    })?;
    let rule = StatementRule::HoldingsSumToBalance;
    place.same(rule, &holdings.points(), &balance.get())
}

/// Works out a balance of money again.
fn read_credits(nth: usize, ledger: &CreditLedgerDocument) -> Result<(String, i64), Break> {
    let (mut seq, mut balance) = (0_u64, Points::ZERO);
    for (place, entry) in ledger.entries.iter().enumerate() {
        seq = seq.saturating_add(1);
        let at = |field: &str| Place {
            pointer: format!("/credits/{nth}/entries/{place}/{field}"),
            seq: Some(seq),
        };
        at("seq").same(StatementRule::SeqWithoutGaps, &entry.seq, &seq)?;
        // Money is within the same limits as points.
        let minor = within(&at("minor"), entry.minor, i64::MIN)?;
        let sum = balance.checked_add(minor).map_or(i64::MAX, Points::get);
        let told = at("balance_minor");
        let written = entry.balance_minor;
        told.same(StatementRule::BalanceContinued, &written, &sum)?;
        balance = within(&told, sum, 0)?;
    }
    Ok((ledger.balance.clone(), balance.get()))
}

/// How far a ledger was read.
struct Reader<'a> {
    member_id: &'a str,
    seq: u64,
    balance: Points,
    hashes: Vec<EntryHash>,
    chained_from: Option<u64>,
}

impl Reader<'_> {
    fn read(&mut self, nth: usize, entry: &StatementEntryDocument) -> Result<(), Break> {
        let seq = self.seq.saturating_add(1);
        let at = |field: &str| Place {
            pointer: format!("/entries/{nth}/{field}"),
            seq: Some(seq),
        };
        at("seq").same(StatementRule::SeqWithoutGaps, &entry.seq, &seq)?;
        let points = within(&at("points"), entry.points, i64::MIN)?;
        let balance = self.balance.checked_add(points).map(Points::get);
        // A sum beyond the limit is no balance: whatever is written there is wrong by that.
        let balance = balance.unwrap_or(i64::MAX);
        let told = at("balance_points");
        told.same(
            StatementRule::BalanceContinued,
            &entry.balance_points,
            &balance,
        )?;
        self.balance = within(&told, balance, 0)?;
        self.seq = seq;
        let pools = read_pools(&at, &entry.pools)?;
        let Some(text) = &entry.hash else {
            if self.hashes.is_empty() {
                return Ok(());
            }
            let right = "64 lower-case hexadecimal digits".to_owned();
            return Err(at("hash").broken(StatementRule::HashThere, "null", right));
        };
        let day = entry.day.ok_or_else(|| {
            let right = "the shop's day, counted from 1970-01-01".to_owned();
            at("day").broken(StatementRule::DayThere, "null", right)
        })?;
        let parts = pools.iter();
        let sum = parts.fold(0_i64, |sum, pool| sum.saturating_add(pool.points));
        at("pools").same(StatementRule::PoolsSumToPoints, &sum, &entry.points)?;
        let hash = self.hash_of(entry, day, &pools);
        at("hash").same(StatementRule::HashFollows, text, &hash.to_string())?;
        self.hashes.push(hash);
        self.chained_from = self.chained_from.or(Some(seq));
        Ok(())
    }

    fn hash_of(&self, entry: &StatementEntryDocument, day: i64, pools: &[Pool]) -> EntryHash {
        let chained = ChainedEntry {
            seq: entry.seq,
            kind: &entry.kind,
            points: entry.points,
            balance: entry.balance_points,
            source: &entry.source,
            reason: entry.reason.as_deref(),
            rules: &entry.rules,
            partner: entry.partner.as_deref(),
            program_version: entry.program_version,
            program_digest: &entry.program_digest,
            booked_at: Timestamp::from_millis(entry.booked_at),
            day,
            pools,
            by: entry.by.as_deref(),
        };
        entry_hash(self.hashes.last(), self.member_id, &chained)
    }
}

fn read_pools(at: &impl Fn(&str) -> Place, pools: &[PoolDocument]) -> Result<Vec<Pool>, Break> {
    let pools = pools.iter().enumerate().map(|(nth, pool)| {
        let currency = pool.currency.as_deref().map(Currency::parse);
        let currency = currency.transpose().map_err(|error| {
            let place = at(&format!("pools/{nth}/currency"));
            let right = "a code such as EUR".to_owned();
            place.broken(StatementRule::CurrencyKnown, &error.0, right)
        })?;
        Ok(Pool {
            currency,
            points: pool.points,
            spent_minor: pool.spent_minor,
        })
    });
    pools.collect()
}

fn read_hash(place: &Place, text: &str) -> Result<EntryHash, Break> {
    text.parse().map_err(|_| {
        let right = "64 lower-case hexadecimal digits".to_owned();
        place.broken(StatementRule::HashFollows, text, right)
    })
}

/// A number of points that is one, and is not below `least`.
fn within(place: &Place, number: i64, least: i64) -> Result<Points, Break> {
    let points = Points::new(number).ok().filter(|_| number >= least);
    points.ok_or_else(|| {
        let right = match least {
            0 => "0 to 9007199254740991",
            _ => "-9007199254740991 to 9007199254740991",
        };
        place.broken(
            StatementRule::PointsWithinLimits,
            &tell_whole(number),
            right.to_owned(),
        )
    })
}

/// A place in a statement.
struct Place {
    pointer: String,
    seq: Option<u64>,
}

impl Place {
    fn head(pointer: &str) -> Self {
        let pointer = pointer.to_owned();
        Self { pointer, seq: None }
    }

    fn broken(&self, rule: StatementRule, written: &str, right: String) -> Break {
        Break {
            pointer: self.pointer.clone(),
            seq: self.seq,
            rule,
            written: written.to_owned(),
            right,
        }
    }

    fn same<T: PartialEq + fmt::Display>(
        &self,
        rule: StatementRule,
        written: &T,
        right: &T,
    ) -> Result<(), Break> {
        if written == right {
            return Ok(());
        }
        Err(self.broken(rule, &written.to_string(), right.to_string()))
    }
}

#[cfg(test)]
mod tests;
