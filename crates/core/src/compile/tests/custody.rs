//! Refunds, redemptions, guests, transfers and the books: the document that they become, and what an author is
//! told.

use expect_test::expect;

use super::{check, check_sixth};
use crate::custody::{AccountingRules, Bonuses, Custody, RefundRules, TransferRules};
use crate::wire::ProgramDocument;
use crate::{Decimal, Program, compile::compile};

/// Four lines that are a valid file.
const CLUB: &str = "version = 1\nname = 'Club'\n\
    points = { one = 's', other = 's', worth = { EUR = 0.01 } }\nearn.per_unit = { EUR = 1 }\n";

const EVERYTHING: &str = r#"
[refunds]
bonuses = "threshold"
deficit = true
minimum_days = 0

[redemptions]
hold_minutes = 10080

[guests]
days = 0

[transfers]
between_members = true
household = true

[accounting]
redeemed_percent = 72.50
"#;

const DEFAULTS: &str = r#"
refunds = { bonuses = "proportional", deficit = false, minimum_days = 30 }
redemptions = { hold_minutes = 60 }
guests = { days = 30 }
transfers = { between_members = false, household = false }
accounting = { redeemed_percent = 100.00 }
"#;

fn document(more: &str) -> String {
    let compiled = compile(&format!("{CLUB}{more}")).map_err(|problems| problems.to_string());
    compiled.expect("a valid file").document
}

#[test]
fn what_is_declared_is_published_and_read_as_it_was_compiled() {
    let text = document(EVERYTHING);
    let (_, told) = text.split_once("\"welcome_points\":0,").expect("the end");
    expect![[r#""refunds":{"bonuses":"threshold","deficit":true,"minimum_days":0},"redemptions":{"hold_minutes":10080},"guests":{"days":0},"transfers":{"between_members":true,"household":true},"accounting":{"redeemed_percent":"72.5"}}"#]].assert_eq(told);
    let document: ProgramDocument = serde_json::from_str(&text).expect("a document");
    assert_eq!(serde_json::to_string(&document).expect("JSON"), text);
    let program = Program::try_from(document).expect("a program");
    let expected = Custody {
        refunds: RefundRules {
            bonuses: Bonuses::Threshold,
            allows_deficit: true,
            minimum_days: 0,
        },
        hold_minutes: 10_080,
        guest_days: 0,
        transfers: TransferRules {
            between_members: true,
            household: true,
        },
        accounting: AccountingRules {
            redeemed_percent: Decimal::new(725, 1),
        },
    };
    assert_eq!(*program.custody(), expected);
}

#[test]
fn defaults_that_are_written_are_not_published() {
    let usual = document("");
    assert_eq!(document(DEFAULTS), usual);
    let empty = "[refunds]\n[redemptions]\n[guests]\n[transfers]\n[accounting]";
    assert_eq!(document(empty), usual);
    let read: ProgramDocument = serde_json::from_str(&usual).expect("a document");
    let program = Program::try_from(read).expect("a program");
    assert_eq!(*program.custody(), Custody::default());
}

#[test]
fn each_key_that_differs_is_published_on_its_own() {
    let check = |line: &str, told: &str| {
        let text = document(line);
        assert!(
            text.ends_with(&format!("\"welcome_points\":0,{told}}}")),
            "{text}"
        );
    };
    check("refunds.deficit = true", r#""refunds":{"deficit":true}"#);
    check(
        "refunds.minimum_days = 3650",
        r#""refunds":{"minimum_days":3650}"#,
    );
    check("guests.days = 365", r#""guests":{"days":365}"#);
    check(
        "transfers.household = true",
        r#""transfers":{"household":true}"#,
    );
    check(
        "accounting.redeemed_percent = 1",
        r#""accounting":{"redeemed_percent":"1"}"#,
    );
}

#[test]
fn a_browser_knows_none_of_it() {
    let document = serde_json::from_str(&document(EVERYTHING)).expect("a document");
    let lean = Program::for_earning(document).expect("a program");
    assert_eq!(*lean.custody(), Custody::default());
}

#[test]
fn numbers_out_of_reach_are_told() {
    let refunds = "6:24 write 0 to 3650 days";
    check_sixth("refunds.minimum_days = -1", &[refunds]);
    check_sixth("refunds.minimum_days = 3651", &[refunds]);
    let hold = "6:28 write 1 to 10080 minutes";
    check_sixth("redemptions.hold_minutes = 0", &[hold]);
    check_sixth("redemptions.hold_minutes = 10081", &[hold]);
    let guests = "6:15 write 1 to 365 days, or 0 where orders of guests are not credited";
    check_sixth("guests.days = -1", &[guests]);
    check_sixth("guests.days = 366", &[guests]);
    check_sixth(
        "refunds.bonuses = 'all'",
        &["6:19 unknown variant `all`, expected `proportional` or `threshold`"],
    );
    check_sixth(
        "transfers.between_member = true",
        &["6:11 unknown field `between_member`; did you mean `between_members`?"],
    );
}

#[test]
fn the_share_that_is_redeemed_is_a_percentage_and_needs_what_a_point_is_worth() {
    let check_percent = |percent: &str, told: &str| {
        let source = format!("{CLUB}accounting.redeemed_percent = {percent}");
        check(&source, &[&format!("5:31 {told}")]);
    };
    let range = "write 1 to 100 percent of the points issued";
    check_percent("0", range);
    check_percent("0.99", range);
    check_percent("100.01", range);
    let decimals = "72.125 has too many decimals; at most 2 are possible";
    check_percent("72.125", decimals);
    check_sixth(
        "accounting.redeemed_percent = 80",
        &[
            "6:12 the books need what a point is worth; write it too, such as \
           `points = { one = \"star\", other = \"stars\", worth = { EUR = 0.01 } }`",
        ],
    );
}

#[test]
fn the_examples_of_the_comments_are_valid() {
    let comments = include_str!("../source/custody.rs");
    let mut examples = 0;
    for example in comments.split("/// ```toml\n").skip(1) {
        let lines = example.lines().take_while(|line| *line != "/// ```");
        let lines: Vec<_> = lines.map(|line| line.trim_start_matches("/// ")).collect();
        document(&lines.join("\n"));
        examples += 1;
    }
    assert_eq!(examples, 5);
}
