//! Statements: each of one shop, each by an index.

use earnest_core::reward::{Gift, RewardCode};
use earnest_core::{
    BudgetUse, CreditEntry, Entry, EntryKind, Event, EventKind, Given, Plan, Points, Present,
    Program, ProgramRef, Snapshot, Timestamp, compile,
};

use rusqlite::Connection;

use super::*;
use crate::gift_sent::{GiftContent, SentGift};
use crate::{Codes, EmailHash, Gifts, Signs, json};

/// In the order in which they apply.
const MIGRATIONS: [&str; 22] = [
    include_str!("../../../worker/migrations/0001_ledger.sql"),
    include_str!("../../../worker/migrations/0002_programs.sql"),
    include_str!("../../../worker/migrations/0003_facts.sql"),
    include_str!("../../../worker/migrations/0004_challenges.sql"),
    include_str!("../../../worker/migrations/0005_life.sql"),
    include_str!("../../../worker/migrations/0006_quotes.sql"),
    include_str!("../../../worker/migrations/0007_moves.sql"),
    include_str!("../../../worker/migrations/0008_refunds.sql"),
    include_str!("../../../worker/migrations/0009_guests.sql"),
    include_str!("../../../worker/migrations/0010_redemptions.sql"),
    include_str!("../../../worker/migrations/0011_credited.sql"),
    include_str!("../../../worker/migrations/0012_referrals.sql"),
    include_str!("../../../worker/migrations/0013_surprises.sql"),
    include_str!("../../../worker/migrations/0014_boards.sql"),
    include_str!("../../../worker/migrations/0015_again.sql"),
    include_str!("../../../worker/migrations/0016_who_brought.sql"),
    include_str!("../../../worker/migrations/0017_agreed.sql"),
    include_str!("../../../worker/migrations/0018_tenders.sql"),
    include_str!("../../../worker/migrations/0019_history.sql"),
    include_str!("../../../worker/migrations/0020_kept.sql"),
    include_str!("../../../worker/migrations/0021_partners.sql"),
    include_str!("../../../worker/migrations/0022_trials.sql"),
];

/// Each names the shop first, binds each parameter, uses each value, and finds its rows by an index.
fn check(statements: Vec<Statement>) {
    check_plans(&statements);
    for Statement { sql, values } in statements {
        assert_eq!(values.first(), Some(&Value::from("demo")), "{sql}");
        assert!(
            sql.contains("shop = ?1") || sql.contains("(shop, "),
            "{sql}"
        );
        let last = values.len();
        assert!(sql.contains(&format!("?{last}")), "{sql}");
        assert!(!sql.contains(&format!("?{}", last + 1)), "{sql}");
    }
}

/// No statement walks a table: what it reads does not grow with the shop. It may walk what it has made itself, of a
/// list that it binds or of rows that an index found.
fn check_plans(statements: &[Statement]) {
    const ITS_OWN: [&str; 11] = [
        "SCAN held",
        "SCAN booked",
        "SCAN json_each",
        "SCAN CONSTANT ROW",
        "SCAN (",
        "SCAN compared",
        "SCAN span",
        "SCAN her",
        "SCAN top",
        "SCAN last",
        "SCAN page",
    ];
    /// What there is more of with every member. Of these an index that begins with the shop alone finds too much.
    const GROWING: [&str; 11] = [
        "members",
        "entries",
        "credit_entries",
        "orders",
        "activities",
        "refunds",
        "redemptions",
        "transfers",
        "referrals",
        "gifts_sent",
        "scores",
    ];
    let database = Connection::open_in_memory().expect("a database in memory");
    for migration in MIGRATIONS {
        database.execute_batch(migration).expect("a migration");
    }
    for Statement { sql, .. } in statements {
        let mut explained = database
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
        let steps = explained.raw_query().mapped(|row| row.get::<_, String>(3));
        for step in steps {
            let step = step.expect("a step of the plan");
            let is_its_own = ITS_OWN.iter().any(|own| step.starts_with(own));
            assert!(!step.starts_with("SCAN") || is_its_own, "{step}: {sql}");
            // Beside an insert the plan tells what foreign keys would look for, if there were any to mend.
            let is_of_whole_shop = !sql.starts_with("INSERT")
                && GROWING.iter().any(|table| {
                    step.starts_with(&format!("SEARCH {table} ")) && step.ends_with("(shop=?)")
                });
            assert!(!is_of_whole_shop, "{step}: {sql}");
        }
    }
}

#[test]
fn a_statement_that_walks_a_table_is_found_out() {
    let walks = || {
        let sql = "SELECT * FROM entries WHERE shop = ?1 AND points > ?2";
        check_plans(&[Statement::new(
            "SELECT * FROM entries WHERE points > ?1",
            [],
        )]);
        check_plans(&[Statement::new(sql, [])]);
    };
    assert!(std::panic::catch_unwind(walks).is_err());
    let walks_a_shop = || {
        let sql = "SELECT * FROM entries WHERE shop = ?1 AND kind IN (?2, ?3) AND source = ?4";
        check_plans(&[Statement::new(sql, [])]);
    };
    assert!(std::panic::catch_unwind(walks_a_shop).is_err());
}

#[test]
fn what_the_cron_asks_of_all_shops_is_found_by_an_index() {
    check_plans(&[
        members::load_due(now(), 50),
        members::load_due_of("demo", now(), 50),
        transfers::load_on_their_way(now(), 10),
        gifts_sent::load_due(now(), 10),
        scores::load_due(now(), 10),
        newcomers::load_due(now(), 10),
        newcomers::store_done(&[]),
    ]);
    let newcomer = serde_json::json!({
        "due_at": 0, "shop": "demo", "member_id": "m", "has_orders": 0, "is_brought": 0
    });
    let newcomer = serde_json::from_value(newcomer).expect("a row");
    check(vec![newcomers::store_later(&newcomer, now())]);
}

fn program() -> ProgramRef {
    ProgramRef {
        version: 1,
        digest: String::new(),
    }
}

fn code() -> RewardCode {
    RewardCode::from_random([7; 10])
}

fn now() -> Timestamp {
    Timestamp::from_millis(0)
}

#[test]
fn every_statement_about_members_names_the_shop_first() {
    let hash = EmailHash::new(&[7; 32]);
    let joins = joining::Joining {
        member_id: "m",
        customer_id: None,
        email_hash: Some(&hash),
        terms: true,
        marketing: false,
        signs: &Signs::default(),
    };
    check(vec![
        access::load_doors("demo", "secret"),
        members::load_by_id("demo", "m"),
        members::load_by_customer("demo", Some("c")),
        members::load_by_email("demo", &hash),
        members::load_by_traces("demo", members::Traces::default()),
        joining::store_joining("demo", joins, now()),
        joining::store_link("demo", joins, now()),
        joining::store_customer("demo", "m", "c"),
        members::store_due("demo", "m", 0, now()),
        chain::load("demo", "m", 1, 500),
        members::store_facts("demo", "m", 0, &Snapshot::default(), (None, None)),
        members::store_names("demo", "m", (None, None)),
        members::load_household("demo", "m", 1),
        members::load_by_referral_code("demo", None),
        members::store_referral_code("demo", "m", 0, code()),
        members::store_signs("demo", "m", &Signs::default()),
        members::store_merged("demo", "m", "n"),
        members::store_followers("demo", "m", "n"),
        members::store_taken_over("demo", "m", "n", now(), None),
        entries::load_page("demo", "m", None, 1),
        entries::load_by_source("demo", EntryKind::Adjust, "k"),
    ]);
}

fn club() -> Program {
    let rules = compile::compile(
        "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }",
    );
    rules.expect("a program").program
}

/// A plan that does nothing.
fn nothing() -> Plan {
    Plan {
        entries: Vec::new(),
        credits: Vec::new(),
        budgets: Vec::new(),
        drawn: Vec::new(),
        gifts: Vec::new(),
        events: Vec::new(),
        snapshot: Snapshot::default(),
    }
}

#[test]
fn every_statement_of_a_plan_names_the_shop_first() {
    let rules = club();
    let entry = Entry {
        seq: 1,
        kind: EntryKind::Welcome,
        points: Points::ZERO,
        balance: Points::ZERO,
        source: String::new(),
        reason: None,
        by: None,
        rules: Vec::new(),
        partner: None,
        pools: Vec::new(),
        program: program(),
        booked_at: now(),
        day: 0,
    };
    let credit = CreditEntry {
        balance: "credit".to_owned(),
        kind: EntryKind::Earn,
        minor: 1,
        balance_minor: 1,
        source: String::new(),
        rules: Vec::new(),
        program: program(),
        booked_at: now(),
    };
    let taken = BudgetUse {
        holder: "double".to_owned(),
        points: 1,
        budget: 2,
    };
    let plan = Plan {
        entries: vec![entry],
        credits: vec![credit],
        budgets: vec![
            BudgetUse {
                points: -1,
                ..taken.clone()
            },
            taken,
        ],
        events: vec![Event {
            kind: EventKind::Matured {
                points: Points::ZERO,
            },
            happened_at: now(),
        }],
        ..nothing()
    };
    let base = append::Base::newcomer("m");
    let due = append::Base {
        due_at: Some(now()),
        ..base
    };
    let stored = |plan: &Plan| {
        for base in [base, due] {
            check(append::store_plan("demo", &base, &rules, plan, now()));
        }
    };
    stored(&plan);
    let without_entries = Plan {
        entries: Vec::new(),
        ..plan
    };
    stored(&without_entries);
    check(vec![
        budgets::load("demo"),
        events::load_page("demo", 0, 1),
        events::load_history("demo", "m", None, 1),
    ]);
}

#[test]
fn every_statement_about_what_was_sent_names_the_shop_first() {
    let program = program();
    let order = orders::NewOrder {
        order_id: "o",
        member_id: None,
        email_hash: None,
        content: "{}",
        answer: "{}",
        points: Points::ZERO,
        program: &program,
        quote_id: Some("quo_1"),
        placed_at: now(),
        booked_at: now(),
        evaluated: "{}",
        spent: &[],
        signs: None,
    };
    let activity = activities::NewActivity {
        activity_id: "a",
        member_id: "m",
        kind: "review",
        content: "{}",
        answer: "{}",
        points: Points::ZERO,
        program: &program,
        occurred_at: now(),
        booked_at: now(),
    };
    let published = programs::NewProgram {
        reference: &program,
        source: "version = 1",
        document: "{}",
        published_at: now(),
    };
    check(vec![
        orders::load_by_quote("demo", Some("quo_1"), Some("mem_1")),
        orders::load("demo", "o"),
        orders::store("demo", order),
        activities::load("demo", "a"),
        activities::store("demo", activity),
        programs::load_version_and_newest("demo", 1),
        programs::load("demo", 1),
        programs::load_newest("demo"),
        programs::load_page("demo", None, 1),
        days::load_estimates("demo"),
        days::load("demo", 0, 1),
        days::load_sums_before("demo", 9, &[3, 5]),
        partner_days::load_traffic("demo", 0, 1),
        partner_days::load_partners("demo", 0, 1),
        programs::store("demo", published),
    ]);
}

#[test]
fn every_statement_about_transfers_names_the_shop_first() {
    let transfer = transfers::NewTransfer {
        transfer_id: "t",
        kind: transfers::ParcelKind::Merge,
        from_member: "m",
        to_member: "n",
        content: "{}",
    };
    let program = program();
    let credited = orders::CreditedOrder {
        member_id: "m",
        points: Points::ZERO,
        program: &program,
        evaluated: "{}",
    };
    check(vec![
        transfers::load("demo", "t"),
        transfers::load_receiver("demo", "t"),
        transfers::load_entries("demo", "t"),
        transfers::store("demo", transfer, now()),
        transfers::store_arrival("demo", "t", now()),
        transfers::store_later("demo", "t", now()),
        newcomers::store("demo", "m", now()),
        newcomers::load_waiting("demo", "m", 1, 1),
        orders::store_member("demo", "o", credited),
        orders::check_refunds("demo", "o", 0),
    ]);
}

#[test]
fn every_statement_about_referrals_names_the_shop_first() {
    let points = Gift::Points(Points::ZERO);
    let gift = SentGift {
        gift_id: "g".to_owned(),
        kind: EntryKind::Referral,
        member_id: "m".to_owned(),
        content: GiftContent::give("referral", &points, None),
    };
    let decided = referrals::Decided {
        friend_id: "m",
        advocate_id: "n",
        joined: None,
        ordered: None,
        order_id: None,
        counted: None,
    };
    check(vec![
        referrals::store("demo", "m", code(), now()),
        referrals::load("demo", members::Traces::default()),
        referrals::load_page("demo", "m", None, 1),
        referrals::load_friend("demo", "m"),
        referrals::load_by_order("demo", "o"),
        referrals::store_decided("demo", decided),
        referrals::store_taken_back("demo", "m", now()),
        referrals::store_merged("demo", "m", "n"),
        gifts_sent::load("demo", "g"),
        gifts_sent::load_receiver("demo", "g"),
        gifts_sent::store("demo", &gift, now()),
        gifts_sent::store_all("demo", &[], now()),
        gifts_sent::store_arrival("demo", "g", now()),
        gifts_sent::store_later("demo", "g", now()),
    ]);
}

#[test]
fn every_statement_about_competitions_names_the_shop_first() {
    let scored = scores::Scored {
        member_id: "m",
        competition: "cup",
        total: 1,
        reached_at: now(),
        name: None,
    };
    check(vec![
        scores::load("demo", "cup"),
        scores::load_known("demo", &["cup"]),
        scores::load_board("demo", "cup", 10),
        scores::store("demo", scored),
        scores::store_less("demo", "m", "cup", 1),
        scores::store_running("demo", "cup", now(), 1),
        scores::store_later("demo", "cup", now()),
        scores::store_given("demo", "cup", now()),
        scores::check_board("demo", "cup", 10, &[]),
        scores::store_name("demo", "m", None),
    ]);
    check(scores::store_merged("demo", "m", "n").to_vec());
}

#[test]
fn every_statement_about_refunds_and_redemptions_names_the_shop_first() {
    let refund = refunds::RefundRow {
        refund_id: "r".to_owned(),
        content: "{}".to_owned(),
        answer: "{}".to_owned(),
        nth: 1,
    };
    let redemption = redemptions::NewRedemption {
        redemption_id: "r",
        member_id: "m",
        content: "{}",
        answer: "{}",
        points: 1,
        rewards: &[],
        agreed: "{}",
        spent_at: None,
    };
    check(vec![
        refunds::load_order("demo", "o"),
        refunds::load_member("demo", "o"),
        refunds::load("demo", "o"),
        refunds::load_known("demo", "r"),
        refunds::store("demo", "o", &refund, now()),
        redemptions::load("demo", &[]),
        redemptions::load_member("demo", "r"),
        redemptions::store("demo", redemption, now()),
        redemptions::store_spent("demo", "r", now()),
        redemptions::load_by_member("demo", "m", 9),
        credits::load_page("demo", "m", "credit", None, 9),
        credits::load_after("demo", "m", ("credit", 3), 9),
        redemptions::load_used_gifts("demo", "o"),
        redemptions::store_withdrawn_of("demo", "earn:o", &[], now()),
    ]);
}

#[test]
fn every_statement_about_gifts_names_the_shop_first() {
    let given = |what| Given {
        kind: EntryKind::Surprise,
        source: "o".to_owned(),
        giver: "extra".to_owned(),
        what,
    };
    let reward = |id: &str| {
        given(Present::Reward {
            id: id.to_owned(),
            ends_at: None,
        })
    };
    let plan = Plan {
        gifts: vec![
            given(Present::Points(Points::ZERO)),
            reward("mug"),
            reward("mug"),
        ],
        ..nothing()
    };
    let codes = Codes::from_random([1; 32]);
    let rules = club();
    let gifts = Gifts::of(&plan, &rules, &codes);
    let statements = gifts.store("demo", "m", now());
    let ids: Vec<_> = statements
        .iter()
        .filter(|it| it.sql.contains("redemptions"))
        .map(|it| &it.values[1])
        .collect();
    assert!(
        ids.len() == 2 && ids[0] != ids[1],
        "each has an id of its own: {ids:?}"
    );
    let told = json(&gifts.told(EntryKind::Surprise));
    assert_eq!(told.matches(r#""code":"#).count(), 2);
    assert_eq!(json(&gifts.told(EntryKind::Referral)), "[]");
    for statement in &statements {
        let is_event = statement.sql.contains("INTO events");
        let told = format!("{:?}", statement.values).contains("code");
        assert_ne!(
            is_event, told,
            "a code is kept, and not told to all: {statement:?}"
        );
    }
    check(statements);
    check(vec![
        crate::withdraw("demo", EntryKind::Surprise, "o", now()),
        seeds::load_in_use("demo"),
        seeds::load("demo", &[]),
        seeds::load_by_key("demo", Some("k")),
        seeds::store("demo", "sha256:", "00", Some("k"), now()),
        seeds::store_revealed("demo", "sha256:", now()),
        seeds::check_in_use("demo", "sha256:"),
    ]);
}

#[test]
fn errors_are_told_apart_by_their_words() {
    let kind = |message: &str| StoreError::from_message(message.to_owned());
    assert!(matches!(
        kind("D1_ERROR: UNIQUE constraint failed: entries.shop, entries.seq: SQLITE_CONSTRAINT"),
        StoreError::Conflict(_)
    ));
    assert!(matches!(
        kind(
            "D1_ERROR: another writer was first: a newer version has been published: SQLITE_CONSTRAINT"
        ),
        StoreError::Conflict(_)
    ));
    assert!(matches!(
        kind("D1_ERROR: CHECK constraint failed: a_budget_is_not_overspent: SQLITE_CONSTRAINT"),
        StoreError::BudgetSpent(_)
    ));
    assert!(matches!(
        kind("D1_ERROR: Network connection lost."),
        StoreError::Away(_)
    ));
    assert!(matches!(
        kind("D1_ERROR: CHECK constraint failed: balance_points: SQLITE_CONSTRAINT"),
        StoreError::Broken(_)
    ));
    assert!(matches!(kind(""), StoreError::Broken(_)));
}
