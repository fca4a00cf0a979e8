//! Joining: somebody becomes a member, or what was not known of one is added.
//!
//! Invariant: what is known of a member stays. Who she is by another name is added where nobody has that name.

use earnest_core::Timestamp;

use super::{Statement, Value};
use crate::{EmailHash, Signs};

/// Somebody who joins.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a> {
    /// Her new id.
    pub member_id: &'a str,
    /// The shop's own name for her, where it gave one.
    pub customer_id: Option<&'a str>,
    /// The hash of her e-mail, where it is known.
    pub email_hash: Option<&'a EmailHash>,
    /// Whether she agreed to the terms.
    pub terms: bool,
    /// Whether she agreed to marketing besides.
    pub marketing: bool,
    /// By what she may turn out to be somebody else.
    pub signs: &'a Signs,
}

/// Adds a member, with nothing yet, at revision 0. Her plan is appended in the same batch.
pub fn store_joining(shop: &str, joining: Joining<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO members \
         (shop, member_id, customer_id, email_hash, terms_at, marketing_at, enrolled_at, signs) \
         VALUES (?1, ?2, ?3, ?4, coalesce(?8, 0), ?6, ?5, ?7)",
        [
            shop.into(),
            joining.member_id.into(),
            joining.customer_id.into(),
            joining.email_hash.map(EmailHash::as_str).into(),
            now.into(),
            joining.marketing.then_some(now).into(),
            joining.signs.column().as_str().into(),
            joining.terms.then_some(now).into(),
        ],
    )
}

/// Adds to a member what was not known of her. What was known stays, and a name that finds her already, because
/// she had it as the one who was merged into her. Of one who was merged herself, nothing changes.
pub fn store_link(shop: &str, joining: Joining<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE members SET customer_id = coalesce(customer_id, \
         (SELECT ?3 WHERE NOT EXISTS (SELECT 1 FROM members AS merged \
         WHERE merged.shop = ?1 AND merged.customer_id = ?3 AND merged.merged_into = ?2))), \
         email_hash = coalesce(email_hash, ?4), marketing_at = coalesce(marketing_at, ?5), signs = ?6, \
         terms_at = coalesce(nullif(terms_at, 0), ?7, 0), revision = revision + 1 \
         WHERE shop = ?1 AND member_id = ?2 AND merged_into IS NULL",
        [
            shop.into(),
            joining.member_id.into(),
            joining.customer_id.into(),
            joining.email_hash.map(EmailHash::as_str).into(),
            Value::from(joining.marketing.then_some(now)),
            joining.signs.column().as_str().into(),
            joining.terms.then_some(now).into(),
        ],
    )
}

/// Gives a member the shop's own name for her, in a batch that changes her besides: where she has none, and nobody has
/// it, or had it before she was merged.
pub(crate) fn store_customer(shop: &str, member_id: &str, customer_id: &str) -> Statement {
    Statement::new(
        "UPDATE members SET customer_id = ?3, revision = revision + 1 \
         WHERE shop = ?1 AND member_id = ?2 AND customer_id IS NULL AND NOT EXISTS \
         (SELECT 1 FROM members AS other WHERE other.shop = ?1 AND other.customer_id = ?3)",
        [shop.into(), member_id.into(), customer_id.into()],
    )
}
