// The box of `<earnest-checkout>` as somebody sees it: its parts, its state, its number.

import { expect } from "./earnest-test.js";

export class Box {
  /**
   * @param {import("@playwright/test").Page} page
   * @param {string} [selector] of the element
   */
  constructor(page, selector = "earnest-checkout") {
    this.page = page;
    this.element = page.locator(selector);
    this.box = this.part("box");
    this.points = this.part("points");
    this.reasons = this.part("reasons");
    this.terms = this.element.getByRole("checkbox", { name: /terms/i });
    this.marketing = this.element.getByRole("checkbox").nth(1);
    this.joinButton = this.element.getByRole("button", { name: /^join/i });
    this.buttonLabel = this.part("button-label");
    this.why = this.element.getByText("Why this many?");
  }

  part(name) {
    return this.element.locator(`[part~="${name}"]`);
  }

  /** Waits until the box has done loading and shows what the cart earns, or why nothing. */
  async shown() {
    await expect(this.box).toBeVisible();
    await expect(this.box).not.toHaveAttribute("aria-busy", "true");
  }

  /** What she has, as a number. */
  async balance() {
    const text = await this.part("balance").textContent();
    return Number(/[\d,]+/.exec(text)[0].replace(",", ""));
  }

  /** The number in the box is this one. */
  async shows(points) {
    await expect(this.points).toContainText(new RegExp(`(^|\\D)${points.toLocaleString("en-IE")}(\\D|$)`));
  }

  /** Agrees to the terms and joins, with the e-mail that the page has. */
  async join() {
    await this.terms.check();
    await this.joinButton.click();
    await this.joined();
  }

  async joined() {
    await expect(this.element).toContainText("You're in");
  }
}
