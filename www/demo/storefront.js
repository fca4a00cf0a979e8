// The front page: the shelf, and the cart as a drawer beside it.

import { mountAccount } from "./account.js";
import { mountCartLines } from "./cart-lines.js";
import { pieces, totals, watchCart } from "./cart-store.js";
import { mountCoupon } from "./coupon-form.js";
import { setText } from "./dom.js";
import { mountDrawer } from "./drawer.js";
import { showMoney } from "./money.js";
import { mountShelf } from "./shelf.js";
import { mountTotals } from "./totals-list.js";

const cart = document.querySelector("#cart");

mountAccount();
mountShelf(document.querySelector("#grid"), document.querySelector("#filter"));
mountDrawer(cart);
mountCartLines(cart.querySelector("[data-lines]"), cart.querySelector("#cart-title"));
mountCoupon(cart.querySelector("[data-coupon]"));
mountTotals(cart.querySelector("[data-totals]"));

document.querySelector("#cart-open").addEventListener("click", () => cart.showModal());

watchCart(() => {
  setText(document.querySelector("#cart-count"), String(pieces()));
  setText(cart.querySelector("#door-total"), showMoney(totals().total));
  cart.querySelector("[data-empty]").hidden = pieces() > 0;
  cart.querySelector("[data-filled]").hidden = pieces() === 0;
});
