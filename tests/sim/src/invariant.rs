//! Invariants: what holds in the books after every operation, whatever went wrong in it.
//!
//! Each is a question whose every answer is a violation, in SQL of its own; a new one is one more row of the
//! table. It looks at what was touched (`touched.rs`), and at the end of an episode that is everything. Invariant:
//! no statement here is one of the ledger's.

mod bargains;
mod competitions;
mod gifts;
mod refunds;
mod tenders;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::Violation;
use crate::chain;
use crate::database::Database;
use crate::journal::Journals;
use crate::touched;

/// What must hold, and how to find where it does not. `?1` is the shop.
struct Invariant {
    holds: &'static str,
    broken: &'static str,
}

const INVARIANTS: &[Invariant] = &[
    Invariant {
        holds: "a balance is the sum of its entries, and seq counts them",
        broken: "
            SELECT member_id || ' has ' || balance_points || ' at ' || seq AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND (balance_points, seq) IS NOT (
              SELECT coalesce(sum(points), 0), count(*) FROM entries
              WHERE entries.shop = members.shop AND entries.member_id = members.member_id)",
    },
    Invariant {
        holds: "each balance is the one before plus its points, and there is no gap",
        broken: "
            SELECT member_id || ' ' || seq AS found FROM touched_entries CROSS JOIN entries AS it USING (member_id, seq)
            WHERE shop = ?1 AND balance_points IS NOT points + CASE seq WHEN 1 THEN 0 ELSE (
              SELECT balance_points FROM entries AS before
              WHERE before.shop = ?1 AND before.member_id = it.member_id AND before.seq = it.seq - 1) END",
    },
    Invariant {
        holds: "a source books once",
        broken: "
            SELECT kind || ' ' || source AS found FROM touched_entries CROSS JOIN entries AS it USING (member_id, seq)
            WHERE shop = ?1 AND 1 <> (
              SELECT count(*) FROM entries AS other
              WHERE other.shop = ?1 AND other.kind = it.kind AND other.source = it.source)",
    },
    Invariant {
        holds: "an order of a member has the entry that it earned, and a guest's has none",
        broken: "
            SELECT order_id AS found FROM orders WHERE shop = ?1 AND order_id IN touched_orders
            AND (CASE WHEN member_id IS NULL THEN 0 ELSE points END, member_id) IS NOT (
              SELECT coalesce(sum(points), 0), coalesce(max(member_id), orders.member_id) FROM entries
              WHERE entries.shop = orders.shop AND kind = 'earn' AND source = order_id)",
    },
    Invariant {
        holds: "an activity has the entry that it earned",
        broken: "
            SELECT activity_id AS found FROM activities
            WHERE shop = ?1 AND activity_id IN touched_activities AND (points, member_id) IS NOT (
              SELECT coalesce(sum(points), 0), coalesce(max(member_id), activities.member_id) FROM entries
              WHERE entries.shop = activities.shop AND kind = 'activity' AND source = activity_id)",
    },
    Invariant {
        holds: "an order earns by how it is delivered where that is what it says",
        broken: "
            SELECT source || ' ' || rules AS found FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            CROSS JOIN json_each(rules) AS rule CROSS JOIN orders ON orders.shop = ?1 AND order_id = source
            WHERE entries.shop = ?1 AND kind = 'earn' AND rule.value IN ('pickup', 'slow')
              AND content ->> '$.cart.delivery' IS NOT rule.value",
    },
    Invariant {
        holds: "nothing was earned without an order, an activity or a member",
        broken: "
            SELECT kind || ' ' || source AS found
            FROM touched_entries CROSS JOIN entries USING (member_id, seq) WHERE shop = ?1 AND NOT CASE kind
              WHEN 'welcome' THEN source = member_id
              WHEN 'adjust' THEN reason = 'somebody asked for it'
              WHEN 'earn' THEN EXISTS (
                SELECT 1 FROM orders WHERE orders.shop = entries.shop AND order_id = source)
              WHEN 'activity' THEN source = 'account-created:' || member_id OR EXISTS (
                SELECT 1 FROM activities WHERE activities.shop = entries.shop AND activity_id = source)
              WHEN 'expire' THEN points < 0
              WHEN 'repay' THEN points < 0
              WHEN 'transfer-out' THEN points < 0
              WHEN 'merge-out' THEN points <= 0 AND source = member_id
              WHEN 'merge-in' THEN points > 0
              WHEN 'transfer-in' THEN points > 0
              WHEN 'redeem' THEN points <= 0 AND EXISTS (
                SELECT 1 FROM redemptions WHERE redemptions.shop = entries.shop AND redemption_id = source)
              WHEN 'clawback' THEN points < 0 AND (EXISTS (
                SELECT 1 FROM refunds WHERE refunds.shop = entries.shop AND refund_id = source) OR EXISTS (
                SELECT 1 FROM referrals WHERE referrals.shop = entries.shop AND taken_back_at IS NOT NULL
                  AND source GLOB '*returned:*')
                -- Of a partner's order, what it gave and did not earn, beside what it earned.
                OR (partner IS NULL AND source = member_id || '-' || seq))
              WHEN 'surprise' THEN points > 0 AND EXISTS (
                SELECT 1 FROM orders WHERE orders.shop = entries.shop AND order_id = source)
              -- The friend may be another member by now.
              WHEN 'referral' THEN points > 0 AND EXISTS (
                SELECT 1 FROM referrals CROSS JOIN members
                  ON members.shop = entries.shop AND members.member_id = substr(source, instr(source, ':') + 1)
                WHERE referrals.shop = entries.shop AND friend_id IN (members.member_id, merged_into))
              WHEN 'competition' THEN points > 0 AND EXISTS (
                SELECT 1 FROM gifts_sent WHERE gifts_sent.shop = entries.shop AND gift_id = source AND kind = 'competition')
              WHEN 'return' THEN points > 0 AND EXISTS (
                SELECT 1 FROM refunds WHERE refunds.shop = entries.shop AND refund_id = source)
              ELSE kind IN ('order-challenge', 'activity-challenge') END",
    },
    Invariant {
        holds: "a member has what her orders earned, less what came back of them",
        broken: "
            WITH hers AS MATERIALIZED (
              SELECT coalesce(merged_into, members.member_id) AS who,
                orders.points - coalesce(orders.answer ->> 'refunded_points', 0) - (
                SELECT coalesce(sum(refunds.answer ->> 'points'), 0) FROM refunds
                WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id) AS points,
                -- What had come back of a guest's order when it was credited is told by nothing.
                orders.answer ->> 'status' = 'guest' AND EXISTS (
                  SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id
                    AND refunds.answer ->> 'status' <> 'booked') AS may_be_back
              FROM orders CROSS JOIN members ON members.shop = ?1 AND members.member_id = orders.member_id
              WHERE orders.shop = ?1 AND coalesce(merged_into, members.member_id) IN touched_members),
            travelling AS MATERIALIZED (
              SELECT coalesce(merged_into, member_id) AS who, content ->> '$.member.earned_points' AS points
              FROM transfers CROSS JOIN members ON members.shop = ?1 AND member_id = to_member
              WHERE transfers.shop = ?1 AND kind = 'merge' AND arrived_at IS NULL)
            SELECT member_id || ' ' || earned_points AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND NOT earned_points + (
                SELECT coalesce(sum(points), 0) FROM travelling WHERE who = member_id)
              BETWEEN (SELECT coalesce(sum(CASE WHEN may_be_back THEN 0 ELSE points END), 0) FROM hers WHERE who = member_id)
                AND (SELECT coalesce(sum(points), 0) FROM hers WHERE who = member_id)",
    },
    Invariant {
        holds: "a member's orders are counted, but for those that came back",
        broken: "
            WITH hers AS MATERIALIZED (
              SELECT coalesce(merged_into, members.member_id) AS who, EXISTS (
                SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id) AS may_be_back
              FROM orders CROSS JOIN members ON members.shop = ?1 AND members.member_id = orders.member_id
              WHERE orders.shop = ?1 AND coalesce(merged_into, members.member_id) IN touched_members),
            travelling AS MATERIALIZED (
              SELECT coalesce(merged_into, member_id) AS who, content ->> '$.member.orders' AS orders
              FROM transfers CROSS JOIN members ON members.shop = ?1 AND member_id = to_member
              WHERE transfers.shop = ?1 AND kind = 'merge' AND arrived_at IS NULL)
            SELECT member_id || ' ' || facts AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND NOT coalesce(facts ->> 'orders', 0) + (
                SELECT coalesce(sum(orders), 0) FROM travelling WHERE who = member_id)
              BETWEEN (SELECT count(*) FROM hers WHERE who = member_id AND NOT may_be_back)
                AND (SELECT count(*) FROM hers WHERE who = member_id)",
    },
    Invariant {
        holds: "who was merged has nothing left, and who took her over stands for herself",
        broken: "
            SELECT member_id || ' ' || holdings AS found FROM members
            WHERE shop = ?1 AND merged_into IS NOT NULL
              AND (member_id IN touched_members OR merged_into IN touched_members) AND (
              balance_points <> 0 OR earned_points <> 0 OR due_at IS NOT NULL OR coalesce(holdings ->> 'owed', 0) <> 0
              OR facts ->> 'usage' IS NOT NULL OR facts ->> 'orders' IS NOT NULL OR household IS NOT NULL
              OR NOT EXISTS (
                SELECT 1 FROM members AS other
                WHERE other.shop = ?1 AND other.member_id = members.merged_into AND other.merged_into IS NULL))",
    },
    Invariant {
        holds: "what a member had who was merged is the other's, or is on its way",
        broken: "
            SELECT transfer_id || ' ' || content AS found FROM (
              SELECT transfer_id, content, from_member, arrived_at, (
                SELECT coalesce(sum(value ->> 0), 0) FROM json_each(content, '$.holdings.lots')) AS points, (
                SELECT coalesce(merged_into, member_id) FROM members
                WHERE members.shop = ?1 AND member_id = to_member) AS who
              FROM transfers WHERE shop = ?1 AND kind = 'merge'
                AND (from_member IN touched_members OR to_member IN touched_members))
            WHERE points IS NOT (
                SELECT coalesce(-sum(points), 0) FROM entries WHERE entries.shop = ?1 AND kind = 'merge-out'
                  AND source = from_member AND member_id = from_member)
              OR CASE WHEN arrived_at IS NULL THEN 0 ELSE points END IS NOT (
                SELECT coalesce(sum(points), 0) FROM entries
                CROSS JOIN members ON members.shop = ?1 AND members.member_id = entries.member_id
                WHERE entries.shop = ?1 AND kind = 'merge-in' AND source = from_member
                  AND coalesce(merged_into, members.member_id) = who)
            UNION ALL
            SELECT kind || ' ' || source FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            WHERE shop = ?1 AND kind IN ('merge-out', 'merge-in') AND 'merge:' || source NOT IN (
              SELECT transfer_id FROM transfers WHERE transfers.shop = ?1)",
    },
    Invariant {
        holds: "a redemption is spent for its price or less, by who asked for it, or who took her over",
        broken: "
            SELECT redemption_id || ' ' || entries.points AS found
            FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            CROSS JOIN redemptions ON redemptions.shop = ?1 AND redemption_id = source
            WHERE entries.shop = ?1 AND kind = 'redeem'
              AND (-entries.points > redemptions.points OR (
                SELECT coalesce(merged_into, member_id) FROM members
                WHERE members.shop = ?1 AND members.member_id = entries.member_id) IS NOT (
                SELECT coalesce(merged_into, member_id) FROM members
                WHERE members.shop = ?1 AND members.member_id = redemptions.member_id))",
    },
    Invariant {
        holds: "what one member gives is what another is given, or is on its way",
        broken: "
            SELECT transfer_id || ' ' || content AS found FROM transfers
            WHERE shop = ?1 AND kind = 'transfer'
              AND (from_member IN touched_members OR to_member IN touched_members) AND ((
                SELECT -points FROM entries WHERE entries.shop = ?1 AND entries.kind = 'transfer-out'
                  AND source = transfer_id AND member_id = from_member) IS NOT content ->> 'points'
              OR (SELECT points FROM entries WHERE entries.shop = ?1 AND entries.kind = 'transfer-in'
                  AND source = transfer_id AND (
                    SELECT coalesce(merged_into, member_id) FROM members
                    WHERE members.shop = ?1 AND members.member_id = entries.member_id) = (
                    SELECT coalesce(merged_into, member_id) FROM members
                    WHERE members.shop = ?1 AND members.member_id = to_member))
                IS NOT CASE WHEN arrived_at IS NULL THEN NULL ELSE content ->> 'points' END)
            UNION ALL
            SELECT kind || ' ' || source FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            WHERE shop = ?1 AND kind IN ('transfer-out', 'transfer-in') AND source NOT IN (
              SELECT transfer_id FROM transfers WHERE transfers.shop = ?1)",
    },
    Invariant {
        holds: "what is held is a redemption's price, and was not spent",
        broken: "
            SELECT member_id || ' ' || held.value AS found FROM members, json_each(holdings, '$.reservations') AS held
            WHERE shop = ?1 AND member_id IN touched_members AND (EXISTS (
                SELECT 1 FROM entries WHERE entries.shop = ?1 AND kind = 'redeem'
                  AND source = held.value ->> 'id')
              OR (SELECT points FROM redemptions WHERE redemptions.shop = ?1
                AND redemption_id = held.value ->> 'id' AND redemptions.member_id = members.member_id) IS NOT (
                  SELECT coalesce(sum(lot.value ->> 0), 0) FROM json_each(held.value, '$.drawn') AS lot))",
    },
    Invariant {
        holds: "each balance of money is the one before plus its amount, and there is no gap",
        broken: "
            SELECT member_id || ' ' || balance || ' ' || seq AS found FROM credit_entries AS it
            WHERE shop = ?1 AND member_id IN touched_members AND balance_minor IS NOT minor + CASE seq WHEN 1 THEN 0 ELSE (
              SELECT balance_minor FROM credit_entries AS before
              WHERE before.shop = ?1 AND before.member_id = it.member_id
                AND before.balance = it.balance AND before.seq = it.seq - 1) END",
    },
    Invariant {
        holds: "a member knows what she has of each balance of money",
        broken: "
            SELECT member_id || ' ' || facts AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND EXISTS (
              SELECT 1 FROM (
                SELECT value ->> 0 AS balance, value ->> 1 AS minor FROM json_each(facts, '$.credits')
                UNION ALL
                SELECT balance, -minor FROM credit_entries
                WHERE credit_entries.shop = ?1 AND credit_entries.member_id = members.member_id)
              GROUP BY balance HAVING sum(minor) <> 0)",
    },
    Invariant {
        holds: "what has been taken of a budget is what members have had, and no more than it is",
        broken: "
            WITH had AS MATERIALIZED (
              SELECT used.value ->> 'holder' AS who, sum(used.value ->> 'points') AS points, sum(used.value ->> 'times') AS times
              FROM (
                SELECT facts FROM members WHERE members.shop = ?1
                UNION ALL
                SELECT content -> 'member' FROM transfers
                WHERE transfers.shop = ?1 AND kind = 'merge' AND arrived_at IS NULL), json_each(facts, '$.usage') AS used
              GROUP BY 1)
            SELECT holder || ' ' || used_points AS found
            FROM budgets LEFT JOIN had ON who = CASE holder WHEN '*' THEN '' ELSE holder END
            WHERE shop = ?1 AND (used_points > limit_points OR used_points IS NOT coalesce(CASE holder
              -- What a gift cost, as often as it was given.
              WHEN 'surprise:extra' THEN (
                SELECT sum(points) FROM entries WHERE entries.shop = ?1 AND kind = 'surprise')
              WHEN 'surprise:boon' THEN (
                SELECT 30 * count(*) FROM redemptions WHERE redemptions.shop = ?1
                  AND gift_of IS NOT NULL AND content ->> '$.given.by' = 'boon')
              WHEN 'surprise:purse' THEN (
                SELECT 60 * count(*) FROM credit_entries WHERE credit_entries.shop = ?1 AND kind = 'surprise')
              WHEN 'tea-time' THEN (
                SELECT count(*) FROM credit_entries, json_each(rules) AS rule
                WHERE credit_entries.shop = ?1 AND kind = 'earn' AND rule.value = 'tea-time')
              -- What members took themselves, and what they were given.
              WHEN 'reward:mug' THEN coalesce(times, 0) + (
                SELECT count(*) FROM redemptions WHERE redemptions.shop = ?1
                  AND gift_of IS NOT NULL AND rewards = '[\"mug\"]')
              -- What was taken while there was a stock of it, and is held or spent.
              WHEN 'reward:cap' THEN (
                SELECT count(*) FROM redemptions CROSS JOIN json_each(rewards) AS reward
                WHERE redemptions.shop = ?1 AND reward.value = 'cap'
                  AND (agreed ->> '$.bargain.counted') >> reward.key & 1 AND (spent_at IS NOT NULL OR EXISTS (
                    SELECT 1 FROM members CROSS JOIN json_each(holdings, '$.reservations') AS held
                    WHERE members.shop = ?1 AND held.value ->> 'id' = redemption_id)))
              ELSE points END, 0))
            UNION ALL
            SELECT 'boon gave ' || count(*) FROM redemptions
            WHERE redemptions.shop = ?1 AND gift_of IS NOT NULL AND content ->> '$.given.by' = 'boon' HAVING count(*) > 3
            UNION ALL
            SELECT 'purse gave ' || count(*) FROM credit_entries
            WHERE credit_entries.shop = ?1 AND kind = 'surprise' HAVING count(*) > 4",
    },
    Invariant {
        holds: "for no more friends is anything given than the program says, and for none twice",
        broken: "
            SELECT advocate_id || ' ' || count(*) AS found FROM referrals WHERE shop = ?1 AND nth IS NOT NULL
            GROUP BY advocate_id HAVING count(*) > 3 OR count(DISTINCT nth) <> count(*)",
    },
    Invariant {
        holds: "an order and an activity are kept once",
        broken: "
            SELECT order_id AS found FROM orders WHERE shop = ?1 AND order_id IN touched_orders
            GROUP BY order_id HAVING count(*) > 1
            UNION ALL
            SELECT activity_id FROM activities WHERE shop = ?1 AND activity_id IN touched_activities
            GROUP BY activity_id HAVING count(*) > 1",
    },
    Invariant {
        holds: "a balance is its lots and what is held of them",
        broken: "
            SELECT member_id || ' has ' || balance_points || ' of ' || holdings AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND balance_points IS NOT (
              SELECT coalesce(sum(value ->> 0), 0) FROM json_each(holdings, '$.lots')) + (
              SELECT coalesce(sum(lot.value ->> 0), 0)
              FROM json_each(holdings, '$.reservations') AS held, json_each(held.value, '$.drawn') AS lot)",
    },
    Invariant {
        holds: "no lot is empty, and nobody is owed by the shop",
        broken: "
            SELECT member_id || ' ' || holdings AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND (coalesce(holdings ->> 'owed', 0) < 0 OR EXISTS (
              SELECT 1 FROM json_each(holdings, '$.lots') WHERE value ->> 0 < 1))",
    },
    Invariant {
        holds: "the pools of an entry sum to its points",
        broken: "
            SELECT member_id || ' ' || seq || ' ' || pools AS found
            FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            WHERE shop = ?1 AND points IS NOT (SELECT sum(value ->> 1) FROM json_each(pools))",
    },
    Invariant {
        holds: "the days are the entries of each day, by kind and currency",
        broken: "
            SELECT day || ' ' || kind || ' ' || currency || ' ' || sum(points) AS found FROM (
              SELECT day, kind, currency, points, spent_minor FROM days WHERE shop = ?1 AND day IN touched_days
              UNION ALL
              SELECT day, kind, coalesce(pool.value ->> 0, ''), -(pool.value ->> 1), -(pool.value ->> 2)
              FROM entries CROSS JOIN json_each(pools) AS pool WHERE shop = ?1 AND day IN touched_days)
            GROUP BY day, kind, currency HAVING sum(points) <> 0 OR sum(spent_minor) <> 0",
    },
    Invariant {
        holds: "the days of partners are the entries that carry them, by currency and version",
        broken: "
            SELECT day || ' ' || partner || ' ' || currency || ' ' || sum(earned) || ' ' || sum(spent) AS found FROM (
              SELECT day, partner, currency, program_version, earned_points AS earned, spent_points AS spent
              FROM partner_days WHERE shop = ?1 AND day IN touched_days
              UNION ALL
              SELECT day, partner, partner_currency, program_version,
                iif(kind IN ('redeem', 'return'), 0, -points), iif(kind IN ('redeem', 'return'), points, 0)
              FROM entries WHERE shop = ?1 AND partner IS NOT NULL AND day IN touched_days)
            GROUP BY day, partner, currency, program_version HAVING sum(earned) <> 0 OR sum(spent) <> 0",
    },
    Invariant {
        holds: "what comes back of an order at a partner is no more than the partner was told of",
        broken: "
            SELECT refunds.order_id || ' ' || sum(back.points) AS found
            FROM touched_orders JOIN orders USING (order_id)
            JOIN refunds ON refunds.shop = ?1 AND refunds.order_id = orders.order_id
            JOIN entries AS back ON back.shop = ?1 AND back.kind = 'clawback' AND back.source = refunds.refund_id
            WHERE orders.shop = ?1 AND back.partner IS NOT NULL
            GROUP BY refunds.order_id HAVING -sum(back.points) > coalesce((
              SELECT points FROM entries WHERE entries.shop = ?1 AND kind = 'earn' AND source = refunds.order_id), 0)",
    },
    Invariant {
        holds: "a member has the hash of her last entry",
        broken: "
            SELECT member_id AS found FROM members
            WHERE shop = ?1 AND member_id IN touched_members AND head_hash IS NOT (
              SELECT hash FROM entries
              WHERE entries.shop = ?1 AND entries.member_id = members.member_id
              ORDER BY entries.seq DESC LIMIT 1)",
    },
    Invariant {
        holds: "events are numbered without gaps",
        broken: "
            SELECT max(seq) || ' for ' || count(*) AS found FROM events
            WHERE shop = ?1 HAVING max(seq) <> count(*)",
    },
    Invariant {
        holds: "a quote is honoured once",
        broken: "
            SELECT quote_id AS found FROM orders WHERE shop = ?1 AND quote_id IS NOT NULL
            GROUP BY quote_id HAVING count(*) > 1",
    },
    Invariant {
        holds: "when somebody joined, and agreed to marketing for the first time, is kept",
        broken: "
            SELECT member_id || ' ' || members.marketing_at AS found FROM members JOIN agreed USING (member_id)
            WHERE shop = ?1 AND member_id IN touched_members
              AND (members.terms_at, members.marketing_at) IS NOT (agreed.terms_at, agreed.marketing_at)",
    },
    Invariant {
        holds: "one membership for each e-mail and each customer",
        broken: "
            SELECT coalesce(email_hash, customer_id) AS found FROM members WHERE shop = ?1
            GROUP BY email_hash HAVING email_hash IS NOT NULL AND count(*) > 1
            UNION ALL
            SELECT customer_id FROM members WHERE shop = ?1
            GROUP BY customer_id HAVING customer_id IS NOT NULL AND count(*) > 1",
    },
];

/// All of them.
fn all() -> impl Iterator<Item = &'static Invariant> {
    INVARIANTS
        .iter()
        .chain(gifts::INVARIANTS)
        .chain(competitions::INVARIANTS)
        .chain(refunds::INVARIANTS)
        .chain(tenders::INVARIANTS)
        .chain(bargains::INVARIANTS)
}

/// All of them in one statement, which tells the place of the first that does not hold.
static BROKEN: LazyLock<String> = LazyLock::new(|| {
    let each = all().enumerate().map(|(nth, Invariant { broken, .. })| {
        format!("SELECT {nth} AS nth, found FROM ({broken})")
    });
    let each: Vec<String> = each.collect();
    each.join("\nUNION ALL\n") + "\nLIMIT 1"
});

#[derive(Deserialize)]
struct Broken {
    nth: usize,
    /// `None` where what should be told is missing itself.
    found: Option<String>,
}

/// Checks what was touched in the books.
pub(crate) fn check(database: &Database, journals: &Journals) -> Result<(), Violation> {
    for shop in touched::shops(database) {
        let broken: Vec<Broken> = database.ask(&BROKEN, &[&shop]);
        if let Some(Broken { nth, found }) = broken.first() {
            let holds = all().nth(*nth).map_or("", |it| it.holds);
            let found = found.as_deref().unwrap_or("something is missing");
            return Err(Violation::new(format!(
                "it does not hold that {holds}: {found}"
            )));
        }
        chain::check(database, &shop)?;
        journals.check(database, &shop)?;
    }
    touched::forget(database);
    Ok(())
}
