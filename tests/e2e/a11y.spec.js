// Everybody can use it: axe finds nothing on any page or state, light or dark; the accent of any shop
// leaves its text readable; large text and small screens hold; what changes is said, calmly.

import axe from "axe-core";
import { newEmail } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { DemoStore } from "./demo-store.js";
import { COFFEE_POINTS, MUG, openShopPage } from "./shop-page.js";
import { Box } from "./box.js";
import { STATES } from "./states.js";

/** A page of a shop that has both schemes, as the demo store has. */
const STYLE = ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText }";

/** Dark, mid and pale ones, those in the middle being the hardest. */
const ACCENTS = ["#0b1f4d", "#1d5468", "#777", "#00a37a", "#ff5a1f", "#e60023", "#ffe08a", "#fff", "#000", "rebeccapurple"];

for (const colorScheme of ["light", "dark"]) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    for (const [state, reach] of Object.entries(STATES)) {
      test(`axe finds nothing in the state "${state}"`, async ({ page }) => {
        await reach(page, { style: STYLE });
        expect(await violations(page)).toEqual([]);
      });
    }

    test("axe finds nothing on the pages of the demo store", async ({ page }) => {
      const store = new DemoStore(page);
      await store.fillCart({ "kenya-aa": 1, "low-tide-decaf": 1 });
      expect(await violations(page), "front").toEqual([]);
      await page.locator("#cart-open").click();
      await expect(page.locator("dialog#cart")).toBeVisible();
      expect(await violations(page), "cart").toEqual([]);
      await page.locator("#to-checkout").click();
      await store.box.shows(67);
      await store.placeOrder.click();
      await expect(page.locator("#email-fault")).toBeVisible();
      expect(await violations(page), "checkout with faults").toEqual([]);
      await store.fillAddress(newEmail());
      await store.buy();
      expect(await violations(page), "order").toEqual([]);
      await store.openMerchant();
      await store.expectAgreement();
      expect(await violations(page), "merchant").toEqual([]);
      await page.goto("/demo/account");
      await store.signIn();
      await expect(page.locator("[data-test=history] li").last()).toBeVisible();
      expect(await violations(page), "account").toEqual([]);
    });

    test("whatever accent a shop has, text on buttons and of links can be read", async ({ page }) => {
      await STATES.why(page, { style: STYLE });
      const box = new Box(page);
      for (const accent of ACCENTS) {
        // The page changes its theme under the box, as a switch in a shop's header does.
        await box.element.evaluate((host, accent) => host.style.setProperty("--earnest-accent", accent), accent);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        const { violations } = await runAxe(page, { runOnly: ["color-contrast"] });
        expect(violations.map(told), accent).toEqual([]);
        expect(await contrast(box.buttonLabel, box.joinButton), accent).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
}

test("who wants no motion gets none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await STATES.why(page, {});
  const moving = await page.locator("earnest-checkout").evaluate(async (host, cart) => {
    host.cart = cart;
    await new Promise(requestAnimationFrame);
    // What is not to be seen may be timed: nobody sees it move.
    const elements = [...host.shadowRoot.querySelectorAll("*")].filter((element) => element.offsetWidth > 1);
    const styled = elements.filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== "none" || transitionDuration.split(",").some((duration) => parseFloat(duration) > 0);
    });
    return styled.length + host.shadowRoot.getAnimations().length;
  }, MUG);
  expect(moving).toBe(0);
});

for (const [state, reach] of Object.entries(STATES)) {
  test(`the state "${state}" holds at 280 px and at 200% text`, async ({ page }) => {
    await page.setViewportSize({ width: 280, height: 640 });
    await reach(page, { style: "body { margin: 0 8px }" });
    expect(await overflowing(page), "at 280 px").toEqual([]);
    await page.addStyleTag({ content: "html { font-size: 200% }" });
    expect(await overflowing(page), "at 280 px and 200% text").toEqual([]);
  });
}

for (const [name, width, fontSize] of [
  ["280 px", 280, "100%"],
  ["390 px and 200% text", 390, "200%"],
]) {
  test(`the demo store holds at ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.addInitScript((size) => {
      new MutationObserver((_, observer) => {
        if (!document.documentElement) return;
        document.documentElement.style.fontSize = size;
        observer.disconnect();
      }).observe(document, { childList: true });
    }, fontSize);
    const store = new DemoStore(page);
    await store.fillCart({ "kenya-aa": 1, mug: 1 });
    expect(await tooWide(page), "front").toBe(0);
    await store.goToCheckout();
    await store.box.shows(55);
    expect(await tooWide(page), "checkout").toBe(0);
    expect(await overflowing(page), "box").toEqual([]);
    await store.fillAddress(newEmail());
    await store.buy();
    expect(await tooWide(page), "order").toBe(0);
  });
}

test("what one presses is 44 px high", async ({ page }) => {
  await STATES.guest(page, {});
  const heights = await page.locator("earnest-checkout").evaluate((host) =>
    [...host.shadowRoot.querySelectorAll("button, summary, label, input:not(label input)")]
      .filter((element) => element.checkVisibility())
      .map((element) => [element.textContent.trim(), element.getBoundingClientRect().height])
      .filter(([, height]) => height < 44),
  );
  expect(heights).toEqual([]);
});

test("new points are said politely, once, in a region that was there before", async ({ page }) => {
  await STATES.guest(page, {});
  const said = await page.locator("earnest-checkout").evaluate(async (host, cart) => {
    const region = host.shadowRoot.querySelector("[role=status], [aria-live=polite]");
    const said = [];
    const observer = new MutationObserver(() => said.push(region.textContent.trim()));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    host.cart = cart;
    await new Promise((resolve) => {
      const look = () => (said.length > 0 ? resolve() : requestAnimationFrame(look));
      look();
    });
    return said.filter(Boolean);
  }, MUG);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("16");
});

test("the box names itself, its boxes and its button for who cannot see it", async ({ page }) => {
  await STATES.guest(page, {});
  const box = new Box(page);
  await expect(box.element.getByRole("checkbox")).toHaveCount(2);
  await expect(box.terms).toHaveAccessibleName(/terms/i);
  await expect(box.marketing).toHaveAccessibleName(/e-mail|news|offers/i);
  await expect(box.joinButton).toHaveAccessibleName(/join/i);
  await expect(box.element.getByRole("status")).toHaveCount(1);
  await expect(box.points).toContainText(String(COFFEE_POINTS));
});

async function violations(page) {
  // axe does not see what lies under a header that sticks.
  await page.evaluate(() => window.scrollTo(0, 0));
  const { violations } = await runAxe(page, {});
  return violations.map(told);
}

async function runAxe(page, options) {
  await page.evaluate(axe.source);
  return page.evaluate((options) => window.axe.run(document, options), options);
}

function told({ id, help, nodes }) {
  return `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(" ")} ${failureSummary}`).join("; ")}`;
}

/** The contrast of one element's text on the background of another, as WCAG 2.2 counts it. */
async function contrast(text, ground) {
  return text.evaluate((element, behind) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const luminance = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const { color } = getComputedStyle(element);
    const { backgroundColor } = getComputedStyle(behind);
    const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }, await ground.elementHandle());
}

/** What of the box sticks out of it or of the window. */
function overflowing(page) {
  return page.locator("earnest-checkout").evaluate((host) => {
    const right = Math.min(innerWidth, host.getBoundingClientRect().right);
    return [...host.shadowRoot.querySelectorAll("*")]
      .filter((element) => element.checkVisibility() && getComputedStyle(element).clipPath === "none")
      .filter((element) => element.getBoundingClientRect().right > right + 0.5)
      .map((element) => `${element.localName} ${element.getAttribute("part") ?? element.getAttribute("class")}`);
  });
}

/** How many pixels a page is too wide by. */
function tooWide(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}
