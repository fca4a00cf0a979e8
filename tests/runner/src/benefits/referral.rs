//! What a member and the friend whom she brought get, or why nobody gets anything.

use earnest_core::Program;
use earnest_core::referral::{Identity, ReferralEvent, ReferralFacts, judge};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{currency, told};

/// What is known of a friend and of who brought her.
#[derive(Debug, Deserialize)]
pub struct Bringing {
    /// The number, currency and minor units of her order; none where she has joined.
    pub order: Option<(i64, String, i64)>,
    /// Whether she was here before.
    #[serde(default)]
    pub known: bool,
    /// Who brought her.
    #[serde(default)]
    pub advocate: Person,
    /// Who she is.
    #[serde(default)]
    pub friend: Person,
    /// For how many others the advocate was rewarded.
    #[serde(default)]
    pub rewarded: i64,
    /// Of them in this month.
    #[serde(default)]
    pub rewarded_this_month: i64,
}

/// By what somebody is known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The shop's id.
    pub customer: Option<String>,
    /// A mailbox.
    pub email: Option<String>,
    /// What she pays with.
    pub payment: Option<String>,
    /// Where she lives.
    pub address: Option<String>,
}

impl Person {
    fn identity(&self) -> Identity<'_> {
        Identity {
            customer: self.customer.as_deref(),
            email_hash: self.email.as_deref(),
            payment_fingerprint: self.payment.as_deref(),
            address_hash: self.address.as_deref(),
        }
    }
}

pub(super) fn answer(program: &Program, bringing: &Bringing) -> Value {
    let event = bringing.order.as_ref();
    let event = event.map_or(ReferralEvent::Joined, |(number, code, counted_minor)| {
        ReferralEvent::Ordered {
            number: *number,
            currency: currency(code),
            counted_minor: *counted_minor,
        }
    });
    let facts = ReferralFacts {
        event,
        friend_is_known: bringing.known,
        advocate: bringing.advocate.identity(),
        friend: bringing.friend.identity(),
        rewarded: bringing.rewarded,
        rewarded_this_month: bringing.rewarded_this_month,
    };
    match judge(program.referral(), &facts) {
        Ok(grant) => json!({
            "advocate": grant.advocate.map(told),
            "friend": grant.friend.map(told),
        }),
        Err(refusal) => json!({ "refused": refusal.code() }),
    }
}
