// The member's page: what she may spend, what waits, what expires next, her goals, and her history. Every figure is the
// server's; nothing is computed here.

import { mountAccount } from "./account.js";
import { getHistory } from "./demo-server.js";
import { build, setText } from "./dom.js";
import { entryWords, tierWords } from "./entry-words.js";
import { signIn, signedIn, watchSession } from "./session.js";

const number = new Intl.NumberFormat();
const change = new Intl.NumberFormat(undefined, { signDisplay: "exceptZero" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
// A day of the shop is the same day wherever she reads it.
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", timeZone: "UTC" });
const [available, pending, expiring, goals, list, says] = ["available", "pending", "expiring", "goals", "history", "history-says"].map(
  (id) => document.getElementById(id),
);
let shown = null;

mountAccount();
watchSession(() => {
  const customer = signedIn();
  document.querySelector("[data-stranger]").hidden = Boolean(customer);
  document.querySelector("[data-member]").hidden = !customer;
  if (customer) showBeans(customer.member.outlook ?? {});
  if (customer) showGoals(customer.member.outlook?.challenges ?? []);
  if (customer && shown !== customer.customer) showHistory(customer.customer);
  shown = customer?.customer ?? null;
});
// What the browser remembers may be of yesterday.
if (signedIn()) signIn(signedIn().customer).catch(() => {});

function showBeans({ available: free = 0, pending: waiting, expiring: ending }) {
  setText(available, `${beans(free)} to spend`);
  say(pending, waiting && `${beans(waiting.points)} more wait until parcels can no longer come back: all yours from ${dayOf(waiting.from)}.`);
  say(expiring, ending && `Spend ${beans(ending.points)} by ${dayOf(ending.until)}. After that day they expire.`);
}

function showGoals(challenges) {
  goals.closest("section").hidden = challenges.length === 0;
  goals.replaceChildren(...challenges.map(goal));
}

function goal({ label, open, done, of, badges = [] }) {
  const item = build("li", {}, build("span", { class: "history-words" }, label));
  if (open) item.append(build("progress", { value: done, max: of, "aria-label": label }), build("span", { class: "quiet number" }, `${number.format(done)} of ${number.format(of)}`));
  for (const badge of badges) item.append(build("strong", { class: "badge" }, badge));
  return item;
}

async function showHistory(customer) {
  try {
    const { entries, events } = await getHistory(customer);
    const changes = events.filter((event) => event.type === "tier.changed");
    list.replaceChildren(...newestFirst(entries, changes));
    say(says, entries.length === 0 && "Nothing yet.");
  } catch (refusal) {
    list.replaceChildren();
    say(says, refusal.message);
  }
}

/** Her entries, and between them the changes of her tier, each by its own instant. Either list is newest first. */
function newestFirst(entries, changes) {
  const lines = [
    ...changes.map((change) => ({ at: Date.parse(change.happened_at), line: tierRow(change) })),
    ...entries.map((entry) => ({ at: Date.parse(entry.booked_at), line: row(entry) })),
  ];
  return lines.sort((one, other) => other.at - one.at).map(({ line }) => line);
}

function tierRow({ data, happened_at: at }) {
  return build(
    "li",
    { "data-kind": "tier" },
    build("span", { class: "history-words" }, tierWords(data)),
    build("time", { class: "quiet", datetime: at }, date.format(new Date(at))),
  );
}

function row(entry) {
  return build(
    "li",
    { "data-kind": entry.kind },
    build("span", { class: "history-words" }, entryWords(entry)),
    build("span", { class: "history-points number" }, change.format(entry.points)),
    build("time", { class: "quiet", datetime: entry.booked_at }, date.format(new Date(entry.booked_at))),
    build("span", { class: "quiet number" }, `${beans(entry.balance_points)} then`),
  );
}

function say(element, words) {
  element.hidden = !words;
  setText(element, words || "");
}

function beans(count) {
  return `${number.format(count)} ${count === 1 ? "bean" : "beans"}`;
}

function dayOf(iso) {
  return day.format(new Date(`${iso}T00:00:00Z`));
}
