// The sums under a cart: goods, discount, delivery, total, tax. Shows; the
// arithmetic is pricing.js's or the server's.

import { coupon, totals, watchCart } from "./cart-store.js";
import { build } from "./dom.js";
import { showMoney } from "./money.js";

/** Keeps a <dl> showing the cart's sums. */
export function mountTotals(list) {
  watchCart(() => showTotals(list, totals(), coupon()));
}

/**
 * @param {HTMLElement} list a <dl>
 * @param {{subtotal: number, discount: number, shipping: number, tax: number, total: number}} sums in cents
 * @param {string|null} couponCode
 */
export function showTotals(list, sums, couponCode) {
  const rows = [["subtotal", "Goods", showMoney(sums.subtotal)]];
  if (sums.discount > 0) {
    rows.push(["discount", couponCode ? `Coupon ${couponCode}` : "Discount", `−${showMoney(sums.discount)}`]);
  }
  rows.push(["shipping", "Delivery", sums.shipping === 0 ? "Free" : showMoney(sums.shipping)]);
  rows.push(["total", "Total", showMoney(sums.total)]);
  rows.push(["tax", "of which tax", showMoney(sums.tax)]);
  list.replaceChildren(
    ...rows.map(([name, label, value]) =>
      build(
        "div",
        { class: `totals-row totals-${name}` },
        build("dt", {}, label),
        build("dd", { "data-test": name }, value),
      ),
    ),
  );
}
