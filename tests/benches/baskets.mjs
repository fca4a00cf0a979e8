// A sample of the baskets through the two shells: each is previewed by the browser module in Chromium,
// then ordered at the Worker, which books it in D1. Preview and award must agree with the core, to the
// last reason, on every one.

import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { withEngine } from "./module.mjs";

const IN_FLIGHT = 8;

const edge = process.env.EARNEST_EDGE;
const shops = JSON.parse(await readFile(process.env.EARNEST_SHOPS, "utf8"));
const sample = JSON.parse(await readFile(process.argv[2], "utf8"));
const grocer = shops.find(({ shop }) => shop === "grocer");
const program = await (await fetch(`${edge}/v1/program?shop=grocer`)).json();

const previews = await withEngine(edge, program, (page) =>
  page.evaluate(
    (carts) => {
      const { engine } = window;
      const started = performance.now();
      const earnings = carts.map((cart) => engine.evaluate(cart, null, Date.now()));
      return { earnings, seconds: (performance.now() - started) / 1000 };
    },
    sample.map(({ cart }) => cart),
  ),
);

// Each basket is the first order of a member of its own, so that preview and award are asked the same.
const members = new Array(sample.length);
await inFlight(IN_FLIGHT, sample.keys(), async (nth) => {
  const consent = { terms: true, marketing: false };
  const { body } = await post("/v1/members", { email: `shopper-${nth}@shop.example`, consent });
  members[nth] = body.id;
});

let disagreements = 0;
let rowsWritten = 0;
const cost = (headers) => Number(/rows_written=(\d+)/.exec(headers.get("earnest-cost") ?? "")?.[1] ?? 0);
const started = performance.now();
await inFlight(IN_FLIGHT, sample.entries(), async ([nth, { cart, earning }]) => {
  const order = { id: `basket-${nth}`, customer: { member_id: members[nth] }, cart };
  const { body, headers } = await post("/v1/orders", order);
  rowsWritten = Math.max(rowsWritten, cost(headers));
  // As it would be sent: what is undefined is not there.
  const preview = JSON.parse(JSON.stringify(previews.earnings[nth]));
  if (!isDeepStrictEqual(preview, earning) || !isDeepStrictEqual(body.earning, earning)) {
    disagreements += 1;
    // One tells enough; two thousand tell nothing.
    if (disagreements === 1) console.error(`basket ${nth}: ${JSON.stringify({ core: earning, preview, award: body.earning })}`);
  }
});
const booking = (performance.now() - started) / 1000;

const lines = sample.reduce((sum, { cart }) => sum + cart.lines.length, 0);
const rate = (seconds) => `${Math.round(sample.length / seconds).toLocaleString("en")} baskets/s`;
console.log(`${sample.length} baskets of ${lines} lines through both shells, ${disagreements} disagreements`);
console.log(`  browser module  ${rate(previews.seconds).padStart(18)}`);
console.log(`  Worker and D1   ${rate(booking).padStart(18)}  (${IN_FLIGHT} in flight, at most ${rowsWritten} rows written)`);
if (disagreements > 0) process.exitCode = 1;

async function post(path, body) {
  const answer = await fetch(edge + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${grocer.secret_key}` },
    body: JSON.stringify(body),
  });
  const answered = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answered)}`);
  return { body: answered, headers: answer.headers };
}

async function inFlight(width, items, work) {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
