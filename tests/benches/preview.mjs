// How long the browser module takes for the preview of a 20-line cart, in Chromium, beside two decimal
// libraries of JavaScript that compute the same total in the same run.
//
// The module does more: it checks the cart and earns it line by line, each with its reasons. What is timed
// is the whole call, from the page's cart object to the points that the page shows; reasons are told when
// somebody reads them. A clock has no verdict on a busy machine, so nothing fails here: read the ratios.

import { build } from "esbuild";
import { withEngine } from "./module.mjs";

const BUDGET_MICROSECONDS = 20;

const program = {
  version: 1,
  name: "Bench",
  points: { one: "point", other: "points" },
  earn: {
    rates: [{ currency: "EUR", label: "1.5 points per 1.00 EUR", spend: { currency: "EUR", per_unit: "1.5" } }],
    include_tax: true,
    include_shipping: false,
    rounding: "floor",
    round_per: "order",
  },
  tiers: [{ id: "silver", name: "Silver", label: "Silver: 1.25x", from_points: 300, multiplier: "1.25" }],
  exclusions: [{ id: "gift-cards", label: "Gift cards", when: [{ fact: "category", any_of: ["gift-cards"] }] }],
  rules: [{ id: "coffee", label: "2x", when: [{ fact: "category", any_of: ["coffee"] }], grant: { multiply: "2" } }],
};
const categories = ["coffee", "brewing", "gift-cards", "kitchen"];
const cart = {
  currency: "EUR",
  lines: Array.from({ length: 20 }, (_, nth) => ({
    id: `line-${nth}`,
    product: `product-${nth}`,
    categories: [categories[nth % 4]],
    quantity: 1 + (nth % 3),
    unit_price: `${4 + nth}.${10 + nth}`,
    discount: nth % 5 === 0 ? "0.50" : "0.00",
  })),
};
const member = { tier: "silver", balance_points: 240, earned_points: 540 };

const { outputFiles } = await build({
  stdin: { contents: libraries(), resolveDir: import.meta.dirname },
  bundle: true,
  write: false,
  format: "iife",
  globalName: "libraries",
});

const figures = await withEngine(process.env.EARNEST_EDGE, program, async (page) => {
  await page.addScriptTag({ content: outputFiles[0].text });
  return page.evaluate(measure, { cart, member });
});

// The best round is what the machine can do undisturbed; the median says how disturbed it was.
console.log("a 20-line cart, cart object in, points out, in Chromium; 60 rounds");
console.log(`  ${"".padEnd(10)} ${"best".padStart(11)} ${"median".padStart(11)}   best, beside earnest`);
for (const [name, { best, median }] of Object.entries(figures)) {
  const [low, middle] = [best, median].map((time) => `${time.toFixed(2)} µs`.padStart(11));
  console.log(`  ${name.padEnd(10)} ${low} ${middle}   ${(best / figures.earnest.best).toFixed(2)} x`);
}
const holds = figures.earnest.best < BUDGET_MICROSECONDS;
console.log(`  ${holds ? "within" : "ABOVE"} the ${BUDGET_MICROSECONDS} µs that a preview may take`);

/** The same programme, written out for each library: the total only, without reasons. */
function libraries() {
  return `
    import Big from "big.js";
    import { dinero, add, subtract, multiply, toSnapshot } from "dinero.js";
    const EUR = { code: "EUR", base: 10, exponent: 2 };
    const cents = (text) => Number(text.replace(".", ""));
    const factor = (line, tier) =>
      line.categories.includes("gift-cards") ? 0 : tier + (line.categories.includes("coffee") ? 100 : 0);

    export const plain = (cart) => {
      let total = 0;
      for (const line of cart.lines)
        total += (cents(line.unit_price) * line.quantity - cents(line.discount)) * factor(line, 125);
      return Math.floor((total * 15) / 100000);
    };
    export const big = (cart) => {
      let total = new Big(0);
      for (const line of cart.lines) {
        const net = new Big(line.unit_price).times(line.quantity).minus(line.discount);
        total = total.plus(net.times("1.5").times(new Big(factor(line, 125)).div(100)));
      }
      return Number(total.round(0, Big.roundDown).toString());
    };
    export const dineroJs = (cart) => {
      let total = dinero({ amount: 0, currency: EUR, scale: 5 });
      for (const line of cart.lines) {
        const price = dinero({ amount: cents(line.unit_price), currency: EUR });
        const off = dinero({ amount: cents(line.discount), currency: EUR });
        const net = subtract(multiply(price, line.quantity), off);
        const exact = multiply(multiply(net, { amount: 15, scale: 1 }), { amount: factor(line, 125), scale: 2 });
        total = add(total, exact);
      }
      const { amount, scale } = toSnapshot(total);
      return Math.floor(amount / 10 ** scale);
    };`;
}

/** Runs in the page. Rounds alternate between the candidates, so that all see the same weather. */
function measure({ cart, member }) {
  const { libraries, engine } = window;
  const now = Date.now();
  const candidates = {
    earnest: () => engine.evaluate(cart, member, now).points,
    "big.js": () => libraries.big(cart),
    "dinero.js": () => libraries.dineroJs(cart),
    "plain ints": () => libraries.plain(cart),
  };
  const answers = Object.entries(candidates).map(([name, run]) => [name, run()]);
  if (new Set(answers.map(([, points]) => points)).size !== 1 || answers[0][1] === 0)
    throw new Error(`the candidates disagree: ${JSON.stringify(answers)}`);

  const CALLS = 500;
  const times = Object.fromEntries(answers.map(([name]) => [name, []]));
  for (let round = 0; round < 80; round += 1) {
    for (const [name, run] of Object.entries(candidates)) {
      const started = performance.now();
      for (let call = 0; call < CALLS; call += 1) run();
      // The first rounds warm the compiler up.
      if (round >= 20) times[name].push(((performance.now() - started) * 1000) / CALLS);
    }
  }
  const told = (list) => {
    list.sort((a, b) => a - b);
    return { best: list[0], median: list[list.length >> 1] };
  };
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, told(list)]));
}
