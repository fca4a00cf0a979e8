-- The ledger: shops and their keys, members, entries, orders.
--
-- Every table but the list of entry kinds begins with the shop, and so does every key: a shop is the unit
-- of isolation, and a lookup never scans past its own. Tables are STRICT, because D1 binds every number as
-- REAL and STRICT turns a whole one back into an INTEGER or refuses it. Tables are WITHOUT ROWID, because a
-- TEXT primary key on a rowid table writes two rows an insert, and rows written are the bill.
--
-- Instants are milliseconds since 1970-01-01T00:00:00Z. Points are whole and within 2^53 - 1, the largest
-- number that JavaScript, and so D1's interface, carries unharmed.

CREATE TABLE shops (
  shop TEXT NOT NULL PRIMARY KEY CHECK (length(shop) BETWEEN 1 AND 32 AND shop NOT GLOB '*[^a-z0-9-]*'),
  name TEXT NOT NULL,
  -- The origins whose pages may use the publishable key: ["https://shop.example"].
  origins TEXT NOT NULL DEFAULT '[]' CHECK (json_type(origins) = 'array')
) STRICT, WITHOUT ROWID;

-- Only the digest of a key is known here. A shop may have several of a kind, so that one can be replaced
-- without a moment in which none works.
CREATE TABLE keys (
  shop TEXT NOT NULL REFERENCES shops (shop),
  kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
  -- SHA-256 in lower-case hexadecimal. A key has 128 random bits or more, so a slow hash would add nothing.
  key_sha256 TEXT NOT NULL CHECK (length(key_sha256) = 64 AND key_sha256 NOT GLOB '*[^0-9a-f]*'),
  PRIMARY KEY (shop, kind, key_sha256)
) STRICT, WITHOUT ROWID;

-- A member joins with nothing and moves by her entries alone: `seq` and `balance_points` repeat her last
-- entry, which two triggers below hold true. `earned_points` and `tier` are the core's, stored beside.
CREATE TABLE members (
  shop TEXT NOT NULL REFERENCES shops (shop),
  member_id TEXT NOT NULL CHECK (length(member_id) BETWEEN 1 AND 128),
  -- The shop's own name for her, where it gave one.
  customer_id TEXT CHECK (length(customer_id) BETWEEN 1 AND 128),
  -- HMAC-SHA256 of the normalised e-mail and the shop, hexadecimal. The e-mail itself is stored nowhere.
  email_hash TEXT CHECK (length(email_hash) = 64),
  -- When she agreed to the terms, without which there is no membership, and to marketing, if she did.
  terms_at INTEGER NOT NULL,
  marketing_at INTEGER,
  -- The number of her entries.
  seq INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
  balance_points INTEGER NOT NULL DEFAULT 0 CHECK (balance_points BETWEEN 0 AND 9007199254740991),
  earned_points INTEGER NOT NULL DEFAULT 0 CHECK (earned_points BETWEEN 0 AND 9007199254740991),
  tier TEXT,
  enrolled_at INTEGER NOT NULL,
  PRIMARY KEY (shop, member_id)
) STRICT, WITHOUT ROWID;

-- One membership per e-mail and per customer. Partial, so that who has neither costs no row.
CREATE UNIQUE INDEX members_by_email ON members (shop, email_hash) WHERE email_hash IS NOT NULL;
CREATE UNIQUE INDEX members_by_customer ON members (shop, customer_id) WHERE customer_id IS NOT NULL;

-- What an entry may be for. A table and not a CHECK, because a CHECK could only be widened by copying
-- the ledger, and the ledger is not to be copied.
CREATE TABLE entry_kinds (kind TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO entry_kinds (kind) VALUES ('welcome'), ('earn'), ('adjust');

-- One immutable row for each movement of points.
CREATE TABLE entries (
  shop TEXT NOT NULL,
  member_id TEXT NOT NULL,
  -- Its place in the member's ledger, from 1 without gaps. Two writers who read the same snapshot plan the
  -- same number; the primary key lets one of them through.
  seq INTEGER NOT NULL CHECK (seq >= 1),
  kind TEXT NOT NULL REFERENCES entry_kinds (kind),
  -- What it was booked for: an order's id, an idempotency key, the member's own id.
  source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 128),
  points INTEGER NOT NULL CHECK (points <> 0 AND points BETWEEN -9007199254740991 AND 9007199254740991),
  balance_points INTEGER NOT NULL CHECK (balance_points BETWEEN 0 AND 9007199254740991),
  -- Why, where a person decided it: an adjustment without a reason cannot be audited.
  reason TEXT,
  program_version INTEGER NOT NULL,
  program_digest TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, member_id, seq),
  -- The same order or adjustment, however often it is delivered, books once.
  UNIQUE (shop, kind, source),
  CHECK (kind <> 'adjust' OR (reason IS NOT NULL AND length(reason) > 0)),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

-- What was bought. Kept for guests too, so that a later enrolment can be credited.
CREATE TABLE orders (
  shop TEXT NOT NULL REFERENCES shops (shop),
  order_id TEXT NOT NULL CHECK (length(order_id) BETWEEN 1 AND 128),
  -- NULL for a guest; then `email_hash` is what is known of her, if anything is.
  member_id TEXT,
  email_hash TEXT CHECK (email_hash IS NULL OR (length(email_hash) = 64 AND member_id IS NULL)),
  -- What the shop sent, in canonical form, and what it was answered, byte for byte.
  content TEXT NOT NULL CHECK (json_valid(content)),
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  -- What it earned, or would have earned for a guest.
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 9007199254740991),
  program_version INTEGER NOT NULL,
  program_digest TEXT NOT NULL,
  placed_at INTEGER NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

-- For the credit of a guest's orders once she joins. An order of a member has no row in it.
CREATE INDEX orders_of_guests ON orders (shop, email_hash, placed_at) WHERE email_hash IS NOT NULL;

-- Entries are append-only. (`INSERT OR REPLACE` would get past the second trigger; nothing here uses it.)
CREATE TRIGGER entries_are_never_edited BEFORE UPDATE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only: mend a mistake by another entry');
END;

CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only: they are never deleted');
END;

-- The balance is the sum of the entries at every seq: each adds its points to the one before. For a gap
-- there is no entry before, the sum is NULL, and that is refused as well.
CREATE TRIGGER entries_continue_the_balance BEFORE INSERT ON entries
WHEN NEW.balance_points IS NOT NEW.points + CASE NEW.seq
  WHEN 1 THEN 0
  ELSE (
    SELECT balance_points FROM entries
    WHERE shop = NEW.shop AND member_id = NEW.member_id AND seq = NEW.seq - 1
  )
END
BEGIN
  SELECT RAISE(ABORT, 'an entry must continue the balance of the entry before it');
END;

CREATE TRIGGER members_join_with_nothing BEFORE INSERT ON members
WHEN NEW.seq <> 0 OR NEW.balance_points <> 0 OR NEW.earned_points <> 0
BEGIN
  SELECT RAISE(ABORT, 'a member joins with nothing: book entries, then update her');
END;

-- A member's seq and balance are those of her last entry.
CREATE TRIGGER members_follow_their_entries BEFORE UPDATE OF seq, balance_points ON members
WHEN NEW.balance_points IS NOT (
    SELECT balance_points FROM entries
    WHERE shop = NEW.shop AND member_id = NEW.member_id AND seq = NEW.seq
  )
  OR EXISTS (
    SELECT 1 FROM entries
    WHERE shop = NEW.shop AND member_id = NEW.member_id AND seq = NEW.seq + 1
  )
BEGIN
  SELECT RAISE(ABORT, 'a member has the seq and the balance of her last entry');
END;

-- An order's content and answer are what they were. Only a guest's may later find its member.
CREATE TRIGGER orders_are_never_edited BEFORE UPDATE ON orders
WHEN OLD.member_id IS NOT NULL
  OR NEW.content IS NOT OLD.content OR NEW.answer IS NOT OLD.answer OR NEW.points IS NOT OLD.points
  OR NEW.program_version IS NOT OLD.program_version OR NEW.program_digest IS NOT OLD.program_digest
  OR NEW.placed_at IS NOT OLD.placed_at OR NEW.booked_at IS NOT OLD.booked_at
BEGIN
  SELECT RAISE(ABORT, 'an order is kept as it was booked');
END;

CREATE TRIGGER orders_are_never_deleted BEFORE DELETE ON orders
BEGIN
  SELECT RAISE(ABORT, 'an order is kept: it is what its entry was booked for');
END;
