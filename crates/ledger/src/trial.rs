//! Trials: a member has the membership for some days, for nothing.
//!
//! Invariant: there is one for each member. While it lasts, who asks again is answered the same, and nothing is written.

use earnest_core::{Command, Program, Timestamp, plan};
use serde::Serialize;

use crate::store::Statement;
use crate::store::append::{self, Base};
use crate::store::members::MemberRow;
use crate::{BookingError, json, rfc3339};

/// A trial, and what to write for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The statements of one batch; none where it has begun before.
    pub statements: Vec<Statement>,
    /// What to answer once they have run, JSON.
    pub answer: String,
}

#[derive(Serialize)]
struct TrialAnswer<'a> {
    member_id: &'a str,
    /// The first instant at which it is over.
    trial_until: String,
}

impl Trial {
    /// That of a member, as she is known now.
    ///
    /// # Errors
    /// Where a rule says no, or she was merged into another one.
    pub fn start(
        shop: &str,
        member: &MemberRow,
        program: &Program,
        now: Timestamp,
    ) -> Result<Self, BookingError> {
        member.check_stands(None)?;
        let told = |until| {
            json(&TrialAnswer {
                member_id: &member.member_id,
                trial_until: rfc3339(until),
            })
        };
        let snapshot = member.snapshot()?;
        if let Some(until) = program.trial_running(&snapshot, now) {
            return Ok(Self {
                statements: Vec::new(),
                answer: told(until),
            });
        }
        let refused = |refusal| BookingError::refused(refusal, None);
        let until = program.trial_at(&snapshot, now).map_err(refused)?;
        let planned = plan(program, Some(&snapshot), Command::StartTrial, now).map_err(refused)?;
        Ok(Self {
            statements: append::store_plan(shop, &Base::of(member)?, program, &planned, now),
            answer: told(until),
        })
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::compile;

    use super::*;
    use crate::store::joining::Joining;
    use crate::{ProfileChange, Said, Signs, Value};

    const SOURCE: &str = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
        earn.per_unit = { EUR = 1 }\nmembership = { name = 'Plus', yearly = { EUR = 49 }, trial_days = 7 }";

    /// Hers, once her trial has begun.
    const FACTS: &str = r#"{"paid_until":1728691200000,"usage":[{"holder":"membership:trial","day":20008,"day_points":0,"month_points":0,"year_points":0,"points":0,"times":1}]}"#;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(day * 86_400_000)
    }

    fn ada() -> MemberRow {
        let joining = Joining {
            member_id: "mem_1",
            customer_id: None,
            email_hash: None,
            terms: true,
            marketing: false,
            signs: &Signs::default(),
        };
        MemberRow::newcomer("demo", &joining, at(20_000))
    }

    /// The events that statements store.
    fn events(statements: &[Statement]) -> Option<String> {
        let mut stored = statements.iter();
        let told = stored.find(|it| it.sql.starts_with("INSERT INTO events"))?;
        match &told.values[3] {
            Value::Text(events) => Some(events.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_trial_that_lasts_is_answered_as_it_was_and_written_once() {
        let program = compile::compile(SOURCE).expect("a program").program;
        let mut member = ada();
        let first = Trial::start("demo", &member, &program, at(20_000)).expect("a trial");
        let until = "2024-10-12T00:00:00.000Z";
        assert_eq!(
            first.answer,
            format!(r#"{{"member_id":"mem_1","trial_until":"{until}"}}"#)
        );
        let begun = format!(r#"[["trial.started",{{"until":"{until}"}},1728000000000]]"#);
        assert_eq!(events(&first.statements), Some(begun));
        member.keep("", FACTS, r#"{"settled_at":1728000000000}"#);
        let again = Trial::start("demo", &member, &program, at(20_007));
        let nothing = Vec::new();
        assert_eq!(
            again,
            Ok(Trial {
                statements: nothing,
                ..first
            })
        );
        let late = Trial::start("demo", &member, &program, at(20_008));
        let taken = BookingError::refused(earnest_core::Refusal::TrialTaken, None);
        assert_eq!(late, Err(taken));
    }

    #[test]
    fn who_pays_after_her_trial_had_lapsed_is_told_that_it_had_and_who_pays_before_is_not() {
        let program = compile::compile(SOURCE).expect("a program").program;
        let mut member = ada();
        member.keep("", FACTS, r#"{"settled_at":1728000000000}"#);
        let change = ProfileChange {
            paid_until: Said::Named(Some(at(20_400))),
            ..ProfileChange::default()
        };
        let check = |day: i64, told: Option<&str>| {
            let stored = change.store("demo", &member, Some(&program), at(day));
            let stored = stored.expect("statements");
            assert_eq!(events(&stored).as_deref(), told, "{day}");
            let kept = stored.iter().flat_map(|it| &it.values);
            let kept =
                kept.filter(|it| matches!(it, Value::Text(text) if text.contains("1762560000000")));
            assert_eq!(kept.count(), 1, "what she has paid is kept");
        };
        check(20_007, None);
        check(20_009, Some(r#"[["trial.lapsed",{},1728691200000]]"#));
    }
}
