//! Who bought or did something, as far as a shop knows her.
//!
//! Invariant: of an e-mail only the hash is kept, in what is stored and in what is compared.

use serde::{Deserialize, Serialize};

use crate::email::{Email, EmailHash};
use crate::problem::Failure;
use crate::store::members::Traces;
use crate::text::check_name;

/// The `customer` of an order or an activity.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerDocument {
    #[serde(default)]
    member_id: Option<String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

/// A checked customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    member_id: Option<String>,
    id: Option<String>,
    email_hash: Option<EmailHash>,
}

/// What is kept of her. The names are those of the document, so that a pointer into the one is a pointer
/// into the other.
#[derive(Serialize)]
pub(crate) struct CustomerContent<'a> {
    member_id: Option<&'a str>,
    id: Option<&'a str>,
    email: Option<&'a str>,
}

impl CustomerDocument {
    /// Checks the customer at `/customer`. `pepper` is what e-mails are hashed with.
    pub(crate) fn check(self, shop: &str, pepper: &str) -> Result<Customer, Failure> {
        for (pointer, name) in [
            ("/customer/member_id", &self.member_id),
            ("/customer/id", &self.id),
        ] {
            name.as_deref()
                .map_or(Ok(()), check_name)
                .map_err(|error| Failure::name(error, pointer))?;
        }
        let email = self.email.as_deref().map(Email::parse).transpose();
        let email = email.map_err(|error| Failure::email(error, "/customer/email"))?;
        Ok(Customer {
            member_id: self.member_id,
            id: self.id,
            email_hash: email.map(|email| email.hash(shop, pepper)),
        })
    }
}

impl Customer {
    /// Whether the shop says which member she is.
    pub(crate) fn names_member(&self) -> bool {
        self.member_id.is_some()
    }

    /// What she left.
    pub(crate) fn traces(&self) -> Traces<'_> {
        Traces {
            member_id: self.member_id.as_deref(),
            customer_id: self.id.as_deref(),
            email_hash: self.email_hash(),
        }
    }

    /// The hash of her e-mail.
    pub(crate) fn email_hash(&self) -> Option<&EmailHash> {
        self.email_hash.as_ref()
    }

    /// What is kept of her.
    pub(crate) fn content(&self) -> CustomerContent<'_> {
        CustomerContent {
            member_id: self.member_id.as_deref(),
            id: self.id.as_deref(),
            email: self.email_hash().map(EmailHash::as_str),
        }
    }
}
