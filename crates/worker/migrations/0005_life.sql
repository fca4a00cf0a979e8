-- The life of a point: what a balance is made of, what time will do to it, and what becomes of orders.

-- The lots of a balance, what is held for rewards, what is owed: canonical JSON of the core's, guarded by the
-- member's revision like her facts. A lot has no row of its own: a redemption that draws on twenty writes one row.
ALTER TABLE members ADD COLUMN holdings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(holdings) = 'object');
-- When there is next something to settle: points that mature or expire, a hold that ends, a tier that falls.
-- NULL where time alone does nothing. Members of before are looked at once.
ALTER TABLE members ADD COLUMN due_at INTEGER;
UPDATE members SET due_at = 0, revision = revision + 1;
-- The hash of her last entry, which the next one carries on.
ALTER TABLE members ADD COLUMN head_hash TEXT
  CHECK (length(head_hash) = 64 AND head_hash NOT GLOB '*[^0-9a-f]*');
-- Who she is now, if two members turned out to be one.
ALTER TABLE members ADD COLUMN merged_into TEXT;

-- What the cron walks, soonest first. It belongs to no shop: one cron serves them all.
CREATE INDEX members_due ON members (due_at) WHERE due_at IS NOT NULL;

INSERT INTO entry_kinds (kind) VALUES
  ('clawback'), ('repay'), ('redeem'), ('return'), ('expire'), ('transfer-out'), ('transfer-in'),
  ('merge-out'), ('merge-in'), ('referral'), ('surprise');

-- The points of an entry by the currency of the orders that earned them: [["EUR",39,3990]], with what was spent
-- on the order, without tax, in minor units; null for points that no order earned.
ALTER TABLE entries ADD COLUMN pools TEXT CHECK (json_type(pools) = 'array');
-- The shop's day on which it was booked, counted from 1970-01-01.
ALTER TABLE entries ADD COLUMN day INTEGER;
-- The hash of the entry and of all before it. Entries of before have none of these three.
ALTER TABLE entries ADD COLUMN hash TEXT CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*');

CREATE TRIGGER entries_are_accounted_for BEFORE INSERT ON entries
WHEN NEW.hash IS NULL OR NEW.day IS NULL
  OR NEW.points IS NOT (SELECT sum(value ->> 1) FROM json_each(NEW.pools))
BEGIN
  SELECT RAISE(ABORT, 'an entry has a day, a hash, and pools that sum to its points');
END;

-- The movements of a day: what the books are made from. The trigger below keeps them, so they are the entries'
-- sums and cannot be anything else.
CREATE TABLE days (
  shop TEXT NOT NULL,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL REFERENCES entry_kinds (kind),
  -- '' for points that no order earned.
  currency TEXT NOT NULL CHECK (currency = '' OR length(currency) = 3),
  points INTEGER NOT NULL,
  spent_minor INTEGER NOT NULL,
  PRIMARY KEY (shop, day, kind, currency)
) STRICT, WITHOUT ROWID;

-- What was booked before, in days of UTC, and of no currency: it was not kept.
INSERT INTO days (shop, day, kind, currency, points, spent_minor)
SELECT shop, booked_at / 86400000, kind, '', sum(points), 0 FROM entries
WHERE true GROUP BY shop, booked_at / 86400000, kind;

CREATE TRIGGER entries_make_the_days AFTER INSERT ON entries
BEGIN
  INSERT INTO days (shop, day, kind, currency, points, spent_minor)
  SELECT NEW.shop, NEW.day, NEW.kind, coalesce(value ->> 0, ''), value ->> 1, value ->> 2 FROM json_each(NEW.pools)
  WHERE true
  ON CONFLICT (shop, day, kind, currency) DO UPDATE
  SET points = points + excluded.points, spent_minor = spent_minor + excluded.spent_minor;
END;

-- What shops want to hear of, in the order in which it was booked.
CREATE TABLE events (
  shop TEXT NOT NULL REFERENCES shops (shop),
  seq INTEGER NOT NULL CHECK (seq >= 1),
  member_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_type(content) = 'object'),
  happened_at INTEGER NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_are_never_edited BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'an event is kept as it was told');
END;

-- An order with what a refund needs: for whom and when it was evaluated, and the lots that were spent on it.
ALTER TABLE orders ADD COLUMN evaluated TEXT CHECK (json_type(evaluated) = 'object');
ALTER TABLE orders ADD COLUMN spent TEXT CHECK (json_type(spent) = 'array');

DROP TRIGGER orders_are_never_edited;
CREATE TRIGGER orders_are_never_edited BEFORE UPDATE ON orders
WHEN OLD.member_id IS NOT NULL
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer OR NEW.points IS NOT OLD.points
  OR NEW.program_version IS NOT OLD.program_version OR NEW.program_digest IS NOT OLD.program_digest
  OR NEW.placed_at IS NOT OLD.placed_at OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.evaluated IS NOT OLD.evaluated OR NEW.spent IS NOT OLD.spent
BEGIN
  SELECT RAISE(ABORT, 'an order is kept as it was booked');
END;

-- What came back of an order. It may arrive before the order does, and is heeded when that comes.
CREATE TABLE refunds (
  shop TEXT NOT NULL REFERENCES shops (shop),
  order_id TEXT NOT NULL CHECK (length(order_id) BETWEEN 1 AND 128),
  refund_id TEXT NOT NULL CHECK (length(refund_id) BETWEEN 1 AND 128),
  content TEXT NOT NULL CHECK (json_valid(content)),
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  -- Its place among the refunds of the order: two that are decided at once cannot both be the second.
  nth INTEGER NOT NULL CHECK (nth >= 1),
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id, nth)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER refunds_are_never_edited BEFORE UPDATE ON refunds
BEGIN
  SELECT RAISE(ABORT, 'a refund is kept as it was booked');
END;

CREATE TRIGGER refunds_are_never_deleted BEFORE DELETE ON refunds
BEGIN
  SELECT RAISE(ABORT, 'a refund is kept: it is what its entries were booked for');
END;

-- Rewards that somebody asked for, with what they cost and where that was drawn from. Whether the points are held,
-- spent or free again, the member's holdings and entries say.
CREATE TABLE redemptions (
  shop TEXT NOT NULL,
  redemption_id TEXT NOT NULL CHECK (length(redemption_id) BETWEEN 1 AND 128),
  member_id TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 9007199254740991),
  rewards TEXT NOT NULL CHECK (json_type(rewards) = 'array'),
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, redemption_id),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER redemptions_are_never_edited BEFORE UPDATE ON redemptions
BEGIN
  SELECT RAISE(ABORT, 'a redemption is kept as it was booked');
END;

-- Points, or a whole member, on the way from one member to another. A batch writes one member; what is on its way
-- is here until the other has it, and is sent again until then.
CREATE TABLE transfers (
  shop TEXT NOT NULL,
  transfer_id TEXT NOT NULL CHECK (length(transfer_id) BETWEEN 1 AND 128),
  kind TEXT NOT NULL CHECK (kind IN ('transfer', 'merge')),
  from_member TEXT NOT NULL,
  to_member TEXT NOT NULL CHECK (to_member <> from_member),
  -- What travels: lots, or all that a member was.
  content TEXT NOT NULL CHECK (json_valid(content)),
  sent_at INTEGER NOT NULL,
  arrived_at INTEGER,
  PRIMARY KEY (shop, transfer_id),
  FOREIGN KEY (shop, from_member) REFERENCES members (shop, member_id),
  FOREIGN KEY (shop, to_member) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

-- What has not arrived, the oldest first.
CREATE INDEX transfers_on_their_way ON transfers (sent_at) WHERE arrived_at IS NULL;

CREATE TRIGGER transfers_arrive_once BEFORE UPDATE ON transfers
WHEN OLD.arrived_at IS NOT NULL OR NEW.arrived_at IS NULL
  OR NEW.content IS NOT OLD.content OR NEW.from_member IS NOT OLD.from_member
  OR NEW.to_member IS NOT OLD.to_member OR NEW.kind IS NOT OLD.kind OR NEW.sent_at IS NOT OLD.sent_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a transfer arrives once, as it was sent');
END;
