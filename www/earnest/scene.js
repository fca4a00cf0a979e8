// A scene: every word and number that the box shows at one moment, in plain
// English and the shop's own word for its points. It is pure: no node, no
// request, no clock but for what of the programme runs. A text that is empty is
// not shown.

const WHY_NOTHING = ["excluded", "below_minimum", "currency_not_covered", "partner_not_covered", "not_running", "limit_reached", "capped"];

const ADVICE = {
  email: "Enter your e-mail, like you@example.com.",
  pageEmail: "Enter your e-mail in the order form first, then join.",
  terms: "Tick the membership terms to join.",
  tooMany: "That was too often. Wait a minute, then try again.",
  failed: "Joining did not work just now. Try again, or order as usual.",
};

const NOTHING = {
  tier: "", perks: "", lead: "", number: "", word: "", tail: "", worth: "", campaigns: "", balance: "", next: "",
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
  if (earning === undefined) return scene("waiting", {});
  if (earning === null) return scene("quiet", { note: `Your ${other} can't be shown for this cart. Your order is not affected.` });
  const { points, reasons, credits = [] } = earning;
  const given = credits.map((credit) => [speech.money(credit.amount, credit.currency), credit.name]);
  if (points) given.unshift([speech.count(points), word(points)]);
  if (!given.length) {
    const { earn, rules = [] } = program;
    const isNever = !earn.rates.length && rules.every(({ on }) => on);
    return scene("quiet", isNever ? { note: `Orders earn no ${other}`, ...(member && status(program, member)) } : { note: whyNothing(earning, other) });
  }
  // The first is told large.
  const [[number, name], ...more] = given;
  const also = more.map((one) => `and ${one.join(" ")} `).join("");
  const says = { program, speech, amount, also, these: points ? `these ${other} are` : `${name} is`, state };
  let shown;
  if (member) shown = forMember(says, member, points);
  else if (joining === "done") shown = joined(says, points);
  else shown = forGuest(says, points);
  const common = { number, word: name, total: given.map((one) => one.join(" ")).join(" + "), campaigns: campaigns(says) };
  return {
    ...shown,
    texts: { ...shown.texts, ...common },
    reasons: [
      ...reasons.map(({ label, points_exact }) => [label, speech.step(points_exact)]),
      ...credits.flatMap(({ currency, amount, reasons }) => reasons.map(({ label, points_exact }) => [label, `${speech.step(`${points_exact}e-${decimals(amount)}`)} ${currency}`])),
    ],
  };
}

/** How many decimals an amount is written with: as many as its currency has. */
const decimals = (amount) => amount.split(".")[1]?.length ?? 0;

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
  if (!lines.length) return `Your cart is empty, so it earns no ${other}`;
  return `This cart ${reasons.some(({ code }) => code === "rounding") ? "is too small to earn" : "earns no"} ${other}`;
}

function forGuest(says, points) {
  const { speech, also, these, program, state: { joining, obstacle, pageEmail } } = says;
  const start = welcome(program);
  const sending = joining === "sending";
  const isAsked = program.joining !== "automatic";
  const texts = {
    lead: isAsked ? "Join and earn" : "With an account you earn",
    tail: `${also}with this order${start ? `, plus ${speech.count(start)} to start` : ""}`,
    worth: start ? worth(says, "Together about", points + start) : worth(says, "About", points),
    note: isAsked ? "" : `Order with your account, and ${these} yours. Nothing else to join.`,
    using: pageEmail !== undefined && isEmail(pageEmail) ? `You join with ${pageEmail}.` : "",
    button: sending ? "Joining…" : "Join",
    problem: ADVICE[obstacle] ?? "",
    alreadyNote: `Order with the e-mail you joined with and ${these} added to your balance.`,
  };
  const asking = sending ? "joining" : "guest";
  return scene(isAsked ? asking : "told", texts, { asks: isAsked, asksEmail: pageEmail === undefined, obstacle });
}

function joined(says, points) {
  const start = welcome(says.program);
  const note = `They are yours when you order with ${says.state.joinedEmail}.`;
  return scene("joined", {
    lead: "You're in. This order adds",
    tail: `${says.also}to your balance`,
    worth: worth(says, "About", points),
    note: start ? `${note} New members also get ${says.amount(start)} to start.` : note,
  });
}

function forMember(says, member, points) {
  const { program: { tiers = [], tiers_by: by }, speech, amount } = says;
  const { earned_points: earned = 0, balance_points: balance = 0 } = member;
  // What an edge has not told is worked out only where it takes no calendar.
  const { tier: id, next, pending, credits = [] } = member.outlook ?? { tier: member.tier, next: by ? null : byPoints(tiers, member) };
  const from = least(tiers.find((tier) => tier.id === id));
  const texts = {
    ...status(says.program, member),
    lead: "This order adds",
    tail: says.also.trim(),
    worth: worth(says, "About", points),
    balance: [`You have ${amount(balance)}${waiting(speech, pending)}`, ...credits.map((credit) => `${speech.money(credit.amount, credit.currency)} ${credit.name}`)].join(", plus "),
  };
  const above = tiers.find((tier) => tier.id === next?.tier);
  if (!above) return scene("member", texts);
  const way = least(above) - from;
  const percent = (reached) => Math.floor((Math.min(Math.max(reached - from, 0), way) * 100) / way);
  const adds = qualifying(by?.what, says.state.earning);
  const left = least(above) - next.amount - adds;
  texts.next = left > 0 ? missing(says, by?.what, left, above.name) : `This order takes you to ${above.name}`;
  return scene("member", texts, { progress: [percent(next.amount), percent(next.amount + adds)] });
}

/** What she has and may not spend yet, with the first day on which she may. */
const waiting = (speech, pending) =>
  pending ? `, ${speech.count(pending.points)} of them from ${speech.day(Date.parse(pending.from))}` : "";

/** What reaches a tier: points, orders or minor units. */
const least = (tier) => tier?.from_points ?? tier?.from ?? 0;

/** The next tier by the points of a lifetime. */
function byPoints(tiers, { tier, earned_points: amount = 0 }) {
  const floor = Math.max(least(tiers.find(({ id }) => id === tier)), amount);
  const next = tiers.find((tier) => least(tier) > floor);
  return next && { tier: next.id, amount };
}

/** What the order adds on the way to the next tier, in the measure of the tiers. */
function qualifying(measure = "points", { points, counted, currency }) {
  if (measure === "points") return points;
  const minor = Number(counted.replace(".", ""));
  if (measure === "orders") return Number(minor > 0);
  return measure === currency ? minor : 0;
}

function missing({ amount, speech, state: { earning } }, measure = "points", left, name) {
  if (measure === "points") return `${amount(left)} more to ${name} after this order`;
  if (measure === "orders") return `${speech.count(left)} more ${speech.isOne(left) ? "order" : "orders"} to ${name} after this one`;
  const digits = measure === earning.currency ? decimals(earning.counted) : digitsOf(measure);
  return `Spend ${speech.money(`${left}e-${digits}`, measure)} more after this order to reach ${name}`;
}

/** What she is, and in a few words what her tier gives, and a membership that is free, or while it is paid. */
function status({ tiers = [], membership = {} }, member) {
  const tier = tiers.find(({ id }) => id === (member.outlook ?? member).tier);
  const { name, monthly, yearly, perks = [] } = membership;
  const isFree = !monthly && !yearly;
  const all = [...(tier?.perks ?? []), ...(isFree || member.paid_until > Date.now() ? perks : [])];
  return { tier: tier?.name ?? (isFree && name ? name : ""), perks: [...new Set(all.map(({ label }) => label))].slice(0, 3).join(" · ") };
}

/** What runs now, what ends first before the rest, two at most. */
function campaigns({ program: { campaigns = [], offsets = [] }, speech }) {
  const now = Date.now();
  const running = campaigns.filter(({ from = now, until = Infinity }) => from <= now && now < until);
  running.sort(({ until: a = Infinity }, { until: b = Infinity }) => (a > b) - (a < b));
  const told = running.slice(0, 2).map(({ label, until }) => {
    if (!until) return label;
    const last = until - 1;
    const [, minutes = 0] = offsets.findLast(([from]) => from <= last) ?? [];
    return `${label} until ${speech.day(last + minutes * 60_000, last - now)}`;
  });
  return told.join(" · ");
}

/** What new members start with, while the programme runs. */
function welcome({ welcome_points = 0, starts_at = -Infinity, ends_at = Infinity }) {
  const now = Date.now();
  return starts_at <= now && now < ends_at ? welcome_points : 0;
}

const digitsOf = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

/** Rounded down to the currency's minor unit, without a float on the way. */
function worth({ program, speech, state: { earning } }, about, points) {
  const { currency } = earning;
  const each = program.points.worth?.[currency];
  if (!each) return "";
  const digits = digitsOf(currency);
  const exact = BigInt(each.replace(".", "")) * BigInt(points) * 10n ** BigInt(digits);
  const minor = exact / 10n ** BigInt(decimals(each));
  return minor ? `${about} ${speech.money(`${minor}e-${digits}`, currency)} off a later order` : "";
}
