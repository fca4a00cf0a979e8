//! `earnest preview`: what a cart or an activity earns, and why.

use expect_test::expect;

use super::{CART, Folder};

#[test]
fn preview_tells_what_a_cart_earns_and_why() {
    let folder = Folder::new("preview")
        .file(
            "silver.json",
            r#"{ "tier": "silver", "earned_points": 150 }"#,
        )
        .file("gold.json", r#"{ "tier": "gold" }"#)
        .file("dear.json", CART.replace("\"0.50\"", "\"5.01\""))
        .file("odd.json", CART.replace("unit_price", "price"))
        .file("torn.json", "{ \"currency\": \"EUR\"");
    folder.check(
        "preview club.toml cart.json",
        &expect![[r#"
            21 stars on 12.90 EUR that count, by Bakery club, version 3

              why                  reason                   stars
              1 star per 1.00 EUR  rate                     +12.9
              2x on bread          multiplier double-bread   +8.4
              Rounded down         rounding                  -0.3

              line  product  counts  stars
              1     rye        8.40     17
              2     jam        4.50      4

              besides  by       gives
              Welcome  welcome  +10 stars
        "#]],
    );
    folder.check(
        "preview club.toml cart.json --member silver.json --at 2026-05-01T12:00:00Z",
        &expect![[r#"
            27 stars on 12.90 EUR that count, by Bakery club, version 3

              why                  reason                   stars
              1 star per 1.00 EUR  rate                     +12.9
              2x on bread          multiplier double-bread   +8.4
              Silver: 1.5x         tier silver              +6.45
              Rounded down         rounding                 -0.75

              line  product  counts  stars
              1     rye        8.40     21
              2     jam        4.50      6
        "#]],
    );
    folder.check(
        "preview club.toml cart.json --json --member silver.json",
        &expect![[r#"
            {
              "points": 27,
              "currency": "EUR",
              "counted": "12.90",
              "lines": [
                {
                  "id": "1",
                  "points": 21,
                  "counted": "8.40",
                  "reasons": [
                    {
                      "code": "rate",
                      "rule": null,
                      "label": "1 star per 1.00 EUR",
                      "factor": "1",
                      "points_exact": "8.4"
                    },
                    {
                      "code": "multiplier",
                      "rule": "double-bread",
                      "label": "2x on bread",
                      "factor": "2",
                      "points_exact": "8.4"
                    },
                    {
                      "code": "tier",
                      "rule": "silver",
                      "label": "Silver: 1.5x",
                      "factor": "1.5",
                      "points_exact": "4.2"
                    }
                  ]
                },
                {
                  "id": "2",
                  "points": 6,
                  "counted": "4.50",
                  "reasons": [
                    {
                      "code": "rate",
                      "rule": null,
                      "label": "1 star per 1.00 EUR",
                      "factor": "1",
                      "points_exact": "4.5"
                    },
                    {
                      "code": "tier",
                      "rule": "silver",
                      "label": "Silver: 1.5x",
                      "factor": "1.5",
                      "points_exact": "2.25"
                    },
                    {
                      "code": "rounding",
                      "rule": null,
                      "label": "Rounded with the order",
                      "factor": null,
                      "points_exact": "-0.75"
                    }
                  ]
                }
              ],
              "reasons": [
                {
                  "code": "rate",
                  "rule": null,
                  "label": "1 star per 1.00 EUR",
                  "factor": "1",
                  "points_exact": "12.9"
                },
                {
                  "code": "multiplier",
                  "rule": "double-bread",
                  "label": "2x on bread",
                  "factor": "2",
                  "points_exact": "8.4"
                },
                {
                  "code": "tier",
                  "rule": "silver",
                  "label": "Silver: 1.5x",
                  "factor": "1.5",
                  "points_exact": "6.45"
                },
                {
                  "code": "rounding",
                  "rule": null,
                  "label": "Rounded down",
                  "factor": null,
                  "points_exact": "-0.75"
                }
              ],
              "program": {
                "version": 3,
                "digest": "sha256:…"
              },
              "engine": "0.1.0",
              "outcome": {
                "tier": "silver"
              }
            }
        "#]],
    );
    folder.check(
        "preview club.toml cart.json --member gold.json",
        &expect![[r#"
            ! error: gold.json: there is no tier "gold"; the program has silver
            status Some(2)
        "#]],
    );
    folder.check(
        "preview club.toml dear.json",
        &expect![[r#"
        ! error: dear.json: /lines/1/discount: the discount is more than the line is worth
        status Some(2)
    "#]],
    );
    let folder = folder.file("number.json", CART.replace("\"5.00\"", "5.00"));
    folder.check("preview club.toml number.json", &expect![[r#"
        ! error: number.json: lines[1].unit_price: write it in quotes, "5.0": amounts are texts, so that none is rounded on its way at line 3 column 66
        status Some(2)
    "#]]);
    folder.check("preview club.toml odd.json", &expect![[r#"
        ! error: odd.json: lines[0].price: unknown field `price`, expected one of `id`, `product`, `categories`, `tags`, `brand`, `vendor`, `quantity`, `unit_price`, `discount`, `tax` at line 2 column 80
        status Some(2)
    "#]]);
    folder.check(
        "preview club.toml torn.json",
        &expect![[r#"
        ! error: torn.json: EOF while parsing an object at line 1 column 19
        status Some(2)
    "#]],
    );
    folder.check("preview cart.json cart.json", &expect![[r#"
        ! error: invalid key-value pair, expected key
        !  --> cart.json:1:1
        !   |
        ! 1 | { "currency": "EUR", "lines": [
        !   | ^
        !
        ! error: invalid key-value pair, expected key
        !  --> cart.json:2:3
        !   |
        ! 2 |   { "id": "1", "product": "rye", "categories": ["bread"], "quantity": 2, "unit_price": "4.20" },
        !   |   ^
        !
        ! error: invalid key-value pair, expected key
        !  --> cart.json:3:3
        !   |
        ! 3 |   { "id": "2", "product": "jam", "quantity": 1, "unit_price": "5.00", "discount": "0.50" } ] }
        !   |   ^
        !
        ! error: cart.json is not a program that can run; `earnest check cart.json` tells why
        status Some(2)
    "#]]);
    folder.check(
        "preview club.toml cart.json --at yesterday",
        &expect![[r#"
        ! error: --at: write a date with its time, such as 2026-11-01T12:00:00Z
        status Some(2)
    "#]],
    );
}

#[test]
fn preview_tells_what_an_activity_earns_too() {
    let rules = r#"
        version = 3
        name = "Bakery club"
        points = { one = "star", other = "stars" }
        time_zone = "Europe/Berlin"
        [[balances]]
        id = "card"
        name = "Store credit"
        currency = "EUR"
        [[rules]]
        id = "review"
        label = "A review"
        on = "review"
        grant = { bonus = 20, per = "item" }
        [[rules]]
        id = "photo"
        label = "With a photo"
        on = "review"
        balance = "card"
        when = { tags = ["photo"], weekdays = ["sat"] }
        grant = { bonus = 0.50 }
    "#;
    let review = r#"{ "id": "review-7", "kind": "review", "quantity": 2, "tags": ["photo"],
        "customer": { "id": "c-1" }, "occurred_at": "2026-05-02 09:00" }"#;
    let folder = Folder::new("preview-activity")
        .file("reviews.toml", rules)
        .file("review.json", review)
        .file("bare.json", r#"{ "kind": "visit" }"#)
        .file("order.json", r#"{ "kind": "order" }"#)
        .file("odd.json", r#"{ "kind": "review", "how": "long" }"#);
    folder.check(
        "preview reviews.toml review.json",
        &expect![[r#"
        40 stars and 0.50 EUR Store credit, by Bakery club, version 3

          why       reason        stars
          A review  bonus review    +40

          Store credit  reason         EUR
          With a photo  bonus photo  +0.50
    "#]],
    );
    folder.check(
        "preview reviews.toml review.json --at 2026-05-01T12:00Z --json",
        &expect![[r#"
            {
              "points": 40,
              "currency": "",
              "counted": "0",
              "lines": [
                {
                  "id": "review-7",
                  "points": 40,
                  "counted": "0",
                  "reasons": [
                    {
                      "code": "bonus",
                      "rule": "review",
                      "label": "A review",
                      "factor": null,
                      "points_exact": "40"
                    }
                  ]
                }
              ],
              "reasons": [
                {
                  "code": "bonus",
                  "rule": "review",
                  "label": "A review",
                  "factor": null,
                  "points_exact": "40"
                }
              ],
              "program": {
                "version": 3,
                "digest": "sha256:…"
              },
              "engine": "0.1.0",
              "outcome": {
                "tier": null
              }
            }
        "#]],
    );
    folder.check(
        "preview reviews.toml bare.json",
        &expect![[r#"
            ! error: bare.json: kind: the program has no rules for "visit"; it has some for review
            status Some(2)
        "#]],
    );
    folder.check(
        "preview reviews.toml order.json",
        &expect![[r#"
        ! error: order.json: a kind has 1 to 128 bytes, and is not "order"
        status Some(2)
    "#]],
    );
    folder.check("preview reviews.toml odd.json", &expect![[r#"
        ! error: odd.json: how: unknown field `how`, expected one of `id`, `kind`, `customer`, `occurred_at`, `tags`, `quantity` at line 1 column 25
        status Some(2)
    "#]]);
}
