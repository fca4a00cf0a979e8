// What the box says in each state, to the word. No browser: scenes are pure.

import { expect, test } from "@playwright/test";
import { isEmail, sceneOf, spoken } from "../../www/earnest/scene.js";
import { Speech } from "../../www/earnest/speech.js";

const SPEECH = new Speech("en-IE");

const PROGRAM = {
  version: 1,
  name: "Slow Harbour Beans",
  points: { one: "bean", other: "beans", worth: { EUR: "0.01" } },
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
  ["that is empty", { ...earned(0), lines: [] }, "Your cart is empty, so it earns no beans"],
  ["that is none", null, "Your beans can't be shown for this cart. Your order is not affected."],
]) {
  test(`a cart ${what} says why in one line`, () => {
    const { state, asks, reasons, texts } = scene({ earning });
    expect({ state, asks, reasons, said: Object.values(texts).join("") }).toEqual({ state: "quiet", asks: false, reasons: [], said: note });
  });
}

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
