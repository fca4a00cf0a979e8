//! A shorter run of the simulator in workerd: its operations carried over HTTP, its invariants asked of the real D1.
//!
//! The fair and the ferry are its shops alone. Invariant: no cron comes by but its own while an operation of it is
//! under way, so what a page shows is what is booked.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use earnest_sim::{Answer, Caller, Edge, Request, run_at_edge};
use jiff::{ToSpan, Zoned};
use serde_json::Value;

use crate::edge::{self, told};
use crate::settling::{come_by, next_turn};
use crate::shop::shop;

/// Its shops.
const SHOPS: [&str; 2] = ["fair", "ferry"];
/// A few hundred, which take seconds.
const OPERATIONS: u64 = 250;
/// The seed of a run that is to be tried again.
const SEED: &str = "EARNEST_SEED";

/// The edge under test.
struct Workerd;

impl Workerd {
    fn request(asked: &Request) -> edge::Request {
        let mut request = edge::Request::new(asked.method, &asked.path);
        if let Some(key) = &asked.idempotency_key {
            request = request.with("idempotency-key", key);
        }
        if let Some((media_type, body)) = &asked.body {
            request = request
                .with("content-type", *media_type)
                .bytes(body.clone());
        }
        let shop = shop(SHOPS[asked.shop]);
        match asked.caller {
            Caller::Server => shop.server(request),
            Caller::Page => shop.page(request),
        }
    }
}

impl Edge for Workerd {
    fn shop(&self, nth: usize) -> &str {
        SHOPS[nth]
    }

    fn send(&self, asked: &Request) -> Answer {
        let answer = Self::request(asked).send();
        Answer {
            status: answer.status,
            body: answer.body,
        }
    }

    fn send_and_hang_up(&self, asked: &Request) {
        Self::request(asked).hang_up();
    }

    fn settle(&self) {
        come_by();
    }

    fn in_turn(&self, work: &mut dyn FnMut()) {
        let _turn = next_turn();
        work();
    }

    fn database(&self) -> PathBuf {
        let folder = Path::new(&told("EARNEST_STATE")).join("v3/d1/miniflare-D1DatabaseObject");
        let files = fs::read_dir(&folder).expect("the folder of D1");
        let files = files.map(|file| file.expect("a file of D1").path());
        let mut databases = files.filter(|path| {
            let is_metadata = path.file_stem().is_some_and(|stem| stem == "metadata");
            !is_metadata && path.extension().is_some_and(|ending| ending == "sqlite")
        });
        databases.next().expect("a database of D1")
    }
}

#[test]
fn everything_holds_in_workerd_whatever_goes_wrong_on_the_way_to_it() {
    let seed = env::var(SEED).map_or(1, |seed| seed.parse().expect("a seed is a number"));
    let tally =
        run_at_edge(seed, OPERATIONS, &Workerd).unwrap_or_else(|failure| panic!("{failure}"));
    println!("{tally}");
    for what in [
        "bookings were new",
        "bookings had been booked",
        "bookings were refused",
        "operations ran at the same time as others",
        "replies were lost",
        "lines broke",
        "requests were delivered twice at once",
        "previews were compared with what was booked",
        "statements were verified",
    ] {
        assert!(tally.of(what) > 5, "too few {what}:\n{tally}");
    }
    SHOPS.into_iter().for_each(the_books_balance);
}

/// What the reports tell of a shop sums up, to the last unit.
fn the_books_balance(id: &str) {
    let today = Zoned::now().date();
    let [from, to] = [-1, 1].map(|days| today.checked_add(days.days()).expect("a date"));
    let report = |name: &str| {
        let path = format!("/v1/reports/{name}?from={from}&to={to}");
        shop(id).get(&path).send()
    };
    let points = report("points").expect(200);
    let of = |told: &Value, names: &[&str]| -> i64 {
        let each = names
            .iter()
            .map(|name| told[*name].as_i64().expect("points"));
        each.sum()
    };
    assert!(of(&points, &["issued"]) > 0, "{points}");
    assert_eq!(
        of(&points, &["closing", "clawed_back", "redeemed", "expired"]),
        of(&points, &["opening", "issued", "returned", "moved"]),
        "{points}"
    );
    let books = report("liability").expect(200);
    for currency in books["currencies"].as_array().expect("currencies") {
        let minor = |names: &[&str]| -> i64 {
            let amount = |name: &&str| {
                currency[*name]
                    .as_str()
                    .expect("an amount")
                    .replace('.', "")
            };
            let each = names.iter().map(amount);
            each.map(|amount| amount.parse::<i64>().expect("minor units"))
                .sum()
        };
        assert_eq!(
            minor(&["closing", "clawed_back", "recognised", "breakage"]),
            minor(&["opening", "deferred"]),
            "{books}"
        );
    }
    let journal = report("journal").body;
    let (mut debit, mut credit) = (0, 0);
    for line in journal.split_terminator("\r\n").skip(1) {
        let fields: Vec<String> = line
            .split(',')
            .map(|field| field.replace('.', ""))
            .collect();
        debit += fields[2].parse::<i64>().unwrap_or_default();
        credit += fields[3].parse::<i64>().unwrap_or_default();
    }
    assert_eq!(debit, credit, "{journal}");
}
