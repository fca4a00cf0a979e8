//! What is booked of a partner's order: who pays for it, and by which version's rates.

use super::story::{CLUB, Story, at, cart};
use super::*;
use crate::wire::CartDocument;
use crate::{compile, evaluate};

#[test]
fn all_that_an_order_books_says_the_program_that_decided_it() {
    let mut story = Story::new("");
    let quoted = story.program.clone();
    let today = CLUB.replacen("version = 1", "version = 2", 1);
    story.program = compile::compile(&today).expect("a valid program").program;
    let now = at("2026-03-01T12:00:00Z");
    story.order("o1", 40, "2026-01-01T12:00:00Z");
    let mut document = CartDocument::from(&cart(30));
    document.partner = Some("cinema".to_owned());
    let cart = Cart::try_from(document).expect("a cart");
    let earning = evaluate(&quoted, &story.member, &cart, now).expect("points");
    let bargain = Bargain::on([]);
    let redeeming = |is_held: bool| Redeeming {
        id: if is_held { "r1" } else { "r2" },
        points: 10,
        rewards: &[],
        bargain: &bargain,
        is_gift: false,
    };
    let lot = story.member.holdings.lots.first_mut().expect("points");
    lot.points -= 10;
    let drawn = vec![Lot { points: 10, ..*lot }];
    story.member.holdings.reservations.push(crate::Reservation {
        id: "r1".to_owned(),
        ends_at: at("2026-03-02T12:00:00Z"),
        drawn,
        rewards: Vec::new(),
        bargain: bargain.clone(),
    });
    let command = Command::Earn {
        order_id: "o2",
        cart: &cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[redeeming(true), redeeming(false)],
        draws: &[],
    };
    let planned = plan_under(&story.program, &quoted, Some(&story.member), command, now);
    let planned = planned.expect("a plan");
    let told = planned.entries.iter().map(|it| {
        let partner = it.partner.as_ref();
        let partner = partner.map(|it| (it.id.as_str(), it.currency.code()));
        (it.kind, it.program.version, partner)
    });
    let there = Some(("cinema", "EUR"));
    let expected = [
        (EntryKind::Redeem, 1, there),
        (EntryKind::Redeem, 1, there),
        (EntryKind::Earn, 1, there),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
