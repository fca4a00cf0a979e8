//! The day of an entry: that of the program in force, whichever one decides.

use super::plan_under;
use crate::wire::CartDocument;
use crate::{Cart, Command, Program, Timestamp, compile, evaluate, plan};

const CLUB: &str = r#"
    version = 1
    name = "Club"
    time_zone = "Europe/Berlin"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
"#;

#[test]
fn what_an_older_program_decides_is_booked_on_the_day_of_the_one_in_force() {
    let zoned = |zone: &str| {
        let source = CLUB.replace("Europe/Berlin", zone);
        compile::compile(&source).expect("a program").program
    };
    let (before, program) = (zoned("America/Los_Angeles"), zoned("Europe/Berlin"));
    let join = Command::Enrol { member_id: "ada" };
    let member = plan(&program, None, join, Timestamp::from_millis(0));
    let member = member.expect("she joins").snapshot;
    let document = serde_json::json!({ "currency": "EUR", "lines": [{ "id": "a", "product": "a", "quantity": 1,
        "unit_price": "10" }] });
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    let cart = Cart::try_from(document).expect("a cart of the test");
    // In Los Angeles it is January still.
    let now: jiff::Timestamp = "2027-02-01T03:00:00Z".parse().expect("an instant");
    let now = Timestamp::from_millis(now.as_millisecond());
    let earning = evaluate(&before, &member, &cart, now).expect("points");
    let command = Command::Earn {
        order_id: "o1",
        cart: &cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[],
        draws: &[],
    };
    let planned = plan_under(&program, &before, Some(&member), command, now).expect("a plan");
    let day = |program: &Program| program.calendar().local(now).day;
    assert_ne!(day(&before), day(&program));
    let days: Vec<i64> = planned.entries.iter().map(|it| it.day).collect();
    assert_eq!(days, [day(&program)]);
}
