//! Statements: what a member's ledger holds, exported, passes the check that needs nobody; tampered with, it fails.

use earnest_core::statement::{StatementRule, verify};
use earnest_core::wire::StatementDocument;
use serde_json::{Value, json};

use crate::shop::{Member, cart, fresh, shop};

/// A member who joined, bought, and was given and taken points.
fn member() -> Member {
    let member = shop("bakery").enrol();
    member.order(&fresh("order"), &cart("310.00")).expect(201);
    member
        .adjust(&fresh("key"), -60, "a cake – für Zoë")
        .expect(201);
    member.order(&fresh("order"), &cart("9.99")).expect(201);
    member
}

fn statement(member: &Member, query: &str) -> StatementDocument {
    let told = member.get(&format!("/statement{query}")).expect(200);
    serde_json::from_value(told).expect("a statement")
}

#[test]
fn a_statement_tells_the_whole_ledger_and_passes_the_check() {
    let member = member();
    let told = statement(&member, "");
    let found = verify(&told).expect("a good statement");
    let entries = member.sound_entries();
    assert_eq!(
        (found.entries, found.chained_from),
        (entries.len(), Some(1))
    );
    assert_eq!(found.balance, member.balance());
    assert_eq!(
        (told.shop.as_str(), &told.member_id),
        ("bakery", &member.id)
    );
    for (told, entry) in told.entries.iter().rev().zip(&entries) {
        assert_eq!(told.seq, entry["seq"].as_u64().expect("a place"));
        assert_eq!(Value::from(told.points), entry["points"]);
        assert_eq!(json!(told.rules), entry["rules"]);
        assert_eq!(Value::from(told.source.as_str()), entry["source"]);
    }
    // What was bought is told by its currency and without its tax, what was joined for by none.
    let [welcome, order, ..] = &told.entries[..] else {
        panic!("{told:?}")
    };
    assert_eq!(welcome.pools[0].currency, None);
    let spent = &order.pools[0];
    assert_eq!(
        (spent.currency.as_deref(), spent.spent_minor),
        (Some("EUR"), 31_000)
    );
    assert!(told.holdings.is_some());
}

#[test]
fn a_hash_that_was_kept_is_held_by_every_later_statement() {
    let member = member();
    let before = verify(&statement(&member, "")).expect("a good statement");
    let kept = before.head().expect("a hash");
    member.adjust(&fresh("key"), 5, "one more").expect(201);
    let after = verify(&statement(&member, "")).expect("a good statement");
    assert!(after.holds(kept));
    assert_ne!(after.head(), Some(kept));
    // Another member's ledger is another chain.
    let other = verify(&statement(&self::member(), "")).expect("a good statement");
    assert!(!other.holds(kept));
}

#[test]
fn a_statement_that_was_tampered_with_fails_the_check() {
    let good = statement(&member(), "");
    let check = |change: &dyn Fn(&mut StatementDocument), rule| {
        let mut tampered = good.clone();
        change(&mut tampered);
        let found = verify(&tampered).expect_err("a break");
        assert_eq!(found.rule, rule, "{found}");
    };
    check(
        &|it| it.entries[2].points = -6,
        StatementRule::BalanceContinued,
    );
    check(
        &|it| it.entries[2].reason = Some("a pie".to_owned()),
        StatementRule::HashFollows,
    );
    check(
        &|it| it.entries[1].pools[0].spent_minor -= 1,
        StatementRule::HashFollows,
    );
    check(&|it| it.member_id.push('0'), StatementRule::HashFollows);
    check(&|it| drop(it.entries.pop()), StatementRule::ClosingIsLast);
    check(
        &|it| drop(it.entries.remove(1)),
        StatementRule::SeqWithoutGaps,
    );
}

#[test]
fn a_part_is_told_from_where_it_opens_to_where_it_closes() {
    let member = member();
    let whole = statement(&member, "");
    let part = statement(&member, "?from_seq=2&to_seq=3");
    assert_eq!(part.entries, whole.entries[1..3]);
    assert_eq!(part.opening.hash, whole.entries[0].hash);
    assert_eq!(part.closing.hash, whole.entries[2].hash);
    assert_eq!(part.holdings, None);
    verify(&part).expect("a good part");
    // From behind the end on there is nothing yet.
    let end = whole.closing.seq + 1;
    let nothing = statement(&member, &format!("?from_seq={end}"));
    assert_eq!(
        (nothing.entries.len(), &nothing.closing),
        (0, &whole.closing)
    );
    verify(&nothing).expect("a good part");
    let refused = |query: String, parameter: &str| {
        let answer = member.get(&format!("/statement?{query}"));
        let problem = answer.expect_problem(400, "parameter_invalid");
        assert_eq!(problem["parameter"], parameter, "{query}");
    };
    refused(format!("from_seq={}", end + 1), "from_seq");
    refused("from_seq=3&to_seq=1".to_owned(), "to_seq");
    refused("from_seq=0".to_owned(), "from_seq");
    refused("to_seq=last".to_owned(), "to_seq");
    shop("bakery")
        .get("/v1/members/mem_nobody/statement")
        .send()
        .expect_problem(404, "member_not_found");
}

#[test]
fn a_ledger_that_was_seeded_passes_the_check_as_well() {
    let maya = "/v1/members/mem_0000000000000000000000006d617961/statement";
    let told = shop("demo").get(maya).send().expect(200);
    let told: StatementDocument = serde_json::from_value(told).expect("a statement");
    let found = verify(&told).expect("a good statement");
    assert_eq!(found.chained_from, Some(1));
}
