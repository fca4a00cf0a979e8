// The nodes of the box, as crates/widget/src/view/parts.rs makes them, each
// made once and named for ::part. Text is put in only as text.

const SVG = "http://www.w3.org/2000/svg";
const CHEVRON = "M4 6.5l4 4 4-4";

export function buildBox(root, name, termsHref) {
  const parts = {};
  /** A node; its children are nodes and texts. Named in `parts` by its key, where it has one. */
  const make = (tag, part, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    if (part) {
      node.className = part;
      node.setAttribute("part", part);
    }
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "as") parts[value] = node;
      else node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  };
  const input = (type, part, as, more) => make("input", part, { type, "aria-describedby": "problem", as, ...more });
  const consent = (as, ...words) => make("label", "consent", {}, input("checkbox", "checkbox", as), make("span", "", {}, ...words));
  const terms = make("a", "terms", { target: "_blank", rel: "noopener", ...(termsHref && { href: termsHref }) }, "membership terms");
  const box = make("section", "box", { lang: "en", "aria-label": name, as: "body" },
    make("p", "head", {}, make("span", "program", {}, name), make("span", "tier", { as: "tier" })),
    make("p", "offer", { tabindex: "-1", as: "offer" },
      make("span", "lead", { as: "lead" }), " ",
      make("strong", "points", { as: "points" }, make("span", "number", { as: "number" }), " ", make("span", "word", { as: "word" })), " ",
      make("span", "tail", { as: "tail" })),
    make("p", "worth", { as: "worth" }),
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
        make("button", "button", { type: "submit", as: "join" }, make("span", "button-label", { as: "joinLabel" })),
        make("button", "already", { type: "button", "aria-expanded": "false", "aria-controls": "already", as: "already" }, "Already a member?")),
      make("p", "already-note", { id: "already", hidden: "", as: "alreadyNote" })),
    make("details", "why", { as: "why" },
      make("summary", "why-toggle", {}, "Why this many?", icon(CHEVRON)),
      make("dl", "reasons", { as: "rows" }, make("div", "total", {}, make("dt", "", {}, "Together"), make("dd", "", { as: "total" })))),
    make("p", "announcer", { role: "status", as: "announcer" }));
  root.replaceChildren(box);
  parts.addReason = () => {
    const label = make("dt", "reason-label");
    const step = make("dd", "reason-points");
    const row = make("div", "reason", {}, label, step);
    parts.rows.insertBefore(row, parts.rows.lastChild);
    return { row, label, step };
  };
  return parts;
}

function icon(path) {
  const icon = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 16 16"], ["part", "icon"], ["class", "icon"], ["aria-hidden", "true"]]) icon.setAttribute(key, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  icon.append(line);
  return icon;
}
