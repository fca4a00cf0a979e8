-- What completes challenges. An order and an activity may have the same id, so each has a kind of its own.
INSERT INTO entry_kinds (kind) VALUES ('order-challenge'), ('activity-challenge');
