//! What a quote says, as it is signed: JSON, and the one place that converts it.
//!
//! Whoever has a quote can read it: it holds what the shop's server hands to its page anyway, and no e-mail.

use earnest_core::wire::SnapshotDocument;
use earnest_core::{ProgramRef, Snapshot, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Quote, QuotedMember};
use crate::json;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    id: String,
    shop: String,
    program_version: u32,
    program_digest: String,
    cart: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    member_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facts: Option<SnapshotDocument>,
    points: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    credits: Vec<(String, i64)>,
    issued_at: i64,
}

impl Quote {
    /// What is to be signed.
    pub fn payload(&self) -> String {
        let member = self.member.as_ref();
        json(&Payload {
            id: self.id.clone(),
            shop: self.shop.clone(),
            program_version: self.program.version,
            program_digest: self.program.digest.clone(),
            cart: self.cart_digest.clone(),
            member_id: member.map(|it| it.member_id.clone()),
            facts: member.map(|it| SnapshotDocument::from(&it.facts)),
            points: self.points,
            credits: self.credits.clone(),
            issued_at: self.issued_at.as_millis(),
        })
    }

    /// Reads what was signed; `None` where nobody of ours would have signed it.
    pub fn parse(payload: &str) -> Option<Self> {
        let payload: Payload = serde_json::from_str(payload).ok()?;
        let member = match (payload.member_id, payload.facts) {
            (Some(member_id), Some(facts)) => {
                let facts = Snapshot::try_from(facts).ok()?;
                Some(QuotedMember { member_id, facts })
            }
            _ => None,
        };
        Some(Self {
            id: payload.id,
            shop: payload.shop,
            program: ProgramRef {
                version: payload.program_version,
                digest: payload.program_digest,
            },
            member,
            issued_at: Timestamp::from_millis(payload.issued_at),
            points: payload.points,
            credits: payload.credits,
            cart_digest: payload.cart,
        })
    }
}
