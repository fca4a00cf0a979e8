-- What happened to a member that is no entry of hers, the newest first. Points that mature, expire or are given are
-- lots, entries and redemptions, where they are read: their events are for her shop, and cost no row here.

CREATE INDEX events_of_member ON events (shop, member_id, seq)
WHERE kind IN ('tier.changed', 'badge.given', 'redemption.timed_out', 'redemption.cancelled', 'points.owed');
