// The view: what one box shows, and what happens when a shopper uses it.
//
// It computes no points: it asks a previewer, which is the module (widget.js)
// or, on pages that may not run it, the edge (fallback.js). It puts no node
// anywhere (box.js does), chooses no words (scene.js does), and does not talk to
// the edge: it asks the loader to, through `emit`.

import { CheckoutBox } from "./box.js";
import { isEmail, sceneOf, spoken } from "./scene.js";
import { Speech } from "./speech.js";
// Squeezed by the build.
import style from "earnest-style";

/**
 * @typedef {object} Previewer
 * @property {(cart: unknown, member: unknown, answer: (error: ?{code: string, message: string, pointer: string},
 *   earning?: object) => void) => void} ask at once or in a while; only the last question is answered
 * @property {() => void} stop from now on nothing is answered
 */

export class View {
  #state = { earning: undefined, member: null, joining: "asking", obstacle: "", pageEmail: undefined, joinedEmail: "" };
  #scene = { state: "" };
  #previewer;
  #program;
  #speech;
  #emit;
  #box;
  #cart;

  /**
   * @param {Previewer} previewer
   * @param {ShadowRoot} root where the box goes
   * @param {object} program the published document
   * @param {string} locale the page's language
   * @param {string} terms where the membership terms can be read, or nothing
   * @param {(kind: "preview"|"enrol"|"error", detail: unknown, marketing?: boolean) => void} emit hears
   *   `"preview", earning`, `"enrol", email, marketing` for the loader to post, and `"error"` with
   *   `{code, message, pointer}`
   */
  constructor(previewer, root, program, locale, terms, emit) {
    this.#previewer = previewer;
    this.#program = program;
    this.#speech = new Speech(locale);
    this.#emit = emit;
    this.#box = new CheckoutBox(root, style, program.name, terms, (joins) => (joins ? this.#join() : this.#change({ obstacle: "" })));
    this.#change({});
  }

  /** Shows what the cart earns; where the previewer is the module, in this very frame. */
  setCart(cart) {
    this.#cart = cart;
    this.#ask();
  }

  /** Previews for this member from now on; null for a guest. */
  setMember(member) {
    this.#change({ member });
    this.#ask();
  }

  /** The e-mail in the page's own field; undefined where the page has no such field. */
  setEmail(email) {
    const { obstacle, pageEmail } = this.#state;
    this.#change({ pageEmail: email, obstacle: obstacle === "pageEmail" && email !== pageEmail ? "" : obstacle });
  }

  /** The edge has accepted: she is in. */
  enrolled() {
    const { hasFocus } = this.#box;
    this.#change({ joining: "done" });
    // What had the focus is gone; without this she would start again at the top of the page.
    if (hasFocus) this.#box.focus("offer");
  }

  /** The edge has refused or did not answer. `code` is its problem's. */
  failed(code) {
    const email = this.#state.pageEmail === undefined ? "email" : "pageEmail";
    const obstacle = { email_invalid: email, rate_limited: "tooMany" }[code] ?? "failed";
    this.#change({ joining: "asking", obstacle });
  }

  free() {
    this.#previewer.stop();
    this.#box.close();
  }

  #ask() {
    if (this.#cart === undefined) return;
    this.#previewer.ask(this.#cart, this.#state.member, (error, earning) => {
      const isMembers = error?.code === "member_malformed" && this.#state.member;
      this.#change(isMembers ? { member: null } : { earning: error ? null : earning });
      this.#emit(...(error ? ["error", error] : ["preview", earning]));
      // Whom the page does not name in a way that can be read is a guest.
      if (isMembers) this.#ask();
    });
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
}
