//! `GET /v1/competitions/{id}/board`: who leads, by the names that members chose.
//!
//! Invariant: places, names and totals are told, and nothing that leads to a member.

use earnest_core::competition::Competition;
use earnest_core::{Decimal, Measure, Timestamp};
use earnest_ledger::rfc3339;
use earnest_ledger::store::scores;
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::load_program;

/// A page may show a board for so long without asking again.
const CACHE: &str = "private, max-age=10";

#[derive(Serialize)]
struct BoardDocument<'a> {
    competition: &'a str,
    label: &'a str,
    /// What is ranked: `points`, `spend` or `orders`.
    by: &'static str,
    /// The one currency in which spending counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    from: String,
    until: String,
    /// `upcoming`, `running` or `over`.
    status: &'static str,
    places: Vec<PlaceDocument<'a>>,
}

#[derive(Serialize)]
struct PlaceDocument<'a> {
    place: usize,
    name: &'a str,
    /// Points or orders; of spending an amount.
    total: TotalDocument,
    /// What the place wins, once the competition is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    prize_points: Option<i64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum TotalDocument {
    Count(i64),
    Amount(String),
}

pub(crate) async fn answer(call: &mut Call, id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::AnyKey)?;
    let published = load_program(&call.env, &key.shop, call.now).await;
    let published = published.map_err(Failure::from);
    let published = call.admit_to_refuse(&key, published).await?;
    let mut competitions = published.program.competitions().iter();
    let found = competitions.find(|it| it.id == id);
    let found = found.ok_or(Failure::CompetitionUnknown);
    let competition = call.admit_to_refuse(&key, found).await?;
    let places = u32::try_from(competition.places).unwrap_or(u32::MAX);
    let read = scores::load_board(&key.shop, id, places);
    let [board] = call.admit(&key, [read]).await?;
    let entrants = scores::entrants(&board)?;
    let is_over = competition.until <= call.now;
    let placings = competition.board(&entrants);
    let places = placings.iter().map(|it| PlaceDocument {
        place: it.place,
        name: &it.entrant.name,
        total: total(competition.measure, it.entrant.total),
        prize_points: Some(it.prize.get()).filter(|prize| is_over && *prize > 0),
    });
    let document = BoardDocument {
        places: places.collect(),
        ..BoardDocument::new(competition, call.now)
    };
    Ok(Answer::json(200, &document).with("cache-control", CACHE))
}

impl<'a> BoardDocument<'a> {
    fn new(competition: &'a Competition, now: Timestamp) -> Self {
        let (by, currency) = match competition.measure {
            Measure::Points => ("points", None),
            Measure::Spend(currency) => ("spend", Some(currency.code())),
            Measure::Orders => ("orders", None),
        };
        Self {
            competition: &competition.id,
            label: &competition.label,
            by,
            currency,
            from: rfc3339(competition.from),
            until: rfc3339(competition.until),
            status: if now < competition.from {
                "upcoming"
            } else if now < competition.until {
                "running"
            } else {
                "over"
            },
            places: Vec::new(),
        }
    }
}

fn total(measure: Measure, total: i64) -> TotalDocument {
    match measure {
        Measure::Spend(currency) => {
            let amount = Decimal::new(total, currency.minor_digits());
            TotalDocument::Amount(amount.to_string())
        }
        Measure::Points | Measure::Orders => TotalDocument::Count(total),
    }
}
