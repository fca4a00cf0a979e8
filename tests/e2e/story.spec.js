// The main job, as a shopper lives it: an empty cart, the number at the checkout, the order, the points.
// Every expected number is worked out by hand from the demo shop's programme: a bean a euro, twice on
// coffee, 25 for a tasting bundle, none for gift cards, parts dropped once for the whole order.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { DemoStore } from "./demo-store.js";

test("from an empty cart to points booked: what she saw is what she has", async ({ page }) => {
  const store = new DemoStore(page);
  await store.fillCart({ "kenya-aa": 1, mug: 1 });
  await page.locator("#cart-open").click();
  await store.line("kenya-aa").locator("[data-test=more]").click();
  await expect(store.line("kenya-aa").locator("[data-test=quantity]")).toHaveText("2");
  await page.locator("#to-checkout").click();

  // 2 x 19.99 twice, and 16.00: 79.96 + 16 = 95.96.
  await store.box.shows(95);
  await store.line("kenya-aa").locator("[data-test=less]").click();
  // 39.98 + 16 = 55.98.
  await store.box.shows(55);
  await store.applyCoupon("harbour10");
  await expect(page.locator("[data-test=discount]")).toHaveText("−€3.60");
  // 10% of 35.99 is 3.60, of which the coffee bears 2.00 and the mug 1.60: 2 x 17.99 + 14.40 = 50.38.
  await store.box.shows(50);
  await store.line("mug").locator("[data-test=remove]").click();
  // 10% of 19.99 is 2.00: 2 x 17.99 = 35.98.
  await store.box.shows(35);

  await store.fillAddress(newEmail());
  await store.box.join();
  await store.box.shows(35);
  await store.buy();
  await store.expectBooked(35);
  await expect(page.locator("#beans-words")).toHaveText("You have 135 beans now.");
  await expect(page.locator("#beans-wait")).toBeVisible();
  await expect(page.locator("#ledger tr[data-kind=welcome]")).toContainText("+100");
});

test("neither consent is given for her, and joining asks for the terms alone", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ chocolate: 1 });
  await expect(store.box.terms).not.toBeChecked();
  await expect(store.box.marketing).not.toBeChecked();
  await store.fillAddress(newEmail());

  // Asked to join without the terms, the box says what is missing and sends nothing.
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/v1/members") && asked.push(request.postDataJSON()));
  await store.box.joinButton.click();
  await expect(store.box.terms).toBeFocused();
  expect(asked).toEqual([]);

  await store.box.join();
  expect(asked.map(({ consent }) => consent)).toEqual([{ terms: true, marketing: false }]);
});

test("marketing is asked for by itself, and sent as she said", async ({ page }) => {
  const store = new DemoStore(page);
  const email = newEmail();
  await store.checkOut({ chocolate: 1 });
  await store.fillAddress(email);
  await store.box.marketing.check();
  const sent = page.waitForRequest("**/v1/members");
  await store.box.join();
  expect((await sent).postDataJSON()).toEqual({ email, consent: { terms: true, marketing: true } });
});

const CARTS = [
  // Three bars at 5.95 are 17.85; delivery earns nothing.
  { name: "express delivery", cart: { chocolate: 3 }, express: true, points: 17 },
  // The price that she pays counts, not the one that is struck through: 2 x 13.90.
  { name: "a sale", cart: { "low-tide-decaf": 1 }, points: 27 },
  // The gift card earns nothing, the mug its 16.00.
  { name: "a gift card beside a mug", cart: { "gift-card": 2, mug: 1 }, points: 16 },
  // 2 x 42.00 and 25 for each.
  { name: "two tasting bundles", cart: { "tasting-bundle": 2 }, points: 134 },
  // 10% of 25.00 + 19.99 is 4.50, of which the coffee bears 2.00: 2 x 17.99.
  { name: "a coupon over coffee and a gift card", cart: { "gift-card": 1, "kenya-aa": 1 }, coupon: true, points: 35 },
  // 89.95 + 64.00 + 24.90 + 4.50 + 28.00 + 18.50 = 229.85.
  {
    name: "many lines",
    cart: { grinder: 1, kettle: 1, dripper: 1, "filter-papers": 1, "cold-brew-bottle": 1, tote: 1 },
    points: 229,
  },
];

for (const { name, cart, express, coupon, points } of CARTS) {
  test(`with ${name}, the prompt, the confirmation and the ledger say the same`, async ({ page }) => {
    const store = new DemoStore(page);
    await store.checkOut(cart);
    if (express) await store.chooseExpress();
    if (coupon) await store.applyCoupon("HARBOUR10");
    await store.box.shows(points);
    await store.fillAddress(newEmail());
    await store.box.join();
    await store.buy();
    await store.expectBooked(points);
  });
}

test("the disclosure is closed, and answers why in a line for each reason", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ "kenya-aa": 1, mug: 1 });
  await store.box.shows(55);
  await expect(store.box.reasons).toBeHidden();
  await store.box.why.click();
  await expect(store.box.reasons).toBeVisible();
  await expect(store.box.reasons).toContainText("1 bean per 1.00 EUR");
  await expect(store.box.reasons).toContainText("2x on coffee");
  await expect(store.box.reasons).toContainText("55");
});

test("nothing to earn says why, and booking agrees", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ "gift-card": 1 });
  await expect(store.box.element).toContainText("Gift cards don't earn beans");
  await store.fillAddress(newEmail());
  await store.buy();
  await expect(page.locator("#beans-title")).toHaveText("No beans on this one");
  await store.openMerchant();
  await store.expectAgreement();
});

test("an order below the minimum earns nothing, and says so before she buys", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ "filter-papers": 1 });
  await expect(store.box.element).toContainText("0.50");
  await store.line("filter-papers").locator("[data-test=more]").click();
  await store.box.shows(9);
});

test("a guest who does not join buys all the same, and is told what is kept for her", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ mug: 1 });
  await store.box.shows(16);
  await store.fillAddress(newEmail());
  await store.buy();
  await expect(page.locator("#beans-title")).toHaveText("16 beans kept for you");
  await expect(page.locator("#beans-words")).toContainText("within 30 days");
  await expect(page.locator("#beans-wait")).toBeHidden();
  await store.openMerchant();
  await store.expectAgreement();
  await expect(page.locator("#ledger tr[data-kind]")).toHaveCount(0);
});

test("signed in, Maya sees her tier and balance, and earns as silver", async ({ page }) => {
  const store = new DemoStore(page);
  await store.fillCart({ "kenya-aa": 1 });
  await store.signIn();
  await store.goToCheckout();
  // 19.99 x (2 + 0.25) = 44.9775.
  await store.box.shows(44);
  await expect(store.box.element).toContainText("Silver");
  const balance = await store.box.balance();
  await expect(store.box.joinButton).toHaveCount(0);
  await store.buy();
  await store.expectBooked(44);
  await expect(page.locator("#beans-words")).toHaveText(`You have ${balance + 44} beans now.`);
});

test("signing in and out at the checkout changes the number each time", async ({ page }) => {
  const store = new DemoStore(page);
  await store.checkOut({ "kenya-aa": 1 });
  await store.box.shows(39);
  await store.signIn();
  await store.box.shows(44);
  await page.locator("#sign-out").click();
  await store.box.shows(39);
  await expect(store.box.terms).not.toBeChecked();
});

test("who is a member already gets the same answer, one welcome and this order's points", async ({ page }) => {
  const email = newEmail();
  const store = new DemoStore(page);
  const answers = [];
  page.on("response", async (response) => {
    if (response.url().endsWith("/v1/members")) answers.push([response.status(), await response.json()]);
  });
  for (const balance of [116, 132]) {
    await store.checkOut({ mug: 1 });
    await store.fillAddress(email);
    await store.box.join();
    await store.buy();
    await store.expectBooked(16);
    await expect(page.locator("#beans-words")).toHaveText(`You have ${balance} beans now.`);
  }
  // A stranger who tries an e-mail learns nothing from the answer.
  expect(answers).toHaveLength(2);
  expect(answers[1]).toEqual(answers[0]);
});
