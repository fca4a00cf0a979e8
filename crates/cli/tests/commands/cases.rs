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
