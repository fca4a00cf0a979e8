//! Points are held for rewards, and then spent with an order, spent without one, let go, or forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use earnest_core::reward::RewardCode;
use earnest_core::wire::CartDocument;
use earnest_core::{Points, Refusal, Timestamp};
use earnest_ledger::{
    BookingError, Ending, Redemption, RedemptionBooking, RedemptionEnd, RedemptionError,
};
use serde::Deserialize;
use serde_json::json;

use super::order::DeliverOrder;
use super::refund::SendBack;
use super::{Operation, adjustment, order, refund};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::program::REWARDS;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};

const IDS: u64 = 300;
const MINUTE_MS: i64 = 60_000;

#[derive(Debug)]
struct Redeem {
    id: u64,
    /// What she is given first, so that she can pay.
    given: Option<Arc<dyn Operation>>,
    /// The reward, and points where it is taken in steps.
    wishes: Vec<(&'static str, Option<i64>)>,
    /// The order for which it is, and what of it is sent back: who buys asks.
    order: DeliverOrder,
    back: SendBack,
    has_cart: bool,
    is_spent_at_once: bool,
    /// What happens before it ends.
    between: Option<Arc<dyn Operation>>,
    /// How much later it ends.
    later_ms: i64,
    end: End,
    /// Whether nothing of the order is sent back.
    is_kept: bool,
}

/// Why nothing is taken, beside what is told of the reward by its name.
const REFUSALS: &[&str] = &[
    "member_unknown",
    "not_enough_available",
    "not_enough_points",
    "currency_not_covered",
    "order_below_minimum",
    "product_not_in_cart",
    "nothing_to_take_off",
    "points_not_in_steps",
    "too_few_points",
    "too_many_points",
];

#[derive(Clone, Copy, Debug)]
enum End {
    Order,
    Commit,
    Release,
    Never,
}

/// What is kept of a redemption.
#[derive(Deserialize)]
struct Kept {
    answer: String,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let wish = |random: &mut Random| {
        let reward = if random.one_in(20) {
            "nothing"
        } else {
            random.pick(&REWARDS)
        };
        let points = (reward == "pay").then(|| random.pick(&[10, 20, 50, 200]));
        (reward, points)
    };
    let order = order::any(random);
    let id = random.below(IDS);
    let person = order.who.person().filter(|_| !random.one_in(4));
    let given = person.map(|person| adjustment::giving(order.shop, person, random));
    let mut paid = order.clone();
    paid.redemptions = vec![format!("x-{id}")];
    Arc::new(Redeem {
        id,
        given,
        wishes: (0..random.pick(&[1, 1, 1, 2]))
            .map(|_| wish(random))
            .collect(),
        order,
        back: refund::any(paid, random),
        has_cart: !random.one_in(4),
        is_spent_at_once: random.one_in(5),
        between: random.one_in(2).then(|| super::draw(random)),
        later_ms: random.pick(&[0, 5, 25, 45, 3_000]) * MINUTE_MS,
        end: random.pick(&[
            End::Order,
            End::Order,
            End::Commit,
            End::Release,
            End::Never,
        ]),
        is_kept: random.one_in(2),
    })
}

/// Ends a redemption.
pub(super) fn end(shop: usize, redemption_id: &str, ending: Ending, shell: &mut Shell) -> Told {
    let end = RedemptionEnd {
        shop: shop_id(shop),
        redemption_id,
        ending,
    };
    shell.book(shop, &end)
}

impl Redeem {
    fn id(&self) -> String {
        format!("x-{}", self.id)
    }

    fn kept(&self, shell: &Shell) -> Option<Kept> {
        let sql = "SELECT answer FROM redemptions WHERE shop = ?1 AND redemption_id = ?2";
        let about = [shop_id(self.order.shop), &self.id()];
        shell.database.ask(sql, &about).into_iter().next()
    }

    fn ask(&self, shell: &mut Shell) -> Result<(), Violation> {
        let shop = shop_id(self.order.shop);
        let points = |points| Points::new(points).expect("a few points");
        let wishes = self.wishes.iter();
        let redemption = &Redemption {
            id: self.id(),
            customer: self.order.who.customer(self.order.shop, shell),
            wishes: wishes
                .map(|(id, steps)| ((*id).to_owned(), steps.map(points)))
                .collect(),
            cart: self.has_cart.then(|| self.order.cart()),
            credits: Vec::new(),
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
        let code = RewardCode::from_random(bytes);
        let booking = RedemptionBooking {
            shop,
            redemption,
            code,
        };
        let told = shell.book(self.order.shop, &booking);
        let kept = self.kept(shell).map(|kept| kept.answer);
        let what = ("redemption", self.order.shop, redemption.id.clone());
        match told {
            Told::First(answer) => {
                Violation::unless(
                    kept.as_ref() == Some(&answer),
                    "a redemption was acknowledged and is not there",
                )?;
                shell.tally.count("redemptions were held or spent at once");
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
                    RedemptionError::UnknownMember | RedemptionError::Refused { .. },
                )
                | BookingError::Refused {
                    refusal: Refusal::NotEnoughAvailable { .. },
                    ..
                },
            ) => Violation::unless(kept.is_none(), "a redemption is kept, and was refused"),
            Told::Not(error) => shell.may_fail(self.order.shop, &error),
        }
    }

    fn carry_wish(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let wish = |(reward, points): &(&str, Option<i64>)| match points {
            None => json!({ "id": reward }),
            Some(points) => json!({ "id": reward, "points": points }),
        };
        let (id, shop) = (self.id(), self.order.shop);
        let mut body = json!({
            "id": id,
            "customer": self.order.who.document(shop, errand),
            "rewards": self.wishes.iter().map(wish).collect::<Vec<_>>(),
            "commit": self.is_spent_at_once,
        });
        if self.has_cart {
            body["cart"] = json!(CartDocument::from(&self.order.cart()));
        }
        let request = Request::post(shop, "/v1/redemptions", &body);
        match errand.book(("redemption", id.clone()), &request)? {
            Reply::Booked(..) => Ok(()),
            Reply::Refused(code) if code == "redemption_differs" => Violation::unless(
                errand.was_sent_otherwise("redemption", shop, &id),
                "a redemption was refused as another, and it is the same",
            ),
            // A reward is refused by one of many names.
            Reply::Refused(code) => Violation::unless(
                code.starts_with("reward_") || expect(&code, REFUSALS).is_ok(),
                format!("a redemption was refused as {code}"),
            ),
        }
    }

    fn carry_end(&self, verb: &str, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let path = format!("/v1/redemptions/{}/{verb}", self.id());
        let answer = errand.ask(&Request::post(self.order.shop, path, &json!({})));
        if answer.status == 200 {
            return Ok(());
        }
        let code = errand.refused(&answer)?;
        expect(
            &code,
            &[
                "redemption_not_found",
                "redemption_spent",
                "redemption_not_held",
            ],
        )
    }

    fn finish(&self, ending: Ending, shell: &mut Shell) -> Result<(), Violation> {
        let told = end(self.order.shop, &self.id(), ending, shell);
        if matches!(told, Told::First(_)) {
            shell.tally.count(match ending {
                Ending::Commit => "redemptions were spent without an order",
                Ending::Release => "redemptions were let go",
            });
        }
        match told {
            Told::First(_) | Told::Again(_) => Violation::unless(
                self.kept(shell).is_some(),
                "a redemption ended that there never was",
            ),
            Told::Not(
                BookingError::Redemption(RedemptionError::Unknown | RedemptionError::Spent(_))
                | BookingError::Refused {
                    refusal: Refusal::RedemptionNotHeld,
                    ..
                },
            ) => Ok(()),
            Told::Not(error) => shell.may_fail(self.order.shop, &error),
        }
    }
}

impl Operation for Redeem {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        if let Some(given) = &self.given {
            given.perform(shell)?;
        }
        self.ask(shell)?;
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        shell.now = Timestamp::from_millis(shell.now.as_millis() + self.later_ms);
        match self.end {
            End::Order => {
                if self.is_kept {
                    self.back.order.deliver(None, shell)
                } else {
                    self.back.perform(shell)
                }
            }
            End::Commit => self.finish(Ending::Commit, shell),
            End::Release => self.finish(Ending::Release, shell),
            End::Never => Ok(()),
        }
    }

    /// No clock of the edge is moved: a hold that is to be over is let be.
    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        self.carry_wish(errand)?;
        if let Some(between) = &self.between {
            between.carry(errand)?;
        }
        match self.end {
            End::Order if self.is_kept => self.back.order.carry(errand),
            End::Order => self.back.carry(errand),
            End::Commit => self.carry_end("commit", errand),
            End::Release => self.carry_end("release", errand),
            End::Never => Ok(()),
        }
    }
}
