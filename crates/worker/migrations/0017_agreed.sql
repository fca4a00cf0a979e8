-- What was agreed when rewards were asked for, whatever the program says later: the money that they give, the stock that
-- they were taken from, and by what they are judged beside others on one order. Redemptions of before have none.
ALTER TABLE redemptions ADD COLUMN agreed TEXT CHECK (json_type(agreed) = 'object');

DROP TRIGGER redemptions_are_spent_once;
CREATE TRIGGER redemptions_are_spent_once BEFORE UPDATE ON redemptions
WHEN OLD.spent_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
  OR (NEW.spent_at IS NULL) = (NEW.withdrawn_at IS NULL)
  OR (NEW.withdrawn_at IS NOT NULL AND NEW.gift_of IS NULL)
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer OR NEW.points IS NOT OLD.points
  OR NEW.rewards IS NOT OLD.rewards OR NEW.member_id IS NOT OLD.member_id OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.gift_of IS NOT OLD.gift_of OR NEW.ends_at IS NOT OLD.ends_at OR NEW.agreed IS NOT OLD.agreed
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a redemption is kept as it was booked, and spent once');
END;
