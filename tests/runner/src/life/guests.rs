//! The guests of a story: what they ordered, what came back of it, and who has which e-mail.
//!
//! Its invariant: an order waits for one e-mail, however that is typed, and is handed over once.

use std::collections::BTreeMap;

use earnest_core::{Program, Timestamp};
use earnest_ledger::store::refunds::{RefundRow, RefundedOrder};
use earnest_ledger::{
    ReturnContent, ReturnLine, guest_window_millis, is_before_guest_window, json,
};

use super::{LineAct, RefundAct};

/// Who is known by which e-mail, and the orders of those who are no members.
#[derive(Default)]
pub(super) struct Guests {
    members: BTreeMap<String, (String, Timestamp)>,
    waiting: BTreeMap<String, Waiting>,
}

/// An order of a guest.
pub(super) struct Waiting {
    /// For whom it waits; for nobody where she had joined too late for it.
    email: Option<String>,
    pub(super) order: RefundedOrder,
    pub(super) refunds: Vec<RefundRow>,
}

/// An e-mail, whose spaces and capitals say nothing. At the edge the Worker reads it.
fn address(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

impl Guests {
    /// The member whose order it is that names this e-mail alone.
    pub(super) fn member(
        &self,
        email: &str,
        program: &Program,
        placed_at: Timestamp,
    ) -> Option<&str> {
        let (member, joined_at) = self.members.get(&address(email))?;
        let is_hers = !is_before_guest_window(program, *joined_at, placed_at);
        is_hers.then_some(member)
    }

    /// Keeps an order of somebody who is no member.
    pub(super) fn keep(&mut self, id: &str, email: &str, order: RefundedOrder) {
        let email = address(email);
        let is_too_late = self.members.contains_key(&email);
        let waiting = Waiting {
            email: Some(email).filter(|_| !is_too_late),
            order,
            refunds: Vec::new(),
        };
        self.waiting.insert(id.to_owned(), waiting);
    }

    /// Keeps what comes back of an order of somebody who is no member; whether it is one.
    pub(super) fn send_back(&mut self, refund: &RefundAct) -> bool {
        let Some(waiting) = self.waiting.get_mut(&refund.order) else {
            return false;
        };
        let line = |line: &LineAct| ReturnLine {
            id: line.id.clone(),
            quantity: line.quantity,
            amount: line.amount.clone(),
        };
        let lines = refund.lines.as_ref();
        let content = ReturnContent {
            order_id: refund.order.clone(),
            lines: lines.map(|lines| lines.iter().map(line).collect()),
        };
        let nth = waiting.refunds.len() + 1;
        waiting.refunds.push(RefundRow {
            refund_id: refund.id.clone(),
            content: json(&content),
            answer: String::new(),
            nth: nth.try_into().expect("few refunds"),
        });
        true
    }

    /// An e-mail is that of somebody who joined then. Hands over what she ordered under it, as far as the program reaches
    /// back before that, the oldest first.
    pub(super) fn join(
        &mut self,
        who: &str,
        email: &str,
        program: &Program,
        joined_at: Timestamp,
    ) -> Vec<(String, Waiting)> {
        let email = address(email);
        let window = guest_window_millis(program);
        let since = joined_at.as_millis().saturating_sub(window);
        let is_hers = |_: &String, it: &mut Waiting| {
            let is_recent = window > 0 && it.order.placed_at.as_millis() >= since;
            is_recent && it.email.as_ref() == Some(&email)
        };
        let mut hers: Vec<_> = self.waiting.extract_if(.., is_hers).collect();
        hers.sort_by_key(|(_, it)| it.order.placed_at);
        self.members.insert(email, (who.to_owned(), joined_at));
        hers
    }

    /// Somebody is another one from now on, also by her e-mails.
    pub(super) fn merge(&mut self, who: &str, into: &str) {
        let known = self.members.values_mut();
        for (member, _) in known.filter(|(member, _)| member == who) {
            into.clone_into(member);
        }
    }
}
