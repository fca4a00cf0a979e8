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

-- Who meets a merge reads again, and finds who she is now.
DROP TRIGGER members_who_were_merged_stay_empty;
CREATE TRIGGER members_who_were_merged_stay_empty BEFORE UPDATE OF seq, balance_points ON members
WHEN OLD.merged_into IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: she is another member now, book for that one');
END;
