// The coupon field of a cart: applies a code, says what it does, takes it off.

import { coupon, setCoupon, watchCart } from "./cart-store.js";
import { build, setText } from "./dom.js";
import { isCoupon, normalCoupon } from "./pricing.js";

/** @param {HTMLFormElement} form with one text input, one button and a status line */
export function mountCoupon(form) {
  const input = form.querySelector("input");
  const button = form.querySelector("button");
  const says = form.querySelector("[role=status]");

  watchCart(() => {
    const code = coupon();
    if (code) input.value = code;
    input.readOnly = Boolean(code);
    setText(button, code ? "Take off" : "Apply");
    if (code) say(`${code} takes 10% off your goods.`, false);
  });

  input.addEventListener("input", () => say("", false));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = normalCoupon(input.value);
    if (coupon()) {
      setCoupon(null);
      input.value = "";
      say("The coupon is off.", false);
      input.focus();
    } else if (code === "") {
      say("Enter a coupon code first. HARBOUR10 is a good one.", true);
    } else if (isCoupon(code)) {
      setCoupon(code);
    } else {
      say(`We have no coupon ${code}. HARBOUR10 is a good one.`, true);
    }
  });

  function say(text, wrong) {
    if (says.textContent !== text) says.replaceChildren(...(text ? [build("span", {}, text)] : []));
    input.setAttribute("aria-invalid", String(wrong));
  }
}
