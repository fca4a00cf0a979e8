// The shelf: the products, by sku and by category. The same catalogue.json is
// compiled into the demo's server, which prices from its own copy.

import products from "./catalogue.json" with { type: "json" };

/** All products, in the order of the shelf. */
export const PRODUCTS = products;

/** What one can look for, in the order of the filter. `keep` says what belongs to it. */
export const SHELVES = [
  { id: "all", name: "Everything", keep: () => true },
  shelf("coffee", "Coffee"),
  shelf("bundles", "Bundles"),
  shelf("brewing", "Brewing"),
  shelf("kitchen", "Kitchen"),
  shelf("gift-cards", "Gift cards"),
  { id: "sale", name: "Sale", keep: (product) => product.tags.includes("sale") },
];

const bySku = new Map(products.map((product) => [product.sku, product]));

/** The product of that sku, or undefined. */
export function productOf(sku) {
  return bySku.get(sku);
}

function shelf(id, name) {
  return { id, name, keep: (product) => product.category === id };
}
