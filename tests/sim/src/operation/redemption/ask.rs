//! Somebody asks for rewards, and pays with money of hers besides.

use std::collections::BTreeMap;

use earnest_core::reward::{Benefit, RewardCode};
use earnest_core::wire::CartDocument;
use earnest_core::{Points, Refusal};
use earnest_ledger::{BookingError, Redemption, RedemptionBooking, RedemptionError};
use serde::Deserialize;
use serde_json::json;

use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::operation::order::DeliverOrder;
use crate::program::REWARDS;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};

const IDS: u64 = 300;

/// What one redemption asks for.
#[derive(Debug)]
pub(super) struct Ask {
    id: u64,
    /// The reward, and points where it is taken in steps.
    wishes: Vec<(&'static str, Option<i64>)>,
    /// What pays besides: the balance, and how much of it.
    credits: Vec<(&'static str, &'static str)>,
    has_cart: bool,
    is_spent_at_once: bool,
}

/// Why nothing is taken, beside what is told of the reward or the balance by its name.
const REFUSALS: &[&str] = &[
    "member_unknown",
    "not_enough_available",
    "not_enough_points",
    "not_enough_credit",
    "more_than_to_pay",
    "currency_not_covered",
    "order_below_minimum",
    "product_not_in_cart",
    "nothing_to_take_off",
    "points_not_in_steps",
    "too_few_points",
    "too_many_points",
];

/// What is kept of a redemption.
#[derive(Deserialize)]
struct Kept {
    answer: String,
}

/// Asks for anything.
pub(super) fn any(random: &mut Random) -> Ask {
    let wish = |random: &mut Random| {
        let reward = if random.one_in(20) {
            "nothing"
        } else {
            random.pick(&REWARDS)
        };
        let points = (reward == "pay").then(|| random.pick(&[10, 20, 50, 200]));
        (reward, points)
    };
    let wishes = (0..random.pick(&[1, 1, 1, 2])).map(|_| wish(random));
    Ask {
        wishes: wishes.collect(),
        ..besides(random)
    }
}

/// Asks for what goes with others: nothing but money, or a reward that says so.
pub(super) fn besides(random: &mut Random) -> Ask {
    let wishes: &[_] = random.pick(&[
        &[],
        &[],
        &[("ten-off", None)],
        &[("mug", None)],
        &[("cap", None)],
        // Which does not.
        &[("to-credit", None)],
    ]);
    let credits = if wishes.is_empty() || random.one_in(3) {
        let balance = if random.one_in(30) { "none" } else { "credit" };
        let amount = random.pick(&["0.01", "0.40", "0.50", "0.75", "1.50", "5.00"]);
        vec![(balance, amount)]
    } else {
        Vec::new()
    };
    Ask {
        id: random.below(IDS),
        wishes: wishes.to_vec(),
        credits,
        has_cart: !random.one_in(4),
        is_spent_at_once: random.one_in(10),
    }
}

impl Ask {
    /// The shop's id of it.
    pub(super) fn id(&self) -> String {
        format!("x-{}", self.id)
    }

    /// Whether it pays with money.
    pub(super) fn has_credits(&self) -> bool {
        !self.credits.is_empty()
    }

    /// Whether there is such a redemption.
    pub(super) fn is_kept(&self, shop: usize, shell: &Shell) -> bool {
        self.kept(shop, shell).is_some()
    }

    fn kept(&self, shop: usize, shell: &Shell) -> Option<Kept> {
        let sql = "SELECT answer FROM redemptions WHERE shop = ?1 AND redemption_id = ?2";
        let found = shell.database.ask(sql, &[shop_id(shop), &self.id()]);
        found.into_iter().next()
    }

    /// Asks for it with an order: who buys asks. Whether it is held or spent since now.
    pub(super) fn ask(&self, order: &DeliverOrder, shell: &mut Shell) -> Result<bool, Violation> {
        let points = |points| Points::new(points).expect("a few points");
        let wishes = self.wishes.iter();
        let credits = self.credits.iter();
        let redemption = &Redemption {
            id: self.id(),
            customer: order.who.customer(order.shop, shell),
            wishes: wishes
                .map(|(id, steps)| ((*id).to_owned(), steps.map(points)))
                .collect(),
            cart: self.has_cart.then(|| order.cart()),
            credits: credits
                .map(|(id, amount)| ((*id).to_owned(), (*amount).to_owned()))
                .collect(),
            tax_rates: BTreeMap::new(),
            shipping_tax_rate: None,
            is_spent_at_once: self.is_spent_at_once,
        };
        // Each attempt of the Worker draws another; here the number of the attempt does.
        let drawn = shell.new_id("");
        let mut bytes = [0; 10];
        for (byte, drawn) in bytes.iter_mut().zip(drawn.bytes()) {
            *byte = drawn;
        }
        let booking = RedemptionBooking {
            shop: shop_id(order.shop),
            redemption,
            code: RewardCode::from_random(bytes),
        };
        let told = shell.book(order.shop, &booking);
        let kept = self.kept(order.shop, shell).map(|kept| kept.answer);
        let what = ("redemption", order.shop, redemption.id.clone());
        let is_new = matches!(told, Told::First(_));
        let judged = match told {
            Told::First(answer) => {
                Violation::unless(
                    kept.as_ref() == Some(&answer),
                    "a redemption was acknowledged and is not there",
                )?;
                shell.tally.count("redemptions were held or spent at once");
                // Otherwise another version may be in force by now.
                if !shell.was_interrupted() {
                    self.judge_first(order.shop, shell)?;
                }
                shell.acknowledge(what, &answer, true)
            }
            Told::Again(answer) => {
                Violation::unless(
                    kept.as_ref() == Some(&answer),
                    "a redemption is answered from nowhere",
                )?;
                shell.acknowledge(what, &answer, false)
            }
            Told::Not(BookingError::Redemption(RedemptionError::Differs(_))) => {
                Violation::unless(kept.is_some(), "a redemption differs from none")
            }
            Told::Not(
                BookingError::Redemption(
                    RedemptionError::UnknownMember
                    | RedemptionError::Refused { .. }
                    | RedemptionError::Tender { .. },
                )
                | BookingError::Refused {
                    refusal: Refusal::NotEnoughAvailable { .. } | Refusal::NotEnoughCredit,
                    ..
                },
            ) => Violation::unless(kept.is_none(), "a redemption is kept, and was refused"),
            Told::Not(error) => shell.may_fail(order.shop, &error),
        };
        judged.map(|()| is_new)
    }

    /// What was held a moment ago is paid once it is spent, to the last cent.
    pub(super) fn judge_paid(&self, shop: usize, shell: &Shell) -> Result<(), Violation> {
        #[derive(Debug, Deserialize)]
        struct Paid {
            minor: i64,
        }
        let paid = "SELECT coalesce((SELECT -sum(minor) FROM credit_entries
              WHERE credit_entries.shop = ?1 AND balance = 'credit' AND kind = 'tender' AND source = ?2), 0) AS minor
            FROM redemptions WHERE shop = ?1 AND redemption_id = ?2 AND spent_at IS NOT NULL";
        let paid: Vec<Paid> = shell.database.ask(paid, &[shop_id(shop), &self.id()]);
        let minor = |amount: &str| amount.replace('.', "").parse::<i64>().unwrap_or_default();
        let agreed: i64 = self.credits.iter().map(|(_, amount)| minor(amount)).sum();
        Violation::unless(
            paid.iter().all(|paid| paid.minor == agreed),
            format!("{agreed} were held and spent, and {paid:?} paid"),
        )
    }

    /// Takes note of what the program says that it costs and gives; and no more is taken than there is.
    fn judge_first(&self, shop: usize, shell: &Shell) -> Result<(), Violation> {
        #[derive(Deserialize)]
        struct Used {
            used_points: i64,
        }
        let used = "SELECT used_points FROM budgets WHERE shop = ?1 AND holder = 'reward:' || ?2";
        let (mut points, mut minor, mut is_plain) = (0, 0, true);
        for (id, steps) in &self.wishes {
            let mut rewards = shell.program(shop).rewards().iter();
            let reward = rewards.find(|it| it.id == *id);
            let reward =
                reward.ok_or_else(|| Violation::new("a reward was taken that there is not"))?;
            let gone: Vec<Used> = shell.database.ask(used, &[shop_id(shop), id]);
            let is_left = |stock| gone.iter().all(|it| it.used_points <= stock);
            Violation::unless(
                reward.stock.is_none_or(is_left),
                format!("{id} was taken, and there was none left"),
            )?;
            is_plain &= steps.is_none();
            points += reward.points.map_or(0, Points::get);
            if let Benefit::StoreCredit { amount, .. } = &reward.gives {
                minor += amount.minor();
            }
        }
        if is_plain {
            let promise = "INSERT OR IGNORE INTO promised VALUES (?1, ?2, CAST(?3 AS INTEGER), CAST(?4 AS INTEGER))";
            let (points, minor) = (points.to_string(), minor.to_string());
            let about = [shop_id(shop), &self.id(), &points, &minor];
            shell.database.tell(promise, &about);
        }
        Ok(())
    }

    /// Asks a running edge for it.
    pub(super) fn carry(
        &self,
        order: &DeliverOrder,
        errand: &mut Errand<'_>,
    ) -> Result<(), Violation> {
        let wish = |(reward, points): &(&str, Option<i64>)| match points {
            None => json!({ "id": reward }),
            Some(points) => json!({ "id": reward, "points": points }),
        };
        let credit =
            |(balance, amount): &(&str, &str)| json!({ "balance": balance, "amount": amount });
        let (id, shop) = (self.id(), order.shop);
        let mut body = json!({
            "id": id,
            "customer": order.who.document(shop, errand),
            "rewards": self.wishes.iter().map(wish).collect::<Vec<_>>(),
            "credits": self.credits.iter().map(credit).collect::<Vec<_>>(),
            "commit": self.is_spent_at_once,
        });
        if self.has_cart {
            body["cart"] = json!(CartDocument::from(&order.cart()));
        }
        let request = Request::post(shop, "/v1/redemptions", &body);
        match errand.book(("redemption", id.clone()), &request)? {
            Reply::Booked(..) => Ok(()),
            Reply::Refused(code) if code == "redemption_differs" => Violation::unless(
                errand.was_sent_otherwise("redemption", shop, &id),
                "a redemption was refused as another, and it is the same",
            ),
            // A reward, or a balance, is refused by one of many names.
            Reply::Refused(code) => Violation::unless(
                code.starts_with("reward_")
                    || code.starts_with("balance_")
                    || expect(&code, REFUSALS).is_ok(),
                format!("a redemption was refused as {code}"),
            ),
        }
    }
}
