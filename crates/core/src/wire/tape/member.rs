//! Members from a tape.

use super::Tape;
use crate::wire::SnapshotError;
use crate::wire::snapshot::parse_birthday;
use crate::{Points, Snapshot, Standing, Usage};

/// The first field of a member that nobody can have.
#[derive(Default)]
struct Wrong(Option<SnapshotError>);

impl Snapshot {
    /// Reads a member; nothing for somebody who is none. Of her challenges evaluation asks nothing.
    ///
    /// # Errors
    /// The first field that nobody can have.
    pub fn read(tape: &mut Tape<'_>) -> Result<Option<Self>, SnapshotError> {
        let mut wrong = Wrong::default();
        let member = tape.maybe(|tape| member(tape, &mut wrong));
        wrong.0.map_or(Ok(member), Err)
    }
}

fn member(tape: &mut Tape<'_>, wrong: &mut Wrong) -> Snapshot {
    Snapshot {
        tier: tape.maybe_text(),
        balance: wrong.points(tape.whole(), "balance_points"),
        earned: wrong.points(tape.whole(), "earned_points"),
        standing: tape.maybe(standing).unwrap_or_default(),
        credits: wrong.named(tape, "credits"),
        orders: tape.count(),
        last_order_at: tape.maybe_instant(),
        joined_at: tape.maybe_instant(),
        birthday: birthday(tape, wrong),
        segments: tape.texts(),
        tags: tape.texts(),
        paid_until: tape.maybe_instant(),
        usage: wrong.usage(tape),
        budgets: wrong.named(tape, "budgets"),
        ..Snapshot::default()
    }
}

fn birthday(tape: &mut Tape<'_>, wrong: &mut Wrong) -> Option<(u8, u8)> {
    let text = tape.maybe(Tape::str)?;
    let birthday = parse_birthday(text);
    if birthday.is_none() {
        wrong.note("birthday", "a month and a day, such as 05-14");
    }
    birthday
}

fn standing(tape: &mut Tape<'_>) -> Standing {
    let (basis, period) = (tape.text(), tape.whole());
    let mut buckets: Vec<(i64, i64)> = Vec::new();
    for bucket in tape.list(|tape| (tape.whole(), tape.whole())) {
        // Whoever sends them in another order means the same; they are few.
        let place = buckets.partition_point(|before| *before <= bucket);
        buckets.insert(place, bucket);
    }
    Standing {
        basis,
        period,
        buckets,
        invited: tape.maybe_text(),
    }
}

impl Wrong {
    fn points(&mut self, count: i64, field: &'static str) -> Points {
        let points = Points::new(count).ok();
        let points = points.filter(|points| *points >= Points::ZERO);
        if points.is_none() {
            self.note(field, "a whole number from 0 to 9007199254740991");
        }
        points.unwrap_or(Points::ZERO)
    }

    fn usage(&mut self, tape: &mut Tape<'_>) -> Vec<Usage> {
        let mut usage = Vec::new();
        for _ in 0..tape.length() {
            let (holder, day) = (tape.text(), tape.whole());
            let [day_points, month_points, year_points, points, times] =
                [(); 5].map(|()| self.points(tape.whole(), "usage").get());
            usage.push(Usage {
                holder,
                day,
                day_points,
                month_points,
                year_points,
                points,
                times,
            });
        }
        usage
    }

    /// Numbers that are no points, and yet as large.
    fn named(&mut self, tape: &mut Tape<'_>, field: &'static str) -> Vec<(String, i64)> {
        let named = tape.list(|tape| (tape.text(), tape.whole()));
        for (_, number) in &named {
            self.points(*number, field);
        }
        named
    }

    fn note(&mut self, field: &'static str, right: &'static str) {
        self.0.get_or_insert(SnapshotError { field, right });
    }
}
