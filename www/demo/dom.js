// Builds elements. Text only ever becomes text nodes, never markup.

/**
 * @param {string} tag
 * @param {Record<string, string|number|boolean|null|undefined>} attributes
 *   null, undefined and false leave one out; true sets it empty
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function build(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Sets text only where it differs, so that nothing is repainted or re-read for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Says something to screen readers: in the open dialog if there is one, as
 * the rest of the page is inert then.
 * @param {string} text
 */
export function announce(text) {
  const open = document.querySelector("dialog[open] [data-announcer]");
  setText(open ?? document.querySelector("body > [data-announcer]"), text);
}
