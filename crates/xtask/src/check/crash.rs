//! `kill -9` of workerd under load: what was acknowledged is there afterwards, and nothing is there twice.
//!
//! Owns the kills and what must hold of the members between them; what is sent is the clients'. Invariant:
//! after each restart a member's entries are exactly those that the answers told, and a request whose answer
//! was lost counts once it is answered when it comes again, as a shop's server does it.

mod client;

use std::env;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use earnest_core::statement::verify;
use earnest_core::wire::StatementDocument;
use serde_json::{Value, json};

use self::client::{Booked, Client, Server};
use super::Tally;
use super::connection::Connection;
use crate::edge::Edge;
use crate::{build, step};

/// How often it is killed.
const KILLS: u32 = 20;
/// Requests in flight.
const CLIENTS: u64 = 4;
/// Few, so that clients meet at a member.
const MEMBERS: u64 = 3;
/// Writes that are acknowledged between two kills.
const WRITES: std::ops::Range<u64> = 5..60;
/// Its program has refunds that leave debts, and rewards.
const SHOP: &str = "tavern";
/// The seed of a run that is to be tried again; the order in which threads run does not come again with it.
const SEED: &str = "EARNEST_SEED";

pub(super) fn check() -> Result<Tally> {
    build::run(None)?;
    let seed = match env::var(SEED) {
        Ok(seed) => seed.parse().with_context(|| format!("{SEED}={seed}"))?,
        Err(_) => getrandom::u64()?,
    };
    let edge = Edge::start("crash")?;
    let written = kills(edge, seed).with_context(|| format!("{SEED}={seed}"))?;
    step::note(&format!(
        "{KILLS} kills, {written} acknowledged writes ({SEED}={seed})"
    ));
    Ok(Tally {
        passed: KILLS,
        failed: 0,
    })
}

/// Kills again and again, and answers how many writes were acknowledged.
fn kills(mut edge: Edge, seed: u64) -> Result<usize> {
    let mut random = Random(seed);
    let server = Server::new(Connection::new(edge.address(), &edge.secret_key(SHOP)?));
    let members: Vec<String> = (0..MEMBERS)
        .map(|nth| enrol(&server, nth))
        .collect::<Result<_>>()?;
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|nth| Client::new(nth, &members, Random(random.next())))
        .collect();
    for kill in 1..=KILLS {
        let writes = WRITES.start + random.below(WRITES.end - WRITES.start);
        edge = under_load(edge, &server, &mut clients, writes)?;
        look(&server, &mut clients, &members, Client::check_new)
            .with_context(|| format!("after kill {kill}, {writes} writes after the one before"))?;
    }
    look(&server, &mut clients, &members, Client::check_all).context("in the end")?;
    Ok(clients.iter().map(|client| client.booked().len()).sum())
}

/// Lets the clients work until so many writes are acknowledged, kills the edge in the midst of the next, and
/// starts it again.
fn under_load(edge: Edge, server: &Server, clients: &mut [Client], writes: u64) -> Result<Edge> {
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let working: Vec<_> = clients
            .iter_mut()
            .map(|client| {
                let tell = tell.clone();
                scope.spawn(move || client.work(server, &tell))
            })
            .collect();
        drop(tell);
        // Fewer where the clients gave up; each then says why.
        for _ in 0..writes {
            if told.recv().is_err() {
                break;
            }
        }
        server.expect_loss(true);
        edge.kill()?;
        for client in working {
            client.join().expect("a client does not panic")?;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    server.expect_loss(false);
    edge.restart()
}

/// Has the clients check their answers, then holds the members' ledgers against all of them.
fn look(
    server: &Server,
    clients: &mut [Client],
    members: &[String],
    answers: fn(&mut Client, &Server) -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let checks: Vec<_> = clients
            .iter_mut()
            .map(|client| scope.spawn(move || answers(client, server)))
            .collect();
        checks
            .into_iter()
            .try_for_each(|check| check.join().expect("a client does not panic"))
    })?;
    for id in members {
        let booked = clients.iter().flat_map(Client::booked);
        let hers: Vec<&Booked> = booked.filter(|booked| booked.is_of(id)).collect();
        check_ledger(server, id, &hers).with_context(|| format!("the ledger of {id}"))?;
    }
    Ok(())
}

/// An entry as answers tell it: its kind, its source, its points.
type Entry = (String, String, i64);

/// The ledger passes the check that needs nobody, holds exactly the entries that were told, each once, and is
/// worth what they sum to.
fn check_ledger(server: &Server, id: &str, booked: &[&Booked]) -> Result<()> {
    let told = server.get(&format!("/v1/members/{id}/statement"))?;
    let told: StatementDocument = serde_json::from_value(told)?;
    let found = match verify(&told) {
        Ok(found) => found,
        Err(broken) => bail!("{broken}"),
    };
    let mut expected: Vec<Entry> = vec![("welcome".to_owned(), id.to_owned(), 100)];
    expected.extend(booked.iter().flat_map(|booked| booked.entries()));
    let mut extra: Vec<Entry> = told
        .entries
        .iter()
        .map(|entry| (entry.kind.clone(), entry.source.clone(), entry.points))
        // What is earned pays off what is owed: no answer tells it, and it changes nothing of what she is worth.
        .filter(|(kind, ..)| kind != "repay")
        .collect();
    expected.retain(
        |entry| match extra.iter().position(|found| found == entry) {
            Some(place) => {
                extra.swap_remove(place);
                false
            }
            None => true,
        },
    );
    ensure!(
        expected.is_empty() && extra.is_empty(),
        "missing: {expected:?}, too many: {extra:?}"
    );
    let owed = told.holdings.map_or(0, |holdings| holdings.owed);
    let worth: i64 = booked.iter().map(|booked| booked.worth()).sum();
    ensure!(
        found.balance - owed == 100 + worth,
        "a balance of {} with {owed} owed, where the answers sum to {}",
        found.balance,
        100 + worth
    );
    Ok(())
}

fn enrol(server: &Server, nth: u64) -> Result<String> {
    let body = json!({
        "email": format!("ada-{nth}@example.com"),
        "consent": { "terms": true, "marketing": false },
    });
    let (status, text) = server
        .post("/v1/members", &body)?
        .context("nobody killed it yet")?;
    let member: Value = serde_json::from_str(&text)?;
    let id = member["id"].as_str();
    Ok(id
        .with_context(|| format!("enrolment answered {status} {text}"))?
        .to_owned())
}

/// Numbers that look random and come again with their seed (`SplitMix64`, by Sebastiano Vigna).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// One of some, taken out; `None` where there is none.
    fn take<T>(&mut self, from: &mut Vec<T>) -> Option<T> {
        (!from.is_empty()).then(|| from.swap_remove(self.place(from.len())))
    }

    /// The place of one of so many, which are not none.
    fn place(&mut self, of: usize) -> usize {
        let place = self.below(u64::try_from(of).expect("a length"));
        usize::try_from(place).expect("a place below a length")
    }
}
