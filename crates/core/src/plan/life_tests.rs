//! The life of points, told day by day, as far as the shared vectors (`tests/vectors/life`) do not: when something is
//! due, when it came to pass, transfers, merges, and points from before there were lots.

use super::*;
use crate::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use crate::reward::{Had, Taker, Wish, take};
use crate::wire::CartDocument;
use crate::{Holdings, compile, evaluate};

const CLUB: &str = r#"
    version = 1
    name = "Club"
    time_zone = "Europe/Berlin"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
    pending = { return_days = 14 }
    redemptions = { hold_minutes = 60 }
    tiers_by = { what = "points", period = "calendar-year" }
    [[rewards]]
    id = "coffee"
    name = "Coffee"
    points = 30
    stock = 5
    per_member = 2
    gives = { amount_off = { EUR = 3 } }
    [[tiers]]
    id = "gold"
    name = "Gold"
    from_points = 500
"#;

/// A member's story under one program.
#[derive(Clone)]
struct Story {
    program: Program,
    member: Snapshot,
}

fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("an instant");
    Timestamp::from_millis(at.as_millisecond())
}

fn cart(euros: i64) -> Cart {
    let document = serde_json::json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "a", "quantity": 1, "unit_price": euros.to_string() }
    ]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Cart::try_from(document).expect("a cart of the test")
}

impl Story {
    fn new(more: &str) -> Self {
        let source = format!("{more}\n{CLUB}");
        let program = compile::compile(&source).expect("a valid program").program;
        let join = Command::Enrol { member_id: "m1" };
        let joined = plan(&program, None, join, at("2026-01-01T08:00:00Z")).expect("a member");
        let member = joined.snapshot;
        Self { program, member }
    }

    /// Books a command, and tells its entries, its events and what she has then.
    fn book(&mut self, command: Command<'_>, now: &str) -> String {
        let now = at(now);
        let planned = match plan(&self.program, Some(&self.member), command, now) {
            Ok(planned) => planned,
            Err(refusal) => return refusal.code().to_owned(),
        };
        let mut told: Vec<String> = Vec::new();
        for entry in &planned.entries {
            let sum: i64 = entry.pools.iter().map(|pool| pool.points).sum();
            assert_eq!(sum, entry.points.get(), "the pools of {entry:?}");
            told.push(format!("{} {}", entry.kind.name(), entry.points));
        }
        told.extend(planned.events.iter().map(|event| {
            let happened = event.happened_at.as_millis();
            assert!(happened <= now.as_millis());
            format!("[{}]", event.kind.name())
        }));
        let holdings = &planned.snapshot.holdings;
        assert_eq!(holdings.points(), planned.snapshot.balance.get());
        told.push(tell_holdings(holdings, now));
        self.member = planned.snapshot;
        told.join(", ")
    }

    fn order(&mut self, id: &str, euros: i64, now: &str) -> String {
        let cart = cart(euros);
        let earning = evaluate(&self.program, &self.member, &cart, at(now)).expect("points");
        let command = Command::Earn {
            order_id: id,
            cart: &cart,
            placed_at: at(now),
            earning: &earning,
            redemptions: &[],
            draws: &[],
        };
        self.book(command, now)
    }

    /// Refunds so much of an order of a single line.
    fn refund(&mut self, id: &str, of: (i64, &str), amount_minor: i64, now: &str) -> String {
        let cart = cart(of.0);
        let member = self.program.newcomer();
        let placed_at = at(of.1);
        let earned = evaluate(&self.program, &member, &cart, placed_at).expect("points");
        let order = BookedOrder {
            cart: &cart,
            member: &member,
            evaluated_at: placed_at,
            placed_at,
            points: earned.points,
            credits: &credits_of(&self.program, &earned),
            spent: &[],
            tendered: &[],
            surprises: &Surprised::default(),
        };
        let refund = if amount_minor == of.0 * 100 {
            Refund::Rest
        } else {
            Refund::Lines(vec![RefundedLine {
                id: "a".into(),
                quantity: 0,
                amount_minor: Some(amount_minor),
            }])
        };
        let before = SentBack::default();
        let after = before.with(&cart, &refund).expect("a refund");
        let taken_back = take_back(Some(&self.program), &order, &[before], &after).expect("points");
        let command = Command::Refund {
            refund_id: id,
            taken_back: &taken_back,
        };
        self.book(command, now)
    }

    fn reserve(&mut self, id: &str, now: &str) -> String {
        let had = Had::of(self.program.rewards(), &self.member);
        let taker = Taker::new(&self.program, &self.member, &had, at(now));
        let wish = Wish {
            reward: "coffee",
            points: None,
        };
        let program = self.program.clone();
        match take(program.rewards(), &taker, None, &[wish], at(now)) {
            Err(refused) => refused.refusal.code().to_owned(),
            Ok(chosen) => self.book(
                Command::Reserve {
                    redemption_id: id,
                    taken: &chosen,
                    tenders: &[],
                },
                now,
            ),
        }
    }
}

/// `free 30, pending 20, held 10, owed 5`; what is nothing is left out.
fn tell_holdings(holdings: &Holdings, now: Timestamp) -> String {
    let parts = [
        ("free", holdings.available(now)),
        ("pending", holdings.pending(now)),
        ("held", holdings.reserved()),
        ("owed", holdings.owed),
    ];
    let told = parts.iter().filter(|(_, points)| *points > 0);
    let told: Vec<_> = told
        .map(|(word, points)| format!("{word} {points}"))
        .collect();
    format!("({})", told.join(" "))
}

#[test]
fn points_wait_for_the_return_window_and_are_free_to_the_second_however_late_anybody_looks() {
    let mut story = Story::new("");
    let said = story.order("o1", 40, "2026-03-01T12:00:00Z");
    assert_eq!(said, "earn 40, (pending 40)");
    // The 14th day ends at midnight in Berlin, an hour before it does in UTC.
    let due = due_at(&story.program, &story.member, at("2026-03-01T12:00:00Z"));
    assert_eq!(due, Some(at("2026-03-15T23:00:00Z")));
    let holdings = story.member.holdings.clone();
    assert_eq!(
        tell_holdings(&holdings, at("2026-03-15T22:59:59.999Z")),
        "(pending 40)"
    );
    assert_eq!(
        tell_holdings(&holdings, at("2026-03-15T23:00:00Z")),
        "(free 40)"
    );
    assert_eq!(
        story.reserve("r0", "2026-03-15T22:59:59Z"),
        "not_enough_points"
    );
    // Nothing has run in between, and yet they may be spent.
    let said = story.reserve("r1", "2026-03-20T12:00:00Z");
    assert_eq!(said, "[points.matured], (free 10 held 30)");
    // What was told is not told again.
    let said = story.book(Command::Settle, "2026-03-20T12:10:00Z");
    assert_eq!(said, "(free 10 held 30)");
}

#[test]
fn a_refund_lowers_the_tier_that_its_order_had_reached() {
    let mut story = Story::new("");
    let placed = "2026-03-01T12:00:00Z";
    let said = story.order("o1", 600, placed);
    assert_eq!(said, "earn 600, [tier.changed], (pending 600)");
    let said = story.refund("f1", (600, placed), 5_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -50, (pending 550)", "550 still are gold");
    let said = story.refund("f2", (600, placed), 10_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -100, [tier.changed], (pending 450)");
    assert_eq!(story.member.tier, None);
    // Who was given a tier keeps it.
    let mut story = Story::new("");
    story.member.tier = Some("gold".into());
    story.order("o1", 20, placed);
    let said = story.refund("f1", (20, placed), 2_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -20, ()");
}

#[test]
fn what_a_challenge_gave_goes_back_with_the_order_without_which_it_is_not_reached() {
    let mut story = Story::new(
        "refunds = { deficit = true }\n\
         challenges = [{ id = 'two', label = '2 orders', count = 'orders', steps = [{ at = 2, points = 50 }] }]",
    );
    let placed = "2026-03-01T12:00:00Z";
    assert_eq!(story.order("o1", 40, placed), "earn 40, (pending 40)");
    let said = story.order("o2", 30, placed);
    assert_eq!(said, "earn 30, order-challenge 50, (pending 120)");
    // A part of it that stays keeps it an order.
    let said = story.refund("f1", (40, placed), 1_000, placed);
    assert_eq!(said, "clawback -10, (pending 110)");
    let said = story.refund("f2", (40, placed), 4_000, placed);
    assert_eq!(said, "clawback -90, (pending 20)");
    assert_eq!(story.member.earned.get(), 20, "challenges lift no tier");
    let said = story.order("o3", 20, placed);
    assert_eq!(said, "earn 20, order-challenge 50, (pending 90)");
}

#[test]
fn an_order_that_an_older_program_decides_counts_on_the_way_to_the_tiers_of_today() {
    let mut story = Story::new("");
    let last_years = story.program.clone();
    let today = CLUB.replace("from_points = 500", "from_orders = 2");
    let today = today.replace("what = \"points\"", "what = \"orders\"");
    story.program = compile::compile(&today).expect("a valid program").program;
    let (placed, now) = ("2026-03-01T12:00:00Z", at("2026-03-02T12:00:00Z"));
    story.order("o1", 40, placed);
    let before = story.member.standing.clone();
    assert_eq!(
        (&*before.basis, &before.buckets[..]),
        ("orders year", &[(2026, 1)][..])
    );
    let cart = cart(600);
    let earning = evaluate(&last_years, &story.member, &cart, now).expect("points");
    let command = Command::Earn {
        order_id: "o2",
        cart: &cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[],
        draws: &[],
    };
    let planned = plan_under(
        &story.program,
        &last_years,
        Some(&story.member),
        command,
        now,
    );
    let planned = planned.expect("a plan");
    let earned = planned.entries.iter().map(|it| &it.program);
    assert_eq!(earned.collect::<Vec<_>>(), [last_years.reference()]);
    story.member = planned.snapshot;
    let after = &story.member.standing;
    assert_eq!(
        (&*after.basis, &after.buckets[..]),
        ("orders year", &[(2026, 2)][..])
    );
    assert_eq!(story.member.tier.as_deref(), Some("gold"));
    // What counted on another basis is not taken out of this one.
    let order = BookedOrder {
        cart: &cart,
        member: &Snapshot::default(),
        evaluated_at: now,
        placed_at: now,
        points: earning.points,
        credits: &[],
        spent: &[],
        tendered: &[],
        surprises: &Surprised::default(),
    };
    let after = SentBack::default()
        .with(&cart, &Refund::Rest)
        .expect("a refund");
    let back = take_back(Some(&last_years), &order, &[], &after).expect("points");
    let command = Command::Refund {
        refund_id: "f1",
        taken_back: &back,
    };
    story.book(command, "2026-03-03T12:00:00Z");
    assert_eq!(story.member.standing.buckets, [(2026, 2)]);
}

#[test]
fn points_expire_at_the_end_of_their_last_day_and_are_told_of_before() {
    let mut story = Story::new("expiry = { after_months = 1 }");
    story.order("o1", 10, "2026-01-31T12:00:00Z");
    // The last day of February, in Berlin.
    let said = story.book(Command::Settle, "2026-02-28T22:59:59Z");
    assert_eq!(said, "[points.matured], [points.expiring_soon], (free 10)");
    let said = story.book(Command::Settle, "2026-02-28T23:00:00Z");
    assert_eq!(said, "expire -10, [points.expired], ()");
    let said = story.book(Command::Settle, "2026-03-05T00:00:00Z");
    assert_eq!(said, "()");
    assert_eq!(
        due_at(&story.program, &story.member, at("2026-03-05T00:00:00Z")),
        None
    );
    // One word a month before and one a week before, each once.
    let mut story = Story::new("expiry = { after_months = 2 }");
    story.order("o1", 10, "2026-01-31T12:00:00Z");
    let mut words = 0;
    for day in 1..=31 {
        let said = story.book(Command::Settle, &format!("2026-03-{day:02}T05:00:00Z"));
        words += said.matches("expiring_soon").count();
    }
    assert_eq!(words, 2);
}

#[test]
fn a_tier_falls_at_its_own_second_however_late_that_is_found() {
    let mut story = Story::new("");
    story.order("o1", 600, "2026-03-01T12:00:00Z");
    let settle = |story: &mut Story, now: &str| {
        let planned = plan(
            &story.program,
            Some(&story.member),
            Command::Settle,
            at(now),
        );
        let planned = planned.expect("a plan");
        story.member = planned.snapshot;
        let falls = planned.events.into_iter();
        let falls = falls.filter(|it| matches!(it.kind, crate::EventKind::TierChanged { .. }));
        falls.map(|it| it.happened_at).collect::<Vec<_>>()
    };
    assert_eq!(settle(&mut story, "2027-12-31T22:59:59Z"), []);
    let due = due_at(&story.program, &story.member, at("2027-12-31T22:59:59Z"));
    assert_eq!(due, Some(at("2027-12-31T23:00:00Z")));
    let fell = settle(&mut story, "2028-02-01T00:00:00Z");
    assert_eq!(fell, [at("2027-12-31T23:00:00Z")]);
    assert_eq!(settle(&mut story, "2028-02-01T00:00:01Z"), []);
}

#[test]
fn who_falls_step_by_step_is_told_of_each_step_however_late_that_is_found() {
    let softly = CLUB.replace(
        "period = \"calendar-year\"",
        "period = \"calendar-year\", soft_landing = true",
    );
    let more = "[[tiers]]\nid = 'silver'\nname = 'Silver'\nfrom_points = 100\n";
    let softly = softly.replace("[[tiers]]", &format!("{more}[[tiers]]"));
    let mut story = Story::new("");
    story.program = compile::compile(&softly).expect("a program").program;
    story.order("o1", 600, "2026-03-01T12:00:00Z");
    let changes = |planned: Plan| {
        let events = planned.events.into_iter();
        let changes = events.filter_map(|it| match it.kind {
            crate::EventKind::TierChanged { from, to } => {
                let id = |tier: Option<String>| tier.unwrap_or("none".into());
                Some((format!("{} to {}", id(from), id(to)), it.happened_at))
            }
            _ => None,
        });
        changes.collect::<Vec<_>>()
    };
    let settle = Command::Settle;
    let planned = plan(
        &story.program,
        Some(&story.member),
        settle,
        at("2030-05-01T12:00:00Z"),
    );
    let gold_ends = ("gold to silver".to_owned(), at("2027-12-31T23:00:00Z"));
    let silver_ends = ("silver to none".to_owned(), at("2028-12-31T23:00:00Z"));
    assert_eq!(
        changes(planned.expect("a plan")),
        [gold_ends.clone(), silver_ends]
    );
    // An invitation is a change like any other, after those that were before it, and so is its end.
    let invite = |story: &mut Story, tier, now: &str| {
        let command = Command::Invite { tier };
        let planned = plan(&story.program, Some(&story.member), command, at(now));
        let planned = planned.expect("a plan");
        story.member = planned.snapshot.clone();
        changes(planned)
    };
    let now = "2028-05-01T12:00:00Z";
    let told = invite(&mut story, Some("gold"), now);
    assert_eq!(told, [gold_ends, ("silver to gold".to_owned(), at(now))]);
    assert_eq!(invite(&mut story, Some("gold"), now), []);
    let told = invite(&mut story, None, now);
    assert_eq!(told, [("gold to silver".to_owned(), at(now))]);
    let due = due_at(&story.program, &story.member, at(now));
    assert_eq!(due, Some(at("2028-12-31T23:00:00Z")));
}

#[test]
fn what_one_member_gives_the_other_gets_with_its_own_end() {
    let mut ada =
        Story::new("transfers = { between_members = true }\nexpiry = { after_months = 12 }");
    let mut bea = Story::new("transfers = { between_members = true }");
    ada.order("o1", 50, "2026-03-01T12:00:00Z");
    let out = |points| Command::TransferOut {
        transfer_id: "t1",
        points,
        is_of_household: false,
    };
    let now = "2026-04-01T12:00:00Z";
    assert_eq!(ada.book(out(51), now), "not_enough_available");
    assert_eq!(ada.book(out(0), now), "transfer_of_nothing");
    let before = ada.member.clone();
    assert_eq!(
        ada.book(out(20), now),
        "transfer-out -20, [points.matured], (free 30)"
    );
    let given = plan(&ada.program, Some(&before), out(20), at(now))
        .expect("a plan")
        .drawn;
    let lots = &given;
    let said = bea.book(
        Command::TransferIn {
            transfer_id: "t1",
            lots,
        },
        now,
    );
    assert_eq!(said, "transfer-in 20, (free 20)");
    assert_eq!(bea.member.holdings.lots, given);
}

#[test]
fn who_may_give_points_to_whom_the_programme_says() {
    let check = |transfers: &str, to_anybody: &str, within_household: &str| {
        let mut ada = Story::new(transfers);
        ada.order("o1", 50, "2026-03-01T12:00:00Z");
        let mut out = |is_of_household| {
            let command = Command::TransferOut {
                transfer_id: "t1",
                points: 51,
                is_of_household,
            };
            ada.book(command, "2026-04-01T12:00:00Z")
        };
        assert_eq!((&*out(false), &*out(true)), (to_anybody, within_household));
    };
    let (no, too_many) = ("transfers_not_allowed", "not_enough_available");
    check("", no, no);
    check("transfers = { household = true }", no, too_many);
    check("transfers = { between_members = true }", too_many, too_many);
}

#[test]
fn debts_are_paid_off_by_whatever_has_the_same_id() {
    let mut story = Story::new("refunds = { deficit = true }");
    story.member.member_id = "ada".into();
    story.member.holdings.owed = 30;
    let sources: Vec<String> = ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]
        .into_iter()
        .flat_map(|placed| {
            let lots = [crate::Lot {
                points: 10,
                matures_at: at(placed),
                expires_at: None,
                currency: None,
            }];
            let command = Command::TransferIn {
                transfer_id: "1001",
                lots: &lots,
            };
            let planned = plan(&story.program, Some(&story.member), command, at(placed));
            let planned = planned.expect("a plan");
            story.member = planned.snapshot;
            planned.entries.into_iter().map(|entry| entry.source)
        })
        .collect();
    assert_eq!(sources, ["1001", "ada-2", "1001", "ada-4"]);
}

#[test]
fn a_merge_loses_nothing_and_doubles_nothing() {
    let mut ada = Story::new("refunds = { deficit = true }");
    let mut bea = Story::new("refunds = { deficit = true }");
    ada.member.member_id = "ada".into();
    ada.order("o1", 300, "2026-03-01T12:00:00Z");
    bea.order("o2", 250, "2026-03-02T12:00:00Z");
    bea.member.holdings.owed = 20;
    let now = "2026-03-20T12:00:00Z";
    bea.reserve("r1", now);
    let out = Command::MergeOut { member_id: "m1" };
    assert_eq!(bea.book(out, now), "redemption_open");
    bea.book(
        Command::Release {
            redemption_id: "r1",
        },
        now,
    );
    let other = bea.member.clone();
    assert_eq!(bea.book(out, now), "merge-out -250, ()");
    assert_eq!(bea.member.earned, Points::ZERO);
    let said = ada.book(
        Command::MergeIn {
            member_id: "m1",
            other: &other,
        },
        now,
    );
    assert_eq!(
        said,
        "merge-in 250, repay -20, [points.matured], [tier.changed], (free 530)"
    );
    assert_eq!((ada.member.orders, ada.member.earned.get()), (2, 550));
    assert_eq!(ada.member.tier.as_deref(), Some("gold"));
    let again = Command::MergeIn {
        member_id: "ada",
        other: &other,
    };
    assert_eq!(ada.book(again, now), "same_member");
}

#[test]
fn a_refund_takes_the_orders_own_points_by_the_terms_under_which_it_was_booked() {
    let (placed, now) = ("2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z");
    let adjust = Command::Adjust {
        key: "k",
        points: 100,
        reason: "sorry",
        by: None,
    };
    let later = "pending = { return_days = 30 }";
    let elsewhere = "time_zone = \"America/Los_Angeles\"";
    for (from, to) in [
        ("pending = { return_days = 14 }", later),
        ("time_zone = \"Europe/Berlin\"", elsewhere),
    ] {
        let mut story = Story::new("");
        story.book(adjust, placed);
        story.order("o1", 30, placed);
        let back = |story: &Story| {
            let cart = cart(30);
            let member = story.program.newcomer();
            let order = BookedOrder {
                cart: &cart,
                member: &member,
                evaluated_at: at(placed),
                placed_at: at(placed),
                points: Points::new(30).expect("points"),
                credits: &[],
                spent: &[],
                tendered: &[],
                surprises: &Surprised::default(),
            };
            let after = SentBack::default().with(&cart, &Refund::Rest);
            let after = after.expect("a refund");
            take_back(Some(&story.program), &order, &[], &after).expect("points")
        };
        let taken_back = &back(&story);
        let today = compile::compile(&CLUB.replace(from, to));
        story.program = today.expect("a valid program").program;
        let refund = Command::Refund {
            refund_id: "f1",
            taken_back,
        };
        let planned = plan(&story.program, Some(&story.member), refund, at(now));
        let entry = planned.expect("a plan").entries.remove(0);
        let pools = entry.pools.iter();
        let pools: Vec<_> = pools
            .map(|it| {
                (
                    it.currency.map(crate::Currency::code),
                    it.points,
                    it.spent_minor,
                )
            })
            .collect();
        assert_eq!(pools, [(Some("EUR"), -30, -3_000)], "{to}");
        assert_eq!(story.book(refund, now), "clawback -30, (free 100)", "{to}");
    }
    // What the order earned was spent: what others in its currency earned is taken before what none did, and its price
    // is that of its currency, whatever else is taken.
    let mut story = Story::new("");
    story.book(adjust, placed);
    story.order("o1", 30, placed);
    story.order("o2", 20, now);
    story.member.holdings.lots.retain(|lot| lot.points != 30);
    story.member.balance = Points::new(120).expect("points");
    let said = story.refund("f1", (30, placed), 3_000, now);
    assert_eq!(said, "clawback -30, (free 90)");
}

#[test]
fn only_rest_ends_points_whatever_is_reported_first_and_whether_they_are_held() {
    let review = |story: &mut Story, now: &str, occurred_at: &str| {
        let activity = Activity::new(now.into(), "review".into(), Vec::new(), 1);
        let activity = activity.expect("an activity");
        let (member, occurred_at) = (&story.member, at(occurred_at));
        let earning = crate::evaluate_activity(&story.program, member, &activity, occurred_at);
        let command = Command::Act {
            activity: &activity,
            occurred_at,
            earning: &earning.expect("points"),
        };
        story.book(command, now);
    };
    let order = |story: &mut Story, now: &str, placed_at: &str| {
        let cart = cart(40);
        let earning = evaluate(&story.program, &story.member, &cart, at(placed_at));
        let command = Command::Earn {
            order_id: placed_at,
            cart: &cart,
            placed_at: at(placed_at),
            earning: &earning.expect("points"),
            redemptions: &[],
            draws: &[],
        };
        story.book(command, now);
    };
    let (before, now) = ("2026-03-01T12:00:00Z", "2026-03-20T12:00:00Z");
    for (rule, end) in [
        ("after_inactive_months = 1", "2026-04-20T22:00:00Z"),
        // The least counts from the order, and rest from what she did.
        (
            "after_inactive_months = 1, minimum_months = 2",
            "2026-05-01T22:00:00Z",
        ),
    ] {
        let rule = format!("expiry = {{ {rule} }}");
        let mut one = Story::new(&rule);
        order(&mut one, now, before);
        review(&mut one, now, now);
        let mut other = Story::new(&rule);
        review(&mut other, now, now);
        order(&mut other, now, before);
        for story in [&one, &other] {
            let ends = story.member.holdings.lots.iter().map(|lot| lot.expires_at);
            assert_eq!(ends.collect::<Vec<_>>(), [Some(at(end))], "{rule}");
        }
        // A merge is a delivery, too.
        let mut ada = Story::new(&rule);
        order(&mut ada, before, before);
        let mut bea = Story::new(&rule);
        review(&mut bea, now, now);
        for (into, other) in [(&ada, &bea), (&bea, &ada)] {
            let mut into = into.clone();
            into.member.member_id = "into".into();
            let command = Command::MergeIn {
                member_id: "other",
                other: &other.member,
            };
            into.book(command, now);
            let ends = into.member.holdings.lots.iter().map(|lot| lot.expires_at);
            assert_eq!(ends.collect::<Vec<_>>(), [Some(at(end))]);
        }
    }
    // What is held is not forgotten.
    let mut story = Story::new("expiry = { after_inactive_months = 1 }");
    order(&mut story, "2026-02-20T12:00:00Z", "2026-02-20T12:00:00Z");
    story.reserve("r1", "2026-03-20T11:59:00Z");
    review(&mut story, now, now);
    let release = Command::Release {
        redemption_id: "r1",
    };
    let said = story.book(release, "2026-03-20T12:01:00Z");
    assert_eq!(said, "(free 40)");
    let lots = story.member.holdings.lots.iter();
    let ends: Vec<_> = lots.map(|lot| (lot.points, lot.expires_at)).collect();
    assert_eq!(ends, [(40, Some(at("2026-04-20T22:00:00Z")))]);
}

#[test]
fn points_from_before_there_were_lots_may_be_spent_and_stay() {
    let mut story = Story::new("expiry = { after_months = 1 }");
    story.member.balance = Points::new(45).expect("points");
    story.member.holdings.account_for(story.member.balance);
    let now = "2026-03-01T12:00:00Z";
    assert_eq!(story.reserve("r1", now), "(free 15 held 30)");
    let said = story.book(Command::Settle, "2036-03-01T12:00:00Z");
    assert_eq!(said, "[redemption.timed_out], (free 45)");
}

#[test]
fn what_she_had_of_rules_that_are_long_gone_is_forgotten() {
    let mut story = Story::new("");
    let day = |text| crate::Calendar::default().local(at(text)).day;
    let usage = |holder: &str, day| crate::Usage {
        holder: holder.into(),
        day,
        times: 1,
        ..crate::Usage::default()
    };
    let long_ago = day("2023-01-01T12:00:00Z");
    story.member.usage = vec![
        usage("", long_ago),
        usage("gone", long_ago),
        usage("gone-lately", day("2025-12-01T12:00:00Z")),
        usage("reward:coffee", 0),
        usage("reward:tea", 0),
    ];
    story.book(Command::Settle, "2026-03-01T12:00:00Z");
    let kept = story.member.usage.iter().map(|it| it.holder.as_str());
    assert_eq!(
        kept.collect::<Vec<_>>(),
        ["", "gone-lately", "reward:coffee"]
    );
}
