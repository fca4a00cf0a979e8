//! Enrolment: somebody joins, or a known member is linked to what was not known of her.
//!
//! Invariant: a known member keeps her entries, and what was known of her stays.

use earnest_core::reward::RewardCode;
use earnest_core::{Command, Plan, Program, Snapshot, Timestamp, plan};

use crate::store::append::{self, Base};
use crate::store::budgets::Budgets;
use crate::store::joining::{self, Joining};
use crate::store::members::{self, MemberRow};
use crate::store::{Rows, Statement, StoreError, budgets, newcomers, referrals};
use crate::{BookingError, Codes, EmailHash, Gifts, Signs};

/// Why somebody is not enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// She has not agreed to the terms.
    #[error("nobody joins without agreeing to the terms: true, as she ticked it herself")]
    TermsNotAccepted,
    /// A page names a customer, or what tells her from others.
    #[error("only the shop's server may say which customer this is; it has the secret key")]
    CustomerNeedsSecretKey {
        /// A JSON pointer to what it names.
        pointer: &'static str,
    },
    /// Nobody has the code by which she was brought.
    #[error("no member has this referral code; leave it out, or check it for a typing error")]
    ReferralCodeUnknown,
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
    /// By what she may turn out to be somebody else.
    pub signs: Signs,
    /// The code of the member who brought her. Where nobody has it, nobody did.
    pub referral_code: Option<RewardCode>,
}

impl Enrolment {
    /// What to read to find out whether she is a member.
    pub fn reads(&self, shop: &str) -> [Statement; 4] {
        [
            members::load_by_email(shop, &self.email_hash),
            members::load_by_customer(shop, self.customer_id.as_deref()),
            budgets::load(shop),
            members::load_by_referral_code(shop, self.referral_code),
        ]
    }

    /// The member that the e-mail and the customer id name, if it is one; and what has been had of budgets.
    ///
    /// # Errors
    /// Where they name two, or nobody has the code by which she was brought.
    pub fn find<R: Rows>(
        &self,
        [by_email, by_customer, budgets, advocate]: &[R; 4],
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
        if self.referral_code.is_some() && members::member(advocate)?.is_none() {
            return Err(EnrolError::ReferralCodeUnknown.into());
        }
        Ok((by_email.or(by_customer), budgets))
    }

    /// Adds what was not known of a member; nothing where all is. What she agreed to once, she still agrees
    /// to; and where her e-mail is new, what she ordered under it as a guest is looked for, as when she had joined by it.
    /// A conflict with it means that the e-mail or the customer id is another member's.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn link(
        &self,
        shop: &str,
        member: &MemberRow,
        now: Timestamp,
    ) -> Result<Vec<Statement>, BookingError> {
        let known = member.signs()?;
        let signs = known.with(&self.signs);
        let news = member.email_hash.is_none()
            || (member.customer_id.is_none() && self.customer_id.is_some())
            || member.terms_at().is_none()
            || (member.marketing_at.is_none() && self.marketing)
            || signs != known;
        if !news {
            return Ok(Vec::new());
        }
        let id = &member.member_id;
        let known = Joining {
            signs: &signs,
            ..self.joining(id)
        };
        let mut statements = vec![joining::store_link(shop, known, now)];
        if member.email_hash.is_none() {
            statements.push(newcomers::store(shop, id, now));
        }
        Ok(statements)
    }

    /// The member as she is once what is said of her has been written.
    ///
    /// # Errors
    /// A conflict where she was merged meanwhile: what is said of her is to be added to another one then.
    pub fn written<R: Rows>(&self, rows: &[R; 4]) -> Result<MemberRow, BookingError> {
        let [by_email, by_customer, ..] = rows;
        let finds_her = members::member(by_email)?.is_some()
            && (self.customer_id.is_none() || members::member(by_customer)?.is_some());
        let (member, _) = self.find(rows)?;
        let gone = || StoreError::Broken("a member was stored and is not there".to_owned());
        let member = member.ok_or_else(gone)?;
        let agrees =
            member.terms_at().is_some() && (!self.marketing || member.marketing_at.is_some());
        if finds_her && agrees && member.signs()?.contains(&self.signs) {
            return Ok(member);
        }
        let meanwhile = "another writer was first: she is another member now";
        Err(StoreError::Conflict(meanwhile.to_owned()).into())
    }

    /// Adds a member with this id, in one batch; `codes` are what the codes of her gifts are made of. A conflict with it means that she is one already.
    ///
    /// # Errors
    /// Where a rule says no.
    pub fn join(
        &self,
        shop: &str,
        member_id: &str,
        program: &Program,
        budgets: Budgets,
        codes: &Codes,
        now: Timestamp,
    ) -> Result<Vec<Statement>, BookingError> {
        let joining = self.joining(member_id);
        let code = self.referral_code;
        join_as(shop, joining, code, program, budgets, codes, now)
    }

    fn joining<'a>(&'a self, member_id: &'a str) -> Joining<'a> {
        Joining {
            member_id,
            customer_id: self.customer_id.as_deref(),
            email_hash: Some(&self.email_hash),
            terms: true,
            marketing: self.marketing,
            signs: &self.signs,
        }
    }
}

/// The batch that adds a member, with what she is welcomed with.
fn join_as(
    shop: &str,
    joins: Joining<'_>,
    referral_code: Option<RewardCode>,
    program: &Program,
    budgets: Budgets,
    codes: &Codes,
    now: Timestamp,
) -> Result<Vec<Statement>, BookingError> {
    let member_id = joins.member_id;
    let planned = welcome(member_id, program, budgets, now)?;
    let mut statements = store_newcomer(shop, joins, now).to_vec();
    if let Some(code) = referral_code {
        statements.push(referrals::store(shop, member_id, code, now));
    }
    let base = Base::newcomer(member_id);
    statements.extend(append::store_plan(shop, &base, program, &planned, now));
    statements.extend(Gifts::of(&planned, program, codes).store(shop, member_id, now));
    Ok(statements)
}

/// What somebody is welcomed with.
pub(crate) fn welcome(
    member_id: &str,
    program: &Program,
    budgets: Budgets,
    now: Timestamp,
) -> Result<Plan, BookingError> {
    let nobody_yet = Snapshot {
        budgets,
        ..Snapshot::default()
    };
    let joins = Command::Enrol { member_id };
    let planned = plan(program, Some(&nobody_yet), joins, now);
    planned.map_err(|refusal| BookingError::refused(refusal, None))
}

/// What adds her, before her first plan is stored in the same batch.
pub(crate) fn store_newcomer(shop: &str, joins: Joining<'_>, now: Timestamp) -> [Statement; 2] {
    [
        joining::store_joining(shop, joins, now),
        newcomers::store(shop, joins.member_id, now),
    ]
}
