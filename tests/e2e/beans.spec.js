// The member's page of the demo store: what she may spend, what waits, what expires, and her history.

import { DemoStore } from "./demo-store.js";
import { expect, test } from "./earnest-test.js";

test("Maya reads what is hers to spend, what waits, what expires next, and where it all came from", async ({ page }) => {
  const store = new DemoStore(page);
  await page.goto("/");
  await store.signIn();
  await page.locator("#account-name").click();
  await expect(page.locator("[data-test=available]")).toHaveText("496 beans to spend");
  // Others buy as Maya meanwhile: what she earns waits, so there is more of it and it is hers later.
  await expect(page.locator("[data-test=pending]")).toHaveText(
    /^\d+ beans more wait until parcels can no longer come back: all yours from \d+ [A-Z][a-z]+\.$/,
  );
  await expect(page.locator("[data-test=expiring]")).toHaveText(
    /^Spend 284 beans by \d+ [A-Z][a-z]+\. After that day they expire\.$/,
  );
  const history = page.locator("[data-test=history] li");
  await expect(history.last()).toContainText("For joining");
  await expect(history.last()).toContainText("+100");
  const oldest = page.locator("[data-test=history] li[data-kind=earn]").last();
  await expect(oldest).toContainText("Order SH-2041");
  await expect(oldest).toContainText("+184");
  await expect(oldest).toContainText("284 beans then");
  const oldestTier = page.locator("[data-test=history] li[data-kind=tier]").last();
  await expect(oldestTier).toContainText("Silver from here on");
});

test("what she orders is in her history at once, and waits", async ({ page }) => {
  const store = new DemoStore(page);
  await store.fillCart({ mug: 1 });
  await store.signIn();
  await store.goToCheckout();
  await store.box.shown();
  const id = await store.buy();
  await page.goto("/demo/account");
  const row = page.locator("[data-test=history] li", { hasText: `Order ${id}` });
  await expect(row).toHaveCount(1);
  await expect(page.locator("[data-test=available]")).toHaveText("496 beans to spend");
});

test("how far she is with a goal is on her page, and what she has reached", async ({ page }) => {
  const store = new DemoStore(page);
  await store.fillCart({ mug: 1 });
  await store.signIn();
  await store.goToCheckout();
  await store.box.shown();
  await store.buy();
  await page.goto("/demo/account");
  const goal = page.locator("[data-test=goals] li", { hasText: "3 orders in 60 days" });
  await expect(goal).toContainText(/[123] of 3/);
  await expect(goal.getByRole("progressbar", { name: "3 orders in 60 days" })).toBeVisible();
});

test("signed out, the page says what it is for", async ({ page }) => {
  const store = new DemoStore(page);
  await page.goto("/demo/account");
  await expect(page.locator("[data-stranger]")).toBeVisible();
  await store.signIn();
  await expect(page.locator("[data-member]")).toBeVisible();
  await page.locator("#sign-out").click();
  await expect(page.locator("[data-stranger]")).toBeVisible();
});

for (const width of [280, 1100]) {
  test(`the page holds at ${width} px`, async ({ page }, info) => {
    await page.setViewportSize({ width, height: 900 });
    const store = new DemoStore(page);
    await page.goto("/demo/account");
    await store.signIn();
    await expect(page.locator("[data-test=history] li").last()).toContainText("For joining");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const size = await page.locator("#account-name").boundingBox();
    expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(44);
    await page.screenshot({ path: info.outputPath(`beans-${width}.png`), fullPage: true });
  });
}
