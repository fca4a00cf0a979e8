// The stand-in for pages that may not run wasm: the same view, with previews by
// POST /v1/preview. The loader cannot tell it from widget.js.

import { View } from "./view.js";

/** A change of the cart asks once it rests; the first preview does not wait. */
const REST_MS = 150;

/** @param {import("./edge.js").Edge} edge */
export const viewOver = (edge) =>
  class CheckoutView extends View {
    constructor(...given) {
      super(new AtEdge(edge), ...given);
    }
  };

/** A previewer (view.js) that asks the edge. */
class AtEdge {
  #edge;
  #asked;
  #resting;

  constructor(edge) {
    this.#edge = edge;
  }

  ask(cart, member, answer) {
    const wait = this.#asked ? REST_MS : 0;
    this.stop();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.#resting = setTimeout(async () => {
      let said;
      try {
        said = [null, await this.#edge.preview({ cart, ...(member && { member }) }, signal)];
      } catch (error) {
        said = [located(error)];
      }
      if (!signal.aborted) answer(...said);
    }, wait);
  }

  stop() {
    this.#asked?.abort();
    clearTimeout(this.#resting);
  }
}

/** The edge points into what was sent to it; the page knows a cart and a member. */
function located({ code, message, pointer }) {
  const isMembers = pointer.startsWith("/member");
  return { code: isMembers ? "member_malformed" : code, message, pointer: pointer.replace(/^\/(cart|member)/, "") };
}
