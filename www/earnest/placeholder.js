// What stands in the box's place before the view has come, and if it never
// does. It keeps the room that the view will take, so that nothing on the page
// moves when it arrives.

const STYLE = `
:host{display:block;contain:layout style;container-type:inline-size}
:host([hidden]){display:none}
.box{all:initial;box-sizing:border-box;display:block;min-height:var(--room);padding:1.25em;border:1px solid color-mix(in srgb,currentColor 18%,transparent);border-radius:var(--earnest-radius,.75em);color:inherit;font-family:inherit;font-size:clamp(.875rem,1em,2.25rem);line-height:1.45}
.bar{display:block;width:var(--w);height:.875em;margin-bottom:.75em;border-radius:.25em;background:color-mix(in srgb,currentColor 8%,transparent)}
.aside{min-height:0;padding-block:.75em;transition:min-height .24s}
p{margin:0;font-size:.875em;opacity:.8}
@media(prefers-reduced-motion:reduce){.aside{transition:none}}`;

/** Heights of the box as a guest and as a member sees it, measured in a column of 24em. */
const ROOM = { guest: "25em", member: "16em" };

/** @param {ShadowRoot} root @param {object|null} member */
export function placeholder(root, member) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const box = make("div", "box");
  box.setAttribute("aria-busy", "true");
  box.style.setProperty("--room", member ? ROOM.member : ROOM.guest);
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
