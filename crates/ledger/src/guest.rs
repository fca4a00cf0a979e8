//! Guests who join: the orders that they placed before are credited.
//!
//! Invariants: each order is credited once, under the program that told her what it is worth, as far as her limits and
//! the budgets go by now, less what has come back of it; and a page that enrols somebody learns nothing of it, because
//! it happens after she has joined.

mod credited;

use earnest_core::{Program, Snapshot, Timestamp};
use serde::Serialize;

pub use self::credited::{Credited, GuestOrder};
use crate::competition;
use crate::gift::take_back;
use crate::instant::CLOCK_SKEW_MILLIS;
use crate::referral::{FirstOrder, Outcome, counted};
use crate::store::append::{self, Base};
use crate::store::budgets::{self, Budgets};
use crate::store::members::{self, MemberRow, Traces};
use crate::store::orders::{CreditedOrder, EvaluatedDocument};
use crate::store::referrals::{self, ReferralRow};
use crate::store::refunds::{self, RefundRow, RefundedOrder};
use crate::store::seeds::{self, SeedRow};
use crate::store::{Rows, Statement, StoreError, newcomers, orders};
use crate::{Booking, BookingError, Codes, Found, Gifts, Written, json, seed};

/// Orders of one newcomer that are credited at once.
pub const MAX_GUEST_ORDERS: u32 = 20;

const DAY_MILLIS: i64 = 86_400_000;

/// Finds the orders that wait for a member who has joined, the oldest first; some of them where they are many.
#[must_use]
pub fn load_waiting(shop: &str, member_id: &str, program: &Program) -> Statement {
    let window_millis = guest_window_millis(program);
    // With no days there is no order that is recent enough, not even one of this moment.
    let limit = if window_millis > 0 {
        MAX_GUEST_ORDERS
    } else {
        0
    };
    newcomers::load_waiting(shop, member_id, window_millis, limit)
}

/// How long before she joins an order of a guest may have been placed, to be credited to her.
#[must_use]
pub fn guest_window_millis(program: &Program) -> i64 {
    program.custody().guest_days.saturating_mul(DAY_MILLIS)
}

/// Whether an order that names a member by nothing but her e-mail was placed too long before she joined to be hers. A
/// shop's clock may be slow.
#[must_use]
pub fn is_before_guest_window(
    program: &Program,
    enrolled_at: Timestamp,
    placed_at: Timestamp,
) -> bool {
    let reach = guest_window_millis(program).saturating_add(CLOCK_SKEW_MILLIS);
    placed_at.as_millis() < enrolled_at.as_millis().saturating_sub(reach)
}

/// An order of a guest to credit to who she is now.
#[derive(Clone, Copy, Debug)]
pub struct GuestBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// Who joined.
    pub member_id: &'a str,
    /// The shop's id of the order.
    pub order_id: &'a str,
    /// What the codes of its gifts are made of.
    pub codes: Codes,
}

/// What is known of an order that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    order: RefundedOrder,
    refunds: Vec<RefundRow>,
    member: MemberRow,
    budgets: Budgets,
    /// Who brought her.
    referral: Option<ReferralRow>,
    /// What the shop draws surprises with.
    seeds: Vec<SeedRow>,
}

#[derive(Serialize)]
struct CreditedAnswer<'a> {
    order_id: &'a str,
    member_id: &'a str,
}

impl Booking<6> for GuestBooking<'_> {
    type Known = Waiting;

    fn reads(&self) -> [Statement; 6] {
        let who = Traces {
            member_id: Some(self.member_id),
            ..Traces::default()
        };
        [
            refunds::load_order(self.shop, self.order_id),
            refunds::load(self.shop, self.order_id),
            members::load_by_traces(self.shop, who),
            budgets::load(self.shop),
            referrals::load(self.shop, who),
            seeds::load_in_use(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [order, refunds, member, budgets, referral, seeds]: &[R; 6],
    ) -> Result<Found<Waiting>, BookingError> {
        let order = refunds::order(order)?;
        let gone = || StoreError::Broken("an order that waited is gone".to_owned());
        let order = order.ok_or_else(gone)?;
        if let Some(member_id) = &order.member_id {
            return Ok(Found::Booked(self.credited(member_id)));
        }
        let member = members::member(member)?;
        Ok(Found::Open(Waiting {
            order,
            refunds: refunds::refunds(refunds)?,
            member: member.ok_or(BookingError::MemberUnknown)?,
            budgets: budgets::budgets(budgets)?,
            referral: referrals::referral(referral)?,
            seeds: seeds::seeds(seeds)?,
        }))
    }

    fn decide(
        &self,
        today: &Program,
        known: Waiting,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Waiting {
            order,
            refunds,
            member,
            budgets,
            referral,
            seeds,
        } = known;
        let snapshot = Snapshot {
            budgets,
            ..member.snapshot()?
        };
        let waiting = GuestOrder {
            order_id: self.order_id,
            order: &order,
            refunds: &refunds,
            seeds: &seeds,
        };
        let Credited {
            earning,
            order,
            plan: planned,
            backs: back,
        } = waiting.credit(today, &snapshot, now)?;
        let program = order.program.as_ref().unwrap_or(today);
        let known = member.signs()?;
        let signs = known.with(&order.signs);
        let first = FirstOrder {
            shop: self.shop,
            friend: &member,
            signs: &signs,
            order_id: self.order_id,
            cart: &order.cart,
            counted_minor: counted(program, &earning, &back),
            orders_before: snapshot.orders,
            placed_at: order.placed_at,
        };
        let Outcome {
            planned,
            statements: more,
            ..
        } = first.decide(today, referral.as_ref(), planned, now)?;
        let base = Base::of(&member)?;
        let mut statements = append::store_plan(self.shop, &base, today, &planned, now);
        let gifts = Gifts::of(&planned, program, &self.codes);
        statements.extend(gifts.store(self.shop, &member.member_id, now));
        let drawn = (self.order_id, back.iter().any(|it| it.is_whole));
        statements.extend(take_back(self.shop, &planned, (self.order_id, &back), now));
        statements.extend(seed::settle(self.shop, program, &planned, drawn, now));
        let evaluated = EvaluatedDocument::new(&order.member, order.evaluated_at, today);
        let credited = CreditedOrder {
            member_id: &member.member_id,
            points: order.points,
            program: program.reference(),
            evaluated: &json(&evaluated),
        };
        statements.push(orders::store_member(self.shop, self.order_id, credited));
        statements.extend(more);
        if signs != known {
            statements.push(members::store_signs(self.shop, &member.member_id, &signs));
        }
        let placed = (&earning, order.placed_at);
        statements.extend(competition::count(self.shop, today, &member, placed, &back));
        let nth = refunds.last().map_or(0, |last| last.nth);
        statements.push(orders::check_refunds(self.shop, self.order_id, nth));
        Ok(Written {
            answer: self.credited(&member.member_id),
            statements,
        })
    }
}

impl GuestBooking<'_> {
    fn credited(&self, member_id: &str) -> String {
        json(&CreditedAnswer {
            order_id: self.order_id,
            member_id,
        })
    }
}
