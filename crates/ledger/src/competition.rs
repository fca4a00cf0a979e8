//! Competitions: what an order adds to what a member has in them, what a refund takes from it, and the prizes.
//!
//! Invariants: what counts is kept in the batch of the order or the refund, so a board is the sum of the books; the
//! prizes are given once, to whom the core's board says, and nothing counts after that.

use earnest_core::competition::{Competition, Placing};
use earnest_core::lifetime::matures_at;
use earnest_core::limits::MAX_ID_BYTES;
use earnest_core::refund::TakenBack;
use earnest_core::reward::Gift;
use earnest_core::wire::ProgramDocument;
use earnest_core::{Earning, EntryKind, Points, Program, Timestamp};
use sha2::{Digest, Sha256};

use crate::gift_sent::{GiftContent, SentGift};
use crate::store::members::MemberRow;
use crate::store::scores::{self, CompetitionRow, KnownCompetition, Scored};
use crate::store::{Rows, Statement, gifts_sent};
use crate::{Booking, BookingError, Found, Written, hex, json};

/// Places that a board has at most.
const MAX_PLACES: u32 = 100;

/// What an order adds to what its buyer has in the competitions that run, less what has come back of it.
pub(crate) fn count(
    shop: &str,
    program: &Program,
    member: &MemberRow,
    (earning, placed_at): (&Earning, Timestamp),
    back: &[TakenBack],
) -> Vec<Statement> {
    let mut statements = Vec::new();
    for competition in program.competitions() {
        let came_back = back.iter().map(|back| competition.uncounted(back));
        let came_back = came_back.fold(0, i64::saturating_add);
        let total = competition.counted(earning, placed_at);
        let total = total.saturating_sub(came_back);
        if total <= 0 {
            continue;
        }
        let (id, version) = (&competition.id, program.reference().version);
        let scored = Scored {
            member_id: &member.member_id,
            competition: id,
            total,
            reached_at: placed_at,
            name: member.display_name.as_deref(),
        };
        statements.push(scores::store(shop, scored));
        statements.push(scores::store_running(shop, id, competition.until, version));
    }
    statements
}

/// Takes what came back from what a member has.
pub(crate) fn uncount(
    shop: &str,
    program: &Program,
    member_id: &str,
    back: &TakenBack,
) -> Vec<Statement> {
    let competitions = program.competitions().iter();
    let less = competitions.map(|it| (&it.id, it.uncounted(back)));
    less.filter(|(_, total)| *total > 0)
        .map(|(id, total)| scores::store_less(shop, member_id, id, total))
        .collect()
}

/// Why a program cannot have a competition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompetitionError {
    /// Its id is one whose prizes were given: nothing would count.
    #[error(
        "competition {0:?}: the prizes of this id were given, and nothing counts under it any more; give the next one an id of its own, with its year, say"
    )]
    Given(String),
    /// Its id is one that is over, and whose prizes are not given yet: its places would be another one's.
    #[error(
        "competition {0:?}: the one of this id is over, and its prizes are not given yet; leave it as it is, and give the next one an id of its own"
    )]
    Over(String),
}

/// What to read to find out whether a program may have the competitions that it has.
#[must_use]
pub fn load_competitions(shop: &str, program: &Program) -> Statement {
    let competitions = program.competitions().iter();
    let ids: Vec<&str> = competitions.map(|it| it.id.as_str()).collect();
    scores::load_known(shop, &ids)
}

/// Whether each competition of a program counts what it says: one that runs may last longer or shorter, one that is
/// over stays as it was.
///
/// # Errors
/// The first that has the id of one that is over.
pub fn check_competitions(
    program: &Program,
    known: &[KnownCompetition],
    now: Timestamp,
) -> Result<(), CompetitionError> {
    for competition in program.competitions() {
        let id = &competition.id;
        let until = competition.until.as_millis();
        let Some(known) = known.iter().find(|it| it.competition == *id) else {
            continue;
        };
        let is_over = |end: &i64| *end <= now.as_millis() && *end != until;
        match known.given_at {
            Some(given_at) if given_at < until => return Err(CompetitionError::Given(id.clone())),
            None if known.until.as_ref().is_some_and(is_over) => {
                return Err(CompetitionError::Over(id.clone()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The prizes of a competition that may be over.
#[derive(Clone, Copy, Debug)]
pub struct PrizeBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The id of the competition.
    pub competition: &'a str,
}

/// What is known of a competition whose prizes were not given.
#[derive(Clone, Debug)]
pub struct Contest {
    row: CompetitionRow,
    entrants: Vec<earnest_core::competition::Entrant>,
}

impl Booking<2> for PrizeBooking<'_> {
    type Known = Contest;

    fn reads(&self) -> [Statement; 2] {
        [
            scores::load(self.shop, self.competition),
            scores::load_board(self.shop, self.competition, MAX_PLACES),
        ]
    }

    fn find<R: Rows>(&self, [row, board]: &[R; 2]) -> Result<Found<Contest>, BookingError> {
        let row = scores::competition(row)?;
        let Some(row) = row.filter(|row| row.given_at.is_none()) else {
            return Ok(Found::Booked("null".to_owned()));
        };
        Ok(Found::Open(Contest {
            row,
            entrants: scores::entrants(board)?,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        contest: Contest,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let earlier = contest.row.document.as_deref().and_then(read);
        let named = |it: &&Competition| it.id == self.competition;
        let today = program.competitions().iter().find(named);
        // A program may drop what is over.
        let of_earlier = || earlier.as_ref()?.competitions().iter().find(named);
        let competition = today.or_else(of_earlier);
        // A place is won when nothing that counted for it can come back any more.
        let won_at = |it: &Competition| matures_at(program.pending(), it.until, program.calendar());
        if let Some(later) = competition.map(won_at).filter(|at| now < *at) {
            return Ok(Written {
                statements: vec![scores::store_later(self.shop, self.competition, later)],
                answer: "null".to_owned(),
            });
        }
        let board = competition.map_or_else(Vec::new, |it| it.board(&contest.entrants));
        let prizes = board.iter().filter(|it| it.prize > Points::ZERO);
        let prizes: Vec<SentGift> = prizes.map(|it| self.prize(it)).collect();
        let mut statements = Vec::new();
        if !prizes.is_empty() {
            statements.push(gifts_sent::store_all(self.shop, &prizes, now));
        }
        statements.push(scores::store_given(self.shop, self.competition, now));
        if competition.is_some_and(|it| !it.prizes.is_empty()) {
            // What came late, or was given another name, since the board was read.
            let read = &contest.entrants;
            let check = scores::check_board(self.shop, self.competition, MAX_PLACES, read);
            statements.push(check);
        }
        Ok(Written {
            statements,
            answer: json(&prizes.len()),
        })
    }
}

impl PrizeBooking<'_> {
    fn prize(&self, placing: &Placing<'_>) -> SentGift {
        let member_id = &placing.entrant.member_id;
        SentGift {
            gift_id: prize_id(self.competition, member_id),
            kind: EntryKind::Competition,
            member_id: member_id.clone(),
            content: GiftContent::give(self.competition, &Gift::Points(placing.prize), None),
        }
    }
}

/// What a prize is booked for. A name that is too long with the other is told by its digest.
fn prize_id(competition: &str, member_id: &str) -> String {
    let id = format!("prize:{competition}:{member_id}");
    if id.len() <= MAX_ID_BYTES {
        return id;
    }
    format!("prize:{}", hex(&Sha256::digest(id)))
}

fn read(document: &str) -> Option<Program> {
    let document: ProgramDocument = serde_json::from_str(document).ok()?;
    Program::try_from(document).ok()
}
