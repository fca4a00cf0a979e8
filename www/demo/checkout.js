// The checkout page: address, delivery, a payment that is none, and the order.
// Works the same with Earnest or without it.

import { mountAccount } from "./account.js";
import { keep } from "./browser-store.js";
import { mountCartLines } from "./cart-lines.js";
import { clearCart, coupon, delivery, orderItems, pieces, setDelivery, totals, watchCart } from "./cart-store.js";
import { mountCoupon } from "./coupon-form.js";
import { postOrder } from "./demo-server.js";
import { setText } from "./dom.js";
import { feedEarnest, lastPreview } from "./earnest-feed.js";
import { checkFields, mountFields, recheckFields } from "./fields.js";
import { centsText, showMoney } from "./money.js";
import { earnestCart, shippingFor } from "./pricing.js";
import { signIn, signedIn, watchSession } from "./session.js";
import { mountTotals } from "./totals-list.js";

const SAMPLE_ADDRESS = { name: "Jona Petersen", street: "Am Alten Hafen 7", postcode: "25980", city: "Sylt" };
const MAYA_ADDRESS = { name: "Maya Lindqvist", street: "Speicherweg 12", postcode: "23966", city: "Wismar" };

const form = document.querySelector("#checkout");
const placeOrder = document.querySelector("#place-order");
const orderError = document.querySelector("#order-error");
let placed = false;

mountAccount();
mountCartLines(document.querySelector("[data-lines]"), document.querySelector("h1"));
mountCoupon(document.querySelector("[data-coupon]"));
mountTotals(document.querySelector("[data-totals]"));
mountFields(form);
feedEarnest(document.querySelector("earnest-checkout"));

watchCart(() => {
  // Bought: the page is about to leave, and an empty cart would only flash by.
  if (placed) return;
  document.querySelector("[data-empty]").hidden = pieces() > 0;
  document.querySelector("[data-filled]").hidden = pieces() === 0;
  const { subtotal, discount } = totals();
  for (const price of document.querySelectorAll("[data-delivery-price]")) {
    const cents = shippingFor(price.dataset.deliveryPrice, subtotal - discount);
    setText(price, cents === 0 ? "Free" : showMoney(cents));
  }
  form.elements.delivery.value = delivery();
});

form.addEventListener("change", (event) => {
  if (event.target.name === "delivery") setDelivery(event.target.value);
});

document.querySelector("#sample-address").addEventListener("click", () => fill(SAMPLE_ADDRESS));

let filledFor = null;
watchSession(() => {
  const customer = signedIn();
  if (customer && !filledFor) fill({ email: customer.email, ...MAYA_ADDRESS });
  if (!customer && filledFor) fill(blank({ email: "", ...MAYA_ADDRESS }));
  filledFor = customer?.customer ?? null;
});
// Her tier may have changed since she signed in; what it was is shown meanwhile.
if (signedIn()) signIn(signedIn().customer).catch(() => {});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (placed || placeOrder.getAttribute("aria-busy") === "true") return;
  setText(orderError, "");
  if (!checkFields(form)) return;
  busy(true);
  try {
    await place();
  } catch (refusal) {
    setText(orderError, `${refusal.message} Nothing was ordered.`);
    busy(false);
  }
});

async function place() {
  const priced = totals();
  const seen = { cart: earnestCart(priced), earning: lastPreview() };
  const email = form.elements.email.value.trim();
  const name = form.elements.name.value.trim();
  const answer = await postOrder({
    items: orderItems(),
    coupon: coupon() ?? undefined,
    delivery: delivery(),
    email,
    name,
    customer: signedIn()?.customer ?? null,
    expected_total: centsText(priced.total),
  });
  placed = true;
  keep("order", { answer, seen, email, name, coupon: coupon() });
  clearCart();
  location.assign(`/demo/order?id=${encodeURIComponent(answer.order_id)}`);
}

function busy(yes) {
  placeOrder.setAttribute("aria-busy", String(yes));
  setText(placeOrder, yes ? "Placing your order" : "Place order");
}

/** Fills fields as if typed, so that whoever listens to them hears it. */
function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements[name];
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  recheckFields(form);
}

function blank(values) {
  return Object.fromEntries(Object.keys(values).map((name) => [name, ""]));
}
