// The confirmation page: what was bought and what it earned. Every figure is
// from the server's answer; nothing is computed here.

import { mountAccount } from "./account.js";
import { recall } from "./browser-store.js";
import { productOf } from "./catalogue.js";
import { build, setText } from "./dom.js";
import { mountMerchant } from "./merchant.js";
import { parseCents, showMoney } from "./money.js";
import { signIn, signedIn } from "./session.js";
import { showTotals } from "./totals-list.js";

const number = new Intl.NumberFormat();
const order = recall("order");
const asked = new URLSearchParams(location.search).get("id");
const found = order && (asked === null || asked === order.answer.order_id);

mountAccount();
document.querySelector("[data-no-order]").hidden = Boolean(found);
document.querySelector("[data-order]").hidden = !found;
if (found) {
  showOrder(order);
  mountMerchant(document.querySelector("#merchant"), document.querySelector("#merchant-open"), order);
  // The order changed what she has: fetch it afresh for the next page.
  if (signedIn()) signIn(signedIn().customer).catch(() => {});
}

function showOrder({ answer, email, name, coupon }) {
  setText(document.querySelector("#thanks"), `Thank you, ${name.split(" ")[0]}.`);
  setText(document.querySelector("#order-id"), answer.order_id);
  setText(document.querySelector("#order-email"), email);
  showBeans(answer.booked);
  document.querySelector("#receipt-lines").replaceChildren(...answer.sent.cart.lines.map(receiptLine));
  const cents = Object.fromEntries(Object.entries(answer.totals).map(([key, text]) => [key, parseCents(text)]));
  showTotals(document.querySelector("#receipt-totals"), cents, coupon);
}

function showBeans({ status, points, balance_points: balance, earning }) {
  const title = document.querySelector("#beans-title");
  const words = document.querySelector("#beans-words");
  if (status === "guest") {
    setText(title, earning.points > 0 ? `${beans(earning.points)} kept for you` : "No beans on this one");
    // The demo's programme says nothing of guests, so the days are those of every programme that does not.
    const join = "You bought as a guest. Join with this e-mail within 30 days, and this order still counts.";
    setText(words, earning.points > 0 ? join : whyNone(earning));
  } else {
    setText(title, points > 0 ? `${beans(points)} booked` : "No beans on this one");
    const have = balance === null ? "" : `You have ${beans(balance)} now.`;
    setText(words, points > 0 ? have : `${whyNone(earning)} ${have}`);
    document.querySelector("#beans-wait").hidden = points === 0;
  }
  // A rounding that changed nothing explains nothing.
  const reasons = earning.reasons.filter(({ code, points_exact: exact }) => code !== "rounding" || Number(exact) !== 0);
  document.querySelector("#beans-why").hidden = reasons.length === 0;
  document.querySelector("#beans-reasons").replaceChildren(
    ...reasons.map(({ label, points_exact: exact }) =>
      build("li", {}, build("span", {}, label), build("span", { class: "number" }, signed(exact))),
    ),
    build("li", { class: "sum" }, build("span", {}, "Together"), build("span", { class: "number" }, number.format(earning.points))),
  );
}

function whyNone(earning) {
  const reason = earning.reasons.find(({ points_exact: exact }) => Number(exact) === 0);
  return reason ? `${reason.label}.` : "";
}

function receiptLine(line) {
  const product = productOf(line.product);
  return build(
    "li",
    { class: "line settled", "data-sku": line.product },
    build("img", { src: product?.image, alt: "", width: 72, height: 72 }),
    build(
      "div",
      { class: "line-words" },
      build("span", { class: "line-name" }, product?.name ?? line.product),
      build("span", { class: "quiet" }, `${line.quantity} × ${showMoney(parseCents(line.unit_price))}`),
    ),
    build("span", { class: "line-price" }, showMoney(parseCents(line.unit_price) * line.quantity)),
  );
}

function beans(count) {
  return `${number.format(count)} ${count === 1 ? "bean" : "beans"}`;
}

function signed(exact) {
  if (Number(exact) === 0) return "0";
  return exact.startsWith("-") ? `−${number.format(exact.slice(1))}` : `+${number.format(exact)}`;
}
