// What an entry of the ledger is called, for her whose ledger it is.

const WORDS = {
  welcome: () => "For joining",
  earn: ({ source }) => `Order ${source}`,
  activity: () => "For taking part",
  "order-challenge": () => "A challenge, done",
  "activity-challenge": () => "A challenge, done",
  adjust: ({ reason }) => reason || "Put right by us",
  clawback: () => "Taken back with what you returned",
  repay: () => "Paid off what you owed",
  redeem: () => "Spent on a reward",
  return: () => "Given back with what you returned",
  expire: () => "Expired",
  "transfer-out": () => "Given to another member",
  "transfer-in": () => "Given to you by another member",
  "merge-out": () => "Moved to your other account",
  "merge-in": () => "Moved here from your other account",
  referral: () => "For bringing a friend",
  surprise: () => "A surprise with your order",
};

// By their names in this shop's programme.
const TIERS = { silver: "Silver", gold: "Gold" };

/**
 * @param {{from?: string, to?: string}} change
 * @returns {string}
 */
export const tierWords = ({ from, to }) =>
  to ? `${TIERS[to] ?? to} from here on` : `${TIERS[from] ?? from} no more`;

/**
 * @param {{kind: string, source: string, reason?: string|null}} entry
 * @returns {string}
 */
export const entryWords = (entry) => WORDS[entry.kind]?.(entry) ?? entry.kind;
