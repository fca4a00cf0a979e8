-- What goes from one member to another: households and merges.

-- The name that those share who live together, where their shop says so.
ALTER TABLE members ADD COLUMN household TEXT CHECK (length(household) BETWEEN 1 AND 128);
CREATE INDEX members_by_household ON members (shop, household) WHERE household IS NOT NULL;

-- Whom a member was as well: when she is merged into a third one, they follow her.
CREATE INDEX members_merged ON members (shop, merged_into) WHERE merged_into IS NOT NULL;

-- So who was merged is found in one step, and nobody's trace leads to one who is not there any more.
CREATE TRIGGER members_are_merged_into_one_who_stands BEFORE UPDATE OF merged_into ON members
WHEN NEW.merged_into IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM members
  WHERE shop = NEW.shop AND member_id = NEW.merged_into AND member_id <> NEW.member_id AND merged_into IS NULL
)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: the other member has been merged herself');
END;

CREATE TRIGGER members_who_were_merged_stay_empty BEFORE UPDATE OF seq, balance_points ON members
WHEN OLD.merged_into IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'she is another member now: book for that one');
END;
