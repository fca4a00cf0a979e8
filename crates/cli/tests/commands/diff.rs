//! `earnest diff`: who gains, who loses, and what it costs.

use expect_test::expect;

use super::{Folder, PROGRAM};

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
fn gains_are_measured_in_what_they_are_worth() {
    let folder = Folder::new("diff-worth")
        .file(
            "more-points.toml",
            PROGRAM
                .replace("EUR = 0.01 }", "EUR = 0.001 }")
                .replace("EUR = 1,", "EUR = 2,"),
        )
        .file(
            "stamps.toml",
            "version = 1\nname = \"Card\"\npoints = { one = \"stamp\", other = \"stamps\" }\n\
             [[rules]]\nid = \"stamp\"\nlabel = \"A stamp\"\ngrant = { bonus = 1 }\n",
        )
        .file(
            "card.toml",
            "version = 1\nname = \"Card\"\npoints = { one = \"star\", other = \"stars\" }\n\
             balances = [{ id = \"cash\", name = \"Cash\", currency = \"USD\" }]\n\
             [[rules]]\nid = \"back\"\nlabel = \"5% back\"\nbalance = \"cash\"\ngrant = { percent = 5 }\n",
        );
    folder.check(
        "diff club.toml more-points.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            5 orders of 6 lines, 1 of them guests'

            Members: 0 gain, 2 lose, 0 earn the same, measured in what it is worth in EUR

                                     old       new  difference  of revenue
              points                 194       368        +174
              worth when spent  1.94 EUR  0.36 EUR   -1.58 EUR      -1.39%

              lose most       old       new  difference
              ada        1.44 EUR  0.27 EUR   -1.17 EUR
              bob        0.50 EUR  0.09 EUR   -0.41 EUR
        "#]],
    );
    folder.check(
        "diff club.toml stamps.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Card, version 1
            5 orders of 6 lines, 1 of them guests'

            Who gains and who loses cannot be told: what the two give is not stated in one measure. Write what a point is worth into both programs, such as points.worth = { EUR = 0.01 }, in a currency in which both earn.

                                     old  new  difference  of revenue
              points                 194    4        -190
              worth when spent  1.94 EUR    -           -           -
        "#]],
    );
    folder.check(
        "diff club.toml card.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Card, version 1
            5 orders of 6 lines, 1 of them guests'

            Who gains and who loses cannot be told: what the two give is not stated in one measure. Write what a point is worth into both programs, such as points.worth = { EUR = 0.01 }, in a currency in which both earn.

                                     old  new  difference  of revenue
              points                 194    0        -194
              worth when spent  1.94 EUR    -           -           -
        "#]],
    );
    let folder = folder
        .file("gold.csv", "member_id,tier\nada,silver\n")
        .file("bronze.toml", PROGRAM.replace("silver", "bronze"));
    folder.check(
        "diff club.toml bronze.toml --orders orders.csv --members gold.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            5 orders of 6 lines, 1 of them guests'

            Members: 0 gain, 1 lose, 1 earn the same

            The new program does not have the tier "silver", which 1 member has; there they are in what they have earned.

                                     old       new  difference  of revenue
              points                 213       184         -29
              worth when spent  2.13 EUR  1.84 EUR   -0.29 EUR      -0.25%

              lose most  old  new  difference
              ada        163  134         -29
        "#]],
    );
}

#[test]
fn what_a_program_gives_for_nothing_is_part_of_what_it_costs() {
    let old = PROGRAM.replace("multiply = 2", "multiply = 1.5");
    let new = PROGRAM.replace("{ multiply = 2 }", "{ reward = \"mug\" }")
        + "[[rewards]]\nid = \"mug\"\nname = \"A mug\"\npoints = 400\ngives = { product = \"mug\" }\n";
    let folder = Folder::new("diff-gifts")
        .file("old.toml", old)
        .file("new.toml", new);
    folder.check(
        "diff old.toml new.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            5 orders of 6 lines, 1 of them guests'

            Members: 1 gain, 0 lose, 1 earn the same, measured in what it is worth in EUR

                                     old       new  difference  of revenue
              points                 159       129         -30
              worth when spent  1.59 EUR  9.29 EUR   +7.70 EUR       6.75%

              gain most       old       new  difference
              ada        1.09 EUR  8.79 EUR   +7.70 EUR
        "#]],
    );
}
