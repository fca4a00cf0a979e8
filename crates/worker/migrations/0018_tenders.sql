-- Money of a balance that pays for an order.
INSERT INTO entry_kinds (kind) VALUES ('tender');
