//! What goes from one member to another, over the real statements: every point at which it may break off, and who
//! meets whom on the way; and what comes back of orders whose program or member is not what it was.
//!
//! Owns a small shell over a database in memory; the simulator's knows faults, this one knows the next step.

mod adjustments;
mod boards;
mod former;
mod guests;
mod merges;
mod newcomers;
mod partners;
mod redemptions;
mod referrals;
mod refunds;
mod rule_gifts;
mod surprises;
mod transfers;

use std::fs;
use std::path::PathBuf;

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Program, Timestamp, compile};
use earnest_ledger::store::programs::{self, NewProgram};
use earnest_ledger::store::{budgets, exact, members, transfers as sent};
use earnest_ledger::{
    ArrivalBooking, Booking, BookingError, Codes, Customer, EmailHash, Enrolment, Found, Order,
    OrderBooking, Rows, Signs, Statement, StoreError, TransferBooking, Value, Written,
};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::de::DeserializeOwned;
use serde_json::{Map, json};

/// A shop with a ledger in memory.
struct Shop {
    database: Connection,
    program: Program,
    now: Timestamp,
}

/// The rows that a statement gave, as JSON.
struct Given(serde_json::Value);

impl Rows for Given {
    fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        serde_json::from_value(self.0.clone())
            .map_err(|error| StoreError::Broken(error.to_string()))
    }
}

impl Shop {
    /// With this in its program, beside what every one has.
    fn new(more: &str) -> Self {
        let database = Connection::open_in_memory().expect("a database in memory");
        let enforced = database.pragma_update(None, "foreign_keys", true);
        enforced.expect("D1 always enforces foreign keys");
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/worker/migrations");
        let entries = fs::read_dir(folder).expect("the folder of the migrations");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry of the folder").path())
            .collect();
        paths.sort();
        for path in paths {
            let sql = fs::read_to_string(path).expect("a migration");
            database.execute_batch(&sql).expect("a migration applies");
        }
        let shop = "INSERT INTO shops (shop, name) VALUES ('market', 'The market')";
        database.execute_batch(shop).expect("a shop");
        let source = format!(
            "version = 1\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
             earn = {{ per_unit = {{ EUR = 1 }} }}\nwelcome_points = 100\n{more}"
        );
        let compiled = compile::compile(&source).expect("a program");
        let shop = Self {
            database,
            program: compiled.program,
            now: Timestamp::from_millis(1_780_000_000_000),
        };
        let published = NewProgram {
            reference: shop.program.reference(),
            source: &source,
            document: &compiled.document,
            published_at: shop.now,
        };
        let kept = shop.run(&[programs::store("market", published)]);
        kept.expect("the first version");
        shop
    }

    /// Runs statements in one transaction: all, or none.
    fn batch<const N: usize>(&self, statements: &[Statement; N]) -> Result<[Given; N], StoreError> {
        let given = self.run(statements)?;
        Ok(given.try_into().unwrap_or_else(|_| panic!("one each")))
    }

    fn run(&self, statements: &[Statement]) -> Result<Vec<Given>, StoreError> {
        let as_d1 = |error: rusqlite::Error| StoreError::from_message(format!("D1_ERROR: {error}"));
        let batch = self.database.unchecked_transaction().map_err(as_d1)?;
        let mut all = Vec::new();
        for statement in statements {
            let mut prepared = batch.prepare(statement.sql).map_err(as_d1)?;
            let names = prepared.column_names();
            let columns: Vec<String> = names.map(str::to_owned).collect();
            let values = statement.values.iter().map(|value| match value {
                Value::Null => Cell::Null,
                Value::Text(text) => Cell::Text(text.clone()),
                Value::Whole(number) => Cell::Real(exact(*number).expect("a number")),
            });
            let mut found = prepared
                .query(rusqlite::params_from_iter(values))
                .map_err(as_d1)?;
            let mut rows = Vec::new();
            while let Some(row) = found.next().map_err(as_d1)? {
                let mut fields = Map::new();
                for (nth, column) in columns.iter().enumerate() {
                    let cell = match row.get(nth).map_err(as_d1)? {
                        Cell::Null => serde_json::Value::Null,
                        Cell::Integer(number) => json!(number),
                        Cell::Real(number) => json!(number),
                        Cell::Text(text) => json!(text),
                        Cell::Blob(_) => panic!("the ledger keeps no blobs"),
                    };
                    fields.insert(column.clone(), cell);
                }
                rows.push(serde_json::Value::Object(fields));
            }
            all.push(Given(rows.into()));
        }
        batch.commit().map_err(as_d1)?;
        Ok(all)
    }

    /// Enrols somebody of this name, with 100 points.
    fn enrol(&self, name: &str) {
        let enrolment = Enrolment {
            email_hash: email_hash(name),
            customer_id: None,
            marketing: false,
            signs: Signs::default(),
            referral_code: None,
        };
        self.enrol_as(name, &enrolment);
    }

    fn enrol_as(&self, name: &str, enrolment: &Enrolment) {
        let [budgets] = self.batch(&[budgets::load("market")]).expect("budgets");
        let budgets = budgets::budgets(&budgets).expect("budgets");
        let joined = enrolment.join("market", name, &self.program, budgets, &codes(), self.now);
        self.run(&joined.expect("a plan")).expect("a new member");
    }

    /// What a booking would write now, if it has not been booked.
    fn planned<const N: usize>(
        &self,
        booking: &impl Booking<N>,
    ) -> Result<Option<Vec<Statement>>, BookingError> {
        let rows = self.batch(&booking.reads())?;
        match booking.find(&rows)? {
            Found::Booked(_) => Ok(None),
            Found::Open(known) => {
                let written = booking.decide(&self.program, known, self.now)?;
                Ok(Some(written.statements))
            }
        }
    }

    /// What a booking that is new would write now, and answer.
    fn written<const N: usize>(&self, booking: &impl Booking<N>) -> Result<Written, BookingError> {
        let rows = self.batch(&booking.reads())?;
        match booking.find(&rows)? {
            Found::Booked(answer) => panic!("it was booked: {answer}"),
            Found::Open(known) => booking.decide(&self.program, known, self.now),
        }
    }

    /// Books; whether it was new.
    fn book<const N: usize>(&self, booking: &impl Booking<N>) -> Result<bool, BookingError> {
        let planned = self.planned(booking)?;
        match planned {
            None => Ok(false),
            Some(statements) => Ok(self.run(&statements).map(|_| true)?),
        }
    }

    /// Brings whatever is on its way, as the cron does; how much that was.
    fn bring(&self) -> usize {
        let later = Timestamp::from_millis(self.now.as_millis() + 1);
        let [found] = self
            .batch(&[sent::load_on_their_way(later, 10)])
            .expect("rows");
        let found = sent::on_their_way(&found).expect("what is on its way");
        for it in &found {
            let arrival = ArrivalBooking {
                shop: &it.shop,
                transfer_id: &it.transfer_id,
            };
            assert!(self.book(&arrival).expect("an arrival"));
        }
        found.len()
    }

    /// Her balance, after checking that it is the sum of her entries and of her lots.
    fn balance(&self, name: &str) -> i64 {
        let [found] = self
            .batch(&[members::load_by_id("market", name)])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let snapshot = member.snapshot().expect("a snapshot");
        let sum: i64 = self
            .database
            .query_row(
                "SELECT coalesce(sum(points), 0) FROM entries WHERE member_id = ?1",
                [name],
                |row| row.get(0),
            )
            .expect("a sum");
        assert_eq!(snapshot.balance.get(), sum, "{name}");
        assert_eq!(snapshot.holdings.points(), sum, "{name}");
        sum
    }
}

/// The hash of the e-mail of somebody of this name.
fn email_hash(name: &str) -> EmailHash {
    let mut hash = [0; 32];
    for (byte, letter) in hash.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    EmailHash::new(&hash)
}

/// An order of 20 points.
fn order(shop: &Shop, id: &str, name: &str) -> Order {
    let document = json!({ "currency": "EUR", "lines": [
        { "id": "l1", "product": "rye", "quantity": 2, "unit_price": "10.00" }
    ]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Order {
        id: id.to_owned(),
        placed_at: Some(shop.now),
        cart: Cart::try_from(document).expect("a cart"),
        shown: None,
        customer: Customer {
            email_hash: Some(email_hash(name)),
            ..Customer::default()
        },
        redemptions: Vec::new(),
        signs: Signs::default(),
    }
}

/// What the codes of gifts are made of.
fn codes() -> Codes {
    Codes::from_random([7; 32])
}

fn booking(order: &Order) -> OrderBooking<'_> {
    OrderBooking {
        shop: "market",
        order,
        quote: None,
        codes: codes(),
    }
}

fn transfer<'a>(id: &'a str, from: &'a str, to: &'a str, points: i64) -> TransferBooking<'a> {
    TransferBooking {
        shop: "market",
        transfer_id: id,
        from,
        to,
        points,
    }
}
