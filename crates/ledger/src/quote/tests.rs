//! Who is given what was quoted, and who is not, and why.

use earnest_core::compile::compile;
use earnest_core::{Points, Usage, evaluate};
use expect_test::expect;

use super::earned::{Bought, Earned};
use super::*;
use crate::store::orders::KnownQuote;

/// 2026-05-28T20:26:40Z.
const NOW: i64 = 1_780_000_000_000;
const MINUTE: i64 = 60_000;

fn program(version: u32, per_unit: u32, more: &str) -> Program {
    let source = format!(
        r#"
        version = {version}
        name = "Bakery club"
        points = {{ one = "star", other = "stars" }}
        earn.per_unit = {{ EUR = {per_unit} }}
        {more}
        [[tiers]]
        id = "gold"
        name = "Gold"
        from_points = 1000
        multiplier = 2
        "#
    );
    compile(&source).expect("a program").program
}

fn cart(price: &str) -> Cart {
    let document = format!(
        r#"{{"currency":"EUR","lines":[
        {{"id":"a","product":"rye","quantity":1,"unit_price":"{price}"}},
        {{"id":"b","product":"jam","quantity":2,"unit_price":"1.00"}}]}}"#
    );
    let document: CartDocument = serde_json::from_str(&document).expect("a document");
    Cart::try_from(document).expect("a cart")
}

fn member(tier: Option<&str>) -> Snapshot {
    Snapshot {
        tier: tier.map(str::to_owned),
        earned: Points::new(if tier.is_some() { 1_000 } else { 0 }).expect("points"),
        ..Snapshot::default()
    }
}

/// A quote of ten stars a euro on a cart of 20 euros, for whoever is named.
fn quote(program: &Program, named: Option<(&str, &Snapshot)>) -> Quote {
    let newcomer = program.newcomer();
    quote_as(
        program,
        named,
        named.map_or(&newcomer, |(_, member)| member),
    )
}

fn quote_as(program: &Program, named: Option<(&str, &Snapshot)>, facts: &Snapshot) -> Quote {
    let cart = cart("18.00");
    let now = Timestamp::from_millis(NOW);
    let earning = evaluate(program, facts, &cart, now).expect("an earning");
    let asked = Asked {
        id: "quo_1".to_owned(),
        shop: "demo",
        cart: &cart,
        member: named,
    };
    Quote::new(asked, program, &earning, now)
}

struct Case<'a> {
    quote: &'a Quote,
    program: Option<&'a Program>,
    shop: &'a str,
    cart: Cart,
    after_minutes: i64,
    buyer: Option<(&'a str, &'a Snapshot)>,
    budgets: Vec<(String, i64)>,
    is_used: bool,
    /// Who took over the member for whom it was made.
    is_now: Option<&'a str>,
}

impl<'a> Case<'a> {
    fn of(quote: &'a Quote, program: &'a Program) -> Self {
        Self {
            quote,
            program: Some(program),
            shop: "demo",
            cart: cart("18.00"),
            after_minutes: 5,
            buyer: None,
            budgets: Vec::new(),
            is_used: false,
            is_now: None,
        }
    }

    /// `200 honoured 200` where the program of today would give 20.
    fn told(&self) -> String {
        let today = program(2, 1, "");
        let bought = Bought {
            shop: self.shop,
            cart: &self.cart,
            placed_at: Timestamp::from_millis(NOW + self.after_minutes * MINUTE),
            member: self.buyer,
            budgets: &self.budgets,
            quoted: &KnownQuote::of(self.is_used, self.is_now),
        };
        let presented = Presented {
            quote: self.quote,
            program: self.program,
        };
        let earned = Earned::new(&bought, Some(Ok(presented)), &today).expect("an earning");
        let QuoteOutcome {
            honoured,
            points,
            reason,
        } = earned.quote.expect("what became of it");
        let promised = points.expect("what was promised");
        // Its program decides where it is given, also where less is left than it told.
        let is_given = earned.program.reference().version == 1;
        assert_eq!(earned.given.is_some(), is_given);
        assert!(is_given || !honoured);
        // What a refund will evaluate again.
        let at = if is_given {
            self.quote.issued_at
        } else {
            bought.placed_at
        };
        assert_eq!(earned.at, at);
        let became = reason.unwrap_or("honoured");
        format!("{} {became} {promised}", earned.earning.points)
    }
}

#[test]
fn what_was_quoted_is_earned_whatever_was_published_since() {
    let ten = program(1, 10, "");
    let of_page = quote(&ten, None);
    assert_eq!(Case::of(&of_page, &ten).told(), "200 honoured 200");
    let gold = member(Some("gold"));
    let buyer = Some(("mem_1", &gold));
    // A page's quote is for whoever buys, by her own facts.
    let case = Case {
        buyer,
        ..Case::of(&of_page, &ten)
    };
    assert_eq!(case.told(), "400 honoured 200");
    // A server's holds the member's facts, though she has lost her tier since.
    let of_server = quote(&ten, buyer);
    let fallen = member(None);
    let case = Case {
        buyer: Some(("mem_1", &fallen)),
        ..Case::of(&of_server, &ten)
    };
    assert_eq!(case.told(), "400 honoured 400");
}

#[test]
fn a_quote_is_for_its_shop_its_cart_its_member_and_its_time_and_the_first_reason_is_told() {
    let ten = program(1, 10, "");
    let new = member(None);
    let quote = quote(&ten, Some(("mem_1", &new)));
    let worst = |case: &mut Case<'_>, nth: usize| {
        // From the last reason to the first: each hides those before.
        let steps: [fn(&mut Case<'_>); 6] = [
            |case| case.program = None,
            |case| case.is_used = true,
            |case| case.after_minutes = 30,
            |case| case.buyer = None,
            |case| case.cart = cart("18.01"),
            |case| case.shop = "other",
        ];
        for step in steps.iter().take(nth) {
            step(case);
        }
    };
    for (nth, told) in [
        "200 honoured 200",
        "20 quote_program_gone 200",
        "20 quote_used 200",
        "20 quote_expired 200",
        "20 quote_of_other_member 200",
        "20 quote_of_other_cart 200",
        "20 quote_of_other_shop 200",
    ]
    .into_iter()
    .enumerate()
    {
        let mut case = Case {
            buyer: Some(("mem_1", &new)),
            ..Case::of(&quote, &ten)
        };
        worst(&mut case, nth);
        assert_eq!(case.told(), told);
    }
    let case = Case {
        buyer: Some(("mem_2", &new)),
        ..Case::of(&quote, &ten)
    };
    assert_eq!(case.told(), "20 quote_of_other_member 200");
    let case = Case {
        buyer: Some(("mem_1", &new)),
        after_minutes: 29,
        ..Case::of(&quote, &ten)
    };
    assert_eq!(case.told(), "200 honoured 200");
}

#[test]
fn a_pages_quote_is_honoured_only_where_no_less_is_booked_than_it_told() {
    let source = "[[rules]]\nid = \"gift\"\nlabel = \"x\"\ngrant = { bonus = 40 }\nlimits = { budget = 100 }";
    let ten = program(1, 10, source);
    let of_page = quote(&ten, None);
    let told = |used: i64, buyer: Option<(&str, &Snapshot)>| {
        let budgets = vec![("gift".to_owned(), used)];
        let case = Case {
            buyer,
            budgets,
            ..Case::of(&of_page, &ten)
        };
        case.told()
    };
    assert_eq!(told(60, None), "240 honoured 240");
    assert_eq!(told(80, None), "220 quote_used_up 240");
    // Two times the points of the tier, and 40 on top: she is better off than the page thought.
    let gold = member(Some("gold"));
    assert_eq!(told(100, Some(("mem_1", &gold))), "400 honoured 240");
    // The page took whoever it was for gold.
    let boast = quote_as(&ten, None, &gold);
    let none = member(None);
    let case = Case {
        buyer: Some(("mem_1", &none)),
        ..Case::of(&boast, &ten)
    };
    assert_eq!(case.told(), "240 quote_of_other_facts 440");
}

#[test]
fn a_quote_is_for_who_took_its_member_over_and_for_orders_placed_while_it_holds() {
    let ten = program(1, 10, "");
    let new = member(None);
    let quote = quote(&ten, Some(("mem_1", &new)));
    let told = |buyer, is_now, after_minutes| {
        let case = Case {
            buyer: Some((buyer, &new)),
            is_now,
            after_minutes,
            ..Case::of(&quote, &ten)
        };
        case.told()
    };
    assert_eq!(told("mem_2", Some("mem_2"), 5), "200 honoured 200");
    assert_eq!(
        told("mem_3", Some("mem_2"), 5),
        "20 quote_of_other_member 200"
    );
    // A shop's clock may be slow.
    assert_eq!(told("mem_1", None, -5), "200 honoured 200");
    assert_eq!(told("mem_1", None, -6), "20 quote_placed_before 200");
    assert_eq!(told("mem_1", None, -500_000), "20 quote_placed_before 200");
}

#[test]
fn lines_may_stand_in_another_order_and_amounts_be_written_otherwise() {
    let ten = program(1, 10, "");
    let quote = quote(&ten, None);
    let text = r#"{"lines":[{"unit_price":"1","quantity":2,"product":"jam","id":"b"},
        {"id":"a","product":"rye","quantity":1,"unit_price":"18","discount":"0.00"}],"currency":"EUR"}"#;
    let document: CartDocument = serde_json::from_str(text).expect("a document");
    let case = Case {
        cart: Cart::try_from(document).expect("a cart"),
        ..Case::of(&quote, &ten)
    };
    assert_eq!(case.told(), "200 honoured 200");
}

#[test]
fn no_limit_and_no_budget_is_passed_by_two_quotes() {
    let check = |rule: &str, then: &dyn Fn(&mut Snapshot)| {
        let more = format!(
            "[[rules]]\nid = \"gift\"\nlabel = \"A gift\"\ngrant = {{ bonus = 50 }}\n{rule}"
        );
        let program = program(1, 10, &more);
        let mut now = member(None);
        let before = now.clone();
        let quote = quote(&program, Some(("mem_1", &before)));
        assert_eq!(quote.points, 250);
        then(&mut now);
        let case = Case {
            buyer: Some(("mem_1", &now)),
            budgets: now.budgets.clone(),
            ..Case::of(&quote, &program)
        };
        assert_eq!(case.told(), "20 quote_used_up 250", "{rule}");
    };
    let had = |member: &mut Snapshot| {
        member.usage.push(Usage {
            holder: "gift".to_owned(),
            day: 20_601,
            day_points: 50,
            month_points: 50,
            year_points: 50,
            points: 50,
            times: 1,
        });
    };
    check("limits = { times = 1 }", &had);
    check("limits = { per_day = 60 }", &had);
    check("limits = { per_member = 50 }", &had);
    check("limits = { budget = 90 }", &|member| {
        member.budgets.push(("gift".to_owned(), 50));
    });
    check("when = { first_order = true }", &|member| {
        member.orders = 1;
    });
}

// What is signed is read again by later versions: its bytes are pinned.
#[test]
fn a_quote_says_what_it_always_said() {
    let ten = program(1, 10, "");
    let gold = Snapshot {
        birthday: Some((5, 14)),
        segments: vec!["staff".to_owned()],
        orders: 7,
        budgets: vec![("gift".to_owned(), 3)],
        ..member(Some("gold"))
    };
    let quote = quote(&ten, Some(("mem_1", &gold)));
    assert_eq!(Quote::parse(&quote.payload()), Some(quote.clone()));
    let payload = quote.payload().replace(&ten.reference().digest, "sha256:…");
    expect![[r#"{"id":"quo_1","shop":"demo","program_version":1,"program_digest":"sha256:…","cart":"f289e61ee6c9ddb720ac59beb58d115b05fc46016b44b7a7ce8fbeea506b7d2c","member_id":"mem_1","facts":{"tier":"gold","balance_points":0,"earned_points":1000,"birthday":"05-14","segments":["staff"]},"points":400,"issued_at":1780000000000}"#]].assert_eq(&payload);
    assert_eq!(Quote::parse("{}"), None);
}
