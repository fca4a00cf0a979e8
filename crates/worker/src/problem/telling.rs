//! The mapping itself: for each failure its status, its code, and what else is told.

use std::fmt::Display;

use earnest_core::refund::RefundError;
use earnest_core::{ActivityError, EvaluateError, Refusal};
use earnest_ledger::{
    Differences, EnrolError, OrderError, ProfileError, RedemptionError, ReportError, ReturnError,
    SeedError, StoreError, TransferError, escaped,
};

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

    fn in_parameter(mut self, name: &'static str) -> Self {
        self.parameter = Some(name);
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
                Self::new(400, "parameter_invalid", title, message).in_parameter(name)
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

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::TermsNotAccepted => {
                Self::new(422, "terms_not_accepted", UNUSABLE_FIELD, error).at("/consent/terms")
            }
            EnrolError::CustomerNeedsSecretKey { pointer } => {
                Self::new(403, "secret_key_needed", NOT_ALLOWED, error).at(pointer)
            }
            EnrolError::ReferralCodeUnknown => {
                let title = "The referral code is unknown";
                Self::new(422, "referral_code_unknown", title, error).at("/referral_code")
            }
            EnrolError::AnotherMember => {
                Self::new(409, "another_member", "These are two members", error)
            }
        }
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

impl From<&OrderError> for Problem {
    fn from(error: &OrderError) -> Self {
        match error {
            OrderError::NoLines => {
                Self::new(422, "cart_without_lines", UNUSABLE_CART, error).at("/cart/lines")
            }
            OrderError::UnknownMember => {
                Self::new(422, "member_unknown", "The member is unknown", error)
                    .at("/customer/member_id")
            }
            OrderError::Differs(found) => {
                let title = "The order was booked as another";
                Self::new(409, "order_differs", title, error).differing(found)
            }
            OrderError::TooManyRedemptions(_) => {
                Self::new(422, "too_many_redemptions", UNUSABLE_FIELD, error).at("/redemptions")
            }
            OrderError::TooLargeToKeep(_) => {
                Self::new(422, "order_too_large", UNUSABLE_CART, error).at("/cart")
            }
        }
    }
}

impl From<&ReturnError> for Problem {
    fn from(error: &ReturnError) -> Self {
        match error {
            ReturnError::Differs(found) => {
                let title = "The refund was booked as another";
                Self::new(409, "refund_differs", title, error).differing(found)
            }
            ReturnError::OfOtherOrder => {
                let title = "The refund was booked as another";
                Self::new(409, "refund_differs", title, error).at("/order_id")
            }
            ReturnError::Amount { nth, .. } => {
                Self::new(422, "field_invalid", UNUSABLE_FIELD, error)
                    .at(format!("/lines/{nth}/amount"))
            }
            ReturnError::Order(kind) => {
                let code = match kind {
                    RefundError::LineUnknown(_) => "refund_line_unknown",
                    RefundError::ExceedsOrder { .. } => "refund_exceeds_order",
                    RefundError::NothingBack => "refund_of_nothing",
                };
                Self::new(422, code, REFUSED, error).at("/lines")
            }
        }
    }
}

impl From<&SeedError> for Problem {
    fn from(error: &SeedError) -> Self {
        match error {
            SeedError::Unusable => {
                Self::new(422, "field_invalid", UNUSABLE_FIELD, error).at("/seed")
            }
            SeedError::Revealed => Self::new(409, "seed_revealed", REFUSED, error).at("/seed"),
            SeedError::KeyReused => IdempotencyKeyError::Reused.into(),
            SeedError::TooMany => Self::new(409, "too_many_seeds", REFUSED, error),
            SeedError::Unknown => Self::new(404, "seed_not_found", "There is no such seed", error),
            SeedError::NotToDrawWith { .. } => {
                let title = "The program draws with a seed that the shop does not have";
                Self::new(422, "seed_missing", title, error)
            }
        }
    }
}

impl From<&RedemptionError> for Problem {
    fn from(error: &RedemptionError) -> Self {
        match error {
            RedemptionError::Differs(found) => {
                let title = "The redemption was booked as another";
                Self::new(409, "redemption_differs", title, error).differing(found)
            }
            RedemptionError::UnknownMember => {
                Self::new(422, "member_unknown", "The member is unknown", error).at("/customer")
            }
            RedemptionError::Unknown => {
                let title = "There is no such redemption";
                Self::new(404, "redemption_not_found", title, error)
            }
            RedemptionError::NotHers(_) => {
                Self::new(422, "redemption_unknown", UNUSABLE_FIELD, error).at("/redemptions")
            }
            RedemptionError::Spent(_) => Self::new(409, "redemption_spent", REFUSED, error),
            RedemptionError::Over(_) => Self::new(409, "gift_over", REFUSED, error),
            RedemptionError::Refused { nth, refusal } => {
                Self::new(422, refusal.code(), REFUSED, error).at(format!("/rewards/{nth}"))
            }
        }
    }
}

impl From<&RedemptionFieldError> for Problem {
    fn from(error: &RedemptionFieldError) -> Self {
        let pointer = match error {
            RedemptionFieldError::Rewards => "/rewards".to_owned(),
            RedemptionFieldError::Points { nth } => format!("/rewards/{nth}/points"),
            RedemptionFieldError::TaxRate { line } => format!("/tax_rates/{}", escaped(line)),
        };
        Self::new(422, "field_invalid", UNUSABLE_FIELD, error).at(pointer)
    }
}

impl From<&ReportError> for Problem {
    fn from(error: &ReportError) -> Self {
        let unusable =
            |code, pointer: &str| Self::new(422, code, UNUSABLE_FIELD, error).at(pointer);
        match error {
            ReportError::Unusable(ActivityError::IdUnusable) => unusable("text_too_long", "/id"),
            ReportError::Unusable(ActivityError::KindUnusable) => {
                unusable("activity_kind_unknown", "/kind")
            }
            ReportError::Unusable(ActivityError::TagsUnusable) => {
                unusable("activity_tags_unusable", "/tags")
            }
            ReportError::Unusable(ActivityError::QuantityOutOfRange) => {
                unusable("quantity_out_of_range", "/quantity")
            }
            ReportError::KindUnknown(_) => unusable("activity_kind_unknown", "/kind"),
            ReportError::UnknownMember => {
                Self::new(422, "member_unknown", "The member is unknown", error).at("/customer")
            }
            ReportError::Differs(found) => {
                let title = "The activity was booked as another";
                Self::new(409, "activity_differs", title, error).differing(found)
            }
        }
    }
}

impl From<&TransferError> for Problem {
    fn from(error: &TransferError) -> Self {
        match error {
            TransferError::ReceiverUnknown { pointer } => {
                Self::new(422, "member_unknown", "The member is unknown", error).at(*pointer)
            }
            TransferError::Differs(found) => {
                let title = "The transfer was booked as another";
                Self::new(409, "transfer_differs", title, error).differing(found)
            }
        }
    }
}

impl From<&ProfileError> for Problem {
    fn from(error: &ProfileError) -> Self {
        let unusable =
            |code, pointer: &str| Self::new(422, code, UNUSABLE_FIELD, error).at(pointer);
        match error {
            ProfileError::TooMany { pointer, .. } => unusable("too_many_labels", pointer),
            ProfileError::NotABirthday => unusable("birthday_malformed", "/birthday"),
            ProfileError::DisplayNameUnusable => unusable("display_name_unusable", "/display_name"),
            ProfileError::TierUnknown => unusable("tier_unknown", "/invited_tier"),
        }
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
