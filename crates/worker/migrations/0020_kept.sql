-- What is kept is kept for good; who adjusted; and what adjustments took of a day, beside what they gave.

-- Who gave or took points: staff, or a system. Part of the entry's hash, where there is one.
ALTER TABLE entries ADD COLUMN decided_by TEXT CHECK (decided_by IS NULL OR length(decided_by) BETWEEN 1 AND 64);

-- Of the points of a day what was taken by entries that may either give or take; `points` is still the sum of both.
ALTER TABLE days ADD COLUMN taken_points INTEGER NOT NULL DEFAULT 0 CHECK (taken_points <= 0);

DROP TRIGGER entries_make_the_days;
CREATE TRIGGER entries_make_the_days AFTER INSERT ON entries
BEGIN
  INSERT INTO days (shop, day, kind, currency, points, spent_minor, taken_points)
  SELECT NEW.shop, NEW.day, NEW.kind, coalesce(value ->> 0, ''), value ->> 1, value ->> 2,
    iif(NEW.kind = 'adjust', min(0, value ->> 1), 0)
  FROM json_each(NEW.pools)
  WHERE true
  ON CONFLICT (shop, day, kind, currency) DO UPDATE
  SET points = points + excluded.points, spent_minor = spent_minor + excluded.spent_minor,
    taken_points = taken_points + excluded.taken_points;
END;

-- Of before. The oldest entries have no pools: they were summed in days of UTC, and of no currency.
UPDATE days SET taken_points = taken.points
FROM (
  SELECT shop, coalesce(day, booked_at / 86400000) AS day, coalesce(pool.value ->> 0, '') AS currency,
    sum(pool.value ->> 1) AS points
  FROM entries, json_each(coalesce(pools, json_array(json_array(NULL, points, 0)))) AS pool
  WHERE kind = 'adjust' AND entries.points < 0
  GROUP BY 1, 2, 3
) AS taken
WHERE days.kind = 'adjust' AND days.shop = taken.shop AND days.day = taken.day AND days.currency = taken.currency;

CREATE TRIGGER days_are_never_deleted BEFORE DELETE ON days
BEGIN
  SELECT RAISE(ABORT, 'a day is kept: the books are made from it');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE(ABORT, 'an event is kept as it was told');
END;

CREATE TRIGGER redemptions_are_never_deleted BEFORE DELETE ON redemptions
BEGIN
  SELECT RAISE(ABORT, 'a redemption is kept: it is what its entries were booked for');
END;

CREATE TRIGGER transfers_are_never_deleted BEFORE DELETE ON transfers
BEGIN
  SELECT RAISE(ABORT, 'a transfer is kept: it is what its entries were booked for');
END;

CREATE TRIGGER referrals_are_never_deleted BEFORE DELETE ON referrals
BEGIN
  SELECT RAISE(ABORT, 'who brought whom is kept');
END;

CREATE TRIGGER gifts_sent_are_never_deleted BEFORE DELETE ON gifts_sent
BEGIN
  SELECT RAISE(ABORT, 'a gift that was sent is kept');
END;

CREATE TRIGGER competitions_are_never_deleted BEFORE DELETE ON competitions
BEGIN
  SELECT RAISE(ABORT, 'a competition is kept: it is what its prizes were given for');
END;

CREATE TRIGGER budgets_are_never_deleted BEFORE DELETE ON budgets
BEGIN
  SELECT RAISE(ABORT, 'what was had of a budget is kept');
END;

CREATE TRIGGER members_are_never_deleted BEFORE DELETE ON members
BEGIN
  SELECT RAISE(ABORT, 'a member is kept: her ledger is');
END;
