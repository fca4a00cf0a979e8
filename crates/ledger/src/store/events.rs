//! Events: told in the order in which they were booked, and read by page.

use earnest_core::limits::MAX_POINTS;
use earnest_core::{EntryKind, Event, EventKind, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Rows, Statement, StoreError, Value};
use crate::{GiftDocument, json, rfc3339};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EventRow {
    /// Its place among the shop's.
    pub seq: u64,
    /// Whom it is about.
    pub member_id: String,
    /// What happened.
    pub kind: String,
    /// The rest of it, JSON.
    pub content: String,
    /// When it came to pass, in milliseconds.
    pub happened_at: i64,
    /// When it was booked, in milliseconds.
    pub booked_at: i64,
}

/// What an event says besides its name.
#[derive(Default, Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redemption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// What the event of a gift says: what was given, and what for.
#[derive(Serialize)]
struct GiftContent<'a> {
    /// The kind of the entry, where it has one.
    kind: &'static str,
    source: &'a str,
    #[serde(flatten)]
    gift: &'a GiftDocument<'a>,
}

/// What the event of a refused refund says.
#[derive(Serialize)]
struct RefusedContent<'a> {
    refund_id: &'a str,
    order_id: &'a str,
    reason: &'a str,
}

/// The events that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn events(rows: &impl Rows) -> Result<Vec<EventRow>, StoreError> {
    rows.all()
}

/// Reads a page of a shop's events, the oldest first, after the one of this number.
pub fn load_page(shop: &str, after: u64, limit: u32) -> Statement {
    Statement::new(
        "SELECT seq, member_id, kind, content, happened_at, booked_at FROM events \
         WHERE shop = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        [shop.into(), after.into(), limit.into()],
    )
}

/// Reads a page of what happened to a member that is no entry of hers, the newest first, below the one of this number.
pub fn load_history(shop: &str, member_id: &str, below: Option<u64>, limit: u32) -> Statement {
    let below = below.map_or(MAX_POINTS.into(), Value::from);
    Statement::new(
        "SELECT seq, member_id, kind, content, happened_at, booked_at \
         FROM events INDEXED BY events_of_member \
         WHERE shop = ?1 AND member_id = ?2 AND seq < ?3 \
         AND kind IN ('tier.changed', 'trial.started', 'trial.lapsed', 'badge.given', 'redemption.timed_out', \
         'redemption.cancelled', 'points.owed') \
         ORDER BY seq DESC LIMIT ?4",
        [shop.into(), member_id.into(), below, limit.into()],
    )
}

/// Adds events after all others of the shop.
pub(super) fn store(shop: &str, member_id: &str, events: &[Event], now: Timestamp) -> Statement {
    let rows = events.iter().map(|event| {
        let happened_at = event.happened_at.as_millis();
        (event.kind.name(), content(&event.kind), happened_at)
    });
    let rows: Vec<Row<Content<'_>>> = rows.collect();
    store_rows(shop, member_id, &rows, now)
}

fn content(kind: &EventKind) -> Content<'_> {
    match kind {
        EventKind::Matured { points }
        | EventKind::Expired { points }
        | EventKind::Owing { points } => Content {
            points: Some(points.get()),
            ..Content::default()
        },
        EventKind::ExpiringSoon {
            points,
            days,
            expires_at,
        } => Content {
            points: Some(points.get()),
            days: Some(*days),
            expires_at: Some(rfc3339(*expires_at)),
            ..Content::default()
        },
        EventKind::TierChanged { from, to } => Content {
            from: from.as_deref(),
            to: to.as_deref(),
            ..Content::default()
        },
        EventKind::TrialStarted { until } => Content {
            until: Some(rfc3339(*until)),
            ..Content::default()
        },
        EventKind::TrialLapsed => Content::default(),
        EventKind::BadgeGiven { challenge, badge } => Content {
            challenge: Some(challenge),
            badge: Some(badge),
            ..Content::default()
        },
        EventKind::RedemptionTimedOut { redemption }
        | EventKind::RedemptionCancelled { redemption } => Content {
            redemption: Some(redemption),
            ..Content::default()
        },
    }
}

/// Tells of a gift, and of what it was given for.
pub(crate) fn store_gift(
    shop: &str,
    member_id: &str,
    (kind, source): (EntryKind, &str),
    gift: &GiftDocument<'_>,
    now: Timestamp,
) -> Statement {
    let kind = kind.name();
    let content = GiftContent { kind, source, gift };
    let row = ("gift.given", content, now.as_millis());
    store_rows(shop, member_id, &[row], now)
}

/// Tells that a refund which had come before its order does not fit it.
pub(crate) fn store_refused_refund(
    shop: &str,
    member_id: &str,
    (refund_id, order_id, reason): (&str, &str, &str),
    now: Timestamp,
) -> Statement {
    let content = RefusedContent {
        refund_id,
        order_id,
        reason,
    };
    let row = ("refund.refused", content, now.as_millis());
    store_rows(shop, member_id, &[row], now)
}

/// The kind of an event, the rest of it, and when it came to pass.
type Row<C> = (&'static str, C, i64);

fn store_rows(
    shop: &str,
    member_id: &str,
    rows: &[Row<impl Serialize>],
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO events (shop, seq, member_id, kind, content, happened_at, booked_at) \
         SELECT ?1, 1 + key + coalesce((SELECT max(seq) FROM events WHERE shop = ?1), 0), ?2, \
         value ->> 0, value ->> 1, value ->> 2, ?3 FROM json_each(?4)",
        [
            shop.into(),
            member_id.into(),
            now.into(),
            json(&rows).as_str().into(),
        ],
    )
}
