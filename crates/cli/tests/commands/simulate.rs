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
          2025-01       2   64.00 EUR     119         0        0          119  0.00 EUR       0.00%   1.19 EUR
          2025-02       1   20.00 EUR      30         0        0          149  0.00 EUR       0.00%   1.49 EUR
          2025-03       1   10.00 EUR      25         0        0          174  0.00 EUR       0.00%   1.74 EUR
          2025-04       0    0.00 EUR       0        83        0           91  0.83 EUR           -   0.91 EUR
          2025-05       0    0.00 EUR       0        21        0           70  0.21 EUR           -   0.70 EUR
          2025-06       1   20.00 EUR      20        17        0           73  0.17 EUR       0.85%   0.73 EUR
          total         5  114.00 EUR     194       121        0           73  1.21 EUR       1.06%   0.73 EUR

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
                      "liability": "1.10",
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
                      "liability": "1.10",
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
                      "liability": "1.10",
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
                      "liability": "0.40",
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
                    "liability": "0.40",
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
    // They live until their last day is over: on that day they are redeemed, on the next they are gone.
    check(
        "--redeem 1 --redeem-after-days 0 --expire-months 0",
        [0, 194, 194, 0, 0],
    );
    check(
        "--redeem 1 --redeem-after-days 1 --expire-months 0",
        [0, 194, 0, 174, 20],
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
