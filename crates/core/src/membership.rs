//! Membership: what a shop asks for it, if anything, what it gives, and when it is active.
//!
//! Fees are declared, not charged: the shop takes the money and says until when it is paid. One without a fee is
//! everybody's who joined. Its invariant: a membership that lapses takes nothing away but its perks and what rules
//! give to paid members; points stay.
//!
//! A trial is paid for by nobody until its end, and lapses as any other. That she has had it is counted as what she
//! has had of a reward is, so that it is once for each member, whoever she was merged with.

use crate::{Calendar, Currency, Money, Perk, Program, Refusal, Snapshot, Timestamp, Usage};

/// What counts that a member has had her trial, among the holders of limits: no id of a programme has a colon. Its day
/// is the first that was not of the trial any more.
pub(crate) const TRIAL: &str = "membership:trial";

/// A membership: one that members pay for, or that all have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// What members call it: `Harbour Plus`.
    pub name: String,
    /// The fee for a month, at most one for each currency.
    pub monthly: Vec<Money>,
    /// The fee for a year, at most one for each currency.
    pub yearly: Vec<Money>,
    /// Days that who starts may try it for nothing; 0 for none.
    pub trial_days: i64,
    /// What it gives while it is active.
    pub perks: Vec<Perk>,
}

impl Membership {
    /// Whether a member who has paid until `paid_until` is one at `now`: up to that instant, and not at it.
    #[must_use]
    pub fn is_active(paid_until: Option<Timestamp>, now: Timestamp) -> bool {
        paid_until.is_some_and(|end| now < end)
    }

    /// Whether it has no fee: then who joined has it.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.monthly.is_empty() && self.yearly.is_empty()
    }

    /// Until when somebody who starts a trial at `now` has it: to the midnight that ends the last of its
    /// days, the first being the day after. `None` where there is no trial.
    #[must_use]
    pub fn trial_until(&self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let days = self
            .trial_days
            .checked_add(1)
            .filter(|_| self.trial_days > 0)?;
        let end = calendar.local(now).day.checked_add(days)?;
        Some(calendar.start_of(end))
    }

    /// The fee for a month and that for a year in a currency.
    #[must_use]
    pub fn fees(&self, currency: Currency) -> (Option<Money>, Option<Money>) {
        let in_currency = |fees: &[Money]| {
            let mut fees = fees.iter();
            fees.find(|fee| fee.currency() == currency).copied()
        };
        (in_currency(&self.monthly), in_currency(&self.yearly))
    }
}

impl Program {
    /// The perks that a member has at `now`: of her tier, and of the membership while hers is active, or where it
    /// is free.
    pub fn perks_at(&self, member: &Snapshot, now: Timestamp) -> impl Iterator<Item = &Perk> {
        let tier = self.tier_at(member, now);
        let paid = self.membership();
        let paid = paid.filter(|it| it.is_free() || Membership::is_active(member.paid_until, now));
        let of_tier = tier.into_iter().flat_map(|(_, tier)| &tier.perks);
        of_tier.chain(paid.into_iter().flat_map(|it| &it.perks))
    }

    /// The first instant at which the trial that a member took is over; `None` for who has taken none.
    #[must_use]
    pub fn trial_of(&self, member: &Snapshot) -> Option<Timestamp> {
        let taken = member.usage_of(TRIAL)?;
        Some(self.calendar().start_of(taken.day))
    }

    /// The same while it lasts at `now`, and nobody ended it before.
    #[must_use]
    pub fn trial_running(&self, member: &Snapshot, now: Timestamp) -> Option<Timestamp> {
        let is_hers = Membership::is_active(member.paid_until, now);
        self.trial_of(member).filter(|end| is_hers && now < *end)
    }

    /// When her membership ends with her trial: `None` where she has paid for longer, or it was ended.
    #[must_use]
    pub fn trial_lapses_at(&self, member: &Snapshot) -> Option<Timestamp> {
        let end = self.trial_of(member);
        end.filter(|_| end == member.paid_until)
    }

    /// Until when she has a trial that she starts at `now`.
    ///
    /// # Errors
    /// The rule that says no: there is none, she has had hers, or she is a paid member.
    pub fn trial_at(&self, member: &Snapshot, now: Timestamp) -> Result<Timestamp, Refusal> {
        let offered = self.membership();
        let offered = offered.and_then(|it| it.trial_until(self.calendar(), now));
        let until = offered.ok_or(Refusal::TrialNotOffered)?;
        if self.trial_of(member).is_some() {
            return Err(Refusal::TrialTaken);
        }
        if Membership::is_active(member.paid_until, now) {
            return Err(Refusal::MembershipActive);
        }
        Ok(until)
    }

    /// Makes her a member until then, and remembers it.
    pub(crate) fn keep_trial(&self, member: &mut Snapshot, until: Timestamp) {
        member.paid_until = Some(until);
        member.usage.push(Usage {
            holder: TRIAL.to_owned(),
            day: self.calendar().local(until).day,
            times: 1,
            ..Usage::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plus(trial_days: i64) -> Membership {
        let fee = |text, code| {
            let currency = Currency::parse(code).expect("a currency");
            Money::parse(text, currency).expect("an amount")
        };
        Membership {
            name: "Plus".into(),
            monthly: vec![fee("4.99", "EUR")],
            yearly: vec![fee("49", "EUR"), fee("59", "USD")],
            trial_days,
            perks: Vec::new(),
        }
    }

    #[test]
    fn a_membership_is_active_up_to_the_instant_until_which_it_is_paid() {
        let check = |paid_until: Option<i64>, now, active| {
            let paid_until = paid_until.map(Timestamp::from_millis);
            let now = Timestamp::from_millis(now);
            assert_eq!(Membership::is_active(paid_until, now), active);
        };
        check(None, 0, false);
        check(Some(1_000), 999, true);
        check(Some(1_000), 1_000, false);
        check(Some(1_000), i64::MAX, false);
    }

    #[test]
    fn a_trial_lasts_whole_days_of_the_shop() {
        let berlin = Calendar::new(vec![(Timestamp::from_millis(0), 60)]);
        let check = |trial_days, now, until: Option<i64>| {
            let told = plus(trial_days).trial_until(&berlin, Timestamp::from_millis(now));
            assert_eq!(told.map(Timestamp::as_millis), until);
        };
        let hour = 3_600_000;
        // From the first hour of 2 January in Berlin to the end of 3 January.
        check(1, 23 * hour, Some((24 + 24 + 23) * hour));
        check(30, 10 * hour, Some((30 * 24 + 23) * hour));
        check(0, 0, None);
    }

    #[test]
    fn a_fee_is_told_in_the_currency_that_is_asked_for() {
        let check = |code: &str, monthly: Option<&str>, yearly: Option<&str>| {
            let currency = Currency::parse(code).expect("a currency");
            let (month, year) = plus(0).fees(currency);
            assert_eq!(month.map(|fee| fee.to_string()).as_deref(), monthly);
            assert_eq!(year.map(|fee| fee.to_string()).as_deref(), yearly);
        };
        check("EUR", Some("4.99 EUR"), Some("49.00 EUR"));
        check("USD", None, Some("59.00 USD"));
        check("GBP", None, None);
    }

    #[cfg(feature = "compile")]
    #[test]
    fn who_may_have_a_trial_has_had_none_and_pays_for_nothing() {
        let source = |membership: &str| {
            format!(
                "version = 1\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
                 earn.per_unit = {{ EUR = 1 }}\n{membership}"
            )
        };
        let plus = source("membership = { name = 'Plus', yearly = { EUR = 49 }, trial_days = 7 }");
        let untried = source("membership = { name = 'Plus', yearly = { EUR = 49 } }");
        let day = |days: i64| Timestamp::from_millis(days * 86_400_000);
        let check = |source: &str, paid: Option<i64>, tried: Option<i64>, now, told| {
            let program = crate::compile::compile(source).expect("a program").program;
            let mut member = Snapshot::default();
            if let Some(until) = tried {
                program.keep_trial(&mut member, day(until));
            }
            member.paid_until = paid.map(day);
            assert_eq!(
                program.trial_at(&member, day(now)),
                told,
                "{paid:?} {tried:?} {now}"
            );
        };
        let (not_offered, taken) = (Err(Refusal::TrialNotOffered), Err(Refusal::TrialTaken));
        check(&source(""), None, None, 10, not_offered);
        // What is refused for several reasons is told by the first.
        check(&untried, Some(11), Some(9), 10, not_offered);
        check(&plus, None, None, 10, Ok(day(18)));
        check(&plus, Some(11), None, 10, Err(Refusal::MembershipActive));
        check(&plus, Some(10), None, 10, Ok(day(18)));
        check(&plus, Some(11), Some(9), 10, taken);
        check(&plus, None, Some(9), 10, taken);
        check(&plus, None, Some(12), 10, taken);
    }

    #[cfg(feature = "compile")]
    #[test]
    fn a_trial_lapses_unless_she_pays_for_longer_or_her_shop_ended_it() {
        let source = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
            earn.per_unit = { EUR = 1 }\nmembership = { name = 'Plus', yearly = { EUR = 49 }, trial_days = 7 }";
        let program = crate::compile::compile(source).expect("a program").program;
        let day = |days: i64| Timestamp::from_millis(days * 86_400_000);
        let mut member = Snapshot::default();
        program.keep_trial(&mut member, day(18));
        let mut check = |paid: Option<i64>, now, running: Option<i64>, lapses: Option<i64>| {
            member.paid_until = paid.map(day);
            let told = program.trial_running(&member, day(now));
            assert_eq!(told, running.map(day), "{paid:?} {now}");
            let due = crate::due_at(&program, &member, day(now));
            assert_eq!(
                program.trial_lapses_at(&member),
                lapses.map(day),
                "{paid:?} {now}"
            );
            assert_eq!(
                due,
                lapses.filter(|at| now < *at).map(day),
                "{paid:?} {now}"
            );
        };
        check(Some(18), 17, Some(18), Some(18));
        check(Some(18), 18, None, Some(18));
        check(Some(383), 17, Some(18), None);
        check(Some(383), 18, None, None);
        check(None, 17, None, None);
    }

    #[cfg(feature = "compile")]
    #[test]
    fn perks_are_those_of_the_tier_and_while_it_is_paid_of_the_membership() {
        let source = r#"
            version = 1
            name = "Club"
            points = { one = "star", other = "stars" }
            earn.per_unit = { EUR = 1 }
            [[tiers]]
            id = "gold"
            name = "Gold"
            from_points = 100
            perks = [{ kind = "early-access", label = "First" }]
            [membership]
            name = "Plus"
            yearly = { EUR = 49 }
            perks = [{ kind = "percent-off", label = "5% off", percent = 5 }]
        "#;
        let program = crate::compile::compile(source).expect("a program").program;
        let check = |tier: Option<&str>, paid_until: i64, perks: &[&str]| {
            let member = Snapshot {
                tier: tier.map(str::to_owned),
                paid_until: Some(Timestamp::from_millis(paid_until)),
                ..Snapshot::default()
            };
            let told = program.perks_at(&member, Timestamp::from_millis(1_000));
            let told: Vec<_> = told.map(|perk| perk.label.as_str()).collect();
            assert_eq!(told, perks);
        };
        check(None, 1_000, &[]);
        check(Some("gold"), 1_000, &["First"]);
        check(Some("gold"), 1_001, &["First", "5% off"]);
        check(None, 1_001, &["5% off"]);
        let free = source.replace("yearly = { EUR = 49 }", "");
        let program = crate::compile::compile(&free).expect("a program").program;
        let anybody = Snapshot::default();
        let told = program.perks_at(&anybody, Timestamp::from_millis(0));
        assert_eq!(told.count(), 1);
    }
}
