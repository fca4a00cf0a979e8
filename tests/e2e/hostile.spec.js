// A page that is not kind: its CSS reaches for everything, its scripts have changed what scripts rely on.
// The box looks the same, works, and leaves nothing behind.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { COFFEE, COFFEE_POINTS, MUG, MUG_POINTS, heard, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";
import { portrait } from "./portrait.js";

const HOSTILE_CSS = [
  {
    name: "unsets everything everywhere",
    style: "* { all: unset !important } main { display: block !important; width: 448px !important }",
  },
  {
    name: "styles every element by name",
    style: `div, p, span, section, fieldset, ul, li, label, button, input, details, summary, output, h2, h3, svg, a {
      position: fixed !important; float: right !important; display: none !important; margin: 77px !important;
      width: 3px !important; color: yellow !important; background: yellow !important; visibility: hidden !important }`,
  },
  {
    name: "speaks loudly to all that can inherit",
    style: `* { letter-spacing: 9px !important; text-transform: uppercase !important; text-align: right !important;
      text-indent: 40px !important; word-spacing: 30px !important; visibility: hidden !important;
      line-height: 4 !important; white-space: pre !important; cursor: wait !important;
      user-select: none !important; pointer-events: none !important; font-style: italic !important }`,
  },
  {
    name: "names parts, classes and properties of the box",
    style: `.box, .points, .button, #box, [part] { display: none !important; font-size: 90px !important }
      :root { --gap: 90px; --accent: red; --radius: 90px; --faint: red; --on-accent: red; --ring: red; --room: 900px }`,
  },
];

for (const { name, style } of HOSTILE_CSS) {
  test(`CSS that ${name} does not change the box`, async ({ page }) => {
    const calm = await portraitOf(page, "");
    const spoilt = await portraitOf(page, style);
    expect(calm.length).toBeGreaterThan(5);
    expect(spoilt).toEqual(calm);
  });
}

test("on a page zoomed and set large, the box still does its work", async ({ page }) => {
  await openShopPage(page, {
    style: "body { zoom: 1.7 } html { font-size: 40px } * { font-size: 40px !important; all: revert }",
  });
  await joins(page);
});

test("in a form, keys and clicks in the box do not submit it", async ({ page }) => {
  await openShopPage(page, {
    element: `<form id="order"><earnest-checkout email-from="#email"></earnest-checkout></form>`,
    main: `<script nonce="shop">
      window.submitted = 0;
      document.querySelector("#order").onsubmit = (event) => { event.preventDefault(); window.submitted += 1; };
    </script>`,
  });
  await joins(page);
  expect(await page.evaluate(() => window.submitted)).toBe(0);
});

const HOSTILE_GLOBALS = [
  {
    name: "methods of its own on every array and object",
    before: `Array.prototype.last = function () { return this[this.length - 1] };
      Array.prototype.points = 7; Object.prototype.each = function () {};
      Object.prototype.discount = "3.00"; String.prototype.cart = true;`,
  },
  {
    name: "frozen prototypes",
    before: `for (const one of [Object, Array, String, Number, Promise, Map, Set, Function, Element, HTMLElement, Event])
      Object.freeze(one.prototype);`,
  },
  {
    name: "an old polyfill of fetch that answers late and in its own way",
    before: `const real = window.fetch; window.fetch = function (input, init) {
      return new Promise((resolve, reject) => setTimeout(() => real(input, init).then(resolve, reject))) };`,
  },
  {
    name: "variables named as ours might be",
    before: `var wasm = 1, Engine = 2, widget = 3, earnest_checkout = 4, __wbindgen = 5, define = Object.assign(() => {}, { amd: {} }),
      module = { exports: {} }, exports = module.exports, require = () => { throw new Error("no") }, process = { env: {} };`,
  },
  {
    name: "a custom element registry that was wrapped",
    before: `const define = customElements.define; customElements.define = function (...all) { return define.apply(this, all) };`,
  },
];

for (const { name, before } of HOSTILE_GLOBALS) {
  test(`a page with ${name} gets its points, and joins`, async ({ page }) => {
    await openShopPage(page, { before });
    await joins(page);
  });
}

test("no global is made but one, and none of the page's is changed", async ({ page }) => {
  const names = () => page.evaluate(() => Object.getOwnPropertyNames(window));
  await openShopPage(page, { element: "", cart: null, before: "" });
  await page.route("**/earnest.js", (route) => route.abort());
  await page.reload();
  const without = await names();
  await page.unroute("**/earnest.js");
  await openShopPage(page);
  await joins(page);
  const added = (await names()).filter((name) => !without.includes(name));
  expect(added.filter((name) => !/^earnest$/i.test(name))).toEqual([]);
  expect(added.length).toBeLessThanOrEqual(1);
});

test("no cookie is set and nothing is stored", async ({ page, context }) => {
  await openShopPage(page);
  await joins(page);
  expect(await context.cookies()).toEqual([]);
  const stored = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(stored).toEqual({ local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
});

test("labels from a programme are text, whatever they look like", async ({ page }) => {
  const markup = `<img src=x onerror="window.pwned = 1"><b>2x</b>`;
  await page.route("**/v1/program*", async (route) => {
    const answer = await route.fetch();
    const program = await answer.json();
    program.rules[0].label = markup;
    program.name = markup;
    await route.fulfill({ response: answer, json: program });
  });
  await openShopPage(page);
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await box.why.click();
  await expect(box.reasons).toContainText(markup);
  expect(await page.evaluate(() => window.pwned)).toBeUndefined();
});

async function portraitOf(page, style) {
  await openShopPage(page, { style });
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await page.evaluate(() => document.querySelector("earnest-checkout").shadowRoot.querySelector("summary, [aria-expanded]").click());
  await expect.poll(() => heard(page, "preview")).not.toHaveLength(0);
  return portrait(page);
}

/** The box previews one cart, then another, and takes the shopper in. */
async function joins(page) {
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), MUG);
  await box.shows(MUG_POINTS);
  await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), COFFEE);
  await box.shows(COFFEE_POINTS);
  await page.locator("#email").fill(newEmail());
  await box.join();
  expect(await heard(page, "enrolled")).toEqual([{ welcome_points: 100 }]);
}
