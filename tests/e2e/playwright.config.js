// How the browser tests run: against the edge that `cargo xtask test browser` starts, in the Chromium
// that it found. Everything they leave behind lies in target/, screenshots included.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  outputDir: "../../target/e2e",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Machines that build while they test are slow; what is wrong stays wrong for longer.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: process.env.EARNEST_EDGE,
    browserName: "chromium",
    locale: "en-IE",
    timezoneId: "Europe/Dublin",
    // The edge listens on loopback, and browsers ask before a page of https://shop.example may go there.
    permissions: ["local-network-access"],
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
