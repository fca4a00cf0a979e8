//! Referrals: what a member and the friend whom she brought get, when, and who gets nothing.
//!
//! Owns the judgement. Who was referred by whom, and the hashes that are compared, are the shell's. Its
//! invariant: where two people look like one, nobody gets anything.

mod mailbox;

pub use self::mailbox::mailbox;
use crate::reward::{Gift, amount_in};
use crate::{Currency, Money};

/// What a programme gives for a friend who was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// What the member gets who brought her.
    pub advocate: Option<ReferralGift>,
    /// What the friend gets.
    pub friend: Option<ReferralGift>,
    /// The first order gives nothing where it counts for less, by currency; orders in other currencies then
    /// give nothing at all.
    pub minimum_order: Vec<Money>,
    /// How many friends a member gets something for, in all.
    pub per_advocate: Option<i64>,
    /// The same in a calendar month of the shop.
    pub per_month: Option<i64>,
}

impl Referral {
    /// Whether a first order of this currency that counts for so much gives nothing because it is too little.
    #[must_use]
    pub fn is_below_minimum(&self, currency: Currency, counted_minor: i64) -> bool {
        let checked = check_minimum(&self.minimum_order, currency, counted_minor);
        matches!(checked, Err(ReferralRefusal::BelowMinimum { .. }))
    }
}

/// What somebody gets, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralGift {
    /// What.
    pub gift: Gift,
    /// For what.
    pub on: ReferralStep,
}

/// What the friend does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralStep {
    /// She joins.
    Joining,
    /// She places her first order.
    FirstOrder,
}

/// What the friend has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralEvent {
    /// She has joined.
    Joined,
    /// She has placed an order.
    Ordered {
        /// Which of hers it is; 1 for the first.
        number: i64,
        /// Its currency.
        currency: Currency,
        /// What of it counts, in minor units.
        counted_minor: i64,
    },
}

/// What is known of somebody, each in a form that can be compared and not read: a hash, a fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The shop's customer id.
    pub customer: Option<&'a str>,
    /// A hash of her e-mail, of its [`mailbox`].
    pub email_hash: Option<&'a str>,
    /// The payment provider's fingerprint of her card or account.
    pub payment_fingerprint: Option<&'a str>,
    /// A hash of her address.
    pub address_hash: Option<&'a str>,
}

/// What a referral is judged by.
#[derive(Clone, Copy, Debug)]
pub struct ReferralFacts<'a> {
    /// What the friend has just done.
    pub event: ReferralEvent,
    /// Whether she was a member, or a customer, before she followed the link.
    pub friend_is_known: bool,
    /// The member who brought her.
    pub advocate: Identity<'a>,
    /// The friend.
    pub friend: Identity<'a>,
    /// For how many other friends the advocate has got something, in all.
    pub rewarded: i64,
    /// The same in this calendar month of the shop.
    pub rewarded_this_month: i64,
}

/// What is given. At least one of them gets something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralGrant<'r> {
    /// To the member.
    pub advocate: Option<&'r Gift>,
    /// To the friend.
    pub friend: Option<&'r Gift>,
}

/// Why a referral gives nothing. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum ReferralRefusal {
    /// The programme gives nothing for friends.
    #[error("the programme gives nothing for friends")]
    NoReferrals,
    /// The friend was here before she followed the link.
    #[error("the friend was a customer before")]
    FriendKnown,
    /// Both are one customer of the shop.
    #[error("member and friend are the same customer")]
    SameCustomer,
    /// Both have one mailbox.
    #[error("member and friend have the same e-mail address")]
    SameEmail,
    /// Both pay with the same card or account.
    #[error("member and friend pay with the same means")]
    SamePayment,
    /// Both live at one address.
    #[error("member and friend have the same address")]
    SameAddress,
    /// Nothing is given for what the friend has just done.
    #[error("nothing is given for this step")]
    NothingForThisStep,
    /// It is not the friend's first order.
    #[error("it is not the friend's first order")]
    NotFirstOrder,
    /// The programme says nothing about orders in this currency.
    #[error("orders in this currency give nothing for a referral")]
    CurrencyNotCovered,
    /// The order counts for too little.
    #[error("the order is worth too little")]
    BelowMinimum {
        /// What is missing, in minor units of the order's currency.
        missing_minor: i64,
    },
    /// The member has got something for as many friends as she may.
    #[error("the member has been rewarded for as many friends as she may")]
    AdvocateLimitReached,
    /// She has in this month.
    #[error("the member has been rewarded for as many friends as she may in a month")]
    MonthLimitReached,
}

impl ReferralRefusal {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoReferrals => "no_referrals",
            Self::FriendKnown => "referral_friend_known",
            Self::SameCustomer => "referral_same_customer",
            Self::SameEmail => "referral_same_email",
            Self::SamePayment => "referral_same_payment",
            Self::SameAddress => "referral_same_address",
            Self::NothingForThisStep => "referral_nothing_for_this_step",
            Self::NotFirstOrder => "referral_not_first_order",
            Self::CurrencyNotCovered => "currency_not_covered",
            Self::BelowMinimum { .. } => "order_below_minimum",
            Self::AdvocateLimitReached => "referral_limit_reached",
            Self::MonthLimitReached => "referral_month_limit_reached",
        }
    }
}

/// What a step of the friend gives to both, or why it gives nothing to either.
///
/// A limit that is reached ends the friend's gift too: the shop asks before it shows her the offer. The same
/// step told twice gives twice; that a source books once is the ledger's business.
///
/// # Errors
/// The refusal, where a rule says no.
pub fn judge<'r>(
    referral: Option<&'r Referral>,
    facts: &ReferralFacts<'_>,
) -> Result<ReferralGrant<'r>, ReferralRefusal> {
    let referral = referral.ok_or(ReferralRefusal::NoReferrals)?;
    if facts.friend_is_known {
        return Err(ReferralRefusal::FriendKnown);
    }
    if let Some(refusal) = same_person(&facts.advocate, &facts.friend) {
        return Err(refusal);
    }
    let step = match facts.event {
        ReferralEvent::Joined => ReferralStep::Joining,
        ReferralEvent::Ordered { .. } => ReferralStep::FirstOrder,
    };
    let given = |side: &'r Option<ReferralGift>| {
        let side = side.as_ref().filter(|side| side.on == step);
        side.map(|side| &side.gift)
    };
    let grant = ReferralGrant {
        advocate: given(&referral.advocate),
        friend: given(&referral.friend),
    };
    if grant.advocate.is_none() && grant.friend.is_none() {
        return Err(ReferralRefusal::NothingForThisStep);
    }
    if let ReferralEvent::Ordered {
        number,
        currency,
        counted_minor,
    } = facts.event
    {
        if number != 1 {
            return Err(ReferralRefusal::NotFirstOrder);
        }
        check_minimum(&referral.minimum_order, currency, counted_minor)?;
    }
    let is_reached = |most: Option<i64>, had: i64| most.is_some_and(|most| had >= most);
    if is_reached(referral.per_advocate, facts.rewarded) {
        return Err(ReferralRefusal::AdvocateLimitReached);
    }
    if is_reached(referral.per_month, facts.rewarded_this_month) {
        return Err(ReferralRefusal::MonthLimitReached);
    }
    Ok(grant)
}

/// Whether two people look like one. What is not known of either is no sign.
fn same_person(one: &Identity<'_>, other: &Identity<'_>) -> Option<ReferralRefusal> {
    let signs = [
        (one.customer, other.customer, ReferralRefusal::SameCustomer),
        (one.email_hash, other.email_hash, ReferralRefusal::SameEmail),
        (
            one.payment_fingerprint,
            other.payment_fingerprint,
            ReferralRefusal::SamePayment,
        ),
        (
            one.address_hash,
            other.address_hash,
            ReferralRefusal::SameAddress,
        ),
    ];
    let is_same = |(one, other, _): &(Option<&str>, Option<&str>, _)| {
        one.is_some_and(|sign| !sign.is_empty()) && one == other
    };
    signs
        .into_iter()
        .find(is_same)
        .map(|(_, _, refusal)| refusal)
}

fn check_minimum(
    minimum_order: &[Money],
    currency: Currency,
    counted_minor: i64,
) -> Result<(), ReferralRefusal> {
    if minimum_order.is_empty() {
        return Ok(());
    }
    let minimum = amount_in(minimum_order, currency).ok_or(ReferralRefusal::CurrencyNotCovered)?;
    let missing_minor = minimum.saturating_sub(counted_minor);
    if missing_minor > 0 {
        return Err(ReferralRefusal::BelowMinimum { missing_minor });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
