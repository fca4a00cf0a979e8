-- What cannot be done as it is waits a while, and keeps nothing else waiting; and what was drawn is found again by the
-- name that its shop gave the request.

-- When a transfer is looked at that has not arrived: when it was sent, and later where it could not be brought.
ALTER TABLE transfers ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;

-- What has not arrived, the soonest due first. A trigger on refunds names it.
DROP INDEX transfers_on_their_way;
CREATE INDEX transfers_on_their_way ON transfers (due_at) WHERE arrived_at IS NULL;

DROP TRIGGER transfers_arrive_once;
CREATE TRIGGER transfers_arrive_once BEFORE UPDATE ON transfers
WHEN OLD.arrived_at IS NOT NULL OR (NEW.arrived_at IS NULL AND NEW.due_at IS OLD.due_at)
  OR NEW.content IS NOT OLD.content OR NEW.from_member IS NOT OLD.from_member
  OR NEW.to_member IS NOT OLD.to_member OR NEW.kind IS NOT OLD.kind OR NEW.sent_at IS NOT OLD.sent_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a transfer arrives once, as it was sent');
END;

-- The Idempotency-Key of the request that made a seed: the same again is answered with the same seed.
ALTER TABLE seeds ADD COLUMN idempotency_key TEXT CHECK (length(idempotency_key) BETWEEN 1 AND 128);
CREATE UNIQUE INDEX seeds_by_key ON seeds (shop, idempotency_key) WHERE idempotency_key IS NOT NULL;
