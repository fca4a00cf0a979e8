// The box: the nodes that a shopper sees, and what she does to them.
//
// It shows what it is told and tells what she does; it knows no points, no words
// that change, and no edge. Nodes are made once and only ever change their text,
// so focus and what was typed stay. Text is put in only as text.

const SVG = "http://www.w3.org/2000/svg";

/** On a grid of 16, drawn with a stroke of 1.5. */
const CHEVRON = "M4 6.5l4 4 4-4";

/** What is hidden while a text is empty, where that is more than its own node. */
const HIDES = { number: "offer", worth: "worth", campaigns: "campaigns", balance: "standing", next: "progress", note: "note", total: "why" };

/**
 * How long the cart must rest before a screen reader hears what it earns: who
 * presses a stepper five times hears one sentence.
 */
const ANNOUNCE_AFTER_MS = 700;

/** One sheet for all boxes of a page. */
let sheet;

export class CheckoutBox {
  #root;
  #parts = {};
  #rows = [];
  #announcing;
  #number;

  /**
   * @param {ShadowRoot} root
   * @param {string} style
   * @param {string} name the programme's
   * @param {string} terms where the membership terms can be read, or nothing
   * @param {(joins: boolean) => void} act she joins, or mends what stood in the way
   */
  constructor(root, style, name, terms, act) {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
    }
    this.#root = root;
    // The placeholder's room, kept until there is something to show.
    const kept = root.firstElementChild?.offsetHeight ?? 0;
    root.adoptedStyleSheets = [sheet];
    this.#build(name, terms);
    this.#parts.body.style.setProperty("--kept", `${kept}px`);
    const { form, already, alreadyNote } = this.#parts;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act?.(true);
    });
    form.addEventListener("input", () => this.act?.(false));
    already.addEventListener("click", () => {
      alreadyNote.hidden = !alreadyNote.hidden;
      already.setAttribute("aria-expanded", String(!alreadyNote.hidden));
    });
    this.act = act;
  }

  /** Puts a text where it belongs. */
  say(part, text) {
    const { [part]: node, [HIDES[part]]: hidden } = this.#parts;
    if (node.textContent !== text) node.textContent = text;
    if (hidden) hidden.hidden = !text;
  }

  /** Puts a reason where it belongs. */
  reason(nth, label, step) {
    const row = (this.#rows[nth] ??= this.#addRow());
    row.label.textContent = label;
    row.step.textContent = step;
  }

  /**
   * Ends a change.
   * @param {string} state
   * @param {"" | "email" | "terms"} wrong which of her inputs is
   * @param {number} before percent of the way to the next tier, `after` with this order
   * @param {number} reasons how many there are
   * @param {string} announcement what a screen reader says of it, if anything
   */
  settle(state, asks, asksEmail, wrong, before, after, reasons, announcement) {
    const { body, form, emailRow, join, email, terms, bar, points, number } = this.#parts;
    body.dataset.state = state;
    form.hidden = !asks;
    emailRow.hidden = !asksEmail;
    // Not `disabled`, which would take the focus away while she waits.
    join.setAttribute("aria-disabled", String(state === "joining"));
    email.setAttribute("aria-invalid", String(wrong === "email"));
    terms.setAttribute("aria-invalid", String(wrong === "terms"));
    bar.setAttribute("aria-valuenow", String(after));
    bar.style.setProperty("--before", `${before}%`);
    bar.style.setProperty("--after", `${after}%`);
    for (const { row } of this.#rows.splice(reasons)) row.remove();
    if (this.#number && this.#number !== number.textContent) {
      // Two names for one animation: changing from one to the other starts it again.
      points.dataset.tick = points.dataset.tick === "a" ? "b" : "a";
    }
    this.#number = number.textContent;
    if (announcement) {
      clearTimeout(this.#announcing);
      this.#announcing = setTimeout(() => { this.#parts.announcer.textContent = announcement; }, ANNOUNCE_AFTER_MS);
    }
  }

  get email() {
    return this.#parts.email.value.trim();
  }

  ticked(part) {
    return this.#parts[part].checked;
  }

  get hasFocus() {
    return Boolean(this.#root.activeElement);
  }

  focus(part) {
    this.#parts[part].focus();
  }

  /** From now on she does nothing to it. */
  close() {
    clearTimeout(this.#announcing);
    this.act = undefined;
  }

  #build(name, termsHref) {
    const make = (...what) => this.#make(...what);
    const input = (type, part, as, more) => make("input", part, { type, "aria-describedby": "problem", as, ...more });
    const consent = (as, ...words) => make("label", "consent", {}, input("checkbox", "checkbox", as), make("span", "", {}, ...words));
    const terms = termsHref ? make("a", "terms", { href: termsHref, target: "_blank", rel: "noopener" }, "membership terms") : "membership terms";
    this.#root.replaceChildren(
      // The words are English, whatever the page speaks.
      make("section", "box", { lang: "en", "aria-label": name, as: "body" },
        make("p", "head", {}, make("span", "program", {}, name), make("span", "status", { as: "status" }, make("span", "tier", { as: "tier" }), " ", make("span", "perks", { as: "perks" }))),
        make("p", "offer", { tabindex: "-1", as: "offer" },
          make("span", "lead", { as: "lead" }), " ",
          make("strong", "points", { as: "points" }, make("span", "number", { as: "number" }), " ", make("span", "word", { as: "word" })), " ",
          make("span", "tail", { as: "tail" })),
        make("p", "worth", { as: "worth" }),
        make("p", "campaigns", { as: "campaigns" }),
        make("div", "standing", { as: "standing" },
          make("p", "balance", { as: "balance" }),
          make("div", "progress", { as: "progress" },
            make("div", "bar", { role: "progressbar", "aria-labelledby": "next", as: "bar" }),
            make("p", "next", { id: "next", as: "next" }))),
        make("p", "note", { as: "note" }),
        make("form", "form", { novalidate: "", as: "form" },
          make("label", "field", { as: "emailRow" }, make("span", "label", {}, "E-mail"), input("email", "input", "email", { autocomplete: "email", maxlength: "254" })),
          consent("terms", "I agree to the ", terms, "."),
          consent("marketing", "E-mail me news and offers. You can stop at any time."),
          make("p", "problem", { id: "problem", role: "alert", as: "problem" }),
          make("p", "using", { as: "using" }),
          make("div", "actions", {},
            make("button", "button", { type: "submit", as: "join" }, make("span", "button-label", { as: "button" })),
            make("button", "already", { type: "button", "aria-expanded": "false", "aria-controls": "already", as: "already" }, "Already a member?")),
          make("p", "already-note", { id: "already", hidden: "", as: "alreadyNote" })),
        make("details", "why", { as: "why" },
          make("summary", "why-toggle", {}, "Why this many?", this.#icon(CHEVRON)),
          make("dl", "reasons", { as: "rows" }, make("div", "total", {}, make("dt", "", {}, "Together"), make("dd", "", { as: "total" })))),
        make("p", "announcer", { role: "status", as: "announcer" })));
  }

  /** A node with what is in it; `part` is its name for ::part, `as` the box's own. */
  #make(tag, part, { as, ...attributes }, ...children) {
    const node = document.createElement(tag);
    if (as) this.#parts[as] = node;
    for (const [name, value] of Object.entries({ ...(part && { part, class: part }), ...attributes })) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  #icon(path) {
    const icon = document.createElementNS(SVG, "svg");
    const line = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", part: "icon", class: "icon", "aria-hidden": "true" })) icon.setAttribute(name, value);
    line.setAttribute("d", path);
    icon.append(line);
    return icon;
  }

  #addRow() {
    const label = this.#make("dt", "reason-label", {});
    const step = this.#make("dd", "reason-points", {});
    const row = this.#make("div", "reason", {}, label, step);
    this.#parts.rows.insertBefore(row, this.#parts.rows.lastChild);
    return { row, label, step };
  }
}
