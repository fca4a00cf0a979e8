//! A shorter run at a running edge: the same operations, drawn from the same numbers, carried over HTTP to workerd,
//! with the same invariants asked of its D1; only that consents are never forgotten needs to see each of them written.
//!
//! Replies are lost, lines break, requests come twice at once, and other operations run at the same time in threads of
//! their own. The edge's clock cannot be moved and its storage not be made to fail: what comes with time, and a database
//! that is away, are the native run's. To know that it would see a mistake, each of these was made on purpose and found:
//! a batch is several transactions; a quote knows of no budgets; what was booked is told again in other words.
//! Invariant: what is asked follows from the seed; the order in which threads run does not come again with it.

use std::panic;
use std::thread;

use earnest_core::statement::verify;
use earnest_core::wire::StatementDocument;
use serde_json::json;

use crate::database::Database;
use crate::edge::{Edge, Request};
use crate::episode::{Episode, Step};
use crate::errand::{Clients, Errand};
use crate::fault::Fault;
use crate::journal::Journals;
use crate::operation::SHOPS;
use crate::program::{self, Version};
use crate::tally::Tally;
use crate::touched;
use crate::{Violation, invariant};

/// How many operations are under way at once, round after round.
const AT_ONCE: [usize; 4] = [1, 1, 1, 4];
/// So many rounds are between two looks at what members are told.
const LOOK_EVERY: usize = 20;

/// Carries so many operations to an edge whose shops nobody else uses.
///
/// # Errors
/// What does not hold, after which operation of which seed.
///
/// # Panics
/// When the edge's database cannot be read.
pub fn run_at_edge(seed: u64, operations: u64, edge: &dyn Edge) -> Result<Tally, Violation> {
    let mut episode = Episode::draw(seed, operations);
    // Of the seeds of a million operations some have no faults.
    for next in (seed.wrapping_add(1)..).take(64) {
        if episode.has_faults() {
            break;
        }
        episode = Episode::draw(next, operations);
    }
    let versions = |versions: &Vec<Version>| versions.iter().map(Version::after_another).collect();
    let programs: Vec<Vec<Version>> = episode.programs().iter().map(versions).collect();
    let clients = Clients::new(edge, &programs);
    let books = Database::of_edge(&edge.database());
    open(&clients)?;
    let mut left = &episode.steps[..];
    for (nth, at_once) in AT_ONCE.into_iter().cycle().enumerate() {
        let (steps, later) = left.split_at(at_once.min(left.len()));
        if steps.is_empty() {
            break;
        }
        left = later;
        let mut played = Ok(());
        edge.in_turn(&mut || played = play(&clients, steps));
        let judged = played.and_then(|()| check(&books, edge)).and_then(|()| {
            if nth % LOOK_EVERY == 0 {
                look(&clients)
            } else {
                Ok(())
            }
        });
        judged.map_err(|Violation(what)| {
            Violation::new(format!(
                "{what}\n\nof seed {seed}, after round {nth}:\n{steps:?}"
            ))
        })?;
    }
    look(&clients)?;
    check(&books, edge)?;
    clients.check_acknowledged()?;
    Ok(clients.tally())
}

/// Puts the first programs into force, and what they draw with.
fn open(clients: &Clients<'_>) -> Result<(), Violation> {
    for shop in 0..SHOPS {
        for name in program::SEEDS {
            let seed = json!({ "seed": program::seed_text(name) });
            let kept = clients.deliver(&Request::post(shop, "/v1/seeds", &seed));
            Violation::unless(matches!(kept.status, 200 | 201), kept.body)?;
        }
        let errand = Errand::new(clients, &[]);
        let first = errand.versions(shop).first();
        let source = first.map(|version| version.source.clone());
        let published = clients.deliver(&Request::publish(shop, source.unwrap_or_default()));
        Violation::unless(published.status == 201, published.body)?;
    }
    Ok(())
}

/// Some operations, and whatever runs at the same time.
fn play(clients: &Clients<'_>, steps: &[Step]) -> Result<(), Violation> {
    let faults = steps.iter().flat_map(|step| &step.faults);
    let meanwhile = faults.filter_map(|(_, fault)| match fault {
        Fault::Meanwhile(other) => Some((&**other, Errand::new(clients, &[]))),
        _ => None,
    });
    let steps = steps
        .iter()
        .map(|step| (&*step.operation, Errand::new(clients, &step.faults)));
    let mut errands: Vec<_> = steps.chain(meanwhile).collect();
    if errands.len() == 1 {
        return errands
            .iter_mut()
            .try_for_each(|(operation, errand)| operation.carry(errand));
    }
    thread::scope(|scope| {
        let under_way = errands.into_iter().map(|(operation, errand)| {
            clients.count("operations ran at the same time as others");
            scope.spawn(move || operation.carry(&mut errand.among_others()))
        });
        let under_way: Vec<_> = under_way.collect();
        let ended = under_way.into_iter().map(|operation| {
            let ended = operation.join();
            ended.unwrap_or_else(|panicked| panic::resume_unwind(panicked))
        });
        ended.fold(Ok(()), Result::and)
    })
}

/// Asks the invariants of the shops' books.
fn check(books: &Database, edge: &dyn Edge) -> Result<(), Violation> {
    books.at_one_instant(|| {
        for shop in 0..SHOPS {
            touched::touch_all(books, edge.shop(shop));
        }
        invariant::check(books, &Journals::new(books))
    })
}

/// Each member's statement passes the check that needs nobody, and ends with the balance that she is told, once the
/// cron has booked what is over.
fn look(clients: &Clients<'_>) -> Result<(), Violation> {
    let mut looked = Ok(());
    clients.edge.in_turn(&mut || {
        // Guests who have joined are credited after that, and what they ordered long ago is over by now.
        for _ in 0..2 {
            clients.edge.settle();
        }
        looked = look_at_members(clients);
    });
    looked
}

fn look_at_members(clients: &Clients<'_>) -> Result<(), Violation> {
    for (shop, id) in clients.members() {
        let read = |rest: &str| {
            let answer = clients.deliver(&Request::get(shop, format!("/v1/members/{id}{rest}")));
            Violation::unless(
                answer.status == 200,
                format!(
                    "the shop's own member is answered {} {}",
                    answer.status, answer.body
                ),
            )?;
            Ok(answer)
        };
        let told: StatementDocument = serde_json::from_str(&read("/statement")?.body)
            .map_err(|error| Violation::new(format!("a statement of {id}: {error}")))?;
        let found = verify(&told).map_err(|broken| Violation::new(format!("{id}: {broken}")))?;
        let member = read("")?.json();
        Violation::unless(
            found.balance >= 0 && member["balance_points"] == found.balance,
            format!(
                "her statement ends with {}, and she is told {member}",
                found.balance
            ),
        )?;
        clients.count("statements were verified");
    }
    Ok(())
}
