//! What holds of what members are given for nothing: by rules, challenges, surprises, for friends.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        holds: "what is given for what somebody else did arrives once, and not before it is sent",
        broken: "
            SELECT gift_id || ' ' || content AS found FROM gifts_sent
            WHERE shop = ?1 AND member_id IN touched_members AND CASE
              WHEN content ->> '$.give.gift.points' IS NOT NULL THEN
                CASE WHEN arrived_at IS NULL THEN 0 ELSE content ->> '$.give.gift.points' END IS NOT (
                  SELECT coalesce(sum(points), 0) FROM entries
                  WHERE entries.shop = ?1 AND entries.kind = gifts_sent.kind AND source = gift_id)
              -- How much that is, the program says that is in force when it arrives.
              WHEN content ->> '$.give.gift.reward' = 'to-credit' THEN (arrived_at IS NOT NULL) <> (
                SELECT count(*) FROM credit_entries
                WHERE credit_entries.shop = ?1 AND balance = 'credit'
                  AND credit_entries.kind = gifts_sent.kind AND source = gift_id)
              WHEN content ->> '$.give.gift.reward' IS NOT NULL THEN (
                SELECT count(*) FROM redemptions WHERE redemptions.shop = ?1 AND gift_of IS NOT NULL
                  AND gift_of = gifts_sent.kind || ':' || gift_id)
                -- Of mugs there may be none left.
                NOT IN (arrived_at IS NOT NULL, arrived_at IS NOT NULL AND content ->> '$.give.gift.reward' <> 'mug')
              END
            UNION ALL
            SELECT kind || ' ' || source FROM touched_entries CROSS JOIN entries USING (member_id, seq)
            WHERE shop = ?1 AND (kind = 'competition' OR (kind = 'referral' AND source GLOB 'friend-*')) AND source NOT IN (
              SELECT gift_id FROM gifts_sent WHERE gifts_sent.shop = ?1)
            UNION ALL
            SELECT gift_id || ' ' || content FROM gifts_sent
            WHERE shop = ?1 AND content ->> '$.take.back' NOT IN (
              SELECT gift_id FROM gifts_sent WHERE gifts_sent.shop = ?1)",
    },
    Invariant {
        holds: "a reward that was given cost nothing, and was given once for what it says",
        broken: "
            SELECT redemption_id || ' for ' || gift_of AS found FROM redemptions
            WHERE shop = ?1 AND member_id IN touched_members AND gift_of IS NOT NULL AND (points <> 0
              OR 1 <> (
                SELECT count(*) FROM redemptions AS other WHERE other.shop = ?1 AND other.gift_of = redemptions.gift_of
                  AND other.rewards = redemptions.rewards AND other.content = redemptions.content)
              OR NOT CASE substr(gift_of, 1, instr(gift_of, ':') - 1)
                WHEN 'activity' THEN gift_of = 'activity:account-created:' || member_id OR EXISTS (
                  SELECT 1 FROM activities WHERE activities.shop = ?1
                    AND activity_id = substr(gift_of, 10) AND activities.member_id = redemptions.member_id)
                WHEN 'activity-challenge' THEN EXISTS (
                  SELECT 1 FROM activities WHERE activities.shop = ?1
                    AND activity_id = substr(gift_of, 20) AND activities.member_id = redemptions.member_id)
                WHEN 'referral' THEN EXISTS (
                  SELECT 1 FROM referrals CROSS JOIN members ON members.shop = ?1
                    AND members.member_id = substr(gift_of, instr(gift_of, ':mem') + 1)
                  WHERE referrals.shop = ?1 AND friend_id IN (members.member_id, merged_into))
                WHEN 'competition' THEN false
                ELSE substr(gift_of, 1, instr(gift_of, ':') - 1) IN ('earn', 'order-challenge', 'surprise') AND EXISTS (
                  SELECT 1 FROM orders WHERE orders.shop = ?1
                    AND order_id = substr(gift_of, instr(gift_of, ':') + 1) AND orders.member_id = redemptions.member_id)
                END)",
    },
    Invariant {
        holds: "a step of a challenge gives its reward once, and once a round where it begins anew",
        broken: "
            SELECT member_id || ' had ' || count(*) || ' of ' || (content ->> '$.given.by') AS found
            FROM redemptions CROSS JOIN members USING (shop, member_id)
            WHERE shop = ?1 AND member_id IN touched_members AND gift_of GLOB '*-challenge:*'
            GROUP BY member_id, content ->> '$.given.by'
            HAVING count(*) > CASE content ->> '$.given.by' WHEN 'taster' THEN 1 WHEN 'caller' THEN
              -- Of who was merged nobody keeps how far she was.
              CASE WHEN merged_into IS NOT NULL THEN count(*) ELSE (
                SELECT coalesce(sum(way.value ->> 'rounds'), 0) FROM json_each(facts, '$.challenges') AS way
                WHERE way.value ->> 'challenge' = 'caller') END
              ELSE 0 END",
    },
    Invariant {
        holds: "money is given for something, and as much as that says",
        broken: "
            SELECT member_id || ' ' || kind || ' ' || source || ' ' || minor AS found FROM credit_entries
            WHERE shop = ?1 AND member_id IN touched_members AND NOT CASE kind
              WHEN 'earn' THEN minor > 0 AND EXISTS (
                SELECT 1 FROM orders WHERE orders.shop = ?1 AND order_id = source)
              WHEN 'activity' THEN minor > 0 AND (source = 'account-created:' || member_id OR EXISTS (
                SELECT 1 FROM activities WHERE activities.shop = ?1 AND activity_id = source))
              WHEN 'surprise' THEN minor IN (300, 500, 800) AND rules = '[\"purse\"]' AND EXISTS (
                SELECT 1 FROM orders WHERE orders.shop = ?1 AND order_id = source)
              WHEN 'order-challenge' THEN minor IN (300, 500, 800) AND rules = '[\"taster\"]' AND EXISTS (
                SELECT 1 FROM orders WHERE orders.shop = ?1 AND order_id = source)
              -- What two reach only together is given with whatever she does next.
              WHEN 'activity-challenge' THEN minor IN (300, 500, 800) AND rules = '[\"taster\"]' AND EXISTS (
                SELECT 1 FROM activities WHERE activities.shop = ?1 AND activity_id = source)
              WHEN 'referral' THEN minor IN (300, 500, 800)
              WHEN 'redeem' THEN minor IN (300, 500, 800) AND EXISTS (
                SELECT 1 FROM redemptions WHERE redemptions.shop = ?1 AND redemption_id = source AND gift_of IS NULL)
              WHEN 'clawback' THEN minor < 0
              WHEN 'tender' THEN minor < 0
              WHEN 'return' THEN minor > 0
              WHEN 'merge-out' THEN minor < 0
              WHEN 'merge-in' THEN minor > 0
              ELSE false END
            UNION ALL
            SELECT member_id || ' had the money of a challenge ' || count(*) || ' times' FROM credit_entries
            WHERE shop = ?1 AND member_id IN touched_members AND kind IN ('order-challenge', 'activity-challenge')
            GROUP BY member_id HAVING count(*) > 1",
    },
    Invariant {
        holds: "a limit for a year is kept, whatever comes late",
        broken: "
            WITH had AS (
              SELECT entries.member_id, 'tasting' AS rule, entries.points, 15 AS most,
                max(occurred_at) OVER (PARTITION BY entries.member_id ORDER BY seq) AS at
              FROM entries CROSS JOIN activities ON activities.shop = ?1 AND activity_id = source
              WHERE entries.shop = ?1 AND entries.member_id IN touched_members
                AND entries.kind = 'activity' AND rules = '[\"tasting\"]'
                -- What was had more than two years ago may be forgotten.
                AND entries.booked_at - occurred_at < 730 * 86400000
              UNION ALL
              SELECT redemptions.member_id, 'treat', 1, 1,
                max(placed_at) OVER (PARTITION BY redemptions.member_id ORDER BY nth)
              FROM redemptions CROSS JOIN given USING (redemption_id)
              CROSS JOIN orders ON orders.shop = ?1 AND order_id = substr(gift_of, 6)
              WHERE redemptions.shop = ?1 AND redemptions.member_id IN touched_members
                AND gift_of GLOB 'earn:*' AND redemptions.content ->> '$.given.by' = 'treat'
                AND redemptions.booked_at - placed_at < 730 * 86400000)
            SELECT member_id || ' had ' || sum(points) || ' of ' || rule AS found FROM had
            -- Who took another one over has what both had.
            WHERE member_id NOT IN (SELECT merged_into FROM members WHERE shop = ?1 AND merged_into IS NOT NULL)
            GROUP BY member_id, rule, strftime('%Y', at / 1000, 'unixepoch')
            -- At the turn of the year it depends on where the shop is, which versions say.
            HAVING sum(points) > most AND NOT max(
              strftime('%Y', at / 1000 - 18000, 'unixepoch') <> strftime('%Y', at / 1000 + 7200, 'unixepoch'))",
    },
    Invariant {
        holds: "what an order was given and nobody has used goes back with all of it",
        broken: "
            SELECT redemption_id || ' for ' || gift_of AS found
            FROM refunds CROSS JOIN redemptions ON redemptions.shop = ?1
              AND gift_of IN ('earn:' || refunds.order_id, 'surprise:' || refunds.order_id) AND gift_of IS NOT NULL
            WHERE refunds.shop = ?1 AND refunds.order_id IN touched_orders AND refunds.content ->> 'lines' IS NULL
              AND spent_at IS NULL AND withdrawn_at IS NULL",
    },
    Invariant {
        holds: "nothing that was given is used when its time is up",
        broken: "
            SELECT redemption_id AS found FROM redemptions
            WHERE shop = ?1 AND member_id IN touched_members AND spent_at >= ends_at AND NOT EXISTS (
              SELECT 1 FROM orders CROSS JOIN json_each(content, '$.redemptions') AS paid
              WHERE orders.shop = ?1 AND booked_at = spent_at AND placed_at < ends_at
                AND paid.value = redemption_id)",
    },
];
