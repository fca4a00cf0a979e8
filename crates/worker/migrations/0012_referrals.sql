-- Referrals: who was brought by whom, what that gave, and what is on its way to a member who is not there herself.

-- What a member gives her friends; 80 random bits, made when her shop first asks for it.
ALTER TABLE members ADD COLUMN referral_code TEXT CHECK (length(referral_code) BETWEEN 1 AND 32);
CREATE UNIQUE INDEX members_by_referral_code ON members (shop, referral_code) WHERE referral_code IS NOT NULL;

-- By what two members may turn out to be one person: keyed hashes of her mailbox, of what she paid with and of where
-- she lives, as {"mailboxes":[…],"payments":[…],"addresses":[…]}. They are compared, and never looked up.
ALTER TABLE members ADD COLUMN signs TEXT NOT NULL DEFAULT '{}' CHECK (json_type(signs) = 'object');

-- Who was brought, one row each.
CREATE TABLE referrals (
  shop TEXT NOT NULL,
  -- Who was brought.
  friend_id TEXT NOT NULL,
  -- Who brought her. She may have been merged into another member since.
  advocate_id TEXT NOT NULL,
  referred_at INTEGER NOT NULL,
  -- What became of her joining and of her first order: what both were given, or the rule that says no. NULL until
  -- then.
  joined TEXT CHECK (json_type(joined) = 'object'),
  ordered TEXT CHECK (json_type(ordered) = 'object'),
  -- Her first order, where it gave something; and when that was taken back, with the whole order.
  order_id TEXT CHECK (length(order_id) BETWEEN 1 AND 128),
  taken_back_at INTEGER,
  -- Which of the advocate's friends she is for whom that one got something, from 1: in all, and in this month of the
  -- shop, counted from the year 0. Of two who are decided at once one is the next, so no limit is passed.
  nth INTEGER CHECK (nth >= 1),
  month INTEGER CHECK ((month IS NULL) = (nth IS NULL)),
  month_nth INTEGER CHECK (month_nth >= 1 AND (month_nth IS NULL) = (nth IS NULL)),
  PRIMARY KEY (shop, friend_id),
  FOREIGN KEY (shop, friend_id) REFERENCES members (shop, member_id),
  FOREIGN KEY (shop, advocate_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX referrals_by_advocate ON referrals (shop, advocate_id, referred_at);
CREATE UNIQUE INDEX referrals_rewarded ON referrals (shop, advocate_id, nth) WHERE nth IS NOT NULL;
CREATE INDEX referrals_by_order ON referrals (shop, order_id) WHERE order_id IS NOT NULL;

CREATE TRIGGER referrals_are_decided_once BEFORE UPDATE ON referrals
WHEN (OLD.joined IS NOT NULL AND NEW.joined IS NOT OLD.joined)
  OR (OLD.ordered IS NOT NULL AND (NEW.ordered IS NOT OLD.ordered OR NEW.order_id IS NOT OLD.order_id))
  OR (OLD.nth IS NOT NULL AND NEW.nth IS NOT OLD.nth)
  OR (OLD.taken_back_at IS NOT NULL AND NEW.taken_back_at IS NOT OLD.taken_back_at)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: what a step of a friend gives is decided once');
END;

-- What is given to a member by what somebody else did: a batch writes one member, so it is on its way here until she
-- has it. `gift_id` is what the entry is booked for.
CREATE TABLE gifts_sent (
  shop TEXT NOT NULL,
  gift_id TEXT NOT NULL CHECK (length(gift_id) BETWEEN 1 AND 128),
  kind TEXT NOT NULL REFERENCES entry_kinds (kind),
  -- To whom. She may have been merged into another member since.
  member_id TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_type(content) = 'object'),
  sent_at INTEGER NOT NULL,
  -- When the cron brings it, if nobody has.
  due_at INTEGER NOT NULL,
  arrived_at INTEGER,
  PRIMARY KEY (shop, gift_id),
  FOREIGN KEY (shop, member_id) REFERENCES members (shop, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX gifts_on_their_way ON gifts_sent (due_at) WHERE arrived_at IS NULL;

CREATE TRIGGER gifts_arrive_once BEFORE UPDATE ON gifts_sent
WHEN OLD.arrived_at IS NOT NULL OR NEW.content IS NOT OLD.content OR NEW.member_id IS NOT OLD.member_id
  OR NEW.kind IS NOT OLD.kind OR NEW.sent_at IS NOT OLD.sent_at
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a gift arrives once, as it was sent');
END;
