// The stand-in for pages that may not run wasm: the same box, with previews by
// POST /v1/preview. It computes no points. Its interface is that of the module's
// CheckoutView (crates/widget/src/view.rs); the loader cannot tell them apart.

import { CheckoutBox } from "../../crates/widget/src/box.js";
import style from "../../crates/widget/src/checkout.css";
import { Speech } from "../../crates/widget/src/tongue.js";
import { isEmail, sceneOf, spoken } from "./scene.js";

/** A change of the cart asks once it rests; the first preview does not wait. */
const REST_MS = 150;

/** @param {import("./edge.js").Edge} edge */
export function viewOver(edge) {
  return class CheckoutView {
    #state = { earning: undefined, member: null, joining: "asking", obstacle: "", pageEmail: undefined, joinedEmail: "" };
    #scene = { state: "" };
    #program;
    #speech;
    #emit;
    #box;
    #cart;
    #asked;
    #resting;

    constructor(root, program, locale, terms, emit) {
      this.#program = program;
      this.#speech = new Speech(locale);
      this.#emit = emit;
      this.#box = new CheckoutBox(root, style, program.name, terms, (joins) => (joins ? this.#join() : this.#change({ obstacle: "" })));
      this.#change({});
    }

    setCart(cart) {
      this.#cart = cart;
      this.#ask();
    }

    setMember(member) {
      this.#change({ member });
      this.#ask();
    }

    setEmail(email) {
      const { obstacle, pageEmail } = this.#state;
      this.#change({ pageEmail: email, obstacle: obstacle === "pageEmail" && email !== pageEmail ? "" : obstacle });
    }

    enrolled() {
      const { hasFocus } = this.#box;
      this.#change({ joining: "done" });
      if (hasFocus) this.#box.focus("offer");
    }

    failed(code) {
      const email = this.#state.pageEmail === undefined ? "email" : "pageEmail";
      const obstacle = { email_invalid: email, rate_limited: "tooMany" }[code] ?? "failed";
      this.#change({ joining: "asking", obstacle });
    }

    free() {
      this.#asked?.abort();
      clearTimeout(this.#resting);
      this.#box.close();
    }

    /** The latest cart wins: what was asked before is dropped. */
    #ask() {
      if (this.#cart === undefined) return;
      const wait = this.#asked ? REST_MS : 0;
      this.#asked?.abort();
      this.#asked = new AbortController();
      const { signal } = this.#asked;
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => this.#preview(signal), wait);
    }

    async #preview(signal) {
      try {
        const { member } = this.#state;
        const earning = await edge.preview({ cart: this.#cart, ...(member && { member }) }, signal);
        if (signal.aborted) return;
        this.#change({ earning });
        this.#emit("preview", earning);
      } catch ({ code, message, pointer }) {
        if (signal.aborted) return;
        this.#change({ earning: null });
        this.#emit("error", { code, message, pointer: pointer.replace(/^\/cart/, "") });
      }
    }

    #join() {
      const { joining, pageEmail } = this.#state;
      if (joining !== "asking") return;
      const email = pageEmail ?? this.#box.email;
      let obstacle = "";
      if (!isEmail(email)) obstacle = pageEmail === undefined ? "email" : "pageEmail";
      else if (!this.#box.ticked("terms")) obstacle = "terms";
      if (obstacle) {
        this.#change({ obstacle });
        this.#box.focus(obstacle === "pageEmail" ? "join" : obstacle);
        return;
      }
      this.#change({ joining: "sending", obstacle, joinedEmail: email });
      this.#emit("enrol", email, this.#box.ticked("marketing"));
    }

    #change(change) {
      Object.assign(this.#state, change);
      const before = this.#scene;
      const scene = (this.#scene = sceneOf(this.#state, this.#program, this.#speech));
      for (const [part, text] of Object.entries(scene.texts)) this.#box.say(part, text);
      scene.reasons.forEach(([label, step], nth) => this.#box.reason(nth, label, step));
      const { obstacle } = scene;
      const wrong = obstacle === "email" || obstacle === "terms" ? obstacle : "";
      const says = spoken(scene);
      const announces = before.state && before.state !== "waiting" && says !== spoken(before);
      this.#box.settle(scene.state, scene.asks, scene.asksEmail, wrong, ...scene.progress, scene.reasons.length, announces ? says : "");
    }
  };
}
