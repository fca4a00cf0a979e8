// The cart: which products, how many, which coupon, which delivery. Owns what
// is kept and who is told; the prices are pricing.js's.
//
// Invariant: quantities are whole, 1 to MOST; every sku is in the catalogue.

import { keep, onOtherTab, recall } from "./browser-store.js";
import { productOf } from "./catalogue.js";
import { isCoupon, priceCart } from "./pricing.js";

/** As many of one product as the shop sends at once. */
export const MOST = 99;

const changes = new EventTarget();
let state = checked(recall("cart"));

/** Quantity of a product in the cart; 0 when it is not in it. */
export function quantityOf(sku) {
  return state.items.find((item) => item.sku === sku)?.quantity ?? 0;
}

/** How many things are in the cart altogether. */
export function pieces() {
  return state.items.reduce((total, item) => total + item.quantity, 0);
}

export const coupon = () => state.coupon;
export const delivery = () => state.delivery;

/** The lines as the server wants them: sku and quantity. */
export const orderItems = () => state.items.map((item) => ({ ...item }));

/** The cart, priced. */
export function totals() {
  const items = state.items.map(({ sku, quantity }) => ({ product: productOf(sku), quantity }));
  return priceCart(items, state.coupon, state.delivery);
}

/** Sets the quantity of a product; 0 takes it out. New products go last. */
export function setQuantity(sku, quantity) {
  const wanted = Math.min(Math.max(quantity, 0), MOST);
  const known = state.items.some((item) => item.sku === sku);
  const items = known
    ? state.items.map((item) => (item.sku === sku ? { sku, quantity: wanted } : item))
    : [...state.items, { sku, quantity: wanted }];
  change({ items: items.filter((item) => item.quantity > 0) });
}

/** @param {string|null} code normalised, known to the shop */
export const setCoupon = (code) => change({ coupon: code });

/** @param {"standard"|"express"} choice */
export const setDelivery = (choice) => change({ delivery: choice });

/** Empties the cart, after it was bought. */
export const clearCart = () => change({ items: [], coupon: null });

/** Calls back now and after every change, from this tab or another. */
export function watchCart(callback) {
  changes.addEventListener("change", callback);
  callback();
}

onOtherTab("cart", reload);
// A page that comes back from the back/forward cache has slept through changes.
window.addEventListener("pageshow", (event) => event.persisted && reload());

function change(part) {
  state = { ...state, ...part };
  keep("cart", state);
  changes.dispatchEvent(new Event("change"));
}

function reload() {
  state = checked(recall("cart"));
  changes.dispatchEvent(new Event("change"));
}

/** What storage gave back may be old or edited: keep only what makes sense. */
function checked(kept) {
  const items = Array.isArray(kept?.items) ? kept.items : [];
  return {
    items: items.filter(
      ({ sku, quantity }) => productOf(sku) && Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST,
    ),
    coupon: typeof kept?.coupon === "string" && isCoupon(kept.coupon) ? kept.coupon : null,
    delivery: kept?.delivery === "express" ? "express" : "standard",
  };
}
