//! Profiles: what a shop knows of a member that rules may ask for.
//!
//! Invariant: what is named is set, null takes it away, and what is left out stays. Points are no part of it.

use earnest_core::limits::MAX_LABELS_PER_LINE;
use earnest_core::{Program, Snapshot, Standing, Timestamp};
use serde::{Deserialize, Deserializer};

use crate::store::members::{self, MemberRow};
use crate::store::{Statement, StoreError, scores};

/// Why a profile is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// More segments or tags than a member may have.
    #[error("at most {MAX_LABELS_PER_LINE} are possible, these are {count}")]
    TooMany {
        /// A JSON pointer to the list.
        pointer: &'static str,
        /// How many they are.
        count: usize,
    },
    /// A birthday on no day of a year.
    #[error("is no day of a year; write month and day, such as \"05-14\"")]
    NotABirthday,
    /// Nothing that could be shown is left of a name, or it is an e-mail address.
    #[error(
        "is no name that could be shown to everybody: it is empty, too long, or an e-mail address"
    )]
    DisplayNameUnusable,
    /// An invitation to a tier that there is not.
    #[error("is no tier of the program")]
    TierUnknown,
}

/// What is said of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// It is left out: it stays as it is.
    #[default]
    Nothing,
    /// It is named; null takes it away.
    Named(Option<T>),
}

impl<T: Clone> Said<T> {
    /// What it is after this was said of it.
    fn applied(&self, was: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => was,
            Self::Named(is) => is.clone(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        Option::deserialize(field).map(Self::Named)
    }
}

/// What a profile changes. The names have been checked, and each is named once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The month and the day of her birthday.
    pub birthday: Said<(u8, u8)>,
    /// The segments that she is in.
    pub segments: Said<Vec<String>>,
    /// The shop's tags of her.
    pub tags: Said<Vec<String>>,
    /// Until when her paid membership runs.
    pub paid_until: Said<Timestamp>,
    /// The tier to which the shop invited her.
    pub invited_tier: Said<String>,
    /// The name that those share who live with her.
    pub household: Said<String>,
    /// The name that she is shown by on boards, as the core cleaned it; none takes her off them.
    pub display_name: Said<String>,
}

impl ProfileChange {
    /// The tier that it names, which the program must have: see [`check_tier`](Self::check_tier).
    pub fn names_tier(&self) -> Option<&str> {
        match &self.invited_tier {
            Said::Named(Some(tier)) => Some(tier),
            _ => None,
        }
    }

    /// Whether the program has the tier that it names.
    ///
    /// # Errors
    /// Where it does not.
    pub fn check_tier(&self, program: &Program) -> Result<(), ProfileError> {
        let named = self.names_tier();
        let mut tiers = program.tiers().iter();
        match named {
            Some(tier) if !tiers.any(|known| known.id == *tier) => Err(ProfileError::TierUnknown),
            _ => Ok(()),
        }
    }

    /// Changes a member, as she is known now; nothing where nothing changes.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn store(&self, shop: &str, member: &MemberRow) -> Result<Vec<Statement>, StoreError> {
        let before = member.snapshot()?;
        let after = self.applied_to(before.clone());
        let household = self.household.applied(member.household.clone());
        let (id, revision) = (&member.member_id, member.revision);
        let name = self.display_name.applied(member.display_name.clone());
        let is_renamed = name != member.display_name;
        let mut statements = Vec::new();
        if after != before || household != member.household || is_renamed {
            let names = (household.as_deref(), name.as_deref());
            let changed = members::store_facts(shop, id, revision, &after, names);
            statements.push(changed);
        }
        if is_renamed {
            statements.push(scores::store_name(shop, id, name.as_deref()));
        }
        Ok(statements)
    }

    fn applied_to(&self, member: Snapshot) -> Snapshot {
        let segments = self.segments.applied(Some(member.segments));
        let tags = self.tags.applied(Some(member.tags));
        Snapshot {
            birthday: self.birthday.applied(member.birthday),
            segments: segments.unwrap_or_default(),
            tags: tags.unwrap_or_default(),
            paid_until: self.paid_until.applied(member.paid_until),
            standing: Standing {
                invited: self.invited_tier.applied(member.standing.invited),
                ..member.standing
            },
            ..member
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_set_and_null_takes_away_and_the_rest_stays() {
        let member = Snapshot {
            orders: 3,
            birthday: Some((5, 14)),
            segments: vec!["vip".to_owned()],
            ..Snapshot::default()
        };
        let check = |change: &ProfileChange, expected: &Snapshot| {
            assert_eq!(change.applied_to(member.clone()), *expected, "{change:?}");
        };
        let mut change = ProfileChange::default();
        check(&change, &member);
        let mut expected = member.clone();
        expected.birthday = None;
        change.birthday = Said::Named(None);
        check(&change, &expected);
        expected.standing.invited = Some("circle".to_owned());
        change.invited_tier = Said::Named(Some("circle".to_owned()));
        check(&change, &expected);
        expected = Snapshot {
            birthday: Some((2, 29)),
            segments: Vec::new(),
            tags: vec!["a".to_owned()],
            ..member.clone()
        };
        change = ProfileChange {
            birthday: Said::Named(Some((2, 29))),
            segments: Said::Named(None),
            tags: Said::Named(Some(vec!["a".to_owned()])),
            ..ProfileChange::default()
        };
        check(&change, &expected);
    }
}
