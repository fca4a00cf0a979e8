-- What the program language asks of a member beside her points: facts about her, balances of money, what she
-- did other than to buy, and budgets that all members share.

-- The further facts of her snapshot (orders, segments, what counts against limits, …), canonical JSON of the
-- core's. `revision` counts her changes: who writes names the one that follows what was read, so of two
-- writers who read the same one is first, and the other reads again.
ALTER TABLE members ADD COLUMN facts TEXT NOT NULL DEFAULT '{}' CHECK (json_type(facts) = 'object');
ALTER TABLE members ADD COLUMN revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0);

-- Who has ordered before is no newcomer: her orders are counted once, here, and by each order from now on.
UPDATE members SET facts = json_object('last_order_at', had.last_order_at, 'orders', had.orders)
FROM (
  SELECT shop, member_id, count(*) AS orders, max(placed_at) AS last_order_at
  FROM orders WHERE member_id IS NOT NULL GROUP BY shop, member_id
) AS had
WHERE members.shop = had.shop AND members.member_id = had.member_id;

CREATE TRIGGER members_change_one_revision_at_a_time BEFORE UPDATE ON members
WHEN NEW.revision IS NOT OLD.revision + 1
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the member has changed since she was read');
END;

INSERT INTO entry_kinds (kind) VALUES ('activity');

-- The ids of the rules that gave something, and the partner whose order it was.
ALTER TABLE entries ADD COLUMN rules TEXT CHECK (rules IS NULL OR json_type(rules) = 'array');
ALTER TABLE entries ADD COLUMN partner TEXT CHECK (length(partner) BETWEEN 1 AND 128);

-- One immutable row for each movement on a member's balance of money. Amounts are in minor units.
CREATE TABLE credit_entries (
  shop TEXT NOT NULL,
  member_id TEXT NOT NULL,
  -- The balance's id in the program.
  balance TEXT NOT NULL CHECK (length(balance) BETWEEN 1 AND 128),
  -- Its place in the member's ledger of this balance, from 1 without gaps.
  seq INTEGER NOT NULL CHECK (seq >= 1),
  kind TEXT NOT NULL REFERENCES entry_kinds (kind),
  source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 128),
  minor INTEGER NOT NULL CHECK (minor <> 0 AND minor BETWEEN -9007199254740991 AND 9007199254740991),
  balance_minor INTEGER NOT NULL CHECK (balance_minor BETWEEN 0 AND 9007199254740991),
  rules TEXT CHECK (rules IS NULL OR json_type(rules) = 'array'),
  program_version INTEGER NOT NULL,
  program_digest TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, member_id, balance, seq),
  -- The same order or activity, however often it is delivered, books once on each balance.
  UNIQUE (shop, balance, kind, source),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER credit_entries_are_never_edited BEFORE UPDATE ON credit_entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only: mend a mistake by another entry');
END;

CREATE TRIGGER credit_entries_are_never_deleted BEFORE DELETE ON credit_entries
BEGIN
  SELECT RAISE(ABORT, 'entries are append-only: they are never deleted');
END;

CREATE TRIGGER credit_entries_continue_the_balance BEFORE INSERT ON credit_entries
WHEN NEW.balance_minor IS NOT NEW.minor + CASE NEW.seq
  WHEN 1 THEN 0
  ELSE (
    SELECT balance_minor FROM credit_entries
    WHERE shop = NEW.shop AND member_id = NEW.member_id AND balance = NEW.balance AND seq = NEW.seq - 1
  )
END
BEGIN
  SELECT RAISE(ABORT, 'an entry must continue the balance of the entry before it');
END;

-- What a member did other than to buy, and what she was answered, byte for byte.
CREATE TABLE activities (
  shop TEXT NOT NULL,
  activity_id TEXT NOT NULL CHECK (length(activity_id) BETWEEN 1 AND 128),
  member_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 128),
  content TEXT NOT NULL CHECK (json_valid(content)),
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 9007199254740991),
  program_version INTEGER NOT NULL,
  program_digest TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop, activity_id),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER activities_are_never_edited BEFORE UPDATE ON activities
BEGIN
  SELECT RAISE(ABORT, 'an activity is kept as it was booked');
END;

CREATE TRIGGER activities_are_never_deleted BEFORE DELETE ON activities
BEGIN
  SELECT RAISE(ABORT, 'an activity is kept: it is what its entry was booked for');
END;

-- What all members of a shop have had of a rule's or campaign's budget. Each adds what she takes to whatever
-- is there, and the last CHECK keeps two from taking the same rest.
CREATE TABLE budgets (
  shop TEXT NOT NULL REFERENCES shops (shop),
  -- The id of the rule or campaign.
  holder TEXT NOT NULL CHECK (length(holder) BETWEEN 1 AND 128),
  used_points INTEGER NOT NULL CHECK (used_points BETWEEN 0 AND 9007199254740991),
  -- The budget of the program that took from it last.
  limit_points INTEGER NOT NULL,
  PRIMARY KEY (shop, holder),
  CONSTRAINT a_budget_is_not_overspent CHECK (used_points <= limit_points)
) STRICT, WITHOUT ROWID;
