// The engine as a page calls it: JavaScript's values in, earnings out. What
// crosses into the module is bytes (tape.js); what comes back is a number, and
// JSON where somebody reads it.

// What wasm-bindgen made of engine.rs; the build says where it lies.
import * as bound from "earnest-bound";
import { toTape } from "./tape.js";

/**
 * Starts the module, before anything else here is called.
 * @param {Response|Promise<Response>} response the module's bytes
 */
export async function start(response) {
  const { instance } = await WebAssembly.instantiateStreaming(response, { "./widget_bg.js": bound });
  bound.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

export class Engine {
  #module;

  /**
   * @param {object} program the document that `GET /v1/program` answers with
   * @throws {{code: string, message: string, pointer: string}} where this engine does not know it
   */
  constructor(program) {
    this.#module = new bound.Engine(toTape(["program", program]));
    // Asked about nothing, it complains; of the program first.
    const complaint = this.#tell(new Uint8Array());
    if (complaint.code === "program_malformed") throw complaint;
  }

  /**
   * What the cart earns: the object that `POST /v1/preview` answers with. Its reasons are worked out once
   * somebody reads them, from what was asked, so they stay readable whatever happens to the cart.
   * @param {object} cart
   * @param {object|null} member a snapshot, or null for a guest
   * @param {number} now in milliseconds, as from `Date.now()`
   * @throws {{code: string, message: string, pointer: string}} where the cart or the member is not one
   */
  evaluate(cart, member, now) {
    const asked = toTape(["cart", cart], ["member", member], ["now", now]);
    const tell = () => this.#tell(asked);
    const points = this.#module.points(asked);
    if (Number.isNaN(points)) throw tell();
    let told;
    const rest = () => (told ??= tell());
    return {
      points,
      get currency() { return rest().currency; },
      get counted() { return rest().counted; },
      get lines() { return rest().lines; },
      get reasons() { return rest().reasons; },
      get credits() { return rest().credits; },
      get program() { return rest().program; },
      get engine() { return rest().engine; },
    };
  }

  #tell(asked) {
    return JSON.parse(this.#module.tell(asked));
  }
}
