// A change of the cart shows its points within the frame that it happens in: the shopper never sees her
// new cart beside the points of the old one.

import { expect, test } from "./earnest-test.js";
import { COFFEE, COFFEE_POINTS, GIFT_CARD, MUG, MUG_POINTS, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";

const MAYA = { tier: "silver", balance_points: 640, earned_points: 540 };

test("a new cart shows its points before the next frame is painted", async ({ page }) => {
  await openShopPage(page);
  await new Box(page).shows(COFFEE_POINTS);
  const texts = await page.evaluate(pointsByTheNextFrame, [{ cart: MUG }, { cart: COFFEE }, { cart: MUG }]);
  expect(texts).toEqual([shows(MUG_POINTS), shows(COFFEE_POINTS), shows(MUG_POINTS)]);
});

test("her tier counts before the next frame is painted", async ({ page }) => {
  await openShopPage(page);
  await new Box(page).shows(COFFEE_POINTS);
  // 2 x 19.99 x 2.25 = 89.955.
  const texts = await page.evaluate(pointsByTheNextFrame, [{ member: MAYA }, { member: null }]);
  expect(texts).toEqual([shows(89), shows(COFFEE_POINTS)]);
});

test("of a hundred carts in one task, the last one is shown", async ({ page }) => {
  await openShopPage(page);
  await new Box(page).shows(COFFEE_POINTS);
  const text = await page.evaluate(async (mug) => {
    const element = document.querySelector("earnest-checkout");
    for (let quantity = 1; quantity <= 100; quantity += 1) {
      element.cart = { ...mug, lines: [{ ...mug.lines[0], quantity }] };
    }
    await new Promise(requestAnimationFrame);
    return element.shadowRoot.querySelector("[part~=points]").textContent;
  }, MUG);
  expect(text).toBe(shows(1600));
});

test("nothing to earn is said before the next frame is painted", async ({ page }) => {
  await openShopPage(page);
  await new Box(page).shows(COFFEE_POINTS);
  const [text] = await page.evaluate(pointsByTheNextFrame, [{ cart: GIFT_CARD }]);
  expect(text).toBe("Gift cards don't earn beans");
});

test("the page hears of the new points before the next frame is painted", async ({ page }) => {
  await openShopPage(page);
  await new Box(page).shows(COFFEE_POINTS);
  const points = await page.evaluate(async (cart) => {
    const element = document.querySelector("earnest-checkout");
    let heard = null;
    element.addEventListener("earnest:preview", (event) => (heard = event.detail.earning.points));
    element.cart = cart;
    await new Promise(requestAnimationFrame);
    return heard;
  }, MUG);
  expect(points).toBe(MUG_POINTS);
});

function shows(points) {
  return `${points.toLocaleString("en-IE")} beans`;
}

/**
 * Runs in the page: for each change, made in a task of its own, the number or the note in the box when the frame that
 * follows is about to be painted.
 */
async function pointsByTheNextFrame(changes) {
  const element = document.querySelector("earnest-checkout");
  const aTask = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  const texts = [];
  for (const change of changes) {
    await aTask();
    Object.assign(element, change);
    await new Promise(requestAnimationFrame);
    const shown = ["points", "note"].map((part) => element.shadowRoot.querySelector(`[part~=${part}]`));
    texts.push(shown.find((part) => part.checkVisibility())?.textContent);
  }
  return texts;
}
