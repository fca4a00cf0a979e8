//! The command as somebody at a terminal meets it: what it says, where, and with which status.
//!
//! Each test has a folder of its own. Digests are told as `sha256:…`, so that a test says only what it is about.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "as `expect-test` writes what it found"
)]
#![expect(clippy::too_many_lines, reason = "most lines are what a command says")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};

const PROGRAM: &str = r#"version = 3
name = "Bakery club"
points = { one = "star", other = "stars", worth = { EUR = 0.01 } }
earn = { per_unit = { EUR = 1, JPY = 0.01 } }
welcome_points = 10

[[tiers]]
id = "silver"
name = "Silver"
from_points = 100
multiplier = 1.5

[[rules]]
id = "double-bread"
label = "2x on bread"
when = { categories = ["bread"] }
grant = { multiply = 2 }
"#;

const CART: &str = r#"{ "currency": "EUR", "lines": [
  { "id": "1", "product": "rye", "categories": ["bread"], "quantity": 2, "unit_price": "4.20" },
  { "id": "2", "product": "jam", "quantity": 1, "unit_price": "5.00", "discount": "0.50" } ] }"#;

const ORDERS: &str = "\
order_id,member_id,placed_at,currency,product,category,tag,quantity,unit_price,discount
1,ada,2025-01-10T09:00:00Z,EUR,rye,bread,,10,5.00,
1,ada,2025-01-10T09:00:00Z,EUR,jam,,,2,5.00,1.00
2,,2025-01-11T09:00:00Z,EUR,rye,bread,,1,5.00,
3,bob,2025-02-01T09:00:00Z,EUR,cake,sweet;party,new,1,20.00,
4,ada,2025-03-05T09:00:00Z,EUR,rye,bread,,2,5.00,
5,bob,2025-06-30T21:30:00Z,EUR,cake,sweet,,1,20.00,
";

/// A folder with files in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the test");
        let folder = Self(folder);
        folder
            .file("club.toml", PROGRAM)
            .file("cart.json", CART)
            .file("orders.csv", ORDERS)
    }

    fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), text).expect("a file of the test");
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file that the command wrote")
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
        command
            .current_dir(&self.0)
            .args(arguments.split_whitespace())
            .stdin(Stdio::null());
        command.output().expect("the command runs")
    }

    /// What the command says, its complaints behind `! `, and its status where it is not 0.
    fn told(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let mut told = undigested(&text(&output.stdout));
        for line in text(&output.stderr).lines() {
            told += &format!("! {line}").trim_end().replace('\\', "/");
            told.push('\n');
        }
        match output.status.code() {
            Some(0) => told,
            code => format!("{told}status {code:?}\n"),
        }
    }

    fn check(&self, arguments: &str, expected: &Expect) {
        expected.assert_eq(&self.told(arguments));
    }
}

/// Without the hexadecimal digits of a digest.
fn undigested(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let rest = part.trim_start_matches(|char: char| char.is_ascii_hexdigit());
        format!("{told}sha256:…{rest}")
    })
}

#[test]
fn check_tells_every_problem_with_its_line_and_the_mend() {
    let folder = Folder::new("check").file(
        "bad.toml",
        "version = 1\nname = \"Club\"\npoints = { one = \"p\", other = \"ps\" }\n\
         earn = { per_unit = { EUR = 1 } }\n\n[[rules]]\nid = \"Double\"\nlabel = \"2x\"\n\
         when = { categoris = [\"bread\"] }\ngrant = { multiply = 2 }\n",
    );
    folder.check(
        "check club.toml",
        &expect![[r#"
        club.toml: good. Bakery club, version 3, sha256:…
    "#]],
    );
    folder.check(
        "check bad.toml club.toml",
        &expect![[r#"
        error: an id has lower-case letters, digits, - and _, such as "double-coffee"
         --> bad.toml:7:6
          |
        7 | id = "Double"
          |      ^^^^^^^^

        error: unknown field `categoris`; did you mean `categories`?
         --> bad.toml:9:10
          |
        9 | when = { categoris = ["bread"] }
          |          ^^^^^^^^^

        bad.toml: 2 errors

        club.toml: good. Bakery club, version 3, sha256:…
        status Some(1)
    "#]],
    );
    folder.check(
        "check bad.toml --json",
        &expect![[r#"
        [
          {
            "file": "bad.toml",
            "line": 7,
            "column": 6,
            "message": "an id has lower-case letters, digits, - and _, such as \"double-coffee\"",
            "severity": "error"
          },
          {
            "file": "bad.toml",
            "line": 9,
            "column": 10,
            "message": "unknown field `categoris`; did you mean `categories`?",
            "severity": "error"
          }
        ]
        status Some(1)
    "#]],
    );
    folder.check(
        "check club.toml --json",
        &expect![[r#"
        []
    "#]],
    );
    folder.check(
        "check nowhere.toml",
        &expect![[r#"
        ! error: nowhere.toml: No such file or directory (os error 2)
        status Some(2)
    "#]],
    );
}

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
              "engine": "0.1.0"
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
fn diff_tells_who_gains_who_loses_and_the_cost() {
    let folder = Folder::new("diff")
        .file(
            "new.toml",
            PROGRAM
                .replace("multiply = 2", "multiply = 3")
                .replace("welcome_points = 10", "welcome_points = 0"),
        )
        .file(
            "members.csv",
            "member_id,tier,balance,earned\nbob,silver,200,150\n",
        );
    folder.check(
        "diff club.toml new.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            5 orders of 6 lines, 1 of them guests'

            Members: 1 gain, 1 lose, 0 earn the same

                                     old       new  difference  of revenue
              points                 194       234         +40
              worth when spent  1.94 EUR  2.34 EUR   +0.40 EUR       0.35%

              gain most  old  new  difference
              ada        144  194         +50

              lose most  old  new  difference
              bob         50   40         -10
        "#]],
    );
    folder.check(
        "diff club.toml new.toml --orders orders.csv --members members.csv --top 1 --json",
        &expect![[r#"
            {
              "old": {
                "name": "Bakery club",
                "version": 3,
                "digest": "sha256:…"
              },
              "new": {
                "name": "Bakery club",
                "version": 3,
                "digest": "sha256:…"
              },
              "orders": 5,
              "guest_orders": 1,
              "lines": 6,
              "members": {
                "gain": 1,
                "lose": 0,
                "same": 1
              },
              "measure": "points",
              "points": {
                "old": 204,
                "new": 254
              },
              "currencies": [
                {
                  "currency": "EUR",
                  "revenue": "114.00",
                  "points": {
                    "old": 204,
                    "new": 254
                  },
                  "worth_old": "2.04",
                  "worth_new": "2.54",
                  "costs_more": "0.50"
                }
              ],
              "gain_most": [
                {
                  "member": "ada",
                  "old": "144",
                  "new": "194",
                  "difference": "+50"
                }
              ],
              "lose_most": [],
              "bad_rows": {
                "count": 0,
                "first": []
              }
            }
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            5 orders of 6 lines, 1 of them guests'

            Members: 0 gain, 0 lose, 2 earn the same

                                     old       new  difference  of revenue
              points                 194       194           0
              worth when spent  1.94 EUR  1.94 EUR    0.00 EUR       0.00%
        "#]],
    );
}

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
fn a_bad_row_is_told_with_its_number_and_stops() {
    let folder = Folder::new("bad-rows");
    let head = "order_id,member_id,placed_at,currency,line_id,product,quantity,unit_price,discount,tax,order_discount";
    let check = |rows: &str, expected: &Expect| {
        let file = folder.0.join("bad.csv");
        fs::write(
            &file,
            format!("{head}\n1,ada,2025-01-10,EUR,,rye,1,5.00,,,\n{rows}\n"),
        )
        .expect("a file");
        folder.check("simulate club.toml --json --orders bad.csv", expected);
    };
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,",
        &expect![[r#"
        ! error: bad.csv, row 3: has 10 fields where the header has 11
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: has 12 fields where the header has 11
        status Some(2)
    "#]],
    );
    check(
        ",ada,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: order_id is empty; give each order its id
        status Some(2)
    "#]],
    );
    check(
        "2,ada,11.01.2025,EUR,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: placed_at "11.01.2025" is no instant; write it as 2026-05-01T12:00:00Z
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-09,EUR,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: placed_at is before that of the order above; sort the file by placed_at
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EURO,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: "EURO" is not an active ISO 4217 currency code; write three capital letters, such as "EUR"
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: "" is not an active ISO 4217 currency code; write three capital letters, such as "EUR"
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: order 2: product: must not be empty
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,0,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: order 2: quantity: a quantity is a whole number from 1 to 1000000, this one is 0
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,-1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: quantity "-1" is no whole number of 1 or more
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1.5,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: quantity "1.5" is no whole number of 1 or more
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,99999999999,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: quantity "99999999999" is no whole number of 1 or more
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: unit_price: "" is not an amount; write digits with a point, such as "49.90"
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,\"5,00\",,,",
        &expect![[r#"
        ! error: bad.csv, row 3: unit_price: "5,00" is not an amount; write digits with a point, such as "49.90"
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,-5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: unit_price: "-5.00" is negative; an amount is zero or more
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.001,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: unit_price: "5.001" has more decimals than EUR has, which is 2
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,NaN,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: unit_price: "NaN" is not an amount; write digits with a point, such as "49.90"
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,5.01,,",
        &expect![[r#"
        ! error: bad.csv, row 3: order 2: discount: the discount is more than the line is worth
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,5.01,",
        &expect![[r#"
        ! error: bad.csv, row 3: order 2: tax: the tax is more than the price that it is said to be part of
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,a,rye,1,5.00,,,\n2,ada,2025-01-11,EUR,a,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2: id: the line id "a" is used twice; give each line its own
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,5.01",
        &expect![[r#"
        ! error: bad.csv, row 3: order 2: order_discount: the discount is more than all lines together are worth
        status Some(2)
    "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,\n2,bob,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2 has another member_id here than on its first row, "ada"
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,\n2,ada,2025-01-11,JPY,,rye,1,5,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2 has another currency here than on its first row, "EUR"
            status Some(2)
        "#]],
    );
    check(
        &format!("2,{},2025-01-11,EUR,,rye,1,5.00,,,", "x".repeat(200)),
        &expect![[r#"
            ! error: bad.csv, row 3: member_id is too long; an id has at most 128 bytes
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1000000,9999999999.99,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: the amounts of the cart sum to more than 15 digits in the smallest unit
            status Some(2)
        "#]],
    );
    check(
        "2,\"ada,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
        ! error: bad.csv, row 3: has 2 fields where the header has 11
        status Some(2)
    "#]],
    );
    let no_text = folder.0.join("latin.csv");
    fs::write(
        no_text,
        b"order_id,placed_at,currency,product,unit_price\n1,2025-01-10,EUR,br\xf6tchen,1.00\n",
    )
    .expect("a file");
    folder.check(
        "simulate club.toml --json --orders latin.csv",
        &expect![[r#"
            ! error: latin.csv, row 2: product is not UTF-8; save the file as UTF-8
            status Some(2)
        "#]],
    );
}

#[test]
fn bad_rows_are_skipped_and_counted_where_that_is_asked() {
    let folder = Folder::new("skipped").file(
        "bad.csv",
        "order_id,member_id,placed_at,currency,product,quantity,unit_price,order_discount\n\
         1,ada,2025-01-10,EUR,rye,1,5.00,\n\
         1,ada,2025-01-10,EUR,jam,none,5.00,\n\
         2,ada,2025-13-10,EUR,rye,1,5.00,\n\
         2,ada,2025-01-12,EUR,rye,1,5.00,\n\
         3,ada,2025-01-11,EUR,rye,1,5.00,\n\
         4,ada,2025-01-13,EUR,rye,1,5.00,9.00\n\
         5,ada\n\
         6,ada,2025-01-14,EUR,rye,1,5.00,\n",
    );
    folder.check(
        "diff club.toml club.toml --orders bad.csv --bad-rows skip",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            3 orders of 3 lines, 0 of them guests'

            Members: 0 gain, 0 lose, 1 earn the same

                                     old       new  difference  of revenue
              points                  25        25           0
              worth when spent  0.25 EUR  0.25 EUR    0.00 EUR       0.00%

            5 bad rows left out
              row 3: quantity "none" is no whole number of 1 or more
              row 4: placed_at "2025-13-10" is no instant; write it as 2026-05-01T12:00:00Z
              row 6: placed_at is before that of the order above; sort the file by placed_at
              row 7: order 4: order_discount: the discount is more than all lines together are worth
              row 8: has 2 fields where the header has 8
        "#]],
    );
    let rows = "9,,nonsense,EUR,rye,1,5.00,\n".repeat(30);
    let many = format!(
        "order_id,member_id,placed_at,currency,product,quantity,unit_price,order_discount\n{rows}"
    );
    let folder = folder.file("many.csv", many);
    let told = folder.told("simulate club.toml --orders many.csv --bad-rows skip");
    assert!(
        told.contains("30 bad rows left out")
            && told.contains("row 21:")
            && !told.contains("row 22:"),
        "{told}"
    );
}

#[test]
fn columns_are_found_by_name_or_mapped() {
    let folder = Folder::new("columns")
        .file("shop.csv", "\u{feff}Name;Created at;Customer;Lineitem sku;Lineitem price;Lineitem quantity\r\n\
               #1;2025-01-10 09:00:00 +0100;ada;rye;5.00;2\r\n#1;;;jam;3.00;1\r\n\r\n#2;2025-01-11 09:00:00 +0100;ada;\"r;\"\"y\ne\";5.00;\r\n")
        .file("upper.csv", "ORDER_ID, Placed_At ,CURRENCY,PRODUCT,UNIT_PRICE\n1,2025-01-10,EUR,rye,5.00\n")
        .file("header.csv", "order_id,placed_at,currency,product,unit_price\n")
        .file("empty.csv", "");
    let output = folder.run("simulate club.toml --json --orders shop.csv");
    assert_eq!(output.status.code(), Some(2));
    let mut mapped = Command::new(env!("CARGO_BIN_EXE_earnest"));
    mapped
        .current_dir(&folder.0)
        .args(["diff", "club.toml", "club.toml", "--orders", "shop.csv"]);
    mapped.args([
        "--delimiter",
        ";",
        "--currency",
        "EUR",
        "--column",
        "order_id=Name",
    ]);
    mapped.args([
        "--column",
        "placed_at=Created at",
        "--column",
        "member_id=Customer",
    ]);
    mapped.args([
        "--column",
        "product=Lineitem sku",
        "--column",
        "unit_price=Lineitem price",
    ]);
    mapped.args(["--column", "quantity=Lineitem quantity"]);
    let output = mapped.output().expect("the command runs");
    expect![[r#"
        Bakery club, version 3 -> Bakery club, version 3
        2 orders of 3 lines, 0 of them guests'

        Members: 0 gain, 0 lose, 1 earn the same

                                 old       new  difference  of revenue
          points                  28        28           0
          worth when spent  0.28 EUR  0.28 EUR    0.00 EUR       0.00%
    "#]]
    .assert_eq(
        &(String::from_utf8_lossy(&output.stdout) + &*String::from_utf8_lossy(&output.stderr)),
    );
    folder.check(
        "diff club.toml club.toml --orders upper.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            1 order of 1 line, 1 of them guests'

            Members: 0 gain, 0 lose, 0 earn the same

                                     old       new  difference  of revenue
              points                   0         0           0
              worth when spent  0.00 EUR  0.00 EUR    0.00 EUR       0.00%
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders header.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            0 orders of 0 lines, 0 of them guests'

            Members: 0 gain, 0 lose, 0 earn the same

                      old  new  difference  of revenue
              points    0    0           0
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders empty.csv",
        &expect![[r#"
            ! error: empty.csv: no column says order_id, placed_at, product, unit_price, currency; the file is empty; map yours by --column order_id="Your name", or --currency EUR
            status Some(2)
        "#]],
    );
    folder.check("diff club.toml club.toml --orders shop.csv", &expect![[r#"
        ! error: shop.csv: no column says order_id, placed_at, product, unit_price, currency; the header has Name;Created at;Customer;Lineitem sku;Lineitem price;Lineitem quantity; map yours by --column order_id="Your name", or --currency EUR
        status Some(2)
    "#]]);
    folder.check(
        "diff club.toml club.toml --orders orders.csv --column order=order_id",
        &expect![[r#"
            ! error: --column order=order_id: the columns are order_id, member_id, placed_at, currency, line_id, product, category, tag, brand, vendor, quantity, unit_price, discount, tax, order_discount, shipping, shipping_tax, payment_method, channel, location, coupon, partner
            status Some(2)
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders orders.csv --column order_id=OrderNo",
        &expect![[r#"
            ! error: orders.csv: there is no column "OrderNo"; the header has order_id, member_id, placed_at, currency, product, category, tag, quantity, unit_price, discount
            status Some(2)
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders nowhere.csv",
        &expect![[r#"
            ! error: nowhere.csv: No such file or directory (os error 2)
            status Some(2)
        "#]],
    );
}

#[test]
fn members_are_those_of_the_file_and_those_who_join() {
    let folder = Folder::new("members")
        .file("twice.csv", "member_id\nada\nada\n")
        .file("tier.csv", "member_id,tier\nada,gold\n")
        .file("points.csv", "member_id,balance\nada,many\n")
        .file("less.csv", "member_id,balance\nada,-1\n")
        .file("none.csv", "id,balance\nada,1\n");
    let check = |file: &str, expected: &Expect| {
        let arguments = format!("simulate club.toml --orders orders.csv --json --members {file}");
        folder.check(&arguments, expected);
    };
    check(
        "twice.csv",
        &expect![[r#"
        ! error: twice.csv, row 3: the member_id stands on an earlier row too
        status Some(2)
    "#]],
    );
    check(
        "tier.csv",
        &expect![[r#"
        ! error: tier.csv, row 2: there is no tier "gold"; the program has silver
        status Some(2)
    "#]],
    );
    check(
        "points.csv",
        &expect![[r#"
            ! error: points.csv, row 2: balance "many" is no whole number
            status Some(2)
        "#]],
    );
    check(
        "less.csv",
        &expect![[r#"
        ! error: less.csv, row 2: balance_points is a whole number from 0 to 9007199254740991
        status Some(2)
    "#]],
    );
    check(
        "none.csv",
        &expect![[r#"
        ! error: none.csv: no column says member_id; name one so in the header
        status Some(2)
    "#]],
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
        ! error: nothing.toml: line 2, case "nothing": it expects nothing; write expect = { points = 18 }
        status Some(2)
    "#]],
    );
    check(
        "line.toml",
        &expect![[r#"
        ! error: line.toml: line 2, case "no such line": expect.lines: the cart has no line "2"
        status Some(2)
    "#]],
    );
    check(
        "tier.toml",
        &expect![[r#"
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

#[test]
fn presets_are_listed_and_each_one_checks() {
    let folder = Folder::new("presets");
    let listed = folder.run("presets --json").stdout;
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&listed).expect("JSON");
    for preset in &listed {
        let name = preset["name"].as_str().expect("a name");
        let source = folder.run(&format!("presets {name}")).stdout;
        fs::write(folder.0.join("preset.toml"), source).expect("a file");
        let told = folder.told("check preset.toml");
        assert!(!told.contains("status"), "{name}: {told}");
    }
    let told = folder.told("presets small");
    assert!(
        told.starts_with("! error: there is no preset \"small\"; there are small-shop"),
        "{told}"
    );
}

#[test]
fn every_command_helps_with_examples_and_shells_complete_it() {
    let folder = Folder::new("help");
    for command in [
        "check",
        "preview",
        "diff",
        "simulate",
        "test",
        "presets",
        "schema",
        "verify",
        "completions",
    ] {
        let told = folder.told(&format!("{command} --help"));
        assert!(
            told.contains(&format!("Examples:\n  earnest {command}")),
            "{told}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            folder
                .told(&format!("completions {shell}"))
                .contains("simulate")
        );
    }
}

#[test]
fn the_schema_and_the_reference_tell_every_table() {
    let folder = Folder::new("schema");
    let schema = folder.run("schema").stdout;
    let schema: serde_json::Value = serde_json::from_slice(&schema).expect("JSON");
    let keys = schema["properties"]
        .as_object()
        .expect("the keys of a program");
    let page = folder.told("schema --reference");
    for key in keys.keys() {
        assert!(page.contains(&format!("- **`{key}`**")), "{key}");
    }
    for name in schema["$defs"].as_object().expect("its tables").keys() {
        assert!(!page.contains(&format!("#/$defs/{name}")), "{name}");
    }
}

#[test]
fn money_on_balances_is_told_everywhere() {
    let program = format!(
        "{PROGRAM}\n[[balances]]\nid = \"credit\"\nname = \"Store credit\"\ncurrency = \"EUR\"\n\n\
         [[rules]]\nid = \"card\"\nlabel = \"5% back with the card\"\n\
         when = {{ payment_methods = [\"store-card\"] }}\ngrant = {{ percent = 5 }}\nbalance = \"credit\"\n\n\
         [[rules]]\nid = \"photo\"\non = \"review\"\nlabel = \"A photo\"\n\
         when = {{ tags = [\"photo\"] }}\ngrant = {{ bonus = 50 }}\n"
    );
    let orders = "order_id,member_id,placed_at,currency,product,unit_price,payment_method\n\
                  1,ada,2025-01-31 23:30,EUR,rye,40.00,store-card\n2,bob,2025-02-01,EUR,rye,50.00,cash\n\
                  3,ada,2025-05-05,EUR,rye,33.33,store-card\n";
    let cases = "[[cases]]\nname = \"a review\"\nat = 2026-05-01\n\
                 activity = { kind = \"review\", tags = [\"photo\"] }\n\
                 expect = { points = 50, reasons = [\"bonus photo +50\"] }\n\
                 [[cases]]\nname = \"the card\"\nat = 2026-05-01\n\
                 cart = { currency = \"EUR\", payment_method = \"store-card\", \
                 lines = [{ id = \"1\", product = \"rye\", quantity = 1, unit_price = \"19.99\" }] }\n\
                 expect = { credits = { credit = \"0.99\" } }\n";
    let folder = Folder::new("balances")
        .file("club.toml", &program)
        .file("less.toml", program.replace("percent = 5", "percent = 2"))
        .file("orders.csv", orders)
        .file("cases.toml", cases)
        .file(
            "cart.json",
            CART.replace("\"EUR\",", "\"EUR\", \"payment_method\": \"store-card\","),
        );
    folder.check(
        "preview club.toml cart.json",
        &expect![[r#"
        21 stars and 0.64 EUR Store credit on 12.90 EUR that count, by Bakery club, version 3

          why                  reason                   stars
          1 star per 1.00 EUR  rate                     +12.9
          2x on bread          multiplier double-bread   +8.4
          Rounded down         rounding                  -0.3

          Store credit           reason         EUR
          5% back with the card  bonus card  +0.645
          Rounded down           rounding    -0.005

          line  product  counts  stars  Store credit
          1     rye        8.40     17          0.42
          2     jam        4.50      4          0.22
    "#]],
    );
    folder.check(
        "test club.toml cases.toml",
        &expect![[r#"
        pass a review
        pass the card

        2 passed, 0 failed
    "#]],
    );
    folder.check("simulate club.toml --orders orders.csv", &expect![[r#"
        Bakery club, version 3
        3 orders of 3 lines from 2025-01-31 to 2025-05-05, 0 of them guests'. 0 members at the start, 2 joined.
        Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.

          month    orders     revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
          2025-01       1   40.00 EUR      50         0        0           50  0.00 EUR       0.00%   2.50 EUR
          2025-02       1   50.00 EUR      60         0        0          110  0.00 EUR       0.00%   3.10 EUR
          2025-03       0    0.00 EUR       0         0        0          110  0.00 EUR           -   3.10 EUR
          2025-04       0    0.00 EUR       0         0        0          110  0.00 EUR           -   3.10 EUR
          2025-05       1   33.33 EUR      33        77        0           66  2.17 EUR       6.51%   2.92 EUR
          total         3  123.33 EUR     143        77        0           66  2.17 EUR       1.76%   2.92 EUR

                                                 issued                           outstanding
          2025-01  ████████████████████              50  ██████████▉                       50
          2025-02  ████████████████████████          60  ████████████████████████         110
          2025-03                                     0  ████████████████████████         110
          2025-04                                     0  ████████████████████████         110
          2025-05  █████████████▏                    33  ██████████████▍                   66

          Store credit    issued  redeemed  outstanding
          2025-01       2.00 EUR  0.00 EUR     2.00 EUR
          2025-02       0.00 EUR  0.00 EUR     2.00 EUR
          2025-03       0.00 EUR  0.00 EUR     2.00 EUR
          2025-04       0.00 EUR  0.00 EUR     2.00 EUR
          2025-05       1.66 EUR  1.40 EUR     2.26 EUR
          total         3.66 EUR  1.40 EUR     2.26 EUR

          stars                why       orders   given
          1 star per 1.00 EUR  rate           3  123.33
          Rounded down         rounding       1   -0.33
          Welcome              welcome        2      20

          month    joined  no tier  Silver  moved up  moved down
          2025-01       1        1       0         0           0
          2025-02       1        2       0         0           0
          2025-03       0        2       0         0           0
          2025-04       0        2       0         0           0
          2025-05       0        2       0         0           0
    "#]]);
    folder.check(
        "diff club.toml less.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            3 orders of 3 lines, 0 of them guests'

            Members: 0 gain, 1 lose, 1 earn the same

                                     old       new  difference  of revenue
              points                 143       143           0
              worth when spent  5.09 EUR  2.89 EUR   -2.20 EUR      -1.78%

              lose most       old       new  difference
              ada        4.49 EUR  2.29 EUR   -2.20 EUR
        "#]],
    );
}

#[test]
fn an_answer_that_nobody_reads_to_its_end_is_no_error() {
    let folder = Folder::new("closed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
    command
        .current_dir(&folder.0)
        .args(["presets", "small-shop"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}
