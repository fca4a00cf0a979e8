//! What happens that challenges count: orders and activities, and what of each counts for one of them.

use super::{Challenge, Goal};
use crate::{Currency, Timestamp};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// An order.
    Order {
        /// When it was placed.
        at: Timestamp,
        /// Its currency.
        currency: Currency,
        /// The categories of each line, and what of the line counts, in minor units. A line of which
        /// nothing counts is as good as none.
        lines: Vec<(&'a [String], i64)>,
    },
    /// An activity.
    Activity {
        /// When it took place.
        at: Timestamp,
        /// Its kind: `review`.
        kind: &'a str,
        /// How much of it, 1 for most.
        quantity: i64,
    },
}

impl Event<'_> {
    pub(crate) fn at(&self) -> Timestamp {
        match self {
            Self::Order { at, .. } | Self::Activity { at, .. } => *at,
        }
    }
}

impl Challenge {
    /// What of the event counts here, by the name that it counts under.
    pub(super) fn counted<'a>(&self, event: &Event<'a>) -> Vec<(&'a str, i64)> {
        let (lines, in_currency) = match event {
            Event::Activity { kind, quantity, .. } => {
                let fits = self.activity.as_deref() == Some(*kind) && *quantity > 0;
                let amount = match self.goal {
                    Goal::Times => *quantity,
                    Goal::Weeks | Goal::Months => 1,
                    Goal::Categories | Goal::Spend(_) => 0,
                };
                return Vec::from_iter((fits && amount > 0).then_some(("", amount)));
            }
            Event::Order {
                lines, currency, ..
            } => (lines, *currency),
        };
        if self.activity.is_some() {
            return Vec::new();
        }
        let is_among = |category: &String| self.among.is_empty() || self.among.contains(category);
        let fit = lines.iter().filter(|(categories, minor)| {
            *minor > 0 && (self.among.is_empty() || categories.iter().any(is_among))
        });
        match self.goal {
            Goal::Categories => {
                let categories = fit.flat_map(|(categories, _)| *categories);
                let counted = categories.filter(|category| is_among(category));
                counted.map(|category| (category.as_str(), 1)).collect()
            }
            Goal::Spend(currency) if currency != in_currency => Vec::new(),
            Goal::Spend(_) => {
                let minor = fit.fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor));
                Vec::from_iter((minor > 0).then_some(("", minor)))
            }
            Goal::Times | Goal::Weeks | Goal::Months => {
                Vec::from_iter((fit.count() > 0).then_some(("", 1)))
            }
        }
    }
}
