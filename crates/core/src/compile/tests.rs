//! What an author is told, and the document that a valid file becomes.

#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod answers;
mod benefits;
mod custody;
mod standing;

use expect_test::expect_file;

use super::compile;
use crate::wire::ProgramDocument;

/// Each problem as `line:column message`, without the lines of the file.
fn check(source: &str, expected: &[&str]) {
    let problems = compile(source).expect_err("a file with mistakes");
    let told: Vec<String> = problems
        .iter()
        .map(|it| format!("{}:{} {}", it.line, it.column, it.message))
        .collect();
    assert_eq!(told, expected, "{source}");
}

/// Five lines that are a valid file, followed by one with a mistake.
fn check_sixth(line: &str, expected: &[&str]) {
    let valid = "version = 1\nname = 'Club'\npoints.one = 'star'\npoints.other = 'stars'\nearn.per_unit = { EUR = 1 }";
    assert!(compile(valid).is_ok());
    check(&format!("{valid}\n{line}"), expected);
}

#[test]
fn every_mistake_in_a_file_is_told_at_once() {
    let problems = compile(include_str!("tests/mistakes.toml")).expect_err("a file with mistakes");
    expect_file!["./tests/mistakes.txt"].assert_eq(&problems.to_string());
}

#[test]
fn what_is_missing_is_told_where_it_belongs() {
    let version = "1:1 `version` is missing; write it, such as `version = 1`";
    let name = "1:1 `name` is missing; write it, such as `name = \"Coffee club\"`";
    check("", &[version, name]);
    check(
        "version = 1\nname = 'Club'\npoints.one = 'star'",
        &["3:1 `other` is missing; write it, such as `other = \"stars\"`"],
    );
    check_sixth(
        "[[tiers]]\nid = 'gold'",
        &[
            "6:1 `name` is missing; write it, such as `name = \"Gold\"`",
            "6:1 write from_points, or invitation_only = true",
        ],
    );
    check_sixth(
        "[[exclusions]]\nid = 'x'\nlabel = 'X'",
        &["6:1 `when` is missing; write it, such as `when = { categories = [\"gift-cards\"] }`"],
    );
    check_sixth(
        "rules = [{ id = 'x', label = 'X' }]",
        &["6:10 `grant` is missing; write it, such as `grant = { multiply = 2 }`"],
    );
}

#[test]
fn of_tiers_by_something_unknown_nothing_is_asked_besides() {
    check_sixth(
        "tiers_by = { what = 'spending', currency = 'EUR' }\ntiers = [{ id = 'g', name = 'G', from_spend = 5 }]",
        &["6:21 unknown variant `spending`; did you mean `spend`?"],
    );
}

#[test]
fn a_misspelt_key_is_told_once_and_not_missed_as_well() {
    check_sixth(
        "rules = [{ id = 'x', label = 'X', grant = { multipy = 2 } }]",
        &["6:45 unknown field `multipy`; did you mean `multiply`?"],
    );
    check_sixth(
        "exclusions = [{ id = 'x', label = 'X', when = { tag = ['new'] } }]",
        &["6:49 unknown field `tag`; did you mean `tags`?"],
    );
    check_sixth(
        "balances = [{ id = 'x', name = 'X', currency = 'EUR', colour = 'red' }]",
        &["6:55 unknown field `colour`, expected one of `id`, `name`, `currency`"],
    );
}

#[test]
fn a_value_of_another_kind_is_told_with_what_would_be_right() {
    for version in ["1.5", "-1", "'1'"] {
        check(
            &format!("name = 'Club'\nversion = {version}"),
            &["2:11 write a whole number, 0 or more"],
        );
    }
    check("version = 1\nname = 7", &["2:8 write a text in quotes"]);
    check(
        "version = 1\nname = 'Club'\npoints = 'stars'",
        &["3:10 write a table"],
    );
    check_sixth("earn.bands = 5", &["6:14 write a table"]);
    check_sixth("welcome_points = 2.5", &["6:18 write a whole number"]);
    let nothing = "nothing is written here; write at least one, or remove the key";
    for when in ["categories = []", "months = []", "order_amount = {}"] {
        let column = 70 + when.find(" = ").expect("a key");
        check_sixth(
            &format!(
                "rules = [{{ id = 'a', label = 'A', grant = {{ bonus = 5 }}, when = {{ {when} }} }}]"
            ),
            &[&format!("6:{column} {nothing}")],
        );
    }
    check_sixth(
        "rewards = [{ id = 'a', name = 'A', points = 5, tiers = [], gives = { experience = 'tea' } }]",
        &[&format!("6:56 {nothing}")],
    );
    check_sixth(
        "challenges = [{ id = 'a', label = 'A', count = 'orders', categories = [], steps = [{ at = 1, points = 1 }] }]",
        &[&format!("6:71 {nothing}")],
    );
    check_sixth(
        "welcome_points = 99999999999999999999",
        &["6:18 write a whole number"],
    );
    check_sixth(
        "rules = 'double'",
        &["6:9 this is a list of tables; begin each with `[[rules]]`, in two brackets"],
    );
    check_sixth("earn.include_tax = 'yes'", &["6:20 write true or false"]);
    let decimal = "6:30 write a decimal number, 0 or more, such as \"1.25\"";
    check_sixth("earn.minimum_order = { EUR = -5 }", &[decimal]);
    check_sixth("earn.minimum_order = { EUR = 5e3 }", &[decimal]);
    check_sixth("earn.minimum_order = { EUR = nan }", &[decimal]);
    check_sixth("earn.minimum_order = { EUR = '' }", &[decimal]);
    check_sixth("earn.minimum_order = { EUR = '5,00' }", &[decimal]);
    check_sixth("earn.minimum_order = { EUR = [5] }", &[decimal]);
    check_sixth(
        "earn.rounding = 'down'",
        &["6:17 unknown variant `down`, expected one of `floor`, `ceil`, `half-up`, `half-even`"],
    );
    check_sixth(
        "[[rules]]\nid = 'x'\nlabel = 'X'\ngrant = { bonus = 5, per = 'unit' }",
        &["9:28 unknown variant `unit`, expected one of `item`, `line`, `order`"],
    );
}

#[test]
fn what_cannot_be_read_hides_nothing_else() {
    check(
        "name = 5\npoints = { one = 'star' }\nearn = { per_unit = { EUR = 'a lot' }, include_tax = 'yes' }\n\
         welcome_points = 1.5\nwelcome_point = 5\n\
         [[rules]]\nid = 'a'\nlabel = 'A'\nwhen = { weekdays = 'mon', hours = 9, months = [13], tiers = ['gold'] }\n\
         grant = { multiply = '2x' }\n\
         [[rules]]\nlabel = 'B'\ngrant = { bonus = -5 }\n\
         [[tiers]]\nid = 'gold'\nfrom_points = 'many'\nmultiplier = 0.5\n\
         [[challenges]]\nid = 'c'\nlabel = 'C'\ncount = 'clicks'\nsteps = [7, { at = 3, points = -1 }]",
        &[
            "1:1 `version` is missing; write it, such as `version = 1`",
            "1:8 write a text in quotes",
            "2:10 `other` is missing; write it, such as `other = \"stars\"`",
            "3:29 write a decimal number, 0 or more, such as \"1.25\"",
            "3:54 write true or false",
            "4:18 write a whole number",
            "5:1 unknown field `welcome_point`; did you mean `welcome_points`?",
            "9:21 write a list, such as [\"mon\"]",
            "9:36 write a text in quotes",
            "9:49 write a whole number from 1 to 12",
            "10:22 write a decimal number, 0 or more, such as \"1.25\"",
            "11:1 `id` is missing; write it, such as `id = \"double-coffee\"`",
            "13:19 write a decimal number, 0 or more, such as \"1.25\"",
            "14:1 `name` is missing; write it, such as `name = \"Gold\"`",
            "16:15 write a whole number",
            "17:14 a tier's multiplier is at least 1 and at most 100",
            "21:9 unknown variant `clicks`, expected one of `orders`, `categories`, `spend`, `activities`, `weeks`, `months`",
            "22:10 write a table",
            "22:32 write 0 to 1000000 points",
        ],
    );
    check_sixth(
        "'welcome/points' = 5\nwelcome_points = -1",
        &[
            "6:1 unknown field `welcome/points`; did you mean `welcome_points`?",
            "7:18 write 0 to 1000000 points",
        ],
    );
}

#[test]
fn what_must_be_there_and_is_not_hides_no_other_mistake() {
    let check = |parts: &str, missing: &str| {
        let source = format!(
            "version = 1\nname = 'Club'\npoints = {{ one = 's', other = 's' }}\n\
             earn.per_unit = {{ EUR = 1 }}\nwelcome_points = -1\n{parts}"
        );
        let told = compile(&source).expect_err("mistakes").to_string();
        for part in [missing, "write 0 to 1000000 points"] {
            assert!(told.contains(part), "{parts}: no {part:?} in\n{told}");
        }
    };
    // A list, a text, a number, a table, one of several words.
    let challenge = "[[challenges]]\nid = 'c'\nlabel = 'C'\n";
    check(
        &format!("{challenge}count = 'orders'"),
        "`steps` is missing",
    );
    check(
        &format!("{challenge}steps = [{{ at = 1, points = 5 }}]"),
        "`count` is missing",
    );
    check(
        "balances = [{ id = 'x', currency = 'EUR' }]",
        "`name` is missing",
    );
    check(
        &format!("{challenge}count = 'orders'\nsteps = [{{ points = 5 }}]"),
        "`at` is missing",
    );
    check("rules = [{ id = 'x', label = 'X' }]", "`grant` is missing");
    check("groups = [{ id = 'g' }]", "`combine` is missing");
    // Nor does what is no list.
    check(
        "rules = [{ id = 'x', label = 'X', grant.bonus = 1, when.days_of_month = 5 }]",
        "write a list, such as [5]",
    );
}

#[test]
fn a_list_of_tables_is_begun_in_two_brackets() {
    check_sixth(
        "[rules]\nid = 'X'\nlabel = 'X'\ngrant = { bonus = 0 }",
        &[
            "6:1 this is a list of tables; begin each with `[[rules]]`, in two brackets",
            "7:6 an id has lower-case letters, digits, - and _, such as \"double-coffee\"",
            "9:19 write a whole number of points from 1 to 1000000",
        ],
    );
    check_sixth(
        "[[tiers]]\nid = 'gold'\nname = 'Gold'\nfrom_points = 5\nperks = { kind = 'other' }",
        &[
            "10:9 this is a list of tables; write `perks = [{ … }]`",
            "10:9 `label` is missing; write it, such as `label = \"Free shipping\"`",
        ],
    );
}

#[test]
fn a_digest_is_not_the_authors_to_write() {
    let told = compile("version = 1\nxyz = 1").expect_err("mistakes");
    let told = told.to_string();
    assert!(
        told.contains("unknown field `xyz`, expected one of"),
        "{told}"
    );
    assert!(!told.contains("digest"), "{told}");
    check_sixth(
        "digest = 'sha256:00'",
        &["6:1 the digest is computed; remove this"],
    );
}

#[test]
fn a_rule_for_a_tier_needs_the_tier() {
    check_sixth(
        "[[rules]]\nid = 'x'\nlabel = 'X'\nwhen.tiers = ['gold']\ngrant.multiply = 2",
        &["9:15 there is no tier \"gold\"; the program has no tiers"],
    );
}

#[test]
fn more_than_the_limits_allow_is_refused() {
    let many = |list: &str, item: &str| {
        let items: String = (0..201)
            .map(|nth| item.replace('#', &nth.to_string()))
            .collect();
        format!("{list} = [{items}]")
    };
    let told = "6:9 at most 200 are possible, these are 201";
    check_sixth(
        &many("tiers", "{ id = '#', name = 'T', from_points = # },"),
        &[told],
    );
    check_sixth(
        &many("rules", "{ id = '#', label = 'X', grant.bonus = 1 },"),
        &[told],
    );
    let exclusion = "{ id = '#', label = 'X', when.tags = ['x'] },";
    check_sixth(
        &many("exclusions", exclusion),
        &["6:14 at most 200 are possible, these are 201"],
    );
    let rule = "[[rules]]\nid = 'x'\nlabel = 'X'\ngrant.bonus = 1\n";
    check_sixth(
        &format!("{rule}{}", many("when.tags", "'t#',")),
        &["10:13 at most 200 are possible, these are 201"],
    );
    check_sixth(
        &format!("{rule}when.tags = ['{}']", "t".repeat(129)),
        &["10:14 write 1 to 128 bytes"],
    );
}

#[test]
fn a_date_that_is_none_is_told_once() {
    let message = "write a day such as 2026-11-01, or a date with its time such as \
                   2026-11-01T09:00:00 or 2026-11-01T09:00:00+01:00";
    let told = format!("6:13 {message}");
    check_sixth("starts_at = 09:30:00", &[&told]);
    check_sixth("starts_at = '2026-02-30'", &[&told]);
    check_sixth(
        "starts_at = 1793491200000",
        &["6:13 write a text in quotes"],
    );
    check_sixth(
        "welcome_points = 1970-01-01T00:00:00.100Z",
        &["6:18 write a whole number"],
    );
    check_sixth(
        "ends_at = 'Christmas'\n[[rules]]\nid = 'x'\nlabel = 'X'\nwhen.until = '24.12.'\ngrant.bonus = 0",
        &[
            &format!("6:11 {message}"),
            &format!("10:14 {message}"),
            "11:15 write a whole number of points from 1 to 1000000",
        ],
    );
}

/// The start and the end of a programme in a time zone, in milliseconds.
fn window(zone: &str, starts_at: &str, ends_at: &str) -> (Option<i64>, Option<i64>) {
    let source = format!(
        "version = 1\nname = 'Club'\npoints = {{ one = 's', other = 's' }}\ntime_zone = '{zone}'\n\
         starts_at = {starts_at}\nends_at = {ends_at}"
    );
    let document = compile(&source).expect("a valid program").document;
    let document: ProgramDocument = serde_json::from_str(&document).expect("a document");
    (document.starts_at, document.ends_at)
}

#[test]
fn a_day_is_the_shops_and_an_end_includes_it() {
    // 1 and 2 July 2026 begin at 22:00 UTC of the day before in Berlin, and at 04:00 UTC in New York.
    let (first, second) = (1_782_856_800_000, 1_782_943_200_000);
    let six_hours = 6 * 3_600_000;
    let day = "2026-07-01";
    assert_eq!(
        window("Europe/Berlin", day, day),
        (Some(first), Some(second))
    );
    let new_york = (Some(first + six_hours), Some(second + six_hours));
    assert_eq!(window("America/New_York", day, day), new_york);
    let written = ("2026-07-01T00:00:00", "2026-07-02T00:00:00+02:00");
    let berlin = window("Europe/Berlin", written.0, written.1);
    assert_eq!(berlin, (Some(first), Some(second)));
    check_sixth(
        "time_zone = 'Berlin'",
        &["6:13 there is no time zone \"Berlin\"; write one such as \"Europe/Berlin\""],
    );
}

#[test]
fn a_date_without_its_hyphens_is_none() {
    check_sixth(
        "ends_at = '20261101'",
        &[
            "6:11 write a day such as 2026-11-01, or a date with its time such as \
           2026-11-01T09:00:00 or 2026-11-01T09:00:00+01:00",
        ],
    );
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    check(
        "version = 1\nname = \"Club\nwelcome_points = 5\n",
        &["2:13 invalid basic string, expected `\"`"],
    );
    check(
        "version = 1\nversion = 2\nname = 'Club'\nwelcome_points = 1.5",
        &[
            "2:1 this is written twice in its table; keep one, with all that belongs to it",
            "4:18 write a whole number",
        ],
    );
    check("[earn\n", &["1:6 unclosed table, expected `]`"]);
    check(
        "a = 1\na.b = 2",
        &["2:1 cannot extend value of type integer with a dotted key"],
    );
    check(
        "\u{feff}version = 01",
        &["1:12 unexpected leading zero, expected nothing"],
    );
    check(
        "name = 'é☕' x",
        &["1:13 unexpected key or value, expected newline, `#`"],
    );
}

#[test]
fn a_hundred_problems_are_told_and_the_others_counted() {
    let rules = "[[rules]]\nid = 'X'\nlabel = ''\ngrant = { bonus = 1 }\n".repeat(90);
    let head = "version = 1\nname = 'Club'\npoints.one = 'star'\npoints.other = 'stars'\n";
    let source = format!("{head}earn.per_unit = {{ EUR = 1 }}\n{rules}");
    let problems = compile(&source).expect_err("ids in capital letters");
    assert_eq!(problems.iter().count(), 100);
    // Of each rule its id and its label, and of all but the first that the id is used twice.
    assert_eq!(problems.more(), 90 + 90 + 89 - 100);
}
