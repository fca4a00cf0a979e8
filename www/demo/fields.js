// Checks the fields of a form and says what is wrong beside each, in the words
// its `data-missing` and `data-wrong` attributes give.

import { build } from "./dom.js";

/**
 * Shows every fault and moves to the first.
 * @param {HTMLFormElement} form
 * @returns {boolean} whether the form may be sent
 */
export function checkFields(form) {
  const faulty = inputs(form).filter((input) => !checkField(input));
  faulty[0]?.focus();
  return faulty.length === 0;
}

/** Takes a fault away as soon as it is mended. */
export function mountFields(form) {
  form.addEventListener("input", (event) => {
    if (event.target.getAttribute("aria-invalid") === "true") checkField(event.target);
  });
}

/** Clears faults after the page itself filled the fields. */
export function recheckFields(form) {
  for (const input of inputs(form)) {
    if (input.getAttribute("aria-invalid") === "true") checkField(input);
  }
}

function inputs(form) {
  return [...form.elements].filter((element) => element.matches("[data-missing]"));
}

function checkField(input) {
  // Spaces alone are nothing, though the browser takes them for an answer.
  const missing = input.validity.valueMissing || input.value.trim() === "";
  const words = missing ? input.dataset.missing : input.validity.valid ? "" : input.dataset.wrong;
  const id = `${input.id}-fault`;
  document.getElementById(id)?.remove();
  input.setAttribute("aria-invalid", String(Boolean(words)));
  input.removeAttribute("aria-describedby");
  if (words) {
    input.after(build("p", { id, class: "fault" }, words));
    input.setAttribute("aria-describedby", id);
  }
  return !words;
}
