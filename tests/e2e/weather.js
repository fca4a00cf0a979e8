// What a page lives through on its way: answers that are late, and layouts that move.

/**
 * Holds the answers of matching requests back.
 * @param {import("@playwright/test").Page} page
 * @param {string} pattern
 * @returns {Promise<{asked: Promise<void>, letGo: () => void}>} `asked` when the first request is made
 */
export async function holdBack(page, pattern) {
  const asked = opening();
  const letGo = opening();
  await page.route(pattern, async (route) => {
    asked.resolve();
    await letGo.promise;
    // The page may have left meanwhile.
    await route.continue().catch(() => {});
  });
  return { asked: asked.promise, letGo: letGo.resolve };
}

/** Keeps what moves, from each page's first paint on. */
export async function watchShifts(page) {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(({ node, previousRect, currentRect }) => ({
          node: node?.id ? `#${node.id}` : node?.nodeName,
          from: previousRect.toJSON(),
          to: currentRect.toJSON(),
        }));
        window.shifts.push({ value: entry.value, moved });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** What has moved so far, with what is still to be painted. */
export function shifted(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    return window.shifts;
  });
}

/** A promise that others resolve. */
function opening() {
  const made = {};
  made.promise = new Promise((resolve) => (made.resolve = resolve));
  return made;
}
