//! What holds of what orders are paid with: money of balances, and several redemptions at once.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        holds: "money pays once, for what was agreed or less, and is hers who asked, or who took her over",
        broken: "
            SELECT it.member_id || ' ' || source || ' ' || minor AS found FROM credit_entries AS it
            WHERE shop = ?1 AND member_id IN touched_members AND kind = 'tender' AND NOT EXISTS (
              SELECT 1 FROM redemptions
              CROSS JOIN members AS hers ON hers.shop = ?1 AND hers.member_id = redemptions.member_id
              CROSS JOIN members AS paid ON paid.shop = ?1 AND paid.member_id = it.member_id
              WHERE redemptions.shop = ?1 AND redemption_id = source AND spent_at IS NOT NULL AND gift_of IS NULL
                AND coalesce(hers.merged_into, hers.member_id) = coalesce(paid.merged_into, paid.member_id)
                AND minor < 0 AND minor >= (
                  SELECT sum(money.value ->> 1) FROM json_each(agreed, '$.bargain.money') AS money
                  WHERE money.value ->> 0 = balance AND money.value ->> 1 < 0))",
    },
    Invariant {
        holds: "no more money is held than there is",
        broken: "
            SELECT member_id || ' holds ' || held AS found FROM (
              SELECT member_id, facts, -coalesce((
                SELECT sum(money.value ->> 1) FROM json_each(holdings, '$.reservations') AS reserved
                CROSS JOIN json_each(reserved.value, '$.bargain.money') AS money WHERE money.value ->> 1 < 0), 0) AS held
              FROM members WHERE shop = ?1 AND member_id IN touched_members)
            WHERE held > coalesce((SELECT sum(value ->> 1) FROM json_each(facts, '$.credits')), 0)",
    },
    Invariant {
        holds: "of the money that paid for an order comes back what came back of the order, and all of it with all of it",
        broken: "
            SELECT order_id || ' was paid with ' || paid || ', and back came ' || back AS found FROM (
              SELECT order_id, coalesce((
                  SELECT -sum(minor) FROM json_each(content, '$.redemptions') AS named
                  CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = 'credit'
                    AND kind = 'tender' AND source = named.value), 0) AS paid, coalesce((
                  SELECT sum(minor) FROM refunds
                  CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = 'credit'
                    AND kind = 'return' AND source = refund_id
                  WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id), 0) AS back, EXISTS (
                  SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id
                    AND refunds.content ->> 'lines' IS NULL) AS is_whole
              FROM orders WHERE shop = ?1 AND order_id IN touched_orders)
            WHERE back > paid OR (is_whole AND back <> paid)",
    },
    Invariant {
        holds: "an order tells the money that paid for it",
        broken: "
            SELECT order_id || ' ' || (answer ->> 'tenders') AS found FROM orders
            WHERE shop = ?1 AND order_id IN touched_orders AND (
              SELECT coalesce(sum(CAST(replace(value ->> 'amount', '.', '') AS INTEGER)), 0)
              FROM json_each(answer, '$.tenders')) IS NOT (
              SELECT coalesce(-sum(minor), 0) FROM json_each(content, '$.redemptions') AS named
              CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = 'credit'
                AND kind = 'tender' AND source = named.value)",
    },
    Invariant {
        holds: "what an order is paid with goes together, and is no more than it costs",
        broken: "
            WITH paying AS MATERIALIZED (
              SELECT order_id, orders.content, rewards, agreed
              FROM orders CROSS JOIN json_each(orders.content, '$.redemptions') AS named
              CROSS JOIN redemptions ON redemptions.shop = ?1 AND redemption_id = named.value
              WHERE orders.shop = ?1 AND order_id IN touched_orders)
            SELECT order_id || ' is paid with ' || group_concat(rewards) AS found FROM paying
            -- In every version these cannot be used with others.
            GROUP BY order_id HAVING count(*) > 1 AND max(rewards GLOB '*\"pay\"*' OR rewards GLOB '*\"to-credit\"*')
            UNION ALL
            SELECT order_id || ' is twice paid with ' || reward.value FROM paying CROSS JOIN json_each(rewards) AS reward
            GROUP BY order_id, reward.value HAVING count(*) > 1
            UNION ALL
            SELECT order_id || ' is paid with ' || sum(off_minor) || ' off and ' || sum(money_minor) FROM (
              SELECT order_id, iif(agreed ->> '$.cart.currency' = content ->> '$.cart.currency', agreed ->> '$.cart.off_minor', 0) AS off_minor,
                iif(agreed ->> '$.cart.currency' = content ->> '$.cart.currency', agreed ->> '$.cart.worth_minor', 0) AS worth_minor, coalesce((
                SELECT -sum(money.value ->> 1) FROM json_each(agreed, '$.bargain.money') AS money
                WHERE money.value ->> 1 < 0), 0) AS money_minor, content
              FROM paying)
            GROUP BY order_id HAVING sum(money_minor) > 0 AND (content ->> '$.cart.currency' <> 'EUR'
              OR sum(off_minor) + sum(money_minor) > max(max(worth_minor), (
                SELECT sum((value ->> 'quantity') * CAST(replace(value ->> 'unit_price', '.', '') AS INTEGER))
                FROM json_each(content, '$.cart.lines'))))",
    },
];
