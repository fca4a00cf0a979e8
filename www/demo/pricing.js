// The shop's prices: what a cart costs, and the cart as Earnest wants it.
// Pure functions over whole cents; the server has the same rules and refuses
// an order whose total differs. Where a division does not come out even, the
// direction is named beside it.

import { CURRENCY, centsText, parseCents } from "./money.js";

const COUPONS = { HARBOUR10: { percent: 10 } };
const STANDARD_CENTS = 490;
const STANDARD_FREE_FROM_CENTS = 6000;
const EXPRESS_CENTS = 990;
const SHIPPING_TAX_PERCENT = 19;

/** What a coupon is looked up by: no spaces around it, capitals. */
export function normalCoupon(text) {
  return text.trim().toUpperCase();
}

/** Whether the shop has such a coupon. @param {string} code normalised */
export function isCoupon(code) {
  return Object.hasOwn(COUPONS, code);
}

/**
 * @typedef {{sku: string, category: string, tags: string[], price: string, tax_percent: number}} Product
 * @typedef {{product: Product, quantity: number}} Item
 * @typedef {{item: Item, cents: number, discountCents: number, taxCents: number}} PricedLine
 * @typedef {{lines: PricedLine[], subtotal: number, discount: number, shipping: number,
 *            shippingTax: number, tax: number, total: number}} Totals all in cents
 */

/**
 * Prices a cart. The order of the rules is: goods, coupon, delivery, tax.
 * @param {Item[]} items
 * @param {string|null} coupon normalised
 * @param {"standard"|"express"} delivery
 * @returns {Totals}
 */
export function priceCart(items, coupon, delivery) {
  const cents = items.map((item) => parseCents(item.product.price) * item.quantity);
  const subtotal = sum(cents);
  const discount = coupon && isCoupon(coupon) ? percentOf(subtotal, COUPONS[coupon].percent) : 0;
  const shares = allocate(discount, cents, items.map((item) => item.product.sku));
  const lines = items.map((item, at) => ({
    item,
    cents: cents[at],
    discountCents: shares[at],
    taxCents: taxWithin(cents[at] - shares[at], item.product.tax_percent),
  }));
  const shipping = items.length ? shippingFor(delivery, subtotal - discount) : 0;
  const shippingTax = taxWithin(shipping, SHIPPING_TAX_PERCENT);
  const tax = sum(lines.map((line) => line.taxCents)) + shippingTax;
  return { lines, subtotal, discount, shipping, shippingTax, tax, total: subtotal - discount + shipping };
}

/** What a delivery costs, in cents, for goods of that many cents after discount. */
export function shippingFor(delivery, goodsCents) {
  if (delivery === "express") return EXPRESS_CENTS;
  return goodsCents >= STANDARD_FREE_FROM_CENTS ? 0 : STANDARD_CENTS;
}

/**
 * The priced cart in the shape `<earnest-checkout>` and the API take.
 * A line is named by its product: one product, one line.
 * @param {Totals} totals
 */
export function earnestCart(totals) {
  return {
    currency: CURRENCY,
    prices_include_tax: true,
    lines: totals.lines.map(({ item, taxCents }) => ({
      id: item.product.sku,
      product: item.product.sku,
      categories: [item.product.category],
      tags: item.product.tags,
      quantity: item.quantity,
      unit_price: item.product.price,
      discount: "0.00",
      tax: centsText(taxCents),
    })),
    discount: centsText(totals.discount),
    shipping: centsText(totals.shipping),
    shipping_tax: centsText(totals.shippingTax),
  };
}

/** A percentage of an amount, rounded half up to the cent. */
function percentOf(cents, percent) {
  return wholePart(2 * cents * percent + 100, 200);
}

/** The tax inside a gross amount, rounded half up to the cent. */
function taxWithin(grossCents, percent) {
  const per = 100 + percent;
  return wholePart(2 * grossCents * percent + per, 2 * per);
}

/**
 * Splits a discount over lines by their value. Each share is rounded down; the
 * cents left over go one each to the largest remainders, among equals to the
 * smaller name, so that the order of lines does not matter.
 */
function allocate(discount, cents, names) {
  const whole = sum(cents);
  if (whole === 0) return cents.map(() => 0);
  const shares = cents.map((line) => wholePart(discount * line, whole));
  const byRemainder = cents
    .map((line, at) => ({ at, remainder: (discount * line) % whole }))
    .sort((a, b) => b.remainder - a.remainder || (names[a.at] < names[b.at] ? -1 : 1));
  const left = discount - sum(shares);
  for (const { at } of byRemainder.slice(0, left)) shares[at] += 1;
  return shares;
}

/** Division of whole numbers, rounded down; exact up to 2^53. */
function wholePart(dividend, divisor) {
  return (dividend - (dividend % divisor)) / divisor;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
