-- A redemption is spent once, also one that takes no points and so books no entry.
ALTER TABLE redemptions ADD COLUMN spent_at INTEGER;

DROP TRIGGER redemptions_are_never_edited;
CREATE TRIGGER redemptions_are_spent_once BEFORE UPDATE ON redemptions
WHEN OLD.spent_at IS NOT NULL OR NEW.spent_at IS NULL
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer OR NEW.points IS NOT OLD.points
  OR NEW.rewards IS NOT OLD.rewards OR NEW.member_id IS NOT OLD.member_id OR NEW.booked_at IS NOT OLD.booked_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a redemption is kept as it was booked, and spent once');
END;
