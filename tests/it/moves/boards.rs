//! Competitions: what counts, who is shown, and prizes that are given once.

use earnest_core::Timestamp;
use earnest_core::competition::Entrant;
use earnest_ledger::store::{members, scores};
use earnest_ledger::{
    CompetitionError, MergeBooking, Order, PrizeBooking, ProfileChange, RefundBooking,
    ReturnContent, Said, check_competitions, load_competitions,
};

use super::{Shop, booking, order};

/// In May 2026, which is when the tests' clock stands; the first two win something.
const CUP: &str = "[[competitions]]\nid = 'cup'\nlabel = 'Cup'\nby = 'points'\n\
    from = 2026-05-01\nuntil = 2026-05-31\nplaces = 3\nprizes = [100, 50]\n";

impl Shop {
    /// Somebody joins and is shown by a name.
    fn competes(&self, id: &str) {
        self.enrol(id);
        self.shown_as(id, Some(id));
    }

    fn shown_as(&self, id: &str, name: Option<&str>) {
        let [found] = self
            .batch(&[members::load_by_id("market", id)])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let change = ProfileChange {
            display_name: Said::Named(name.map(str::to_owned)),
            ..ProfileChange::default()
        };
        let changed = change
            .store("market", &member, None, self.now)
            .expect("a change");
        self.run(&changed).expect("another name");
    }

    fn orders(&self, order_id: &str, id: &str, minutes: i64) {
        let at = self.now.as_millis() + minutes * 60_000;
        let order = Order {
            placed_at: Some(Timestamp::from_millis(at)),
            ..order(self, order_id, id)
        };
        assert!(self.book(&booking(&order)).expect("an order"));
    }

    fn entrants(&self) -> Vec<Entrant> {
        let read = scores::load_board("market", "cup", 3);
        let [found] = self.batch(&[read]).expect("rows");
        scores::entrants(&found).expect("entrants")
    }

    /// The board as `place name total`.
    fn board(&self) -> Vec<String> {
        let entrants = self.entrants();
        let cup = &self.program.competitions()[0];
        let board = cup.board(&entrants);
        let told = board
            .iter()
            .map(|it| format!("{} {} {}", it.place, it.entrant.name, it.entrant.total));
        told.collect()
    }

    fn award(&self) -> bool {
        let prizes = PrizeBooking {
            shop: "market",
            competition: "cup",
        };
        self.book(&prizes).expect("prizes")
    }

    fn is_due(&self) -> bool {
        let [found] = self.batch(&[scores::load_due(self.now, 5)]).expect("rows");
        !scores::due(&found).expect("rows").is_empty()
    }

    fn when_it_is_over(&mut self) {
        self.after_days(31);
    }

    fn after_days(&mut self, days: i64) {
        self.now = Timestamp::from_millis(self.now.as_millis() + days * 86_400_000);
    }
}

#[test]
fn orders_count_in_the_batch_that_books_them_less_what_comes_back() {
    let shop = Shop::new(CUP);
    for (nth, id) in ["ada", "bo", "cy"].into_iter().enumerate() {
        shop.competes(id);
        shop.orders(&format!("{id}-1"), id, i64::try_from(nth).expect("a few"));
    }
    shop.orders("bo-2", "bo", 9);
    assert_eq!(shop.board(), ["1 bo 40", "2 ada 20", "3 cy 20"]);
    let lines = serde_json::json!({ "order_id": "bo-2", "lines": [{ "id": "l1", "quantity": 1 }] });
    let part: ReturnContent = serde_json::from_value(lines).expect("a refund");
    let rest = ReturnContent {
        order_id: "bo-1".to_owned(),
        lines: None,
    };
    for (refund_id, content) in [("r1", part), ("r2", rest)] {
        let refund = RefundBooking {
            shop: "market",
            refund_id,
            content: &content,
        };
        assert!(shop.book(&refund).expect("a refund"));
    }
    assert_eq!(shop.board(), ["1 ada 20", "2 cy 20", "3 bo 10"]);
}

#[test]
fn only_who_gave_a_name_is_shown_and_who_takes_it_back_is_shown_no_more() {
    let shop = Shop::new(CUP);
    shop.enrol("ada");
    shop.orders("o1", "ada", 0);
    assert!(shop.board().is_empty());
    shop.shown_as("ada", Some("Ada L."));
    assert_eq!(shop.board(), ["1 Ada L. 20"]);
    shop.orders("o2", "ada", 1);
    shop.shown_as("ada", Some("A."));
    assert_eq!(shop.board(), ["1 A. 40"]);
    shop.shown_as("ada", None);
    assert!(shop.board().is_empty());
    shop.orders("o3", "ada", 2);
    assert!(shop.board().is_empty());
}

#[test]
fn who_shares_the_last_place_is_read_with_it() {
    let shop = Shop::new(CUP);
    for id in ["ada", "bo", "cy", "di", "ed"] {
        shop.competes(id);
        shop.orders(&format!("{id}-1"), id, 0);
    }
    shop.orders("ada-2", "ada", 1);
    let board = shop.board();
    assert_eq!(
        board,
        ["1 ada 40", "2 bo 20", "2 cy 20", "2 di 20", "2 ed 20"]
    );
}

#[test]
fn prizes_are_given_once_and_nothing_counts_after_them() {
    let mut shop = Shop::new(CUP);
    for id in ["ada", "bo", "cy"] {
        shop.competes(id);
    }
    shop.orders("o1", "cy", 2);
    shop.orders("o2", "ada", 0);
    shop.orders("o3", "ada", 1);
    shop.orders("o4", "bo", 1);
    assert!(!shop.is_due());
    // A program that lasts longer is heeded.
    assert!(shop.award());
    assert!(!shop.is_due() && shop.board().len() == 3);
    let during = shop.now;
    shop.when_it_is_over();
    assert!(shop.is_due());
    assert!(shop.award());
    assert!(!shop.award() && !shop.is_due());
    assert_eq!(shop.give(), 2);
    let balances = ["ada", "bo", "cy"].map(|id| shop.balance(id));
    assert_eq!(balances, [100 + 40 + 100, 100 + 20 + 50, 100 + 20]);
    assert_eq!(shop.give(), 0);
    // What comes too late counts no more.
    shop.now = during;
    shop.orders("o5", "cy", 3);
    assert_eq!(shop.board(), ["1 ada 40", "2 bo 20", "3 cy 20"]);
}

#[test]
fn prizes_wait_until_nothing_that_counted_can_come_back() {
    let mut shop = Shop::new(&format!("pending = {{ return_days = 14 }}\n{CUP}"));
    for id in ["ada", "bo"] {
        shop.competes(id);
        shop.orders(id, id, 0);
    }
    shop.orders("more", "ada", 1);
    shop.after_days(5);
    assert!(shop.award());
    assert!(!shop.is_due());
    assert_eq!(shop.give(), 0);
    for order_id in ["ada", "more"] {
        let content = ReturnContent {
            order_id: order_id.to_owned(),
            lines: None,
        };
        let refund = RefundBooking {
            shop: "market",
            refund_id: order_id,
            content: &content,
        };
        assert!(shop.book(&refund).expect("a refund"));
    }
    shop.after_days(14);
    assert!(shop.is_due());
    assert!(shop.award());
    assert_eq!(shop.give(), 1);
    assert_eq!(
        ["ada", "bo"].map(|id| shop.balance(id)),
        [100, 100 + 20 + 100]
    );
}

#[test]
fn of_two_who_would_give_the_prizes_one_is_first() {
    let mut shop = Shop::new(CUP);
    shop.competes("ada");
    shop.orders("o1", "ada", 0);
    shop.when_it_is_over();
    let prizes = PrizeBooking {
        shop: "market",
        competition: "cup",
    };
    let plans = [(); 2].map(|()| shop.planned(&prizes).expect("a plan").expect("it is new"));
    shop.run(&plans[0]).expect("the first");
    let met = shop.run(&plans[1]).map(drop).expect_err("they are given");
    assert!(met.is_conflict(), "{met}");
    assert_eq!((shop.give(), shop.balance("ada")), (1, 220));
}

// Found by the simulator: an order that came late counted on the board, and won nothing.
#[test]
fn what_counts_while_the_prizes_are_given_is_heeded() {
    let mut shop = Shop::new(CUP);
    for id in ["ada", "bo"] {
        shop.competes(id);
    }
    shop.orders("o1", "ada", 0);
    let during = shop.now;
    shop.when_it_is_over();
    let prizes = PrizeBooking {
        shop: "market",
        competition: "cup",
    };
    for (nth, minutes) in [1, 2].into_iter().enumerate() {
        let stale = shop.planned(&prizes).expect("a plan").expect("it is new");
        let over = std::mem::replace(&mut shop.now, during);
        shop.orders(&format!("late-{nth}"), "bo", minutes);
        shop.now = over;
        let met = shop.run(&stale).map(drop).expect_err("another board");
        assert!(met.is_conflict(), "{met}");
    }
    // So it is for who gives a name, or takes it back.
    let stale = shop.planned(&prizes).expect("a plan").expect("it is new");
    shop.shown_as("ada", None);
    assert!(
        shop.run(&stale)
            .map(drop)
            .expect_err("a name")
            .is_conflict()
    );
    assert!(shop.award());
    assert_eq!(shop.give(), 1);
    let balances = ["ada", "bo"].map(|id| shop.balance(id));
    assert_eq!(balances, [100 + 20, 100 + 40 + 100]);
}

#[test]
fn a_merge_adds_up_what_both_had() {
    let shop = Shop::new(CUP);
    for id in ["ada", "ann"] {
        shop.competes(id);
        shop.orders(id, id, 0);
    }
    let merge = MergeBooking::new("market", "ada", "ann");
    assert!(shop.book(&merge).expect("a merge"));
    assert_eq!(shop.board(), ["1 ann 40"]);
    assert_eq!(shop.bring(), 1);
    shop.orders("o3", "ada", 1);
    assert_eq!(shop.board(), ["1 ann 60"]);
}

#[test]
fn nothing_begins_anew_under_the_id_of_a_competition_that_is_over() {
    let mut shop = Shop::new(CUP);
    let published = |shop: &Shop, until: &str, id: &str| {
        let cup = CUP.replace("2026-05-31", until).replace("'cup'", id);
        let program = Shop::new(&cup).program;
        let read = load_competitions("market", &program);
        let [found] = shop.batch(&[read]).expect("rows");
        check_competitions(&program, &scores::known(&found).expect("rows"), shop.now)
    };
    let (over, given) = (
        Err(CompetitionError::Over("cup".to_owned())),
        Err(CompetitionError::Given("cup".to_owned())),
    );
    // Nothing has counted, and so nothing is lost.
    assert_eq!(published(&shop, "2026-06-30", "'cup'"), Ok(()));
    shop.competes("ada");
    shop.orders("o1", "ada", 0);
    // One that runs may last longer.
    assert_eq!(published(&shop, "2026-06-30", "'cup'"), Ok(()));
    shop.when_it_is_over();
    assert_eq!(published(&shop, "2026-06-30", "'cup'"), over);
    assert_eq!(published(&shop, "2026-05-31", "'cup'"), Ok(()));
    assert!(shop.award());
    assert_eq!(published(&shop, "2026-07-31", "'cup'"), given);
    // It may stay as it was, and the next one has an id of its own.
    assert_eq!(published(&shop, "2026-05-31", "'cup'"), Ok(()));
    assert_eq!(published(&shop, "2026-07-31", "'cup-2'"), Ok(()));
}
