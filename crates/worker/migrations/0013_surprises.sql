-- Seeds of surprises, and what members are given for nothing.

-- What surprises are drawn with. Its digest is published before; the seed itself is told when its time is over, and
-- from then on nothing is drawn with it.
CREATE TABLE seeds (
  shop TEXT NOT NULL REFERENCES shops (shop),
  -- `sha256:` and the digest, as programs name it.
  commitment TEXT NOT NULL CHECK (length(commitment) = 71),
  -- Hexadecimal.
  seed TEXT NOT NULL CHECK (length(seed) BETWEEN 64 AND 512),
  created_at INTEGER NOT NULL,
  revealed_at INTEGER,
  PRIMARY KEY (shop, commitment)
) STRICT, WITHOUT ROWID;

-- What orders are drawn with.
CREATE INDEX seeds_in_use ON seeds (shop) WHERE revealed_at IS NULL;

-- A batch that gave somebody something by a seed mentions it, and so meets who revealed it meanwhile.
CREATE TRIGGER seeds_are_revealed_for_good BEFORE UPDATE ON seeds
WHEN OLD.revealed_at IS NOT NULL OR NEW.seed IS NOT OLD.seed OR NEW.commitment IS NOT OLD.commitment
  OR NEW.shop IS NOT OLD.shop OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the seed has been revealed');
END;

CREATE TRIGGER seeds_are_never_deleted BEFORE DELETE ON seeds
BEGIN
  SELECT RAISE(ABORT, 'a seed is kept: its draws can be repeated');
END;

-- A reward that was given is a redemption at no points. What it was given for: a kind of entry, a colon and a
-- source; NULL where a member asked for it. From when on it is of no more use. And when it was taken back, where what
-- it was given for came back whole before she used it.
ALTER TABLE redemptions ADD COLUMN gift_of TEXT CHECK (length(gift_of) BETWEEN 3 AND 160);
ALTER TABLE redemptions ADD COLUMN ends_at INTEGER;
ALTER TABLE redemptions ADD COLUMN withdrawn_at INTEGER;

CREATE INDEX redemptions_by_member ON redemptions (shop, member_id, booked_at);
CREATE INDEX gifts ON redemptions (shop, gift_of) WHERE gift_of IS NOT NULL;

DROP TRIGGER redemptions_are_spent_once;
CREATE TRIGGER redemptions_are_spent_once BEFORE UPDATE ON redemptions
WHEN OLD.spent_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
  OR (NEW.spent_at IS NULL) = (NEW.withdrawn_at IS NULL)
  OR (NEW.withdrawn_at IS NOT NULL AND NEW.gift_of IS NULL)
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer OR NEW.points IS NOT OLD.points
  OR NEW.rewards IS NOT OLD.rewards OR NEW.member_id IS NOT OLD.member_id OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.gift_of IS NOT OLD.gift_of OR NEW.ends_at IS NOT OLD.ends_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a redemption is kept as it was booked, and spent once');
END;
