// The loader: the one script that a shop puts on its page.
//
//   <script async src="https://…/earnest.js" data-shop="demo" data-key="pk_demo_…"></script>
//
// Reads its configuration from its own tag and defines <earnest-checkout>. It
// never breaks the page that it is on: one global, no cookie, no storage, and
// whatever goes wrong ends as an `earnest:error` event.

import { defineCheckout } from "./earnest/checkout.js";
import { Edge } from "./earnest/edge.js";

const script = document.currentScript;

if (script && !customElements.get("earnest-checkout")) {
  const { shop = "", key = "", edge } = script.dataset;
  const origin = new URL(edge ?? script.src, document.baseURI).origin;
  defineCheckout(new Edge(origin, shop, key), (path) => new URL(path, script.src).href);
  globalThis.Earnest = Object.freeze({ shop, edge: origin });
}
