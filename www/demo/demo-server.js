// The four questions a page asks the demo's own server. Any shop has such a
// server; it alone holds the secret key.

/** A "no" from the server, or no answer at all: `message` may be shown. */
export class ServerRefusal extends Error {
  /** @param {string} message @param {string} code stable, for programs */
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** @returns {Promise<{customer: string, name: string, email: string, member: object}>} */
export const postSignIn = (customer) => ask("POST", "/demo/sign-in", { customer });

/** @returns {Promise<{order_id: string, totals: object, sent: object, booked: object}>} */
export const postOrder = (order) => ask("POST", "/demo/order", order);

/** @returns {Promise<{member: object|null, entries: object[]}>} */
export const getLedger = (orderId) => ask("GET", `/demo/ledger?order=${encodeURIComponent(orderId)}`);

/** @returns {Promise<{entries: object[]}>} a customer's entries, newest first */
export const getHistory = (customer) => ask("GET", `/demo/history?customer=${encodeURIComponent(customer)}`);

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  }).catch(() => null);
  if (!answer) throw new ServerRefusal("We could not reach the shop. Check your connection and try again.", "offline");
  const json = await answer.json().catch(() => null);
  if (answer.ok && json) return json;
  throw new ServerRefusal(
    json?.detail ?? "The shop did not understand us. Try again in a minute.",
    json?.code ?? `status_${answer.status}`,
  );
}
