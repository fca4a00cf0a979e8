// What stands in the box's place before the view has come, and if it never
// does. It keeps the room that the view will take, so that nothing on the page
// moves when it arrives.

const STYLE = `
:host{display:block;contain:layout style;container-type:inline-size}
:host([hidden]){display:none}
.box{all:initial;box-sizing:border-box;display:block;--more:0em;min-height:calc(var(--room) + var(--more));padding:1.25em;border:1px solid color-mix(in srgb,currentColor 18%,transparent);border-radius:var(--earnest-radius,.75em);color:inherit;font-family:inherit;font-size:clamp(.875rem,1em,2.25rem);line-height:1.45}
@container(width<27.5em){.asks{--more:.7em}}
@container(width<22em){.asks{--more:1.4em}}
.bar{display:block;max-width:100%;width:var(--w);height:.875em;margin-bottom:.75em;border-radius:.25em;background:color-mix(in srgb,currentColor 8%,transparent)}
.aside{min-height:0;padding-block:.75em}
p{margin:0;font-size:.875em;opacity:.8}`;

/**
 * Heights of the box, which keeps no less (checkout.css): as a guest sees it whose
 * e-mail the page has, as one whose e-mail it asks for, as a member.
 */
const ROOM = { guest: "25em", stranger: "30.25em", member: "19.3em" };

/** @param {ShadowRoot} root @param {keyof typeof ROOM} reader */
export function placeholder(root, reader) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const box = make("div", "box");
  // The words of who is asked to join break in a narrow column.
  if (reader !== "member") box.classList.add("asks");
  box.setAttribute("aria-busy", "true");
  box.style.setProperty("--room", ROOM[reader]);
  for (const width of ["9em", "5em", "14em"]) {
    const bar = make("span", "bar");
    bar.style.setProperty("--w", width);
    box.append(bar);
  }
  root.replaceChildren(box);
}

/** One quiet line: the shop works without us. */
export function stepAside(root) {
  const box = make("div", "box aside");
  box.lang = "en";
  const line = make("p", "note");
  line.textContent = "Rewards can't be shown just now. Your order is not affected.";
  box.append(line);
  root.replaceChildren(box);
}

function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  element.setAttribute("part", name);
  return element;
}
