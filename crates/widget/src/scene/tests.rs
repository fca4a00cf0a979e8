use earnest_core::wire::{CartDocument, LineDocument, ProgramDocument};
use earnest_core::{Cart, Points, evaluate};

use super::*;

/// Says numbers plainly, so that the tests need no browser.
struct Plain;

impl Tongue for Plain {
    fn count(&self, points: i64) -> String {
        points.to_string()
    }

    fn step(&self, exact: &str) -> String {
        let sign = if exact.starts_with('-') { "" } else { "+" };
        format!("{sign}{exact}")
    }

    fn money(&self, money: earnest_core::Money) -> String {
        money.to_string()
    }

    fn is_one(&self, points: i64) -> bool {
        points == 1
    }
}

fn program() -> Program {
    let document: ProgramDocument = serde_json::from_str(
        r#"{"version": 1, "name": "Slow Harbour Beans", "digest": "sha256:0",
            "points": {"one": "bean", "other": "beans", "worth": {"EUR": "0.01"}},
            "earn": {"per_unit": {"EUR": "1"}, "minimum_order": {"EUR": "5.00"}},
            "welcome_points": 100,
            "tiers": [{"id": "silver", "name": "Silver", "from_points": 300, "multiplier": "1.25"},
                      {"id": "gold", "name": "Gold", "from_points": 1000, "multiplier": "1.5"}],
            "exclusions": [{"id": "gift-cards", "label": "Gift cards don't earn beans",
                            "when": {"categories": ["gift-cards"]}}],
            "rules": [{"id": "double-coffee", "label": "2x on coffee",
                       "when": {"categories": ["coffee"]}, "grant": {"multiply": "2"}}]}"#,
    )
    .expect("a document of the test");
    document.try_into().expect("a program of the test")
}

fn cart(category: &str, unit_price: &str, currency: &str) -> Cart {
    let line = LineDocument {
        id: "1".to_owned(),
        product: "product".to_owned(),
        categories: vec![category.to_owned()],
        tags: Vec::new(),
        quantity: 1,
        unit_price: unit_price.to_owned(),
        discount: None,
        tax: None,
    };
    let document = CartDocument {
        currency: currency.to_owned(),
        prices_include_tax: true,
        lines: vec![line],
        discount: None,
        shipping: None,
        shipping_tax: None,
    };
    document.try_into().expect("a cart of the test")
}

fn member(tier: Option<&str>, earned: i64) -> Snapshot {
    Snapshot {
        balance: Points::new(640).expect("points of the test"),
        earned: Points::new(earned).expect("points of the test"),
        tier: tier.map(str::to_owned),
        ..Snapshot::default()
    }
}

fn earned(program: &Program, member: Option<&Snapshot>, cart: &Cart) -> Preview {
    let newcomer = program.newcomer();
    let now = Timestamp::from_millis(0);
    let earning = evaluate(program, member.unwrap_or(&newcomer), cart, now);
    Preview::Earned(earning.expect("an earning of the test"))
}

fn facts<'a>(program: &'a Program, preview: &'a Preview) -> Facts<'a> {
    Facts {
        program,
        preview,
        member: None,
        joining: Joining::Asking,
        obstacle: None,
        page_email: None,
        joined_email: "",
        now: Timestamp::from_millis(0),
    }
}

#[test]
fn a_guest_is_told_what_she_gets_and_asked_for_what_is_missing() {
    let program = program();
    let preview = earned(&program, None, &cart("coffee", "19.99", "EUR"));
    let scene = Scene::of(&facts(&program, &preview), &Plain);
    assert_eq!(
        scene.spoken(),
        "Join and earn 39 beans with this order, plus 100 to start"
    );
    assert_eq!(
        scene.text(Slot::Worth as usize),
        "Together about 1.39 EUR off a later order"
    );
    assert!(scene.asks && scene.asks_email);
    assert_eq!(scene.text(Slot::Using as usize), "");
}

#[test]
fn an_email_that_is_on_the_page_is_not_asked_for() {
    let program = program();
    let preview = earned(&program, None, &cart("coffee", "19.99", "EUR"));
    let with = |email| Facts {
        page_email: Some(email),
        ..facts(&program, &preview)
    };
    let scene = Scene::of(&with("maya@example.com"), &Plain);
    assert!(!scene.asks_email);
    assert_eq!(
        scene.text(Slot::Using as usize),
        "You join with maya@example.com."
    );
    let scene = Scene::of(&with("may"), &Plain);
    assert_eq!(
        (scene.asks_email, scene.text(Slot::Using as usize)),
        (false, "")
    );
}

#[test]
fn the_reasons_are_told_with_their_sum() {
    let program = program();
    let preview = earned(&program, None, &cart("coffee", "19.99", "EUR"));
    let scene = Scene::of(&facts(&program, &preview), &Plain);
    let rows: Vec<_> = scene
        .reasons
        .iter()
        .map(|(label, step)| (label.as_str(), step.as_str()))
        .collect();
    let expected = [
        ("1 bean per 1.00 EUR", "+19.99"),
        ("2x on coffee", "+19.99"),
        ("Rounded down", "-0.98"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(scene.text(Slot::Total as usize), "39 beans");
}

#[test]
fn one_point_takes_the_word_for_one() {
    let mut document: serde_json::Value = serde_json::json!({
        "version": 1, "name": "Stars", "points": {"one": "star", "other": "stars"},
        "earn": {"per_unit": {"EUR": "1"}}
    });
    document["welcome_points"] = 0.into();
    let document: ProgramDocument =
        serde_json::from_value(document).expect("a document of the test");
    let program = Program::try_from(document).expect("a program of the test");
    let preview = earned(&program, None, &cart("tea", "1.50", "EUR"));
    let scene = Scene::of(&facts(&program, &preview), &Plain);
    assert_eq!(scene.spoken(), "Join and earn 1 star with this order");
    assert_eq!(
        scene.text(Slot::Worth as usize),
        "",
        "the programme does not say what a star is worth"
    );
}

#[test]
fn a_member_sees_her_tier_her_balance_and_the_way_to_the_next() {
    let program = program();
    let check = |who: Snapshot, price: &str, tier: &str, progress: (i32, i32), next: &str| {
        let preview = earned(&program, Some(&who), &cart("tea", price, "EUR"));
        let facts = Facts {
            member: Some(&who),
            ..facts(&program, &preview)
        };
        let scene = Scene::of(&facts, &Plain);
        let text = |slot| scene.text(slot as usize);
        assert_eq!((scene.state, text(Slot::Tier)), ("member", tier));
        assert_eq!(text(Slot::Balance), "You have 640 beans");
        assert_eq!((scene.progress, text(Slot::Next)), (progress, next));
        assert!(!scene.asks);
    };
    let more = "270 beans more to Silver after this order";
    check(member(None, 0), "30.00", "", (0, 10), more);
    let more = "250 beans more to Gold after this order";
    check(
        member(Some("silver"), 650),
        "80.00",
        "Silver",
        (50, 64),
        more,
    );
    let there = "This order takes you to Gold";
    check(
        member(Some("silver"), 990),
        "80.00",
        "Silver",
        (98, 100),
        there,
    );
    check(member(Some("gold"), 1000), "80.00", "Gold", (0, 0), "");
}

#[test]
fn whoever_has_joined_is_told_nothing_that_depends_on_who_she_was() {
    let program = program();
    let preview = earned(&program, None, &cart("coffee", "19.99", "EUR"));
    let facts = Facts {
        joining: Joining::Done,
        joined_email: "maya@example.com",
        ..facts(&program, &preview)
    };
    let scene = Scene::of(&facts, &Plain);
    assert_eq!(
        scene.spoken(),
        "You're in. This order adds 39 beans to your balance. They are yours when you order with \
         maya@example.com. New members also get 100 beans to start."
    );
    assert!(!scene.asks);
}

#[test]
fn a_cart_that_earns_nothing_says_why_in_one_line() {
    let program = program();
    let check = |cart: Cart, note: &str| {
        let preview = earned(&program, None, &cart);
        let scene = Scene::of(&facts(&program, &preview), &Plain);
        assert_eq!(
            (scene.state, scene.text(Slot::Note as usize)),
            ("quiet", note)
        );
        assert!(
            !scene.asks && scene.reasons.is_empty() && scene.text(Slot::Number as usize).is_empty()
        );
    };
    check(
        cart("gift-cards", "50.00", "EUR"),
        "Gift cards don't earn beans",
    );
    check(
        cart("tea", "3.50", "EUR"),
        "Spend 1.50 EUR more to earn beans",
    );
    check(cart("tea", "9.00", "USD"), "Orders in USD don't earn beans");
    let preview = Preview::Unreadable;
    let scene = Scene::of(&facts(&program, &preview), &Plain);
    assert_eq!(
        scene.text(Slot::Note as usize),
        "Your beans can't be shown for this cart. Your order is not affected."
    );
}

#[test]
fn what_stands_in_the_way_comes_with_what_to_do() {
    let program = program();
    let preview = earned(&program, None, &cart("coffee", "19.99", "EUR"));
    for obstacle in [
        Obstacle::Email,
        Obstacle::PageEmail,
        Obstacle::Terms,
        Obstacle::TooMany,
        Obstacle::Failed,
    ] {
        let facts = Facts {
            obstacle: Some(obstacle),
            ..facts(&program, &preview)
        };
        assert_eq!(
            Scene::of(&facts, &Plain).text(Slot::Problem as usize),
            obstacle.advice()
        );
    }
}

#[test]
fn an_email_has_a_name_and_a_host() {
    for email in ["a@b.co", "maya.l+shop@mail.example.com", "ü@ö.example"] {
        assert!(is_email(email), "{email}");
    }
    for text in [
        "", "a", "@b.co", "a@b", "a@@b.co", "a@b.co.", "a b@c.de", "a@b@c.de",
    ] {
        assert!(!is_email(text), "{text}");
    }
}

#[test]
fn a_screen_reader_hears_what_has_changed_and_nothing_at_first() {
    let program = program();
    let said = |category, before: &Scene| {
        let preview = earned(&program, None, &cart(category, "19.99", "EUR"));
        let scene = Scene::of(&facts(&program, &preview), &Plain);
        (scene.announcement_after(before), scene)
    };
    let (first, coffee) = said("coffee", &Scene::default());
    assert_eq!(first, "");
    assert_eq!(said("coffee", &coffee).0, "");
    let tea = "Join and earn 19 beans with this order, plus 100 to start";
    assert_eq!(said("tea", &coffee).0, tea);
}

#[test]
fn each_slot_has_its_part() {
    assert_eq!(PARTS[Slot::Tier as usize], "tier");
    assert_eq!(PARTS[Slot::Next as usize], "next");
    assert_eq!(PARTS[Slot::Button as usize], "button");
    assert_eq!(PARTS[Slot::Total as usize], "total");
}
