//! Every check that a program needs before it is published, each problem with its place, and what the file
//! becomes in the published document.
//!
//! Owns the walk over the file and the checks that several parts share; what currencies, tiers, rules and
//! conditions must be is told in the files below. All problems are gathered, so that an author mends them in
//! one go. Its invariant: a file without problems becomes a document that is a program.

mod challenges;
mod competitions;
mod conditions;
mod custody;
mod lifetime;
mod limits;
mod membership;
mod moments;
mod partners;
mod rates;
mod referral;
mod rewards;
mod rules;
mod surprises;
mod tiers;

use std::collections::HashSet;

use self::custody::transfers;
use self::moments::Zone;
use super::diagnostic::MAX_TOLD;
use super::source::{BalanceSource, ProgramSource};
use super::tree::is_within;
use crate::limits::{
    MAX_BONUS_POINTS, MAX_GROUPS, MAX_ID_BYTES, MAX_NAMES, MAX_RULES, MAX_TEXT_BYTES,
};
use crate::wire::{BalanceDocument, PointsWordDocument, ProgramDocument};
use crate::{Currency, Decimal};

/// What the file becomes, and what is wrong with it. Of what was passed over, which is given, and of the tables in
/// which it stands nothing is told: what one lacks may well be the key that is misspelt in it.
pub(super) fn check(source: &ProgramSource, passed_over: &[String]) -> (ProgramDocument, Found) {
    let incomplete = passed_over.iter().filter_map(|key| key.rsplit_once('/'));
    let mut check = Check {
        source,
        passed_over,
        incomplete: incomplete.map(|(table, _)| table).collect(),
        zone: Zone::default(),
        found: Found::default(),
        ids: HashSet::new(),
        names: 0,
    };
    let document = check.program();
    (document, check.found)
}

/// What is wrong. As many problems as are told are kept, however many a file has.
#[derive(Default)]
pub(super) struct Found {
    /// The first of them.
    pub(super) problems: Vec<Problem>,
    /// How many there are beside.
    pub(super) more: usize,
}

/// One thing that is wrong.
pub(super) struct Problem {
    /// A JSON pointer (RFC 6901) into the file: `/rules/2/grant/multiply`.
    pub(super) pointer: String,
    /// Whether the key at the pointer is wrong, and not its value.
    pub(super) is_about_key: bool,
    /// What is wrong, and what would be right.
    pub(super) message: String,
}

/// The walk, and the problems found so far.
struct Check<'s> {
    source: &'s ProgramSource,
    /// Pointers to what something stands in for, or nothing.
    passed_over: &'s [String],
    /// Pointers to the tables of which nothing is told.
    incomplete: HashSet<&'s str>,
    zone: Zone,
    found: Found,
    /// Of exclusions, rules and campaigns together: a reason and a limit name either by its id alone.
    ids: HashSet<String>,
    /// How many names all conditions have together.
    names: usize,
}

impl Check<'_> {
    fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        self.find(pointer, false, message);
    }

    fn problem_with_key(&mut self, pointer: &str, message: impl Into<String>) {
        self.find(pointer, true, message);
    }

    fn find(&mut self, pointer: &str, is_about_key: bool, message: impl Into<String>) {
        if self.incomplete.contains(pointer) || is_within(pointer, self.passed_over) {
            return;
        }
        if self.found.problems.len() >= MAX_TOLD {
            self.found.more = self.found.more.saturating_add(1);
            return;
        }
        self.found.problems.push(Problem {
            pointer: pointer.to_owned(),
            is_about_key,
            message: message.into(),
        });
    }

    fn program(&mut self) -> ProgramDocument {
        let source = self.source;
        if !source.digest.is_empty() {
            self.problem_with_key("/digest", "the digest is computed; remove this");
        }
        if source.version == 0 {
            self.problem("/version", "versions count from 1");
        }
        self.text("/name", &source.name);
        self.text("/points/one", &source.points.one);
        self.text("/points/other", &source.points.other);
        self.zone(source.time_zone.as_deref());
        let starts_at = self.moment("/starts_at", source.starts_at.as_deref());
        let ends_at = self.end("/ends_at", source.ends_at.as_deref());
        self.window("/ends_at", starts_at, ends_at);
        if !(0..=MAX_BONUS_POINTS).contains(&source.welcome_points) {
            self.problem(
                "/welcome_points",
                format!("write 0 to {MAX_BONUS_POINTS} points"),
            );
        }
        let earn = self.earn();
        let tiers = &source.tiers;
        self.at_most(MAX_GROUPS, "/balances", source.balances.len());
        self.at_most(MAX_RULES, "/tiers", tiers.len());
        self.at_most(MAX_RULES, "/exclusions", source.exclusions.len());
        self.at_most(MAX_GROUPS, "/campaigns", source.campaigns.len());
        self.at_most(MAX_GROUPS, "/groups", source.groups.len());
        self.at_most(MAX_RULES, "/rules", source.rules.len());
        self.at_most(MAX_GROUPS, "/challenges", source.challenges.len());
        self.at_most(MAX_GROUPS, "/competitions", source.competitions.len());
        self.at_most(MAX_RULES, "/rewards", source.rewards.len());
        self.at_most(MAX_GROUPS, "/surprises", source.surprises.len());
        self.at_most(MAX_GROUPS, "/partners", source.partners.len());
        let document = ProgramDocument {
            version: source.version,
            name: source.name.clone(),
            digest: String::new(),
            points: PointsWordDocument {
                one: source.points.one.clone(),
                other: source.points.other.clone(),
                worth: source.points.worth.clone(),
            },
            starts_at,
            ends_at,
            offsets: self.zone.offsets(),
            earn,
            welcome_points: source.welcome_points,
            joining: source.joining,
            balances: self.each(&source.balances, "/balances", Self::balance),
            tiers_by: self.tiers_by(),
            tiers: self.tiers(tiers),
            exclusions: self.each(&source.exclusions, "/exclusions", Self::exclusion),
            campaigns: self.each(&source.campaigns, "/campaigns", Self::campaign),
            groups: self.each(&source.groups, "/groups", Self::group),
            rules: self.rules(),
            rule_gifts: self.rule_gifts(),
            membership: self.membership(),
            challenges: self.each(&source.challenges, "/challenges", Self::challenge),
            competitions: self.each(&source.competitions, "/competitions", Self::competition),
            rewards: self.each(&source.rewards, "/rewards", Self::reward),
            referral: source.referral.as_ref().map(|it| self.referral(it)),
            surprises: self.each(&source.surprises, "/surprises", Self::surprise),
            partners: self.each(&source.partners, "/partners", Self::partner),
            pending: source.pending.as_ref().map(|it| self.pending(it)),
            expiry: source.expiry.as_ref().and_then(|it| self.expiry(it)),
            refunds: self.refunds(&source.refunds),
            redemptions: self.redemptions(&source.redemptions),
            guests: self.guests(&source.guests),
            transfers: transfers(&source.transfers),
            accounting: self.accounting(&source.accounting),
        };
        if self.names > MAX_NAMES {
            let message = format!(
                "the conditions of a program have at most {MAX_NAMES} names together, these have {}; \
                 give the products a tag or category in the shop and name that",
                self.names
            );
            self.problem_with_key("/rules", message);
        }
        document
    }

    /// Checks each of a list, with the pointer to it.
    fn each<S, D>(
        &mut self,
        sources: &[S],
        at: &str,
        check: fn(&mut Self, &str, &S) -> D,
    ) -> Vec<D> {
        let mut documents = Vec::with_capacity(sources.len());
        for (nth, source) in sources.iter().enumerate() {
            documents.push(check(self, &format!("{at}/{nth}"), source));
        }
        documents
    }

    fn balance(&mut self, at: &str, source: &BalanceSource) -> BalanceDocument {
        let same = |other: &&BalanceSource| other.id == source.id;
        if self.source.balances.iter().filter(same).count() > 1 {
            self.problem(
                &format!("{at}/id"),
                "two balances have this id; give each its own",
            );
        }
        self.plain_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/name"), &source.name);
        if let Err(error) = Currency::parse(&source.currency) {
            self.problem(&format!("{at}/currency"), error.to_string());
        }
        BalanceDocument {
            id: source.id.clone(),
            name: source.name.clone(),
            currency: source.currency.clone(),
        }
    }

    fn window(&mut self, end: &str, from: Option<i64>, until: Option<i64>) {
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            self.problem(end, "the end must be later than the start");
        }
    }

    /// An id that nothing else of its kind may have.
    fn id(&mut self, at: &str, id: &str, is_new: bool) {
        self.plain_id(at, id);
        if !is_new {
            let message = format!("the id {id:?} is used twice; give each its own");
            self.problem(at, message);
        }
    }

    /// An id that no other exclusion, rule or campaign may have.
    fn shared_id(&mut self, at: &str, id: &str) {
        let is_new = self.ids.insert(id.to_owned());
        self.id(at, id, is_new);
    }

    fn plain_id(&mut self, at: &str, id: &str) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if !(1..=MAX_ID_BYTES).contains(&id.len()) || !id.bytes().all(plain) {
            let message =
                "an id has lower-case letters, digits, - and _, such as \"double-coffee\"";
            self.problem(at, message);
        }
    }

    /// The place of what is named, among the ids of its kind; a problem where there is none of it.
    fn place<'i>(
        &mut self,
        at: &str,
        what: &str,
        id: Option<&str>,
        ids: impl Iterator<Item = &'i str> + Clone,
    ) -> Option<u32> {
        let id = id?;
        let place = ids.clone().position(|known| known == id);
        if place.is_none() && self.knows_all(what) {
            let message = format!("there is no {what} {id:?}; {}", known(what, ids));
            self.problem(at, message);
        }
        place.and_then(|nth| u32::try_from(nth).ok())
    }

    /// Whether the ids of all of this kind were read: else the one that is named may be among those that were not.
    fn knows_all(&self, what: &str) -> bool {
        let list = format!("/{what}s");
        !self.passed_over.iter().any(|place| {
            let inside = place.strip_prefix(&list);
            inside.is_some_and(|it| it.matches('/').count() < 2 || it.ends_with("/id"))
        })
    }

    /// Whether what stands there was read, or another thing in its place.
    fn was_read(&self, pointer: &str) -> bool {
        !is_within(pointer, self.passed_over)
    }

    fn text(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() || text.len() > MAX_TEXT_BYTES {
            self.problem(at, format!("write a text of 1 to {MAX_TEXT_BYTES} bytes"));
        }
    }

    fn at_most(&mut self, most: usize, at: &str, len: usize) {
        if len > most {
            let message = format!("at most {most} are possible, these are {len}");
            self.problem(at, message);
        }
    }

    fn decimals(&mut self, at: &str, number: Decimal, most: u32) {
        if number.normalize().scale() > most {
            self.problem(
                at,
                format!("{number} has too many decimals; at most {most} are possible"),
            );
        }
    }
}

/// Ids that a message names; a file with more has told its author enough.
const MOST_NAMED: usize = 20;

/// `the program has no tiers`, or `the program's tiers are: "silver", "gold"`.
fn known<'i>(what: &str, ids: impl Iterator<Item = &'i str>) -> String {
    let ids: Vec<_> = ids.take(MOST_NAMED).map(|id| format!("{id:?}")).collect();
    if ids.is_empty() {
        format!("the program has no {what}s")
    } else {
        format!("the program's {what}s are: {}", ids.join(", "))
    }
}
