// Getting about a page with the keyboard alone, and watching that the focus can be seen.

import { expect } from "./earnest-test.js";

/** More stops than any page of the demo store has. */
const MOST_STOPS = 120;

/**
 * Presses Tab until the focus is there, and demands that each stop on the way shows it.
 * @param {import("@playwright/test").Page} page
 * @param {import("@playwright/test").Locator} target
 * @param {"Tab"|"Shift+Tab"} [key]
 */
export async function tabTo(page, target, key = "Tab") {
  const wanted = await target.elementHandle();
  const unseen = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    const { there, name, ring } = await page.evaluate(focusNow, wanted);
    if (!ring) unseen.push(name);
    if (!there) continue;
    expect(unseen, "stops whose focus cannot be seen").toEqual([]);
    return;
  }
  throw new Error(`${MOST_STOPS} times ${key} do not lead to ${target}`);
}

/** Whether the focus is there, through shadow roots, and to be seen. */
export async function expectFocus(target) {
  await expect(target).toBeFocused();
  const { ring } = await target.evaluate(focusNow);
  expect(ring, "the focus is to be seen").toBe(true);
}

/** Runs in the page: what has the focus, and whether a ring is drawn around it or what it stands in. */
function focusNow(wanted) {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const name = active?.outerHTML.slice(0, 120) ?? "nothing";
  if (!active || active === document.body) return { there: false, name, ring: true };
  // A control drawn by its label or by a sibling shows the ring there.
  const drawn = [active, active.nextElementSibling, active.parentElement, active.closest("label")];
  const ring = drawn.some((element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    // `auto` is the browser's own ring, whatever width it gives it.
    return outlineStyle === "auto" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  });
  return { there: active === wanted, name, ring };
}
