// The shared vectors in a browser: carts by the module that shoppers download, to the same points, lines and reasons as
// the core gives natively and the Worker over HTTP; and everything, lives and benefits and activities too, by the runner
// of the native tests as a module of 32 bits. What the files hold is told in tests/vectors/README.md.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EDGE, programOf } from "./edge.js";
import { expect, test } from "./earnest-test.js";
import { ORIGIN, openShopPage } from "./shop-page.js";

const FOLDER = new URL("../vectors/", import.meta.url);
const PRESETS = new URL("presets/", FOLDER);
/** Where `cargo xtask test browser` builds the runner. */
const RUNNER = new URL("../../target/vectors/", import.meta.url);
const REFUSED = "refused-carts";
/** A page previews carts; what an activity earns is not asked of the shoppers' module. */
const ACTIVITIES = "activities";
/** Nor are the books, and statements. */
const ACCOUNTING = "accounting";
const STATEMENTS = "statements";
/** A case without a time has a program that does not ask for it. */
const ANY_DAY = "2026-06-15T12:00:00Z";

const files = namesIn(FOLDER);
const presets = namesIn(PRESETS);
const earning = files.filter((file) => ![REFUSED, ACTIVITIES, ACCOUNTING, STATEMENTS].includes(file));

test("there are vectors to run", () => {
  expect(files).toContain(REFUSED);
  expect(earning.length).toBeGreaterThan(0);
  expect(files).toContain(ACTIVITIES);
  expect(files).toContain(ACCOUNTING);
  expect(files).toContain(STATEMENTS);
  expect(presets.length).toBeGreaterThan(0);
});

for (const file of earning) {
  test(`every cart of ${file} earns in the browser what was worked out by hand`, async ({ page }) => {
    const { programs, cases } = read(file);
    expect(cases.length).toBeGreaterThan(0);
    const documents = {};
    for (const name of Object.keys(programs)) documents[name] = await programOf(shopOf(file, name));

    await expectByHand(page, documents, cases);
  });
}

for (const preset of presets) {
  test(`every cart of the preset ${preset} earns in the browser what was worked out by hand`, async ({ page }) => {
    const cases = read(preset, PRESETS).cases.filter(({ cart }) => cart);
    expect(cases.length).toBeGreaterThan(0);
    const documents = { [preset]: await programOf(`preset-${preset}`) };

    await expectByHand(page, documents, cases.map((one) => ({ ...one, program: preset })));
  });
}

test("every cart that must be refused is refused in the browser by the same name and place", async ({ page }) => {
  const { cases } = read(REFUSED);
  expect(cases.length).toBeGreaterThan(0);
  const documents = { any: await programOf("alpha") };
  const questions = cases.map(({ cart }) => ({ program: "any", member: null, cart, now: Date.parse(ANY_DAY) }));

  await openEngine(page);
  const answers = await page.evaluate(evaluateAll, { documents, questions });

  const refusals = answers.map(({ refused }) => refused && { code: refused.code, pointer: refused.pointer });
  expect(told(cases, refusals)).toEqual(told(cases, cases.map(({ error }) => error)));
});

for (const folder of ["", "life/", "benefits/", "presets/"]) {
  test(`every vector of vectors/${folder} comes out in the runner's module as it was worked out by hand`, async ({
    page,
    complaints,
  }) => {
    const names = namesIn(new URL(folder, FOLDER)).map((name) => folder + name);
    expect(names.length).toBeGreaterThan(0);
    const texts = names.map((name) => [name, readFileSync(new URL(`${name}.json`, FOLDER), "utf8")]);
    await openRunner(page);

    const outcomes = await page.evaluate(runAll, texts);

    const byHand = texts.map(([name, text]) => {
      const { cases, stories } = JSON.parse(text);
      return { name, cases: (cases ?? stories).length, differing: [] };
    });
    expect(byHand.every(({ cases }) => cases > 0)).toBe(true);
    expect({ outcomes, complaints }).toEqual({ outcomes: byHand, complaints: [] });
  });
}

/** A page with the native tests' runner of vectors, as `window.runVectors`. */
async function openRunner(page) {
  await openShopPage(page, { element: "", cart: null });
  for (const file of ["vectors.js", "vectors_bg.wasm"]) {
    const path = fileURLToPath(new URL(file, RUNNER));
    await page.route(`${ORIGIN}/${file}`, (route) => route.fulfill({ path }));
  }
  await page.evaluate(async () => {
    const module = await import("/vectors.js");
    await module.default({ module_or_path: "/vectors_bg.wasm" });
    window.runVectors = module.run;
  });
}

/** Runs in the page. A file that stops the run has said why on the console. */
function runAll(texts) {
  return texts.map(([name, text]) => {
    try {
      return { name, ...JSON.parse(window.runVectors(name, text)) };
    } catch (error) {
      return { name, stopped: String(error) };
    }
  });
}

/** Evaluates each case in the page, and holds it against what its author worked out. */
async function expectByHand(page, documents, cases) {
  const questions = cases.map(({ program, member, placed_at: placedAt = ANY_DAY, cart }) => ({
    program,
    member: member ?? null,
    cart,
    now: Date.parse(placedAt),
  }));

  await openEngine(page);
  const answers = await page.evaluate(evaluateAll, { documents, questions });

  expect(told(cases, answers.map(found))).toEqual(told(cases, cases.map(byHand)));
}

/** A page with the module of the edge's own loader, as `window.Engine`. */
async function openEngine(page) {
  await openShopPage(page, { element: "", cart: null });
  const loader = await (await fetch(`${EDGE}/earnest.js`)).text();
  const addressOf = (pattern) => `${EDGE}/${loader.match(pattern)[0]}`;
  await page.evaluate(
    async ([glue, wasm]) => {
      const module = await import(glue);
      await module.default(fetch(wasm));
      window.Engine = module.Engine;
    },
    [addressOf(/earnest\/widget-\w+\.js/), addressOf(/earnest\/widget-\w+\.wasm/)],
  );
}

/** Runs in the page. */
function evaluateAll({ documents, questions }) {
  const engines = Object.fromEntries(
    Object.entries(documents).map(([name, document]) => [name, new window.Engine(document)]),
  );
  return questions.map(({ program, cart, member, now }) => {
    try {
      return { earning: engines[program].evaluate(cart, member, now) };
    } catch (error) {
      return { refused: { code: error.code, pointer: error.pointer, message: String(error) } };
    }
  });
}

/** What the module says, to be compared. A line's id may be any text, so lines are pairs and not keys. */
function found({ earning, refused }) {
  if (!earning) return { refused };
  const { points, counted, lines, reasons, credits = [] } = earning;
  return { points, counted, lines: lines.map((line) => [line.id, line.points]).sort(), reasons, credits };
}

function byHand({ expect: { points, counted, lines, reasons, credits = [] } }) {
  return { points, counted, lines: Object.entries(lines).sort(), reasons, credits };
}

/** Answers beside the case they belong to, so that a failure names it. */
function told(cases, answers) {
  return cases.map(({ name, why }, at) => ({ name, why, answer: answers[at] }));
}

/** The shop that the edge runs a program of the vectors as. */
function shopOf(file, program) {
  return `v-${file}-${program}`.replaceAll("_", "-");
}

function read(file, folder = FOLDER) {
  return JSON.parse(readFileSync(new URL(`${file}.json`, folder), "utf8"));
}

/** The files of a folder, without their ending. */
function namesIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.map((name) => name.replace(/\.json$/, ""));
}
