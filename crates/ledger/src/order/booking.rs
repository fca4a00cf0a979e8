//! Booking an order: the one way in which points are earned by buying. One read, one write.

use earnest_core::lot::points_of;
use earnest_core::refund::{Surprised, TakenBack, credits_booked, tendered_by};
use earnest_core::wire::EarningDocument;
use earnest_core::{
    Command, Earning, EntryKind, Lot, Plan, Program, Redeeming, Snapshot, Timestamp, plan_under,
};

use super::answer::OrderAnswer;
use super::buyer::Buyer;
use super::{Order, OrderError};
use crate::competition;
use crate::gift::take_back;
use crate::quote::{Bought, Earned};
use crate::redemption::TenderDocument;
use crate::referral::{FirstOrder, Outcome, counted};
use crate::refund::{Early, of_guest, tell_refused};
use crate::store::append::{self, Base};
use crate::store::budgets;
use crate::store::members::{self, MemberRow};
use crate::store::orders::{self, EvaluatedDocument, NewOrder};
use crate::store::redemptions;
use crate::store::referrals;
use crate::store::refunds::{self, RefundedOrder};
use crate::store::seeds;
use crate::store::{Rows, Statement};
use crate::{
    Booking, BookingError, Codes, Found, Gifts, Presented, QuoteRefusal, StoreError, Written,
    check_same, json, rfc3339, seed,
};

/// An order to book.
#[derive(Clone, Copy, Debug)]
pub struct OrderBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The order.
    pub order: &'a Order,
    /// The quote that came with it; an error where it is none of ours.
    pub quote: Option<Result<Presented<'a>, QuoteRefusal>>,
    /// What the codes of its gifts are made of.
    pub codes: Codes,
}

impl Booking<8> for OrderBooking<'_> {
    type Known = Buyer;

    fn reads(&self) -> [Statement; 8] {
        [
            orders::load(self.shop, &self.order.id),
            members::load_by_traces(self.shop, self.order.customer.traces()),
            budgets::load(self.shop),
            self.load_quote(),
            redemptions::load(self.shop, &self.order.redemption_ids()),
            refunds::load(self.shop, &self.order.id),
            referrals::load(self.shop, self.order.customer.traces()),
            seeds::load_in_use(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [
            booked,
            member,
            budgets,
            quoted,
            redemptions,
            refunds,
            referral,
            seeds,
        ]: &[R; 8],
    ) -> Result<Found<Buyer>, BookingError> {
        let content = self.order.content();
        if let Some(booked) = orders::order(booked)? {
            check_same(&booked.content, &content).map_err(OrderError::Differs)?;
            return Ok(Found::Booked(booked.answer));
        }
        let member = members::member(member)?;
        // A guest is somebody whom the shop names otherwise. An id of ours that is wrong is a mistake, and to
        // book it as a guest's would lose the points for good.
        if member.is_none() && self.order.customer.names_member() {
            return Err(OrderError::UnknownMember.into());
        }
        let buyer = Buyer {
            member,
            joined: None,
            budgets: budgets::budgets(budgets)?,
            content,
            quoted: orders::quote(quoted)?,
            redemptions: redemptions::redemptions(redemptions)?,
            refunds: refunds::refunds(refunds)?,
            referral: referrals::referral(referral)?,
            seeds: seeds::seeds(seeds)?,
        };
        buyer.check_redemptions(&self.order.redemptions)?;
        buyer.check_partner(&self.order.redemptions, &self.order.cart)?;
        Ok(Found::Open(buyer))
    }

    fn decide(
        &self,
        today: &Program,
        buyer: Buyer,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Self { shop, order, .. } = self;
        buyer.check_gifts(&order.redemptions, self.placed_at(now))?;
        buyer.check_together(&order.redemptions, today, &order.cart)?;
        let (buyer, reason) = self.as_guest(today, buyer, now);
        let buyer = self.welcome(today, buyer, now)?;
        let snapshot = buyer.snapshot()?;
        let mut earned = self.earn(today, &buyer, snapshot.as_ref(), now)?;
        let quote = earned.quote.take();
        let (program, earning) = (earned.program, &earned.earning);
        let Buyer {
            member, content, ..
        } = &buyer;
        let member_id = member.as_ref().map(|member| member.member_id.as_str());
        let mut planned = snapshot
            .map(|snapshot| self.plan_earn((today, program), &snapshot, earning, &buyer, now))
            .transpose()?;
        let (spent, tenders) = paid_with(today, planned.as_ref());
        let (mut refunded_points, mut back) = (None, Vec::new());
        let mut refunds = of_guest(&order.cart, &order.id, &buyer.refunds, now)?;
        if let Some(plan) = planned.take_if(|_| !buyer.refunds.is_empty()) {
            let early = self.send_back(today, &buyer, &earned, plan, now)?;
            planned = Some(early.plan);
            refunded_points = Some(early.backs.iter().map(|back| back.points).sum());
            (back, refunds) = (early.backs, early.answers);
        }
        let (mut more, mut referral) = (Vec::new(), None);
        if let (Some(member), Some(plan)) = (member, planned.take()) {
            let counted_minor = counted(program, earning, &back);
            let outcome = self.bring(today, &buyer, member, counted_minor, plan, now)?;
            planned = Some(outcome.planned);
            (more, referral) = (outcome.statements, outcome.verdict);
        }
        // What she is welcomed with was first.
        if let Some(joined) = &buyer.joined {
            planned = planned.map(|plan| joined.clone().then(plan));
        }
        let gifts = planned
            .as_ref()
            .map(|plan| Gifts::of(plan, program, &self.codes));
        let answer = json(&OrderAnswer {
            order_id: &order.id,
            status: if planned.is_some() { "booked" } else { "guest" },
            reason,
            member_id,
            points: earning.points.get(),
            balance_points: planned.as_ref().map(|plan| plan.snapshot.balance.get()),
            earning: EarningDocument::new(program, &order.cart, earning),
            booked_at: rfc3339(now),
            preview: order.compare_shown(program.reference(), earning.points),
            quote,
            redeemed_points: (!buyer.redemptions.is_empty()).then(|| points_of(&spent)),
            tenders,
            refunded_points,
            refunds: &refunds,
            referral,
            surprises: gifts
                .as_ref()
                .map_or_else(Vec::new, |gifts| gifts.told(EntryKind::Surprise)),
            gifts: gifts.as_ref().map_or_else(Vec::new, |gifts| {
                gifts.told_of(&[EntryKind::Earn, EntryKind::OrderChallenge])
            }),
        });
        OrderError::check_size(content.len() + answer.len())?;

        // What is nobody's for good waits for nobody.
        let waits = member_id.is_none() && reason.is_none();
        let mut statements = self.store_newcomer(&buyer, now);
        statements.push(orders::store(
            shop,
            NewOrder {
                order_id: &order.id,
                member_id,
                email_hash: order.customer.email_hash.as_ref().filter(|_| waits),
                content,
                answer: &answer,
                points: earning.points,
                program: program.reference(),
                quote_id: earned.given.map(|quote| quote.id.as_str()),
                placed_at: self.placed_at(now),
                booked_at: now,
                evaluated: &json(&EvaluatedDocument::new(&earned.member, earned.at, today)),
                spent: &spent,
                signs: Some(&order.signs).filter(|it| member_id.is_none() && !it.is_empty()),
            },
        ));
        if let (Some(member), Some(planned), Some(gifts)) = (member, &planned, &gifts) {
            let gives = (planned, gifts);
            statements.extend(self.store_planned((today, program), member, gives, &back, now)?);
            let placed = (earning, self.placed_at(now));
            statements.extend(competition::count(shop, today, member, placed, &back));
            statements.extend(self.store_name(today, member));
            statements.extend(tell_refused(shop, &member.member_id, &refunds, now));
        }
        statements.extend(more);
        let spent = buyer.redemptions.iter().map(|it| &it.redemption_id);
        statements.extend(spent.map(|id| redemptions::store_spent(shop, id, now)));
        let known = buyer.refunds.last().map_or(0, |last| last.nth);
        statements.push(orders::check_refunds(shop, &order.id, known));
        Ok(Written { statements, answer })
    }
}

impl<'a> OrderBooking<'a> {
    fn presented(&self) -> Option<&Presented<'a>> {
        self.quote.as_ref()?.as_ref().ok()
    }

    fn load_quote(&self) -> Statement {
        let quote = self.presented().map(|it| it.quote);
        let member = quote.and_then(|quote| quote.member.as_ref());
        let member_id = member.map(|member| &*member.member_id);
        orders::load_by_quote(self.shop, quote.map(|quote| &*quote.id), member_id)
    }

    pub(super) fn placed_at(&self, now: Timestamp) -> Timestamp {
        self.order.placed_at.unwrap_or(now)
    }

    fn earn<'p>(
        &self,
        today: &'p Program,
        buyer: &Buyer,
        member: Option<&Snapshot>,
        now: Timestamp,
    ) -> Result<Earned<'p>, BookingError>
    where
        'a: 'p,
    {
        let member_id = buyer.member.as_ref().map(|member| &*member.member_id);
        let bought = Bought {
            shop: self.shop,
            cart: &self.order.cart,
            placed_at: self.placed_at(now),
            member: member_id.zip(member),
            budgets: &buyer.budgets,
            quoted: &buyer.quoted,
        };
        let earned = Earned::new(&bought, self.quote, today);
        earned.map_err(|error| BookingError::evaluate(error, "/cart"))
    }

    /// What the order of a friend gives, upon the plan of the order; and what it tells of who she is.
    fn bring<'p>(
        &self,
        program: &'p Program,
        buyer: &Buyer,
        friend: &MemberRow,
        counted_minor: i64,
        planned: Plan,
        now: Timestamp,
    ) -> Result<Outcome<'p>, BookingError> {
        let known = friend.signs()?;
        let signs = known.with(&self.order.signs);
        let orders_before = friend.snapshot()?.orders;
        let order = FirstOrder {
            shop: self.shop,
            friend,
            signs: &signs,
            order_id: &self.order.id,
            cart: &self.order.cart,
            counted_minor,
            orders_before,
            placed_at: self.placed_at(now),
        };
        let mut outcome = order.decide(program, buyer.referral.as_ref(), planned, now)?;
        if signs != known {
            let id = &friend.member_id;
            let signs = members::store_signs(self.shop, id, &signs);
            outcome.statements.push(signs);
        }
        Ok(outcome)
    }

    /// The refunds that came before the order, upon the plan of the order.
    fn send_back<'b>(
        &self,
        today: &Program,
        buyer: &'b Buyer,
        earned: &Earned<'_>,
        planned: Plan,
        now: Timestamp,
    ) -> Result<Early<'b>, BookingError>
    where
        'a: 'b,
    {
        let order = RefundedOrder {
            member_id: Some(planned.snapshot.member_id.clone()),
            cart: self.order.cart.clone(),
            member: earned.member.clone(),
            evaluated_at: earned.at,
            counted_on: Some(today.tier_rules().basis.clone()),
            placed_at: self.placed_at(now),
            points: earned.earning.points,
            credits: credits_booked(&planned),
            spent: planned.drawn.clone(),
            tendered: tendered_by(&planned),
            surprises: Surprised::by(&planned),
            referred: Vec::new(),
            signs: self.order.signs.clone(),
            program: Some(earned.program.clone()),
        };
        order.refund_all(today, &self.order.id, planned, &buyer.refunds, now)
    }

    /// The statements of a plan on the member who bought, with what it gives.
    fn store_planned(
        &self,
        (today, program): (&Program, &Program),
        member: &MemberRow,
        (planned, gifts): (&Plan, &Gifts<'_>),
        back: &[TakenBack],
        now: Timestamp,
    ) -> Result<Vec<Statement>, StoreError> {
        let (shop, order_id) = (self.shop, self.order.id.as_str());
        let base = Base::of(member)?;
        let mut statements = append::store_plan(shop, &base, today, planned, now);
        statements.extend(gifts.store(shop, &member.member_id, now));
        let drawn = (order_id, back.iter().any(|back| back.is_whole));
        statements.extend(take_back(shop, planned, (order_id, back), now));
        statements.extend(seed::settle(shop, program, planned, drawn, now));
        Ok(statements)
    }

    fn plan_earn(
        &self,
        (today, decided_by): (&Program, &Program),
        member: &Snapshot,
        earning: &Earning,
        buyer: &Buyer,
        now: Timestamp,
    ) -> Result<Plan, BookingError> {
        let held = buyer.held()?;
        let redemptions = buyer.redemptions.iter().zip(&held);
        let redemptions: Vec<_> = redemptions
            .map(|(row, (rewards, bargain))| Redeeming {
                id: &row.redemption_id,
                points: row.points,
                rewards,
                bargain,
                is_gift: row.is_gift(),
            })
            .collect();
        let command = Command::Earn {
            order_id: &self.order.id,
            cart: &self.order.cart,
            placed_at: self.placed_at(now),
            earning,
            redemptions: &redemptions,
            draws: &seed::draws(decided_by, &buyer.seeds, &self.order.id)?,
        };
        plan_under(today, decided_by, Some(member), command, now)
            .map_err(|refusal| BookingError::refused(refusal, Some("/cart")))
    }
}

/// What a plan pays its order with: the lots that its redemptions took, and money of balances.
fn paid_with(program: &Program, planned: Option<&Plan>) -> (Vec<Lot>, Vec<TenderDocument>) {
    let paid = planned.map(|plan| {
        let tenders = TenderDocument::of_plan(program, plan);
        (plan.drawn.clone(), tenders)
    });
    paid.unwrap_or_default()
}
