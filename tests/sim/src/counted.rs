//! What an episode left in the books, counted: a feature that never comes to pass was never tried.

use earnest_core::EntryKind;
use serde::Deserialize;

use crate::shell::Shell;

/// What is told of an episode besides: how often each thing is in the books.
const COUNTED: [(&str, &str); 28] = [
    (
        "orders were fetched, and earned for it",
        "SELECT count(*) AS times FROM entries, json_each(rules)
         WHERE value = 'pickup'",
    ),
    (
        "orders could wait, and earned for it",
        "SELECT count(*) AS times FROM entries, json_each(rules)
         WHERE value = 'slow'",
    ),
    (
        "tastings were cut to the limit of a year",
        "SELECT count(*) AS times FROM entries
         WHERE rules = '[\"tasting\"]' AND points = 5",
    ),
    (
        "rules gave a reward once a year",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'treat'",
    ),
    (
        "rules gave what may run out",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'thanks'",
    ),
    (
        "rules gave money for an order",
        "SELECT count(*) AS times FROM credit_entries, json_each(rules)
         WHERE value = 'tea-time' AND kind = 'earn'",
    ),
    (
        "rules gave money for joining",
        "SELECT count(*) AS times FROM credit_entries, json_each(rules)
         WHERE value = 'hello' AND kind = 'activity'",
    ),
    (
        "steps of challenges gave something off",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'taster'",
    ),
    (
        "steps of challenges gave money",
        "SELECT count(*) AS times FROM credit_entries
         WHERE kind = 'order-challenge'",
    ),
    (
        "rounds of challenges gave what may run out",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'caller'",
    ),
    (
        "surprises gave what may run out",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'boon'",
    ),
    (
        "surprises gave something off",
        "SELECT count(*) AS times FROM redemptions
         WHERE content ->> '$.given.by' = 'voucher'",
    ),
    (
        "surprises gave money",
        "SELECT count(*) AS times FROM credit_entries
         WHERE kind = 'surprise'",
    ),
    (
        "friends gave what may run out",
        "SELECT count(*) AS times FROM redemptions
         WHERE gift_of GLOB 'referral:*' AND rewards = '[\"mug\"]'",
    ),
    (
        "gifts were used",
        "SELECT count(*) AS times FROM redemptions
         WHERE gift_of IS NOT NULL AND spent_at IS NOT NULL",
    ),
    (
        "gifts were taken back",
        "SELECT count(*) AS times FROM redemptions
         WHERE withdrawn_at IS NOT NULL",
    ),
    (
        "money that was given was taken back",
        "SELECT count(*) AS times FROM credit_entries AS it
         WHERE kind = 'clawback' AND EXISTS (
           SELECT 1 FROM refunds
           JOIN credit_entries AS given ON given.shop = refunds.shop AND given.source = order_id
           WHERE refunds.shop = it.shop AND refund_id = it.source
             AND (given.kind = 'surprise' OR (given.kind = 'earn' AND given.rules GLOB '*tea-time*')))",
    ),
    (
        "points were earned at a partner",
        "SELECT count(*) AS times FROM entries WHERE kind = 'earn' AND partner IS NOT NULL",
    ),
    (
        "points were spent at a partner",
        "SELECT count(*) AS times FROM entries WHERE kind = 'redeem' AND partner IS NOT NULL",
    ),
    (
        "points of a partner's order were taken back",
        "SELECT count(*) AS times FROM entries WHERE kind = 'clawback' AND partner IS NOT NULL",
    ),
    (
        "money paid for orders",
        "SELECT count(*) AS times FROM credit_entries
         WHERE kind = 'tender'",
    ),
    (
        "money that had paid came back",
        "SELECT count(*) AS times FROM credit_entries
         WHERE kind = 'return'",
    ),
    (
        "orders were paid with several redemptions",
        "SELECT count(*) AS times FROM orders
         WHERE json_array_length(content, '$.redemptions') > 1",
    ),
    (
        "competitions had somebody's points",
        "SELECT count(*) AS times FROM scores
         WHERE competition = 'cup'",
    ),
    (
        "competitions had what somebody spent or ordered",
        "SELECT count(*) AS times FROM scores
         WHERE competition = 'race'",
    ),
    (
        "prizes were won",
        "SELECT count(*) AS times FROM gifts_sent
         WHERE kind = 'competition'",
    ),
    (
        "members have agreed to nothing",
        "SELECT count(*) AS times FROM members
         WHERE terms_at = 0",
    ),
    (
        "members have no e-mail",
        "SELECT count(*) AS times FROM members
         WHERE email_hash IS NULL",
    ),
];

#[derive(Deserialize)]
struct Times {
    times: u64,
}

#[derive(Deserialize)]
struct Counted {
    kind: String,
    times: u64,
}

/// Counts the entries of each kind, and what else there is.
pub(crate) fn count_books(shell: &mut Shell) {
    for (what, how_often) in COUNTED {
        let found: Vec<Times> = shell.database.ask(how_often, &[]);
        for Times { times } in found {
            shell.tally.count_many(what, times);
        }
    }
    let kinds = "SELECT kind, count(*) AS times FROM entries GROUP BY kind";
    for Counted { kind, times } in shell.database.ask(kinds, &[]) {
        let mut known = EntryKind::ALL.into_iter().map(EntryKind::name);
        let known = known.find(|known| *known == kind);
        shell
            .tally
            .count_many(known.expect("a kind of the core"), times);
    }
}
