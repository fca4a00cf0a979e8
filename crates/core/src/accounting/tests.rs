//! The method: figures worked by hand, the standard's own example, and what holds of all books.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::Decimal;

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn estimate(from_day: i64, percent: &str, worth: &[(&str, &str)]) -> Estimate {
    let number = |text: &str| text.parse::<Decimal>().expect("a number");
    Estimate {
        from_day,
        redeemed_percent: number(percent),
        worth: worth
            .iter()
            .map(|(code, worth)| (currency(code), number(worth)))
            .collect(),
    }
}

fn total(day: i64, kind: EntryKind, code: &str, points: i64, spent_minor: i64) -> DayTotal {
    DayTotal {
        day,
        kind,
        currency: (!code.is_empty()).then(|| currency(code)),
        points,
        spent_minor,
    }
}

/// Opening, deferred, clawed back, recognised, breakage and closing of the one currency.
fn check(books: Result<Books, TooLarge>, expected: [i64; 6]) {
    let books = books.expect("small sums");
    let [(_, of, _)] = books.currencies.as_slice() else {
        panic!("{} currencies", books.currencies.len())
    };
    let told = [
        of.opening,
        of.deferred,
        of.clawed_back,
        of.recognised,
        of.breakage,
        of.closing,
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_granted_is_worth_what_is_said_by_the_last_day_and_a_day_without_entries_is_none() {
    let estimates = [
        estimate(0, "100", &[("EUR", "0.01")]),
        estimate(10, "50", &[("EUR", "0.04")]),
    ];
    let totals = [total(1, EntryKind::Welcome, "", 500, 0)];
    let check = |to: i64, worth: i64| {
        let books = books(&estimates, &totals, 0, to).expect("small sums");
        assert_eq!(books.granted_points, 500);
        assert_eq!(books.granted_worth, Some((currency("EUR"), worth)));
        let days: Vec<i64> = books.points.iter().map(|(day, _)| *day).collect();
        assert_eq!(days, [1]);
    };
    check(9, 500);
    check(10, 1_000);
}

/// IFRS 15, Illustrative Example 52: a point for each 10 CU of 100,000 CU, each worth 1 CU; 9,500 of 10,000 are
/// expected to be redeemed. In the first year 4,500 are, in the second 4,000, and 9,700 are expected in all.
#[test]
fn the_example_of_the_standard_comes_to_the_standards_figures() {
    let estimates = [
        estimate(0, "95", &[("JPY", "1")]),
        estimate(365, "97", &[("JPY", "1")]),
    ];
    let mut totals = vec![
        total(10, EntryKind::Earn, "JPY", 10_000, 100_000),
        total(200, EntryKind::Redeem, "JPY", -4_500, 0),
        total(500, EntryKind::Redeem, "JPY", -4_000, 0),
    ];
    let year_1 = books(&estimates, &totals, 0, 364);
    check(year_1.clone(), [0, 8_676, 0, 4_110, 0, 4_566]);
    let year_2 = books(&estimates, &totals, 365, 729);
    check(year_2.clone(), [4_566, 0, 0, 3_493, 0, 1_073]);
    let standing = |books: Result<Books, TooLarge>| books.expect("small sums").currencies[0].2;
    assert_eq!(
        standing(year_1),
        Standing {
            issued_points: 10_000,
            redeemed_points: 4_500,
            expected_points: 9_500,
            outstanding_points: 5_500,
        }
    );
    assert_eq!(standing(year_2).expected_points, 9_700);
    // The standard ends here. Once the last are redeemed, or expired, nothing is owed.
    totals.push(total(800, EntryKind::Redeem, "JPY", -1_200, 0));
    totals.push(total(900, EntryKind::Expire, "JPY", -300, 0));
    check(
        books(&estimates, &totals, 730, 1_094),
        [1_073, 0, 0, 1_073, 0, 0],
    );
    // The page for accountants has these figures.
    let page = include_str!("../../ACCOUNTING.md");
    for (year, first) in [(1, 0), (2, 365), (3, 730)] {
        let of_year = books(&estimates, &totals, first, first + 364).expect("small sums");
        let (_, of, _) = of_year.currencies[0];
        let row = format!(
            "\n| year {year} | {} | {} | {} | {} | {} | {} |\n",
            of.opening, of.deferred, of.clawed_back, of.recognised, of.breakage, of.closing
        );
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn each_currency_is_allocated_in_its_own_minor_units() {
    let check_one = |code: &str, worth: &str, points: i64, spent: i64, deferred: i64| {
        let estimates = [estimate(0, "95", &[(code, worth)])];
        let totals = [total(1, EntryKind::Earn, code, points, spent)];
        check(
            books(&estimates, &totals, 0, 9),
            [0, deferred, 0, 0, 0, deferred],
        );
    };
    // 100,000.00 x 9,500 / 109,500 = 8,675.799…
    check_one("EUR", "1", 10_000, 10_000_000, 867_580);
    check_one("KWD", "1", 10_000, 100_000_000, 8_675_799);
    check_one("CLF", "1", 10_000, 1_000_000_000, 86_757_991);
    // 49.90 x (499 x 0.01 x 0.95) / (49.90 + 4.7405) = 4.3292…
    check_one("EUR", "0.01", 499, 4_990, 433);
    // A point worth less than a cent: 10.00 x 0.00095 / 10.00095 = 0.00095.
    check_one("EUR", "0.001", 1, 1_000, 0);
    check_one("EUR", "0.001", 6, 1_000, 1);
    // Half a cent is a cent: 0.01 x 0.01 / 0.02, were all of it redeemed.
    let estimates = [estimate(0, "100", &[("EUR", "0.01")])];
    let totals = [total(1, EntryKind::Earn, "EUR", 1, 1)];
    check(books(&estimates, &totals, 0, 9), [0, 1, 0, 0, 0, 1]);
    // Nothing was paid, so nothing is put off.
    check_one("EUR", "1", 10_000, 0, 0);
    // What a point is worth in another currency does not say it in this one.
    let estimates = [estimate(0, "95", &[("USD", "1")])];
    let totals = [total(1, EntryKind::Earn, "EUR", 500, 5_000)];
    check(books(&estimates, &totals, 0, 9), [0; 6]);
}

#[test]
fn points_that_are_taken_back_take_their_share_and_all_of_them_take_all() {
    let estimates = [estimate(0, "80", &[("EUR", "0.05")])];
    // 200.00 x (1,000 x 0.05 x 0.8) / 240.00 = 33.33.
    let mut totals = vec![
        total(1, EntryKind::Earn, "EUR", 900, 20_000),
        total(1, EntryKind::OrderChallenge, "EUR", 100, 0),
    ];
    check(books(&estimates, &totals, 1, 1), [0, 3_333, 0, 0, 0, 3_333]);
    // A quarter comes back: 33.33 x 750 / 1,000 = 24.9975.
    totals.push(total(2, EntryKind::Clawback, "EUR", -250, -5_000));
    check(
        books(&estimates, &totals, 2, 2),
        [3_333, 0, 833, 0, 0, 2_500],
    );
    // 300 of the 600 expected of 750 are redeemed: half of it is earned.
    totals.push(total(3, EntryKind::Redeem, "EUR", -300, 0));
    check(
        books(&estimates, &totals, 3, 3),
        [2_500, 0, 0, 1_250, 0, 1_250],
    );
    // They come back with a refund, and with them what is owed.
    totals.push(total(4, EntryKind::Return, "EUR", 300, 0));
    check(
        books(&estimates, &totals, 4, 4),
        [1_250, 0, 0, -1_250, 0, 2_500],
    );
    totals.push(total(5, EntryKind::Repay, "EUR", -50, 0));
    totals.push(total(5, EntryKind::Adjust, "EUR", -700, 0));
    check(books(&estimates, &totals, 5, 5), [2_500, 0, 2_500, 0, 0, 0]);
    check(books(&estimates, &totals, 0, 9), [0, 3_333, 3_333, 0, 0, 0]);
}

#[test]
fn a_refund_changes_nothing_of_what_is_deferred_for_other_orders() {
    let estimates = [estimate(0, "100", &[("CHF", "0.01")])];
    // 10,000.00 x 100.00 / 10,100.00 = 99.01.
    let mut totals = vec![
        total(1, EntryKind::Earn, "CHF", 10_000, 1_000_000),
        total(2, EntryKind::Earn, "CHF", 1_000_010, 1_000),
        total(2, EntryKind::Clawback, "CHF", -1_000_010, -1_000),
    ];
    let of_day = |totals: &[DayTotal], day| {
        let books = books(&estimates, totals, day, day).expect("small sums");
        (
            books.currencies[0].1.deferred,
            books.currencies[0].1.closing,
        )
    };
    assert_eq!(of_day(&totals, 1), (9_901, 9_901));
    assert_eq!(of_day(&totals, 2).1, 9_901);
    totals.push(total(3, EntryKind::Earn, "CHF", 1_000, 100_000));
    assert_eq!(of_day(&totals, 3), (990, 10_891));
    // Where points of it are spent already, that earned nothing after all.
    let spent = [
        total(1, EntryKind::Earn, "CHF", 1_000, 100_000),
        total(2, EntryKind::Redeem, "CHF", -600, 0),
        total(3, EntryKind::Clawback, "CHF", -400, -100_000),
    ];
    let all = books(&estimates, &spent, 0, 3);
    check(all, [0, 990, 990, 0, 0, 0]);
}

#[test]
fn breakage_is_earned_with_redemptions_where_expected_and_as_points_expire_where_not() {
    let earned = total(1, EntryKind::Earn, "JPY", 1_000, 9_000);
    let redeemed = total(2, EntryKind::Redeem, "JPY", -400, 0);
    let expired = |day, points: i64| total(day, EntryKind::Expire, "JPY", -points, 0);
    // All were expected: 9,000 x 1,000 / 10,000 = 900, a tenth of it for each 100 points.
    let all = [estimate(0, "100", &[("JPY", "1")])];
    let totals = [earned, redeemed, expired(3, 200), expired(4, 400)];
    check(books(&all, &totals, 1, 2), [0, 900, 0, 360, 0, 540]);
    check(books(&all, &totals, 3, 3), [540, 0, 0, 0, 180, 360]);
    check(books(&all, &totals, 4, 4), [360, 0, 0, 0, 360, 0]);
    // 800 were expected: 9,000 x 800 / 9,800 = 734.69…; half of them were redeemed. 200 may expire as expected, and
    // what expires beyond that is earned then.
    let most = [estimate(0, "80", &[("JPY", "1")])];
    check(books(&most, &totals, 1, 2), [0, 735, 0, 367, 0, 368]);
    check(books(&most, &totals, 3, 3), [368, 0, 0, 0, 0, 368]);
    check(books(&most, &totals, 4, 4), [368, 0, 0, 0, 368, 0]);
    let fewer = [earned, redeemed, expired(3, 300)];
    // Of 800 that were expected 300 are left to be redeemed: 735 x 300 / 800 = 275.6.
    check(books(&most, &fewer, 3, 3), [368, 0, 0, 0, 92, 276]);
}

#[test]
fn another_estimate_leaves_what_was_allocated_and_says_anew_what_is_still_to_come() {
    let earned = |day| total(day, EntryKind::Earn, "JPY", 1_000, 9_000);
    let estimates = [
        estimate(0, "100", &[("JPY", "1")]),
        estimate(5, "50", &[("JPY", "1")]),
        estimate(7, "50", &[("JPY", "2")]),
    ];
    let mut totals = vec![earned(1), total(2, EntryKind::Redeem, "JPY", -250, 0)];
    check(books(&estimates, &totals, 0, 4), [0, 900, 0, 225, 0, 675]);
    // On its first day, booked or not: 900 x (500 - 250) / 500.
    check(books(&estimates, &totals, 5, 5), [675, 0, 0, 225, 0, 450]);
    // 9,000 x 500 / 9,500 = 473.68… for the new ones; 900 + 474 for 2,000, of which 750 of 1,000 are to come.
    totals.push(earned(6));
    check(
        books(&estimates, &totals, 6, 6),
        [450, 474, 0, -107, 0, 1_031],
    );
    // 9,000 x 1,000 / 10,000 = 900 when each is worth 2.
    totals.push(earned(8));
    let of_day = books(&estimates, &totals, 8, 8).expect("small sums");
    assert_eq!(of_day.currencies[0].1.deferred, 900);
}

#[test]
fn a_percentage_that_was_overtaken_owes_nothing_and_says_so() {
    let estimates = [estimate(0, "50", &[("JPY", "1")])];
    let mut totals = vec![total(1, EntryKind::Earn, "JPY", 1_000, 9_000)];
    let overtaken = |totals: &[DayTotal]| {
        let books = books(&estimates, totals, 0, 9).expect("small sums");
        let (_, liability, standing) = books.currencies[0];
        (liability.closing, standing.is_overtaken())
    };
    assert_eq!(overtaken(&totals), (474, false));
    totals.push(total(2, EntryKind::Redeem, "JPY", -499, 0));
    assert_eq!(overtaken(&totals), (1, false));
    totals.push(total(3, EntryKind::Redeem, "JPY", -1, 0));
    assert_eq!(overtaken(&totals), (0, true));
    totals.push(total(4, EntryKind::Redeem, "JPY", -500, 0));
    assert_eq!(overtaken(&totals), (0, false));
}

#[test]
fn points_without_an_order_defer_nothing_and_are_counted() {
    let estimates = [estimate(0, "100", &[("EUR", "0.01")])];
    let totals = [
        total(1, EntryKind::Welcome, "", 100, 0),
        total(1, EntryKind::Earn, "EUR", 50, 5_000),
        total(2, EntryKind::Activity, "", 20, 0),
        total(2, EntryKind::Redeem, "", -60, 0),
        total(3, EntryKind::TransferOut, "", -40, 0),
        total(3, EntryKind::TransferIn, "", 40, 0),
        total(4, EntryKind::Expire, "", -10, 0),
        total(5, EntryKind::Adjust, "", -20, 0),
        total(6, EntryKind::Return, "", 5, 0),
    ];
    let all = books(&estimates, &totals, 2, 6).expect("small sums");
    assert_eq!(all.granted_points, 35);
    assert_eq!(all.currencies.len(), 1);
    assert!(all.days.is_empty());
    assert_eq!(
        all.points_in_all,
        PointsMovement {
            opening: 150,
            issued: 20,
            clawed_back: 20,
            redeemed: 60,
            returned: 5,
            expired: 10,
            moved: 0,
            closing: 85,
        }
    );
    assert_eq!(all.points.len(), 5);
    assert_eq!(all.points[0].1.opening, 150);
    // 35 x 0.01 x 72.5% is 0.25375; in two currencies nobody can say.
    let worth = |worth: &[(&str, &str)]| {
        let books = books(&[estimate(6, "72.5", worth)], &totals, 2, 6);
        books.expect("small sums").granted_worth
    };
    assert_eq!(worth(&[("EUR", "0.01")]), Some((currency("EUR"), 25)));
    assert_eq!(worth(&[("KWD", "0.01")]), Some((currency("KWD"), 254)));
    assert_eq!(worth(&[("EUR", "0.01"), ("USD", "0.01")]), None);
    assert_eq!(worth(&[]), None);
}

#[test]
fn points_on_their_way_from_member_to_member_are_owed_all_the_while() {
    let estimates = [estimate(0, "100", &[("JPY", "1")])];
    let totals = [
        total(1, EntryKind::Earn, "JPY", 1_000, 9_000),
        total(1, EntryKind::Welcome, "", 100, 0),
        total(2, EntryKind::TransferOut, "JPY", -700, 0),
        total(2, EntryKind::TransferOut, "", -100, 0),
        total(3, EntryKind::TransferIn, "JPY", 700, 0),
        total(3, EntryKind::TransferIn, "", 100, 0),
    ];
    let between = books(&estimates, &totals, 2, 2).expect("small sums");
    let (_, liability, standing) = between.currencies[0];
    assert_eq!((liability.opening, liability.closing), (900, 900));
    assert_eq!(
        (standing.outstanding_points, between.granted_points),
        (1_000, 100)
    );
    assert!(between.days.is_empty());
    // What members hold is the sum of their entries, and is less meanwhile.
    let points = between.points_in_all;
    assert_eq!(
        (points.opening, points.moved, points.closing),
        (1_100, -800, 300)
    );
    let all = books(&estimates, &totals, 1, 3).expect("small sums");
    assert_eq!(
        (all.points_in_all.moved, all.points_in_all.closing),
        (0, 1_100)
    );
}

#[test]
fn a_journal_has_a_debit_and_a_credit_for_each_movement() {
    let estimates = [estimate(0, "100", &[("JPY", "1")])];
    let totals = [
        total(1, EntryKind::Earn, "JPY", 1_000, 9_000),
        total(2, EntryKind::Redeem, "JPY", -400, 0),
        total(2, EntryKind::Clawback, "JPY", -100, -900),
        total(3, EntryKind::Return, "JPY", 400, 0),
        total(3, EntryKind::Expire, "JPY", -500, 0),
    ];
    let books = books(&estimates, &totals, 0, 9).expect("small sums");
    let told: Vec<_> = journal(&books)
        .iter()
        .map(|line| {
            let (account, reference) = (line.account.name(), line.reference);
            format!(
                "{} {account} {} {} {reference}",
                line.day, line.debit, line.credit
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 sales 900 0 deferred",
            "1 points-liability 0 900 deferred",
            "2 points-liability 90 0 clawed-back",
            "2 sales 0 90 clawed-back",
            "2 points-liability 360 0 recognised",
            "2 points-revenue 0 360 recognised",
            "3 points-revenue 360 0 recognised",
            "3 points-liability 0 360 recognised",
            "3 points-liability 450 0 breakage",
            "3 points-breakage 0 450 breakage",
        ]
    );
}

#[test]
fn sums_that_cannot_be_accounted_for_are_refused() {
    let estimates = [estimate(0, "100", &[("CLF", "1000")])];
    let most = [total(1, EntryKind::Earn, "CLF", i64::MAX, i64::MAX)];
    assert_eq!(books(&estimates, &most, 0, 9), Err(TooLarge));
    let twice = [total(1, EntryKind::Welcome, "", i64::MAX, 0); 2];
    assert_eq!(books(&estimates, &twice, 0, 9), Err(TooLarge));
    // A shop of a hundred billion euros, with as many points.
    let large = [total(
        1,
        EntryKind::Earn,
        "EUR",
        100_000_000_000,
        10_000_000_000_000,
    )];
    let estimates = [estimate(0, "100", &[("EUR", "0.01")])];
    assert!(books(&estimates, &large, 0, 9).is_ok());
}

/// What members do to a currency on a day; shares are thousandths of what there is.
#[derive(Clone, Debug)]
enum Act {
    Earn { points: i64, spent: i64 },
    TakeBack(i64),
    Redeem(i64),
    Return(i64),
    Expire(i64),
}

const CODES: [&str; 3] = ["EUR", "JPY", ""];
const DAYS: i64 = 40;

fn acts() -> impl Strategy<Value = Vec<(i64, usize, Act)>> {
    let share = 0..=1_000_i64;
    let act = prop_oneof![
        3 => (0..5_000_i64, 0..500_000_i64).prop_map(|(points, spent)| Act::Earn { points, spent }),
        1 => share.clone().prop_map(Act::TakeBack),
        2 => share.clone().prop_map(Act::Redeem),
        1 => share.clone().prop_map(Act::Return),
        1 => share.prop_map(Act::Expire),
    ];
    vec((0..DAYS, 0..CODES.len(), act), 0..60).prop_map(|mut acts| {
        acts.sort_by_key(|(day, ..)| *day);
        acts
    })
}

fn estimates() -> impl Strategy<Value = Vec<Estimate>> {
    let one = (-5..DAYS, 100..=10_000_i64, 1..20_000_i64, 0..30_000_i64);
    vec(one, 1..4).prop_map(|all| {
        all.into_iter()
            .map(|(from_day, share, eur, jpy)| Estimate {
                from_day,
                redeemed_percent: Decimal::new(share, 2),
                worth: vec![
                    (currency("EUR"), Decimal::new(eur, 4)),
                    (currency("JPY"), Decimal::new(jpy, 4)),
                ],
            })
            .collect()
    })
}

/// The totals of what was done: nobody spends, loses or is given back more than there is.
fn totals_of(acts: &[(i64, usize, Act)]) -> Vec<DayTotal> {
    let mut held = [0_i64; 3];
    let mut spent_points = [0_i64; 3];
    let mut totals = Vec::new();
    for (day, place, act) in acts {
        let code = CODES[*place];
        let (held, redeemed) = (&mut held[*place], &mut spent_points[*place]);
        let (kind, points, spent) = match act {
            Act::Earn { points, spent } => (EntryKind::Earn, *points, *spent),
            Act::TakeBack(share) => (EntryKind::Clawback, -(*held * share / 1_000), -7),
            Act::Redeem(share) => (EntryKind::Redeem, -(*held * share / 1_000), 0),
            Act::Return(share) => (EntryKind::Return, *redeemed * share / 1_000, 0),
            Act::Expire(share) => (EntryKind::Expire, -(*held * share / 1_000), 0),
        };
        *held += points;
        if matches!(act, Act::Redeem(_) | Act::Return(_)) {
            *redeemed -= points;
        }
        totals.push(total(*day, kind, code, points, spent));
    }
    totals
}

proptest! {
    #[test]
    fn periods_sum_to_their_span_however_it_is_split(
        acts in acts(),
        estimates in estimates(),
        (first, second) in (0..DAYS, 0..DAYS),
    ) {
        let totals = totals_of(&acts);
        let (from, to) = (first.min(second), first.max(second));
        let span = |from, to| books(&estimates, &totals, from, to).expect("small sums");
        let whole = span(0, DAYS);
        let parts = [span(0, from - 1), span(from, to), span(to + 1, DAYS)];
        for (nth, (_, told, standing)) in whole.currencies.iter().enumerate() {
            let joined = parts.iter().map(|part| part.currencies[nth].1);
            prop_assert_eq!(joined.reduce(Liability::then), Some(*told));
            prop_assert_eq!(parts[2].currencies[nth].2, *standing);
        }
        let joined = parts.iter().map(|part| part.points_in_all);
        prop_assert_eq!(joined.reduce(PointsMovement::then), Some(whole.points_in_all));
        let days: Vec<_> = parts.iter().flat_map(|part| part.days.clone()).collect();
        prop_assert_eq!(days, whole.days);
    }

    #[test]
    fn sums_of_earlier_days_open_the_same_books_as_the_days(
        acts in acts(),
        estimates in estimates(),
        from in 0..DAYS,
    ) {
        let totals = totals_of(&acts);
        let of_day = |day: i64| {
            let mut days = estimates.iter().map(|it| it.from_day).filter(|first| *first <= day);
            days.next().map_or(i64::MIN, |first| days.fold(first, i64::max))
        };
        let mut summed: Vec<DayTotal> = Vec::new();
        for total in &totals {
            let day = if total.day < from { of_day(total.day) } else { total.day };
            let same = |it: &&mut DayTotal| {
                total.day < from && it.day == day && it.kind == total.kind && it.currency == total.currency
            };
            match summed.iter_mut().find(same) {
                Some(sum) => {
                    sum.points += total.points;
                    sum.spent_minor += total.spent_minor;
                }
                None => summed.push(DayTotal { day, ..*total }),
            }
        }
        prop_assert_eq!(books(&estimates, &summed, from, DAYS), books(&estimates, &totals, from, DAYS));
    }

    #[test]
    fn openings_and_movements_are_closings_which_are_never_negative(
        acts in acts(),
        estimates in estimates(),
    ) {
        let totals = totals_of(&acts);
        let books = books(&estimates, &totals, 0, DAYS).expect("small sums");
        let days = books.days.iter().map(|(_, _, liability)| liability);
        for of in days.chain(books.currencies.iter().map(|(_, of, _)| of)) {
            let moved = of.deferred - of.clawed_back - of.recognised - of.breakage;
            prop_assert_eq!(of.opening + moved, of.closing);
            prop_assert!(of.closing >= 0 && of.deferred >= 0 && of.clawed_back >= 0);
        }
        let sum: i64 = totals.iter().map(|total| total.points).sum();
        prop_assert_eq!(books.points_in_all.closing, sum);
        for (_, of) in &books.points {
            let moved = of.issued - of.clawed_back - of.redeemed + of.returned - of.expired + of.moved;
            prop_assert_eq!(of.opening + moved, of.closing);
        }
        let outstanding = books.currencies.iter().map(|(_, _, it)| it.outstanding_points);
        prop_assert_eq!(outstanding.sum::<i64>() + books.granted_points, sum);
    }

    #[test]
    fn debits_equal_credits_and_the_account_of_the_liability_is_what_it_moved(
        acts in acts(),
        estimates in estimates(),
    ) {
        let books = books(&estimates, &totals_of(&acts), 0, DAYS).expect("small sums");
        let lines = journal(&books);
        for (day, currency, of_day) in &books.days {
            let of_it = || lines.iter().filter(|it| it.day == *day && it.currency == *currency);
            let debits: i64 = of_it().map(|it| it.debit).sum();
            prop_assert_eq!(debits, of_it().map(|it| it.credit).sum::<i64>());
            let owed = of_it().filter(|it| it.account == Account::PointsLiability);
            let moved: i64 = owed.map(|it| it.credit - it.debit).sum();
            prop_assert_eq!(of_day.opening + moved, of_day.closing);
        }
        prop_assert!(lines.iter().all(|it| it.debit >= 0 && it.credit >= 0));
        prop_assert!(lines.iter().all(|it| (it.debit == 0) != (it.credit == 0)));
    }

    #[test]
    fn when_all_is_redeemed_or_expired_nothing_is_owed(
        acts in acts(),
        estimates in estimates(),
        share in 0..=1_000_i64,
    ) {
        let mut acts = acts;
        for place in 0..CODES.len() {
            acts.push((DAYS, place, Act::Redeem(share)));
            acts.push((DAYS, place, Act::Expire(1_000)));
        }
        let books = books(&estimates, &totals_of(&acts), 0, DAYS).expect("small sums");
        for (_, of, standing) in &books.currencies {
            prop_assert_eq!(of.closing, 0);
            prop_assert_eq!(standing.outstanding_points, 0);
        }
        prop_assert_eq!(books.granted_points, 0);
    }

    #[test]
    fn an_order_that_is_refunded_whole_on_its_day_leaves_the_books_as_if_it_had_not_been(
        acts in acts(),
        estimates in estimates(),
        (day, points, spent) in (0..DAYS, 1..1_000_000_i64, 0..1_000_000_i64),
    ) {
        let totals = totals_of(&acts);
        let told = |totals: &[DayTotal], day| {
            let books = books(&estimates, totals, day, day).expect("small sums");
            let euro = books.currencies.into_iter().find(|(it, ..)| it.code() == "EUR");
            euro.map_or_else(Default::default, |(_, of, standing)| (of.closing, standing))
        };
        let earned = total(day, EntryKind::Earn, "EUR", points, spent);
        let refunded = total(day, EntryKind::Clawback, "EUR", -points, -spent);
        let with: Vec<_> = totals.iter().copied().chain([earned, refunded]).collect();
        for day in [day, DAYS] {
            prop_assert_eq!(told(&with, day), told(&totals, day));
        }
    }

    #[test]
    fn an_order_that_is_refunded_under_the_same_estimate_leaves_no_trace(
        estimates in estimates(),
        points in 1..100_000_i64,
        spent in 0..1_000_000_i64,
    ) {
        let first = estimates.iter().take(1).cloned().map(|it| Estimate { from_day: 0, ..it });
        let totals = [
            total(1, EntryKind::Earn, "EUR", points, spent),
            total(2, EntryKind::Clawback, "EUR", -points, -spent),
        ];
        let books = books(&first.collect::<Vec<_>>(), &totals, 0, 3).expect("small sums");
        let (_, of, _) = books.currencies[0];
        prop_assert_eq!((of.deferred, of.closing, of.recognised), (of.clawed_back, 0, 0));
    }
}

#[test]
fn estimates_are_in_force_in_the_order_in_which_they_were_published_and_no_day_that_has_begun_is_looked_at_again()
 {
    // Auckland, then Los Angeles, where it is the day before still.
    let auckland = estimate(23, "100", &[("EUR", "0.01")]);
    let angeles = estimate(22, "50", &[("EUR", "0.01")]);
    let totals = [
        total(22, EntryKind::Earn, "EUR", 1_000, 100_000),
        total(24, EntryKind::Earn, "EUR", 1_000, 100_000),
    ];
    let deferred = |estimates: &[Estimate], day| {
        let books = books(estimates, &totals, day, day).expect("small sums");
        books.currencies[0].1.deferred
    };
    assert_eq!(deferred(&[auckland.clone(), angeles.clone()], 22), 0);
    // Half of what 100 percent defer: the newer version is the one that holds.
    assert_eq!(deferred(std::slice::from_ref(&auckland), 24), 990);
    assert_eq!(deferred(&[auckland.clone(), angeles.clone()], 24), 498);
    let later = estimate(22, "40", &[("EUR", "0.01")]);
    assert_eq!(deferred(&[auckland, angeles, later], 22), 0);
}
