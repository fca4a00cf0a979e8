-- A crowd in the tavern: 50,000 members with 20 orders each, of 10 points, and so 1,000,000 entries. All go in by
-- way of the triggers that the Worker's go by. Only the hashes are those of no chain.
INSERT INTO members (shop, member_id, customer_id, email_hash, terms_at, enrolled_at)
WITH RECURSIVE crowd (nth) AS (SELECT 0 UNION ALL SELECT nth + 1 FROM crowd WHERE nth < 49999)
SELECT 'tavern', printf('mem_%032x', nth), 'crowd-' || nth, printf('%064x', nth), 1700000000000, 1700000000000
FROM crowd;

INSERT INTO orders (shop, order_id, member_id, content, answer, points, program_version, program_digest, placed_at, booked_at)
WITH RECURSIVE orders (nth) AS (SELECT 0 UNION ALL SELECT nth + 1 FROM orders WHERE nth < 999999)
SELECT 'tavern', 'crowd-' || nth, printf('mem_%032x', nth / 20), '{}', '{}', 10, 1, 'sha256:0', 1700000000000, 1700000000000
FROM orders;

INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at, day, pools, hash)
WITH RECURSIVE entries (nth) AS (SELECT 0 UNION ALL SELECT nth + 1 FROM entries WHERE nth < 999999)
SELECT 'tavern', printf('mem_%032x', nth / 20), nth % 20 + 1, 'earn', 'crowd-' || nth, 10, 10 * (nth % 20 + 1),
  1, 'sha256:0', 1700000000000, 19675, '[["EUR",10,1000]]', printf('%064x', nth)
FROM entries;

-- She is due in the far future, so that the index of the cron has grown as well.
UPDATE members SET seq = 20, balance_points = 200, earned_points = 200, revision = 1, due_at = 4000000000000,
  head_hash = printf('%064x', 0), facts = '{"orders":20}', holdings = '{"lots":[[200,1700000000000,null,"EUR"]]}'
WHERE shop = 'tavern' AND customer_id GLOB 'crowd-*';
