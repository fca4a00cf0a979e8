-- The quote that an order was given. A quote is honoured once: of two orders that bring the same, one is first.
ALTER TABLE orders ADD COLUMN quote_id TEXT CHECK (length(quote_id) BETWEEN 1 AND 128);

CREATE UNIQUE INDEX orders_by_quote ON orders (shop, quote_id) WHERE quote_id IS NOT NULL;

CREATE TRIGGER orders_keep_their_quotes BEFORE UPDATE OF quote_id ON orders
BEGIN
  SELECT RAISE(ABORT, 'an order is kept as it was booked, with its quote');
END;
