-- The orders of guests who join, and refunds that meet them or a merge.

-- Who has joined, and whose orders as a guest have not been looked for yet. Everybody has a row here for a moment,
-- so it tells nobody who had any. The instant comes first and not the shop: one cron walks it for all, and a row
-- written is a row to pay.
CREATE TABLE newcomers (
  due_at INTEGER NOT NULL,
  shop TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (due_at, shop, member_id)
) STRICT, WITHOUT ROWID;

-- Who joined before, and had orders that wait.
INSERT INTO newcomers (due_at, shop, member_id)
SELECT enrolled_at, shop, member_id FROM members
WHERE EXISTS (
  SELECT 1 FROM orders WHERE orders.shop = members.shop AND orders.email_hash = members.email_hash
);

-- An order that was read as a guest's while she joined would be nobody's for good: it is read again.
CREATE TRIGGER orders_of_guests_are_no_members BEFORE INSERT ON orders
WHEN NEW.member_id IS NULL AND NEW.email_hash IS NOT NULL AND EXISTS (
  SELECT 1 FROM members WHERE shop = NEW.shop AND email_hash = NEW.email_hash
)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the guest has joined');
END;

-- Who books an order with the refunds that it knows of touches those that it does not: then its batch is undone, and
-- it reads them.
DROP TRIGGER refunds_are_never_edited;
CREATE TRIGGER refunds_are_never_edited BEFORE UPDATE ON refunds
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a refund is kept as it was booked');
END;

-- The other way round: what comes back of an order that was not there, or was a guest's, takes nothing.
CREATE TRIGGER refunds_know_their_order BEFORE INSERT ON refunds
WHEN NEW.answer ->> 'status' IN ('waiting', 'guest') AND EXISTS (
  SELECT 1 FROM orders WHERE shop = NEW.shop AND order_id = NEW.order_id
    AND (member_id IS NOT NULL OR NEW.answer ->> 'status' = 'waiting')
)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the order has come, or its guest has joined');
END;

-- Who was merged owes what her orders earned as who she is now, and that is there when all of her has arrived.
CREATE TRIGGER refunds_wait_for_merges BEFORE INSERT ON refunds
WHEN EXISTS (
  SELECT 1 FROM orders
  CROSS JOIN members AS bought ON bought.shop = orders.shop AND bought.member_id = orders.member_id
    AND bought.merged_into IS NOT NULL
  CROSS JOIN transfers INDEXED BY transfers_on_their_way ON transfers.shop = orders.shop AND transfers.arrived_at IS NULL AND transfers.kind = 'merge'
  CROSS JOIN members AS receiver ON receiver.shop = orders.shop AND receiver.member_id = transfers.to_member
  WHERE orders.shop = NEW.shop AND orders.order_id = NEW.order_id
    AND bought.merged_into = coalesce(receiver.merged_into, receiver.member_id)
)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: she is on her way into another member');
END;
