// What each kind of booking costs at D1, by D1's own count: round trips, rows read, rows written. Fails above the
// budgets, which crates/ARCHITECTURE.md tells. The figures do not depend on the machine.

import { readFile } from "node:fs/promises";

// Rows written at most, by kind.
const BUDGETS = {
  "earn by a member": 8,
  "order of a guest": 8,
  "the same order again": 0,
  "hold": 4,
  "commit": 6,
  "release": 4,
  "hold and commit at once": 8,
  "order paid with one": 10,
  "order paid with two": 14,
  "refund of a part": 10,
  "refund of the rest": 10,
};
const BUDGET_ROWS_A_LOT = 4;
// Who has lots that have matured and are not settled: crates/xtask/src/edge.rs.
const MATURED = { mem_00000000000000000000000072697065: 1, mem_0000000000000000000000006c6f7473: 3 };
const ORDERS = 50;

const edge = process.env.EARNEST_EDGE;
const shops = JSON.parse(await readFile(process.env.EARNEST_SHOPS, "utf8"));
const [alpha, tavern] = ["alpha", "tavern"].map((id) => shops.find(({ shop }) => shop === id));

const cart = {
  currency: "EUR",
  lines: [{ id: "1", product: "kenya-aa", categories: ["coffee"], quantity: 2, unit_price: "19.99" }],
};
const consent = { terms: true, marketing: false };
const member = await post(alpha, "/v1/members", { email: "rows@shop.example", consent });

const costs = Object.fromEntries(Object.keys(BUDGETS).map((kind) => [kind, []]));
for (let nth = 0; nth < ORDERS; nth += 1) {
  const order = { id: `rows-${nth}`, customer: { member_id: member.body.id }, cart };
  costs["earn by a member"].push((await post(alpha, "/v1/orders", order)).cost);
  costs["the same order again"].push((await post(alpha, "/v1/orders", order)).cost);
  const guest = { id: `guest-${nth}`, customer: { email: `guest-${nth}@shop.example` }, cart };
  costs["order of a guest"].push((await post(alpha, "/v1/orders", guest)).cost);
}

const customer = { member_id: (await post(tavern, "/v1/members", { email: "rows@shop.example", consent })).body.id };
const filling = { currency: "EUR", lines: [{ id: "1", product: "stew", quantity: 100, unit_price: "10.00" }] };
await post(tavern, "/v1/orders", { id: "rows-filling", customer, cart: filling });
const held = async (id, more = {}) => {
  const ask = { id, customer, rewards: [{ id: "change", points: 10 }], ...more };
  return (await post(tavern, "/v1/redemptions", ask)).cost;
};
const spend = async (id, redemptions) => {
  const paid = (await post(tavern, "/v1/orders", { id, customer, cart: twoLines, redemptions })).cost;
  const refund = (lines) => ({ id: `${id}-${lines ? "part" : "rest"}`, order_id: id, lines });
  costs["refund of a part"].push((await post(tavern, "/v1/refunds", refund([{ id: "a", quantity: 1 }]))).cost);
  costs["refund of the rest"].push((await post(tavern, "/v1/refunds", refund())).cost);
  return paid;
};
const twoLines = {
  currency: "EUR",
  lines: [
    { id: "a", product: "stew", quantity: 1, unit_price: "20.00" },
    { id: "b", product: "bread", quantity: 1, unit_price: "5.00" },
  ],
};
for (let nth = 0; nth < 5; nth += 1) {
  costs["hold"].push(await held(`rows-c${nth}`), await held(`rows-r${nth}`), await held(`rows-o${nth}`));
  costs["commit"].push((await post(tavern, `/v1/redemptions/rows-c${nth}/commit`, {})).cost);
  costs["release"].push((await post(tavern, `/v1/redemptions/rows-r${nth}/release`, {})).cost);
  costs["hold and commit at once"].push(await held(`rows-s${nth}`, { commit: true }));
  costs["order paid with one"].push(await spend(`rows-one-${nth}`, [`rows-o${nth}`]));
  const two = [`rows-n${nth}`, `rows-v${nth}`];
  await held(two[0], { rewards: [{ id: "nuts" }] });
  await held(two[1], { rewards: [{ id: "olives" }] });
  costs["order paid with two"].push(await spend(`rows-two-${nth}`, two));
}

console.log("D1's own count, at most, over the run:");
for (const [what, seen] of Object.entries(costs)) {
  const most = (name) => Math.max(...seen.map((cost) => cost[name]));
  const { reads, writes, rows_read, rows_written } = Object.fromEntries(
    ["reads", "writes", "rows_read", "rows_written"].map((name) => [name, most(name)]),
  );
  console.log(
    `  ${what.padEnd(23)} ${reads} read + ${writes} write round trips, ` +
      `${rows_read} rows read, ${rows_written} rows written of ${BUDGETS[what]}`,
  );
  if (!(seen.length > 0 && rows_written <= BUDGETS[what])) {
    console.error(`${what} writes ${rows_written} rows, and ${BUDGETS[what]} is the budget`);
    process.exitCode = 1;
  }
}

const { settled } = (await post(alpha, "/demo/settle", {})).body;
for (const [id, lots] of Object.entries(MATURED)) {
  console.log(`  ${`maturing, ${lots} at once`.padEnd(23)} ${settled[id]} rows written`);
  if (!(settled[id] > 0 && settled[id] <= lots * BUDGET_ROWS_A_LOT)) {
    console.error(`maturing ${lots} lots writes ${settled[id]} rows, and ${BUDGET_ROWS_A_LOT} a lot is the budget`);
    process.exitCode = 1;
  }
}

async function post(shop, path, body) {
  const answer = await fetch(edge + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${shop.secret_key}` },
    body: JSON.stringify(body),
  });
  const answered = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answered)}`);
  const told = answer.headers.get("earnest-cost") ?? "";
  const cost = Object.fromEntries([...told.matchAll(/(\w+)=(\d+)/g)].map(([, key, n]) => [key, Number(n)]));
  return { body: answered, cost };
}
