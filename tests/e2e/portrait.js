// What the box looks like: for each element in its shadow root what it says, its place, its size and the
// styles that a page could spoil. Two portraits of one state must be equal, whatever the page does.

/** What a hostile page would like to change. */
const STYLES = [
  "animationName", "backgroundColor", "borderTopWidth", "boxSizing", "color", "columnCount", "cursor",
  "display", "filter", "float", "fontSize", "fontStyle", "fontWeight", "letterSpacing",
  "lineHeight", "marginTop", "opacity", "paddingLeft", "pointerEvents", "position", "textAlign",
  "textDecorationLine", "textIndent", "textTransform", "transform", "userSelect", "visibility",
  "whiteSpace", "wordSpacing", "zoom",
];

/**
 * @param {import("@playwright/test").Page} page
 * @param {string} [selector]
 * @returns {Promise<object[]>} one entry for each element, in the order of the tree
 */
export function portrait(page, selector = "earnest-checkout") {
  return page.locator(selector).evaluate((host, styles) => {
    const frame = host.shadowRoot.querySelector("[part~=box]").getBoundingClientRect();
    const ownText = ({ childNodes }) =>
      [...childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data.trim() : "")).join(" ");
    for (const animation of host.shadowRoot.getAnimations()) animation.finish();
    const round = (length) => Math.round(length * 4) / 4;
    return [...host.shadowRoot.querySelectorAll("*")]
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        // What is not shown has no place.
        const place = width || height ? [x - frame.x, y - frame.y, width, height].map(round) : null;
        const computed = getComputedStyle(element);
        return {
          element: `${element.localName}.${element.getAttribute("part") ?? element.getAttribute("class")}`,
          // What is there for screen readers alone is said when the cart has come to rest, and told elsewhere.
          text: width > 1 ? ownText(element) : "",
          said: ["aria-label", "aria-expanded", "aria-invalid", "aria-disabled", "aria-valuenow", "role"].map((name) =>
            element.getAttribute(name),
          ),
          place,
          ...Object.fromEntries(styles.map((style) => [style, computed[style]])),
        };
      });
  }, STYLES);
}
