//! Who bought or did something, as a shop's server names her: read and checked.

use earnest_ledger::Customer;
use serde::Deserialize;

use crate::email::Email;
use crate::problem::Failure;
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
