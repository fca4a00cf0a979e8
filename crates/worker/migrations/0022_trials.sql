-- What happened to a member that is no entry of hers: her trial of the membership as well.

DROP INDEX events_of_member;
CREATE INDEX events_of_member ON events (shop, member_id, seq)
WHERE kind IN ('tier.changed', 'trial.started', 'trial.lapsed', 'badge.given', 'redemption.timed_out', 'redemption.cancelled', 'points.owed');
