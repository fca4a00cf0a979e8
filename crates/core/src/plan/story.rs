//! A member's story under one program, for tests that tell the life of points step by step.

use super::*;
use crate::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use crate::reward::{Had, Taker, Wish, take};
use crate::wire::CartDocument;
use crate::{Holdings, compile, evaluate};

pub(super) const CLUB: &str = r#"
    version = 1
    name = "Club"
    time_zone = "Europe/Berlin"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
    pending = { return_days = 14 }
    redemptions = { hold_minutes = 60 }
    tiers_by = { what = "points", period = "calendar-year" }
    [[rewards]]
    id = "coffee"
    name = "Coffee"
    points = 30
    stock = 5
    per_member = 2
    gives = { amount_off = { EUR = 3 } }
    [[tiers]]
    id = "gold"
    name = "Gold"
    from_points = 500
"#;

/// A member's story under one program.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) program: Program,
    pub(super) member: Snapshot,
    /// What the newest booking wrote.
    pub(super) entries: Vec<Entry>,
}

pub(super) fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("an instant");
    Timestamp::from_millis(at.as_millisecond())
}

pub(super) fn cart(euros: i64) -> Cart {
    let document = serde_json::json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "a", "quantity": 1, "unit_price": euros.to_string() }
    ]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Cart::try_from(document).expect("a cart of the test")
}

impl Story {
    pub(super) fn new(more: &str) -> Self {
        let source = format!("{more}\n{CLUB}");
        let program = compile::compile(&source).expect("a valid program").program;
        let join = Command::Enrol { member_id: "m1" };
        let joined = plan(&program, None, join, at("2026-01-01T08:00:00Z")).expect("a member");
        let member = joined.snapshot;
        Self {
            program,
            member,
            entries: Vec::new(),
        }
    }

    /// Books a command, and tells its entries, its events and what she has then.
    pub(super) fn book(&mut self, command: Command<'_>, now: &str) -> String {
        let now = at(now);
        let planned = match plan(&self.program, Some(&self.member), command, now) {
            Ok(planned) => planned,
            Err(refusal) => return refusal.code().to_owned(),
        };
        let mut told: Vec<String> = Vec::new();
        for entry in &planned.entries {
            let sum: i64 = entry.pools.iter().map(|pool| pool.points).sum();
            assert_eq!(sum, entry.points.get(), "the pools of {entry:?}");
            told.push(format!("{} {}", entry.kind.name(), entry.points));
        }
        told.extend(planned.events.iter().map(|event| {
            let happened = event.happened_at.as_millis();
            assert!(happened <= now.as_millis());
            format!("[{}]", event.kind.name())
        }));
        let holdings = &planned.snapshot.holdings;
        assert_eq!(holdings.points(), planned.snapshot.balance.get());
        told.push(tell_holdings(holdings, now));
        self.member = planned.snapshot;
        self.entries = planned.entries;
        told.join(", ")
    }

    pub(super) fn order(&mut self, id: &str, euros: i64, now: &str) -> String {
        let cart = cart(euros);
        let earning = evaluate(&self.program, &self.member, &cart, at(now)).expect("points");
        let command = Command::Earn {
            order_id: id,
            cart: &cart,
            placed_at: at(now),
            earning: &earning,
            redemptions: &[],
            draws: &[],
        };
        self.book(command, now)
    }

    /// Refunds so much of an order of a single line.
    pub(super) fn refund(
        &mut self,
        id: &str,
        of: (i64, &str),
        amount_minor: i64,
        now: &str,
    ) -> String {
        let cart = cart(of.0);
        let member = self.program.newcomer();
        let placed_at = at(of.1);
        let earned = evaluate(&self.program, &member, &cart, placed_at).expect("points");
        let order = BookedOrder {
            cart: &cart,
            member: &member,
            evaluated_at: placed_at,
            placed_at,
            points: earned.points,
            credits: &credits_of(&self.program, &earned),
            spent: &[],
            tendered: &[],
            surprises: &Surprised::default(),
        };
        let refund = if amount_minor == of.0 * 100 {
            Refund::Rest
        } else {
            Refund::Lines(vec![RefundedLine {
                id: "a".into(),
                quantity: 0,
                amount_minor: Some(amount_minor),
            }])
        };
        let before = SentBack::default();
        let after = before.with(&cart, &refund).expect("a refund");
        let taken_back = take_back(Some(&self.program), &order, &[before], &after).expect("points");
        let command = Command::Refund {
            refund_id: id,
            taken_back: &taken_back,
        };
        self.book(command, now)
    }

    pub(super) fn reserve(&mut self, id: &str, now: &str) -> String {
        let had = Had::of(self.program.rewards(), &self.member);
        let taker = Taker::new(&self.program, &self.member, &had, at(now));
        let wish = Wish {
            reward: "coffee",
            points: None,
        };
        let program = self.program.clone();
        match take(program.rewards(), &taker, None, &[wish], at(now)) {
            Err(refused) => refused.refusal.code().to_owned(),
            Ok(chosen) => self.book(
                Command::Reserve {
                    redemption_id: id,
                    taken: &chosen,
                    tenders: &[],
                },
                now,
            ),
        }
    }
}

/// `free 30, pending 20, held 10, owed 5`; what is nothing is left out.
pub(super) fn tell_holdings(holdings: &Holdings, now: Timestamp) -> String {
    let parts = [
        ("free", holdings.available(now)),
        ("pending", holdings.pending(now)),
        ("held", holdings.reserved()),
        ("owed", holdings.owed),
    ];
    let told = parts.iter().filter(|(_, points)| *points > 0);
    let told: Vec<_> = told
        .map(|(word, points)| format!("{word} {points}"))
        .collect();
    format!("({})", told.join(" "))
}
