//! Points and money issued, redeemed and expired, by unit and month.
//!
//! Owns what the assumption makes of what was issued. Points are worth money only where they are spent, so
//! points that orders in one currency earned are kept apart from those of another; each balance of money is
//! a unit too, in minor units. Its invariant: of every lot, what is redeemed, what expires and what is
//! outstanding sum to what was issued, to the last point.

use std::collections::BTreeMap;

use earnest_core::{Currency, Date};

use super::assumption::Assumption;

/// What became of points in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    /// Members had these already when the stream began.
    pub(crate) opening: i64,
    pub(crate) issued: i64,
    /// Those among them that orders of the shop earned, and what was paid for these orders without tax.
    pub(crate) earned: i64,
    pub(crate) spent_minor: i64,
    pub(crate) redeemed: i64,
    pub(crate) expired: i64,
    pub(crate) revenue_minor: i64,
    /// What perks took off orders.
    pub(crate) perks_minor: i64,
    pub(crate) orders: u64,
}

/// Points that become something on a day.
#[derive(Default)]
struct Due {
    redeemed: i64,
    expired: i64,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Points that orders in a currency earned.
    Points(Currency),
    /// The money on a balance, by its place in the program.
    Balance(usize),
}

/// The flows of one unit.
pub(crate) struct Book {
    pub(crate) unit: Unit,
    /// By month, counted from January of the year 0.
    months: BTreeMap<i64, Flow>,
    /// The day that was asked for last, which is nearly always the next one too.
    at_hand: (i64, Flow),
    due: BTreeMap<i64, Due>,
}

/// What is kept of a member.
#[derive(Default)]
pub(crate) struct Pot {
    /// The day of her last order.
    last_day: i64,
    /// What she was given of the unit that came first, which is nearly always all. It stands here, since
    /// memory that must be fetched is what a simulation waits for.
    first: Option<Lot>,
    /// What she was given of others.
    others: Vec<Lot>,
}

/// What a member was given of one unit.
struct Lot {
    /// The place of the book.
    book: usize,
    /// All that she was ever given, for the rounding of what she redeems.
    given: i64,
    /// What expires when she has been idle.
    resting: i64,
}

/// Every unit.
pub(crate) struct Books {
    assumption: Assumption,
    books: Vec<Book>,
}

impl Pot {
    fn lots(&mut self) -> impl Iterator<Item = &mut Lot> {
        self.first.iter_mut().chain(&mut self.others)
    }

    fn lot(&mut self, book: usize) -> &mut Lot {
        let new = Lot {
            book,
            given: 0,
            resting: 0,
        };
        if self.first.as_ref().is_none_or(|lot| lot.book == book) {
            return self.first.get_or_insert(new);
        }
        let known = self.others.iter().position(|lot| lot.book == book);
        let place = known.unwrap_or_else(|| {
            self.others.push(new);
            self.others.len() - 1
        });
        &mut self.others[place]
    }
}

impl Flow {
    pub(crate) fn add(&mut self, other: Self) {
        self.opening += other.opening;
        self.issued += other.issued;
        self.earned += other.earned;
        self.spent_minor = self.spent_minor.saturating_add(other.spent_minor);
        self.redeemed += other.redeemed;
        self.expired += other.expired;
        self.revenue_minor = self.revenue_minor.saturating_add(other.revenue_minor);
        self.perks_minor = self.perks_minor.saturating_add(other.perks_minor);
        self.orders += other.orders;
    }

    /// What it adds to the points that are outstanding.
    pub(crate) fn outstanding(self) -> i64 {
        self.opening + self.issued - self.redeemed - self.expired
    }
}

impl Book {
    fn day(&mut self, day: i64) -> &mut Flow {
        if self.at_hand.0 != day {
            let (day_before, flow) = std::mem::replace(&mut self.at_hand, (day, Flow::default()));
            self.months
                .entry(month_of(day_before))
                .or_default()
                .add(flow);
        }
        &mut self.at_hand.1
    }

    /// What happened in each month until the end of `last`, the months without anything left out.
    pub(crate) fn flows(&self, last: i64) -> BTreeMap<i64, Flow> {
        let mut flows = self.months.clone();
        let (day, flow) = self.at_hand;
        flows.entry(month_of(day)).or_default().add(flow);
        for (&day, due) in self.due.range(..=last) {
            flows.entry(month_of(day)).or_default().add(Flow {
                redeemed: due.redeemed,
                expired: due.expired,
                ..Flow::default()
            });
        }
        flows
    }

    fn due(&mut self, day: i64, redeemed: i64, expired: i64) {
        if redeemed > 0 || expired > 0 {
            let due = self.due.entry(day).or_default();
            due.redeemed += redeemed;
            due.expired += expired;
        }
    }
}

impl Books {
    pub(crate) fn new(assumption: Assumption) -> Self {
        Self {
            assumption,
            books: Vec::new(),
        }
    }

    /// What is assumed.
    pub(crate) fn assumption(&self) -> &Assumption {
        &self.assumption
    }

    /// The place of a unit's book, which is opened on the day where there is none.
    pub(crate) fn of(&mut self, unit: Unit, day: i64) -> usize {
        let known = self.books.iter().position(|book| book.unit == unit);
        known.unwrap_or_else(|| {
            self.books.push(Book {
                unit,
                months: BTreeMap::new(),
                at_hand: (day, Flow::default()),
                due: BTreeMap::new(),
            });
            self.books.len() - 1
        })
    }

    /// All of them, as they were opened.
    pub(crate) fn all(&self) -> &[Book] {
        &self.books
    }

    /// An order was placed.
    pub(crate) fn order(&mut self, book: usize, day: i64, revenue_minor: i64) {
        let flow = self.books[book].day(day);
        flow.revenue_minor = flow.revenue_minor.saturating_add(revenue_minor);
        flow.orders += 1;
    }

    /// Perks took something off an order.
    pub(crate) fn perks(&mut self, book: usize, day: i64, minor: i64) {
        if minor > 0 {
            let flow = self.books[book].day(day);
            flow.perks_minor = flow.perks_minor.saturating_add(minor);
        }
    }

    /// A member has points from before the stream; they are treated as if she earned them on its first day. Where they
    /// expire by inactivity, she has been idle since `active_on`, the day of her last order: who has been for too long
    /// already loses them at once, and of those that end before the day of redemption none is redeemed unless she
    /// orders again.
    pub(crate) fn open(
        &mut self,
        book: usize,
        (day, active_on): (i64, i64),
        points: i64,
        pot: &mut Pot,
    ) {
        self.books[book].day(day).opening += points;
        let is_by_inactivity = self.assumption.is_by_inactivity();
        let gone_on = self.assumption.expires_on(active_on);
        let gone_on = gone_on.filter(|_| is_by_inactivity);
        let redeemed_on = self.assumption.redeemed_on(day);
        let ledger = &mut self.books[book];
        match gone_on.filter(|_| matches!(ledger.unit, Unit::Points(_))) {
            Some(gone_on) if gone_on <= day => ledger.due(day, 0, points),
            Some(gone_on) if gone_on <= redeemed_on => pot.lot(book).resting += points,
            _ => self.lay_by(book, day, points, pot),
        }
        pot.last_day = active_on;
    }

    /// An order earned points for which a part of its price is deferred.
    pub(crate) fn defer(&mut self, book: usize, day: i64, (points, spent_minor): (i64, i64)) {
        let flow = self.books[book].day(day);
        flow.earned += points;
        flow.spent_minor = flow.spent_minor.saturating_add(spent_minor);
    }

    /// An order gave a member points.
    pub(crate) fn issue(&mut self, book: usize, day: i64, points: i64, pot: &mut Pot) {
        self.books[book].day(day).issued += points;
        self.lay_by(book, day, points, pot);
    }

    fn lay_by(&mut self, book: usize, day: i64, points: i64, pot: &mut Pot) {
        self.expire_if_idle(day, pot);
        pot.last_day = day;
        let lot = pot.lot(book);
        // What she had before the stream and has not lost after all counts as earned with this order.
        let kept = match lot.given {
            0 => std::mem::take(&mut lot.resting),
            _ => 0,
        };
        let points = points + kept;
        let assumption = &mut self.assumption;
        // Rounded down over all that she was ever given, so that many small orders redeem as one large one.
        let before = assumption.redeemed_of(lot.given);
        lot.given += points;
        let redeemed = assumption.redeemed_of(lot.given) - before;
        let rest = points - redeemed;
        let redeemed_on = assumption.redeemed_on(day);
        let ledger = &mut self.books[book];
        let expires_on = match ledger.unit {
            Unit::Points(_) if assumption.is_by_inactivity() => {
                lot.resting += rest;
                None
            }
            Unit::Points(_) => assumption.expires_on(day),
            // Programs let points expire; money stays.
            Unit::Balance(_) => None,
        };
        match expires_on {
            // Points live until their last day is over.
            Some(gone_on) if gone_on <= redeemed_on => ledger.due(gone_on, 0, points),
            Some(gone_on) => {
                ledger.due(redeemed_on, redeemed, 0);
                ledger.due(gone_on, 0, rest);
            }
            None => ledger.due(redeemed_on, redeemed, 0),
        }
    }

    /// What rested since before she was idle for too long expired then, though it is noticed today.
    fn expire_if_idle(&mut self, today: i64, pot: &mut Pot) {
        if pot.lots().all(|lot| lot.resting == 0) {
            return;
        }
        let gone_on = self.assumption.expires_on(pot.last_day);
        if let Some(gone_on) = gone_on.filter(|day| *day <= today) {
            for lot in pot.lots() {
                let points = std::mem::take(&mut lot.resting);
                self.books[lot.book].due(gone_on, 0, points);
            }
        }
    }

    /// The stream has ended.
    pub(crate) fn close(&mut self, last_day: i64, pot: &mut Pot) {
        self.expire_if_idle(last_day, pot);
    }
}

/// The month of a day, counted from January of the year 0.
pub(crate) fn month_of(day: i64) -> i64 {
    Date::of_day(day).month_number()
}
