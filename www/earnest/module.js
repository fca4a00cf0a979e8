// What renders the box: the wasm module, or its stand-in where the page's
// content security policy forbids wasm or the module does not come. Loaded once
// for all boxes of a page, together with the program.

import { Trouble } from "./edge.js";

// The smallest module there is: magic number and version.
const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

let loading;

/**
 * @param {import("./edge.js").Edge} edge
 * @param {(path: string) => string} asset the address of a file beside the loader
 * @returns {Promise<{mode: "wasm"|"edge", program: object, View: Function}>}
 */
export function load(edge, asset) {
  loading ??= start(edge, asset).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(edge, asset) {
  const asked = edge.program();
  // Without a listener of its own a refusal would be reported as unhandled.
  asked.catch(() => {});
  try {
    const view = await inModule(asset).catch(() => atEdge(edge, asset));
    return { ...view, program: await asked };
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("offline", `the widget did not load: ${error.message}`);
  }
}

/** Fails where the page forbids wasm, before anything is fetched, and where the module does not come. */
async function inModule(asset) {
  await WebAssembly.compile(EMPTY_MODULE);
  const bytes = fetch(asset(__WIDGET_WASM__), { credentials: "omit" });
  bytes.catch(() => {});
  const glue = await import(asset(__WIDGET_JS__));
  await glue.default(bytes);
  return { mode: "wasm", View: glue.CheckoutView };
}

async function atEdge(edge, asset) {
  const { viewOver } = await import(asset(__FALLBACK_JS__));
  return { mode: "edge", View: viewOver(edge) };
}
