// What the box says in each state, to the word. No browser: scenes are pure.

import { expect, test } from "@playwright/test";
import { isEmail, sceneOf, spoken } from "../../www/earnest/scene.js";
import { Speech } from "../../www/earnest/speech.js";

const SPEECH = new Speech("en-IE");

const PROGRAM = {
  version: 1,
  name: "Slow Harbour Beans",
  points: { one: "bean", other: "beans", worth: { EUR: "0.01" } },
  earn: { rates: [{ currency: "EUR" }] },
  welcome_points: 100,
  tiers: [
    { id: "silver", name: "Silver", from_points: 300, multiplier: "1.25" },
    { id: "gold", name: "Gold", from_points: 1000, multiplier: "1.5" },
  ],
};

/** What the view knows at first. */
const ASKING = { earning: undefined, member: null, joining: "asking", obstacle: "", pageEmail: undefined, joinedEmail: "" };

const earned = (points, reasons = []) => ({ points, currency: "EUR", reasons, lines: [{}] });
const scene = (state, program = PROGRAM) => sceneOf({ ...ASKING, earning: earned(39), ...state }, program, SPEECH);

test("until there is an earning it waits and says nothing", () => {
  const { state, texts, asks } = scene({ earning: undefined });
  expect({ state, asks, said: Object.values(texts).join("") }).toEqual({ state: "waiting", asks: false, said: "" });
});

test("a guest is told what she gets and asked for what is missing", () => {
  const guest = scene({});
  expect(spoken(guest)).toBe("Join and earn 39 beans with this order, plus 100 to start");
  expect(guest.texts).toMatchObject({ worth: "Together about €1.39 off a later order", using: "", button: "Join" });
  expect(guest).toMatchObject({ state: "guest", asks: true, asksEmail: true });
});

test("where who has an account is a member, nobody is asked to join", () => {
  const guest = scene({ pageEmail: "maya@example.com" }, { ...PROGRAM, joining: "automatic" });
  expect(spoken(guest)).toBe("With an account you earn 39 beans with this order, plus 100 to start. Order with your account, and these beans are yours. Nothing else to join.");
  expect([guest.state, guest.asks]).toEqual(["told", false]);
  expect(scene({ member: {} }, { ...PROGRAM, joining: "automatic" }).state).toBe("member");
});

test("an e-mail that is on the page is not asked for", () => {
  const { asksEmail, texts } = scene({ pageEmail: "maya@example.com" });
  expect([asksEmail, texts.using]).toEqual([false, "You join with maya@example.com."]);
  const half = scene({ pageEmail: "may" });
  expect([half.asksEmail, half.texts.using]).toEqual([false, ""]);
});

test("the reasons are told with their sum", () => {
  const reasons = [
    { code: "rate", label: "1 bean per 1.00 EUR", points_exact: "19.99" },
    { code: "multiplier", label: "2x on coffee", points_exact: "19.99" },
    { code: "rounding", label: "Rounded down", points_exact: "-0.98" },
  ];
  const told = scene({ earning: earned(39, reasons) });
  expect(told.reasons).toEqual([
    ["1 bean per 1.00 EUR", "+19.99"],
    ["2x on coffee", "+19.99"],
    ["Rounded down", "-0.98"],
  ]);
  expect(told.texts.total).toBe("39 beans");
});

test("one point takes the word for one", () => {
  const stars = { version: 1, name: "Stars", points: { one: "star", other: "stars" } };
  const told = scene({ earning: earned(1) }, stars);
  expect(spoken(told)).toBe("Join and earn 1 star with this order");
  expect(told.texts.worth, "the programme does not say what a star is worth").toBe("");
});

test("a welcome outside of the programme's days is not promised", () => {
  for (const days of [{ starts_at: Date.now() + 1e6 }, { ends_at: Date.now() - 1 }]) {
    expect(spoken(scene({}, { ...PROGRAM, ...days }))).toBe("Join and earn 39 beans with this order");
  }
});

for (const { points, member, tier, progress, next } of [
  { points: 30, member: { tier: null, earned_points: 0 }, tier: "", progress: [0, 10], next: "270 beans more to Silver after this order" },
  { points: 100, member: { tier: "silver", earned_points: 650 }, tier: "Silver", progress: [50, 64], next: "250 beans more to Gold after this order" },
  { points: 100, member: { tier: "silver", earned_points: 990 }, tier: "Silver", progress: [98, 100], next: "This order takes you to Gold" },
  { points: 100, member: { tier: "gold", earned_points: 1000 }, tier: "Gold", progress: [0, 0], next: "" },
]) {
  test(`a member with ${member.earned_points} sees her tier, her balance and the way to the next`, () => {
    const told = scene({ earning: earned(points), member: { balance_points: 640, ...member } });
    expect(told).toMatchObject({ state: "member", asks: false, progress });
    expect(told.texts).toMatchObject({ tier, next, balance: "You have 640 beans", lead: "This order adds" });
  });
}

test("whoever has joined is told nothing that depends on who she was", () => {
  const joined = scene({ joining: "done", joinedEmail: "maya@example.com" });
  expect(spoken(joined)).toBe(
    "You're in. This order adds 39 beans to your balance. They are yours when you order with " +
      "maya@example.com. New members also get 100 beans to start.",
  );
  expect(joined.asks).toBe(false);
});

for (const [what, earning, note] of [
  ["that is excluded", earned(0, [{ code: "excluded", label: "Gift cards don't earn beans" }]), "Gift cards don't earn beans"],
  ["below the minimum", earned(0, [{ code: "below_minimum", label: "Spend 1.50 EUR more to earn beans" }]), "Spend 1.50 EUR more to earn beans"],
  ["that rounds to nothing", earned(0, [{ code: "rounding", label: "Rounded down" }]), "This cart is too small to earn beans"],
  ["that nothing was for", earned(0), "This cart earns no beans"],
  ["that meets a limit", earned(0, [{ code: "limit_reached", label: "Daily double: its limit is reached" }]), "Daily double: its limit is reached"],
  ["that is empty", { ...earned(0), lines: [] }, "Your cart is empty, so it earns no beans"],
  ["that is none", null, "Your beans can't be shown for this cart. Your order is not affected."],
]) {
  test(`a cart ${what} says why in one line`, () => {
    const { state, asks, reasons, texts } = scene({ earning });
    expect({ state, asks, reasons, said: Object.values(texts).join("") }).toEqual({ state: "quiet", asks: false, reasons: [], said: note });
  });
}

const CREDIT = { balance: "credit", name: "store credit", currency: "EUR", amount: "0.79", reasons: [{ label: "2% back", points_exact: "79.96" }] };

test("what balances of money get is told beside the points, or in their place", () => {
  const both = scene({ earning: { ...earned(39), credits: [CREDIT] } });
  expect(spoken(both)).toBe("Join and earn 39 beans and €0.79 store credit with this order, plus 100 to start");
  expect(both.texts.total).toBe("39 beans + €0.79 store credit");
  expect(both.reasons).toEqual([["2% back", "+0.7996 EUR"]]);
  const alone = scene({ earning: { ...earned(0), credits: [CREDIT] }, member: { tier: null } });
  expect(spoken(alone)).toBe("This order adds €0.79 store credit");
  expect(alone.texts).toMatchObject({ number: "€0.79", word: "store credit", worth: "" });
});

const PERKS = [{ label: "Free shipping" }, { label: "5% off" }];
const BY_SPEND = {
  ...PROGRAM,
  tiers_by: { what: "EUR", period: "year" },
  tiers: [
    { id: "silver", name: "Silver", from: 30000, perks: PERKS },
    { id: "gold", name: "Gold", from: 100000 },
  ],
  membership: { name: "Plus", yearly: [["EUR", 4900]], perks: [{ label: "Free shipping" }, { label: "Early access" }, { label: "A cake" }] },
};

for (const { what, by, earning, amount, next, progress } of [
  { what: "money", by: "EUR", earning: { ...earned(39), counted: "39.98" }, amount: 62500, next: "Spend €335.02 more after this order to reach Gold", progress: [46, 52] },
  { what: "money of another currency", by: "EUR", earning: { ...earned(39), currency: "JPY", counted: "3998" }, amount: 62500, next: "Spend €375.00 more after this order to reach Gold", progress: [46, 46] },
  { what: "orders", by: "orders", earning: { ...earned(39), counted: "39.98" }, amount: 99998, next: "1 more order to Gold after this one", progress: [99, 99] },
  { what: "points", by: "points", earning: { ...earned(39), counted: "39.98" }, amount: 99000, next: "961 beans more to Gold after this order", progress: [98, 98] },
]) {
  test(`the way to the next tier is told in ${what}, where tiers go by that`, () => {
    const member = { tier: "silver", outlook: { tier: "silver", next: { tier: "gold", amount } } };
    const told = scene({ earning, member }, { ...BY_SPEND, tiers_by: { what: by, period: "year" } });
    expect([told.texts.next, told.progress]).toEqual([next, progress]);
  });
}

test("a member reads her perks once each, three at most, and those of a membership while it is paid", () => {
  const perks = (more) => scene({ earning: { ...earned(39), counted: "39.98" }, member: { tier: "silver", ...more } }, BY_SPEND).texts.perks;
  expect(perks({})).toBe("Free shipping · 5% off");
  expect(perks({ paid_until: Date.now() + 1e6 })).toBe("Free shipping · 5% off · Early access");
  expect(perks({ paid_until: Date.now() - 1 })).toBe("Free shipping · 5% off");
});

test("who joined a programme without fee or tiers reads what all members have, also where orders earn nothing", () => {
  const free = { name: "Member", perks: PERKS };
  const told = ({ texts, state }) => [state, texts.tier, texts.perks, texts.note];
  const nothing = { ...PROGRAM, tiers: [], earn: { rates: [] }, rules: [{ id: "review", on: "review" }], membership: free };
  const earning = { ...earned(0), lines: [{ id: "a", points: 0 }], reasons: [] };
  expect(told(scene({ earning, member: {} }, nothing))).toEqual(["quiet", "Member", "Free shipping · 5% off", "Orders earn no beans"]);
  expect(told(scene({ earning, member: null }, nothing))).toEqual(["quiet", "", "", "Orders earn no beans"]);
  expect(told(scene({ member: {} }, { ...PROGRAM, tiers: [], membership: free })).slice(0, 3)).toEqual(["member", "Member", "Free shipping · 5% off"]);
});

test("a member reads from when on what waits is hers to spend", () => {
  const told = (pending, credits) => {
    const outlook = { tier: null, next: null, available: 496, pending, credits };
    return scene({ member: { tier: null, balance_points: 640, outlook } }).texts.balance;
  };
  const some = { points: 144, from: "2026-12-01" };
  expect(told(null)).toBe("You have 640 beans");
  expect(told(some)).toBe("You have 640 beans, 144 of them from 1 December");
  const credits = [{ name: "store credit", currency: "EUR", amount: "1.25" }];
  expect(told(some, credits)).toBe("You have 640 beans, 144 of them from 1 December, plus €1.25 store credit");
});

test("a member reads what credit she has", () => {
  const credits = [{ name: "store credit", currency: "EUR", amount: "1.25" }];
  const told = scene({ member: { tier: null, balance_points: 640, outlook: { tier: null, next: null, credits } } });
  expect(told.texts.balance).toBe("You have 640 beans, plus €1.25 store credit");
});

test("campaigns that run are told with their last day where the shop is, the first to end first, two at most", () => {
  const now = Date.now();
  const day = 86_400_000;
  // The first instant of a day in Berlin that is some days ahead.
  const ends = (days) => (Math.floor(now / day) + days) * day - 3_600_000;
  const last = (days) => new Intl.DateTimeFormat("en-IE", { day: "numeric", month: "long", timeZone: "UTC" }).format((Math.floor(now / day) + days - 1) * day);
  const campaigns = [
    { id: "a", label: "Always" },
    { id: "b", label: "Later", until: ends(20) },
    { id: "c", label: "Soon", from: now - 1, until: ends(10) },
    { id: "d", label: "Over", until: now },
    { id: "e", label: "To come", from: now + day },
  ];
  const told = (campaigns) => scene({}, { ...PROGRAM, offsets: [[0, 60]], campaigns }).texts.campaigns;
  expect(told(campaigns)).toBe(`Soon until ${last(10)} · Later until ${last(20)}`);
  expect(told(campaigns.slice(0, 1))).toBe("Always");
  expect(told([])).toBe("");
});

test("what stands in the way comes with what to do", () => {
  const advice = ["email", "pageEmail", "terms", "tooMany", "failed"].map((obstacle) => scene({ obstacle }).texts.problem);
  expect(new Set(advice).size).toBe(5);
  expect(advice.every((text) => /[a-z]\.$/.test(text))).toBe(true);
});

test("what points are worth is rounded down, in the currency's own decimals", () => {
  const worth = (points, currency, each) =>
    scene({ earning: { ...earned(points), currency } }, { ...PROGRAM, welcome_points: 0, points: { ...PROGRAM.points, worth: { [currency]: each } } }).texts.worth;
  expect(worth(39, "EUR", "0.0199")).toBe("About €0.77 off a later order");
  expect(worth(39, "JPY", "1.5")).toBe("About JP¥58 off a later order");
  expect(worth(1, "KWD", "0.0015")).toMatch(/^About KWD\s0\.001 off a later order$/);
  expect(worth(9, "EUR", "0.001"), "less than a cent").toBe("");
});

test("an e-mail has a name and a host", () => {
  for (const email of ["a@b.co", "maya.l+shop@mail.example.com", "ü@ö.example"]) expect(isEmail(email), email).toBe(true);
  for (const text of ["", "a", "@b.co", "a@b", "a@@b.co", "a@b.co.", "a b@c.de", "a@b@c.de"]) {
    expect(isEmail(text), text).toBe(false);
  }
});
