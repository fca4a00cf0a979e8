//! Members by tier at the end of each month, and how they moved.
//!
//! A tier is its place in the program; who is in none stands before the first. Its invariant: the members of
//! all tiers sum to those who have joined.

use std::collections::BTreeMap;

use super::book::month_of;
use crate::shop::Booked;

/// What a month did to members.
#[derive(Clone, Debug, Default)]
pub(crate) struct Month {
    /// How many joined.
    pub(crate) joined: u64,
    /// How many orders members placed.
    pub(crate) member_orders: u64,
    /// How many moved, by where from and where to; 0 is no tier, 1 the lowest.
    pub(crate) moves: BTreeMap<(usize, usize), u64>,
    /// How many are in each tier at its end; 0 is no tier.
    pub(crate) in_tier: Vec<u64>,
}

/// Every month so far.
pub(crate) struct Months {
    by_month: BTreeMap<i64, Month>,
    current: Option<(i64, Month)>,
    in_tier: Vec<u64>,
    day: i64,
}

fn seat(tier: Option<usize>) -> usize {
    tier.map_or(0, |tier| tier + 1)
}

impl Months {
    pub(crate) fn new(tiers: usize) -> Self {
        Self {
            by_month: BTreeMap::new(),
            current: None,
            in_tier: vec![0; tiers + 1],
            day: i64::MIN,
        }
    }

    /// A member was there before the stream.
    pub(crate) fn start_in(&mut self, tier: Option<usize>) {
        self.in_tier[seat(tier)] += 1;
    }

    /// Time has come to a day.
    pub(crate) fn advance_to(&mut self, day: i64) {
        if day == self.day {
            return;
        }
        self.day = day;
        let month = month_of(day);
        if self.current.as_ref().is_some_and(|(at, _)| *at == month) {
            return;
        }
        if let Some((at, mut done)) = self.current.replace((month, Month::default())) {
            done.in_tier.clone_from(&self.in_tier);
            self.by_month.insert(at, done);
        }
    }

    /// A member's order was booked.
    pub(crate) fn order(&mut self, booked: &Booked) {
        let Some((_, month)) = &mut self.current else {
            return;
        };
        month.member_orders += 1;
        let (before, after) = (seat(booked.tier_before), seat(booked.tier_after));
        if booked.has_joined {
            month.joined += 1;
        } else {
            self.in_tier[before] -= 1;
        }
        self.in_tier[after] += 1;
        if before != after {
            *month.moves.entry((before, after)).or_default() += 1;
        }
    }

    /// Every month from the first to the last, without a gap.
    pub(crate) fn all(&self) -> Vec<(i64, Month)> {
        let mut months = self.by_month.clone();
        if let Some((at, current)) = &self.current {
            let in_tier = self.in_tier.clone();
            months.insert(
                *at,
                Month {
                    in_tier,
                    ..current.clone()
                },
            );
        }
        let Some((first, last)) = months.keys().next().zip(months.keys().next_back()) else {
            return Vec::new();
        };
        let mut in_tier = Vec::new();
        let month = |at: i64| {
            let month = months.get(&at).cloned().unwrap_or_else(|| Month {
                in_tier: in_tier.clone(),
                ..Month::default()
            });
            in_tier.clone_from(&month.in_tier);
            (at, month)
        };
        (*first..=*last).map(month).collect()
    }
}
