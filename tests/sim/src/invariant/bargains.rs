//! What holds of what was agreed when rewards were asked for: it is kept, whatever is published later.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[Invariant {
    holds: "what rewards were to cost and to give when they were asked for is what they cost and give",
    broken: "
        SELECT redemption_id || ' was to give ' || promised_minor || ', and gave ' || given AS found FROM (
          SELECT redemptions.redemption_id, promised.minor AS promised_minor, redemptions.points, promised.points AS promised_points,
            spent_at, coalesce((
              SELECT minor FROM credit_entries WHERE credit_entries.shop = ?1 AND balance = 'credit'
                AND kind = 'redeem' AND source = redemptions.redemption_id), 0) AS given, coalesce((
              SELECT -entries.points FROM entries WHERE entries.shop = ?1
                AND kind = 'redeem' AND source = redemptions.redemption_id), 0) AS paid
          FROM promised CROSS JOIN redemptions ON redemptions.shop = ?1 AND redemptions.redemption_id = promised.redemption_id
          WHERE promised.shop = ?1 AND member_id IN touched_members)
        WHERE points <> promised_points OR (spent_at IS NULL AND given <> 0)
          -- Nothing is given for points that were gone when its order came.
          OR (spent_at IS NOT NULL AND given <> promised_minor AND NOT (given = 0 AND paid < points))",
}];
