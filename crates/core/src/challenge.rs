//! Challenges: goals over several orders or activities, how far a member is, and what reaching them gives.
//!
//! Owns how events add up; what is granted is booked by [`plan`](crate::plan()). Its invariant: a step gives
//! once a round, in whatever order events arrive. An event counts on its own day, so one that comes late
//! still completes the window or the streak that it belongs to; that none comes twice is the ledger's to
//! see to, which books a source once.

mod event;
mod forget;
mod unite;

pub use self::event::Event;
pub use self::forget::forget;
pub use self::unite::unite;
use crate::limits::MAX_POINTS;
use crate::reward::Gift;
use crate::{Calendar, Currency, Points, Program, Snapshot, Timestamp};

/// Marks that a progress keeps at most, the newest; only a window of years comes near it.
const MAX_MARKS: usize = 400;

/// A challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Names the challenge in entries.
    pub id: String,
    /// What the shopper reads: `3 orders in 30 days`.
    pub label: String,
    /// What is counted.
    pub goal: Goal,
    /// Only activities of this kind count; without one orders do.
    pub activity: Option<String>,
    /// Only lines in one of these categories count; empty for all.
    pub among: Vec<String>,
    /// It is to be reached within so many days in a row; without it there is no hurry.
    pub days: Option<i64>,
    /// The steps of the ladder, lowest first; at least one.
    pub steps: Vec<Step>,
    /// Whether it begins anew when its last step is reached.
    pub repeats: bool,
    /// The first instant at which anything counts.
    pub from: Option<Timestamp>,
    /// The first instant at which nothing does any more.
    pub until: Option<Timestamp>,
}

/// What a challenge counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Orders, or the quantities of activities.
    Times,
    /// Different categories bought from.
    Categories,
    /// What of the orders counts, in the minor units of this currency.
    Spend(Currency),
    /// Weeks in a row, from Monday to Sunday, with an order or activity in each.
    Weeks,
    /// Calendar months in a row.
    Months,
}

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What must be counted for it, at least 1, more than for the step before.
    pub at: i64,
    /// What it gives.
    pub points: Points,
    /// The badge that it gives: `Regular`.
    pub badge: Option<String>,
    /// The reward that it gives.
    pub reward: Option<Gift>,
}

/// How far a member is in one challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChallengeProgress {
    /// The challenge's id.
    pub challenge: String,
    /// What counts for the round that she is in, the oldest first. Of one that does not begin anew they stay: an
    /// order may be sent back.
    pub marks: Vec<Mark>,
    /// Steps that have given in this round.
    pub steps: usize,
    /// Rounds that she has completed.
    pub rounds: i64,
    /// The last week or month that a completed streak has used up.
    pub used_until: Option<i64>,
    /// Steps of a challenge that does not begin anew which stay, whatever comes back: what reached them is too long ago
    /// to be known.
    pub firm: usize,
}

/// Something that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The day, week or month of the shop's calendar; 0 where there is no hurry.
    pub at: i64,
    /// The category, where those are counted.
    pub name: String,
    /// How much; of categories, weeks and months how often.
    pub amount: i64,
}

/// A challenge, as a member has it before her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Underway<'a> {
    /// The challenge.
    pub challenge: &'a Challenge,
    /// Whether anything counts for it now.
    pub is_open: bool,
    /// How far she is on the way to its next step.
    pub done: i64,
    /// How far that is.
    pub of: i64,
    /// The badges that she has of it.
    pub badges: Vec<&'a str>,
}

/// A step that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted<'program> {
    /// The challenge.
    pub challenge: &'program Challenge,
    /// The place of the step in it.
    pub step: usize,
    /// How often it was reached at once: more than 1 only where a challenge repeats.
    pub times: i64,
    /// What it gives in all.
    pub points: Points,
    /// The badge that it gives who has not got it.
    pub badge: Option<&'program str>,
    /// The reward that it gives, once.
    pub reward: Option<&'program Gift>,
}

/// Books an event on the progress of each challenge, and tells the steps that it reaches.
pub fn record<'program>(
    challenges: &'program [Challenge],
    progress: &mut Vec<ChallengeProgress>,
    event: &Event<'_>,
    calendar: &Calendar,
) -> Vec<Granted<'program>> {
    let mut granted = Vec::new();
    for challenge in challenges {
        let known = progress.iter().position(|it| it.challenge == challenge.id);
        if let Some(known) = known.and_then(|place| progress.get_mut(place)) {
            granted.extend(challenge.record(known, event, calendar));
            continue;
        }
        let untouched = ChallengeProgress {
            challenge: challenge.id.clone(),
            ..ChallengeProgress::default()
        };
        let mut fresh = untouched.clone();
        granted.extend(challenge.record(&mut fresh, event, calendar));
        if fresh != untouched {
            progress.push(fresh);
        }
    }
    granted
}

impl Challenge {
    /// Books an event, and tells the steps that it reaches.
    pub fn record(
        &self,
        progress: &mut ChallengeProgress,
        event: &Event<'_>,
        calendar: &Calendar,
    ) -> Vec<Granted<'_>> {
        let at = event.at();
        let is_over = progress.rounds > 0 && !self.repeats;
        if !self.is_open(at) {
            return Vec::new();
        }
        for (name, amount) in self.counted(event) {
            // Of one that is over nobody needs more categories than it took.
            let is_needless = is_over && self.goal == Goal::Categories;
            if is_needless && !progress.marks.iter().any(|it| it.name == name) {
                continue;
            }
            self.mark(progress, self.place_in_time(calendar, at), name, amount);
        }
        if is_over {
            return Vec::new();
        }
        let (end, total) = self.best(&progress.marks);
        let granted = self.reached(progress, total);
        self.settle(progress, end, total);
        granted
    }

    /// Whether what happens at `at` counts.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// How far she is at `now` on the way to her next step, and how far that is. What is complete is full.
    #[must_use]
    pub fn progress(
        &self,
        progress: &ChallengeProgress,
        calendar: &Calendar,
        now: Timestamp,
    ) -> (i64, i64) {
        let next = self.steps.get(progress.steps).or(self.steps.last());
        let of = next.map_or(0, |step| step.at);
        if progress.steps >= self.steps.len() {
            return (of, of);
        }
        let today = self.place_in_time(calendar, now);
        let done = match self.goal {
            Goal::Weeks | Goal::Months => {
                // The running week may still come; one that is over without a mark ends the streak.
                let last = progress.marks.iter().rfind(|mark| mark.at <= today);
                let alive = last.filter(|mark| mark.at >= today.saturating_sub(1));
                alive.map_or(0, |mark| run_until(&progress.marks, mark.at))
            }
            _ => self.total(&progress.marks, today),
        };
        (done.min(of), of)
    }

    /// The badges that she has of this challenge.
    pub fn badges<'a>(&'a self, progress: &ChallengeProgress) -> impl Iterator<Item = &'a str> {
        let had = if progress.rounds > 0 {
            self.steps.len()
        } else {
            progress.steps
        };
        let steps = self.steps.iter().take(had);
        steps.filter_map(|step| step.badge.as_deref())
    }

    /// Where an instant stands among the marks.
    fn place_in_time(&self, calendar: &Calendar, at: Timestamp) -> i64 {
        let local = calendar.local(at);
        match self.goal {
            // 1970-01-01 was a Thursday: with three days more, weeks begin on Mondays.
            Goal::Weeks => local
                .day
                .saturating_add(3)
                .checked_div_euclid(7)
                .unwrap_or(0),
            Goal::Months => local.date().month_number(),
            _ if self.days.is_some() => local.day,
            _ => 0,
        }
    }

    fn mark(&self, progress: &mut ChallengeProgress, at: i64, name: &str, amount: i64) {
        if progress.used_until.is_some_and(|used| at <= used) {
            return;
        }
        add(&mut progress.marks, at, name, amount);
        self.let_go(progress);
    }

    /// Forgets what could only complete a window that is long over.
    fn let_go(&self, progress: &mut ChallengeProgress) {
        let marks = &mut progress.marks;
        let newest = marks.last().map_or(0, |it| it.at);
        let reach = match self.goal {
            Goal::Weeks | Goal::Months => self.top(),
            _ => self.days.unwrap_or(i64::MAX),
        };
        let oldest = newest.saturating_sub(reach.saturating_mul(2));
        let beyond = marks.len().saturating_sub(MAX_MARKS);
        if !self.repeats && marks.iter().any(|it| it.at <= oldest) {
            // What was reached with them stays, whatever comes back later.
            let near = oldest.saturating_add(reach);
            let end = marks.partition_point(|it| it.at <= near);
            let total = self.best(marks.get(..end).unwrap_or_default()).1;
            let reached = self.steps.iter().filter(|step| step.at <= total).count();
            progress.firm = progress.firm.max(reached.min(progress.steps));
        }
        marks.drain(..beyond);
        marks.retain(|it| it.at > oldest);
    }

    /// The most that counts together, and where that ends.
    fn best(&self, marks: &[Mark]) -> (i64, i64) {
        let ends = marks.iter().map(|mark| {
            let total = match self.goal {
                Goal::Weeks | Goal::Months => run_until(marks, mark.at),
                _ => self.total(marks, mark.at),
            };
            (mark.at, total)
        });
        ends.max_by_key(|(_, total)| *total).unwrap_or((0, 0))
    }

    /// What counts together in the window that ends at `end`.
    fn total(&self, marks: &[Mark], end: i64) -> i64 {
        let before = self.days.map_or(i64::MIN, |days| end.saturating_sub(days));
        let within = marks.iter().filter(|it| before < it.at && it.at <= end);
        if self.goal == Goal::Categories {
            let (rest, whole): (Vec<&Mark>, Vec<&Mark>) = within.partition(|it| it.name.is_empty());
            let mut names: Vec<&str> = whole.iter().map(|it| it.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            // What is left of a round that was taken back has no names any more.
            let rest = rest.iter().map(|it| it.amount);
            let rest = rest.fold(0, i64::saturating_add);
            // However many there are, they are one round.
            let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
            return count.saturating_add(rest).min(self.top());
        }
        within.fold(0, |sum, it| sum.saturating_add(it.amount))
    }

    fn top(&self) -> i64 {
        self.steps.last().map_or(1, |step| step.at.max(1))
    }

    /// Rounds that a total completes.
    fn rounds_in(&self, total: i64) -> i64 {
        let rounds = total.div_euclid(self.top());
        if self.repeats { rounds } else { rounds.min(1) }
    }

    /// The steps that a total reaches and that have not given yet.
    fn reached(&self, progress: &ChallengeProgress, total: i64) -> Vec<Granted<'_>> {
        let mut granted = Vec::new();
        for (nth, step) in self.steps.iter().enumerate() {
            // With a top of 5 the step at 3 is reached at 3, 8, 13.
            let beyond = total.saturating_sub(step.at);
            let reached = match self.repeats {
                _ if beyond < 0 => 0,
                true => beyond.div_euclid(self.top()).saturating_add(1),
                false => 1,
            };
            let times = reached.saturating_sub(i64::from(nth < progress.steps));
            if times > 0 {
                let points = step.points.get().saturating_mul(times).min(MAX_POINTS);
                granted.push(Granted {
                    challenge: self,
                    step: nth,
                    times,
                    points: Points::new(points).unwrap_or_default(),
                    badge: step.badge.as_deref().filter(|_| progress.rounds == 0),
                    reward: step.reward.as_ref(),
                });
            }
        }
        granted
    }

    /// Ends the rounds that a total, which ends at `end`, completes; what is left over begins the next.
    fn settle(&self, progress: &mut ChallengeProgress, end: i64, total: i64) {
        let rounds = self.rounds_in(total);
        let steps_at = |total: i64| self.steps.iter().filter(|step| step.at <= total).count();
        if rounds == 0 {
            progress.steps = progress.steps.max(steps_at(total));
            return;
        }
        progress.rounds = progress.rounds.saturating_add(rounds);
        if !self.repeats {
            progress.steps = self.steps.len();
            return;
        }
        let rest = total.saturating_sub(rounds.saturating_mul(self.top()));
        progress.steps = steps_at(rest);
        match self.goal {
            Goal::Weeks | Goal::Months => {
                let used = end.saturating_sub(rest);
                progress.marks.retain(|it| it.at > used);
                progress.used_until = Some(used);
            }
            _ => {
                progress.marks.retain(|it| it.at > end);
                if rest > 0 {
                    let left = Mark {
                        at: end,
                        name: String::new(),
                        amount: rest,
                    };
                    progress.marks.insert(0, left);
                }
            }
        }
    }
}

impl Program {
    /// Every challenge that is open at `now` or has given the member a badge, with how far she is.
    pub fn challenges_at<'a>(
        &'a self,
        member: &'a Snapshot,
        now: Timestamp,
    ) -> impl Iterator<Item = Underway<'a>> {
        self.challenges().iter().filter_map(move |challenge| {
            let mut progress = member.challenges.iter();
            let hers = progress.find(|it| it.challenge == challenge.id);
            let badges: Vec<&str> = hers.map_or_else(Vec::new, |it| challenge.badges(it).collect());
            let is_open = challenge.is_open(now) && self.runs_at(now);
            if !is_open && badges.is_empty() {
                return None;
            }
            let none = ChallengeProgress::default();
            let (done, of) = challenge.progress(hers.unwrap_or(&none), self.calendar(), now);
            Some(Underway {
                challenge,
                is_open,
                done,
                of,
                badges,
            })
        })
    }
}

/// Adds an amount to its mark, which stands in its place among others.
fn add(marks: &mut Vec<Mark>, at: i64, name: &str, amount: i64) {
    let place = marks.partition_point(|it| (it.at, it.name.as_str()) < (at, name));
    let known = marks.get_mut(place);
    if let Some(known) = known.filter(|it| it.at == at && it.name == name) {
        known.amount = known.amount.saturating_add(amount);
    } else {
        let name = name.to_owned();
        marks.insert(place, Mark { at, name, amount });
    }
}

/// How many marks in a row end with the one at `end`.
fn run_until(marks: &[Mark], end: i64) -> i64 {
    let mut next = end;
    for mark in marks.iter().rev().filter(|it| it.at <= end) {
        if mark.at != next {
            break;
        }
        next = next.saturating_sub(1);
    }
    end.saturating_sub(next)
}

#[cfg(test)]
mod tests;
