//! What a member is given for what somebody else did, and what goes back with it.
//!
//! A plan is of one member, so this travels to her on its own: a friend's first order gives to who brought her, and
//! when that order is sent back whole, it takes again. Its invariant: what is taken back is booked once, and the
//! balance never goes below zero.

use super::gift::Occasion;
use super::{Draft, Refusal, Terms, Why};
use crate::lot::points_of;
use crate::reward::Gift;
use crate::{Currency, EntryKind, Timestamp};

/// The order for which something is given: it waits for the return window, as the order's own points do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenFor {
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Its currency; `None` for a partner's.
    pub currency: Option<Currency>,
}

impl Draft<'_> {
    pub(super) fn give_one(
        &mut self,
        (kind, source): (EntryKind, &str),
        giver: &str,
        gift: &Gift,
        order: Option<GivenFor>,
    ) -> Result<(), Refusal> {
        let terms = self.terms_of_gift(order);
        let occasion = Occasion {
            kind,
            source,
            terms,
        };
        self.give(occasion, [(giver, gift)])?;
        self.repay()
    }

    /// Takes back what was booked, whatever the program says of it by now. A reward that is a code is withdrawn by
    /// whoever keeps it.
    pub(super) fn take_gift(
        &mut self,
        source: &str,
        (points, credits): (i64, &[(String, i64)]),
        order: GivenFor,
    ) -> Result<(), Refusal> {
        for (balance, minor) in credits {
            let minor = minor.saturating_neg();
            self.credit(balance, minor, EntryKind::Clawback, source, &[])?;
        }
        let own = self.terms_of_gift(Some(order));
        let drawn = self.reclaim(points, own);
        let missing = points.saturating_sub(points_of(&drawn));
        self.book_drawn(EntryKind::Clawback, &drawn, source, Why::default())?;
        self.owe(missing)
    }

    fn terms_of_gift(&self, order: Option<GivenFor>) -> Terms {
        match order {
            Some(order) => self.terms_of_order(order.placed_at, order.currency),
            None => self.terms(self.now, None),
        }
    }
}

#[cfg(all(test, feature = "compile"))]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use super::*;
    use crate::{Command, Points, Program, Snapshot, compile, plan};

    const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 's', other = 's' }\n\
        earn.per_unit = { EUR = 1 }\npending.return_days = 14\nrefunds.deficit = true\n";

    fn at(day: i64) -> Timestamp {
        Timestamp::from_millis(1_780_000_000_000 + day * 86_400_000)
    }

    fn order() -> GivenFor {
        GivenFor {
            placed_at: at(0),
            currency: Currency::parse("EUR").ok(),
        }
    }

    fn book(club: &Program, member: &Snapshot, command: Command<'_>, day: i64) -> Snapshot {
        let planned = plan(club, Some(member), command, at(day)).expect("no refusal");
        planned.snapshot
    }

    fn given(club: &Program, order: Option<GivenFor>) -> Snapshot {
        let ada = Snapshot {
            member_id: "ada".to_owned(),
            ..Snapshot::default()
        };
        let points = Points::new(500).expect("points of the test");
        let command = Command::Give {
            kind: EntryKind::Referral,
            source: "friend-ordered:bea",
            giver: "referral",
            gift: &Gift::Points(points),
            order,
        };
        book(club, &ada, command, 1)
    }

    fn taken(club: &Program, member: &Snapshot) -> Snapshot {
        let command = Command::TakeGift {
            source: "friend-returned:bea",
            points: 500,
            credits: &[],
            order: order(),
        };
        book(club, member, command, 3)
    }

    #[test]
    fn what_an_order_gives_waits_for_its_return_window_and_goes_back_with_it() {
        let club = compile::compile(CLUB).expect("a program").program;
        let ada = given(&club, Some(order()));
        assert_eq!(ada.holdings.available(at(14)), 0);
        assert_eq!(ada.holdings.available(at(16)), 500);
        let ada = taken(&club, &ada);
        assert_eq!((ada.balance.get(), ada.holdings.owed), (0, 0));
        let at_once = given(&club, None);
        assert_eq!(at_once.holdings.available(at(1)), 500);
    }

    #[test]
    fn what_was_spent_meanwhile_is_owed_where_the_program_says_so() {
        let adjust = Command::Adjust {
            key: "k",
            points: -400,
            reason: "spent",
            by: None,
        };
        for (program, owed) in [(CLUB.to_owned(), 400), (CLUB.replace("true", "false"), 0)] {
            let club = compile::compile(&program).expect("a program").program;
            let ada = book(&club, &given(&club, None), adjust, 2);
            let ada = taken(&club, &ada);
            assert_eq!((ada.balance.get(), ada.holdings.owed), (0, owed));
        }
    }
}
