// `test` for every spec: no page of any test may throw, or leave a rejection unhandled.

import { test as base, expect } from "@playwright/test";

export { expect };

export const test = base.extend({
  /** What the pages of this test threw. Asked for by every test. */
  thrown: [
    async ({ context }, use) => {
      const thrown = [];
      context.on("weberror", (error) => thrown.push(String(error.error().stack ?? error.error())));
      await use(thrown);
      expect(thrown, "errors thrown into the page").toEqual([]);
    },
    { auto: true },
  ],

  /** What scripts of the page wrote to the console as errors; the browser's own about the network apart. */
  complaints: async ({ page }, use) => {
    const complaints = [];
    page.on("console", (message) => {
      const isNetwork = /^Failed to load resource|blocked by CORS policy/.test(message.text());
      if (message.type() === "error" && !isNetwork) complaints.push(message.text());
    });
    await use(complaints);
  },
});
