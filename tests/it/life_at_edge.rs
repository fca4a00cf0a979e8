//! The lives of points through the Worker: each step of a story is what a shop's server sends, at the step's time.
//!
//! `vectors.rs` runs the same stories natively, so its invariant is that native core and edge agree on every entry,
//! event, gift and balance. The edge is a demo, which is told what time it is; no cron comes by meanwhile but for whom
//! a step settles. Where the API answers otherwise than the core refuses, `OTHERWISE` says so, and no more than that.

mod lives;
mod requests;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use earnest_vectors::life::{Story, Vectors};
use earnest_vectors::parsed;
use serde_json::json;

use self::lives::Lives;
use crate::edge::at_once;
use crate::settling::{come_by, next_turn};
use crate::shop::shop;
use crate::vectors::{names, text};

/// Stories that are told at the same time.
const THREADS: usize = 4;

/// A step that the core refuses, and that the API answers otherwise, since it knows what was done before. In both
/// nothing comes of it.
struct Otherwise {
    file: &'static str,
    story: &'static str,
    step: usize,
    /// What the API refuses it with; nothing, where it is answered.
    refused: Option<&'static str>,
    why: &'static str,
}

const SPENT_TWICE: &str = "What is held cannot be spent twice, and is hers until it is spent";

const OTHERWISE: &[Otherwise] = &[
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 2,
        refused: None,
        why: "the same redemption, asked for again, is answered as it was",
    },
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 4,
        refused: None,
        why: "a redemption that is spent, committed again, is told as it is",
    },
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 5,
        refused: Some("redemption_spent"),
        why: "of what was spent it is told that it was, not only that it is held no more",
    },
];

/// A story: its file, its place there, and the programs of that.
type Told<'a> = (&'a str, usize, &'a BTreeMap<String, String>, &'a Story);

#[test]
fn every_story_is_lived_at_the_edge_as_worked_out_by_hand() {
    let files = names("life/");
    let vectors: Vec<Vectors> = files.iter().map(|file| parsed(&text(file))).collect();
    let stories = files.iter().zip(&vectors).flat_map(|(file, vectors)| {
        let file = file.trim_start_matches("life/");
        let stories = vectors.stories.iter().enumerate();
        stories.map(move |(nth, story)| (file, nth, &vectors.programs, story))
    });
    let stories: Vec<Told<'_>> = stories.collect();
    assert!(stories.len() >= 140, "hardly any stories");
    let used = Mutex::new(BTreeSet::new());

    let turn = next_turn();
    let failed = at_once(stories.chunks(stories.len().div_ceil(THREADS)), |stories| {
        let fails = |told: &Told<'_>| {
            let told = || live(*told, &used);
            catch_unwind(AssertUnwindSafe(told)).is_err()
        };
        let failed = stories.iter().filter(|story| fails(story));
        failed
            .map(|(file, .., story)| format!("{file}: {}", story.name))
            .collect::<Vec<_>>()
    });
    // They lived in other years: what is due of them by now is settled before anybody else's cron comes by.
    while come_by().json()["settled"] != json!({}) {}
    drop(turn);

    let failed = failed.concat();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let used = used.into_inner().expect("nobody failed");
    let unused = OTHERWISE.iter().enumerate();
    let unused = unused.filter(|(nth, _)| !used.contains(nth));
    let unused: Vec<_> = unused.map(|(_, it)| (it.story, it.step)).collect();
    assert!(unused.is_empty(), "no such steps: {unused:?}");
}

/// Tells a story, and holds each step against what was worked out. Marks the exceptions that it meets.
fn live((file, nth, programs, story): Told<'_>, used: &Mutex<BTreeSet<usize>>) {
    let mut lives = Lives::new(shop(&format!("{file}-{nth}")), programs, story);
    for (nth, step) in story.steps.iter().enumerate() {
        let mut found = lives.step(step);
        let mut exceptions = OTHERWISE.iter();
        let exception = exceptions
            .position(|it| (it.file, it.story, it.step) == (file, story.name.as_str(), nth));
        if let Some(exception) = exception {
            let Otherwise { refused, why, .. } = &OTHERWISE[exception];
            assert!(
                step.expect.refused.is_some(),
                "the core does not refuse it: {why}"
            );
            assert_ne!(
                step.expect.refused.as_deref(),
                *refused,
                "it is no exception: {why}"
            );
            assert_eq!(found.refused.as_deref(), *refused, "{why}");
            assert_eq!((found.entries.len(), found.events.len()), (0, 0), "{why}");
            used.lock().expect("nobody failed").insert(exception);
            found = step.expect.clone();
        }
        let (name, why, at) = (&story.name, &story.why, &step.at);
        assert_eq!(
            found, step.expect,
            "{name}\n  by hand: {why}\n  step {nth} at {at}"
        );
    }
    lives.check_ledgers(&story.steps[story.steps.len() - 1].at);
}
