//! Profiles: what a shop knows of a member that rules may ask for.
//!
//! Invariant: what is named is set, null takes it away, and what is left out stays. Points are no part of it.

use earnest_core::limits::MAX_LABELS_PER_LINE;
use earnest_core::{Command, Program, Snapshot, Standing, Timestamp, plan};
use serde::{Deserialize, Deserializer};

use crate::BookingError;
use crate::store::append::{self, Base};
use crate::store::members::{self, MemberRow};
use crate::store::{Statement, scores};

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
    /// Whether the program has the tier that it names.
    ///
    /// # Errors
    /// Where it does not.
    pub fn check_tier(&self, program: &Program) -> Result<(), ProfileError> {
        let mut tiers = program.tiers().iter();
        match &self.invited_tier {
            Said::Named(Some(tier)) if !tiers.any(|known| known.id == *tier) => {
                Err(ProfileError::TierUnknown)
            }
            _ => Ok(()),
        }
    }

    /// Whether it may need the program: it says something of tiers, or of until when she is a paid member.
    #[must_use]
    pub fn asks_program(&self) -> bool {
        self.invited_tier != Said::Nothing || self.paid_until != Said::Nothing
    }

    /// Changes a member, as she is known now; nothing where nothing changes. A change of her tier is told of, and what
    /// time has done before it, or before she paid after a trial, is booked before it, so that each change is told as it
    /// was: for that it asks for the program, where there is one.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn store(
        &self,
        shop: &str,
        member: &MemberRow,
        program: Option<&Program>,
        now: Timestamp,
    ) -> Result<Vec<Statement>, BookingError> {
        let before = member.snapshot()?;
        let after = self.applied_to(before.clone());
        let household = self.household.applied(member.household.clone());
        let (id, revision) = (&member.member_id, member.revision);
        let name = self.display_name.applied(member.display_name.clone());
        let is_renamed = name != member.display_name;
        let mut statements = Vec::new();
        let names = (household.as_deref(), name.as_deref());
        let is_moved = household != member.household || is_renamed;
        let tier = after.standing.invited.as_deref();
        let is_paid_anew = after.paid_until != before.paid_until;
        let program = program.filter(|program| {
            tier != before.standing.invited.as_deref()
                || is_paid_anew && program.trial_of(&before).is_some()
        });
        if let Some(program) = program {
            let invite = Command::Invite { tier };
            let planned = plan(program, Some(&before), invite, now);
            let mut planned = planned.map_err(|refusal| BookingError::refused(refusal, None))?;
            planned.snapshot = self.applied_to(planned.snapshot);
            let base = Base::of(member)?;
            statements = append::store_plan(shop, &base, program, &planned, now);
            if is_moved {
                statements.push(members::store_names(shop, id, names));
            }
        } else if after != before || is_moved {
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
    use earnest_core::compile;

    use super::*;
    use crate::store::joining::Joining;
    use crate::{Signs, Value};

    #[test]
    fn an_invitation_is_told_of_with_the_tier_before_and_a_fall_that_nobody_has_booked_with_its_own_day()
     {
        let source = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
            earn.per_unit = { EUR = 1 }\ntiers_by = { what = 'points', period = 'calendar-year' }\n\
            [[tiers]]\nid = 'silver'\nname = 'Silver'\nfrom_points = 100\n\
            [[tiers]]\nid = 'gold'\nname = 'Gold'\nfrom_points = 500\n";
        let program = compile::compile(source).expect("a program").program;
        let at = |day: i64| Timestamp::from_millis(day * 86_400_000);
        // Gold by 2025, settled in its last days; today is in 2027.
        let joining = Joining {
            member_id: "mem_1",
            customer_id: None,
            email_hash: None,
            terms: true,
            marketing: false,
            signs: &Signs::default(),
        };
        let mut member = MemberRow::newcomer("demo", &joining, at(20_000));
        member.keep(
            "gold",
            r#"{"standing":{"basis":"points year","period":2025,"buckets":[[2025,600]]}}"#,
            &format!(r#"{{"settled_at":{}}}"#, 20_450_i64 * 86_400_000),
        );
        let invite = |tier: Option<&str>| ProfileChange {
            invited_tier: Said::Named(tier.map(str::to_owned)),
            ..ProfileChange::default()
        };
        let events = |tier: Option<&str>, household: bool| {
            let mut change = invite(tier);
            if household {
                change.household = Said::Named(Some("smith".to_owned()));
            }
            let stored = change.store("demo", &member, Some(&program), at(20_830));
            let stored = stored.expect("statements");
            let told = stored
                .iter()
                .find(|it| it.sql.starts_with("INSERT INTO events"));
            let named = stored.iter().filter(|it| it.sql.contains("household = ?3"));
            assert_eq!(named.count(), usize::from(household));
            match told.map(|it| it.values[3].clone()) {
                Some(Value::Text(events)) => events,
                _ => String::new(),
            }
        };
        let fell = r#"["tier.changed",{"from":"gold"},1798761600000]"#;
        assert_eq!(
            events(Some("silver"), true),
            format!(r#"[{fell},["tier.changed",{{"to":"silver"}},1799712000000]]"#)
        );
        // What changes nothing is not stored.
        assert_eq!(events(None, false), "");
        assert_eq!(
            invite(None).store("demo", &member, Some(&program), at(20_830)),
            Ok(Vec::new())
        );
    }

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
