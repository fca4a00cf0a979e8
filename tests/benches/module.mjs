// The browser module, opened in Chromium as a shop's page opens it, for benches to call.

import { chromium } from "@playwright/test";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/**
 * Opens a page of the edge with `window.engine` made for a program, and closes it after the work.
 *
 * @template T
 * @param {string} edge the edge's address
 * @param {object} program a program document
 * @param {(page: import("@playwright/test").Page) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withEngine(edge, program, work) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  try {
    const page = await openPage(browser, edge, program);
    return await work(page);
  } finally {
    await browser.close();
  }
}

async function openPage(browser, edge, program) {
  const page = await browser.newPage();
  await page.goto(`${edge}/v1/program?shop=demo`);
  const loader = await (await fetch(`${edge}/earnest.js`)).text();
  const asset = (pattern) => {
    const found = loader.match(pattern);
    if (!found) throw new Error(`the loader names no ${pattern}`);
    return found[0];
  };
  await page.evaluate(
    async ([glue, wasm, program]) => {
      const module = await import(glue);
      await module.default(fetch(wasm));
      window.engine = new module.Engine(program);
    },
    [
      `${edge}/earnest/${asset(/widget-[\w]+\.js/)}`,
      `${edge}/earnest/${asset(/widget-[\w]+\.wasm/)}`,
      program,
    ],
  );
  return page;
}
