// The shelf on the front page: the category filter and the product cards.

import { pieces, quantityOf, setQuantity, watchCart } from "./cart-store.js";
import { PRODUCTS, SHELVES } from "./catalogue.js";
import { announce, build, setText } from "./dom.js";
import { parseCents, showMoney } from "./money.js";

/**
 * @param {HTMLElement} grid a <ul>
 * @param {HTMLElement} filter a group that takes the buttons
 */
export function mountShelf(grid, filter) {
  const cards = PRODUCTS.map((product) => ({ product, element: makeCard(product) }));
  grid.replaceChildren(...cards.map((card) => card.element));

  const buttons = SHELVES.map((shelf) => {
    const button = build(
      "button",
      { class: "button pill", type: "button", "aria-pressed": String(shelf.id === "all"), "data-shelf": shelf.id },
      shelf.name,
    );
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      for (const { product, element } of cards) element.hidden = !shelf.keep(product);
      const shown = PRODUCTS.filter(shelf.keep).length;
      announce(`${shelf.name}: ${shown} ${shown === 1 ? "product" : "products"}.`);
    });
    return button;
  });
  filter.replaceChildren(...buttons);
}

function makeCard(product) {
  const { sku, name } = product;
  const inCart = build("span", { class: "in-cart" });
  const add = build("button", { class: "button wide", type: "button", "data-test": "add" }, "Add to cart");
  add.append(build("span", { class: "unseen" }, `: ${name}`));
  add.addEventListener("click", () => {
    setQuantity(sku, quantityOf(sku) + 1);
    announce(`${name} is in your cart. ${pieces()} in all.`);
  });
  watchCart(() => {
    const quantity = quantityOf(sku);
    setText(inCart, quantity ? `${quantity} in your cart` : "");
  });

  return build(
    "li",
    { class: "card", "data-sku": sku },
    build(
      "div",
      { class: "card-picture" },
      build("img", { src: product.image, alt: product.alt, width: 400, height: 400, decoding: "async" }),
      ...(product.was ? [build("span", { class: "flag" }, "Sale")] : []),
      inCart,
    ),
    build("h3", {}, name),
    build("p", { class: "blurb" }, product.blurb),
    priceOf(product),
    add,
  );
}

function priceOf(product) {
  const now = build("span", { class: "now" }, showMoney(parseCents(product.price)));
  if (!product.was) return build("p", { class: "price" }, now);
  return build(
    "p",
    { class: "price reduced" },
    build("span", { class: "unseen" }, "Now "),
    now,
    build("span", { class: "unseen" }, ", was "),
    build("s", {}, showMoney(parseCents(product.was))),
  );
}
