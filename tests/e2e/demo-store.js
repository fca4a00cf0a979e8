// The demo store as a shopper uses it: what she presses, and what she reads.

import { expect } from "./earnest-test.js";
import { Box } from "./box.js";

export class DemoStore {
  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.page = page;
    this.box = new Box(page);
    this.total = page.locator("[data-test=total]");
    this.placeOrder = page.locator("#place-order");
  }

  /** Opens the front page and puts products into the empty cart. */
  async fillCart(quantities) {
    await this.page.goto("/");
    for (const [sku, quantity] of Object.entries(quantities)) {
      const add = this.page.locator(`.card[data-sku=${sku}] [data-test=add]`);
      for (let count = 0; count < quantity; count += 1) await add.click();
    }
    const pieces = Object.values(quantities).reduce((sum, quantity) => sum + quantity, 0);
    await expect(this.page.locator("#cart-count")).toHaveText(String(pieces));
  }

  /** From the shelf through the cart's drawer. */
  async goToCheckout() {
    await this.page.locator("#cart-open").click();
    await this.page.locator("#to-checkout").click();
    await expect(this.placeOrder).toBeVisible();
  }

  /** With products in the cart, at the checkout, the box shown. */
  async checkOut(quantities) {
    await this.fillCart(quantities);
    await this.goToCheckout();
    await this.box.shown();
  }

  line(sku) {
    return this.page.locator(`.line[data-sku=${sku}]`);
  }

  async applyCoupon(code) {
    await this.page.locator("#coupon").fill(code);
    await this.page.locator("#coupon").press("Enter");
  }

  async chooseExpress() {
    await this.page.locator("input[name=delivery][value=express]").check();
  }

  async fillAddress(email) {
    await this.page.locator("#email").fill(email);
    await this.page.locator("#sample-address").click();
  }

  async signIn() {
    await this.page.locator("#sign-in").click();
    await expect(this.page.locator("#account-name")).toHaveText("Maya");
  }

  /** Places the order; answers with the order's id once it is confirmed. */
  async buy() {
    await this.placeOrder.click();
    return this.confirmed();
  }

  async confirmed() {
    await this.page.waitForURL(/\/demo\/order\?id=/);
    const id = this.page.locator("[data-test=order-id]");
    await expect(id).not.toBeEmpty();
    return id.textContent();
  }

  /** The confirmation says so many beans, and the merchant's drawer that page and ledger agree. */
  async expectBooked(points) {
    const words = points === 1 ? "1 bean booked" : `${points.toLocaleString("en-IE")} beans booked`;
    await expect(this.page.locator("#beans-title")).toHaveText(words);
    await this.openMerchant();
    await this.expectAgreement();
    await expect(this.page.locator("#ledger tr[data-kind=earn]").first()).toContainText(`+${points}`);
  }

  async openMerchant() {
    await this.page.locator("#merchant-open").click();
    await expect(this.page.locator("dialog#merchant")).toBeVisible();
  }

  /** Whatever the page showed is what was booked or, for a guest, kept; row by row. */
  async expectAgreement() {
    await expect(this.page.locator("#verdict")).toHaveAttribute("data-same", "true");
    await expect(this.page.locator("#agreement tbody tr")).not.toHaveCount(0);
    await expect(this.page.locator("#agreement tr[data-same=false]")).toHaveCount(0);
  }
}
