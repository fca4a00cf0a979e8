// What the shop remembers in this browser, as JSON under its own prefix. Where
// storage is blocked or full it remembers until the page goes, and no longer.

const PREFIX = "slow-harbour.";
const memory = new Map();

/**
 * @param {"cart"|"customer"|"order"} name
 * @returns {any} what was kept, or null
 */
export function recall(name) {
  try {
    const text = area(name).getItem(PREFIX + name);
    return text === null ? (memory.get(name) ?? null) : JSON.parse(text);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Keeps a value; null forgets it. */
export function keep(name, value) {
  memory.set(name, value);
  try {
    if (value === null) area(name).removeItem(PREFIX + name);
    else area(name).setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Blocked or full: `memory` has it.
  }
}

/** Calls back when another tab changed what is kept under this name. */
export function onOtherTab(name, callback) {
  window.addEventListener("storage", (event) => {
    if (event.key === PREFIX + name) callback();
  });
}

/** A cart outlives the tab; who is signed in and what was ordered do not. */
function area(name) {
  return name === "cart" ? localStorage : sessionStorage;
}
