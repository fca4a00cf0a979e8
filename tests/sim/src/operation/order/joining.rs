//! Who has an account is a member, where the program says so: she joins by her first order.
//!
//! What a page shows to who is no member yet is what she earns as one; and she has agreed to nothing by it.

use earnest_core::{Command, Snapshot, plan};
use earnest_ledger::Order;
use serde::Deserialize;

use super::DeliverOrder;
use crate::Violation;
use crate::shell::{Shell, shop_id};

/// What joining has to do with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joins {
    /// Nothing: she is a member, or a guest.
    Not,
    /// She is known by her e-mail, and from now on by the name of her account.
    IsNamed,
    /// She is no member yet.
    Now {
        /// Whether what she is welcomed with counts against limits, so that less may be left for the order.
        counts: bool,
    },
}

#[derive(Deserialize)]
struct Consent {
    terms_at: i64,
    marketing_at: Option<i64>,
}

impl Joins {
    /// Whether the order is a member's then.
    pub(super) fn is_members(self) -> bool {
        self != Self::Not
    }

    /// Whether what was shown is what is earned.
    pub(super) fn keeps_promises(self) -> bool {
        self != Self::Now { counts: true }
    }
}

impl DeliverOrder {
    /// What joining has to do with it, as the books are now.
    pub(super) fn joins(&self, order: &Order, shell: &Shell) -> Joins {
        let program = shell.program(self.shop);
        let customer = &order.customer;
        if !program.is_joining_automatic() || customer.id.is_none() || customer.names_member() {
            return Joins::Not;
        }
        let Ok((None, newcomer)) = self.buyer(shell) else {
            return Joins::IsNamed;
        };
        let nobody_yet = Snapshot {
            budgets: newcomer.budgets,
            ..Snapshot::default()
        };
        let joins = Command::Enrol { member_id: "any" };
        let welcomed = plan(program, Some(&nobody_yet), joins, shell.now);
        Joins::Now {
            counts: welcomed.is_ok_and(|plan| !plan.snapshot.usage.is_empty()),
        }
    }

    /// Who joined by it is there, and has agreed to nothing.
    pub(super) fn judge_joined(&self, member_id: &str, shell: &mut Shell) -> Result<(), Violation> {
        shell.tally.count("customers joined by ordering");
        let consent =
            "SELECT terms_at, marketing_at FROM members WHERE shop = ?1 AND member_id = ?2";
        let about = [shop_id(self.shop), member_id];
        let found: Vec<Consent> = shell.database.ask(consent, &about);
        let asked = |it: &Consent| it.terms_at > 0 || it.marketing_at.is_some();
        Violation::unless(
            found.len() == 1 && !found.iter().any(asked),
            "who joined by ordering is not there, or has agreed to something",
        )
    }
}
