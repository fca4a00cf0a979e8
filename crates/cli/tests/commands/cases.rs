//! `earnest test`: a merchant's own cases.

use expect_test::{Expect, expect};

use super::Folder;

#[test]
fn a_merchants_cases_pass_or_show_what_differs() {
    let case = |name: &str, expect: &str| {
        format!(
            "[[cases]]\nname = \"{name}\"\nat = 2026-05-01T12:00:00Z\nmember = {{ tier = \"silver\" }}\n\
             cart.currency = \"EUR\"\n\
             cart.lines = [{{ id = \"1\", product = \"rye\", categories = [\"bread\"], quantity = 2, unit_price = \"4.20\" }}]\n\
             expect = {expect}\n\n"
        )
    };
    let good = case(
        "bread earns twice, for silver members half again on top",
        "{ points = 21, counted = \"8.40\", lines = { 1 = 21 }, \
         reasons = [\"rate +8.4\", \"multiplier double-bread +8.4\", \"tier silver +4.2\"] }",
    );
    let bad = case(
        "bread earns",
        "{ points = 16, counted = \"8.40\", reasons = [\"rate +8.4\", \"tier silver +4.2\", \"rounding -0.6\"] }",
    );
    let folder = Folder::new("cases")
        .file("good.toml", &good)
        .file("bad.toml", good.clone() + &bad)
        .file("nothing.toml", case("nothing", "{}"))
        .file("line.toml", case("no such line", "{ lines = { 2 = 1 } }"))
        .file(
            "tier.toml",
            good.replace("tier = \"silver\"", "tier = \"gold\""),
        )
        .file("local.toml", good.replace("12:00:00Z", "12:00:00"))
        .file("misspelt.toml", good.replace("unit_price", "price"));
    folder.check(
        "test club.toml good.toml",
        &expect![[r#"
        pass bread earns twice, for silver members half again on top

        1 passed, 0 failed
    "#]],
    );
    folder.check(
        "test club.toml bad.toml",
        &expect![[r#"
        pass bread earns twice, for silver members half again on top
        FAIL bread earns  bad.toml:10
             - points 16
             + points 21
               counted 8.40
               rate +8.4
             + multiplier double-bread +8.4
               tier silver +4.2
             - rounding -0.6

        1 passed, 1 failed
        status Some(1)
    "#]],
    );
    folder.check(
        "test club.toml bad.toml --json",
        &expect![[r#"
        {
          "cases": [
            {
              "difference": [
                "  points 21",
                "  counted 8.40",
                "  line 1 21",
                "  rate +8.4",
                "  multiplier double-bread +8.4",
                "  tier silver +4.2"
              ],
              "line": 2,
              "name": "bread earns twice, for silver members half again on top",
              "passed": true
            },
            {
              "difference": [
                "- points 16",
                "+ points 21",
                "  counted 8.40",
                "  rate +8.4",
                "+ multiplier double-bread +8.4",
                "  tier silver +4.2",
                "- rounding -0.6"
              ],
              "line": 10,
              "name": "bread earns",
              "passed": false
            }
          ],
          "failed": 1,
          "passed": 1
        }
        status Some(1)
    "#]],
    );
    let check = |file: &str, expected: &Expect| {
        folder.check(&format!("test club.toml {file}"), expected);
    };
    check(
        "nothing.toml",
        &expect![[r#"

            0 passed, 0 failed
            ! error: nothing.toml: line 2, case "nothing": it expects nothing; write expect = { points = 18 }
            status Some(2)
        "#]],
    );
    check(
        "line.toml",
        &expect![[r#"

            0 passed, 0 failed
            ! error: line.toml: line 2, case "no such line": expect.lines: the cart has no line "2"
            status Some(2)
        "#]],
    );
    check(
        "tier.toml",
        &expect![[r#"

            0 passed, 0 failed
            ! error: tier.toml: line 2, case "bread earns twice, for silver members half again on top": there is no tier "gold"; the program has silver
            status Some(2)
        "#]],
    );
    check(
        "local.toml",
        &expect![[r#"
            pass bread earns twice, for silver members half again on top

            1 passed, 0 failed
        "#]],
    );
    check(
        "misspelt.toml",
        &expect![[r#"
            ! error: misspelt.toml: TOML parse error at line 6, column 82
            !   |
            ! 6 | cart.lines = [{ id = "1", product = "rye", categories = ["bread"], quantity = 2, price = "4.20" }]
            !   |                                                                                  ^^^^^
            ! unknown field `price`, expected one of `id`, `product`, `categories`, `tags`, `brand`, `vendor`, `quantity`, `unit_price`, `discount`, `tax`
            !
            status Some(2)
        "#]],
    );
}

const BENEFITS: &str = r#"version = 1
name = "Club"
points = { one = "star", other = "stars" }
earn.per_unit = { EUR = 1 }
welcome_points = 10
tiers_by = { what = "orders" }
tiers = [{ id = "regular", name = "Regular", from_orders = 1 }]

[[rewards]]
id = "free-coffee"
name = "A coffee"
gives = { product = "coffee" }

[[rules]]
id = "first"
label = "A coffee for your first order"
when = { first_order = true }
grant = { reward = "free-coffee" }

[[rules]]
id = "review"
label = "20 for a review"
on = "review"
grant = { bonus = 20 }

[[challenges]]
id = "begin"
label = "Your first order"
count = "orders"
steps = [{ at = 1, points = 50, badge = "Beginner" }]
"#;

#[test]
fn what_follows_beside_the_points_is_expected_and_told() {
    let case = |name: &str, what: &str, expect: &str| {
        format!("[[cases]]\nname = \"{name}\"\nat = 2026-05-01\n{what}\nexpect = {expect}\n\n")
    };
    let cart = "cart = { currency = \"EUR\", lines = [{ id = \"1\", product = \"rye\", quantity = 1, unit_price = \"10.00\" }] }";
    let first = case(
        "the first order",
        cart,
        "{ counted = \"10\", points = 10, welcome_points = 10, challenge_points = 50, rewards = [\"free-coffee\"], \
         badges = [\"Beginner\"], tier = \"regular\" }",
    );
    let review = |kind: &str, expect: &str| {
        case(kind, &format!("activity = {{ kind = \"{kind}\" }}"), expect)
    };
    let folder = Folder::new("outcome")
        .file("benefits.toml", BENEFITS)
        .file(
            "good.toml",
            first.clone()
                + &review(
                    "review",
                    "{ points = 20, rewards = [], badges = [], tier = \"\" }",
                ),
        )
        .file(
            "bad.toml",
            review(
                "review",
                "{ rewards = [\"free-coffee\"], tier = \"regular\" }",
            ) + &first,
        )
        .file("odd.toml", review("reveiw", "{ points = 20 }") + &first)
        .file("none.toml", "cases = []")
        .file("review.json", r#"{ "kind": "reveiw" }"#)
        .file("member.json", r#"{ "tier": "regular", "orders": 1 }"#);
    folder.check(
        "test benefits.toml good.toml",
        &expect![[r#"
        pass the first order
        pass review

        2 passed, 0 failed
    "#]],
    );
    folder.check(
        "test benefits.toml bad.toml",
        &expect![[r#"
        FAIL review  bad.toml:2
             - reward free-coffee
             - tier regular
             + no reward
             + no tier
        pass the first order

        1 passed, 1 failed
        status Some(1)
    "#]],
    );
    folder.check("test benefits.toml odd.toml", &expect![[r#"
        pass the first order

        1 passed, 0 failed
        ! error: odd.toml: line 2, case "reveiw": activity.kind: the program has no rules for "reveiw"; it has some for review
        status Some(2)
    "#]]);
    folder.check(
        "test benefits.toml none.toml",
        &expect![[r#"
        ! error: none.toml: it has no cases; begin each with [[cases]]
        status Some(2)
    "#]],
    );
    folder.check(
        "preview benefits.toml review.json",
        &expect![[r#"
        ! error: review.json: kind: the program has no rules for "reveiw"; it has some for review
        status Some(2)
    "#]],
    );
    let at = "--at 2026-05-01T12:00:00Z";
    folder.check(
        &format!("preview benefits.toml cart.json {at}"),
        &expect![[r#"
            12 stars on 12.90 EUR that count, by Club, version 1

              why                  reason    stars
              1 star per 1.00 EUR  rate      +12.9
              Rounded down         rounding   -0.9

              line  product  counts  stars
              1     rye        8.40      8
              2     jam        4.50      4

              besides           by               gives
              Welcome           welcome          +10 stars
              Your first order  challenge begin  +50 stars
              A coffee          first            reward free-coffee
              Beginner          begin            badge
              Regular           tier             was no tier
        "#]],
    );
    folder.check(
        &format!("preview benefits.toml cart.json {at} --member member.json"),
        &expect![[r#"
            12 stars on 12.90 EUR that count, by Club, version 1

              why                  reason    stars
              1 star per 1.00 EUR  rate      +12.9
              Rounded down         rounding   -0.9

              line  product  counts  stars
              1     rye        8.40      8
              2     jam        4.50      4

              besides           by               gives
              Your first order  challenge begin  +50 stars
              Beginner          begin            badge
        "#]],
    );
}
