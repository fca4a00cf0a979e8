//! The native shell: carries what the ledger decides to the database and back, as the Worker does.
//!
//! It sends a batch again where the database was away, and begins again where another writer was first, as
//! often as the Worker does. Faults strike at its storage calls and nowhere else. Invariant: what it tells is
//! all that a client gets to know, and what it was told before is kept, to be held against what comes later.

mod sending;

use std::collections::HashMap;
use std::sync::Arc;

use earnest_core::{Program, Refusal, Timestamp};
use earnest_ledger::store::programs::{self, NewProgram};
use earnest_ledger::{Booking, BookingError, Codes, Found, Statement, StoreError};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Violation;
use crate::database::{Database, SqliteRows};
use crate::fault::Faults;
use crate::operation::Operation;
use crate::program::{self, Version};
use crate::stalled::Stalled;
use crate::tally::Tally;
use crate::who::Person;

/// Times that a request is planned anew, as in the Worker.
const REPLANS: u32 = 5;
/// What a client is told.
#[derive(Debug)]
pub(crate) enum Told {
    /// It was booked by this request, with this answer.
    First(String),
    /// It had been booked, with this answer.
    Again(String),
    /// It was not booked, and why.
    Not(BookingError),
}

/// What has been acknowledged: its kind, its shop, and what it was booked for.
pub(crate) type Acknowledged = (&'static str, usize, String);

/// A database, a clock, programs, and the operation that runs.
pub(crate) struct Shell {
    /// The database.
    pub(crate) database: Database,
    /// The clock of the isolate that runs the operation.
    pub(crate) now: Timestamp,
    /// Whether the cron ever comes by.
    pub(crate) has_crons: bool,
    /// What came of it so far.
    pub(crate) tally: Tally,
    /// What clients were answered first.
    pub(crate) acknowledged: HashMap<Acknowledged, String>,
    /// The versions of each shop's program.
    programs: Vec<Vec<Arc<Program>>>,
    /// Which of them each shop runs.
    current: Vec<usize>,
    /// Which members the shops have learnt of.
    members: HashMap<(usize, Person), String>,
    named: u32,
    running: Running,
    stalled: Stalled,
    nested: u32,
    violation: Option<Violation>,
}

/// What has befallen the operation that runs.
#[derive(Clone, Debug, Default)]
struct Running {
    faults: Faults,
    calls: u32,
    struck: bool,
    interrupted: bool,
    /// Whether who asked waits no longer.
    given_up: bool,
}

impl Shell {
    /// A shell over a new database with a shop for each list of programs.
    pub(crate) fn new(versions: &[Vec<Version>], now: Timestamp) -> Self {
        let database = Database::new();
        for (shop, versions) in versions.iter().enumerate() {
            let mut statements = vec![Statement::new(
                "INSERT INTO shops (shop, name) VALUES (?1, 'Any shop')",
                [shop_id(shop).into()],
            )];
            // What decided an order is kept for good, whichever version is in force.
            statements.extend(versions.iter().map(|version| {
                let program = NewProgram {
                    reference: version.program.reference(),
                    source: &version.source,
                    document: &version.document,
                    published_at: now,
                };
                programs::store(shop_id(shop), program)
            }));
            for name in program::OPENING_SEEDS {
                let seed = program::seed(name).store(shop_id(shop), &[], now);
                statements.extend(seed.expect("a first seed"));
            }
            let opened = database.batch(&statements);
            opened.expect("a shop can be opened in an empty database");
        }
        let kept = |versions: &Vec<Version>| {
            let programs = versions.iter().map(|version| Arc::clone(&version.program));
            programs.collect()
        };
        let programs: Vec<Vec<Arc<Program>>> = versions.iter().map(kept).collect();
        Self {
            database,
            now,
            has_crons: true,
            tally: Tally::default(),
            acknowledged: HashMap::new(),
            current: vec![0; programs.len()],
            programs,
            members: HashMap::new(),
            named: 0,
            running: Running::default(),
            stalled: Stalled::default(),
            nested: 0,
            violation: None,
        }
    }

    /// Runs an operation under its faults, and whatever gets in between.
    pub(crate) fn run(
        &mut self,
        operation: &dyn Operation,
        faults: Faults,
    ) -> Result<(), Violation> {
        let running = Running {
            faults,
            ..Running::default()
        };
        let outer = std::mem::replace(&mut self.running, running);
        self.nested += 1;
        let done = operation.perform(self);
        self.nested -= 1;
        self.running = outer;
        done.and_then(|()| self.violation.take().map_or(Ok(()), Err))
    }

    /// The shop's program, as this isolate has it.
    pub(crate) fn program(&self, shop: usize) -> &Program {
        &self.programs[shop][self.current[shop]]
    }

    /// The same, to keep.
    pub(crate) fn program_now(&self, shop: usize) -> Arc<Program> {
        Arc::clone(&self.programs[shop][self.current[shop]])
    }

    /// All that the shop ever has.
    pub(crate) fn versions(&self, shop: usize) -> impl Iterator<Item = &Program> {
        self.programs[shop].iter().map(|it| &**it)
    }

    /// The same, by the shop's id.
    pub(crate) fn program_of(&self, shop: &str) -> Arc<Program> {
        let mut shops = 0..self.programs.len();
        let found = shops.find(|nth| shop_id(*nth) == shop);
        self.program_now(found.expect("a shop of the simulation"))
    }

    /// Puts a version of the shop's program into force. An older one is what an isolate has whose cache is
    /// behind.
    pub(crate) fn publish(&mut self, shop: usize, version: usize) {
        self.current[shop] = version.min(self.programs[shop].len().saturating_sub(1));
    }

    /// The id by which a shop knows a person, or one that is nobody's.
    pub(crate) fn member_id(&self, shop: usize, person: Person) -> String {
        let known = self.members.get(&(shop, person)).cloned();
        known.unwrap_or_else(|| "mem_nobody".to_owned())
    }

    /// A shop learns the id of a person.
    pub(crate) fn learn(&mut self, shop: usize, person: Person, member_id: String) {
        self.members.insert((shop, person), member_id);
    }

    /// An id that nothing has.
    pub(crate) fn new_id(&mut self, of: &str) -> String {
        self.named += 1;
        format!("{of}_{}", self.named)
    }

    /// What the codes of a booking's gifts are made of.
    pub(crate) fn codes(&mut self) -> Codes {
        self.named += 1;
        let mut bytes = [0; 32];
        let named = self.named.to_be_bytes();
        bytes[..named.len()].copy_from_slice(&named);
        Codes::from_random(bytes)
    }

    /// Whether another operation got in between the calls of the one that runs.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.running.interrupted
    }

    /// Whether the database failed at a call of the operation that runs.
    pub(crate) fn was_struck(&self) -> bool {
        self.running.struck
    }

    /// Reads by one batch; one answer for each statement.
    pub(crate) fn read<const N: usize>(
        &mut self,
        statements: &[Statement; N],
    ) -> Result<[SqliteRows; N], StoreError> {
        one_each(self.send(statements)?)
    }

    /// Reads without being an operation: nothing goes wrong, and nobody gets in.
    pub(crate) fn peek<const N: usize>(
        &self,
        statements: &[Statement; N],
    ) -> Result<[SqliteRows; N], StoreError> {
        one_each(self.database.batch(statements)?)
    }

    /// Books, or finds that it has been booked.
    pub(crate) fn book<const READS: usize>(
        &mut self,
        shop: usize,
        booking: &impl Booking<READS>,
    ) -> Told {
        let told = self.take_turns(|shell| shell.book_once(shop, booking));
        self.tally.count(match &told {
            Ok(Told::First(_)) => "bookings were new",
            Ok(Told::Again(_)) => "bookings had been booked",
            Err(BookingError::Store(_)) => "bookings failed",
            Ok(Told::Not(_)) | Err(_) => "bookings were refused",
        });
        told.unwrap_or_else(Told::Not)
    }

    fn book_once<const READS: usize>(
        &mut self,
        shop: usize,
        booking: &impl Booking<READS>,
    ) -> Result<Told, BookingError> {
        let rows = self.read(&booking.reads())?;
        let known = match booking.find(&rows)? {
            Found::Booked(answer) => return Ok(Told::Again(answer)),
            Found::Open(known) => known,
        };
        let written = booking.decide(self.program(shop), known, self.now)?;
        self.send(&written.statements)?;
        Ok(Told::First(written.answer))
    }

    /// Reads, plans and writes until no other writer was first.
    pub(crate) fn take_turns<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self) -> Result<T, BookingError>,
    ) -> Result<T, BookingError> {
        for _ in 0..REPLANS {
            match attempt(self) {
                Err(error) if error.is_conflict() => {
                    self.tally.count("writers met another who was first");
                }
                settled => return settled,
            }
        }
        attempt(self)
    }

    /// Whether a request to a shop that failed this way may have: the database was made to fail, or somebody
    /// was given as many points as there can be.
    pub(crate) fn may_fail(&self, shop: usize, error: &BookingError) -> Result<(), Violation> {
        match error {
            BookingError::Refused {
                refusal: Refusal::PointsBeyondLimit,
                ..
            } if self.has_all_there_can_be(shop) => Ok(()),
            BookingError::Store(StoreError::Away(_)) if self.was_struck() => Ok(()),
            BookingError::Store(StoreError::Broken(why))
                if self.was_struck() && why.contains("no idea") =>
            {
                Ok(())
            }
            other => Err(Violation::new(format!("was told: {other}"))),
        }
    }

    /// Whether somebody has, or had, as many points as there can be, so that nothing can be given to her.
    pub(crate) fn has_all_there_can_be(&self, shop: usize) -> bool {
        // Also where they are on their way from who had them.
        let rich =
            "SELECT member_id FROM entries WHERE shop = ?1 AND balance_points > (1 << 52) LIMIT 1";
        !self
            .database
            .ask::<IgnoredAny>(rich, &[shop_id(shop)])
            .is_empty()
    }

    /// Takes note of what was found in the midst of something.
    pub(crate) fn judged(&mut self, judged: Result<(), Violation>) {
        self.violation = self.violation.take().or(judged.err());
    }

    /// Who a member is now: herself, or who took her over.
    pub(crate) fn who_is_now(&self, shop: usize, member_id: &str) -> String {
        #[derive(Deserialize)]
        struct Now {
            member_id: String,
        }
        let now = "SELECT coalesce(merged_into, member_id) AS member_id FROM members WHERE shop = ?1 AND member_id = ?2";
        let found: Vec<Now> = self.database.ask(now, &[shop_id(shop), member_id]);
        let found = found.into_iter().next();
        found.map_or_else(|| member_id.to_owned(), |now| now.member_id)
    }

    /// Holds an answer against what was answered before for the same thing.
    pub(crate) fn acknowledge(
        &mut self,
        what: Acknowledged,
        answer: &str,
        is_first: bool,
    ) -> Result<(), Violation> {
        match self.acknowledged.get(&what) {
            Some(_) if is_first => Err(Violation::new(format!("{what:?} was booked twice"))),
            Some(before) if before != answer => Err(Violation::new(format!(
                "{what:?} was answered\n  {before}\nand then\n  {answer}"
            ))),
            Some(_) => Ok(()),
            None => {
                self.acknowledged.insert(what, answer.to_owned());
                Ok(())
            }
        }
    }
}

/// The id of a shop.
pub(crate) fn shop_id(shop: usize) -> &'static str {
    ["alpha", "beta", "gamma"][shop]
}

fn one_each<const N: usize>(rows: Vec<SqliteRows>) -> Result<[SqliteRows; N], StoreError> {
    let many = |_| StoreError::Broken("a batch gave another number of results".to_owned());
    rows.try_into().map_err(many)
}
