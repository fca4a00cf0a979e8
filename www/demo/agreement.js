// Compares what the shopper saw with what was booked. Pure: two earnings and
// two carts in, rows and a verdict out.

/**
 * @typedef {{what: string, seen: string, booked: string, same: boolean}} Row
 * @param {{cart: object, earning: object|null}} seen on the page, before buying
 * @param {object} sentCart in the order that the shop's server posted
 * @param {{status: string, points: number, earning: object}} booked the answer of POST /v1/orders
 * @returns {{known: boolean, same: boolean, rows: Row[]}}
 */
export function compare(seen, sentCart, booked) {
  const before = seen.earning;
  const after = booked.earning;
  const rows = [];
  if (before && after) {
    rows.push(row("Beans", before.points, booked.status === "guest" ? after.points : booked.points));
    rows.push(row("Counted", `${before.counted} ${before.currency}`, `${after.counted} ${after.currency}`));
    for (const line of after.lines) {
      rows.push(row(line.id, before.lines.find(({ id }) => id === line.id)?.points, line.points));
    }
    const sameProgram = before.program.digest === after.program.digest;
    rows.push(row("Programme", programName(before), programName(after), sameProgram));
    rows.push(row("Engine", before.engine, after.engine));
  }
  rows.push(row("Cart", shortOf(seen.cart), shortOf(sentCart), canonical(seen.cart) === canonical(sentCart)));
  return { known: Boolean(before && after), same: rows.every(({ same }) => same), rows };
}

function row(what, seen, booked, same = seen === booked) {
  return { what, seen: String(seen ?? "none"), booked: String(booked ?? "none"), same };
}

function programName(earning) {
  const { version, digest } = earning.program;
  return `version ${version}, ${digest.replace("sha256:", "").slice(0, 8)}`;
}

function shortOf(cart) {
  const pieces = cart.lines.reduce((total, line) => total + line.quantity, 0);
  return `${cart.lines.length} ${cart.lines.length === 1 ? "line" : "lines"}, ${pieces} ${pieces === 1 ? "piece" : "pieces"}`;
}

/** JSON with sorted keys: the same value gives the same text. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}
