//! `earnest simulate`: months, points and tiers of a stream of orders, and the report of them.

use expect_test::{Expect, expect};

use super::{Folder, PROGRAM};

#[test]
fn simulate_replays_a_stream_month_by_month() {
    let two = "order_id,member_id,placed_at,currency,product,unit_price\n\
               1,ada,2025-01-10,EUR,rye,100.00\n2,ada,2025-04-12,EUR,rye,5.00\n";
    let folder = Folder::new("simulate").file("two.csv", two);
    folder.check("simulate club.toml --orders orders.csv", &expect![[r#"
        Bakery club, version 3
        5 orders of 6 lines from 2025-01-10 to 2025-06-30, 1 of them guests'. 0 members at the start, 2 joined.
        Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

          month    orders     revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
          2025-01       2   64.00 EUR     119         0        0          119  0.00 EUR       0.00%   1.07 EUR
          2025-02       1   20.00 EUR      30         0        0          149  0.00 EUR       0.00%   1.27 EUR
          2025-03       1   10.00 EUR      25         0        0          174  0.00 EUR       0.00%   1.51 EUR
          2025-04       0    0.00 EUR       0        83        0           91  0.83 EUR           -   0.79 EUR
          2025-05       0    0.00 EUR       0        21        0           70  0.21 EUR           -   0.62 EUR
          2025-06       1   20.00 EUR      20        17        0           73  0.17 EUR       0.85%   0.67 EUR
          total         5  114.00 EUR     194       121        0           73  1.21 EUR       1.06%   0.67 EUR

                                                 issued                           outstanding
          2025-01  ████████████████████████         119  ████████████████▍                119
          2025-02  ██████                            30  ████████████████████▌            149
          2025-03  █████                             25  ████████████████████████         174
          2025-04                                     0  ████████████▌                     91
          2025-05                                     0  █████████▋                        70
          2025-06  ████                              20  ██████████                        73

          stars                why                      orders  given
          1 star per 1.00 EUR  rate                          4    109
          2x on bread          multiplier double-bread       2     60
          Silver: 1.5x         tier silver                   1      5
          Welcome              welcome                       2     20

          month    joined  no tier  Silver  moved up  moved down
          2025-01       1        0       1         1           0
          2025-02       1        1       1         0           0
          2025-03       0        1       1         0           0
          2025-04       0        1       1         0           0
          2025-05       0        1       1         0           0
          2025-06       0        1       1         0           0
    "#]]);
    folder.check(
        "simulate club.toml --orders two.csv --json",
        &expect![[r#"
            {
              "assumption": {
                "expiry": null,
                "redeem": "0.7",
                "redeem_after_days": 90
              },
              "bad_rows": {
                "count": 0,
                "first": []
              },
              "currencies": [
                {
                  "balances": [],
                  "currency": "EUR",
                  "months": [
                    {
                      "cost": "0.00",
                      "cost_of_revenue": "0.0000",
                      "expired": 0,
                      "issued": 110,
                      "liability": "0.99",
                      "month": "2025-01",
                      "opening": 0,
                      "orders": 1,
                      "outstanding": 110,
                      "redeemed": 0,
                      "revenue": "100.00"
                    },
                    {
                      "cost": "0.00",
                      "cost_of_revenue": null,
                      "expired": 0,
                      "issued": 0,
                      "liability": "0.99",
                      "month": "2025-02",
                      "opening": 0,
                      "orders": 0,
                      "outstanding": 110,
                      "redeemed": 0,
                      "revenue": "0.00"
                    },
                    {
                      "cost": "0.00",
                      "cost_of_revenue": null,
                      "expired": 0,
                      "issued": 0,
                      "liability": "0.99",
                      "month": "2025-03",
                      "opening": 0,
                      "orders": 0,
                      "outstanding": 110,
                      "redeemed": 0,
                      "revenue": "0.00"
                    },
                    {
                      "cost": "0.77",
                      "cost_of_revenue": "0.1540",
                      "expired": 0,
                      "issued": 7,
                      "liability": "0.37",
                      "month": "2025-04",
                      "opening": 0,
                      "orders": 1,
                      "outstanding": 40,
                      "redeemed": 77,
                      "revenue": "5.00"
                    }
                  ],
                  "sources": [
                    {
                      "code": "rate",
                      "label": "1 star per 1.00 EUR",
                      "orders": 2,
                      "points": "105",
                      "rule": null
                    },
                    {
                      "code": "tier",
                      "label": "Silver: 1.5x",
                      "orders": 1,
                      "points": "2.5",
                      "rule": "silver"
                    },
                    {
                      "code": "rounding",
                      "label": "Rounded down",
                      "orders": 1,
                      "points": "-0.5",
                      "rule": null
                    },
                    {
                      "code": "welcome",
                      "label": "Welcome",
                      "orders": 1,
                      "points": "10",
                      "rule": null
                    }
                  ],
                  "total": {
                    "cost": "0.77",
                    "cost_of_revenue": "0.0073",
                    "expired": 0,
                    "issued": 117,
                    "liability": "0.37",
                    "opening": 0,
                    "orders": 2,
                    "outstanding": 40,
                    "redeemed": 77,
                    "revenue": "105.00"
                  }
                }
              ],
              "from": "2025-01-10",
              "guest_orders": 0,
              "lines": 2,
              "members": {
                "at_start": 0,
                "joined": 1
              },
              "months": [
                {
                  "joined": 1,
                  "member_orders": 1,
                  "month": "2025-01",
                  "moves": [
                    {
                      "from": null,
                      "members": 1,
                      "to": "silver"
                    }
                  ],
                  "tiers": [
                    {
                      "members": 0,
                      "tier": null
                    },
                    {
                      "members": 1,
                      "tier": "silver"
                    }
                  ]
                },
                {
                  "joined": 0,
                  "member_orders": 0,
                  "month": "2025-02",
                  "moves": [],
                  "tiers": [
                    {
                      "members": 0,
                      "tier": null
                    },
                    {
                      "members": 1,
                      "tier": "silver"
                    }
                  ]
                },
                {
                  "joined": 0,
                  "member_orders": 0,
                  "month": "2025-03",
                  "moves": [],
                  "tiers": [
                    {
                      "members": 0,
                      "tier": null
                    },
                    {
                      "members": 1,
                      "tier": "silver"
                    }
                  ]
                },
                {
                  "joined": 0,
                  "member_orders": 1,
                  "month": "2025-04",
                  "moves": [],
                  "tiers": [
                    {
                      "members": 0,
                      "tier": null
                    },
                    {
                      "members": 1,
                      "tier": "silver"
                    }
                  ]
                }
              ],
              "orders": 2,
              "program": {
                "digest": "sha256:…",
                "name": "Bakery club",
                "version": 3
              },
              "to": "2025-04-12"
            }
        "#]],
    );
}

#[test]
fn a_tier_that_ends_while_its_member_does_nothing_is_told_in_its_month() {
    let yearly = PROGRAM.to_owned() + "[tiers_by]\nperiod = \"calendar-year\"\nkeep = \"period\"\n";
    let orders = "order_id,member_id,placed_at,currency,product,unit_price\n\
                  1,ada,2025-11-10,EUR,rye,150.00\n2,bob,2025-12-10,EUR,rye,150.00\n\
                  3,ada,2026-02-10,EUR,rye,150.00\n4,eve,2026-03-10,EUR,rye,5.00\n";
    let folder = Folder::new("lapses")
        .file("club.toml", yearly)
        .file("orders.csv", orders);
    folder.check(
        "check club.toml",
        &expect![[r#"
            club.toml: good. Bakery club, version 3, sha256:…
        "#]],
    );
    let told = folder.told("simulate club.toml --orders orders.csv");
    let (_, tiers) = told.split_at(told.find("  month    joined").unwrap_or(0));
    expect![[r#"
        Tiers
          month    joined  no tier  Silver  moved up  moved down
          2025-11       1        0       1         1           0
          2025-12       1        0       2         1           0
          2026-01       0        2       0         0           2
          2026-02       0        1       1         1           0
          2026-03       1        2       1         0           0
    "#]]
    .assert_eq(&format!("Tiers\n{tiers}"));
}

/// The points of a simulation: opening, issued, redeemed, expired, outstanding of all months together.
fn points(folder: &Folder, arguments: &str) -> [i64; 5] {
    let output = folder.run(&format!("simulate club.toml --json {arguments}"));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let total = &answer["currencies"][0]["total"];
    ["opening", "issued", "redeemed", "expired", "outstanding"]
        .map(|key| total[key].as_i64().expect("a number"))
}

#[test]
fn every_point_is_redeemed_expired_or_outstanding() {
    let folder = Folder::new("conserved").file(
        "members.csv",
        "member_id,tier,balance,earned\nbob,silver,205,150\neve,,33,0\n",
    );
    let check = |assumption: &str, expected: [i64; 5]| {
        let found = points(&folder, &format!("--orders orders.csv {assumption}"));
        let [opening, issued, redeemed, expired, outstanding] = found;
        assert_eq!(
            opening + issued,
            redeemed + expired + outstanding,
            "{assumption}"
        );
        assert_eq!(found, expected, "{assumption}");
    };
    // Ada joins with 10; her first order gives 100 and 9, her second 25. Bob joins with 10, his give 20 each.
    check("", [0, 194, 121, 0, 73]);
    check("--redeem 0", [0, 194, 0, 0, 194]);
    check("--redeem 1 --redeem-after-days 0", [0, 194, 194, 0, 0]);
    check(
        "--redeem 1 --redeem-after-days 0 --expire-months 1",
        [0, 194, 194, 0, 0],
    );
    // Of February all, for its three months are over with 1 May, the 89th day; else what is left.
    check("--expire-months 3", [0, 194, 100, 74, 20]);
    check("--expire-end-of month", [0, 194, 0, 174, 20]);
    check("--expire-end-of year", [0, 194, 121, 0, 73]);
    // Ada has been idle since March, and Bob was from February to May.
    check(
        "--expire-idle-months 3 --redeem-after-days 60",
        [0, 194, 121, 53, 20],
    );
    check("--expire-idle-months 6", [0, 194, 121, 0, 73]);
    // Who was there before gets no welcome, and what she had counts from the first day.
    check(
        "--members members.csv --redeem 0.5",
        [238, 204, 205, 0, 237],
    );
}

#[test]
fn the_report_is_one_page_without_scripts_and_everything_in_it_is_escaped() {
    let hostile = PROGRAM.replace("Bakery club", "<script>alert('&')</script>");
    let folder = Folder::new("report").file("club.toml", hostile);
    folder.told("simulate club.toml --orders orders.csv --html report.html");
    let page = folder.read("report.html");
    assert!(page.contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"));
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme:dark"));
    for never in ["<script", "http", "src=", "url(", "@import"] {
        assert!(!page.contains(never), "{never}");
    }
    folder.check(
        "simulate club.toml --orders orders.csv --html no/report.html",
        &expect![[r#"
            ! error: no/report.html: No such file or directory (os error 2)
            status Some(2)
        "#]],
    );
}

#[test]
fn assumptions_that_cannot_be_worked_with_are_refused() {
    let folder = Folder::new("assumptions");
    let check = |more: &str, expected: &Expect| {
        folder.check(
            &format!("simulate club.toml --orders orders.csv {more}"),
            expected,
        );
    };
    check(
        "--redeem 1.1",
        &expect![[r#"
        ! error: --redeem is a share from 0 to 1 with at most 4 decimals, such as 0.7
        status Some(2)
    "#]],
    );
    check(
        "--redeem 0.00001",
        &expect![[r#"
        ! error: --redeem is a share from 0 to 1 with at most 4 decimals, such as 0.7
        status Some(2)
    "#]],
    );
    check(
        "--redeem all",
        &expect![[r#"
        ! error: invalid value 'all' for '--redeem <SHARE>': not a decimal number of at most 18 digits, such as 1.25
        !
        ! For more information, try '--help'.
        status Some(2)
    "#]],
    );
    check(
        "--expire-idle-months 3 --redeem-after-days 120",
        &expect![[r#"
            ! error: points of idle members expire after 3 months, before the 120 days of --redeem-after-days; write fewer days
            status Some(2)
        "#]],
    );
}

const GOLD: &str = r#"version = 1
name = "Club"
points = { one = "point", other = "points", worth = { EUR = 0.01 } }
earn.per_unit = { EUR = 1 }
tiers_by = { what = "spend", currency = "EUR", period = "calendar-year", keep = "period" }

[[tiers]]
id = "base"
name = "Base"
from_spend = 0

[[tiers]]
id = "gold"
name = "Gold"
from_spend = 1000
perks = [
  { kind = "percent-off", percent = 20, label = "20% off" },
  { kind = "free-shipping", label = "Free shipping" },
  { kind = "early-access", label = "First" },
]

[[challenges]]
id = "two"
label = "2 orders"
count = "orders"
steps = [{ at = 2, points = 50 }]
"#;

#[test]
fn perks_and_challenges_are_told_and_a_tier_that_was_brought_ends() {
    let folder = Folder::new("simulate-gold")
        .file("gold.toml", GOLD)
        .file("members.csv", "member_id,tier\na,gold\n")
        .file(
            "o.csv",
            "order_id,member_id,placed_at,currency,product,unit_price\n\
             1,a,2026-11-01,EUR,p,10.00\n2,b,2026-12-01,EUR,p,10.00\n3,a,2027-01-05,EUR,p,10.00\n",
        );
    folder.check(
        "simulate gold.toml --orders o.csv --members members.csv",
        &expect![[r#"
            Club, version 1
            3 orders of 3 lines from 2026-11-01 to 2027-01-05, 0 of them guests'. 1 member at the start, 1 joined.
            Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

              month    orders    revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
              2026-11       1   8.00 EUR       8         0        0            8  2.00 EUR      25.00%   0.08 EUR
              2026-12       1  10.00 EUR      10         0        0           18  0.00 EUR       0.00%   0.18 EUR
              2027-01       1  10.00 EUR      60         0        0           78  0.00 EUR       0.00%   0.76 EUR
              total         3  28.00 EUR      78         0        0           78  2.00 EUR       7.14%   0.76 EUR

                                                     issued                           outstanding
              2026-11  ███▏                               8  ██▍                                8
              2026-12  ████                              10  █████▌                            18
              2027-01  ████████████████████████          60  ████████████████████████          78

              points                why            orders  given
              1 point per 1.00 EUR  rate                3     28
              2 orders              challenge two       1     50

              perk     of    orders      cost
              20% off  Gold       1  2.00 EUR

              month    joined  no tier  Base  Gold  moved up  moved down
              2026-11       0        0     0     1         0           0
              2026-12       1        0     1     1         0           0
              2027-01       0        0     2     0         0           1
        "#]],
    );
}

#[test]
fn what_a_point_is_worth_can_be_said_and_partners_are_told_apart() {
    let folder = Folder::new("simulate-worth")
        .file(
            "stamps.toml",
            "version = 1\nname = \"Card\"\npoints = { one = \"stamp\", other = \"stamps\" }\n\
             [[rules]]\nid = \"stamp\"\nlabel = \"A stamp\"\ngrant = { bonus = 1 }\n",
        )
        .file(
            "partners.toml",
            PROGRAM.to_owned()
                + "[[partners]]\nid = \"hotel\"\nname = \"Hotel\"\nearn = { EUR = 0.5 }\npays = { EUR = 0.012 }\n",
        )
        .file(
            "o.csv",
            "order_id,member_id,placed_at,currency,product,unit_price,partner\n\
             1,a,2026-11-01,EUR,p,10.00,\n2,a,2026-11-02,EUR,p,300.00,hotel\n",
        );
    folder.check("simulate stamps.toml --orders orders.csv", &expect![[r#"
        Card, version 1
        5 orders of 6 lines from 2025-01-10 to 2025-06-30, 1 of them guests'. 0 members at the start, 2 joined.
        Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

          month    orders     revenue  issued  redeemed  expired  outstanding  cost  of revenue  liability
          2025-01       2   64.00 EUR       1         0        0            1     -           -          -
          2025-02       1   20.00 EUR       1         0        0            2     -           -          -
          2025-03       1   10.00 EUR       1         0        0            3     -           -          -
          2025-04       0    0.00 EUR       0         0        0            3     -           -          -
          2025-05       0    0.00 EUR       0         0        0            3     -           -          -
          2025-06       1   20.00 EUR       1         1        0            3     -           -          -
          total         5  114.00 EUR       4         1        0            3     -           -          -

        No cost and no liability are told in EUR: the program does not say what one stamp is worth. Say it with --point-worth EUR=0.05, or with points.worth in the program.

                                                 issued                           outstanding
          2025-01  ████████████████████████           1  ████████                           1
          2025-02  ████████████████████████           1  ████████████████                   2
          2025-03  ████████████████████████           1  ████████████████████████           3
          2025-04                                     0  ████████████████████████           3
          2025-05                                     0  ████████████████████████           3
          2025-06  ████████████████████████           1  ████████████████████████           3

          stamps   why          orders  given
          A stamp  bonus stamp       4      4
    "#]]);
    folder.check(
        "simulate stamps.toml --orders o.csv --point-worth EUR=0.5 --expire-months 1",
        &expect![[r#"
            Card, version 1
            2 orders of 2 lines from 2026-11-01 to 2026-11-02, 0 of them guests'. 0 members at the start, 1 joined.
            Assumed: 70% of the points are redeemed 90 days after they were earned, unless they have expired by then; the rest expires 1 month after it was earned.

              month    orders     revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
              2026-11       2  310.00 EUR       2         0        0            2  0.00 EUR       0.00%   0.48 EUR
              total         2  310.00 EUR       2         0        0            2  0.00 EUR       0.00%   0.48 EUR

                                                     issued                           outstanding
              2026-11  ████████████████████████           2  ████████████████████████           2

              stamps   why          orders  given
              A stamp  bonus stamp       2      2
        "#]],
    );
    folder.check("simulate partners.toml --orders o.csv", &expect![[r#"
        Bakery club, version 3
        2 orders of 2 lines from 2026-11-01 to 2026-11-02, 0 of them guests'. 0 members at the start, 1 joined.
        Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

          month    orders    revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
          2026-11       2  10.00 EUR     170         0        0          170  0.00 EUR       0.00%   0.10 EUR
          total         2  10.00 EUR     170         0        0          170  0.00 EUR       0.00%   0.10 EUR

                                                 issued                           outstanding
          2026-11  ████████████████████████         170  ████████████████████████         170

          stars                why      orders  given
          1 star per 2.00 EUR  rate          1    150
          1 star per 1.00 EUR  rate          1     10
          Welcome              welcome       1     10

          at partners  orders  their revenue  issued  they pay
          Hotel             1     300.00 EUR     150  1.80 EUR

          month    joined  no tier  Silver  moved up  moved down
          2026-11       1        0       1         1           0
    "#]]);
    folder.check(
        "simulate stamps.toml --orders o.csv --point-worth 0.5",
        &expect![[r#"
            ! error: invalid value '0.5' for '--point-worth <CURRENCY=AMOUNT>': write a currency and what a point is worth in it, such as EUR=0.05
            !
            ! For more information, try '--help'.
            status Some(2)
        "#]],
    );
    folder.check(
        "simulate stamps.toml --orders o.csv --expire-months 0",
        &expect![[r#"
            ! error: invalid value '0' for '--expire-months <MONTHS>': 0 is not in 1..=4294967295
            !
            ! For more information, try '--help'.
            status Some(2)
        "#]],
    );
}

/// Gives a mug with bread, a voucher at the second order, and a coffee by chance to everybody.
const GIVES: &str = r#"version = 1
name = "Giving club"
points = { one = "star", other = "stars", worth = { EUR = 0.01 } }
earn.per_unit = { EUR = 1 }

[[rules]]
id = "mug-with-bread"
label = "A mug with your bread"
when = { categories = ["bread"] }
grant = { reward = "mug" }

[[challenges]]
id = "second"
label = "Order twice"
count = "orders"
steps = [{ at = 2, reward = "voucher" }]

[[surprises]]
id = "treat"
label = "A treat"
one_in = 1
gives = { reward = "coffee" }
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"

[[rewards]]
id = "mug"
name = "A mug"
points = 400
gives = { product = "mug" }
stock = 2

[[rewards]]
id = "voucher"
name = "5.00 off"
gives = { amount_off = { EUR = 5 } }

[[rewards]]
id = "coffee"
name = "A coffee"
gives = { product = "coffee" }
"#;

#[test]
fn rewards_that_are_given_are_counted_and_cost_what_the_program_says() {
    let folder = Folder::new("simulate-gifts").file("gives.toml", GIVES);
    folder.check(
        "simulate gives.toml --orders orders.csv --html report.html",
        &expect![[r#"
            Giving club, version 1
            5 orders of 6 lines from 2025-01-10 to 2025-06-30, 1 of them guests'. 0 members at the start, 2 joined.
            Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

              month    orders     revenue  issued  redeemed  expired  outstanding       cost  of revenue  liability
              2025-01       2   64.00 EUR      59         0        0           59   4.00 EUR       6.25%   0.58 EUR
              2025-02       1   20.00 EUR      20         0        0           79   0.00 EUR       0.00%   0.78 EUR
              2025-03       1   10.00 EUR      10         0        0           89   9.00 EUR      90.00%   0.88 EUR
              2025-04       0    0.00 EUR       0        41        0           48   0.41 EUR           -   0.47 EUR
              2025-05       0    0.00 EUR       0        14        0           34   0.14 EUR           -   0.34 EUR
              2025-06       1   20.00 EUR      20         7        0           47   5.07 EUR      25.35%   0.47 EUR
              total         5  114.00 EUR     109        62        0           47  18.62 EUR      16.33%   0.47 EUR

                                                     issued                           outstanding
              2025-01  ████████████████████████          59  ███████████████▉                  59
              2025-02  ████████▏                         20  █████████████████████▎            79
              2025-03  ████                              10  ████████████████████████          89
              2025-04                                     0  ████████████▉                     48
              2025-05                                     0  █████████▏                        34
              2025-06  ████████▏                         20  ████████████▋                     47

              stars                why   orders  given
              1 star per 1.00 EUR  rate       4    109

              given for nothing  by                   times       cost
              A coffee           surprise treat           4          -
              A mug              rule mug-with-bread      2   8.00 EUR
              5.00 off           challenge second         2  10.00 EUR
            What is given counts as used at once. Surprises are drawn with a seed of the simulation's own.

            The report is in report.html
        "#]],
    );
    let page = folder.read("report.html");
    assert!(page.contains("<h3>Rewards given for nothing</h3>"));
    assert!(page.contains("<td>rule mug-with-bread</td>"), "{page}");
    let told = folder.told("simulate gives.toml --orders orders.csv --json");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let gifts = serde_json::to_string_pretty(&told["currencies"][0]["gifts"]).expect("JSON");
    expect![[r#"
        [
          {
            "code": "surprise",
            "cost": null,
            "giver": "treat",
            "name": "A coffee",
            "reward": "coffee",
            "times": 4
          },
          {
            "code": "rule",
            "cost": "8.00",
            "giver": "mug-with-bread",
            "name": "A mug",
            "reward": "mug",
            "times": 2
          },
          {
            "code": "challenge",
            "cost": "10.00",
            "giver": "second",
            "name": "5.00 off",
            "reward": "voucher",
            "times": 2
          }
        ]"#]]
    .assert_eq(&gifts);
}

#[test]
fn a_row_of_the_members_has_the_number_that_a_spreadsheet_gives_it() {
    let folder = Folder::new("simulate-members-rows").file("gold.toml", GOLD);
    let folder = folder.file("o.csv", "order_id,placed_at,currency,product,unit_price\n");
    let check = |text: &str, row: &str| {
        let folder = Folder(folder.0.clone()).file("members.csv", text);
        let told = folder.told("simulate gold.toml --orders o.csv --members members.csv");
        let place = format!("members.csv, row {row}: ");
        assert!(told.contains(&place), "{text:?} {told}");
    };
    let (head, good, bad) = ("member_id,tags", "a,vip", ",vip");
    check(&format!("{head}\n{good}\n{bad}\n"), "3");
    check(&format!("{head}\n\n{good}\n\n\n{bad}\n"), "6");
    check(&format!("{head}\n{good}\n\n{bad}"), "4");
    check(&format!("\n{head}\n{good}\n{bad}\n"), "4");
    check(&format!("{head}\r\n\r\n{good}\r\n\r\n{bad}\r\n"), "5");
    check(&format!("{head}\r\n{good}\r\n{bad}"), "3");
    // A field of several lines is in one row.
    let quoted = "a,\"vip\n\nnew\"";
    check(&format!("{head}\n{quoted}\n\n{bad}\n"), "4");
    let quoted = quoted.replace('\n', "\r\n");
    check(&format!("{head}\r\n{quoted}\r\n{bad}\r\n"), "3");
}

#[test]
fn the_liability_is_what_the_books_defer() {
    let club = "version = 1\nname = \"Club\"\n\
                points = { one = \"star\", other = \"stars\", worth = { EUR = 0.01 } }\n\
                earn.per_unit = { EUR = 10 }\naccounting.redeemed_percent = 70\n";
    let year = "order_id,member_id,placed_at,currency,product,unit_price,tax\n\
                1,ada,2026-01-10,EUR,lamp,119.00,19.00\n2,,2026-05-10,EUR,lamp,119.00,19.00\n";
    let folder = Folder::new("liability")
        .file("club.toml", club)
        .file("welcome.toml", format!("{club}welcome_points = 1190\n"))
        .file("year.csv", year);
    // 1,190 points, of which 833 are expected to be redeemed, for 100.00 without tax: 100.00 x 8.33 / 108.33 = 7.69. Of
    // the 833 then 416 are: 7.69 x 417 / 833 = 3.85. Points that were given for nothing defer nothing.
    for program in ["club", "welcome"] {
        let told = folder.told(&format!(
            "simulate {program}.toml --orders year.csv --redeem 0.35 --json"
        ));
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let told = &told["currencies"][0];
        let months = told["months"].as_array().expect("months").iter();
        let liabilities: Vec<_> = months.map(|it| it["liability"].as_str()).collect();
        let deferred = ["7.69", "7.69", "7.69", "3.85", "3.85"].map(Some);
        assert_eq!(liabilities, deferred, "{program}");
        assert_eq!(told["total"]["liability"], "3.85");
    }
}
