//! What an order or an activity adds to challenges, and the entry of what it completes.
//!
//! Its invariant: one entry for everything that one order or activity completes, so that it books once.

use super::gift::Occasion;
use super::{Draft, Refusal, Terms, Why};
use crate::challenge::{Event, Granted, record};
use crate::refund::own_currency;
use crate::{Activity, Cart, Earning, EntryKind, EventKind, Points, Timestamp};

impl Draft<'_> {
    pub(super) fn achieve_by_order(
        &mut self,
        order_id: &str,
        cart: &Cart,
        placed_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        // Most programs have none.
        if self.program.challenges().is_empty() {
            return Ok(());
        }
        let lines = cart.lines().iter().zip(&earning.lines);
        let lines = lines.map(|(line, earned)| (line.categories.as_slice(), earned.counted_minor));
        let event = Event::Order {
            at: placed_at,
            currency: cart.currency(),
            lines: lines.collect(),
        };
        let terms = self.terms_of_order(placed_at, own_currency(cart));
        self.achieve(EntryKind::OrderChallenge, order_id, &event, terms)
    }

    pub(super) fn achieve_by_activity(
        &mut self,
        activity: &Activity,
        occurred_at: Timestamp,
    ) -> Result<(), Refusal> {
        let quantity = activity.lines().first().map_or(1, |line| line.quantity);
        let event = Event::Activity {
            at: occurred_at,
            kind: activity.kind(),
            quantity: quantity.into(),
        };
        let terms = self.terms(occurred_at, None);
        self.achieve(EntryKind::ActivityChallenge, activity.id(), &event, terms)
    }

    fn achieve(
        &mut self,
        kind: EntryKind,
        source: &str,
        event: &Event<'_>,
        terms: Terms,
    ) -> Result<(), Refusal> {
        let program = self.program;
        if !program.runs_at(event.at()) {
            return Ok(());
        }
        let progress = &mut self.plan.snapshot.challenges;
        let granted = record(program.challenges(), progress, event, program.calendar());
        let mut points = Points::ZERO;
        let mut rules: Vec<String> = Vec::new();
        let mut rewards = Vec::new();
        for Granted {
            challenge,
            points: more,
            badge,
            reward,
            ..
        } in granted
        {
            if let Some(badge) = badge {
                let kind = EventKind::BadgeGiven {
                    challenge: challenge.id.clone(),
                    badge: badge.to_owned(),
                };
                self.tell(kind, event.at());
            }
            points = points.checked_add(more)?;
            if !rules.contains(&challenge.id) {
                rules.push(challenge.id.clone());
            }
            // Once, however often one order or activity reaches it: a reward is a thing, not a number.
            rewards.extend(reward.map(|reward| (challenge.id.as_str(), reward)));
        }
        if points > Points::ZERO {
            let why = Why {
                rules,
                ..Why::default()
            };
            self.gain(kind, points, source, terms, why)?;
        }
        let occasion = Occasion {
            kind,
            source,
            terms,
        };
        self.give(occasion, rewards).map(drop)
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use crate::wire::CartDocument;
    use crate::{
        Activity, Cart, Command, EventKind, Program, Snapshot, Timestamp, compile, evaluate,
        evaluate_activity, plan,
    };

    const CLUB: &str = r#"
        version = 1
        name = "Club"
        points = { one = "star", other = "stars" }
        earn.per_unit = { EUR = 1 }
        ends_at = 2026-12-31
        tiers_by = { what = "orders", period = "calendar-year" }
        [[tiers]]
        id = "regular"
        name = "Regular"
        from_orders = 2
        multiplier = 2
        [[challenges]]
        id = "two"
        label = "2 orders in 7 days"
        count = "orders"
        days = 7
        repeat = true
        steps = [{ at = 2, points = 50 }]
        [[challenges]]
        id = "taster"
        label = "Buy tea and cake"
        count = "categories"
        categories = ["tea", "cake"]
        steps = [{ at = 1, badge = "Curious" }, { at = 2, points = 5, badge = "Taster" }]
        [[challenges]]
        id = "critic"
        label = "3 reviews"
        count = "activities"
        activity = "review"
        steps = [{ at = 3, points = 30 }]
        [[challenges]]
        id = "welcome"
        label = "Be here"
        count = "activities"
        activity = "account-created"
        steps = [{ at = 1, points = 1 }]
        [[challenges]]
        id = "baker"
        label = "Bake 5 times"
        count = "activities"
        activity = "bake"
        repeat = true
        steps = [{ at = 5, reward = "whisk" }]
        [[rewards]]
        id = "whisk"
        name = "A whisk"
        gives = { product = "whisk" }
        stock = 2
    "#;

    fn noon(date: &str) -> Timestamp {
        let noon: jiff::Timestamp = format!("{date}T12:00:00Z").parse().expect("a date");
        Timestamp::from_millis(noon.as_millisecond())
    }

    /// Plans an order of 10.00 in the category, and tells its entries and the badges that it gives.
    fn order(club: &Program, member: &mut Snapshot, date: &str, category: &str) -> Vec<String> {
        let document = serde_json::json!({ "currency": "EUR", "lines": [{
            "id": "l1", "product": "p", "quantity": 1, "unit_price": "10", "categories": [category],
        }]});
        let document: CartDocument = serde_json::from_value(document).expect("a cart");
        let cart = Cart::try_from(document).expect("a valid cart");
        let now = noon(date);
        let earning = evaluate(club, member, &cart, now).expect("few points");
        let command = Command::Earn {
            order_id: date,
            cart: &cart,
            placed_at: now,
            earning: &earning,
            redemptions: &[],
            draws: &[],
        };
        book(club, member, command, now)
    }

    fn review(club: &Program, member: &mut Snapshot, date: &str, quantity: u32) -> Vec<String> {
        let activity = Activity::new(date.into(), "review".into(), Vec::new(), quantity);
        let (activity, now) = (activity.expect("an activity"), noon(date));
        let earning = evaluate_activity(club, member, &activity, now).expect("few points");
        let command = Command::Act {
            activity: &activity,
            occurred_at: now,
            earning: &earning,
        };
        book(club, member, command, now)
    }

    fn book(
        club: &Program,
        member: &mut Snapshot,
        command: Command<'_>,
        now: Timestamp,
    ) -> Vec<String> {
        let plan = plan(club, Some(member), command, now).expect("no refusal");
        *member = plan.snapshot;
        let told = plan.entries.iter().map(|entry| {
            let rules = entry.rules.join("+");
            format!("{} {} {rules}", entry.kind.name(), entry.points)
        });
        let badges = plan.events.iter().filter_map(|event| match &event.kind {
            EventKind::BadgeGiven { challenge, badge } => Some(format!("{badge} of {challenge}")),
            _ => None,
        });
        told.chain(badges).collect()
    }

    #[test]
    fn one_entry_is_booked_for_all_that_an_order_or_an_activity_completes() {
        let club = compile::compile(CLUB).expect("a valid program").program;
        let joined = plan(
            &club,
            None,
            Command::Enrol { member_id: "m1" },
            noon("2026-03-01"),
        );
        let joined = joined.expect("no refusal");
        assert_eq!(joined.snapshot.balance.get(), 1);
        let her = &mut joined.snapshot.clone();
        let curious = ["earn 10 ", "Curious of taster"];
        assert_eq!(order(&club, her, "2026-03-01", "tea"), curious);
        let both = [
            "earn 10 ",
            "order-challenge 55 two+taster",
            "Taster of taster",
        ];
        assert_eq!(order(&club, her, "2026-03-07", "cake"), both);
        assert_eq!(her.tier.as_deref(), Some("regular"));
        // She is a regular now, and the next two orders are another round.
        assert_eq!(order(&club, her, "2026-03-08", "tea"), ["earn 20 "]);
        let again = ["earn 20 ", "order-challenge 50 two"];
        assert_eq!(order(&club, her, "2026-03-09", "tea"), again);
        assert_eq!(review(&club, her, "2026-03-09", 2), [""; 0]);
        assert_eq!(
            review(&club, her, "2026-03-10", 1),
            ["activity-challenge 30 critic"]
        );
        assert_eq!(her.balance.get(), 1 + 10 + 65 + 20 + 70 + 30);
        assert_eq!(her.earned.get(), 60, "challenges lift no tier");
        let badges = club.challenges().iter().zip([0, 2, 0, 0]);
        for (challenge, badges) in badges {
            let progress = her
                .challenges
                .iter()
                .find(|it| it.challenge == challenge.id);
            let progress = progress.expect("she has begun each");
            assert_eq!(
                challenge.badges(progress).count(),
                badges,
                "{}",
                challenge.id
            );
        }
        // It is over, and so are its challenges.
        assert_eq!(order(&club, her, "2027-01-01", "tea"), [""; 0]);
        assert_eq!(order(&club, her, "2027-01-02", "tea"), [""; 0]);
    }

    #[test]
    fn a_member_with_standing_and_challenges_travels_whole() {
        use crate::wire::SnapshotDocument;
        let club = compile::compile(CLUB).expect("a valid program").program;
        let mut her = club.newcomer();
        order(&club, &mut her, "2026-03-01", "tea");
        order(&club, &mut her, "2026-03-02", "tea");
        order(&club, &mut her, "2026-03-03", "cake");
        her.standing.invited = Some("regular".into());
        let text = serde_json::to_string(&SnapshotDocument::from(&her)).expect("JSON");
        expect_test::expect![[r#"{"tier":"regular","balance_points":95,"earned_points":40,"standing":{"basis":"orders year","period":2026,"buckets":[[2026,3]],"invited":"regular"},"challenges":[{"challenge":"two","marks":[[20515,1,""]],"steps":0,"rounds":1},{"challenge":"taster","marks":[[0,1,"cake"],[0,2,"tea"]],"steps":2,"rounds":1}],"orders":3,"last_order_at":1772539200000}"#]].assert_eq(&text);
        let document: SnapshotDocument = serde_json::from_str(&text).expect("a document");
        let read = Snapshot::try_from(document).expect("a snapshot");
        // Her place in the ledger and her lots never leave the edge.
        let (seq, holdings) = (her.seq, her.holdings.clone());
        let read = Snapshot {
            seq,
            holdings,
            ..read
        };
        assert_eq!(read, her);
    }

    #[test]
    fn a_step_gives_its_reward_once_and_no_more_than_there_are() {
        let club = compile::compile(CLUB).expect("a valid program").program;
        let joined = Snapshot {
            joined_at: Some(noon("2026-03-01")),
            ..Snapshot::default()
        };
        let bake = |member: &Snapshot, id: &str, quantity| {
            let activity = Activity::new(id.into(), "bake".into(), Vec::new(), quantity);
            let (activity, now) = (activity.expect("an activity"), noon("2026-03-02"));
            let earning = evaluate_activity(&club, member, &activity, now).expect("few points");
            let command = Command::Act {
                activity: &activity,
                occurred_at: now,
                earning: &earning,
            };
            plan(&club, Some(member), command, now).expect("no refusal")
        };
        let check = |plan: &crate::Plan, gifts: usize| {
            assert!(plan.entries.is_empty());
            assert_eq!(plan.gifts.len(), gifts);
            assert!(plan.gifts.iter().all(|it| it.giver == "baker"));
        };
        let first = bake(&joined, "b1", 4);
        check(&first, 0);
        let reached = bake(&first.snapshot, "b2", 1);
        check(&reached, 1);
        // Twice at once is one whisk.
        check(&bake(&reached.snapshot, "b3", 10), 1);
        let none_left = Snapshot {
            budgets: vec![("reward:whisk".into(), 2)],
            ..reached.snapshot
        };
        check(&bake(&none_left, "b4", 5), 0);
    }
}
