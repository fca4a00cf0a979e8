//! Which step gives what to whom, and which refusal comes first.

use super::*;
use crate::reward::tests::{money, points};

const ADA: Identity<'static> = Identity {
    customer: Some("c-ada"),
    email_hash: Some("e-ada"),
    payment_fingerprint: Some("p-ada"),
    address_hash: Some("a-ada"),
};
const BEA: Identity<'static> = Identity {
    customer: Some("c-bea"),
    email_hash: Some("e-bea"),
    payment_fingerprint: Some("p-bea"),
    address_hash: Some("a-bea"),
};

fn side(gift: Gift, on: ReferralStep) -> ReferralGift {
    ReferralGift { gift, on }
}

/// 500 points for the first order from 30.00 EUR or 35.00 USD on; the friend gets a reward for joining.
fn referral() -> Referral {
    Referral {
        advocate: Some(side(Gift::Points(points(500)), ReferralStep::FirstOrder)),
        friend: Some(side(Gift::Reward("ten-off".into()), ReferralStep::Joining)),
        minimum_order: vec![money(3_000, "EUR"), money(3_500, "USD")],
        per_advocate: Some(20),
        per_month: Some(5),
    }
}

fn ordered(number: i64, minor: i64, code: &str) -> ReferralEvent {
    ReferralEvent::Ordered {
        number,
        currency: Currency::parse(code).expect("a currency"),
        counted_minor: minor,
    }
}

fn facts(event: ReferralEvent) -> ReferralFacts<'static> {
    ReferralFacts {
        event,
        friend_is_known: false,
        advocate: ADA,
        friend: BEA,
        rewarded: 0,
        rewarded_this_month: 0,
    }
}

/// `500 points, nothing`: what the advocate and the friend get, or the code of the refusal.
fn told(judged: Result<ReferralGrant<'_>, ReferralRefusal>) -> String {
    let gift = |gift: Option<&Gift>| match gift {
        None => "nothing".to_owned(),
        Some(Gift::Points(points)) => format!("{points} points"),
        Some(Gift::Reward(id)) => id.clone(),
    };
    match judged {
        Ok(grant) => format!("{}, {}", gift(grant.advocate), gift(grant.friend)),
        Err(ReferralRefusal::BelowMinimum { missing_minor }) => {
            format!("order_below_minimum {missing_minor}")
        }
        Err(refusal) => refusal.code().to_owned(),
    }
}

fn check(referral: &Referral, facts: &ReferralFacts<'_>, expected: &str) {
    assert_eq!(told(judge(Some(referral), facts)), expected, "{facts:?}");
}

#[test]
fn each_gets_what_is_given_for_the_step() {
    check(
        &referral(),
        &facts(ReferralEvent::Joined),
        "nothing, ten-off",
    );
    let order = facts(ordered(1, 3_000, "EUR"));
    check(&referral(), &order, "500 points, nothing");
    check(
        &referral(),
        &facts(ordered(1, 3_500, "USD")),
        "500 points, nothing",
    );
    let both = Referral {
        friend: Some(side(Gift::Points(points(200)), ReferralStep::FirstOrder)),
        ..referral()
    };
    check(&both, &order, "500 points, 200 points");
    let joined = facts(ReferralEvent::Joined);
    check(&both, &joined, "referral_nothing_for_this_step");
    let one_sided = Referral {
        friend: None,
        ..referral()
    };
    check(&one_sided, &order, "500 points, nothing");
}

#[test]
fn only_a_first_order_above_the_minimum_counts() {
    let check = |event, expected| check(&referral(), &facts(event), expected);
    check(ordered(2, 3_000, "EUR"), "referral_not_first_order");
    check(ordered(0, 3_000, "EUR"), "referral_not_first_order");
    check(ordered(1, 2_999, "EUR"), "order_below_minimum 1");
    check(ordered(1, 9_999, "GBP"), "currency_not_covered");
    let open = Referral {
        minimum_order: Vec::new(),
        ..referral()
    };
    let pounds = facts(ordered(1, 0, "GBP"));
    super::tests::check(&open, &pounds, "500 points, nothing");
}

#[test]
fn who_looks_like_the_member_herself_gets_nothing() {
    let check = |friend, expected| {
        let facts = ReferralFacts {
            friend,
            ..facts(ReferralEvent::Joined)
        };
        check(&referral(), &facts, expected);
    };
    let customer = ADA.customer;
    check(Identity { customer, ..BEA }, "referral_same_customer");
    let email_hash = ADA.email_hash;
    check(Identity { email_hash, ..BEA }, "referral_same_email");
    let payment_fingerprint = ADA.payment_fingerprint;
    let paid = Identity {
        payment_fingerprint,
        ..BEA
    };
    check(paid, "referral_same_payment");
    let address_hash = ADA.address_hash;
    check(
        Identity {
            address_hash,
            ..BEA
        },
        "referral_same_address",
    );
    check(ADA, "referral_same_customer");
    check(Identity::default(), "nothing, ten-off");
}

#[test]
fn what_is_not_known_of_both_is_no_sign() {
    let empty = Some("");
    let blank = Identity {
        customer: empty,
        email_hash: empty,
        payment_fingerprint: empty,
        address_hash: empty,
    };
    for nobody in [Identity::default(), blank] {
        let facts = ReferralFacts {
            advocate: nobody,
            friend: nobody,
            ..facts(ReferralEvent::Joined)
        };
        check(&referral(), &facts, "nothing, ten-off");
    }
}

#[test]
fn a_limit_is_reached_by_the_friends_before() {
    let check = |rewarded, rewarded_this_month, expected| {
        let facts = ReferralFacts {
            rewarded,
            rewarded_this_month,
            ..facts(ReferralEvent::Joined)
        };
        check(&referral(), &facts, expected);
    };
    check(19, 4, "nothing, ten-off");
    check(20, 4, "referral_limit_reached");
    check(19, 5, "referral_month_limit_reached");
}

#[test]
fn of_several_refusals_the_first_declared_is_told() {
    let mut worst = ReferralFacts {
        event: ordered(2, 0, "GBP"),
        friend_is_known: true,
        advocate: ADA,
        friend: ADA,
        rewarded: 20,
        rewarded_this_month: 5,
    };
    let never = Referral {
        advocate: None,
        ..referral()
    };
    let referral = referral();
    let mut refusals = vec![judge(None, &worst)];
    let mends: [fn(&mut ReferralFacts<'_>); 9] = [
        |it| it.friend_is_known = false,
        |it| it.friend.customer = None,
        |it| it.friend.email_hash = None,
        |it| it.friend.payment_fingerprint = None,
        |it| it.friend.address_hash = None,
        |it| it.event = ordered(1, 0, "GBP"),
        |it| it.event = ordered(1, 0, "EUR"),
        |it| it.event = ordered(1, 3_000, "EUR"),
        |it| it.rewarded = 0,
    ];
    refusals.push(judge(Some(&referral), &worst));
    for (nth, mend) in mends.iter().enumerate() {
        mend(&mut worst);
        if nth == 4 {
            refusals.push(judge(Some(&never), &worst));
        }
        refusals.push(judge(Some(&referral), &worst));
    }
    let told: Vec<_> = refusals.iter().filter_map(|it| it.err()).collect();
    let codes: Vec<_> = told.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(
        codes,
        [
            "no_referrals",
            "referral_friend_known",
            "referral_same_customer",
            "referral_same_email",
            "referral_same_payment",
            "referral_same_address",
            "referral_nothing_for_this_step",
            "referral_not_first_order",
            "currency_not_covered",
            "order_below_minimum",
            "referral_limit_reached",
            "referral_month_limit_reached",
        ]
    );
    assert!(told.is_sorted(), "as they are declared");
}
