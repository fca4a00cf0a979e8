// A checkout page of a shop on another origin, which the shops of the test edge allow. The page is made
// here and answered by Playwright; script, module and API come from the edge, across origins.

import { EDGE, shopNamed } from "./edge.js";

export const ORIGIN = "https://shop.example";

/** A cart whose points are easily told: two bags of coffee at twice 39.98, so 79 beans of `alpha`. */
export const COFFEE = {
  currency: "EUR",
  prices_include_tax: true,
  lines: [
    { id: "l1", product: "kenya-aa", categories: ["coffee"], quantity: 2, unit_price: "19.99", tax: "2.62" },
  ],
};
export const COFFEE_POINTS = 79;

/** One mug: 16 beans. */
export const MUG = {
  currency: "EUR",
  lines: [{ id: "l1", product: "mug", categories: ["kitchen"], quantity: 1, unit_price: "16.00" }],
};
export const MUG_POINTS = 16;

/** What nobody earns on. */
export const GIFT_CARD = {
  currency: "EUR",
  lines: [{ id: "l1", product: "gift-card", categories: ["gift-cards"], quantity: 1, unit_price: "25.00" }],
};

/** A cart in a currency that the programme has no rate for. */
export const DOLLARS = { ...MUG, currency: "USD" };

/**
 * Opens the page.
 * @param {import("@playwright/test").Page} page
 * @param {object} [options]
 * @param {string} [options.shop] whose keys the page carries
 * @param {string} [options.csp] the page's Content-Security-Policy; `{edge}` stands for the edge's origin,
 *   `{nonce}` for the nonce of the page's own scripts
 * @param {string} [options.style] the shop's own CSS
 * @param {string} [options.before] a script that runs before anything else
 * @param {string} [options.element] markup where the box goes
 * @param {object|null} [options.cart] given to the first element as its property, before the loader has come
 * @param {object} [options.member] given likewise
 * @param {string} [options.lang] the page's language
 * @param {string} [options.main] more markup, below the box
 */
export async function openShopPage(page, options = {}) {
  const body = shopPage(options);
  const csp = options.csp?.replaceAll("{edge}", EDGE).replaceAll("{nonce}", "'nonce-shop'");
  await page.route(`${ORIGIN}/**`, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: csp ? { "content-security-policy": csp } : {},
      body,
    }),
  );
  // Not `load`, which waits for the loader too.
  await page.goto(`${ORIGIN}/checkout`, { waitUntil: "domcontentloaded" });
}

function shopPage({
  shop = "alpha",
  style = "",
  before = "",
  element = '<earnest-checkout email-from="#email"></earnest-checkout>',
  cart = COFFEE,
  member = null,
  lang = "en-IE",
  main = "",
}) {
  const give = Object.entries({ cart, member })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `document.querySelector("earnest-checkout").${name} = ${JSON.stringify(value)};`)
    .join(" ");
  // Nonces are hidden from scripts and harmless without a policy.
  const script = (text) => (text ? `<script nonce="shop">${text}</script>` : "");
  return `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<title>Checkout of a shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
${script(before)}
${script(HEARD)}
<style nonce="shop">body { margin: 16px } main { max-width: 448px }
/* As the embedding guide has it: the box's room, kept until the loader has come. */
earnest-checkout:not(:defined) { display: block; min-height: 25em }</style>
<script async src="${EDGE}/earnest.js" data-shop="${shop}" data-key="${shopNamed(shop).publishable_key}"></script>
<main>
<h1>Checkout</h1>
<p><label for="email">E-mail</label> <input id="email" type="email"></p>
${element}
<p><button id="buy" type="button">Place order</button> <output id="bought"></output></p>
${main}
</main>
${script(`${give} document.querySelector("#buy").onclick = () => (document.querySelector("#bought").value = "Bought");`)}
<style nonce="shop">${style}</style>
</html>`;
}

/** Keeps every event of the box, in order, for `heard`. */
const HEARD = `
  window.shopHeard = [];
  for (const name of ["ready", "preview", "enrolled", "error"])
    document.addEventListener("earnest:" + name, (event) => shopHeard.push({ name, detail: event.detail }));
`;

/**
 * The details of the box's events of one name so far, in order.
 * @param {"ready"|"preview"|"enrolled"|"error"} name
 */
export function heard(page, name) {
  return page.evaluate((name) => window.shopHeard.filter((event) => event.name === name).map(({ detail }) => detail), name);
}
