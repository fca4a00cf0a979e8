-- What a guest leaves by which she may turn out to be somebody else, and a friend who is counted while who brought her
-- becomes another member.

-- Of an order of a guest: keyed hashes of what it was paid with and of where it went, as in `members`. They are hers
-- when it is credited to her.
ALTER TABLE orders ADD COLUMN signs TEXT CHECK (json_type(signs) = 'object');

CREATE TRIGGER orders_keep_their_signs BEFORE UPDATE OF signs ON orders
BEGIN
  SELECT RAISE(ABORT, 'an order is kept as it was booked, with its signs');
END;

-- For how many friends her advocate, and who that one was besides, had got something when this one was counted. Who was
-- merged meanwhile brought others, and those count too: then it is read again, so no limit is passed.
ALTER TABLE referrals ADD COLUMN counted_after INTEGER;

CREATE TRIGGER referrals_are_counted_for_who_stands BEFORE UPDATE OF nth ON referrals
WHEN OLD.nth IS NULL AND NEW.nth IS NOT NULL AND (
  EXISTS (
    SELECT 1 FROM members
    WHERE shop = NEW.shop AND member_id = NEW.advocate_id AND merged_into IS NOT NULL
  )
  OR NEW.counted_after <> (
    SELECT coalesce(sum((
      SELECT max(nth) FROM referrals AS each
      WHERE each.shop = NEW.shop AND each.advocate_id = her.member_id AND each.nth IS NOT NULL
    )), 0) FROM (
      SELECT NEW.advocate_id AS member_id UNION ALL
      SELECT merged.member_id FROM members AS merged INDEXED BY members_merged
      WHERE merged.shop = NEW.shop AND merged.merged_into = NEW.advocate_id
    ) AS her
  )
)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: who brought her is another member now');
END;
