// How the browser tests run: against the edge that `cargo xtask test browser` starts, in the Chromium
// that it found. Everything they leave behind lies in target/, screenshots included.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  outputDir: "../../target/e2e",
  forbidOnly: true,
  // Two cores: one for the browser, one for workerd.
  workers: 1,
  use: {
    baseURL: process.env.EARNEST_EDGE,
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
