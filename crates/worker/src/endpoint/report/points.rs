//! `GET /v1/reports/points`: how many points members held, got and spent, day by day.

use earnest_core::accounting::PointsMovement;
use serde::Serialize;

use super::load;
use crate::answer::Answer;
use crate::call::Call;
use crate::period::told_day;
use crate::problem::Failure;

#[derive(Serialize)]
struct ReportDocument {
    from: String,
    to: String,
    #[serde(flatten)]
    in_all: MovementDocument,
    days: Vec<DayDocument>,
}

/// A day on which something was booked.
#[derive(Serialize)]
struct DayDocument {
    date: String,
    #[serde(flatten)]
    movement: MovementDocument,
}

/// What moved.
#[derive(Serialize)]
struct MovementDocument {
    opening: i64,
    issued: i64,
    clawed_back: i64,
    redeemed: i64,
    returned: i64,
    expired: i64,
    moved: i64,
    closing: i64,
}

impl From<PointsMovement> for MovementDocument {
    fn from(movement: PointsMovement) -> Self {
        Self {
            opening: movement.opening,
            issued: movement.issued,
            clawed_back: movement.clawed_back,
            redeemed: movement.redeemed,
            returned: movement.returned,
            expired: movement.expired,
            moved: movement.moved,
            closing: movement.closing,
        }
    }
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let (period, books) = load(call).await?;
    let days = books.points.into_iter().map(|(day, movement)| DayDocument {
        date: told_day(day),
        movement: movement.into(),
    });
    let document = ReportDocument {
        from: told_day(period.from),
        to: told_day(period.to),
        in_all: books.points_in_all.into(),
        days: days.collect(),
    };
    Ok(Answer::json(200, &document))
}
