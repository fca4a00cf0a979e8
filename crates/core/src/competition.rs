//! Competitions: members who opted in, ranked over a window of time by what they earned, spent or ordered.
//!
//! Owns the ranking and what a display name may look like. Totals are given: the shell that keeps the ledger
//! sums them. Its invariant: only who gave a name is shown, and nothing but that name.

use crate::limits::MAX_TEXT_BYTES;
use crate::refund::TakenBack;
use crate::{Earning, Measure, Points, Timestamp};

/// Characters in a display name.
pub const MAX_NAME_CHARS: usize = 24;

/// A competition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competition {
    /// Names the competition in entries.
    pub id: String,
    /// What the shopper reads: `Summer cup`.
    pub label: String,
    /// What is ranked.
    pub measure: Measure,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant that is too late.
    pub until: Timestamp,
    /// Places on the board.
    pub places: usize,
    /// Points for the first place, the second, and so on.
    pub prizes: Vec<Points>,
}

/// A member who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrant {
    /// The member's id; it is not shown.
    pub member_id: String,
    /// The name that she wants to be shown by, as [`display_name`] cleaned it.
    pub name: String,
    /// What she has within the window, in the competition's measure.
    pub total: i64,
    /// When she reached it: the instant of the last thing that counted.
    pub reached_at: Timestamp,
}

/// A line of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placing<'entrant> {
    /// The place, from 1.
    pub place: usize,
    /// Who has it.
    pub entrant: &'entrant Entrant,
    /// The prize, once the competition is over.
    pub prize: Points,
}

impl Competition {
    /// What an earning at `at` adds to a member's total: nothing before the first instant and after the last.
    #[must_use]
    pub fn counted(&self, earning: &Earning, at: Timestamp) -> i64 {
        if self.from <= at && at < self.until {
            self.measure.of(earning)
        } else {
            0
        }
    }

    /// What of a member's total has come back with an order.
    #[must_use]
    pub fn uncounted(&self, back: &TakenBack) -> i64 {
        if back.placed_at < self.from || self.until <= back.placed_at {
            return 0;
        }
        match self.measure {
            Measure::Points => back.points,
            Measure::Spend(currency) if currency == back.counted_in => back.counted_minor,
            Measure::Spend(_) => 0,
            Measure::Orders => i64::from(back.counts_no_more),
        }
    }

    /// The board: the highest total first, among equals who reached it first. Who reached the same at the
    /// same instant shares the place and its prize, and the next place is left out. Who has nothing is not
    /// on it.
    #[must_use]
    pub fn board<'entrant>(&self, entrants: &'entrant [Entrant]) -> Vec<Placing<'entrant>> {
        let mut ranked: Vec<_> = entrants.iter().filter(|it| it.total > 0).collect();
        ranked.sort_by(|a, b| {
            let by_total = b.total.cmp(&a.total);
            let by_time = by_total.then(a.reached_at.cmp(&b.reached_at));
            by_time.then_with(|| a.member_id.cmp(&b.member_id))
        });
        let mut board: Vec<Placing<'entrant>> = Vec::new();
        for (nth, entrant) in ranked.into_iter().enumerate() {
            let shared = board.last().filter(|last| {
                let rival = last.entrant;
                (rival.total, rival.reached_at) == (entrant.total, entrant.reached_at)
            });
            let place = shared.map_or(nth.saturating_add(1), |last| last.place);
            if place > self.places {
                break;
            }
            let prize = self.prizes.get(place.saturating_sub(1)).copied();
            board.push(Placing {
                place,
                entrant,
                prize: prize.unwrap_or(Points::ZERO),
            });
        }
        board
    }
}

/// A name as it may be shown to everybody: white space and what cannot be seen tidied up, at most 24
/// characters. `None` where nothing is left, where it is longer than any text may be, or where it is an
/// e-mail address, which its owner can hardly mean.
///
/// ```
/// # use earnest_core::competition::display_name;
/// assert_eq!(display_name("  Ada\u{202e}  L. \n").as_deref(), Some("Ada L."));
/// assert_eq!(display_name("ada@example.com"), None);
/// ```
#[must_use]
pub fn display_name(text: &str) -> Option<String> {
    if text.len() > MAX_TEXT_BYTES || text.contains('@') {
        return None;
    }
    let mut name = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let mut shown = word.chars().filter(|c| !is_invisible(*c)).peekable();
        if !name.is_empty() && shown.peek().is_some() {
            name.push(' ');
        }
        name.extend(shown);
    }
    let short: String = name.chars().take(MAX_NAME_CHARS).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

/// Characters that have no shape of their own, and those that turn the direction of what follows.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cup(places: usize, prizes: &[i64]) -> Competition {
        let points = |count: &i64| Points::new(*count).expect("points of the test");
        Competition {
            id: "cup".into(),
            label: "Summer cup".into(),
            measure: Measure::Points,
            from: Timestamp::from_millis(100),
            until: Timestamp::from_millis(200),
            places,
            prizes: prizes.iter().map(points).collect(),
        }
    }

    /// Each entrant as name, total and instant; the board as `place name prize`.
    fn check(cup: &Competition, entrants: &[(&str, i64, i64)], board: &[&str]) {
        let entrant = |(name, total, reached_at): &(&str, i64, i64)| Entrant {
            member_id: format!("m-{name}"),
            name: (*name).into(),
            total: *total,
            reached_at: Timestamp::from_millis(*reached_at),
        };
        let mut entrants: Vec<_> = entrants.iter().map(entrant).collect();
        for _ in 0..2 {
            let told: Vec<_> = cup
                .board(&entrants)
                .iter()
                .map(|it| format!("{} {} {}", it.place, it.entrant.name, it.prize))
                .collect();
            assert_eq!(told, board, "{entrants:?}");
            entrants.reverse();
        }
    }

    #[test]
    fn the_highest_total_wins_and_among_equals_who_reached_it_first() {
        let all = [
            ("Ada", 50, 150),
            ("Bo", 70, 190),
            ("Cy", 50, 120),
            ("Di", 0, 110),
        ];
        check(
            &cup(10, &[100, 50]),
            &all,
            &["1 Bo 100", "2 Cy 50", "3 Ada 0"],
        );
        check(&cup(2, &[100, 50]), &all, &["1 Bo 100", "2 Cy 50"]);
        check(&cup(10, &[]), &[], &[]);
    }

    #[test]
    fn who_reached_the_same_at_the_same_instant_shares_the_place() {
        let all = [
            ("Bo", 50, 120),
            ("Ada", 50, 120),
            ("Cy", 40, 110),
            ("Di", 60, 190),
        ];
        let board = ["1 Di 9", "2 Ada 5", "2 Bo 5", "4 Cy 0"];
        check(&cup(10, &[9, 5, 3]), &all, &board);
        check(&cup(2, &[9, 5, 3]), &all, &board[..3]);
    }

    #[test]
    fn what_is_outside_the_window_does_not_count() {
        let earning = Earning {
            points: Points::new(7).expect("points of the test"),
            currency: None,
            counted_minor: 0,
            lines: Vec::new(),
            reasons: Vec::new(),
            credits: Vec::new(),
        };
        let at = |millis| cup(1, &[]).counted(&earning, Timestamp::from_millis(millis));
        assert_eq!([at(99), at(100), at(199), at(200)], [0, 7, 7, 0]);
    }

    #[test]
    fn a_display_name_is_short_visible_and_no_address() {
        let check = |text: &str, shown: Option<&str>| {
            assert_eq!(display_name(text).as_deref(), shown, "{text:?}");
        };
        check("Ada", Some("Ada"));
        check(" Ada \t  Lovelace\r\n", Some("Ada Lovelace"));
        check("A\u{0}d\u{7}a", Some("A d a"));
        check("\u{202e}evil\u{202c}", Some("evil"));
        check("\u{200b} \u{feff}", None);
        check("", None);
        check("ada@example.com", None);
        check("Žofie Ångström 🦊", Some("Žofie Ångström 🦊"));
        check(&"x".repeat(25), Some(&"x".repeat(24)));
        check(
            "twenty-three characters a b",
            Some("twenty-three characters"),
        );
        check(&"x".repeat(281), None);
    }
}
