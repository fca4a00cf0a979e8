// Pictures of the demo store and of each state of the box, for a person to look at: target/screenshots/.
// A picture is only taken of what is there, so each waits for what it shows.

import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { DemoStore } from "./demo-store.js";
import { STATES } from "./states.js";

const FOLDER = new URL("../../target/screenshots/", import.meta.url).pathname;
const DEVICES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const STYLE = `:root { color-scheme: light dark; --earnest-accent: light-dark(#1d5468, #93d2da) }
  body { background: light-dark(#fffdf8, #162f3b); color: light-dark(#17323f, #e9eee8) }`;

for (const colorScheme of ["light", "dark"]) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });

    for (const [device, viewport] of Object.entries(DEVICES)) {
      test(`pictures of the demo store on a ${device}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        const take = (name, options) =>
          page.screenshot({ path: `${FOLDER}${device}-${colorScheme}-${name}.png`, ...options });
        const store = new DemoStore(page);
        await store.fillCart({ "kenya-aa": 2, "tasting-bundle": 1, "gift-card": 1 });
        await page.evaluate(() => window.scrollTo(0, 0));
        await picturesLoaded(page);
        await take("1-front", { fullPage: true });
        await page.locator("#cart-open").click();
        await expect(page.locator("dialog#cart")).toBeVisible();
        await take("2-cart");
        await page.locator("#to-checkout").click();
        // 79.96 + 42.00 + 25.
        await store.box.shows(146);
        await picturesLoaded(page);
        await take("3-checkout", { fullPage: true });
        await store.fillAddress(newEmail());
        await store.box.why.click();
        await store.box.element.screenshot({ path: `${FOLDER}${device}-${colorScheme}-3-why.png` });
        await store.box.join();
        await take("4-joined", { fullPage: true });
        await store.buy();
        await expect(page.locator("#beans-title")).toHaveText("146 beans booked");
        await picturesLoaded(page);
        await take("5-order", { fullPage: true });
        await store.openMerchant();
        await store.expectAgreement();
        await expect(page.locator("#ledger tr[data-kind]")).toHaveCount(2);
        await take("6-merchant");
      });

      test(`pictures of Maya's checkout on a ${device}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        const store = new DemoStore(page);
        await store.fillCart({ "low-tide-decaf": 1, chocolate: 2 });
        await store.signIn();
        await store.goToCheckout();
        // 13.90 x 2.25 + 11.90 x 1.25 = 46.15.
        await store.box.shows(46);
        await picturesLoaded(page);
        await page.screenshot({ path: `${FOLDER}${device}-${colorScheme}-7-maya.png`, fullPage: true });
      });
    }

    for (const [state, reach] of Object.entries(STATES)) {
      test(`a picture of the state "${state}"`, async ({ page }) => {
        for (const width of [480, 320]) {
          await page.setViewportSize({ width, height: 640 });
          if (width === 480) await reach(page, { style: STYLE });
          await page.screenshot({ path: `${FOLDER}state-${state}-${colorScheme}-${width}.png` });
        }
      });
    }
  });
}

/** Every picture in sight has been drawn. */
function picturesLoaded(page) {
  return page.evaluate(() =>
    Promise.all([...document.images].filter((image) => image.checkVisibility()).map((image) => image.decode())),
  );
}
