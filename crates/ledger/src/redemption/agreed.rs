//! What was agreed on a redemption, as it is kept beside it.
//!
//! Invariant: it is never changed; so whatever program is in force when the redemption is spent, it gives what was
//! promised, and is judged beside others as it was.

use earnest_core::receipt::Receipt;
use earnest_core::reward::{Paying, Taken, TenderRefusal};
use earnest_core::wire::BargainDocument;
use earnest_core::{Bargain, Cart, Program};
use serde::{Deserialize, Serialize};

use crate::store::redemptions::RedemptionRow;
use crate::{BookingError, RedemptionError, StoreError};

/// What is kept. Its bytes are read by later versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreedDocument {
    #[serde(default)]
    pub(crate) bargain: BargainDocument,
    /// Whether its rewards can be used with others.
    #[serde(default)]
    pub(crate) combinable: bool,
    /// Of the cart that it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cart: Option<AgreedCart>,
}

/// What a redemption takes off the lines of its cart, and what they are worth, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreedCart {
    currency: String,
    off_minor: i64,
    worth_minor: i64,
    /// What it came to, with its shipping and tax, before anything came off; `None` of one from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_minor: Option<i64>,
}

impl AgreedDocument {
    pub(super) fn new(
        taken: &Taken<'_>,
        tenders: &[(String, i64)],
        cart: Option<(&Cart, &Receipt)>,
    ) -> Self {
        let rewards = || taken.chosen.iter().map(|it| it.reward);
        let sum = |minor: &[i64]| minor.iter().copied().fold(0, i64::saturating_add);
        Self {
            bargain: BargainDocument::from(&Bargain::on(rewards()).with(tenders)),
            combinable: rewards().all(|it| it.is_combinable),
            cart: cart.map(|(cart, receipt)| AgreedCart {
                currency: cart.currency().code().to_owned(),
                off_minor: sum(&taken.off.lines_minor),
                worth_minor: sum(&cart.discounted_minor()),
                due_minor: Some(receipt.to_pay_minor.saturating_add(taken.off.total_minor())),
            }),
        }
    }

    /// Of a reward that is given.
    pub(crate) fn of_gift(is_combinable: bool) -> Self {
        Self {
            bargain: BargainDocument::from(&Bargain::on([])),
            combinable: is_combinable,
            cart: None,
        }
    }

    /// What was agreed on a redemption; `None` of one from before that was kept.
    pub(crate) fn of(row: &RedemptionRow) -> Result<Option<Self>, StoreError> {
        let agreed = row.agreed.as_deref().map(serde_json::from_str).transpose();
        agreed.map_err(|error| {
            StoreError::Broken(format!("what was agreed on a redemption: {error}"))
        })
    }
}

/// How a redemption is judged beside the others of an order. What was not kept, today's program says.
///
/// # Errors
/// Where it pays with money of another currency than the order's.
pub(crate) fn paying(
    row: &RedemptionRow,
    program: &Program,
    cart: &Cart,
) -> Result<Paying, BookingError> {
    let rewards = row.rewards()?;
    let Some(agreed) = AgreedDocument::of(row)? else {
        let is_combinable = |id: &String| {
            let known = program.rewards().iter().find(|it| it.id == *id);
            known.is_none_or(|it| it.is_combinable)
        };
        return Ok(Paying {
            is_combinable: rewards.iter().all(is_combinable),
            rewards,
            ..Paying::default()
        });
    };
    let paid = agreed.bargain.money.iter().filter(|(_, minor)| *minor < 0);
    let mut paid_minor = 0_i64;
    for (nth, (id, minor)) in paid.enumerate() {
        let balance = program.balances().iter().find(|it| it.id == *id);
        let other = balance.filter(|it| it.currency != cart.currency());
        if let Some(other) = other {
            let refusal = TenderRefusal::CurrencyNotCovered(other.currency.code());
            return Err(RedemptionError::Tender { nth, refusal }.into());
        }
        paid_minor = paid_minor.saturating_sub(*minor);
    }
    let code = cart.currency().code();
    let judged = agreed.cart.filter(|it| it.currency == code);
    let (off_minor, worth_minor, due_minor) = judged.map_or((0, 0, None), |it| {
        (it.off_minor, it.worth_minor, it.due_minor)
    });
    Ok(Paying {
        rewards,
        is_combinable: agreed.combinable,
        off_minor,
        worth_minor,
        paid_minor,
        due_minor: due_minor.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use earnest_core::Points;
    use earnest_core::receipt::Receipt;
    use earnest_core::reward::{Chosen, TakenOff};
    use earnest_core::wire::CartDocument;

    use super::*;

    // What is kept is read by later versions: its bytes are pinned.
    #[test]
    fn what_was_agreed_comes_back_as_it_went() {
        let agreed = AgreedDocument {
            bargain: BargainDocument {
                money: vec![("credit".to_owned(), 300)],
                counted: Some(1),
            },
            combinable: true,
            cart: Some(AgreedCart {
                currency: "EUR".to_owned(),
                off_minor: 500,
                worth_minor: 600,
                due_minor: Some(700),
            }),
        };
        let text = serde_json::to_string(&agreed).expect("JSON");
        expect_test::expect![[r#"{"bargain":{"money":[["credit",300]],"counted":1},"combinable":true,"cart":{"currency":"EUR","off_minor":500,"worth_minor":600,"due_minor":700}}"#]]
        .assert_eq(&text);
        assert_eq!(
            serde_json::from_str::<AgreedDocument>(&text).ok(),
            Some(agreed)
        );
        let before = text.replace(r#","due_minor":700"#, "");
        let before: AgreedDocument = serde_json::from_str(&before).expect("one of before");
        assert_eq!(before.cart.and_then(|cart| cart.due_minor), None);
        let gift = serde_json::to_string(&AgreedDocument::of_gift(false)).expect("JSON");
        assert_eq!(gift, r#"{"bargain":{"counted":0},"combinable":false}"#);
    }

    const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 'p', other = 'p' }\n\
        [[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
        [[rewards]]\nid = 'five'\nname = '5'\npoints = 5\ngives = { amount_off = { EUR = 5 } }\n\
        [[rewards]]\nid = 'one'\nname = '1'\npoints = 1\ngives = { amount_off = { EUR = 1 } }\ncombinable = true\n";

    fn club() -> Program {
        earnest_core::compile::compile(CLUB)
            .expect("a program")
            .program
    }

    fn cart(currency: &str) -> Cart {
        let document = format!(
            r#"{{"currency":"{currency}","lines":[{{"id":"a","product":"a","quantity":2,"unit_price":"10","discount":"1"}}]}}"#
        );
        let document: CartDocument = serde_json::from_str(&document).expect("a document");
        Cart::try_from(document).expect("a cart")
    }

    fn row(rewards: &[&str], agreed: Option<&AgreedDocument>) -> RedemptionRow {
        let row = serde_json::json!({
            "redemption_id": "r1", "member_id": "m1", "content": "{}", "answer": "{}", "points": 5,
            "agreed": agreed.map(|it| serde_json::to_string(it).expect("JSON")),
            "rewards": serde_json::to_string(rewards).expect("JSON"),
            "is_spent": 0, "is_gift": 0, "is_withdrawn": 0, "ends_at": null,
        });
        serde_json::from_value(row).expect("a row")
    }

    /// What was agreed on these rewards for a cart of 19.00, off which they take 5.00 of the goods and 2.00 of the shipping.
    fn agreed(program: &Program, rewards: &[&str], tenders: &[(String, i64)]) -> AgreedDocument {
        let chosen = rewards.iter().map(|id| {
            let reward = program.rewards().iter().find(|it| it.id == *id);
            Chosen {
                reward: reward.expect("a reward"),
                points: Points::ZERO,
            }
        });
        let taken = Taken {
            chosen: chosen.collect(),
            points: Points::ZERO,
            off: TakenOff {
                lines_minor: vec![200, 300],
                shipping_minor: 200,
                by_reward: vec![700],
            },
        };
        let receipt = Receipt {
            to_pay_minor: 1_600,
            ..Receipt::default()
        };
        AgreedDocument::new(&taken, tenders, Some((&cart("EUR"), &receipt)))
    }

    #[test]
    fn a_redemption_is_judged_by_what_was_agreed_on_a_cart_of_the_orders_currency() {
        let program = club();
        let tenders = [("credit".to_owned(), 300)];
        let check = |rewards: &[&str], currency: &str, combinable: bool, minor: [i64; 3]| {
            let agreed = agreed(&program, rewards, &[]);
            let paying = paying(&row(rewards, Some(&agreed)), &program, &cart(currency));
            let paying = paying.expect("it is judged");
            assert_eq!(paying.rewards, rewards);
            assert_eq!(paying.is_combinable, combinable, "{rewards:?}");
            let found = [paying.off_minor, paying.worth_minor, paying.due_minor];
            assert_eq!(found, minor, "{rewards:?} {currency}");
        };
        check(&["five"], "EUR", false, [500, 1_900, 2_300]);
        check(&["one"], "EUR", true, [500, 1_900, 2_300]);
        check(&["one", "five"], "EUR", false, [500, 1_900, 2_300]);
        check(&["one"], "USD", true, [0, 0, 0]);
        // Money alone goes with anything, in its own currency.
        let money = agreed(&program, &[], &tenders);
        let paid = |currency| paying(&row(&[], Some(&money)), &program, &cart(currency));
        let paying = paid("EUR").expect("it is judged");
        assert_eq!((paying.is_combinable, paying.paid_minor), (true, 300));
        assert!(paid("USD").is_err());
    }

    #[test]
    fn what_was_not_kept_todays_program_says() {
        let program = club();
        let check = |rewards: &[&str], combinable: bool| {
            let paying = paying(&row(rewards, None), &program, &cart("EUR"));
            let expected = Paying {
                rewards: rewards.iter().map(|id| (*id).to_owned()).collect(),
                is_combinable: combinable,
                ..Paying::default()
            };
            assert_eq!(paying.expect("it is judged"), expected);
        };
        check(&["one"], true);
        check(&["five"], false);
        check(&["one", "five"], false);
        // One that the program has no more went with others.
        check(&["gone"], true);
    }

    #[test]
    fn what_is_kept_and_cannot_be_read_is_told() {
        let mut broken = row(&["one"], None);
        broken.agreed = Some("{".to_owned());
        assert!(paying(&broken, &club(), &cart("EUR")).is_err());
    }
}
