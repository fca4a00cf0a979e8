// A scene: every word and number that the box shows at one moment, in plain
// English and the shop's own word for its points. It is pure: no node, no
// request, no clock but for whether the programme runs. A text that is empty is
// not shown.

const WHY_NOTHING = ["excluded", "below_minimum", "currency_not_covered", "partner_not_covered", "not_running"];

const ADVICE = {
  email: "Enter your e-mail, like you@example.com.",
  pageEmail: "Enter your e-mail in the order form first, then join.",
  terms: "Tick the membership terms to join.",
  tooMany: "That was too often. Wait a minute, then try again.",
  failed: "Joining did not work just now. Try again, or order as usual.",
};

const NOTHING = {
  tier: "", lead: "", number: "", word: "", tail: "", worth: "", balance: "", next: "",
  note: "", problem: "", using: "", button: "", alreadyNote: "", total: "",
};

/** Whether it could be an e-mail; whether it is one, the edge decides. */
export const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]*[^\s@.]$/.test(text);

/** What a screen reader says of a scene. */
export function spoken({ texts: { lead, number, word, tail, note } }) {
  const offer = [lead, number, word, tail].filter(Boolean).join(" ");
  return [offer, note].filter(Boolean).join(". ");
}

/**
 * @param {object} state the view's
 * @param {object} program the published document
 * @param {import("./speech.js").Speech} speech
 */
export function sceneOf(state, program, speech) {
  const { earning, member, joining } = state;
  const { one, other } = program.points;
  const word = (points) => (speech.isOne(points) ? one : other);
  const amount = (points) => `${speech.count(points)} ${word(points)}`;
  const says = { program, speech, word, amount, other, state };
  if (earning === undefined) return scene("waiting", {});
  if (earning === null) return scene("quiet", { note: `Your ${other} can't be shown for this cart. Your order is not affected.` });
  if (earning.points === 0) return scene("quiet", { note: whyNothing(earning, other) });
  const { points, reasons } = earning;
  const common = { number: speech.count(points), word: word(points), total: amount(points) };
  let shown;
  if (member) shown = forMember(says, member, points);
  else if (joining === "done") shown = joined(says, points);
  else shown = forGuest(says, points);
  return {
    ...shown,
    texts: { ...shown.texts, ...common },
    reasons: reasons.map(({ label, points_exact }) => [label, speech.step(points_exact)]),
  };
}

const scene = (state, texts, more) => ({
  state,
  texts: { ...NOTHING, ...texts },
  asks: false,
  asksEmail: false,
  obstacle: "",
  progress: [0, 0],
  reasons: [],
  ...more,
});

function whyNothing({ reasons, lines }, other) {
  const why = reasons.find(({ code }) => WHY_NOTHING.includes(code));
  if (why) return why.label;
  return lines.length ? `This cart is too small to earn ${other}` : `Your cart is empty, so it earns no ${other}`;
}

function forGuest(says, points) {
  const { speech, other, program, state: { joining, obstacle, pageEmail } } = says;
  const start = welcome(program);
  const sending = joining === "sending";
  const texts = {
    lead: "Join and earn",
    tail: start ? `with this order, plus ${speech.count(start)} to start` : "with this order",
    worth: start ? worth(says, "Together about", points + start) : worth(says, "About", points),
    using: pageEmail !== undefined && isEmail(pageEmail) ? `You join with ${pageEmail}.` : "",
    button: sending ? "Joining…" : "Join",
    problem: ADVICE[obstacle] ?? "",
    alreadyNote: `Order with the e-mail you joined with and these ${other} are added to your balance.`,
  };
  return scene(sending ? "joining" : "guest", texts, { asks: true, asksEmail: pageEmail === undefined, obstacle });
}

function joined(says, points) {
  const start = welcome(says.program);
  const note = `They are yours when you order with ${says.state.joinedEmail}.`;
  return scene("joined", {
    lead: "You're in. This order adds",
    tail: "to your balance",
    worth: worth(says, "About", points),
    note: start ? `${note} New members also get ${says.amount(start)} to start.` : note,
  });
}

function forMember(says, member, points) {
  const { tiers = [] } = says.program;
  const { earned_points: earned = 0, balance_points: balance = 0 } = member;
  const tier = tiers.find(({ id }) => id === member.tier);
  const from = tier?.from_points ?? 0;
  const next = tiers.find(({ from_points }) => from_points > Math.max(from, earned));
  const texts = {
    tier: tier?.name ?? "",
    lead: "This order adds",
    worth: worth(says, "About", points),
    balance: `You have ${says.amount(balance)}`,
  };
  if (!next) return scene("member", texts);
  const way = next.from_points - from;
  const percent = (reached) => Math.floor((Math.min(Math.max(reached - from, 0), way) * 100) / way);
  const left = next.from_points - earned - points;
  texts.next = left > 0 ? `${says.amount(left)} more to ${next.name} after this order` : `This order takes you to ${next.name}`;
  return scene("member", texts, { progress: [percent(earned), percent(earned + points)] });
}

/** What new members start with, while the programme runs. */
function welcome({ welcome_points = 0, starts_at = -Infinity, ends_at = Infinity }) {
  const now = Date.now();
  return starts_at <= now && now < ends_at ? welcome_points : 0;
}

/** Rounded down to the currency's minor unit, without a float on the way. */
function worth({ program, speech, state: { earning } }, about, points) {
  const { currency } = earning;
  const each = program.points.worth?.[currency];
  if (!each) return "";
  const [whole, decimals = ""] = each.split(".");
  const { maximumFractionDigits: digits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const exact = BigInt(whole + decimals) * BigInt(points) * 10n ** BigInt(digits);
  const minor = String(exact / 10n ** BigInt(decimals.length)).padStart(digits + 1, "0");
  if (/^0*$/.test(minor)) return "";
  const amount = digits ? `${minor.slice(0, -digits)}.${minor.slice(-digits)}` : minor;
  return `${about} ${speech.money(amount, currency)} off a later order`;
}
