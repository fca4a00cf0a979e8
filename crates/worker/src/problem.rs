//! Problems: every way in which a request can fail, and how each is told (RFC 9457).
//!
//! Owns the one mapping from the errors and refusals of all modules to HTTP. The codes are a public
//! interface: stable, one for each rule. Invariant: internals are logged and never told.

mod telling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Display;

use earnest_core::wire::SnapshotError;
use earnest_core::{CartError, EvaluateError, Refusal};
use earnest_ledger::{
    BookingError, BooksError, CompetitionError, EnrolError, OrderError, PartnersError,
    ProfileError, RedemptionError, ReportError, ReturnError, SeedError, StoreError, TransferError,
};
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::AuthError;
use crate::body::BodyError;
use crate::demo::DemoError;
use crate::email::EmailError;
use crate::endpoint::publish::{ProblemInFile, PublishError};
use crate::endpoint::redemption::RedemptionFieldError;
use crate::idempotency_key::IdempotencyKeyError;
use crate::instant::InstantError;
use crate::program_store::ProgramError;
use crate::routes::RouteError;
use crate::text::NameError;

/// Why a request is not answered as it was meant to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Route(#[from] RouteError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A parameter of the query or a header.
    #[error("{name}: {message}")]
    Parameter { name: &'static str, message: String },
    /// A parameter of the query that the path does not have.
    #[error("{}", unknown_parameter(.name, .known))]
    ParameterUnknown {
        name: String,
        known: &'static [&'static str],
    },
    #[error("{error}")]
    Name {
        error: NameError,
        pointer: Cow<'static, str>,
    },
    #[error("{error}")]
    Email {
        error: EmailError,
        pointer: &'static str,
    },
    #[error("{error}")]
    Instant {
        error: InstantError,
        pointer: &'static str,
    },
    /// A cart at `/cart`.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// A snapshot at `/member`.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// An evaluation of the field of the body, which is empty for the whole.
    #[error("{error}")]
    Evaluate {
        error: EvaluateError,
        pointer: &'static str,
    },
    /// A plan that the core refused, with the field that is the reason, where there is one.
    #[error("{refusal}")]
    Refused {
        refusal: Refusal,
        pointer: Option<&'static str>,
    },
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error(transparent)]
    Competition(#[from] CompetitionError),
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyError),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Transfer(#[from] TransferError),
    #[error(transparent)]
    Return(#[from] ReturnError),
    #[error(transparent)]
    Redemption(#[from] RedemptionError),
    #[error(transparent)]
    RedemptionField(#[from] RedemptionFieldError),
    #[error("there is no such member")]
    MemberUnknown,
    /// A member who was merged into another one, with the field that names her, where none of the path does.
    #[error("she was merged into another member: she is {into} now")]
    MemberMerged {
        into: String,
        pointer: Option<&'static str>,
    },
    #[error("the program has no such competition")]
    CompetitionUnknown,
    #[error("many wrote for this member at once, and this found no turn; send it again")]
    NoTurn,
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A problem that the API has told, passed on by the demo shop's server.
    #[error("passed on")]
    PassedOn(Answer),
    /// A bug or a missing setting.
    #[error("{0}")]
    Internal(String),
}

fn unknown_parameter(name: &str, known: &[&str]) -> String {
    let start: String = name.chars().take(64).collect();
    match known {
        [] => format!("there is no parameter {start:?} here, and no other"),
        known => format!(
            "there is no parameter {start:?} here; there is {}",
            known.join(", ")
        ),
    }
}

/// A failure as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: String,
    /// A JSON pointer (RFC 6901) to the field in the body.
    pointer: Option<String>,
    /// The parameter of the query, or the header.
    parameter: Option<Cow<'static, str>>,
    /// For an order that came again as another: where it differs.
    differs: Vec<String>,
    /// For a program file: what is wrong with it, and how many problems more.
    errors: Vec<ProblemInFile>,
    more_errors: usize,
    headers: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    differs: &'a [String],
    #[serde(skip_serializing_if = "<[ProblemInFile]>::is_empty")]
    errors: &'a [ProblemInFile],
    #[serde(skip_serializing_if = "Option::is_none")]
    more_errors: Option<usize>,
}

impl Failure {
    /// A name that cannot be used, at a field of the body.
    pub(crate) fn name(error: NameError, pointer: impl Into<Cow<'static, str>>) -> Self {
        let pointer = pointer.into();
        Self::Name { error, pointer }
    }

    /// An instant that cannot be used, at a field of the body.
    pub(crate) fn instant(error: InstantError, pointer: &'static str) -> Self {
        Self::Instant { error, pointer }
    }

    /// What cannot be evaluated, at a field of the body.
    pub(crate) fn evaluate(error: EvaluateError, pointer: &'static str) -> Self {
        Self::Evaluate { error, pointer }
    }

    /// An e-mail that cannot be used, at a field of the body.
    pub(crate) fn email(error: EmailError, pointer: &'static str) -> Self {
        Self::Email { error, pointer }
    }

    /// A parameter that cannot be used.
    pub(crate) fn parameter(name: &'static str, message: impl Display) -> Self {
        let message = message.to_string();
        Self::Parameter { name, message }
    }

    /// What should not happen. Logged, not told.
    pub(crate) fn internal(message: impl Display) -> Self {
        Self::Internal(message.to_string())
    }

    /// What a log should have; `None` for what is the caller's own doing.
    pub(crate) fn to_log(&self) -> Option<String> {
        match self {
            Self::Internal(message)
            | Self::Program(ProgramError::Broken(message) | ProgramError::NotSpread(message)) => {
                Some(message.clone())
            }
            Self::Store(error) => Some(format!("the store: {error}")),
            Self::Demo(DemoError::Broken(message)) => Some(format!("the demo: {message}")),
            _ => None,
        }
    }
}

impl From<BookingError> for Failure {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Store(error) => error.into(),
            BookingError::MemberUnknown => Self::MemberUnknown,
            BookingError::MemberMerged { into, pointer } => Self::MemberMerged { into, pointer },
            BookingError::Refused { refusal, pointer } => Self::Refused { refusal, pointer },
            BookingError::Evaluate { error, pointer } => Self::Evaluate { error, pointer },
            BookingError::KeyReused => IdempotencyKeyError::Reused.into(),
            BookingError::Order(error) => error.into(),
            BookingError::Report(error) => error.into(),
            BookingError::Transfer(error) => error.into(),
            BookingError::Enrol(error) => error.into(),
            BookingError::Profile(error) => error.into(),
            BookingError::Return(error) => error.into(),
            BookingError::Redemption(error) => error.into(),
        }
    }
}

impl From<BooksError> for Failure {
    fn from(error: BooksError) -> Self {
        match error {
            BooksError::Store(error) => error.into(),
            BooksError::TooLarge(error) => Self::internal(error),
        }
    }
}

impl From<PartnersError> for Failure {
    fn from(error: PartnersError) -> Self {
        match error {
            PartnersError::Store(error) => error.into(),
            PartnersError::TooLarge(error) => Self::internal(error),
        }
    }
}

impl From<&Failure> for Answer {
    fn from(failure: &Failure) -> Self {
        if let Failure::PassedOn(answer) = failure {
            return answer.clone();
        }
        let problem = Problem::from(failure);
        let document = ProblemDocument {
            r#type: format!("urn:earnest:problem:{}", problem.code),
            title: problem.title,
            status: problem.status,
            detail: &problem.detail,
            code: problem.code,
            pointer: problem.pointer.as_deref(),
            parameter: problem.parameter.as_deref(),
            differs: &problem.differs,
            errors: &problem.errors,
            more_errors: Some(problem.more_errors).filter(|_| !problem.errors.is_empty()),
        };
        let answer = Self::json(problem.status, &document);
        let answer = answer.with("content-type", "application/problem+json");
        problem
            .headers
            .into_iter()
            .fold(answer, |answer, (name, value)| answer.with(name, value))
    }
}
