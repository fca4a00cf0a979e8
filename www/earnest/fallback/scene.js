// Every word and number of the box, as crates/widget/src/scene.rs has them: a
// browser test holds the two side by side. An empty text is not shown.

const WHY_NOTHING = ["excluded", "below_minimum", "currency_not_covered", "not_running"];

const ADVICE = {
  email: "Enter your e-mail, like you@example.com.",
  pageEmail: "Enter your e-mail in the order form first, then join.",
  terms: "Tick the membership terms to join.",
  tooMany: "That was too often. Wait a minute, then try again.",
  failed: "Joining did not work just now. Try again, or order as usual.",
};

export function sceneOf(state, program, tongue) {
  const { earning, member, joining } = state;
  if (earning === undefined) return { state: "waiting" };
  if (earning === null) {
    return quiet(`Your ${tongue.other} can't be shown for this cart. Your order is not affected.`);
  }
  if (earning.points === 0) return quiet(whyNothing(earning, tongue));
  const { points } = earning;
  const scene = {
    number: tongue.count(points),
    word: tongue.wordFor(points),
    worth: worth("About", points, earning.currency, program, tongue),
    reasons: earning.reasons.map(({ label, points_exact }) => ({ label, step: tongue.step(points_exact) })),
    total: tongue.amount(points),
  };
  if (member) return { ...scene, ...forMember(member, points, program, tongue) };
  if (joining === "done") return { ...scene, ...joined(state, program, tongue) };
  return { ...scene, ...forGuest(state, scene, program, tongue) };
}

const quiet = (note) => ({ state: "quiet", note });

function whyNothing({ reasons, lines }, { other }) {
  const why = reasons.find(({ code }) => WHY_NOTHING.includes(code));
  if (why) return why.label;
  return lines.length ? `This cart is too small to earn ${other}` : `Your cart is empty, so it earns no ${other}`;
}

function forGuest({ earning, joining, obstacle, pageEmail }, scene, program, tongue) {
  const start = welcome(program);
  const sending = joining === "sending";
  return {
    state: sending ? "joining" : "guest",
    lead: "Join and earn",
    tail: start ? `with this order, plus ${tongue.count(start)} to start` : "with this order",
    worth: start ? worth("Together about", earning.points + start, earning.currency, program, tongue) : scene.worth,
    asks: true,
    asksEmail: pageEmail === undefined,
    using: pageEmail && isEmail(pageEmail) ? `You join with ${pageEmail}.` : "",
    button: sending ? "Joining…" : "Join",
    obstacle,
    problem: ADVICE[obstacle] ?? "",
    already: `Order with the e-mail you joined with and these ${tongue.other} are added to your balance.`,
  };
}

function joined({ joinedEmail }, program, tongue) {
  const start = welcome(program);
  const note = `They are yours when you order with ${joinedEmail}.`;
  return {
    state: "joined",
    lead: "You're in. This order adds",
    tail: "to your balance",
    note: start ? `${note} New members also get ${tongue.amount(start)} to start.` : note,
  };
}

function forMember(member, points, { tiers = [] }, tongue) {
  const tier = tiers.find(({ id }) => id === member.tier);
  const from = tier?.from_points ?? 0;
  const earned = member.earned_points ?? 0;
  const next = tiers.find(({ from_points }) => from_points > Math.max(from, earned));
  return {
    state: "member",
    tier: tier?.name ?? "",
    lead: "This order adds",
    balance: `You have ${tongue.amount(member.balance_points ?? 0)}`,
    progress: next && progress(from, earned, points, next, tongue),
  };
}

function progress(from, earned, points, next, tongue) {
  const way = next.from_points - from;
  const percent = (reached) => Math.floor((Math.min(Math.max(reached - from, 0), way) * 100) / way);
  const left = next.from_points - earned - points;
  return {
    before: percent(earned),
    after: percent(earned + points),
    text: left > 0 ? `${tongue.amount(left)} more to ${next.name} after this order` : `This order takes you to ${next.name}`,
  };
}

/** What new members start with, while the programme runs. */
function welcome({ welcome_points = 0, starts_at = -Infinity, ends_at = Infinity }) {
  const now = Date.now();
  return starts_at <= now && now < ends_at ? welcome_points : 0;
}

/** "About" is what it says: the text rounds down to the currency's minor unit. */
function worth(about, points, currency, { points: { worth: each = {} } }, tongue) {
  if (!each[currency]) return "";
  const [whole, decimals = ""] = each[currency].split(".");
  const exact = BigInt(whole + decimals) * BigInt(points);
  const { maximumFractionDigits: digits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const minor = digits < decimals.length ? exact / 10n ** BigInt(decimals.length - digits) : exact * 10n ** BigInt(digits - decimals.length);
  if (minor === 0n) return "";
  const text = minor.toString().padStart(digits + 1, "0");
  const amount = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  return `${about} ${tongue.money(amount, currency)} off a later order`;
}

/** Whether it could be an e-mail; whether it is one, the edge decides. */
export const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]*[^\s@.]$/.test(text);
