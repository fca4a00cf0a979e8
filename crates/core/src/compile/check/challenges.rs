//! Challenges: what is counted, within which time, and what each step of the ladder gives.

use super::super::source::{ChallengeSource, ChallengeStepSource, CountName};
use super::Check;
use crate::limits::{
    MAX_BONUS_POINTS, MAX_COUNT, MAX_COUNTED_CATEGORIES, MAX_DAYS, MAX_GROUPS, MAX_ID_BYTES,
    MAX_STREAK,
};
use crate::wire::{ChallengeDocument, ChallengeStepDocument, DecimalText};
use crate::{Currency, Money};

impl Check<'_> {
    pub(super) fn challenge(&mut self, at: &str, source: &ChallengeSource) -> ChallengeDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let (goal, currency) = self.goal(at, source);
        self.counted_activity(at, source);
        self.counted_categories(at, source);
        self.days(at, source);
        let from = self.moment(&format!("{at}/from"), source.from.as_deref());
        let until = self.end(&format!("{at}/until"), source.until.as_deref());
        self.window(&format!("{at}/until"), from, until);
        ChallengeDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            goal,
            activity: source.activity.clone(),
            among: source.categories.clone(),
            days: source.days,
            steps: self.challenge_steps(&format!("{at}/steps"), source, currency),
            repeats: source.repeat,
            from,
            until,
        }
    }

    /// How the goal is published, and the currency in which it is counted.
    fn goal(&mut self, at: &str, source: &ChallengeSource) -> (String, Option<Currency>) {
        let at = format!("{at}/currency");
        let goal = match source.count {
            CountName::Spend => {
                let Some(code) = source.currency.as_deref() else {
                    let message =
                        "spending counts in one currency; write it, such as currency = \"EUR\"";
                    self.problem(&at, message);
                    return (String::new(), None);
                };
                return (code.to_owned(), self.currency(&at, code));
            }
            CountName::Orders | CountName::Activities => "times",
            CountName::Categories => "categories",
            CountName::Weeks => "weeks",
            CountName::Months => "months",
        };
        if source.currency.is_some() {
            self.problem_with_key(&at, "only spending has a currency; remove this");
        }
        (goal.to_owned(), None)
    }

    fn counted_activity(&mut self, at: &str, source: &ChallengeSource) {
        let at = format!("{at}/activity");
        let may_have = matches!(
            source.count,
            CountName::Activities | CountName::Weeks | CountName::Months
        );
        match source.activity.as_deref() {
            None if source.count == CountName::Activities => {
                let message = "say which activity counts, such as activity = \"review\"";
                self.problem(&at, message);
            }
            Some(_) if !may_have => {
                let message = "only activities, weeks and months have one; remove this, or write count = \"activities\"";
                self.problem_with_key(&at, message);
            }
            Some(kind) => self.plain_id(&at, kind),
            None => {}
        }
    }

    fn counted_categories(&mut self, at: &str, source: &ChallengeSource) {
        let at = format!("{at}/categories");
        if source.activity.is_some() && !source.categories.is_empty() {
            self.problem_with_key(&at, "an activity has no categories; remove this");
        }
        self.at_most(MAX_COUNTED_CATEGORIES, &at, source.categories.len());
        for (nth, category) in source.categories.iter().enumerate() {
            if !(1..=MAX_ID_BYTES).contains(&category.len()) {
                let message = format!("write 1 to {MAX_ID_BYTES} bytes");
                self.problem(&format!("{at}/{nth}"), message);
            }
        }
    }

    fn days(&mut self, at: &str, source: &ChallengeSource) {
        let at = format!("{at}/days");
        let Some(days) = source.days else { return };
        if matches!(source.count, CountName::Weeks | CountName::Months) {
            let message = "a streak takes as long as it has weeks or months; remove this";
            self.problem_with_key(&at, message);
        } else if !(1..=MAX_DAYS).contains(&days) {
            self.problem(&at, format!("write 1 to {MAX_DAYS} days"));
        }
    }

    fn challenge_steps(
        &mut self,
        at: &str,
        source: &ChallengeSource,
        currency: Option<Currency>,
    ) -> Vec<ChallengeStepDocument> {
        if source.steps.is_empty() {
            let message = "write at least one step, such as { at = 3, points = 100 }";
            self.problem(at, message);
        }
        self.at_most(MAX_GROUPS, at, source.steps.len());
        let mut below = 0;
        let mut steps = Vec::with_capacity(source.steps.len());
        for (nth, step) in source.steps.iter().enumerate() {
            let here = format!("{at}/{nth}");
            let counted = self.counted(&format!("{here}/at"), source, step.at, currency);
            if let Some(counted) = counted {
                if counted <= below {
                    let message = "steps are listed from the lowest up; this must be more than the one before";
                    self.problem(&format!("{here}/at"), message);
                }
                below = counted;
            }
            self.given(&here, step);
            steps.push(ChallengeStepDocument {
                at: counted.unwrap_or(1),
                points: step.points,
                badge: step.badge.clone(),
                reward: step.reward.clone(),
            });
        }
        steps
    }

    /// What must be counted for a step: at least one.
    fn counted(
        &mut self,
        at: &str,
        source: &ChallengeSource,
        DecimalText(number): DecimalText,
        currency: Option<Currency>,
    ) -> Option<i64> {
        let most = match source.count {
            CountName::Spend => {
                let amount = Money::parse(&number.to_string(), currency?);
                return match amount {
                    Ok(amount) if amount.minor() > 0 => Some(amount.minor()),
                    Ok(_) => {
                        self.problem(at, "write an amount above 0");
                        None
                    }
                    Err(error) => {
                        self.problem(at, error.to_string());
                        None
                    }
                };
            }
            CountName::Weeks | CountName::Months => MAX_STREAK,
            CountName::Categories => i64::try_from(MAX_COUNTED_CATEGORIES).unwrap_or(1),
            CountName::Orders | CountName::Activities => MAX_COUNT,
        };
        let whole = number.normalize().scaled(0);
        let whole = whole.filter(|whole| (1..=most).contains(whole));
        if whole.is_none() {
            self.problem(at, format!("write a whole number from 1 to {most}"));
        }
        let among = i64::try_from(source.categories.len()).unwrap_or(i64::MAX);
        if source.count == CountName::Categories && among > 0 && whole.is_some_and(|it| it > among)
        {
            let message =
                format!("nobody can buy from more categories than the {among} that count");
            self.problem(at, message);
        }
        whole
    }

    fn given(&mut self, at: &str, step: &ChallengeStepSource) {
        if !(0..=MAX_BONUS_POINTS).contains(&step.points) {
            let message = format!("write 0 to {MAX_BONUS_POINTS} points");
            self.problem(&format!("{at}/points"), message);
        }
        if let Some(badge) = &step.badge {
            self.text(&format!("{at}/badge"), badge);
        }
        if let Some(reward) = &step.reward {
            self.gift(at, None, Some(reward));
        }
        if step.points == 0 && step.badge.is_none() && step.reward.is_none() {
            let message = "a step gives something; add points, a badge or a reward";
            self.problem(at, message);
        }
    }
}
