// The stand-in for pages that may not run wasm: the same box, from the same
// style sheet, with previews by POST /v1/preview. It computes no points.
// Its interface is that of the module's CheckoutView; the loader cannot tell
// them apart.

import style from "../../crates/widget/src/checkout.css";
import { buildBox } from "./fallback/parts.js";
import { paint, tint } from "./fallback/paint.js";
import { isEmail, sceneOf } from "./fallback/scene.js";
import { speak } from "./fallback/tongue.js";

/** Typing in a quantity asks once it rests; the first preview does not wait. */
const REST_MS = 150;
const ANNOUNCE_AFTER_MS = 700;

let sheet;

/** @param {import("./edge.js").Edge} edge */
export function viewOver(edge) {
  return class CheckoutView {
    #state = { earning: undefined, member: null, joining: "asking", obstacle: null, pageEmail: undefined, joinedEmail: "" };
    #cart;
    #asked;
    #timers = {};

    constructor(root, program, locale, terms, emit) {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
      }
      root.adoptedStyleSheets = [sheet];
      this.root = root;
      this.program = program;
      this.tongue = speak(locale, program.points);
      this.emit = emit;
      this.parts = buildBox(root, program.name, terms);
      const { form, already, alreadyNote, announcer } = this.parts;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#join();
      });
      form.addEventListener("input", () => this.#change({ obstacle: null }));
      // Its colours are the accent's and the text's: it ends when the page's theme has changed.
      announcer.addEventListener("transitionend", () => tint(this.parts));
      already.addEventListener("click", () => {
        alreadyNote.hidden = !alreadyNote.hidden;
        already.setAttribute("aria-expanded", String(!alreadyNote.hidden));
      });
      this.#change({});
    }

    setCart(cart) {
      this.#cart = cart;
      this.#ask();
    }

    setMember(member) {
      this.#state.member = member;
      this.#change({});
      this.#ask();
    }

    setEmail(email) {
      const { obstacle, pageEmail } = this.#state;
      this.#change({ pageEmail: email, obstacle: obstacle === "pageEmail" && email !== pageEmail ? null : obstacle });
    }

    enrolled() {
      const hadFocus = this.root.activeElement;
      this.#change({ joining: "done" });
      if (hadFocus) this.parts.offer.focus();
    }

    failed(code) {
      const email = this.#state.pageEmail === undefined ? "email" : "pageEmail";
      const obstacle = { email_malformed: email, rate_limited: "tooMany" }[code] ?? "failed";
      this.#change({ joining: "asking", obstacle });
    }

    free() {
      this.#asked?.abort();
      for (const timer of Object.values(this.#timers)) clearTimeout(timer);
      this.freed = true;
    }

    /** The latest cart wins: what was asked before is dropped. */
    #ask() {
      if (this.#cart === undefined) return;
      const first = !this.#asked;
      this.#asked?.abort();
      const asked = (this.#asked = new AbortController());
      clearTimeout(this.#timers.ask);
      this.#timers.ask = setTimeout(async () => {
        try {
          const { member } = this.#state;
          const earning = await edge.preview({ cart: this.#cart, ...(member && { member }) }, asked.signal);
          if (asked.signal.aborted) return;
          this.#change({ earning });
          this.emit("preview", earning);
        } catch ({ code, message, pointer }) {
          if (asked.signal.aborted) return;
          this.#change({ earning: null });
          this.emit("error", { code, message, pointer: pointer?.replace(/^\/cart/, "") ?? "" });
        }
      }, first ? 0 : REST_MS);
    }

    #join() {
      const { joining, pageEmail } = this.#state;
      if (joining !== "asking") return;
      const { email, terms, marketing, join } = this.parts;
      const given = pageEmail ?? email.value.trim();
      let obstacle = null;
      if (!isEmail(given)) obstacle = pageEmail === undefined ? "email" : "pageEmail";
      else if (!terms.checked) obstacle = "terms";
      if (obstacle) {
        this.#change({ obstacle });
        ({ email, terms, pageEmail: join })[obstacle].focus();
        return;
      }
      this.#change({ joining: "sending", obstacle, joinedEmail: given });
      this.emit("enrol", { email: given, consent: { terms: true, marketing: marketing.checked } });
    }

    #change(change) {
      if (this.freed) return;
      Object.assign(this.#state, change);
      const said = paint(this.parts, sceneOf(this.#state, this.program, this.tongue));
      if (!said) return;
      clearTimeout(this.#timers.announce);
      this.#timers.announce = setTimeout(() => { this.parts.announcer.textContent = said; }, ANNOUNCE_AFTER_MS);
    }
  };
}
