//! What holds for every program and every cart. What holds over many of them is in `properties/`.

mod limits;

use std::collections::BTreeMap;

use earnest_core::wire::{CartDocument, EarningDocument, ProgramDocument, SnapshotDocument};
use earnest_core::{
    Activity, Cart, Command, Earning, ExactPoints, LineEarning, Plan, Points, Program, Reason,
    RoundingScope, Snapshot, Timestamp, evaluate, evaluate_activity, plan,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary::{
    activity, cart, compiled, exclusion, extreme_cart, instant, member, program, program_file,
    published, shuffled,
};

fn evaluated(program: &Program, member: &Snapshot, cart: &Cart, now: Timestamp) -> Earning {
    evaluate(program, member, cart, now).expect("points within the limit")
}

fn checked(
    program: ProgramDocument,
    member: SnapshotDocument,
    cart: CartDocument,
) -> (Program, Snapshot, Cart) {
    (
        Program::try_from(program).expect("a valid program"),
        Snapshot::try_from(member).expect("a valid snapshot"),
        Cart::try_from(cart).expect("a valid cart"),
    )
}

/// As a browser or a server gets it: through the text of a document.
fn sent<T: serde::Serialize + serde::de::DeserializeOwned>(document: &T) -> T {
    let text = serde_json::to_string(document).expect("a document is plain JSON");
    serde_json::from_str(&text).expect("a document that was just written")
}

fn sum(reasons: &[Reason]) -> ExactPoints {
    reasons.iter().fold(ExactPoints::ZERO, |sum, reason| {
        sum.checked_add(reason.points_exact).expect("few points")
    })
}

/// What each line earns, in points and in money, whatever their order.
fn by_line<'a>(cart: &'a Cart, earning: &'a Earning) -> BTreeMap<&'a str, LineOf<'a>> {
    assert_eq!(cart.lines().len(), earning.lines.len());
    let ids = cart.lines().iter().map(|line| line.id.as_str());
    let lines = ids.zip(&earning.lines).enumerate();
    let minors = |nth: usize| earning.credits.iter().map(move |it| it.lines_minor[nth]);
    lines
        .map(|(nth, (id, line))| (id, (line, minors(nth).collect())))
        .collect()
}

type LineOf<'a> = (&'a LineEarning, Vec<i64>);

/// Nothing is negative, lines sum to totals, and so do reasons: of the points, and of each balance of money.
fn assert_sound(earning: &Earning) {
    let lines = &earning.lines;
    assert!(earning.points >= Points::ZERO && earning.counted_minor >= 0);
    assert_eq!(
        lines.iter().map(|line| line.points.get()).sum::<i64>(),
        earning.points.get()
    );
    assert_eq!(
        lines.iter().map(|line| line.counted_minor).sum::<i64>(),
        earning.counted_minor
    );
    assert_eq!(sum(&earning.reasons), earning.points.into());
    for line in lines {
        assert_eq!(sum(&line.reasons), line.points.into());
        assert!(line.points >= Points::ZERO && line.counted_minor >= 0);
    }
    for credit in &earning.credits {
        assert_eq!(credit.lines_minor.len(), lines.len());
        assert_eq!(credit.lines_minor.iter().sum::<i64>(), credit.minor);
        assert!(credit.lines_minor.iter().all(|minor| *minor >= 0));
        assert_eq!(
            sum(&credit.reasons),
            ExactPoints::whole(credit.minor.into())
        );
    }
}

fn evaluated_activity(
    program: &Program,
    member: &Snapshot,
    activity: &Activity,
    now: Timestamp,
) -> Earning {
    evaluate_activity(program, member, activity, now).expect("points within the limit")
}

proptest! {
    #[test]
    fn a_preview_is_what_the_award_books(
        program in program(), member in member(), cart in cart(), now in instant(),
    ) {
        let preview = checked(sent(&program), sent(&member), sent(&cart));
        let (program, member, cart) = checked(program, member, cart);
        prop_assert_eq!(&preview, &(program.clone(), member.clone(), cart.clone()));
        let seen = evaluated(&preview.0, &preview.1, &preview.2, now);
        let awarded = evaluated(&program, &member, &cart, now);
        prop_assert_eq!(
            serde_json::to_string(&EarningDocument::new(&preview.0, &preview.2, &seen)).expect("JSON"),
            serde_json::to_string(&EarningDocument::new(&program, &cart, &awarded)).expect("JSON")
        );
        let command = Command::Earn { order_id: "1001", cart: &cart, placed_at: now, earning: &awarded, redemptions: &[], draws: &[] };
        let Plan { entries, credits, snapshot, .. } =
            plan(&program, Some(&member), command, now).expect("a plan");
        let money = |member: &Snapshot| member.credits.iter().map(|(_, minor)| minor).sum::<i64>();
        let credited: i64 = credits.iter().map(|entry| entry.minor).sum();
        prop_assert_eq!(credited, seen.credits.iter().map(|credit| credit.minor).sum::<i64>());
        prop_assert_eq!(money(&snapshot), money(&member) + credited);
        let booked: i64 = entries.iter().map(|entry| entry.points.get()).sum();
        prop_assert_eq!(booked, seen.points.get());
        prop_assert_eq!(snapshot.balance.get(), member.balance.get() + seen.points.get());
        prop_assert_eq!(snapshot.earned.get(), member.earned.get() + seen.points.get());
    }

    #[test]
    fn a_cart_is_the_same_cart_in_its_canonical_form(cart in cart()) {
        let once = Cart::try_from(cart.clone()).expect("a valid cart");
        prop_assert_eq!(&CartDocument::from(&once), &cart);
        prop_assert_eq!(Cart::try_from(sent(&cart)).expect("a valid cart"), once);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        program in program(),
        member in member(),
        (cart, other) in cart().prop_flat_map(|cart| (Just(cart.clone()), shuffled(cart))),
        now in instant(),
    ) {
        let other = Cart::try_from(other).expect("a valid cart");
        let (program, member, cart) = checked(program, member, cart);
        let one = evaluated(&program, &member, &cart, now);
        let two = evaluated(&program, &member, &other, now);
        prop_assert_eq!(by_line(&cart, &one), by_line(&other, &two));
        let money = |earning: &Earning| -> Vec<_> {
            let credits = earning.credits.iter();
            credits.map(|it| (it.balance, it.minor, it.reasons.clone())).collect()
        };
        prop_assert_eq!(money(&one), money(&two));
        prop_assert_eq!(
            (one.points, one.counted_minor, one.reasons),
            (two.points, two.counted_minor, two.reasons)
        );
    }

    #[test]
    fn lines_and_reasons_sum_to_the_total(
        program in program(), member in member(), cart in cart(), now in instant(),
    ) {
        let (program, member, cart) = checked(program, member, cart);
        assert_sound(&evaluated(&program, &member, &cart, now));
    }

    #[test]
    fn what_an_activity_earns_is_its_own_one_line(
        program in program(), member in member(), activity in activity(), now in instant(),
    ) {
        let program = Program::try_from(program).expect("a valid program");
        let member = Snapshot::try_from(member).expect("a valid snapshot");
        let earning = evaluated_activity(&program, &member, &activity, now);
        assert_sound(&earning);
        prop_assert_eq!((earning.lines.len(), earning.counted_minor), (1, 0));
        let command = Command::Act { activity: &activity, occurred_at: now, earning: &earning };
        let Plan { snapshot, .. } = plan(&program, Some(&member), command, now).expect("a plan");
        prop_assert_eq!(snapshot.balance.get(), member.balance.get() + earning.points.get());
        // Who does something has not bought anything, and is in no other tier for it.
        prop_assert_eq!((snapshot.earned, snapshot.orders), (member.earned, member.orders));
    }

    #[test]
    fn documents_are_read_as_they_were_written(file in program_file(), member in member()) {
        let text = published(&file);
        let document: ProgramDocument = serde_json::from_str(&text).expect("a program document");
        prop_assert_eq!(&serde_json::to_string(&document).expect("JSON"), &text);
        let snapshot = Snapshot::try_from(member.clone()).expect("a valid snapshot");
        prop_assert_eq!(SnapshotDocument::from(&snapshot), member);
    }

    #[test]
    fn rounding_moves_the_order_by_less_than_a_point_or_each_line_does(
        program in program(), member in member(), cart in cart(), now in instant(),
    ) {
        let (program, member, cart) = checked(program, member, cart);
        let earning = evaluated(&program, &member, &cart, now);
        let rounded = |reasons: &[Reason]| {
            let code = |reason: &&Reason| format!("{:?}", reason.cause).starts_with("Rounding");
            reasons.iter().find(code).map_or(ExactPoints::ZERO, |reason| reason.points_exact)
        };
        let is_small = |points: ExactPoints| {
            let (whole, fraction) = points.split();
            whole == 0 || (whole == -1 && fraction > 0)
        };
        if program.rounding_scope() == RoundingScope::Order {
            prop_assert!(is_small(rounded(&earning.reasons)));
        }
        for line in &earning.lines {
            prop_assert!(is_small(rounded(&line.reasons)));
        }
    }

    #[test]
    fn a_discount_loses_no_minor_unit(cart in cart()) {
        let cart = Cart::try_from(cart).expect("a valid cart");
        let discounted_minor = cart.discounted_minor();
        let nets = cart.lines().iter().map(|line| {
            line.unit_price_minor * i64::from(line.quantity) - line.discount_minor
        });
        let nets: Vec<i64> = nets.collect();
        prop_assert_eq!(
            discounted_minor.iter().sum::<i64>(),
            nets.iter().sum::<i64>() - cart.totals().discount_minor
        );
        for (discounted_minor, net_minor) in discounted_minor.iter().zip(nets) {
            prop_assert!((0..=net_minor).contains(discounted_minor));
        }
    }

    #[test]
    fn without_exclusions_every_minor_unit_counts(
        mut program in program(), member in member(), cart in cart(), now in instant(),
    ) {
        program.exclusions.clear();
        let (program, member, cart) = checked(program, member, cart);
        let (counts, totals) = (program.counts(), cart.totals());
        let with_tax = |price_minor: i64, tax_minor: i64| {
            let without = if totals.prices_include_tax { price_minor - tax_minor } else { price_minor };
            if counts.tax { without + tax_minor } else { without }
        };
        let tax_minor = cart.lines().iter().map(|line| line.tax_minor).sum();
        let mut expected = with_tax(cart.discounted_minor().iter().sum(), tax_minor);
        if counts.shipping && !cart.lines().is_empty() {
            expected += with_tax(totals.shipping_minor, totals.shipping_tax_minor);
        }
        prop_assert_eq!(evaluated(&program, &member, &cart, now).counted_minor, expected);
    }

    #[test]
    fn one_exclusion_more_never_makes_more_count(
        file in program_file(), mut exclusion in exclusion(), member in member(), cart in cart(), now in instant(),
    ) {
        exclusion["id"] = "one-more".into();
        exclusion["when"].as_object_mut().expect("a table").retain(|key, _| key != "tiers" && key != "not");
        let mut stricter = file.clone();
        stricter["exclusions"].as_array_mut().expect("a list").push(exclusion);
        let stricter = Program::try_from(compiled(&stricter)).expect("a valid program");
        let (program, member, cart) = checked(compiled(&file), member, cart);
        let before = evaluated(&program, &member, &cart, now);
        let after = evaluated(&stricter, &member, &cart, now);
        prop_assert!(after.counted_minor <= before.counted_minor);
    }

    #[test]
    fn at_the_limits_a_cart_earns_exactly_or_is_refused(
        program in program(), member in member(), cart in extreme_cart(), now in instant(),
    ) {
        let (program, member, cart) = checked(program, member, cart);
        if let Ok(earning) = evaluate(&program, &member, &cart, now) {
            assert_sound(&earning);
        }
    }

    #[test]
    fn a_balance_is_the_sum_of_its_entries(
        program in program(),
        orders in vec((cart(), -3_000..3_000_i64), 1..6),
        now in instant(),
    ) {
        let program = Program::try_from(program).expect("a valid program");
        let enrol = Command::Enrol { member_id: "m1" };
        let Plan { entries: mut ledger, snapshot: mut member, .. } =
            plan(&program, None, enrol, now).expect("a plan");
        for (cart, points) in orders {
            let cart = Cart::try_from(cart).expect("a valid cart");
            let earning = evaluated(&program, &member, &cart, now);
            let earn = Command::Earn { order_id: "1001", cart: &cart, placed_at: now, earning: &earning, redemptions: &[], draws: &[] };
            let adjust = Command::Adjust { key: "k1", points, reason: "A test", by: None, };
            for command in [earn, adjust] {
                // A refusal books nothing.
                if let Ok(planned) = plan(&program, Some(&member), command, now) {
                    ledger.extend(planned.entries);
                    member = planned.snapshot;
                }
            }
        }
        let mut balance = 0;
        for (seq, entry) in (1..).zip(&ledger) {
            balance += entry.points.get();
            prop_assert_eq!((entry.seq, entry.balance.get()), (seq, balance));
            prop_assert!(balance >= 0);
        }
        prop_assert_eq!(member.balance.get(), balance);
        prop_assert_eq!(member.seq, u64::try_from(ledger.len()).expect("few entries"));
        let earned = ledger.iter().filter(|entry| entry.kind.name() == "earn");
        prop_assert_eq!(member.earned.get(), earned.map(|entry| entry.points.get()).sum::<i64>());
    }
}
