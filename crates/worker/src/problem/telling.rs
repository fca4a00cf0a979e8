//! The mapping itself: for each failure its status, its code, and what else is told.

mod ledger;

use std::borrow::Cow;
use std::fmt::Display;

use earnest_core::{EvaluateError, Refusal};
use earnest_ledger::{Differences, StoreError, escaped};

use super::{Failure, Problem};
use crate::auth::AuthError;
use crate::body::BodyError;
use crate::demo::DemoError;
use crate::endpoint::publish::PublishError;
use crate::endpoint::redemption::RedemptionFieldError;
use crate::idempotency_key::IdempotencyKeyError;
use crate::instant::InstantError;
use crate::program_store::ProgramError;
use crate::routes::RouteError;
use crate::text::NameError;

const NOT_ALLOWED: &str = "You may not ask this";
const UNUSABLE_BODY: &str = "The body cannot be used";
const UNUSABLE_FIELD: &str = "A field cannot be used";
const UNUSABLE_CART: &str = "The cart cannot be used";
const UNUSABLE_KEY: &str = "The Idempotency-Key cannot be used";
const REFUSED: &str = "A rule of the ledger says no";

impl Problem {
    fn new(status: u16, code: &'static str, title: &'static str, detail: impl Display) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.to_string(),
            pointer: None,
            parameter: None,
            differs: Vec::new(),
            errors: Vec::new(),
            more_errors: 0,
            headers: Vec::new(),
        }
    }

    fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    fn in_parameter(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.parameter = Some(name.into());
        self
    }

    /// With where an id's second content is not its first.
    fn differing(mut self, found: &Differences) -> Self {
        self.pointer = found.pointers.first().cloned();
        self.differs.clone_from(&found.pointers);
        self
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// What went wrong on our side. The log knows more; the caller need not.
    fn internal() -> Self {
        let detail = "something went wrong on our side; it is safe to send this again";
        Self::new(500, "internal", "Our mistake", detail)
    }

    fn busy(detail: impl Display) -> Self {
        Self::new(503, "busy", "Try again shortly", detail).with("retry-after", "1")
    }
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Route(error) => error.into(),
            Failure::Auth(error) => (*error).into(),
            Failure::Body(error) => error.into(),
            Failure::Parameter { name, message } => {
                let title = "A parameter cannot be used";
                Self::new(400, "parameter_invalid", title, message).in_parameter(*name)
            }
            Failure::ParameterUnknown { name, .. } => {
                let title = "A parameter is unknown";
                Self::new(400, "parameter_unknown", title, failure).in_parameter(name.clone())
            }
            Failure::Name { error, pointer } => {
                Self::new(422, name_code(*error), UNUSABLE_FIELD, error).at(pointer.clone())
            }
            Failure::Email { error, pointer } => {
                Self::new(422, "email_invalid", UNUSABLE_FIELD, error).at(*pointer)
            }
            Failure::Instant { error, pointer } => {
                Self::new(422, instant_code(*error), UNUSABLE_FIELD, error).at(*pointer)
            }
            Failure::Cart(error) => Self::new(422, error.kind.code(), UNUSABLE_CART, error)
                .at(format!("/cart{}", error.pointer)),
            Failure::Snapshot(error) => Self::new(422, "snapshot_invalid", UNUSABLE_FIELD, error)
                .at(format!("/member/{}", error.field)),
            Failure::Evaluate { error, pointer } => {
                let EvaluateError::TooManyPoints(_) = error;
                Self::new(422, Refusal::PointsBeyondLimit.code(), REFUSED, error).at(*pointer)
            }
            Failure::Refused { refusal, pointer } => Self {
                pointer: pointer.map(str::to_owned),
                ..Self::new(422, refusal.code(), REFUSED, refusal)
            },
            Failure::Enrol(error) => (*error).into(),
            Failure::Seed(error) => error.into(),
            Failure::Competition(error) => error.into(),
            Failure::IdempotencyKey(error) => (*error).into(),
            Failure::Order(error) => error.into(),
            Failure::Report(error) => error.into(),
            Failure::Profile(error) => error.into(),
            Failure::Transfer(error) => error.into(),
            Failure::Return(error) => error.into(),
            Failure::Redemption(error) => error.into(),
            Failure::RedemptionField(error) => error.into(),
            Failure::MemberUnknown => {
                Self::new(404, "member_not_found", "There is no such member", failure)
            }
            Failure::MemberMerged { pointer, .. } => Self {
                pointer: pointer.map(str::to_owned),
                ..Self::new(409, "member_merged", "She is another member now", failure)
            },
            Failure::CompetitionUnknown => {
                let title = "There is no such competition";
                Self::new(404, "competition_not_found", title, failure)
            }
            Failure::NoTurn => Self::busy(failure),
            Failure::Program(error @ ProgramError::NotPublished) => {
                Self::new(404, "program_not_published", "There is no program", error)
            }
            Failure::Program(error @ ProgramError::VersionUnknown) => {
                let title = "There is no such version";
                Self::new(404, "program_version_not_found", title, error)
            }
            Failure::Program(ProgramError::NotSpread(_)) => {
                let detail = "the version is kept for good, and pages do not get it yet; send this again to finish";
                let title = "The program is not in force yet";
                Self::new(503, "program_not_spread", title, detail).with("retry-after", "2")
            }
            Failure::Publish(error) => error.into(),
            Failure::Store(StoreError::Away(_)) => {
                Self::busy("the ledger could not be reached; it is safe to send this again")
            }
            Failure::Store(StoreError::Conflict(_) | StoreError::BudgetSpent(_)) => {
                Self::busy("somebody else was writing the same; it is safe to send this again")
            }
            Failure::Demo(error) => error.into(),
            Failure::Program(ProgramError::Broken(_))
            | Failure::Store(StoreError::Broken(_) | StoreError::NumberBeyondLimit(_))
            | Failure::PassedOn(_)
            | Failure::Internal(_) => Self::internal(),
        }
    }
}

impl From<&RouteError> for Problem {
    fn from(error: &RouteError) -> Self {
        match error {
            RouteError::NotFound => Self::new(404, "not_found", "There is nothing here", error),
            RouteError::MethodNotAllowed(allowed) => {
                Self::new(405, "method_not_allowed", "Another method is needed", error)
                    .with("allow", allowed)
            }
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let unknown =
            |code| Self::new(401, code, NOT_ALLOWED, error).with("www-authenticate", "Bearer");
        match error {
            AuthError::KeyMissing => unknown("key_missing"),
            AuthError::KeyUnknown => unknown("key_unknown"),
            AuthError::SecretKeyNeeded => Self::new(403, "secret_key_needed", NOT_ALLOWED, error),
            AuthError::OriginNotAllowed => Self::new(403, "origin_not_allowed", NOT_ALLOWED, error),
        }
    }
}

impl From<&BodyError> for Problem {
    fn from(error: &BodyError) -> Self {
        let body = |status, code| Self::new(status, code, UNUSABLE_BODY, error);
        let field =
            |code, pointer: &String| Self::new(422, code, UNUSABLE_FIELD, error).at(pointer);
        match error {
            BodyError::NotJson => body(415, "content_type_not_json"),
            BodyError::NotToml => body(415, "content_type_not_toml"),
            BodyError::TooLarge { .. } => body(413, "body_too_large"),
            BodyError::BrokenOff => body(400, "body_broken_off"),
            BodyError::Malformed(_) | BodyError::NotText(_) => body(400, "body_malformed"),
            BodyError::FieldMissing { pointer, .. } => field("field_missing", pointer),
            BodyError::FieldUnknown { pointer, .. } => field("field_unknown", pointer),
            BodyError::FieldInvalid { pointer, .. } => field("field_invalid", pointer),
        }
    }
}

fn instant_code(error: InstantError) -> &'static str {
    match error {
        InstantError::NotAnInstant => "instant_malformed",
        InstantError::InTheFuture => "placed_in_future",
        InstantError::TooLongAgo => "placed_too_long_ago",
    }
}

/// Ids of orders and customers break the same rules as those inside a cart, under the same codes.
fn name_code(error: NameError) -> &'static str {
    match error {
        NameError::Empty => "text_empty",
        NameError::TooLong(_) => "text_too_long",
        NameError::ControlCharacter => "text_has_control_character",
    }
}

impl From<IdempotencyKeyError> for Problem {
    fn from(error: IdempotencyKeyError) -> Self {
        let (status, code) = match error {
            IdempotencyKeyError::Missing => (400, "idempotency_key_missing"),
            IdempotencyKeyError::Unusable(_) | IdempotencyKeyError::NotAscii => {
                (400, "idempotency_key_invalid")
            }
            IdempotencyKeyError::Reused => (422, "idempotency_key_reused"),
        };
        Self::new(status, code, UNUSABLE_KEY, error).in_parameter("Idempotency-Key")
    }
}

impl From<&RedemptionFieldError> for Problem {
    fn from(error: &RedemptionFieldError) -> Self {
        let code = match error {
            RedemptionFieldError::TaxRateOfNothing { .. } => "tax_rate_line_unknown",
            _ => "field_invalid",
        };
        let pointer = match error {
            RedemptionFieldError::Rewards => "/rewards".to_owned(),
            RedemptionFieldError::Points { nth } => format!("/rewards/{nth}/points"),
            RedemptionFieldError::Credits => "/credits".to_owned(),
            RedemptionFieldError::ShippingTaxRate => "/shipping_tax_rate".to_owned(),
            RedemptionFieldError::TaxRate { line }
            | RedemptionFieldError::TaxRateOfNothing { line } => {
                format!("/tax_rates/{}", escaped(line))
            }
        };
        Self::new(422, code, UNUSABLE_FIELD, error).at(pointer)
    }
}

impl From<&PublishError> for Problem {
    fn from(error: &PublishError) -> Self {
        let title = "This version cannot be published";
        match error {
            PublishError::Invalid {
                errors,
                more_errors,
                ..
            } => Self {
                errors: errors.clone(),
                more_errors: *more_errors,
                ..Self::new(422, "program_invalid", "The program has mistakes", error)
            },
            PublishError::Taken { .. } => Self::new(409, "program_version_taken", title, error),
            PublishError::NotNewest { .. } => {
                Self::new(409, "program_version_not_newer", title, error)
            }
            PublishError::DayAgain { .. } => Self::new(409, "program_day_again", title, error),
        }
    }
}

impl From<&DemoError> for Problem {
    fn from(error: &DemoError) -> Self {
        let title = "The shop cannot do this";
        let unusable = |code, pointer: &str| Self::new(422, code, title, error).at(pointer);
        match error {
            DemoError::NoItems => unusable("items_missing", "/items"),
            DemoError::ItemUnusable { pointer, .. } => unusable("item_unusable", pointer),
            DemoError::CouponUnknown => unusable("coupon_unknown", "/coupon"),
            DemoError::CustomerUnknown => unusable("customer_unknown", "/customer"),
            DemoError::TotalDiffers { .. } => {
                Self::new(409, "total_differs", title, error).at("/expected_total")
            }
            DemoError::OrderUnknown => Self::new(404, "order_not_found", title, error),
            DemoError::Broken(_) => Self::internal(),
        }
    }
}
