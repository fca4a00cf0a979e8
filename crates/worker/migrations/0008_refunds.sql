-- A refund is known by its id alone, whichever order it is of: its entries are booked under it.
CREATE UNIQUE INDEX refunds_by_id ON refunds (shop, refund_id);
