// Every state that the box can be in, and how a page gets it there.

import { newEmail } from "./edge.js";
import { expect } from "./earnest-test.js";
import { Box } from "./box.js";
import { COFFEE, COFFEE_POINTS, DOLLARS, GIFT_CARD, heard, openShopPage } from "./shop-page.js";
import { holdBack } from "./weather.js";

const MAYA = { tier: "silver", balance_points: 640, earned_points: 540 };

const IDA = {
  tier: "keeper",
  balance_points: 240,
  earned_points: 240,
  credits: [["credit", 125]],
  outlook: {
    tier: "keeper",
    next: { tier: "captain", amount: 15_000 },
    credits: [{ name: "store credit", currency: "EUR", amount: "1.25" }],
  },
};

/**
 * The states by name: each brings a page into it, given the page's options for `openShopPage` and, if it
 * matters, her e-mail.
 * @type {Record<string, (page: import("@playwright/test").Page, options: object) => Promise<void>>}
 */
export const STATES = {
  async loading(page, options) {
    const program = await holdBack(page, "**/v1/program*");
    await openShopPage(page, options);
    await program.asked;
    await page.evaluate(() => customElements.whenDefined("earnest-checkout").then(() => null));
  },

  async guest(page, options) {
    await openShopPage(page, options);
    await new Box(page).shows(COFFEE_POINTS);
  },

  async why(page, options) {
    await STATES.guest(page, options);
    const box = new Box(page);
    await box.why.click();
    await expect(box.reasons).toBeVisible();
  },

  async joining(page, options) {
    await STATES.guest(page, options);
    const box = new Box(page);
    await page.locator("#email").fill(options.email ?? newEmail());
    const members = await holdBack(page, "**/v1/members");
    await box.terms.check();
    await box.joinButton.click();
    await members.asked;
  },

  async joined(page, options) {
    await STATES.guest(page, options);
    await page.locator("#email").fill(options.email ?? newEmail());
    await new Box(page).join();
  },

  async member(page, options) {
    await openShopPage(page, { ...options, member: MAYA });
    // 2 x 19.99 x 2.25 = 89.955.
    await new Box(page).shows(89);
  },

  /** All that a box can show of a programme: a campaign, and what is earned beside points. */
  async campaign(page, options) {
    await openShopPage(page, { ...options, shop: "lighthouse" });
    await new Box(page).shows(39);
    await expect(page.locator("earnest-checkout")).toContainText("2x on lamps until 31 December 2099");
  },

  /** And of a member: perks, credit, and the way to the next tier in money spent. */
  async perks(page, options) {
    await openShopPage(page, { ...options, shop: "lighthouse", member: IDA });
    await new Box(page).shows(39);
    await expect(page.locator("earnest-checkout")).toContainText("Spend €310.02 more after this order to reach Captain");
  },

  async nothing(page, options) {
    await openShopPage(page, { ...options, cart: GIFT_CARD });
    await expect(page.locator("earnest-checkout")).toContainText("Gift cards don't earn beans");
  },

  async currency(page, options) {
    await openShopPage(page, { ...options, cart: DOLLARS });
    await expect(page.locator("earnest-checkout")).toContainText("USD");
  },

  async offline(page, options) {
    await page.route("**/v1/**", (route) => route.abort());
    await openShopPage(page, { ...options, cart: COFFEE });
    await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  },

  /** She presses "Join" with nothing ticked. */
  async unticked(page, options) {
    await STATES.guest(page, options);
    const box = new Box(page);
    await page.locator("#email").fill(options.email ?? newEmail());
    await box.joinButton.click();
    await expect(box.terms).toBeFocused();
  },

  /** The edge fails just when she joins. */
  async error(page, options) {
    await STATES.guest(page, options);
    const box = new Box(page);
    await page.locator("#email").fill(options.email ?? newEmail());
    await page.route("**/v1/members", (route) => route.fulfill({ status: 500, body: "" }));
    await box.terms.check();
    await box.joinButton.click();
    await expect.poll(() => heard(page, "error")).not.toHaveLength(0);
  },
};
