//! Enrolment: somebody joins, or a known member is linked to what was not known of her.
//!
//! Invariant: a known member keeps her entries, and what was known of her stays.

use earnest_core::{Command, Program, Snapshot, Timestamp, plan};

use crate::store::append::{self, Base};
use crate::store::budgets::Budgets;
use crate::store::members::{self, Joining, MemberRow};
use crate::store::{Rows, Statement, budgets, newcomers};
use crate::{BookingError, EmailHash};

/// Why somebody is not enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// She has not agreed to the terms.
    #[error("nobody joins without agreeing to the terms: true, as she ticked it herself")]
    TermsNotAccepted,
    /// A page names a customer.
    #[error("only the shop's server may say which customer this is; it has the secret key")]
    CustomerNeedsSecretKey,
    /// The e-mail and the customer id are not one member's.
    #[error(
        "the e-mail is one member's and the customer id another's, or a known member's has changed"
    )]
    AnotherMember,
}

/// Somebody who agreed to the terms.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The hash of her e-mail.
    pub email_hash: EmailHash,
    /// The shop's own name for her, where its server gave one.
    pub customer_id: Option<String>,
    /// Whether she agreed to marketing, besides the terms.
    pub marketing: bool,
}

impl Enrolment {
    /// What to read to find out whether she is a member.
    pub fn reads(&self, shop: &str) -> [Statement; 3] {
        [
            members::load_by_email(shop, &self.email_hash),
            members::load_by_customer(shop, self.customer_id.as_deref()),
            budgets::load(shop),
        ]
    }

    /// The member that the e-mail and the customer id name, if it is one; and what has been had of budgets.
    ///
    /// # Errors
    /// Where they name two.
    pub fn find<R: Rows>(
        &self,
        [by_email, by_customer, budgets]: &[R; 3],
    ) -> Result<(Option<MemberRow>, Budgets), BookingError> {
        let budgets = budgets::budgets(budgets)?;
        let by_email = members::member(by_email)?;
        let by_customer = members::member(by_customer)?;
        // What finds her is hers, be it from one who was merged into her.
        let is_another = match (&by_email, &by_customer) {
            (Some(one), Some(other)) => one.member_id != other.member_id,
            (Some(member), None) => self.customer_id.is_some() && member.customer_id.is_some(),
            (None, Some(member)) => member.email_hash.is_some(),
            (None, None) => false,
        };
        if is_another {
            return Err(EnrolError::AnotherMember.into());
        }
        Ok((by_email.or(by_customer), budgets))
    }

    /// Adds what was not known of a member; `None` where all is. What she agreed to once, she still agrees
    /// to. A conflict with it means that the e-mail or the customer id is another member's.
    pub fn link(&self, shop: &str, member: &MemberRow, now: Timestamp) -> Option<Statement> {
        let news = member.email_hash.is_none()
            || (member.customer_id.is_none() && self.customer_id.is_some())
            || (member.marketing_at.is_none() && self.marketing);
        news.then(|| members::store_link(shop, self.joining(&member.member_id), now))
    }

    /// Adds a member with this id, in one batch. A conflict with it means that she is one already.
    ///
    /// # Errors
    /// Where a rule says no.
    pub fn join(
        &self,
        shop: &str,
        member_id: &str,
        program: &Program,
        budgets: Budgets,
        now: Timestamp,
    ) -> Result<Vec<Statement>, BookingError> {
        let nobody_yet = Snapshot {
            budgets,
            ..Snapshot::default()
        };
        let planned = plan(
            program,
            Some(&nobody_yet),
            Command::Enrol { member_id },
            now,
        )
        .map_err(|refusal| BookingError::refused(refusal, None))?;
        let mut statements = vec![members::store_joining(shop, self.joining(member_id), now)];
        statements.push(newcomers::store(shop, member_id, now));
        statements.extend(append::store_plan(
            shop,
            &Base::newcomer(member_id),
            program,
            &planned,
            now,
        ));
        Ok(statements)
    }

    fn joining<'a>(&'a self, member_id: &'a str) -> Joining<'a> {
        Joining {
            member_id,
            customer_id: self.customer_id.as_deref(),
            email_hash: &self.email_hash,
            marketing: self.marketing,
        }
    }
}
