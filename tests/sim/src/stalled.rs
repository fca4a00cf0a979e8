//! Batches that hang: who sent one has given up, and it arrives all the same, after whatever was written meanwhile.
//!
//! Invariant: each arrives once, by the end of the episode at the latest.

use earnest_ledger::Statement;

/// What hangs, and how many calls there have been.
#[derive(Default)]
pub(crate) struct Stalled {
    calls: u64,
    hanging: Vec<Hanging>,
}

/// A batch, and the call before which it arrives.
struct Hanging {
    arrives_before: u64,
    statements: Vec<Statement>,
}

impl Stalled {
    /// A batch hangs for so many calls. One that only reads is forgotten: nobody waits for what it would tell.
    pub(crate) fn hang(&mut self, statements: &[Statement], calls: u32) {
        let reads = |statement: &Statement| statement.sql.starts_with("SELECT");
        if !statements.iter().all(reads) {
            self.hanging.push(Hanging {
                arrives_before: self.calls.saturating_add(u64::from(calls)),
                statements: statements.to_vec(),
            });
        }
    }

    /// A call is made: the batches that arrive before it, in the order in which they were sent.
    pub(crate) fn arriving(&mut self) -> Vec<Vec<Statement>> {
        self.calls = self.calls.saturating_add(1);
        let calls = self.calls;
        let arrived = self.hanging.extract_if(.., |it| it.arrives_before <= calls);
        arrived.map(|it| it.statements).collect()
    }

    /// All that still hang, the last first: what was sent last may arrive first.
    pub(crate) fn last(&mut self) -> Vec<Vec<Statement>> {
        let hanging = self.hanging.drain(..).rev();
        hanging.map(|it| it.statements).collect()
    }
}
