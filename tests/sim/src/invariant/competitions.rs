//! What holds of competitions: boards are the sum of the books, and final when their prizes are given.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        holds: "what a member has in a competition is what her orders earned in its time, less what came back",
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
              FROM competitions CROSS JOIN orders ON orders.shop = ?1
                -- From 20 March until 4 May 2026.
                AND placed_at >= 1773964800000 AND placed_at < 1777852800000
              CROSS JOIN members ON members.shop = ?1 AND members.member_id = orders.member_id
              WHERE competitions.shop = ?1 AND competition = 'cup' AND given_at IS NULL
                AND coalesce(merged_into, members.member_id) IN touched_members)
            SELECT member_id || ' has ' || total AS found FROM (
              SELECT member_id, coalesce((
                SELECT total FROM scores
                WHERE scores.shop = ?1 AND scores.member_id = members.member_id AND competition = 'cup'), 0) AS total
              FROM competitions CROSS JOIN members ON members.shop = ?1
              WHERE competitions.shop = ?1 AND competition = 'cup' AND given_at IS NULL
                AND member_id IN touched_members)
            WHERE total NOT BETWEEN (
              SELECT coalesce(sum(CASE WHEN may_be_back THEN 0 ELSE points END), 0) FROM hers WHERE who = member_id)
              AND (SELECT coalesce(sum(points), 0) FROM hers WHERE who = member_id)",
    },
    Invariant {
        holds: "nothing counts any more in a competition whose prizes are given",
        broken: "
            SELECT competition || ' ' || boards.total AS found FROM boards WHERE shop = ?1 AND boards.total IS NOT (
              SELECT coalesce(sum(scores.total), 0) FROM scores
              WHERE scores.shop = ?1 AND scores.competition = boards.competition)",
    },
    Invariant {
        holds: "a board shows who gave a name, by that name, and nobody else",
        broken: "
            SELECT member_id || ' is ' || coalesce(name, 'nobody') AS found FROM scores CROSS JOIN members USING (shop, member_id)
            WHERE shop = ?1 AND member_id IN touched_members
              AND (name IS NOT display_name OR merged_into IS NOT NULL)",
    },
];
