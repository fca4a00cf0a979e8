//! `earnest draws`: the draws of the shared vectors, which are another implementation's, told and compared.

use expect_test::{Expect, expect};

use super::Folder;

/// `0123456789abcdef` twice, in hexadecimal.
const SEED: &str = "3031323334353637383961626364656630313233343536373839616263646566";

const CLUB: &str = r#"version = 1
name = "Shop"
points = { one = "point", other = "points" }
earn.per_unit = { EUR = 1 }

[[surprises]]
id = "extra"
label = "A little extra"
one_in = 4
gives = { points = 50 }
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
budget = 100
minimum_order = { EUR = 20 }

[[surprises]]
id = "other"
label = "Another"
one_in = 1
gives = { points = 1 }
commitment = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
"#;

/// The first three are drawn, and the budget is for two of them. 1001 is not, 1017 is a guest's, and the last is worth
/// too little.
const ORDERS: &str = "order_id,member_id,placed_at,currency,product,unit_price
1007,ada,2026-06-15T12:00:00Z,EUR,rye,20
1001,ada,2026-06-15T13:00:00Z,EUR,rye,20
1013,bob,2026-06-14T12:00:00Z,EUR,rye,20
1015,bob,2026-06-16T12:00:00Z,EUR,rye,20
1017,,2026-06-16T12:00:00Z,EUR,rye,20
1002,bob,2026-06-17T12:00:00Z,EUR,rye,19.99
";

fn check(name: &str, arguments: &str, given: &str, expected: &Expect) {
    let folder = Folder::new(name)
        .file("lucky.toml", CLUB)
        .file("lucky.csv", ORDERS)
        .file("given.csv", given);
    let command = format!("draws lucky.toml --orders lucky.csv {arguments}");
    folder.check(&command, expected);
}

#[test]
fn what_a_seed_draws_is_told_in_the_order_in_which_orders_were_entered() {
    check(
        "draws-told",
        &format!("--seed {SEED}"),
        "",
        &expect![[r#"
        5 orders of members, of which the seed draws 2
          1007: extra
          1013: extra
        not drawn, for want of their seed: other
    "#]],
    );
}

#[test]
fn what_was_given_as_it_is_drawn_is_good() {
    let given = "order_id,surprise\n1013,extra\n\"1007\",\"extra\"\n";
    check(
        "draws-good",
        &format!("--seed {SEED} --given given.csv"),
        given,
        &expect![[r#"
            good. 5 orders of members, of which 2 were given what the seed draws, and no other
            not drawn, for want of their seed: other
        "#]],
    );
}

#[test]
fn what_was_given_otherwise_is_told_with_its_row() {
    let given = "1001,extra\n1013,extra\n1013,other\n2000,extra\n";
    let arguments = format!("--seed {SEED} --given given.csv");
    check(
        "draws-differ",
        &arguments,
        given,
        &expect![[r#"
            different. 5 orders of members, and 3 were not given what the seed draws
              1007, row 2: was given nothing, is drawn extra
              1001, row 3: was given extra, is drawn nothing
              2000 is not among the orders: was given extra, is drawn nothing
            not drawn, for want of their seed: other
            status Some(1)
        "#]],
    );
    let arguments = format!("{arguments} --json");
    check(
        "draws-differ-json",
        &arguments,
        given,
        &expect![[r#"
            {
              "good": false,
              "orders": 5,
              "drawn": [
                {
                  "order_id": "1007",
                  "row": 2,
                  "surprises": [
                    "extra"
                  ]
                },
                {
                  "order_id": "1013",
                  "row": 4,
                  "surprises": [
                    "extra"
                  ]
                }
              ],
              "differing": [
                {
                  "order_id": "1007",
                  "row": 2,
                  "given": [],
                  "right": [
                    "extra"
                  ]
                },
                {
                  "order_id": "1001",
                  "row": 3,
                  "given": [
                    "extra"
                  ],
                  "right": []
                },
                {
                  "order_id": "2000",
                  "row": null,
                  "given": [
                    "extra"
                  ],
                  "right": []
                }
              ],
              "unchecked": [
                "other"
              ]
            }
            status Some(1)
        "#]],
    );
}

#[test]
fn orders_from_when_the_seed_was_told_are_not_drawn() {
    let arguments = format!("--seed {SEED} --revealed-at 2026-06-15T12:00:00Z");
    check(
        "draws-late",
        &arguments,
        "",
        &expect![[r#"
        5 orders of members, of which the seed draws 1
          1013: extra
        not drawn, for want of their seed: other
    "#]],
    );
}

#[test]
fn a_seed_that_was_not_committed_to_judges_nothing() {
    check(
        "draws-stranger",
        "--seed 00ff",
        "",
        &expect![[r#"
        ! error: no surprise of lucky.toml is drawn with this seed: its SHA-256 is sha256:06eb7d6a69ee19e5fbdf749018d3d2abfa04bcbd1365db312eb86dc7169389b8
        status Some(2)
    "#]],
    );
    check(
        "draws-odd",
        "--seed 00f",
        "",
        &expect![[r#"
        ! error: invalid value '00f' for '--seed <HEX>': a seed is bytes in hexadecimal, two digits each
        !
        ! For more information, try '--help'.
        status Some(2)
    "#]],
    );
    check(
        "draws-rows",
        &format!("--seed {SEED} --given given.csv"),
        "1007\n",
        &expect![[r#"
            ! error: given.csv, row 1: write an order's id and the id of a surprise
            status Some(2)
        "#]],
    );
}
