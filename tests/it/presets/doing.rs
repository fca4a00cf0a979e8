//! What members do besides buying, and whom they bring.

use earnest_core::lifetime::expires_at;
use earnest_core::referral::{
    Identity, ReferralEvent, ReferralFacts, ReferralRefusal, judge, mailbox,
};
use earnest_core::reward::Gift;
use earnest_core::{Currency, Points};
use serde_json::json;

use super::instant;
use super::story::{Does, Row, Story, cart_of};

#[test]
fn an_account_a_review_and_a_newsletter_pay_as_often_as_they_should() {
    let mut story = Story::of("automatic-membership", "GBP");
    let rows: Vec<Row<'_>> = vec![
        ("2026-06-01T09:00:00Z", Does::Joins, &[("activity", 50)], 50),
        (
            "2026-06-01T09:05:00Z",
            Does::Acts("newsletter", &[], 1),
            &[("activity", 50)],
            100,
        ),
        (
            "2026-06-02T09:00:00Z",
            Does::Acts("newsletter", &[], 1),
            &[],
            100,
        ),
        (
            "2026-06-03T09:00:00Z",
            Does::Buys("64.00", "leggings"),
            &[("earn", 64)],
            164,
        ),
        (
            "2026-06-10T09:00:00Z",
            Does::Acts("review", &["photo"], 1),
            &[("activity", 50)],
            214,
        ),
        (
            "2026-06-11T09:00:00Z",
            Does::Acts("review", &[], 1),
            &[("activity", 25)],
            239,
        ),
        (
            "2026-06-12T09:00:00Z",
            Does::Acts("review", &[], 1),
            &[("activity", 25)],
            264,
        ),
        (
            "2026-06-13T09:00:00Z",
            Does::Acts("review", &[], 1),
            &[("activity", 25)],
            289,
        ),
        (
            "2026-06-14T09:00:00Z",
            Does::Acts("review", &[], 1),
            &[],
            289,
        ),
        (
            "2026-07-01T09:00:00Z",
            Does::Acts("review", &[], 1),
            &[("activity", 25)],
            314,
        ),
    ];
    story.tell(rows);
    let cart = cart_of(json!({ "currency": "GBP", "shipping": "3.95", "lines": [
        { "id": "a", "product": "top", "quantity": 1, "unit_price": "28.00" },
    ] }));
    let at = "2026-07-02T09:00:00Z";
    assert_eq!(story.offer("free-delivery", &cart, at), Ok((300, 395)));
    assert_eq!(story.offer("five-off", &cart, at), Err("not_enough_points"));
    assert_eq!(
        story.offer("friend-five", &cart, at),
        Err("reward_not_for_points")
    );
}

#[test]
fn a_friend_is_worth_points_once_she_has_bought_enough_and_never_when_she_is_oneself() {
    let story = Story::of("automatic-membership", "GBP");
    let currency = Currency::parse("GBP").expect("a currency");
    let maya = mailbox("maya@gmail.com");
    let facts = |event| ReferralFacts {
        event,
        friend_is_known: false,
        advocate: Identity {
            email_hash: Some(&maya),
            ..Identity::default()
        },
        friend: Identity {
            email_hash: Some("anna@example.com"),
            ..Identity::default()
        },
        rewarded: 0,
        rewarded_this_month: 0,
    };
    let ordered = |counted_minor| ReferralEvent::Ordered {
        number: 1,
        currency,
        counted_minor,
    };
    let given = |facts: &ReferralFacts<'_>| {
        let grant = judge(story.program.referral(), facts)?;
        Ok::<_, ReferralRefusal>((grant.advocate.cloned(), grant.friend.cloned()))
    };
    let five_hundred = Gift::Points(Points::new(500).expect("points"));
    let five_off = Gift::Reward("friend-five".into());
    assert_eq!(
        given(&facts(ReferralEvent::Joined)),
        Ok((None, Some(five_off)))
    );
    assert_eq!(
        given(&facts(ordered(4_000))),
        Ok((Some(five_hundred), None))
    );
    assert_eq!(
        given(&facts(ordered(3_999))),
        Err(ReferralRefusal::BelowMinimum { missing_minor: 1 })
    );
    let alias = mailbox("M.a.y.a+shop@googlemail.com");
    let oneself = ReferralFacts {
        friend: Identity {
            email_hash: Some(&alias),
            ..Identity::default()
        },
        ..facts(ordered(9_000))
    };
    assert_eq!(given(&oneself), Err(ReferralRefusal::SameEmail));
    let sixth = ReferralFacts {
        rewarded: 5,
        rewarded_this_month: 5,
        ..facts(ordered(9_000))
    };
    assert_eq!(given(&sixth), Err(ReferralRefusal::MonthLimitReached));
    let next_month = ReferralFacts {
        rewarded: 5,
        ..facts(ordered(9_000))
    };
    assert!(given(&next_month).is_ok());
}

#[test]
fn a_family_earns_by_coming_as_well_as_by_buying() {
    let mut story = Story::of("family-club", "EUR");
    let visit = || Does::Acts("visit", &[], 1);
    story.tell(vec![
        ("2026-06-01T09:00:00Z", Does::Joins, &[], 0),
        ("2026-06-02T09:00:00Z", visit(), &[("activity", 2)], 2),
        // Twice through the door on one day is one visit for the points; the challenge counts both.
        ("2026-06-02T15:00:00Z", visit(), &[], 2),
        ("2026-06-09T09:00:00Z", visit(), &[("activity", 2)], 4),
        (
            "2026-06-16T09:00:00Z",
            visit(),
            &[("activity", 2), ("activity-challenge", 10)],
            16,
        ),
        (
            "2026-06-16T10:00:00Z",
            Does::Acts("workshop", &[], 1),
            &[("activity", 20)],
            36,
        ),
        (
            "2026-06-16T10:00:00Z",
            Does::Acts("event", &[], 3),
            &[("activity", 15)],
            51,
        ),
        (
            "2026-06-17T10:00:00Z",
            Does::Acts("workshop", &[], 1),
            &[],
            51,
        ),
        (
            "2026-06-17T11:00:00Z",
            Does::Buys("49.90", "lamps"),
            &[("earn", 6)],
            57,
        ),
        (
            "2026-06-18T11:00:00Z",
            Does::Buys("9.90", "candles"),
            &[("earn", 2)],
            59,
        ),
    ]);
    let lamp = story.cart("49.90", "lamps");
    let at = "2026-06-19T09:00:00Z";
    assert_eq!(story.offer("five-off", &lamp, at), Err("not_enough_points"));
    story.tell(vec![(
        "2026-06-18T12:00:00Z",
        Does::Acts("log-in", &[], 1),
        &[("activity", 1)],
        60,
    )]);
    assert_eq!(story.offer("five-off", &lamp, at), Ok((60, 500)));
    assert_eq!(story.badges(), ["Regular"]);
    assert_eq!(story.perks(at), ["other", "other", "birthday-gift"]);
    let (program, ordered) = (&story.program, instant("2026-06-18T11:00:00Z"));
    let gone = expires_at(program.expiry(), ordered, ordered, program.calendar());
    assert_eq!(
        gone.map(|gone| story.date_of(gone)).as_deref(),
        Some("2027-12-19")
    );
}
