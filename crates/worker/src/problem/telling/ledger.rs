//! What the ledger says no to, as problems: enrolments, orders, refunds, redemptions and all else that is booked.

use earnest_core::ActivityError;
use earnest_core::refund::RefundError;
use earnest_ledger::{
    CompetitionError, EnrolError, OrderError, ProfileError, RedemptionError, ReportError,
    ReturnError, SeedError, TransferError,
};

use super::{NOT_ALLOWED, Problem, REFUSED, UNUSABLE_CART, UNUSABLE_FIELD};
use crate::idempotency_key::IdempotencyKeyError;

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
                let problem = Self::new(422, error.code(), REFUSED, error);
                match kind {
                    RefundError::LineUnknown { nth, .. } => problem.at(format!("/lines/{nth}/id")),
                    RefundError::ExceedsOrder { nth, .. }
                    | RefundError::NothingBack { nth: Some(nth) } => {
                        problem.at(format!("/lines/{nth}"))
                    }
                    RefundError::NothingBack { nth: None } => problem.at("/lines"),
                }
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
            RedemptionError::PartnerUnknown => {
                Self::new(422, "partner_unknown", UNUSABLE_CART, error).at("/cart/partner")
            }
            RedemptionError::Unknown => {
                let title = "There is no such redemption";
                Self::new(404, "redemption_not_found", title, error)
            }
            RedemptionError::NotHers(_) => {
                Self::new(422, "redemption_unknown", UNUSABLE_FIELD, error)
            }
            RedemptionError::OfOtherPartner { .. } => {
                Self::new(422, "redemption_of_other_partner", REFUSED, error)
            }
            RedemptionError::Tender { nth, refusal } => {
                Self::new(422, refusal.code(), REFUSED, error).at(format!("/credits/{nth}"))
            }
            RedemptionError::OfOrder { nth, error } => {
                Self::from(&**error).at(format!("/redemptions/{nth}"))
            }
            RedemptionError::Together { refusal, .. } => {
                Self::new(422, refusal.code(), REFUSED, error)
            }
            RedemptionError::Spent(_) => Self::new(409, "redemption_spent", REFUSED, error),
            RedemptionError::Over(_) => Self::new(409, "gift_over", REFUSED, error),
            RedemptionError::Refused { nth, refusal } => {
                Self::new(422, refusal.code(), REFUSED, error).at(format!("/rewards/{nth}"))
            }
        }
    }
}

impl From<&CompetitionError> for Problem {
    fn from(error: &CompetitionError) -> Self {
        let title = "A competition of this id is over";
        Self::new(422, "competition_over", title, error)
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
