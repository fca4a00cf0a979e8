// The edge is down, slow, or half there: the shop must not notice. Orders go to the shop's own server
// (`/demo/…`), which has nothing to do with what a page loads from Earnest.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { DemoStore } from "./demo-store.js";
import { MUG_POINTS, MUG, heard, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";
import { holdBack, shifted, watchShifts } from "./weather.js";

const LOADER = "**/earnest.js";
const FILES = "**/earnest/*";
const WASM = "**/earnest/*.wasm";
const API = "**/v1/**";
const PROGRAM = "**/v1/program*";
const PREVIEW = "**/v1/preview";
/** What a page says that lets scripts of the edge run, but no wasm. */
const NO_WASM = "script-src {nonce} {edge}";

/** What may be out of reach of a shopper's browser. */
const OUTAGES = [
  { name: "all of the edge", routes: [LOADER, FILES, API] },
  { name: "everything but the loader", routes: [FILES, API] },
  { name: "the API", routes: [API] },
  { name: "the programme", routes: [PROGRAM] },
];

for (const { name, routes } of OUTAGES) {
  test(`with ${name} down, the order is placed and nothing is thrown`, async ({ page, complaints }) => {
    for (const route of routes) await page.route(route, (request) => request.abort());
    await placesAnOrder(page);
    expect(complaints).toEqual([]);
  });

  test(`with ${name} answering 503, the order is placed and nothing is thrown`, async ({ page, complaints }) => {
    for (const route of routes) {
      await page.route(route, (request) => request.fulfill({ status: 503, contentType: "text/html", body: "<p>Sorry" }));
    }
    await placesAnOrder(page);
    expect(complaints).toEqual([]);
  });
}

test("with the wasm gone, the points come from the edge all the same", async ({ page, complaints }) => {
  await page.route(WASM, (route) => route.fulfill({ status: 404, body: "gone" }));
  await openShopPage(page, { cart: MUG });
  await new Box(page).shows(MUG_POINTS);
  expect((await heard(page, "ready")).map(({ mode }) => mode)).toEqual(["edge"]);
  expect(complaints).toEqual([]);
});

test("with bytes that are no wasm, the points come from the edge all the same", async ({ page, complaints }) => {
  await page.route(WASM, (route) =>
    route.fulfill({ contentType: "application/wasm", headers: { "access-control-allow-origin": "*" }, body: "html" }),
  );
  await openShopPage(page, { cart: MUG });
  await new Box(page).shows(MUG_POINTS);
  expect(complaints).toEqual([]);
});

test("a slow edge: the box keeps its place, the order can be placed meanwhile", async ({ page }) => {
  const program = await holdBack(page, PROGRAM);
  const store = new DemoStore(page);
  await store.fillCart({ mug: 1 });
  await store.goToCheckout();
  await program.asked;
  await store.fillAddress(newEmail());
  await store.buy();
  await expect(page.locator("#beans-title")).toHaveText("16 beans kept for you");
  program.letGo();
});

const MAYA = { tier: "silver", balance_points: 640, earned_points: 540 };
/** Who reads the box, and the room that the shop keeps for it before the loader has come. */
const READERS = [
  { name: "a guest", options: {}, room: "25em", points: MUG_POINTS },
  {
    name: "a guest whose e-mail the page does not know",
    options: { element: "<earnest-checkout></earnest-checkout>" },
    room: "30.25em",
    points: MUG_POINTS,
  },
  { name: "a member", options: { member: MAYA }, room: "19.3em", points: 20 },
];

for (const { name, options, room, points } of READERS) {
  for (const csp of ["", NO_WASM]) {
    const where = csp ? " on a page without wasm" : "";
    test(`a slow edge that answers at last: the box of ${name}${where} fills its place and moves nothing`, async ({ page }) => {
      await watchShifts(page);
      const program = await holdBack(page, PROGRAM);
      const preview = await holdBack(page, PREVIEW);
      const style = `earnest-checkout:not(:defined) { min-height: ${room} }`;
      await openShopPage(page, { cart: MUG, csp, style, ...options });
      await program.asked;
      const before = await page.locator("#buy").boundingBox();
      program.letGo();
      if (csp) await preview.asked;
      expect(await shifted(page), "while it waits for the preview").toEqual([]);
      preview.letGo();
      await new Box(page).shows(points);
      expect(await page.locator("#buy").boundingBox()).toEqual(before);
      expect(await shifted(page)).toEqual([]);
    });
  }
}

test("a programme that is cut off half way counts as an edge that is down", async ({ page, complaints }) => {
  await page.route(PROGRAM, (route) =>
    route.fulfill({
      contentType: "application/json",
      headers: { "access-control-allow-origin": "*" },
      body: '{"version":1,"name":"Slow',
    }),
  );
  await openShopPage(page, { cart: MUG });
  await expect.poll(() => heard(page, "error")).toHaveLength(1);
  await page.locator("#buy").click();
  await expect(page.locator("#bought")).toHaveText("Bought");
  expect(complaints).toEqual([]);
});

test("an edge that is down is told to the shop as an event", async ({ page }) => {
  await page.route(API, (route) => route.abort());
  await openShopPage(page, { cart: MUG });
  await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  const [{ code, message }] = await heard(page, "error");
  expect(code).toMatch(/^[a-z_]+$/);
  expect(message).not.toBe("");
});

test("joining while the edge is down says what to do, and joining again works", async ({ page }) => {
  await openShopPage(page, { cart: MUG });
  const box = new Box(page);
  await box.shows(MUG_POINTS);
  await page.locator("#email").fill(newEmail());
  await page.route("**/v1/members", (route) => route.abort());
  await box.terms.check();
  await box.joinButton.click();
  await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  await expect(box.element).toContainText(/try again|order/i);
  await expect(box.terms).toBeChecked();

  await page.unroute("**/v1/members");
  await box.joinButton.click();
  await box.joined();
});

for (const [device, viewport] of [
  ["a phone", { width: 390, height: 844 }],
  ["a tablet", { width: 768, height: 1024 }],
  ["a desktop", { width: 1280, height: 900 }],
]) {
  for (const [what, pattern] of [
    ["the loader", LOADER],
    ["the programme", PROGRAM],
  ]) {
    test(`on ${device}, nothing moves when ${what} comes late to the checkout`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await watchShifts(page);
      const store = new DemoStore(page);
      await store.fillCart({ "kenya-aa": 1, mug: 1 });
      const late = await holdBack(page, pattern);
      await page.goto("/demo/checkout", { waitUntil: "domcontentloaded" });
      await store.placeOrder.scrollIntoViewIfNeeded();
      await late.asked;
      late.letGo();
      await store.box.shows(55);
      expect(await shifted(page)).toEqual([]);
    });
  }
}

async function placesAnOrder(page) {
  const store = new DemoStore(page);
  await store.fillCart({ mug: 1 });
  await store.goToCheckout();
  await store.fillAddress(newEmail());
  await store.chooseExpress();
  await expect(store.total).toHaveText("€25.90");
  await store.buy();
  await expect(page.locator("#beans-title")).toHaveText("16 beans kept for you");
}
