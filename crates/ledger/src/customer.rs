//! Who bought or did something, as far as a shop knows her.
//!
//! Invariant: of an e-mail only the hash is kept, in what is stored and in what is compared.

use serde::Serialize;

use crate::EmailHash;
use crate::store::members::Traces;

/// What a shop says of who bought or did something. The names have been checked.
#[derive(Clone, Debug, Default)]
pub struct Customer {
    /// Our id of her.
    pub member_id: Option<String>,
    /// The shop's own name for her.
    pub id: Option<String>,
    /// The hash of her e-mail.
    pub email_hash: Option<EmailHash>,
}

/// What is kept of her. The names are those of the request, so that a pointer into the one is a pointer
/// into the other.
#[derive(Serialize)]
pub struct CustomerContent<'a> {
    member_id: Option<&'a str>,
    id: Option<&'a str>,
    email: Option<&'a str>,
}

impl Customer {
    /// Whether the shop says which member she is.
    pub fn names_member(&self) -> bool {
        self.member_id.is_some()
    }

    /// What she left.
    pub fn traces(&self) -> Traces<'_> {
        Traces {
            member_id: self.member_id.as_deref(),
            customer_id: self.id.as_deref(),
            email_hash: self.email_hash.as_ref(),
        }
    }

    /// What is kept of her.
    pub fn content(&self) -> CustomerContent<'_> {
        CustomerContent {
            member_id: self.member_id.as_deref(),
            id: self.id.as_deref(),
            email: self.email_hash.as_ref().map(EmailHash::as_str),
        }
    }
}
