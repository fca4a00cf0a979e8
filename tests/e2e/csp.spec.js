// Pages with a strict Content-Security-Policy: no wasm, no inline styles, Trusted Types. Where wasm is
// forbidden the Worker previews, and nobody sees a difference.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { COFFEE, COFFEE_POINTS, GIFT_CARD, MUG, MUG_POINTS, heard, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";
import { portrait } from "./portrait.js";
import { STATES } from "./states.js";

const STRICT = "default-src 'none'; base-uri 'none'; img-src 'self'; style-src {nonce}; connect-src {edge}; ";
const NO_WASM = `${STRICT} script-src {nonce} {edge}`;
const WITH_WASM = `${NO_WASM} 'wasm-unsafe-eval'`;
const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'";

const MAYA = { tier: "silver", balance_points: 640, earned_points: 540 };

test("a page that forbids wasm gets the same points and reasons from the Worker", async ({ page }) => {
  await openShopPage(page, { csp: WITH_WASM });
  const inModule = await previews(page);
  expect((await heard(page, "ready")).map(({ mode }) => mode)).toEqual(["wasm"]);

  await openShopPage(page, { csp: NO_WASM });
  const atEdge = await previews(page);
  expect((await heard(page, "ready")).map(({ mode }) => mode)).toEqual(["edge"]);

  expect(inModule.map(({ points }) => points)).toEqual([79, 16, 0, 89]);
  expect(atEdge).toEqual(inModule);
});

for (const [state, reach] of Object.entries(STATES)) {
  test(`in the state "${state}", a page that forbids wasm shows the same box to the last word`, async ({ context }) => {
    const email = newEmail();
    const portraits = [];
    for (const csp of [WITH_WASM, NO_WASM]) {
      const page = await context.newPage();
      await reach(page, { csp, email });
      portraits.push(await portrait(page));
    }
    const [inModule, atEdge] = portraits;
    expect(atEdge).toEqual(inModule);
  });
}

test("on a page that forbids wasm she joins, and the disclosure answers why", async ({ page }) => {
  await openShopPage(page, { csp: NO_WASM });
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await box.why.click();
  await expect(box.reasons).toContainText("2x on coffee");
  await page.locator("#email").fill(newEmail());
  await box.join();
  expect(await heard(page, "enrolled")).toEqual([{ welcome_points: 100 }]);
});

test("on a page that forbids wasm the last cart wins, however the answers arrive", async ({ page }) => {
  await openShopPage(page, { csp: NO_WASM });
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  // The first answer is kept until the second has been shown.
  let first = null;
  const held = new Promise((resolve) => (first = resolve));
  let asked = 0;
  await page.route("**/v1/preview", async (route) => {
    asked += 1;
    if (asked === 1) await held;
    await route.continue().catch(() => {});
  });
  await setCart(page, GIFT_CARD);
  await expect.poll(() => asked).toBe(1);
  await setCart(page, MUG);
  await box.shows(MUG_POINTS);
  first();
  await page.unroute("**/v1/preview", { behavior: "wait" });
  await box.shows(MUG_POINTS);
  expect((await heard(page, "preview")).at(-1).earning.points).toBe(MUG_POINTS);
});

for (const [name, csp] of [
  ["with wasm", WITH_WASM],
  ["without wasm", NO_WASM],
]) {
  test(`a page of Trusted Types and strict styles, ${name}, has the box as any other`, async ({ page }) => {
    await openShopPage(page);
    await new Box(page).shows(COFFEE_POINTS);
    const usual = await portrait(page);

    await openShopPage(page, { csp: csp + TRUSTED_TYPES, before: KEEP_VIOLATIONS });
    const box = new Box(page);
    await box.shows(COFFEE_POINTS);
    expect(await portrait(page)).toEqual(usual);
    await page.locator("#email").fill(newEmail());
    await box.join();
    const wasmOnly = await page.evaluate(() => window.violations.filter((what) => what !== "wasm-eval"));
    expect(wasmOnly).toEqual([]);
  });
}

test("a page that lets nothing reach the edge is left in peace", async ({ page }) => {
  await openShopPage(page, { csp: "script-src {nonce} {edge}; connect-src 'none'" });
  await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  await page.locator("#buy").click();
  await expect(page.locator("#bought")).toHaveText("Bought");
});

/** What the policy stopped, by directive or by what was blocked. */
const KEEP_VIOLATIONS = `
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(event.blockedURI === "wasm-eval" ? "wasm-eval" : event.violatedDirective + " " + event.blockedURI));
`;

/** The earnings of four questions, as the page hears them. */
async function previews(page) {
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  const earnings = [(await heard(page, "preview")).at(-1).earning];
  for (const change of [{ cart: MUG }, { cart: GIFT_CARD }, { cart: COFFEE, member: MAYA }]) {
    earnings.push(await page.evaluate(nextPreview, change));
  }
  return earnings;
}

/** Runs in the page: makes the change and waits for what the box says to it. */
async function nextPreview(change) {
  const element = document.querySelector("earnest-checkout");
  const heard = new Promise((resolve) => element.addEventListener("earnest:preview", resolve, { once: true }));
  if (change.member) element.member = change.member;
  else element.cart = change.cart;
  const first = await heard;
  if (!change.member) return first.detail.earning;
  const second = new Promise((resolve) => element.addEventListener("earnest:preview", resolve, { once: true }));
  element.cart = change.cart;
  return (await second).detail.earning;
}

function setCart(page, cart) {
  return page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), cart);
}
