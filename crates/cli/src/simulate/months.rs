//! Members by tier at the end of each month, and how they moved.
//!
//! A tier is its place in the program; who is in none stands before the first. Its invariant: the members of
//! all tiers sum to those who were there and those who have joined.

use std::collections::BTreeMap;

use earnest_core::Calendar;

use super::book::month_of;
use crate::shop::{Booked, Move};

/// What a month did to members.
#[derive(Clone, Debug, Default)]
pub(crate) struct Month {
    /// How many joined, by the tier that they joined in; 0 is no tier, 1 the lowest.
    joined_in: BTreeMap<usize, u64>,
    /// How many orders members placed.
    pub(crate) member_orders: u64,
    /// How many moved, by where from and where to.
    pub(crate) moves: BTreeMap<(usize, usize), u64>,
    /// How many are in each tier at its end.
    pub(crate) in_tier: Vec<u64>,
}

/// Every month so far. A tier that ends while its member does nothing is noticed later, and counted then.
pub(crate) struct Months<'program> {
    calendar: &'program Calendar,
    by_month: BTreeMap<i64, Month>,
    at_start: Vec<u64>,
}

fn seat(tier: Option<usize>) -> usize {
    tier.map_or(0, |tier| tier + 1)
}

impl Month {
    /// How many joined.
    pub(crate) fn joined(&self) -> u64 {
        self.joined_in.values().sum()
    }
}

impl<'program> Months<'program> {
    pub(crate) fn new(tiers: usize, calendar: &'program Calendar) -> Self {
        Self {
            calendar,
            by_month: BTreeMap::new(),
            at_start: vec![0; tiers + 1],
        }
    }

    /// A member was there before the stream.
    pub(crate) fn start_in(&mut self, tier: Option<usize>) {
        self.at_start[seat(tier)] += 1;
    }

    /// An order was placed on a day, by a member if something was booked.
    pub(crate) fn order(&mut self, day: i64, booked: Option<&Booked>) {
        let month = self.by_month.entry(month_of(day)).or_default();
        let Some(booked) = booked else {
            return;
        };
        month.member_orders += 1;
        if let Some(joined) = booked.joined {
            *month.joined_in.entry(seat(joined.tier)).or_default() += 1;
        }
        self.moved(&booked.moves);
    }

    /// A member's tier changed.
    pub(crate) fn moved(&mut self, moves: &[Move]) {
        for (at, from, to) in moves {
            let month = month_of(self.calendar.local(*at).day);
            let month = self.by_month.entry(month).or_default();
            *month.moves.entry((seat(*from), seat(*to))).or_default() += 1;
        }
    }

    /// Every month from the first to the last, without a gap.
    pub(crate) fn all(&self) -> Vec<(i64, Month)> {
        let known = &self.by_month;
        let Some((first, last)) = known.keys().next().zip(known.keys().next_back()) else {
            return Vec::new();
        };
        let mut in_tier = self.at_start.clone();
        let month = |at: i64| {
            let mut month = known.get(&at).cloned().unwrap_or_default();
            for (seat, members) in &month.joined_in {
                in_tier[*seat] += members;
            }
            // Who comes before who goes: a month's moves are not in their order.
            for ((_, to), members) in &month.moves {
                in_tier[*to] += members;
            }
            for ((from, _), members) in &month.moves {
                in_tier[*from] -= members;
            }
            month.in_tier.clone_from(&in_tier);
            (at, month)
        };
        (*first..=*last).map(month).collect()
    }
}
