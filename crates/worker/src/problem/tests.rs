//! Each failure with its status, its code and its place. The codes are a public interface: this pins them.

use earnest_core::refund::RefundError;
use earnest_core::reward::{RewardRefusal, TenderRefusal};
use earnest_core::wire::SnapshotDocument;
use earnest_core::{
    ActivityError, CartErrorKind, Currency, Points, PointsError, ProgramRef, Refusal, Snapshot,
};
use earnest_ledger::check_same;

use super::*;
use crate::routes::described_codes;

fn check(failure: impl Into<Failure>, status: u16, code: &str, place: Option<&str>) {
    let failure = failure.into();
    let problem = Problem::from(&failure);
    let found = problem.pointer.as_deref().or(problem.parameter.as_deref());
    assert_eq!(
        (problem.status, problem.code, found),
        (status, code, place),
        "{failure}"
    );
    let of_the_demo = matches!(failure, Failure::Demo(_));
    assert!(
        of_the_demo || described_codes().contains(code),
        "www/openapi.json does not list {code}"
    );
}

#[test]
fn who_may_not_ask_is_told_why() {
    check(AuthError::KeyMissing, 401, "key_missing", None);
    check(AuthError::KeyUnknown, 401, "key_unknown", None);
    check(AuthError::SecretKeyNeeded, 403, "secret_key_needed", None);
    check(AuthError::OriginNotAllowed, 403, "origin_not_allowed", None);
}

#[test]
fn a_competition_that_is_over_is_told_with_what_to_do() {
    for error in [
        CompetitionError::Given("cup".to_owned()),
        CompetitionError::Over("cup".to_owned()),
    ] {
        assert!(error.to_string().contains("an id of its own"), "{error}");
        check(error, 422, "competition_over", None);
    }
}

#[test]
fn what_is_wrong_with_a_seed_is_told_and_not_the_seed() {
    check(SeedError::Unusable, 422, "field_invalid", Some("/seed"));
    check(SeedError::Revealed, 409, "seed_revealed", Some("/seed"));
    check(SeedError::TooMany, 409, "too_many_seeds", None);
    check(SeedError::Unknown, 404, "seed_not_found", None);
    check(
        SeedError::KeyReused,
        422,
        "idempotency_key_reused",
        Some("Idempotency-Key"),
    );
    let missing = SeedError::NotToDrawWith {
        surprise: "extra".to_owned(),
        commitment: "sha256:00".to_owned(),
        is_revealed: true,
    };
    let told = missing.to_string();
    assert!(
        told.contains("has been revealed") && told.contains("POST /v1/seeds"),
        "{told}"
    );
    check(missing, 422, "seed_missing", None);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let (pointer, message) = ("/a".to_owned(), String::new());
    let missing = BodyError::FieldMissing {
        pointer: pointer.clone(),
        message: message.clone(),
    };
    let unknown = BodyError::FieldUnknown {
        pointer: pointer.clone(),
        message: message.clone(),
    };
    let invalid = BodyError::FieldInvalid { pointer, message };
    check(RouteError::NotFound, 404, "not_found", None);
    check(
        RouteError::MethodNotAllowed("GET".to_owned()),
        405,
        "method_not_allowed",
        None,
    );
    check(BodyError::NotJson, 415, "content_type_not_json", None);
    check(BodyError::NotToml, 415, "content_type_not_toml", None);
    check(BodyError::NotText(7), 400, "body_malformed", None);
    check(
        BodyError::TooLarge { limit: 1 },
        413,
        "body_too_large",
        None,
    );
    check(BodyError::BrokenOff, 400, "body_broken_off", None);
    check(
        BodyError::Malformed(String::new()),
        400,
        "body_malformed",
        None,
    );
    check(missing, 422, "field_missing", Some("/a"));
    check(unknown, 422, "field_unknown", Some("/a"));
    check(invalid, 422, "field_invalid", Some("/a"));
    check(
        Failure::parameter("limit", "is too large"),
        400,
        "parameter_invalid",
        Some("limit"),
    );
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let name = |error| Failure::name(error, "/id");
    check(name(NameError::Empty), 422, "text_empty", Some("/id"));
    check(
        name(NameError::TooLong(200)),
        422,
        "text_too_long",
        Some("/id"),
    );
    check(
        name(NameError::ControlCharacter),
        422,
        "text_has_control_character",
        Some("/id"),
    );
    let email = |error| Failure::email(error, "/email");
    check(
        email(EmailError::NotAnAddress),
        422,
        "email_invalid",
        Some("/email"),
    );
    check(
        email(EmailError::TooLong),
        422,
        "email_invalid",
        Some("/email"),
    );
    let placed_at = Some("/placed_at");
    check(
        Failure::instant(InstantError::NotAnInstant, "/placed_at"),
        422,
        "instant_malformed",
        placed_at,
    );
    check(
        Failure::instant(InstantError::InTheFuture, "/placed_at"),
        422,
        "placed_in_future",
        placed_at,
    );
    let cart = |pointer: &str, kind| CartError {
        pointer: pointer.to_owned(),
        kind,
    };
    let lines = CartErrorKind::TooManyLines(1_001);
    check(
        cart("/lines", lines),
        422,
        "cart_too_many_lines",
        Some("/cart/lines"),
    );
    check(
        cart("", CartErrorKind::SumTooLarge),
        422,
        "cart_sum_too_large",
        Some("/cart"),
    );
    let negative = SnapshotDocument {
        balance_points: -1,
        ..SnapshotDocument::default()
    };
    let snapshot = Snapshot::try_from(negative).expect_err("a snapshot that nobody can have");
    check(
        snapshot,
        422,
        "snapshot_invalid",
        Some("/member/balance_points"),
    );
    check(
        Failure::evaluate(EvaluateError::TooManyPoints(PointsError), "/cart"),
        422,
        "points_beyond_limit",
        Some("/cart"),
    );
    check(
        OrderError::NoLines,
        422,
        "cart_without_lines",
        Some("/cart/lines"),
    );
    check(
        OrderError::UnknownMember,
        422,
        "member_unknown",
        Some("/customer/member_id"),
    );
    check(
        OrderError::TooLargeToKeep(1),
        422,
        "order_too_large",
        Some("/cart"),
    );
}

#[test]
fn a_referral_code_that_nobody_has_is_told_at_its_field() {
    check(
        EnrolError::ReferralCodeUnknown,
        422,
        "referral_code_unknown",
        Some("/referral_code"),
    );
}

#[test]
fn what_the_rules_refuse_is_told_by_their_name() {
    for refusal in [
        Refusal::AlreadyEnrolled,
        Refusal::NotEnrolled,
        Refusal::KeyUnusable,
        Refusal::AdjustmentOfZero,
        Refusal::ReasonUnusable,
        Refusal::ByUnusable,
        Refusal::TransfersNotAllowed,
        Refusal::TrialNotOffered,
        Refusal::TrialTaken,
        Refusal::MembershipActive,
        Refusal::TransferOfNothing,
        Refusal::SameMember,
        Refusal::RedemptionOpen,
        Refusal::RedemptionNotHeld,
        Refusal::RedemptionHeld,
        Refusal::BalanceBelowZero,
        Refusal::PointsBeyondLimit,
        Refusal::NotEnoughAvailable {
            needed: 50,
            available: 30,
        },
        Refusal::NotEnoughCredit,
    ] {
        let pointer = Some("/points");
        check(
            Failure::Refused { refusal, pointer },
            422,
            refusal.code(),
            pointer,
        );
    }
    let terms = Some("/consent/terms");
    check(
        EnrolError::TermsNotAccepted,
        422,
        "terms_not_accepted",
        terms,
    );
    let customer = Some("/customer_id");
    check(
        EnrolError::CustomerNeedsSecretKey {
            pointer: "/customer_id",
        },
        403,
        "secret_key_needed",
        customer,
    );
    check(EnrolError::AnotherMember, 409, "another_member", None);
    let key = Some("Idempotency-Key");
    check(
        IdempotencyKeyError::Missing,
        400,
        "idempotency_key_missing",
        key,
    );
    check(
        IdempotencyKeyError::Unusable(NameError::Empty),
        400,
        "idempotency_key_invalid",
        key,
    );
    check(
        IdempotencyKeyError::NotAscii,
        400,
        "idempotency_key_invalid",
        key,
    );
    check(
        IdempotencyKeyError::Reused,
        422,
        "idempotency_key_reused",
        key,
    );
    let found = || check_same(r#"{"currency":"EUR"}"#, "{}").expect_err("a difference");
    let (order, activity) = (OrderError::Differs(found()), ReportError::Differs(found()));
    check(order, 409, "order_differs", Some("/currency"));
    check(activity, 409, "activity_differs", Some("/currency"));
    check(
        TransferError::Differs(found()),
        409,
        "transfer_differs",
        Some("/currency"),
    );
    let pointer = "/to";
    let receiver = TransferError::ReceiverUnknown { pointer };
    check(receiver, 422, "member_unknown", Some(pointer));
    for pointer in [None, Some("/to")] {
        let into = "mem_1".to_owned();
        let merged = Failure::MemberMerged { into, pointer };
        check(merged, 409, "member_merged", pointer);
    }
    check(Failure::MemberUnknown, 404, "member_not_found", None);
    check(
        ProgramError::NotPublished,
        404,
        "program_not_published",
        None,
    );
}

#[test]
fn what_of_a_refund_is_refused_is_told_with_its_place() {
    let found = || check_same(r#"{"rewards":1}"#, "{}").expect_err("a difference");
    check(
        ReturnError::Differs(found()),
        409,
        "refund_differs",
        Some("/rewards"),
    );
    check(
        ReturnError::OfOtherOrder,
        409,
        "refund_differs",
        Some("/order_id"),
    );
    let amount = ReturnError::Amount {
        nth: 2,
        message: String::new(),
    };
    check(amount, 422, "field_invalid", Some("/lines/2/amount"));
    let id = String::new;
    let exceeds = RefundError::ExceedsOrder {
        nth: 1,
        id: id(),
        left: 0,
        left_minor: 0,
        currency: Currency::parse("EUR").expect("a currency"),
    };
    let unknown = RefundError::LineUnknown { nth: 2, id: id() };
    let nothing = |nth| RefundError::NothingBack { nth };
    for (error, code, pointer) in [
        (unknown, "refund_line_unknown", "/lines/2/id"),
        (exceeds, "refund_exceeds_order", "/lines/1"),
        (nothing(Some(0)), "refund_of_nothing", "/lines/0"),
        (nothing(None), "refund_of_nothing", "/lines"),
    ] {
        check(ReturnError::Order(error), 422, code, Some(pointer));
    }
}

#[test]
fn a_redemption_of_another_partner_is_told_with_its_place_in_the_order() {
    let error = RedemptionError::OfOtherPartner {
        id: "r1".to_owned(),
        at: Some("cinema".to_owned()),
    };
    let error = RedemptionError::OfOrder {
        nth: 1,
        error: Box::new(error),
    };
    let code = "redemption_of_other_partner";
    check(error, 422, code, Some("/redemptions/1"));
}

#[test]
fn what_of_a_redemption_is_refused_is_told_with_its_place() {
    let found = || check_same(r#"{"rewards":1}"#, "{}").expect_err("a difference");
    check(
        RedemptionError::Differs(found()),
        409,
        "redemption_differs",
        Some("/rewards"),
    );
    check(
        RedemptionError::UnknownMember,
        422,
        "member_unknown",
        Some("/customer"),
    );
    check(RedemptionError::Unknown, 404, "redemption_not_found", None);
    let partner = Some("/cart/partner");
    check(
        RedemptionError::PartnerUnknown,
        422,
        "partner_unknown",
        partner,
    );
    let named = String::new;
    check(
        RedemptionError::NotHers(named()),
        422,
        "redemption_unknown",
        None,
    );
    check(RedemptionError::Over(named()), 409, "gift_over", None);
    let some = String::new;
    for refusal in [
        TenderRefusal::BalanceUnknown,
        TenderRefusal::BalanceTwice,
        TenderRefusal::AmountUnusable(some()),
        TenderRefusal::CurrencyNotCovered("USD"),
        TenderRefusal::NotEnoughCredit(some()),
        TenderRefusal::MoreThanToPay(some()),
    ] {
        let code = refusal.code();
        let refused = RedemptionError::Tender { nth: 1, refusal };
        check(refused, 422, code, Some("/credits/1"));
    }
    let of_order = |error| RedemptionError::OfOrder {
        nth: 2,
        error: Box::new(error),
    };
    let third = Some("/redemptions/2");
    let spent = RedemptionError::Spent(named());
    check(of_order(spent), 409, "redemption_spent", third);
    let together = |refusal| RedemptionError::Together {
        id: named(),
        refusal,
    };
    let alone = together(RewardRefusal::NotCombinable);
    check(of_order(alone), 422, "reward_not_combinable", third);
    let beyond = together(RewardRefusal::BeyondCart);
    check(of_order(beyond), 422, "discounts_exceed_cart", third);
    check(
        RedemptionError::Spent(named()),
        409,
        "redemption_spent",
        None,
    );
    check(
        OrderError::TooManyRedemptions(21),
        422,
        "too_many_redemptions",
        Some("/redemptions"),
    );
    let points = Points::ZERO;
    for refusal in [
        RewardRefusal::RewardUnknown,
        RewardRefusal::NotNow,
        RewardRefusal::CodeExpired,
        RewardRefusal::NotInTier,
        RewardRefusal::NotForPoints,
        RewardRefusal::NotEnoughPoints { missing: points },
        RewardRefusal::OutOfStock,
        RewardRefusal::LimitReached,
        RewardRefusal::CurrencyNotCovered,
        RewardRefusal::BelowMinimum { missing_minor: 1 },
        RewardRefusal::ProductNotInCart,
        RewardRefusal::NothingToTakeOff,
        RewardRefusal::BeyondCart,
        RewardRefusal::Twice,
        RewardRefusal::NotCombinable,
        RewardRefusal::NotInSteps { every: points },
        RewardRefusal::TooFewPoints { least: points },
        RewardRefusal::TooManyPoints { most: points },
    ] {
        let code = refusal.code();
        check(
            RedemptionError::Refused { nth: 1, refusal },
            422,
            code,
            Some("/rewards/1"),
        );
    }
}

#[test]
fn what_of_a_redemption_cannot_be_read_is_told_with_its_place() {
    check(
        RedemptionFieldError::Rewards,
        422,
        "field_invalid",
        Some("/rewards"),
    );
    let points = Some("/rewards/1/points");
    check(
        RedemptionFieldError::Points { nth: 1 },
        422,
        "field_invalid",
        points,
    );
    let rate = RedemptionFieldError::TaxRate {
        line: "a/b".to_owned(),
    };
    check(rate, 422, "field_invalid", Some("/tax_rates/a~1b"));
    let line = "nope".to_owned();
    let of_nothing = RedemptionFieldError::TaxRateOfNothing { line };
    check(
        of_nothing,
        422,
        "tax_rate_line_unknown",
        Some("/tax_rates/nope"),
    );
}

#[test]
fn an_activity_or_a_profile_that_cannot_be_used_is_told_with_its_place() {
    let activity = |error: ActivityError| ReportError::Unusable(error);
    check(
        activity(ActivityError::IdUnusable),
        422,
        "text_too_long",
        Some("/id"),
    );
    let kind = Some("/kind");
    check(
        activity(ActivityError::KindUnusable),
        422,
        "activity_kind_unknown",
        kind,
    );
    check(
        ReportError::KindUnknown(String::new()),
        422,
        "activity_kind_unknown",
        kind,
    );
    check(
        activity(ActivityError::TagsUnusable),
        422,
        "activity_tags_unusable",
        Some("/tags"),
    );
    check(
        activity(ActivityError::QuantityOutOfRange),
        422,
        "quantity_out_of_range",
        Some("/quantity"),
    );
    check(
        ReportError::UnknownMember,
        422,
        "member_unknown",
        Some("/customer"),
    );
    let (pointer, count) = ("/tags", 51);
    check(
        ProfileError::TooMany { pointer, count },
        422,
        "too_many_labels",
        Some(pointer),
    );
    check(
        ProfileError::TierUnknown,
        422,
        "tier_unknown",
        Some("/invited_tier"),
    );
    check(
        ProfileError::DisplayNameUnusable,
        422,
        "display_name_unusable",
        Some("/display_name"),
    );
    check(
        ProfileError::NotABirthday,
        422,
        "birthday_malformed",
        Some("/birthday"),
    );
}

#[test]
fn what_is_not_published_is_told_why() {
    check(
        ProgramError::VersionUnknown,
        404,
        "program_version_not_found",
        None,
    );
    let not_spread = || ProgramError::NotSpread("KV said no".to_owned());
    check(not_spread(), 503, "program_not_spread", None);
    let failure = Failure::from(not_spread());
    assert!(failure.to_log().is_some_and(|log| log.contains("KV")));
    let published = ProgramRef {
        version: 3,
        digest: "sha256:3".to_owned(),
    };
    check(
        PublishError::Taken { published },
        409,
        "program_version_taken",
        None,
    );
    let (version, newest) = (2, 3);
    check(
        PublishError::NotNewest { version, newest },
        409,
        "program_version_not_newer",
        None,
    );
    check(
        PublishError::DayAgain { hours: 3 },
        409,
        "program_day_again",
        None,
    );
    let invalid = PublishError::Invalid {
        detail: String::new(),
        errors: Vec::new(),
        more_errors: 0,
    };
    check(invalid, 422, "program_invalid", None);
}

#[test]
fn what_is_our_own_doing_is_logged_and_not_told() {
    let secret = || "a row of the table".to_owned();
    for failure in [
        Failure::Internal(secret()),
        Failure::Store(StoreError::Broken(secret())),
        Failure::Program(ProgramError::Broken(secret())),
        Failure::Demo(DemoError::Broken(secret())),
    ] {
        let told = format!("{:?}", Answer::from(&failure));
        assert!(!told.contains(&secret()), "{told}");
        assert!(failure.to_log().is_some_and(|log| log.contains(&secret())));
        check(failure, 500, "internal", None);
    }
    check(StoreError::Away(secret()), 503, "busy", None);
    check(StoreError::Conflict(secret()), 503, "busy", None);
    check(Failure::NoTurn, 503, "busy", None);
    assert_eq!(Failure::from(AuthError::KeyUnknown).to_log(), None);
}

#[test]
fn a_problem_is_a_document_of_rfc_9457() {
    let failure = Failure::from(RouteError::MethodNotAllowed("POST, OPTIONS".to_owned()));
    expect_test::expect![[r#"
        Answer {
            status: 405,
            headers: [
                (
                    "content-type",
                    "application/problem+json",
                ),
                (
                    "allow",
                    "POST, OPTIONS",
                ),
            ],
            body: "{\"type\":\"urn:earnest:problem:method_not_allowed\",\"title\":\"Another method is needed\",\"status\":405,\"detail\":\"this path takes POST, OPTIONS\",\"code\":\"method_not_allowed\"}",
        }
    "#]].assert_debug_eq(&Answer::from(&failure));
}
