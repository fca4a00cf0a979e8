//! A short run of the simulator, which `cargo xtask sim` runs for a million operations.

use earnest_sim::run;

#[test]
fn everything_holds_whatever_goes_wrong_between_the_ledger_and_its_storage() {
    let tally = run(1, 2_000, |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
    for what in [
        "bookings were new",
        "bookings had been booked",
        "bookings were refused",
        "bookings failed",
        "writers met another who was first",
        "operations got in between the calls of others",
        "calls found the database away",
        "calls broke",
        "replies were lost",
        "calls hung",
    ] {
        assert!(tally.of(what) > 20, "too few {what}:\n{tally}");
    }
    // What hung, every command of the core, by what it alone leaves behind, and all that gives something.
    for what in [
        "batches that had hung were written",
        "batches that had hung came too late",
        "welcome",
        "earn",
        "activity",
        "adjust",
        "clawback",
        "redeem",
        "redemptions were held or spent at once",
        "redemptions were spent without an order",
        "redemptions were let go",
        "redemptions ended under another version than they were asked for",
        "orders were paid with several redemptions",
        "money paid for orders",
        "money that had paid came back",
        "expire",
        "transfer-out",
        "transfer-in",
        "transfers were within a household",
        "merge-out",
        "merge-in",
        "surprise",
        "referral",
        "gifts arrived",
        "competition",
        "customers joined by ordering",
        "orders were fetched, and earned for it",
        "orders could wait, and earned for it",
        "rules gave a reward once a year",
        "rules gave what may run out",
        "rules gave money for an order",
        "rules gave money for joining",
        "steps of challenges gave something off",
        "steps of challenges gave money",
        "surprises gave something off",
        "surprises gave what may run out",
        "surprises gave money",
        "seeds were told",
        "orders were audited",
        "gifts were used",
        "gifts were used without an order",
        "gifts were taken back",
        "money that was given was taken back",
    ] {
        assert!(tally.of(what) > 0, "no {what}:\n{tally}");
    }
}
