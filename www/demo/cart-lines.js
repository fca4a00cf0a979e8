// The list of what is in the cart, with a stepper on each line. Rows are kept
// and changed in place, so that focus stays where the shopper put it.

import { MOST, setQuantity, totals, watchCart } from "./cart-store.js";
import { announce, build, setText } from "./dom.js";
import { parseCents, showMoney } from "./money.js";

/**
 * @param {HTMLElement} list a <ul>
 * @param {HTMLElement} whenEmpty takes the focus when the last line goes
 */
export function mountCartLines(list, whenEmpty) {
  /** @type {Map<string, ReturnType<typeof makeRow>>} */
  const rows = new Map();

  function removeWithFocus(sku) {
    const row = rows.get(sku).element;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    setQuantity(sku, 0);
    (next?.querySelector("[data-test=remove]") ?? whenEmpty).focus();
  }

  watchCart(() => {
    const { lines } = totals();
    const wanted = new Set(lines.map((line) => line.item.product.sku));
    for (const [sku, row] of rows) {
      if (wanted.has(sku)) continue;
      row.element.remove();
      rows.delete(sku);
    }
    for (const { item, cents } of lines) {
      const { sku } = item.product;
      if (!rows.has(sku)) {
        rows.set(sku, makeRow(item.product, removeWithFocus));
        list.append(rows.get(sku).element);
      }
      rows.get(sku).show(item.quantity, cents);
    }
  });
}

function makeRow(product, remove) {
  const { sku, name } = product;
  let quantity = 0;
  const less = stepButton("−", `One ${name} less`, "less");
  const more = stepButton("+", `One ${name} more`, "more");
  const count = build("span", { class: "stepper-count", "data-test": "quantity" });
  const price = build("span", { class: "line-price", "data-test": "line-price" });
  const removal = build("button", { class: "button plain", type: "button", "data-test": "remove" }, "Remove");
  removal.append(build("span", { class: "unseen" }, ` ${name}`));

  function step(by) {
    if (quantity + by < 1 || quantity + by > MOST) return;
    setQuantity(sku, quantity + by);
    announce(`${name}: ${quantity}. Total ${showMoney(totals().total)}.`);
  }
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  removal.addEventListener("click", () => {
    remove(sku);
    announce(`${name} is out of the cart.`);
  });

  const element = build(
    "li",
    { class: "line", "data-sku": sku },
    build("img", { src: product.image, alt: "", width: 72, height: 72 }),
    build(
      "div",
      { class: "line-words" },
      build("span", { class: "line-name" }, name),
      build("span", { class: "quiet" }, `${showMoney(parseCents(product.price))} each`),
    ),
    price,
    build("div", { class: "stepper", role: "group", "aria-label": `Quantity of ${name}` }, less, count, more),
    removal,
  );

  return {
    element,
    show(newQuantity, cents) {
      quantity = newQuantity;
      setText(count, String(quantity));
      setText(price, showMoney(cents));
      // Not `disabled`: a disabled button would drop the focus of who pressed it.
      less.setAttribute("aria-disabled", String(quantity <= 1));
      more.setAttribute("aria-disabled", String(quantity >= MOST));
    },
  };
}

function stepButton(sign, label, test) {
  return build("button", { class: "step", type: "button", "aria-label": label, "data-test": test }, sign);
}
