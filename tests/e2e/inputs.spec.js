// The ways a page feeds the box, in whatever order page, loader and elements come; and carts that are none.

import { EDGE } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { COFFEE, COFFEE_POINTS, GIFT_CARD, MUG, MUG_POINTS, heard, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";
import { holdBack } from "./weather.js";

const MAYA = { tier: "silver", balance_points: 640, earned_points: 540 };
const ELEMENT = '<earnest-checkout email-from="#email"></earnest-checkout>';
const inScript = (cart) =>
  `<earnest-checkout email-from="#email"><script type="application/json">${JSON.stringify(cart)}</script></earnest-checkout>`;

test("a cart set as a property before the loader has come is the cart", async ({ page }) => {
  const loader = await holdBack(page, "**/earnest.js");
  await openShopPage(page, { cart: MUG });
  await loader.asked;
  await expect(page.locator("earnest-checkout:not(:defined)")).toHaveCount(1);
  loader.letGo();
  await new Box(page).shows(MUG_POINTS);
});

test("a cart written into the page as JSON is the cart", async ({ page }) => {
  await openShopPage(page, { cart: null, element: inScript(MUG) });
  await new Box(page).shows(MUG_POINTS);
});

test("a cart sent as an event is the cart", async ({ page }) => {
  await openShopPage(page, { cart: null });
  const send = (cart) =>
    page.evaluate((detail) => document.dispatchEvent(new CustomEvent("earnest:cart", { detail })), cart);
  const box = new Box(page);
  await expect(box.element).toHaveJSProperty("isConnected", true);
  await page.evaluate(() => customElements.whenDefined("earnest-checkout").then(() => null));
  await send(MUG);
  await box.shows(MUG_POINTS);
  await send(COFFEE);
  await box.shows(COFFEE_POINTS);
});

test("a member set before the loader has come counts", async ({ page }) => {
  await openShopPage(page, { cart: COFFEE, member: MAYA });
  // 2 x 19.99 x 2.25 = 89.955.
  await new Box(page).shows(89);
});

for (const csp of ["", "script-src {nonce} {edge}"]) {
  test(`numbers and money are written as the page's language does, ${csp ? "without wasm too" : "with wasm"}`, async ({ page }) => {
    const mugs = { ...MUG, lines: [{ ...MUG.lines[0], quantity: 90 }] };
    await openShopPage(page, { csp, cart: mugs, lang: "de" });
    const box = new Box(page);
    await expect(box.points).toHaveText("1.440 beans");
    // 1,540 at 0.01.
    await expect(box.part("worth")).toContainText("15,40\u00a0€");
  });
}

test("a page without a cart shows no number and throws nothing", async ({ page }) => {
  await openShopPage(page, { cart: null });
  await expect.poll(() => heard(page, "ready")).toHaveLength(1);
  await page.locator("#buy").click();
  await expect(page.locator("#bought")).toHaveText("Bought");
  expect(await heard(page, "preview")).toEqual([]);
  expect(await heard(page, "error")).toEqual([]);
  await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), MUG);
  await new Box(page).shows(MUG_POINTS);
});

test("a page without the element loads neither programme nor module", async ({ page }) => {
  const asked = [];
  page.on("request", (request) => request.url().startsWith(EDGE) && asked.push(new URL(request.url()).pathname));
  await openShopPage(page, { element: "", cart: null });
  await page.evaluate(() => customElements.whenDefined("earnest-checkout").then(() => null));
  await page.locator("#buy").click();
  expect(asked).toEqual(["/earnest.js"]);
});

test("an element made later by a script works like one in the page", async ({ page }) => {
  await openShopPage(page, { element: "<div id=later></div>", cart: null });
  await page.evaluate((cart) => {
    const element = document.createElement("earnest-checkout");
    element.cart = cart;
    document.querySelector("#later").append(element);
  }, MUG);
  await new Box(page).shows(MUG_POINTS);
});

test("an element that is moved keeps its cart, its number and its work", async ({ page }) => {
  await openShopPage(page, { cart: COFFEE, main: "<aside></aside>" });
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await page.evaluate(() => document.querySelector("aside").append(document.querySelector("earnest-checkout")));
  await box.shows(COFFEE_POINTS);
  await page.evaluate((cart) => (document.querySelector("aside earnest-checkout").cart = cart), MUG);
  await box.shows(MUG_POINTS);
});

test("an element that is taken out does nothing, and works again when it is put back", async ({ page }) => {
  await openShopPage(page, { cart: COFFEE });
  const box = new Box(page);
  await box.shows(COFFEE_POINTS);
  await page.evaluate((cart) => {
    window.kept = document.querySelector("earnest-checkout");
    kept.remove();
    kept.cart = cart;
  }, MUG);
  await expect(box.element).toHaveCount(0);
  await page.evaluate(() => document.querySelector("main").append(window.kept));
  await box.shows(MUG_POINTS);
});

test("an element that is taken out while it loads is no trouble", async ({ page }) => {
  const program = await holdBack(page, "**/v1/program*");
  await openShopPage(page, { cart: COFFEE });
  await program.asked;
  await page.evaluate(() => document.querySelector("earnest-checkout").remove());
  const answered = page.waitForResponse("**/v1/program*");
  program.letGo();
  await answered;
  await page.locator("#buy").click();
  await expect(page.locator("#bought")).toHaveText("Bought");
});

test("two elements on a page show their own carts", async ({ page }) => {
  await openShopPage(page, { cart: COFFEE, element: `${ELEMENT}<div id="second">${ELEMENT}</div>` });
  const [first, second] = [new Box(page, "main > earnest-checkout"), new Box(page, "#second > earnest-checkout")];
  await first.shows(COFFEE_POINTS);
  await page.evaluate((cart) => (document.querySelector("#second > earnest-checkout").cart = cart), MUG);
  await second.shows(MUG_POINTS);
  await first.shows(COFFEE_POINTS);
});

test("the script embedded twice is as good as once", async ({ page }) => {
  await openShopPage(page, { cart: MUG });
  await new Box(page).shows(MUG_POINTS);
  await page.evaluate(async () => {
    const again = document.createElement("script");
    for (const { name, value } of document.querySelector("script[data-shop]").attributes) again.setAttribute(name, value);
    const loaded = new Promise((resolve) => (again.onload = resolve));
    document.head.append(again);
    await loaded;
  });
  await new Box(page).shows(MUG_POINTS);
});

const NO_CARTS = [
  { name: "a quantity of 0", cart: line({ quantity: 0 }), code: "quantity_out_of_range", pointer: "/lines/0/quantity" },
  { name: "an amount that is none", cart: line({ unit_price: "1,00" }), code: "amount_malformed", pointer: "/lines/0/unit_price" },
  { name: "a currency that is none", cart: { ...MUG, currency: "EUX" }, code: "currency_unknown", pointer: "/currency" },
];

for (const { name, cart, code, pointer } of NO_CARTS) {
  test(`a cart with ${name} is an event that says where, and the page goes on`, async ({ page, complaints }) => {
    await openShopPage(page, { cart: COFFEE });
    const box = new Box(page);
    await box.shows(COFFEE_POINTS);
    await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), cart);
    await expect.poll(() => heard(page, "error")).toHaveLength(1);
    const [error] = await heard(page, "error");
    expect(error).toMatchObject({ code, pointer });
    expect(error.message).not.toBe("");
    // A number for another cart than hers would be a lie.
    await expect(box.element).not.toContainText(String(COFFEE_POINTS));

    await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), GIFT_CARD);
    await expect(box.element).toContainText("Gift cards don't earn beans");
    expect(complaints).toEqual([]);
  });
}

for (const cart of [{}, [], "a cart", 7, { lines: null, currency: "EUR" }, { currency: "EUR", lines: [null] }]) {
  test(`${JSON.stringify(cart)} for a cart is an event, not an exception`, async ({ page, complaints }) => {
    await openShopPage(page, { cart: MUG });
    const box = new Box(page);
    await box.shows(MUG_POINTS);
    await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), cart);
    await expect.poll(() => heard(page, "error")).toHaveLength(1);
    await page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), COFFEE);
    await box.shows(COFFEE_POINTS);
    expect(complaints).toEqual([]);
  });
}

test("JSON in the page that is none is an event, not an exception", async ({ page, complaints }) => {
  await openShopPage(page, {
    cart: null,
    element: '<earnest-checkout><script type="application/json">{"currency": </script></earnest-checkout>',
  });
  await expect.poll(() => heard(page, "error")).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test("a shop or key that the edge does not know is an event, and the page goes on", async ({ page }) => {
  await page.route("**/v1/program*", (route) => route.continue({ url: `${EDGE}/v1/program?shop=nobody` }));
  await openShopPage(page, { cart: MUG });
  await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  await page.locator("#buy").click();
  await expect(page.locator("#bought")).toHaveText("Bought");
});

function line(change) {
  return { ...MUG, lines: [{ ...MUG.lines[0], ...change }] };
}
