//! Friends who are brought by a code, after as many others as the case says.

use earnest_vectors::benefits::referral::{Bringing, Person};
use earnest_vectors::benefits::{Case, Vectors};
use earnest_vectors::{ANY_DAY, published};
use serde_json::{Value, json};

use super::{Otherwise, cart_of, check, join, joined};
use crate::shop::{Member, Shop};

/// What a first order of an earlier friend counts for: enough for every program of the file.
const ENOUGH_MINOR: i64 = 3_000;

const ONE_MEMBER: &str =
    "one customer id is one member: who says that it is a friend's is told that these are two";

const OTHERWISE: &[Otherwise] = &[
    Otherwise {
        case: "the-same-customer",
        answer: Some(r#"{ "refused": "another_member" }"#),
        why: ONE_MEMBER,
    },
    Otherwise {
        case: "the-first-reason-is-told",
        answer: Some(r#"{ "refused": "another_member" }"#),
        why: ONE_MEMBER,
    },
    Otherwise {
        case: "her-second-order",
        answer: Some("null"),
        why: "what the first order gave is settled, and of others nothing is said",
    },
];

#[test]
fn referrals_give_at_the_edge_what_was_worked_out_by_hand() {
    // Where somebody gets nothing the API leaves her out.
    let told = |case: &Case<Bringing>| {
        let mut told = case.expect.clone();
        let fields = told.as_object_mut().expect("an answer");
        fields.retain(|_, value| !value.is_null());
        told
    };
    check("referral", OTHERWISE, told, ask);
}

fn ask(shop: &'static Shop, vectors: &Vectors<Bringing>, case: &Case<Bringing>) -> Value {
    let bringing = &case.question;
    let program = published(&case.program, &vectors.programs[&case.program]);
    let of_a_month = program.referral().and_then(|it| it.per_month).unwrap_or(5);
    let (ada, _) = joined(shop, "2025-01-01T00:00:00Z", &signs(&bringing.advocate, ""));
    let code = shop.post(&ada.path("/referral_code"), &json!({})).send();
    let code = code.expect(201)["referral_code"].clone();
    let of_earlier_months = bringing.rewarded - bringing.rewarded_this_month;
    for nth in 0..of_earlier_months {
        let month = 5 - nth / of_a_month;
        bring(shop, &code, &format!("2026-{month:02}-15T12:00:00Z"));
    }
    for _ in 0..bringing.rewarded_this_month {
        bring(shop, &code, "2026-06-01T12:00:00Z");
    }

    let mut of_friend = signs(&bringing.friend, "+friend");
    let customer = &bringing.friend.customer;
    if customer.is_some() && *customer == bringing.advocate.customer {
        let told = join(shop, ANY_DAY, &of_friend);
        told.expect_problem(409, "another_member");
        return json!({ "refused": "another_member" });
    }
    if bringing.known {
        let email = of_friend["email"].take();
        let email = email
            .as_str()
            .map_or_else(crate::shop::fresh_email, str::to_owned);
        of_friend["email"] = email.into();
        joined(shop, "2026-01-01T00:00:00Z", &of_friend);
    }
    of_friend["referral_code"] = code;
    let (friend, told) = joined(shop, ANY_DAY, &of_friend);
    let Some((number, currency, minor)) = &bringing.order else {
        return told["referral"].clone();
    };
    if bringing.known {
        // Nobody brought her, so her order is asked nothing.
        return told["referral"].clone();
    }
    let mut told = Value::Null;
    for nth in 0..*number {
        told = order(
            shop,
            &friend,
            &format!("o{nth}"),
            (currency, *minor),
            ANY_DAY,
        );
    }
    told["referral"].clone()
}

/// An earlier friend, for whom something was given.
fn bring(shop: &'static Shop, code: &Value, at: &str) {
    let (friend, joining) = joined(shop, at, &json!({ "referral_code": code }));
    let id = format!("first-of-{}", friend.id);
    let ordering = order(shop, &friend, &id, ("EUR", ENOUGH_MINOR), at);
    let mut given = [joining, ordering].into_iter();
    assert!(given.any(|told| told["referral"]["advocate"].is_object()));
}

fn order(
    shop: &Shop,
    friend: &Member,
    id: &str,
    (currency, minor): (&str, i64),
    at: &str,
) -> Value {
    let customer = json!({ "member_id": friend.id });
    let order = shop.order(id, &customer, &cart_of(currency, minor));
    order.at(at).send().expect(201)
}

/// By what somebody is known. A mailbox has many spellings, of which a member has one.
fn signs(person: &Person, tag: &str) -> Value {
    let mut told = json!({});
    let mut tell = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            told[name] = value.into();
        }
    };
    tell("customer_id", person.customer.clone());
    let email = person.email.as_ref();
    tell("email", email.map(|name| format!("{name}{tag}@gmail.com")));
    tell("payment_fingerprint", person.payment.clone());
    tell("address", person.address.clone());
    told
}
