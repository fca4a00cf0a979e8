//! Changes of tier: each is told once, as of its own instant.

use super::story::{CLUB, Story, at};
use super::*;
use crate::compile;

#[test]
fn a_tier_falls_at_its_own_second_however_late_that_is_found() {
    let mut story = Story::new("");
    story.order("o1", 600, "2026-03-01T12:00:00Z");
    let settle = |story: &mut Story, now: &str| {
        let planned = plan(
            &story.program,
            Some(&story.member),
            Command::Settle,
            at(now),
        );
        let planned = planned.expect("a plan");
        story.member = planned.snapshot;
        let falls = planned.events.into_iter();
        let falls = falls.filter(|it| matches!(it.kind, crate::EventKind::TierChanged { .. }));
        falls.map(|it| it.happened_at).collect::<Vec<_>>()
    };
    assert_eq!(settle(&mut story, "2027-12-31T22:59:59Z"), []);
    let due = due_at(&story.program, &story.member, at("2027-12-31T22:59:59Z"));
    assert_eq!(due, Some(at("2027-12-31T23:00:00Z")));
    let fell = settle(&mut story, "2028-02-01T00:00:00Z");
    assert_eq!(fell, [at("2027-12-31T23:00:00Z")]);
    assert_eq!(settle(&mut story, "2028-02-01T00:00:01Z"), []);
}

/// With silver below gold, and a soft landing.
fn softly(more: &str) -> Program {
    let years = "period = \"calendar-year\"";
    let softly = CLUB.replace(years, &format!("{years}, soft_landing = true{more}"));
    let silver = "[[tiers]]\nid = 'silver'\nname = 'Silver'\nfrom_points = 100\n";
    let softly = softly.replace("[[tiers]]", &format!("{silver}[[tiers]]"));
    compile::compile(&softly).expect("a program").program
}

#[test]
fn who_falls_step_by_step_is_told_of_each_step_however_late_that_is_found() {
    let mut story = Story::new("");
    story.program = softly("");
    story.order("o1", 600, "2026-03-01T12:00:00Z");
    let changes = |planned: Plan| {
        let events = planned.events.into_iter();
        let changes = events.filter_map(|it| match it.kind {
            crate::EventKind::TierChanged { from, to } => {
                let id = |tier: Option<String>| tier.unwrap_or("none".into());
                Some((format!("{} to {}", id(from), id(to)), it.happened_at))
            }
            _ => None,
        });
        changes.collect::<Vec<_>>()
    };
    let settle = Command::Settle;
    let planned = plan(
        &story.program,
        Some(&story.member),
        settle,
        at("2030-05-01T12:00:00Z"),
    );
    let gold_ends = ("gold to silver".to_owned(), at("2027-12-31T23:00:00Z"));
    let silver_ends = ("silver to none".to_owned(), at("2028-12-31T23:00:00Z"));
    assert_eq!(
        changes(planned.expect("a plan")),
        [gold_ends.clone(), silver_ends]
    );
    // An invitation is a change like any other, after those that were before it, and so is its end.
    let invite = |story: &mut Story, tier, now: &str| {
        let command = Command::Invite { tier };
        let planned = plan(&story.program, Some(&story.member), command, at(now));
        let planned = planned.expect("a plan");
        story.member = planned.snapshot.clone();
        changes(planned)
    };
    let now = "2028-05-01T12:00:00Z";
    let told = invite(&mut story, Some("gold"), now);
    assert_eq!(told, [gold_ends, ("silver to gold".to_owned(), at(now))]);
    assert_eq!(invite(&mut story, Some("gold"), now), []);
    let told = invite(&mut story, None, now);
    assert_eq!(told, [("gold to silver".to_owned(), at(now))]);
    let due = due_at(&story.program, &story.member, at(now));
    assert_eq!(due, Some(at("2028-12-31T23:00:00Z")));
}

#[test]
fn who_rises_because_a_programme_asks_for_less_is_told_of_that_and_of_no_fall() {
    let mut story = Story::new("");
    story.order("o1", 400, "2026-03-01T12:00:00Z");
    let softer = CLUB.replace("from_points = 500", "from_points = 300");
    story.program = compile::compile(&softer).expect("a program").program;
    // What she has stays until her next order, or the end of the year.
    let before = "2026-12-31T22:59:59Z";
    assert_eq!(
        story.book(Command::Settle, before),
        "[points.matured], (free 400)"
    );
    // A rise is not waited for: nobody loses by it.
    let due = due_at(&story.program, &story.member, at(before));
    assert_eq!(due, None);
    let said = story.book(Command::Settle, "2027-01-01T12:00:00Z");
    assert_eq!(said, "[tier.changed], (free 400)");
    let said = story.book(Command::Settle, "2027-01-01T12:00:01Z");
    assert_eq!(said, "(free 400)");
}

#[test]
fn who_falls_softly_falls_one_tier_whenever_an_order_comes_back() {
    // Gold by an order of 2026; one that would have kept it comes back, in the year of it or after that.
    let check = |more: &str, placed: &str, returned: &[&str], until: &str| {
        let after = "2028-02-20T12:00:00Z";
        let held = returned.iter().map(|returned| {
            let mut story = Story::new("");
            story.program = softly(more);
            story.order("o1", 600, "2026-06-01T12:00:00Z");
            story.order("o2", 600, placed);
            story.refund("f1", (600, placed), 60_000, returned);
            let held = story.program.tier_at(&story.member, at(after));
            let until = story.program.tier_until(&story.member, at(after));
            held.map(|(_, tier)| (tier.id.clone(), until))
        });
        let held: Vec<_> = held.collect();
        let silver = ("silver".to_owned(), Some(at(until)));
        assert_eq!(held, vec![Some(silver); returned.len()]);
    };
    let returned = ["2027-12-30T12:00:00Z", "2028-01-05T12:00:00Z"];
    let placed = "2027-12-20T12:00:00Z";
    check("", placed, &returned, "2028-12-31T23:00:00Z");
    // In the days of grace, or after them.
    let returned = ["2028-01-20T12:00:00Z", "2028-02-10T12:00:00Z"];
    let (grace, placed) = (", grace_days = 30", "2028-01-10T12:00:00Z");
    check(grace, placed, &returned, "2029-01-30T23:00:00Z");
}
