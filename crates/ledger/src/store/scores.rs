//! Scores: what members have in competitions, and the boards.
//!
//! Invariant: once the prizes of a competition are given, nothing counts in it any more; and a board reads the rows
//! that it shows, however many members there are.

use earnest_core::Timestamp;
use earnest_core::competition::Entrant;
use serde::Deserialize;

use super::{Rows, Statement, StoreError, Value};
use crate::json;

/// Entrants with the total and the instant of the last place that are read at most besides.
const MAX_SHARING: u32 = 100;

/// A competition as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CompetitionRow {
    /// Its id in the program.
    pub competition: String,
    /// When its prizes were given, in milliseconds.
    pub given_at: Option<i64>,
    /// A program that has it, JSON; `None` where that is not to be had.
    pub document: Option<String>,
}

/// A competition that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DueCompetition {
    /// In which shop.
    pub shop: String,
    /// Its id in the program.
    pub competition: String,
}

/// What counts in a competition.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Whose it is.
    pub member_id: &'a str,
    /// In which competition.
    pub competition: &'a str,
    /// What it adds.
    pub total: i64,
    /// When that was.
    pub reached_at: Timestamp,
    /// The name by which she is shown.
    pub name: Option<&'a str>,
}

#[derive(Deserialize)]
struct EntrantRow {
    member_id: String,
    name: String,
    total: i64,
    reached_at: i64,
}

/// The competition that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn competition(rows: &impl Rows) -> Result<Option<CompetitionRow>, StoreError> {
    rows.first()
}

/// The competitions that a statement found to be due.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn due(rows: &impl Rows) -> Result<Vec<DueCompetition>, StoreError> {
    rows.all()
}

/// The entrants that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn entrants(rows: &impl Rows) -> Result<Vec<Entrant>, StoreError> {
    let rows: Vec<EntrantRow> = rows.all()?;
    let entrant = |row: EntrantRow| Entrant {
        member_id: row.member_id,
        name: row.name,
        total: row.total,
        reached_at: Timestamp::from_millis(row.reached_at),
    };
    Ok(rows.into_iter().map(entrant).collect())
}

/// Finds a competition.
pub fn load(shop: &str, competition: &str) -> Statement {
    Statement::new(
        "SELECT competition, given_at, document FROM competitions \
         LEFT JOIN programs ON programs.shop = ?1 AND version = program_version \
         WHERE competitions.shop = ?1 AND competition = ?2",
        [shop.into(), competition.into()],
    )
}

/// What a program may change of a competition that there is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KnownCompetition {
    /// Its id.
    pub competition: String,
    /// When its prizes were given, in milliseconds.
    pub given_at: Option<i64>,
    /// The first instant that is too late for it, by the newest program, or else by one that has it; `None` where
    /// that is not to be had.
    pub until: Option<i64>,
}

/// The competitions that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn known(rows: &impl Rows) -> Result<Vec<KnownCompetition>, StoreError> {
    rows.all()
}

/// Finds those of some competitions in which something has counted.
pub fn load_known(shop: &str, competitions: &[&str]) -> Statement {
    Statement::new(
        "SELECT competition, given_at, coalesce((SELECT value ->> '$.until' FROM json_each((\
         SELECT document FROM programs AS newest WHERE newest.shop = ?1 ORDER BY version DESC LIMIT 1), '$.competitions') \
         WHERE value ->> '$.id' = competition), \
         (SELECT value ->> '$.until' FROM json_each(programs.document, '$.competitions') \
         WHERE value ->> '$.id' = competition)) AS until \
         FROM json_each(?2) AS booked CROSS JOIN competitions ON competitions.shop = ?1 AND competition = booked.value \
         LEFT JOIN programs ON programs.shop = ?1 AND programs.version = program_version",
        [shop.into(), json(&competitions).as_str().into()],
    )
}

/// The rows of a board, as a table: `?1` the shop, `?2` the competition, `?3` places, `?4` those who share the last.
macro_rules! board {
    () => {
        "WITH top AS MATERIALIZED (SELECT member_id, name, total, reached_at \
         FROM scores INDEXED BY scores_ranked \
         WHERE shop = ?1 AND competition = ?2 AND name IS NOT NULL AND total > 0 \
         ORDER BY total DESC, reached_at, member_id LIMIT ?3) \
         SELECT * FROM top UNION ALL SELECT * FROM (\
         SELECT scores.member_id, scores.name, scores.total, scores.reached_at FROM (\
         SELECT total, reached_at, member_id FROM top \
         ORDER BY total, reached_at DESC, member_id DESC LIMIT 1) AS last \
         CROSS JOIN scores INDEXED BY scores_ranked ON scores.shop = ?1 AND scores.competition = ?2 \
         AND scores.name IS NOT NULL AND scores.total > 0 AND scores.total = last.total \
         AND scores.reached_at = last.reached_at AND scores.member_id > last.member_id LIMIT ?4)"
    };
}

/// Reads so many places of a board from its top, with all who share the last of them.
pub fn load_board(shop: &str, competition: &str, places: u32) -> Statement {
    Statement::new(
        board!(),
        [
            shop.into(),
            competition.into(),
            places.into(),
            MAX_SHARING.into(),
        ],
    )
}

/// Writes nothing, in a batch that gives the prizes, after [`store_given`]. Where the board is another one than was read
/// it is a conflict: another writer was first.
pub fn check_board(shop: &str, competition: &str, places: u32, read: &[Entrant]) -> Statement {
    let read = read.iter();
    let read = read.map(|it| (&it.member_id, it.total, it.reached_at.as_millis()));
    let read: Vec<_> = read.collect();
    Statement::new(
        concat!(
            "UPDATE competitions SET given_at = given_at WHERE shop = ?1 AND competition = ?2 AND ?5 IS NOT (",
            "SELECT json_group_array(json_array(member_id, total, reached_at)) FROM (",
            board!(),
            "))"
        ),
        [
            shop.into(),
            competition.into(),
            places.into(),
            MAX_SHARING.into(),
            json(&read).as_str().into(),
        ],
    )
}

/// Finds competitions of all shops that are over, the first first.
pub fn load_due(now: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT shop, competition FROM competitions WHERE given_at IS NULL AND due_at <= ?1 \
         ORDER BY due_at LIMIT ?2",
        [now.into(), limit.into()],
    )
}

/// Adds to what a member has in a competition, in the batch that books it.
pub fn store(shop: &str, scored: Scored<'_>) -> Statement {
    Statement::new(
        "INSERT INTO scores (shop, member_id, competition, total, reached_at, name) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM competitions \
         WHERE shop = ?1 AND competition = ?3 AND given_at IS NOT NULL) \
         ON CONFLICT (shop, member_id, competition) DO UPDATE SET total = total + excluded.total, \
         reached_at = max(reached_at, excluded.reached_at), name = excluded.name",
        [
            shop.into(),
            scored.member_id.into(),
            scored.competition.into(),
            scored.total.into(),
            scored.reached_at.into(),
            scored.name.into(),
        ],
    )
}

/// Takes from what a member has in a competition what has come back.
pub fn store_less(shop: &str, member_id: &str, competition: &str, total: i64) -> Statement {
    Statement::new(
        "UPDATE scores SET total = max(total - ?4, 0) WHERE shop = ?1 AND member_id = ?2 AND competition = ?3 \
         AND NOT EXISTS (SELECT 1 FROM competitions \
         WHERE shop = ?1 AND competition = ?3 AND given_at IS NOT NULL)",
        [
            shop.into(),
            member_id.into(),
            competition.into(),
            total.into(),
        ],
    )
}

/// Keeps when a competition is over in which something counts: where that is known, nothing is written.
pub fn store_running(shop: &str, competition: &str, until: Timestamp, version: u32) -> Statement {
    Statement::new(
        "INSERT INTO competitions (shop, competition, due_at, program_version) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (shop, competition) DO UPDATE SET due_at = excluded.due_at, \
         program_version = excluded.program_version WHERE due_at <> excluded.due_at AND given_at IS NULL",
        [
            shop.into(),
            competition.into(),
            until.into(),
            version.into(),
        ],
    )
}

/// Looks at a competition later: it lasts longer, or its prizes cannot be given as they are.
pub fn store_later(shop: &str, competition: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE competitions SET due_at = ?3 WHERE shop = ?1 AND competition = ?2",
        [shop.into(), competition.into(), due_at.into()],
    )
}

/// Notes that the prizes of a competition are given, in the batch that sends them. A conflict with it means that they
/// were.
pub fn store_given(shop: &str, competition: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE competitions SET given_at = ?3 WHERE shop = ?1 AND competition = ?2",
        [shop.into(), competition.into(), now.into()],
    )
}

/// Shows a member by another name, or not at all, in the batch that changes it.
pub fn store_name(shop: &str, member_id: &str, name: Option<&str>) -> Statement {
    Statement::new(
        "UPDATE scores SET name = ?3 WHERE shop = ?1 AND member_id = ?2",
        [shop.into(), member_id.into(), name.into()],
    )
}

/// What a member had in competitions is another's now, who is shown by her own name.
pub fn store_merged(shop: &str, member_id: &str, into: &str) -> [Statement; 2] {
    let values: [Value; 3] = [shop.into(), member_id.into(), into.into()];
    [
        Statement::new(
            "INSERT INTO scores (shop, member_id, competition, total, reached_at, name) \
             SELECT ?1, ?3, competition, total, reached_at, \
             (SELECT display_name FROM members WHERE shop = ?1 AND members.member_id = ?3) \
             FROM scores AS hers WHERE hers.shop = ?1 AND hers.member_id = ?2 \
             ON CONFLICT (shop, member_id, competition) DO UPDATE SET total = total + excluded.total, \
             reached_at = max(reached_at, excluded.reached_at)",
            values.to_vec(),
        ),
        Statement::new(
            "DELETE FROM scores WHERE shop = ?1 AND member_id = ?2",
            [shop.into(), member_id.into()],
        ),
    ]
}
