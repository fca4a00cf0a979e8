// <earnest-checkout>: takes what the page hands in, asks for the view when the
// box comes near the viewport or the page is idle, and turns what the view says
// into events and requests. It renders nothing but the placeholder.

import { load } from "./module.js";
import { placeholder, stepAside } from "./placeholder.js";

const NEAR = "300px";
const IDLE_AFTER_MS = 2000;
const PROPERTIES = ["cart", "member", "email"];

/** @param {import("./edge.js").Edge} edge @param {(path: string) => string} asset */
export function defineCheckout(edge, asset) {
  class EarnestCheckout extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #given = { cart: undefined, member: null, email: undefined };
    #view;
    #alive;

    get cart() { return this.#given.cart; }
    set cart(cart) { this.#give("cart", cart, "setCart"); }
    get member() { return this.#given.member; }
    set member(member) { this.#give("member", member ?? null, "setMember"); }
    get email() { return this.#given.email; }
    set email(email) { this.#give("email", email ?? undefined, "setEmail"); }

    connectedCallback() {
      // Moved, not new: it was disconnected and connected again in one go.
      if (this.#alive) return;
      for (const name of PROPERTIES) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      this.#alive = new AbortController();
      const { signal } = this.#alive;
      placeholder(this.#root, this.#reader());
      document.addEventListener("earnest:cart", ({ detail }) => { this.cart = detail; }, { signal });
      for (const kind of ["input", "change"]) {
        document.addEventListener(kind, ({ target }) => this.#readEmail(target), { signal, capture: true });
      }
      const script = new MutationObserver(() => this.#readScript());
      script.observe(this, { childList: true, characterData: true, subtree: true });
      signal.addEventListener("abort", () => script.disconnect());
      this.#readScript();
      whenWanted(this, signal).then(() => this.#start(signal));
    }

    disconnectedCallback() {
      queueMicrotask(() => {
        if (this.isConnected || !this.#alive) return;
        this.#alive.abort();
        this.#alive = undefined;
        this.#view?.free();
        this.#view = undefined;
      });
    }

    async #start(signal) {
      if (signal.aborted || this.#view) return;
      try {
        const { mode, program, View } = await load(edge, asset);
        if (signal.aborted) return;
        const locale = this.closest("[lang]")?.lang || navigator.language;
        const view = new View(this.#root, program, locale, link(this), (...said) => this.#hear(...said));
        this.#view = view;
        this.#readEmail(this.#emailField());
        view.setEmail(this.#given.email);
        view.setMember(this.#given.member);
        if (this.#given.cart !== undefined) view.setCart(this.#given.cart);
        this.#tell("ready", { version: program.version, program, mode });
      } catch (error) {
        stepAside(this.#root);
        this.#tell("error", { code: error.code ?? "failed", message: error.message, pointer: error.pointer ?? "" });
      }
    }

    #give(name, value, set) {
      if (name !== "cart" && this.#given[name] === value) return;
      this.#given[name] = value;
      // A box that has been taken from the page keeps what it is given for its return.
      this.#view?.[set](value);
    }

    #hear(kind, detail, marketing) {
      // Read as a whole now: the view may be gone when the page reads it.
      if (kind === "preview") this.#tell("preview", { earning: { ...detail } });
      if (kind === "error") this.#tell("error", detail);
      if (kind === "enrol") this.#enrol({ email: detail, consent: { terms: true, marketing } });
    }

    async #enrol(body) {
      const signal = this.#alive?.signal;
      try {
        const { welcome_points } = await edge.enrol(body, signal);
        this.#view?.enrolled();
        this.#tell("enrolled", { welcome_points });
      } catch (error) {
        if (signal?.aborted) return;
        this.#view?.failed(error.code ?? "failed");
        this.#tell("error", { code: error.code ?? "failed", message: error.message, pointer: error.pointer ?? "" });
      }
    }

    /** Who is going to read the box, as far as the page has said. */
    #reader() {
      const { member, email } = this.#given;
      if (member || this.getAttribute("joining") === "automatic") return "member";
      return email !== undefined || this.#emailField() ? "guest" : "stranger";
    }

    #emailField() {
      const selector = this.#emailSelector();
      return selector && document.querySelector(selector);
    }

    #readEmail(field) {
      const selector = this.#emailSelector();
      if (selector && field instanceof Element && field.matches(selector)) this.email = field.value.trim();
    }

    /** Of the page's e-mail field. What the shop wrote may be no selector; then there is no such field. */
    #emailSelector() {
      const selector = this.getAttribute("email-from") ?? "";
      try {
        document.createDocumentFragment().querySelector(selector);
        return selector;
      } catch {
        return "";
      }
    }

    #readScript() {
      const script = this.querySelector('script[type="application/json"]');
      if (!script?.textContent.trim()) return;
      try {
        this.cart = JSON.parse(script.textContent);
      } catch (error) {
        this.#tell("error", { code: "cart_malformed", message: error.message, pointer: "" });
      }
    }

    #tell(kind, detail) {
      this.dispatchEvent(new CustomEvent(`earnest:${kind}`, { detail, bubbles: true, composed: true }));
    }
  }
  customElements.define("earnest-checkout", EarnestCheckout);
}

/** Where the membership terms can be read, if the page says, as an address that is safe in a link; else nothing. */
function link(element) {
  const link = document.createElement("a");
  link.href = element.getAttribute("terms") || "about:blank";
  return link.protocol === "https:" || link.protocol === "http:" ? link.href : "";
}

/** Resolves when the element is near the viewport, or the page has nothing better to do. */
function whenWanted(element, signal) {
  return new Promise((resolve) => {
    const seen = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && resolve(),
      { rootMargin: NEAR },
    );
    seen.observe(element);
    signal.addEventListener("abort", () => seen.disconnect());
    const whenIdle = globalThis.requestIdleCallback ?? ((idle) => setTimeout(idle, IDLE_AFTER_MS));
    const loaded = () => whenIdle(resolve, { timeout: IDLE_AFTER_MS });
    if (document.readyState === "complete") loaded();
    else addEventListener("load", loaded, { once: true, signal });
  });
}
