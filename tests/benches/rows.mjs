// What an earn, and the maturing of what it earned, cost at D1, by D1's own count: round trips, rows read, rows
// written. Fails above the budgets. The figures do not depend on the machine.

import { readFile } from "node:fs/promises";

const BUDGET_ROWS_WRITTEN = 8;
const BUDGET_ROWS_A_LOT = 4;
// Who has lots that have matured and are not settled: crates/xtask/src/edge.rs.
const MATURED = { mem_00000000000000000000000072697065: 1, mem_0000000000000000000000006c6f7473: 3 };
const ORDERS = 50;

const edge = process.env.EARNEST_EDGE;
const shops = JSON.parse(await readFile(process.env.EARNEST_SHOPS, "utf8"));
const alpha = shops.find(({ shop }) => shop === "alpha");

const cart = {
  currency: "EUR",
  lines: [{ id: "1", product: "kenya-aa", categories: ["coffee"], quantity: 2, unit_price: "19.99" }],
};
const consent = { terms: true, marketing: false };
const member = await post("/v1/members", { email: "rows@shop.example", consent });

const costs = { "earn by a member": [], "the same order again": [], "order of a guest": [] };
for (let nth = 0; nth < ORDERS; nth += 1) {
  const order = { id: `rows-${nth}`, customer: { member_id: member.body.id }, cart };
  costs["earn by a member"].push((await post("/v1/orders", order)).cost);
  costs["the same order again"].push((await post("/v1/orders", order)).cost);
  const guest = { id: `guest-${nth}`, customer: { email: `guest-${nth}@shop.example` }, cart };
  costs["order of a guest"].push((await post("/v1/orders", guest)).cost);
}

console.log("D1's own count, at most, over the run:");
for (const [what, seen] of Object.entries(costs)) {
  const most = (name) => Math.max(...seen.map((cost) => cost[name]));
  const { reads, writes, rows_read, rows_written } = Object.fromEntries(
    ["reads", "writes", "rows_read", "rows_written"].map((name) => [name, most(name)]),
  );
  console.log(
    `  ${what.padEnd(22)} ${reads} read + ${writes} write round trips, ` +
      `${rows_read} rows read, ${rows_written} rows written`,
  );
}
const written = Math.max(...costs["earn by a member"].map((cost) => cost.rows_written));
if (!(written > 0 && written <= BUDGET_ROWS_WRITTEN)) {
  console.error(`an earn writes ${written} rows, and ${BUDGET_ROWS_WRITTEN} is the budget`);
  process.exitCode = 1;
}

const { settled } = (await post("/demo/settle", {})).body;
for (const [id, lots] of Object.entries(MATURED)) {
  console.log(`  ${`maturing, ${lots} at once`.padEnd(22)} ${settled[id]} rows written`);
  if (!(settled[id] > 0 && settled[id] <= lots * BUDGET_ROWS_A_LOT)) {
    console.error(`maturing ${lots} lots writes ${settled[id]} rows, and ${BUDGET_ROWS_A_LOT} a lot is the budget`);
    process.exitCode = 1;
  }
}

async function post(path, body) {
  const answer = await fetch(edge + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${alpha.secret_key}` },
    body: JSON.stringify(body),
  });
  const answered = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answered)}`);
  const told = answer.headers.get("earnest-cost") ?? "";
  const cost = Object.fromEntries([...told.matchAll(/(\w+)=(\d+)/g)].map(([, key, n]) => [key, Number(n)]));
  return { body: answered, cost };
}
