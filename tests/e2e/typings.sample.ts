// A shop's checkout in TypeScript, written against the typings that it is given. Compiled, never run:
// each `@ts-expect-error` is a mistake that the typings must catch.

/// <reference path="../../www/earnest.d.ts" />

const cart: Earnest.Cart = {
  currency: "EUR",
  prices_include_tax: true,
  lines: [
    {
      id: "l1",
      product: "kenya-aa",
      categories: ["coffee"],
      tags: ["single-origin"],
      quantity: 2,
      unit_price: "19.99",
      discount: "0.00",
      tax: "2.62",
    },
  ],
  discount: "4.00",
  shipping: "4.90",
  shipping_tax: null,
};

// The element, found or made, is typed by its name.
const found = document.querySelector("earnest-checkout");
if (found) found.cart = cart;
const made = document.createElement("earnest-checkout");
made.cart = cart;
made.member = { tier: "silver", balance_points: 240, earned_points: 540 };
made.member = null;
made.email = "ada@example.com";

// Each event has its own detail, on the element and on the document.
made.addEventListener("earnest:ready", ({ detail }) => {
  const mode: "wasm" | "edge" = detail.mode;
  const word: string = detail.program.points.other;
  return [mode, word, detail.version];
});
made.addEventListener("earnest:preview", ({ detail: { earning } }) => {
  const points: number = earning.points;
  const why: string[] = earning.reasons.map((reason) => `${reason.label}: ${reason.points_exact}`);
  return [points, why, earning.lines[0]?.points, earning.program.digest];
});
made.addEventListener("earnest:enrolled", (event) => event.detail.welcome_points.toFixed());
document.addEventListener("earnest:error", ({ detail }) => [detail.code, detail.message, detail.pointer]);
document.dispatchEvent(new CustomEvent("earnest:cart", { detail: cart }) satisfies Earnest.CartEvent);
made.addEventListener("click", (event) => event.clientX);

const global: string = Earnest.shop + Earnest.edge;
export { global };

// @ts-expect-error An amount is text: a float would lose cents.
made.cart = { currency: "EUR", lines: [{ id: "l1", product: "mug", quantity: 1, unit_price: 16 }] };

// @ts-expect-error A cart says its currency.
made.cart = { lines: [] };

// @ts-expect-error A line has a quantity.
made.cart = { currency: "EUR", lines: [{ id: "l1", product: "mug", unit_price: "16.00" }] };

// @ts-expect-error What is misspelt is refused by the edge, so it is refused here too.
made.cart = { currency: "EUR", lines: [], shiping: "4.90" };

// @ts-expect-error A snapshot has all its figures.
made.member = { tier: "silver" };

// @ts-expect-error A preview has no points of its own: they are the earning's.
made.addEventListener("earnest:preview", ({ detail }) => detail.points);

// @ts-expect-error An earning's reasons have these codes and no others.
made.addEventListener("earnest:preview", ({ detail }) => detail.earning.reasons[0]?.code === "magic");

// @ts-expect-error The namespace is for reading.
Earnest.shop = "another";
