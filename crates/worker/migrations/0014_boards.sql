-- Competitions: what members have in them, and the boards of those who gave a name.

INSERT INTO entry_kinds (kind) VALUES ('competition');

-- The name that she wants to be shown by on boards; NULL for who does not take part in showing.
ALTER TABLE members ADD COLUMN display_name TEXT CHECK (length(display_name) BETWEEN 1 AND 24);

-- Competitions in which something has counted, until their prizes are given.
CREATE TABLE competitions (
  shop TEXT NOT NULL REFERENCES shops (shop),
  competition TEXT NOT NULL CHECK (length(competition) BETWEEN 1 AND 128),
  -- When it is over, and its prizes are given; later where that could not be done.
  due_at INTEGER NOT NULL,
  -- A program that has it: the one in force may have it no more by then.
  program_version INTEGER NOT NULL,
  given_at INTEGER,
  PRIMARY KEY (shop, competition)
) STRICT, WITHOUT ROWID;

CREATE INDEX competitions_due ON competitions (due_at) WHERE given_at IS NULL;

CREATE TRIGGER competitions_give_once BEFORE UPDATE ON competitions
WHEN OLD.given_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the prizes of a competition are given once');
END;

-- What a member has in a competition: points, minor units or orders. Her name is that of her row in `members`,
-- repeated, so that a board is read from its index.
CREATE TABLE scores (
  shop TEXT NOT NULL,
  member_id TEXT NOT NULL,
  competition TEXT NOT NULL,
  total INTEGER NOT NULL CHECK (total BETWEEN 0 AND 9007199254740991),
  -- When the last thing that counted was.
  reached_at INTEGER NOT NULL,
  name TEXT,
  PRIMARY KEY (shop, member_id, competition),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

-- A board from its top. Only who is shown is in it.
CREATE INDEX scores_ranked ON scores (shop, competition, total DESC, reached_at, member_id, name)
  WHERE name IS NOT NULL AND total > 0;
