-- An order of a guest that is credited says from then on what was booked of it, which may be less than she was told:
-- limits and budgets go on while it waits. So what comes back of it later takes no more than that. Its content, its
-- answer and its instants stay.
DROP TRIGGER orders_are_never_edited;
CREATE TRIGGER orders_are_never_edited BEFORE UPDATE ON orders
WHEN OLD.member_id IS NOT NULL OR NEW.member_id IS NULL
  OR NEW.shop IS NOT OLD.shop OR NEW.order_id IS NOT OLD.order_id
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer
  OR NEW.placed_at IS NOT OLD.placed_at OR NEW.booked_at IS NOT OLD.booked_at OR NEW.spent IS NOT OLD.spent
BEGIN
  SELECT RAISE(ABORT, 'an order is kept as it was booked');
END;
