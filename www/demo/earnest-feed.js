// All that a shop does to have Earnest on its checkout page: hand over the
// cart whenever it changes, hand over the signed-in member, and listen. The
// rest of the checkout does not know whether Earnest is there.

import { totals, watchCart } from "./cart-store.js";
import { earnestCart } from "./pricing.js";
import { signedIn, watchSession } from "./session.js";

/** How long the page keeps room for the box before it gives the room back. */
const PATIENCE_MS = 5000;

let preview = null;

/** The earning the shopper saw last, or null when Earnest was not there. */
export const lastPreview = () => preview;

/** @param {HTMLElement} element the `<earnest-checkout>`, upgraded or not yet */
export function feedEarnest(element) {
  document.addEventListener("earnest:preview", (event) => {
    preview = event.detail?.earning ?? event.detail;
  });

  // Properties set before the loader has come wait on the element for it. The
  // event says the same to a loader that listens on the document.
  watchCart(() => {
    const cart = earnestCart(totals());
    element.cart = cart;
    document.dispatchEvent(new CustomEvent("earnest:cart", { detail: cart }));
  });
  watchSession(() => {
    element.member = signedIn()?.member ?? null;
  });

  setTimeout(() => element.classList.toggle("gave-up", !element.matches(":defined")), PATIENCE_MS);
}
