//! An errand: one operation on its way to a running edge, under what goes wrong with its requests. It is the second
//! shell beside the native one.
//!
//! A reply is lost after it was made, or the line breaks before it is; then the request is sent again, as a shop's
//! server does. Or it is delivered twice at once. The edge's own storage is not made to fail, and its clock not
//! moved: the native shell does both. Invariant: what was acknowledged is kept, to be held against what comes later.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::Value;

use crate::Violation;
use crate::edge::{Answer, Edge, Request};
use crate::fault::Fault;
use crate::program::Version;
use crate::shell::Acknowledged;
use crate::tally::Tally;
use crate::who::Person;

/// Times that a request is sent which the edge is too busy for.
const DELIVERIES: u32 = 8;
/// Storage calls of a request, of which one reads and one writes: so faults of calls are shared out to requests.
const CALLS_A_REQUEST: u32 = 2;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug)]
enum Loss {
    /// The answer is lost.
    Reply,
    /// The line breaks before there is an answer.
    Line,
    /// It is delivered twice at once.
    Twice,
}

/// What clients know of each other's requests.
#[derive(Default)]
struct Known {
    acknowledged: HashMap<Acknowledged, Booked>,
    /// What was sent under each name.
    bodies: HashMap<Acknowledged, BTreeSet<String>>,
    members: HashMap<(usize, Person), String>,
    tally: Tally,
}

/// What was acknowledged.
struct Booked {
    request: Request,
    answer: String,
    is_first_told: bool,
}

/// All that the simulator's clients share.
pub(crate) struct Clients<'a> {
    /// The edge.
    pub(crate) edge: &'a dyn Edge,
    programs: &'a [Vec<Version>],
    known: Mutex<Known>,
}

/// One operation on its way.
pub(crate) struct Errand<'a> {
    clients: &'a Clients<'a>,
    losses: Vec<(u32, Loss)>,
    asked: u32,
    /// Whether nobody else writes meanwhile.
    is_alone: bool,
    is_struck: bool,
}

/// What a client was told of a booking.
#[derive(Debug)]
pub(crate) enum Reply {
    /// It is booked, and whether it is by this very request.
    Booked(Value, bool),
    /// It is not, and the name of why.
    Refused(String),
}

impl<'a> Clients<'a> {
    pub(crate) fn new(edge: &'a dyn Edge, programs: &'a [Vec<Version>]) -> Self {
        Self {
            edge,
            programs,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts something.
    pub(crate) fn count(&self, what: &'static str) {
        self.known().tally.count(what);
    }

    /// What came of it so far.
    pub(crate) fn tally(&self) -> Tally {
        self.known().tally.clone()
    }

    /// The members of whom shops have learnt, each with her shop.
    pub(crate) fn members(&self) -> BTreeSet<(usize, String)> {
        let known = self.known();
        let members = known.members.iter();
        members.map(|((shop, _), id)| (*shop, id.clone())).collect()
    }

    /// Everything that was ever acknowledged is answered as it was.
    pub(crate) fn check_acknowledged(&self) -> Result<(), Violation> {
        for (what, booked) in &self.known().acknowledged {
            let again = self.deliver(&booked.request);
            Violation::unless(
                again.status == 200 && is_or_became(&booked.answer, &again.body),
                format!(
                    "{what:?} was answered\n  {}\nand in the end {}\n  {}",
                    booked.answer, again.status, again.body
                ),
            )?;
        }
        Ok(())
    }

    /// Sends a request until the edge is not too busy for it.
    pub(crate) fn deliver(&self, request: &Request) -> Answer {
        let mut answer = self.edge.send(request);
        for _ in 1..DELIVERIES {
            if !answer.is_busy() {
                break;
            }
            self.count("requests met the edge busy");
            answer = self.edge.send(request);
        }
        answer
    }
}

impl<'a> Errand<'a> {
    /// An errand under some faults. Of those that the edge cannot be made to have, others are made.
    pub(crate) fn new(clients: &'a Clients<'a>, faults: &[(u32, Fault)]) -> Self {
        let losses = faults.iter().filter_map(|(call, fault)| {
            let loss = match fault {
                Fault::ReplyLost => Loss::Reply,
                Fault::Away | Fault::Stalls(_) => Loss::Line,
                Fault::Broken => Loss::Twice,
                Fault::Meanwhile(_) => return None,
            };
            Some((call / CALLS_A_REQUEST, loss))
        });
        Self {
            clients,
            losses: losses.collect(),
            asked: 0,
            is_alone: true,
            is_struck: false,
        }
    }

    /// The same while others are under way.
    pub(crate) fn among_others(mut self) -> Self {
        self.is_alone = false;
        self
    }

    /// Whether what was read a moment ago still holds: nobody else writes, and nothing of ours may be under way.
    pub(crate) fn is_undisturbed(&self) -> bool {
        self.is_alone && !self.is_struck
    }

    /// The cron comes by.
    pub(crate) fn settle(&self) {
        self.clients.edge.settle();
        self.clients.count("crons came by");
    }

    /// Counts something.
    pub(crate) fn count(&self, what: &'static str) {
        self.clients.count(what);
    }

    /// The versions of a shop's program.
    pub(crate) fn versions(&self, shop: usize) -> &'a [Version] {
        &self.clients.programs[shop]
    }

    /// The id by which a shop knows a person, or one that is nobody's.
    pub(crate) fn member_id(&self, shop: usize, person: Person) -> String {
        let known = self.clients.known().members.get(&(shop, person)).cloned();
        known.unwrap_or_else(|| "mem_nobody".to_owned())
    }

    /// A shop learns the id of a person.
    pub(crate) fn learn(&self, shop: usize, person: Person, member_id: String) {
        let mut known = self.clients.known();
        known.members.insert((shop, person), member_id);
    }

    /// Reads, without anything going wrong.
    pub(crate) fn read(&self, request: &Request) -> Answer {
        self.clients.deliver(request)
    }

    /// Sends a request under its faults, and answers with what the client gets to see last.
    pub(crate) fn ask(&mut self, request: &Request) -> Answer {
        let nth = self.asked;
        self.asked += 1;
        let clients = self.clients;
        let losses: Vec<_> = self.losses.extract_if(.., |(at, _)| *at == nth).collect();
        for (_, loss) in losses {
            self.is_struck = true;
            match loss {
                Loss::Reply => {
                    clients.count("replies were lost");
                    drop(clients.edge.send(request));
                }
                Loss::Line => {
                    clients.count("lines broke");
                    clients.edge.send_and_hang_up(request);
                }
                Loss::Twice => {
                    clients.count("requests were delivered twice at once");
                    return thread::scope(|scope| {
                        let other = scope.spawn(|| clients.deliver(request));
                        let answer = clients.deliver(request);
                        drop(other.join());
                        answer
                    });
                }
            }
        }
        clients.deliver(request)
    }

    /// Asks for what is booked once, under a name of its own: whatever was acknowledged under it is answered again,
    /// byte for byte, and nobody is told twice that it was the first.
    pub(crate) fn book(
        &mut self,
        what: (&'static str, String),
        request: &Request,
    ) -> Result<Reply, Violation> {
        let what: Acknowledged = (what.0, request.shop, what.1);
        let body = request.body.as_ref().map(|(_, body)| body.clone());
        let mut known = self.clients.known();
        let bodies = known.bodies.entry(what.clone()).or_default();
        bodies.insert(request.path.clone() + &body.unwrap_or_default());
        drop(known);
        let answer = self.ask(request);
        let is_first = answer.status == 201;
        if !is_first && answer.status != 200 {
            self.count("bookings were refused");
            return self.refused(&answer).map(Reply::Refused);
        }
        let mut known = self.clients.known();
        known.tally.count(if is_first {
            "bookings were new"
        } else {
            "bookings had been booked"
        });
        // Of what is two batches, each may be somebody's first.
        let is_one_batch = !matches!(what.0, "transfer" | "merge");
        let booked = known.acknowledged.entry(what.clone()).or_insert(Booked {
            request: request.clone(),
            answer: answer.body.clone(),
            is_first_told: false,
        });
        if waits(&booked.answer) {
            booked.answer.clone_from(&answer.body);
        }
        Violation::unless(
            is_or_became(&answer.body, &booked.answer),
            format!(
                "{what:?} was answered\n  {}\nand then\n  {}",
                booked.answer, answer.body
            ),
        )?;
        Violation::unless(
            !(is_first && booked.is_first_told && is_one_batch),
            format!("{what:?} was booked twice"),
        )?;
        booked.is_first_told |= is_first;
        Ok(Reply::Booked(answer.json(), is_first))
    }

    /// Whether anything else was ever sent under a name.
    pub(crate) fn was_sent_otherwise(&self, what: &'static str, shop: usize, name: &str) -> bool {
        let what = (what, shop, name.to_owned());
        let known = self.clients.known();
        known.bodies.get(&what).is_some_and(|sent| sent.len() > 1)
    }

    /// The name of what an answer refuses; that the edge made a mistake is none.
    pub(crate) fn refused(&self, answer: &Answer) -> Result<String, Violation> {
        let code = answer.code();
        let is_named = !code.is_empty() && (answer.status < 500 || answer.is_busy());
        Violation::unless(
            is_named && (!answer.is_busy() || !self.is_undisturbed()),
            format!("was answered {} {}", answer.status, answer.body),
        )?;
        Ok(code)
    }
}

/// Whether an answer is that of a refund whose order has not come: what became of it is told when it has.
pub(crate) fn waits(answer: &str) -> bool {
    answer.contains(r#""status":"waiting""#)
}

/// Whether what is answered now is what was answered before, or what became of that.
fn is_or_became(before: &str, now: &str) -> bool {
    before == now || (waits(before) && !waits(now))
}

/// What was refused may be refused: it has one of these names.
pub(crate) fn expect(code: &str, allowed: &[&str]) -> Result<(), Violation> {
    // Somebody was given as many points as there can be; or others are writing the same all the time.
    let is_allowed = allowed.contains(&code) || matches!(code, "points_beyond_limit" | "busy");
    Violation::unless(is_allowed, format!("was refused as {code}"))
}
