//! What holds of what comes back.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        holds: "what came back of an order before it came itself is told with it",
        broken: "
            SELECT refund_id || ' of ' || order_id AS found FROM refunds CROSS JOIN orders USING (shop, order_id)
            WHERE shop = ?1 AND order_id IN touched_orders AND refunds.answer ->> 'status' = 'waiting'
              AND NOT EXISTS (
                SELECT 1 FROM json_each(orders.answer, '$.refunds') WHERE value ->> 'refund_id' = refund_id)",
    },
    Invariant {
        holds: "never more is taken back than an order earned, and all of it where everything is back",
        broken: "
            SELECT order_id || ' earned ' || points || ', and back came ' || back AS found FROM (
              SELECT order_id, points, coalesce(answer ->> 'refunded_points', 0) + (
                SELECT coalesce(sum(refunds.answer ->> 'points'), 0) FROM refunds
                WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id) AS back,
                EXISTS (
                  SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id
                    AND content ->> 'lines' IS NULL) AS is_whole,
                answer ->> 'status' = 'guest' AND EXISTS (
                  SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = orders.order_id
                    AND refunds.answer ->> 'status' <> 'booked') AS may_be_back
              FROM orders WHERE shop = ?1 AND order_id IN touched_orders AND member_id IS NOT NULL)
            WHERE back > points OR (is_whole AND NOT may_be_back AND back <> points)",
    },
    Invariant {
        holds: "what refunds take out of a ledger is no more than what came back",
        broken: "
            SELECT refund_id || ' took ' || -entries.points AS found
            FROM refunds JOIN entries ON entries.shop = ?1 AND kind = 'clawback' AND source = refund_id
            JOIN orders ON orders.shop = ?1 AND orders.order_id = refunds.order_id
            WHERE refunds.shop = ?1 AND refunds.order_id IN touched_orders
              -- What challenges take back besides; of a refund that came before its order, what that had just completed.
              AND -entries.points > orders.points + coalesce(refunds.answer ->> 'challenge_points', 0) + CASE
                WHEN refunds.answer ->> 'status' = 'booked' THEN 0 ELSE (
                  SELECT coalesce(sum(points), 0) FROM entries AS gave
                  WHERE gave.shop = ?1 AND gave.kind = 'order-challenge' AND gave.source = refunds.order_id) END + coalesce((
                SELECT points FROM entries AS given
                WHERE given.shop = ?1 AND given.kind = 'surprise' AND given.source = refunds.order_id), 0)",
    },
    Invariant {
        holds: "refunds take no more money than their order had brought, and all of it where everything is back",
        broken: "
            SELECT order_id || ' ' || balance || ' ' || sum(minor) AS found FROM (
              SELECT source AS order_id, balance, minor FROM credit_entries
              WHERE shop = ?1 AND kind IN ('earn', 'surprise') AND source IN touched_orders
              UNION ALL
              SELECT order_id, balance, minor FROM credit_entries
              CROSS JOIN refunds ON refunds.shop = ?1 AND refund_id = source
              WHERE credit_entries.shop = ?1 AND kind = 'clawback' AND order_id IN touched_orders) AS it
            GROUP BY order_id, balance HAVING sum(minor) < 0 OR (EXISTS (
              SELECT 1 FROM refunds WHERE refunds.shop = ?1 AND refunds.order_id = it.order_id
                AND refunds.content ->> 'lines' IS NULL)
              -- What she has paid with meanwhile is gone: money is not owed.
              AND sum(minor) > (
                SELECT coalesce(-sum(paid.minor), 0) FROM orders
                CROSS JOIN members AS bought ON bought.shop = ?1 AND bought.member_id = orders.member_id
                CROSS JOIN members AS hers ON hers.shop = ?1
                  AND coalesce(hers.merged_into, hers.member_id) = coalesce(bought.merged_into, bought.member_id)
                CROSS JOIN credit_entries AS paid ON paid.shop = ?1 AND paid.member_id = hers.member_id
                  AND paid.balance = it.balance AND paid.kind = 'tender'
                WHERE orders.shop = ?1 AND orders.order_id = it.order_id))",
    },
];
