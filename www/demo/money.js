// Money in the demo shop: whole cents, read from and written to decimal
// strings without ever being a fraction. Knows nothing of carts or prices.

/** The one currency of this shop. */
export const CURRENCY = "EUR";

/**
 * "19.99" to 1999. Refuses anything but digits, a point and two digits.
 * @param {string} text
 * @returns {number} whole cents
 */
export function parseCents(text) {
  const match = /^(\d{1,9})\.(\d{2})$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not an amount like "19.99"`);
  return Number(match[1] + match[2]);
}

/**
 * 1999 to "19.99", the shape amounts have on the wire.
 * @param {number} cents whole and not negative
 * @returns {string}
 */
export function centsText(cents) {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const display = new Intl.NumberFormat(undefined, { style: "currency", currency: CURRENCY });

/**
 * An amount as the shopper's locale writes it. The decimal string goes to
 * Intl as it is: no float on the way.
 * @param {number} cents
 * @returns {string}
 */
export function showMoney(cents) {
  return display.format(centsText(cents));
}
