// The main job without a mouse, and that the focus is always to be seen and never lost.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { DemoStore } from "./demo-store.js";
import { expectFocus, tabTo } from "./keyboard.js";
import { COFFEE, MUG, MUG_POINTS, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";

test("from an empty cart to points booked, with the keyboard alone", async ({ page }) => {
  const store = new DemoStore(page);
  const press = (key) => page.keyboard.press(key);
  await page.goto("/");

  await tabTo(page, page.locator(".card[data-sku=kenya-aa] [data-test=add]"));
  await press("Enter");
  await press("Space");
  await tabTo(page, page.locator("#cart-open"), "Shift+Tab");
  await expect(page.locator("#cart-count")).toHaveText("2");
  await press("Enter");
  await expect(page.locator("dialog#cart")).toBeVisible();
  await tabTo(page, page.locator("#to-checkout"));
  await press("Enter");
  await expect(store.placeOrder).toBeVisible();
  await store.box.shows(79);

  await tabTo(page, page.locator("#email"));
  await page.keyboard.type(newEmail());
  await tabTo(page, page.locator("#sample-address"));
  await press("Enter");
  await expect(page.locator("#name")).not.toHaveValue("");
  await tabTo(page, page.locator("input[name=delivery][value=standard]"));
  await press("ArrowDown");
  await expect(page.locator("input[name=delivery][value=express]")).toBeChecked();
  await tabTo(page, store.line("kenya-aa").locator("[data-test=less]"));
  await press("Space");
  await expect(store.line("kenya-aa").locator("[data-test=less]")).toBeFocused();
  await store.box.shows(39);

  await tabTo(page, store.box.terms);
  await press("Space");
  await expect(store.box.terms).toBeChecked();
  await tabTo(page, store.box.joinButton);
  await press("Enter");
  await store.box.joined();
  await tabTo(page, store.placeOrder);
  await press("Enter");
  await store.confirmed();

  await expect(page.locator("#beans-title")).toHaveText("39 beans booked");
  await tabTo(page, page.locator("#merchant-open"));
  await press("Enter");
  await store.expectAgreement();
  await press("Escape");
  await expect(page.locator("dialog#merchant")).toBeHidden();
  await expectFocus(page.locator("#merchant-open"));
});

test("Escape closes the cart and gives the focus back", async ({ page }) => {
  await page.goto("/");
  await page.locator("#cart-open").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("dialog#cart")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog#cart")).toBeHidden();
  await expect(page.locator("#cart-open")).toBeFocused();
});

test("the disclosure opens and closes by Enter and by Space, and keeps the focus", async ({ page }) => {
  await openShopPage(page);
  const box = new Box(page);
  await box.shown();
  await tabTo(page, box.why);
  for (const key of ["Enter", "Space"]) {
    await page.keyboard.press(key);
    await expect(box.reasons).toBeVisible();
    await expectFocus(box.why);
    await page.keyboard.press(key);
    await expect(box.reasons).toBeHidden();
    await expectFocus(box.why);
  }
});

test("while the cart changes, the focus and what she ticked stay", async ({ page }) => {
  await openShopPage(page);
  const box = new Box(page);
  await box.shown();
  await tabTo(page, box.terms);
  await page.keyboard.press("Space");
  await setCart(page, MUG);
  await box.shows(MUG_POINTS);
  await expectFocus(box.terms);
  await expect(box.terms).toBeChecked();

  await tabTo(page, box.why, "Shift+Tab");
  await page.keyboard.press("Enter");
  await setCart(page, COFFEE);
  await expect(box.reasons).toBeVisible();
  await expect(box.reasons).toContainText("2x on coffee");
  await expectFocus(box.why);
});

test("having joined, the focus is in the box and not at the top of the page", async ({ page }) => {
  await openShopPage(page);
  const box = new Box(page);
  await box.shown();
  await page.locator("#email").fill(newEmail());
  await tabTo(page, box.terms);
  await page.keyboard.press("Space");
  await tabTo(page, box.joinButton);
  await page.keyboard.press("Enter");
  await box.joined();
  await expect(box.element).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.id || document.activeElement.localName)).toMatch(
    /^(buy|earnest-checkout)$/,
  );
});

function setCart(page, cart) {
  return page.evaluate((cart) => (document.querySelector("earnest-checkout").cart = cart), cart);
}
