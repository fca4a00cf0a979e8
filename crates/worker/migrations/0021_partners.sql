-- What was earned and spent at partners, day by day: what is settled with them.

-- Of an entry that carries a partner the currency of the order: its pools have none, since its price is the partner's.
-- Null on others, and on those of before this was kept.
ALTER TABLE entries ADD COLUMN partner_currency TEXT
  CHECK (partner_currency IS NULL OR length(partner_currency) = 3);

-- The sums of the entries that carry a partner. The trigger below keeps them, so they cannot be anything else.
CREATE TABLE partner_days (
  shop TEXT NOT NULL,
  day INTEGER NOT NULL,
  partner TEXT NOT NULL,
  -- '' where it was not kept.
  currency TEXT NOT NULL CHECK (currency = '' OR length(currency) = 3),
  -- The version of the program that decided: its rates settle the points.
  program_version INTEGER NOT NULL,
  -- Less those that were taken back.
  earned_points INTEGER NOT NULL,
  -- Less those that came back.
  spent_points INTEGER NOT NULL,
  PRIMARY KEY (shop, day, partner, currency, program_version)
) STRICT, WITHOUT ROWID;

-- What was booked before. The currency is that of the order, of the order that was sent back, or of the cart that a
-- redemption was asked for; a redemption that was asked without one has none.
INSERT INTO partner_days (shop, day, partner, currency, program_version, earned_points, spent_points)
SELECT shop, coalesce(day, booked_at / 86400000), partner,
  coalesce(CASE
    WHEN kind = 'redeem' THEN (
      SELECT content ->> '$.cart.currency' FROM redemptions
      WHERE redemptions.shop = entries.shop AND redemption_id = source
    )
    ELSE (
      SELECT content ->> '$.cart.currency' FROM orders
      WHERE orders.shop = entries.shop AND order_id = CASE WHEN kind = 'earn' THEN source ELSE (
        SELECT order_id FROM refunds WHERE refunds.shop = entries.shop AND refund_id = source
      ) END
    )
  END, '') AS its_currency,
  program_version, sum(iif(kind IN ('redeem', 'return'), 0, points)), sum(iif(kind IN ('redeem', 'return'), -points, 0))
FROM entries WHERE partner IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

CREATE TRIGGER entries_make_the_days_of_partners AFTER INSERT ON entries WHEN NEW.partner IS NOT NULL
BEGIN
  INSERT INTO partner_days (shop, day, partner, currency, program_version, earned_points, spent_points)
  VALUES (NEW.shop, NEW.day, NEW.partner, coalesce(NEW.partner_currency, ''), NEW.program_version,
    iif(NEW.kind IN ('redeem', 'return'), 0, NEW.points), iif(NEW.kind IN ('redeem', 'return'), -NEW.points, 0))
  ON CONFLICT (shop, day, partner, currency, program_version) DO UPDATE
  SET earned_points = earned_points + excluded.earned_points, spent_points = spent_points + excluded.spent_points;
END;

CREATE TRIGGER partner_days_are_never_deleted BEFORE DELETE ON partner_days
BEGIN
  SELECT RAISE(ABORT, 'a day is kept: partners are settled with by it');
END;
