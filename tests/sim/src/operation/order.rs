//! An order is delivered: for the first time, again, late, or with another content under a known id.
//!
//! It earns what the page previewed a moment before, from the snapshot as it travels there.

mod carried;
mod joining;

use std::sync::Arc;

use earnest_core::wire::{CartDocument, EarningDocument, LineDocument, SnapshotDocument};
use earnest_core::{Cart, Program, Snapshot, Timestamp, evaluate};
use earnest_ledger::store::{budgets, members};
use earnest_ledger::{
    BookingError, Order, OrderBooking, OrderError, Presented, Quote, RedemptionError, Signs, json,
    sent_by_order,
};
use serde::Deserialize;
use serde_json::Value;

use self::joining::Joins;
use super::{Operation, SHOPS, referral, seed};
use crate::Violation;
use crate::errand::Errand;
use crate::program::{DELIVERIES, PARTNER};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::Said;

/// Ids of orders: few, so that another order comes under a known one now and then.
const IDS: u64 = 200;
const CATEGORIES: [&str; 4] = ["coffee", "tea", "cards", "mugs"];
const DAY_MS: i64 = 86_400_000;

/// An order to deliver.
#[derive(Clone, Debug)]
pub(super) struct DeliverOrder {
    pub(super) shop: usize,
    pub(super) id: u64,
    pub(super) who: Said,
    pub(super) placed_at: Option<Timestamp>,
    /// The category, how many, and the price of each.
    lines: Vec<(&'static str, u32, i64)>,
    discount_minor: i64,
    /// How it is delivered, where the shop says so.
    delivery: Option<&'static str>,
    /// The redemptions that it is paid with.
    pub(super) redemptions: Vec<String>,
    currency: &'static str,
}

/// What is kept of an order, as the books have it.
#[derive(Debug, Deserialize)]
struct Kept {
    member_id: Option<String>,
    content: String,
    answer: String,
    points: i64,
}

/// What a client reads in an answer.
#[derive(Debug, Deserialize)]
struct Answer {
    status: String,
    member_id: Option<String>,
    points: i64,
    balance_points: Option<i64>,
    earning: Value,
    quote: Option<Outcome>,
    /// Why it is a guest's, though she is a member.
    reason: Option<String>,
}

/// What became of a quote.
#[derive(Debug, Deserialize)]
struct Outcome {
    honoured: bool,
}

/// A quote that an order brings.
#[derive(Debug)]
pub(super) struct Brought {
    /// The quote.
    pub(super) quote: Quote,
    /// Its program.
    pub(super) program: Arc<Program>,
    /// What was shown with it.
    pub(super) shown: Value,
    /// Whether anything may have happened since it was asked for.
    pub(super) aged: bool,
}

#[derive(Deserialize)]
struct Balance {
    balance_points: i64,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(any(random))
}

/// Any order.
pub(super) fn any(random: &mut Random) -> DeliverOrder {
    let lines = random.between(1, 4);
    let lines: Vec<_> = (0..lines)
        .map(|_| {
            let category = random.pick(&CATEGORIES);
            let quantity = random.pick(&[1, 1, 2, 7]);
            (
                category,
                quantity,
                random.pick(&[0, 1, 99, 450, 1_999, 30_000]),
            )
        })
        .collect();
    DeliverOrder {
        shop: random.place(SHOPS),
        id: random.below(IDS),
        who: Said::draw(random),
        // Deliveries come in any order: some are of days ago, some are told without a time.
        placed_at: random.one_in(3).then(|| {
            Timestamp::from_millis(crate::episode::START_MS + random.between(0, 40 * DAY_MS))
        }),
        discount_minor: random.pick(&[0, 0, 0, 1, 100]),
        delivery: random.one_in(2).then(|| random.pick(&DELIVERIES)),
        redemptions: Vec::new(),
        currency: random.pick(&["EUR", "EUR", "EUR", "EUR", "JPY", "CHF"]),
        lines,
    }
}

impl DeliverOrder {
    pub(super) fn cart(&self) -> Cart {
        let decimals = if self.currency == "JPY" { 0 } else { 2 };
        let lines = self.lines.iter().enumerate();
        let lines = lines.map(|(nth, (category, quantity, price))| LineDocument {
            id: format!("l{nth}"),
            product: format!("p{price}"),
            categories: vec![(*category).to_owned()],
            quantity: *quantity,
            unit_price: amount(*price, decimals),
            ..LineDocument::default()
        });
        let sum: i64 = self
            .lines
            .iter()
            .map(|(_, quantity, price)| i64::from(*quantity) * price)
            .sum();
        let discount = self.discount_minor.min(sum);
        let cart = CartDocument {
            currency: self.currency.to_owned(),
            prices_include_tax: true,
            lines: lines.collect(),
            discount: Some(amount(discount, decimals)),
            delivery: self.delivery.map(str::to_owned),
            partner: self.partner().map(str::to_owned),
            ..CartDocument::default()
        };
        Cart::try_from(cart).expect("a cart that is drawn is valid")
    }

    /// Whose order it is: each eighth is another brand's.
    fn partner(&self) -> Option<&'static str> {
        self.id.is_multiple_of(8).then_some(PARTNER)
    }

    /// Its prices are in the currency of the balances of money.
    pub(super) fn pay_in_euros(&mut self) {
        self.currency = "EUR";
    }

    pub(super) fn id(&self) -> String {
        format!("o-{}", self.id)
    }

    /// The member who would be found now, with her id; nobody for a guest.
    pub(super) fn buyer(&self, shell: &Shell) -> Result<(Option<String>, Snapshot), BookingError> {
        let shop = shop_id(self.shop);
        let customer = self.who.customer(self.shop, shell);
        let find = members::load_by_traces(shop, customer.traces());
        let [member, budgets] = shell.peek(&[find, budgets::load(shop)])?;
        let member = members::member(&member)?;
        let mut snapshot = match &member {
            Some(member) => member.snapshot()?,
            None => shell.program(self.shop).newcomer(),
        };
        snapshot.budgets = budgets::budgets(&budgets)?;
        Ok((member.map(|member| member.member_id), snapshot))
    }

    /// What the page shows: the snapshot goes to it as JSON, and it evaluates for itself.
    fn preview(&self, order: &Order, shell: &Shell) -> Result<Value, BookingError> {
        let (_, member) = self.buyer(shell)?;
        let sent = json(&SnapshotDocument::from(&member));
        let read: SnapshotDocument = serde_json::from_str(&sent).expect("a snapshot that was sent");
        let member = Snapshot::try_from(read).expect("a snapshot of somebody");
        let program = shell.program(self.shop);
        let placed_at = order.placed_at.unwrap_or(shell.now);
        let earning = evaluate(program, &member, &order.cart, placed_at)
            .map_err(|error| BookingError::evaluate(error, "/cart"))?;
        let shown = EarningDocument::new(program, &order.cart, &earning);
        Ok(serde_json::to_value(&shown).expect("an earning is plain JSON"))
    }

    fn kept(&self, shell: &Shell) -> Option<Kept> {
        let sql = "SELECT member_id, content, answer, points FROM orders WHERE shop = ?1 AND order_id = ?2";
        let about = [shop_id(self.shop), &self.id()];
        shell.database.ask(sql, &about).into_iter().next()
    }

    /// What was booked first is what was previewed, is kept, and is in the ledger.
    fn judge_first(
        &self,
        answer: &str,
        order: &Order,
        (previewed, buyer, joins): (Option<Value>, Option<String>, Joins),
        brought: Option<&Brought>,
        shell: &mut Shell,
    ) -> Result<(), Violation> {
        let told: Answer = serde_json::from_str(answer).expect("an answer is JSON");
        let kept = self.kept(shell);
        let kept =
            kept.ok_or_else(|| Violation::new("an order was acknowledged and is not there"))?;
        Violation::unless(
            kept.answer == answer,
            "an order was answered and kept apart",
        )?;
        Violation::unless(
            kept.content == order.content(),
            "an order is kept as another",
        )?;
        Violation::unless(
            kept.points == told.points,
            "an order is kept with other points",
        )?;
        Violation::unless(
            kept.member_id == told.member_id
                && (told.status == "booked") == kept.member_id.is_some(),
            "an order is kept as another's",
        )?;
        let is_newcomer = buyer.is_none() && joins.is_members();
        let is_too_old = told.reason.as_deref() == Some("placed_before_guest_window");
        let customer = &order.customer;
        Violation::unless(
            !is_too_old
                || (told.status == "guest"
                    && customer.member_id.is_none()
                    && customer.id.is_none()),
            "an order of somebody who has an account is a guest's",
        )?;
        Violation::unless(
            kept.member_id == buyer || is_newcomer || is_too_old || shell.was_interrupted(),
            "an order was booked for another member than who bought",
        )?;
        Violation::unless(
            told.status == "booked" || !joins.is_members() || shell.was_interrupted(),
            "who has an account is a member, and her order is a guest's",
        )?;
        let joined = told.member_id.as_ref().filter(|_| is_newcomer);
        if let Some(member_id) = joined.filter(|_| !shell.was_interrupted()) {
            self.judge_joined(member_id, shell)?;
        }
        let honoured = told.quote.is_some_and(|quote| quote.honoured);
        let promised = if let Some(brought) = brought.filter(|_| honoured) {
            Violation::unless(
                told.points >= brought.quote.points,
                "a quote was honoured with less than it promised",
            )?;
            Some(brought.shown.clone()).filter(|_| !brought.aged)
        } else {
            let version = |earning: &Value| earning["program"]["version"].as_u64();
            let booked = version(&told.earning);
            let quoted = brought.map(|brought| version(&brought.shown));
            Violation::unless(
                previewed
                    .as_ref()
                    .is_none_or(|today| version(today) == booked)
                    || quoted == Some(booked)
                    || shell.was_interrupted(),
                "an order was decided by a program that is neither today's nor its quote's",
            )?;
            // Of a page's quote the program decides also where less is left than it told.
            previewed.filter(|previewed| version(previewed) == booked)
        };
        let is_kept = joins.keeps_promises() && !is_too_old && !shell.was_interrupted();
        if let Some(promised) = promised.filter(|_| is_kept) {
            Violation::unless(
                promised == told.earning,
                format!("showed\n  {promised}\nand booked\n  {}", told.earning),
            )?;
        }
        let balance = "SELECT balance_points FROM members WHERE shop = ?1 AND member_id = ?2";
        let member_id = told.member_id.as_deref().unwrap_or_default();
        let found: Vec<Balance> = shell
            .database
            .ask(balance, &[shop_id(self.shop), member_id]);
        let found = found.first().map(|found| found.balance_points);
        Violation::unless(
            found == told.balance_points,
            "an order was answered with another balance than there is",
        )
    }

    /// Brings at once what the order sent to who brought its buyer. What fails is left to the cron.
    fn give(&self, answer: &str, shell: &mut Shell) {
        if let Some(gift_id) = sent_by_order(answer) {
            let _given = referral::give(self.shop, &gift_id, shell);
        }
    }

    /// Delivers the order, with a quote or without.
    pub(super) fn deliver(
        &self,
        brought: Option<&Brought>,
        shell: &mut Shell,
    ) -> Result<(), Violation> {
        let shop = shop_id(self.shop);
        let order = &Order {
            id: self.id(),
            placed_at: self.placed_at,
            cart: self.cart(),
            shown: None,
            customer: self.who.customer(self.shop, shell),
            redemptions: self.redemptions.clone(),
            signs: Signs::default(),
        };
        let previewed = self.preview(order, shell).ok();
        let buyer = self.who.found(self.shop, shell);
        let joins = self.joins(order, shell);
        let quote = brought.map(|brought| {
            Ok(Presented {
                quote: &brought.quote,
                program: Some(&*brought.program),
            })
        });
        let codes = shell.codes();
        let booking = OrderBooking {
            shop,
            order,
            quote,
            codes,
        };
        let told = shell.book(self.shop, &booking);
        let what = ("order", self.shop, order.id.clone());
        match told {
            Told::First(answer) => {
                let before = (previewed, buyer, joins);
                self.judge_first(&answer, order, before, brought, shell)?;
                shell.acknowledge(what, &answer, true)?;
                self.give(&answer, shell);
                Ok(())
            }
            Told::Again(answer) => {
                let same = |kept: Kept| kept.answer == answer && kept.content == order.content();
                Violation::unless(
                    self.kept(shell).is_some_and(same),
                    "an order is answered as another, or from nowhere",
                )?;
                shell.acknowledge(what, &answer, false)?;
                self.give(&answer, shell);
                Ok(())
            }
            Told::Not(BookingError::Order(OrderError::Differs(_))) => {
                let kept = self.kept(shell).map(|kept| kept.content);
                Violation::unless(
                    kept.is_some_and(|kept| kept != order.content()),
                    "an order was refused as another, and it is the same",
                )
            }
            Told::Not(BookingError::Order(OrderError::UnknownMember)) => Violation::unless(
                order.customer.member_id.as_deref() == Some("mem_nobody"),
                "the shop's own member is unknown",
            ),
            Told::Not(BookingError::Redemption(RedemptionError::OfOrder { .. })) => {
                Violation::unless(
                    !self.redemptions.is_empty() && self.kept(shell).is_none(),
                    "an order was refused for what it was not paid with",
                )
            }
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }
}

impl Operation for DeliverOrder {
    /// What it is drawn with is told just then.
    fn rival(&self, random: &mut Random) -> Option<Arc<dyn Operation>> {
        random.one_in(8).then(|| seed::told(self.shop, random))
    }

    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        self.deliver(None, shell)
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        self.carry_with(None, errand)
    }
}

/// An amount with so many decimals.
fn amount(minor: i64, decimals: usize) -> String {
    match decimals {
        0 => minor.to_string(),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    }
}
