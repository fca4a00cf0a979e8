// A scene onto the parts; only what differs is written, so that focus stays and
// screen readers hear nothing twice.

const TEXTS = ["tier", "lead", "number", "word", "tail", "worth", "balance", "note", "using", "total", "problem"];

const painted = new WeakMap();

/** @returns {string|undefined} what a screen reader should say of the change */
export function paint(parts, scene) {
  const before = painted.get(parts);
  painted.set(parts, scene);
  parts.body.dataset.state = scene.state;
  for (const name of TEXTS) put(parts[name], scene[name] ?? "");
  put(parts.joinLabel, scene.button ?? "");
  put(parts.alreadyNote, scene.already ?? "");
  if (before && before.number !== scene.number) {
    parts.points.dataset.tick = parts.points.dataset.tick === "a" ? "b" : "a";
  }
  parts.tier.hidden = !scene.tier;
  parts.offer.hidden = !scene.number;
  parts.worth.hidden = !scene.worth;
  parts.standing.hidden = !scene.balance;
  parts.note.hidden = !scene.note;
  parts.form.hidden = !scene.asks;
  parts.emailRow.hidden = !scene.asksEmail;
  parts.why.hidden = !scene.reasons;
  parts.join.setAttribute("aria-disabled", String(scene.state === "joining"));
  parts.email.setAttribute("aria-invalid", String(scene.obstacle === "email"));
  parts.terms.setAttribute("aria-invalid", String(scene.obstacle === "terms"));
  paintProgress(parts, scene.progress);
  paintReasons(parts, scene.reasons ?? []);
  tint(parts);
  if (!before || before.state === "waiting" || spoken(before) === spoken(scene)) return undefined;
  return spoken(scene);
}

function paintProgress({ progress, bar, next }, way) {
  progress.hidden = !way;
  if (!way) return;
  put(next, way.text);
  bar.setAttribute("aria-valuenow", String(way.after));
  bar.style.setProperty("--before", `${way.before}%`);
  bar.style.setProperty("--after", `${way.after}%`);
}

function paintReasons(parts, reasons) {
  const rows = (parts.reasonRows ??= []);
  while (rows.length < reasons.length) rows.push(parts.addReason());
  for (const { row } of rows.splice(reasons.length)) row.remove();
  reasons.forEach(({ label, step }, nth) => {
    put(rows[nth].label, label);
    put(rows[nth].step, step);
  });
}

/** Black or white on the accent, whichever contrasts more; the ring is the accent if it stands out. */
export function tint({ announcer, body }) {
  const computed = getComputedStyle(announcer);
  const accent = luminance(computed.outlineColor);
  const page = luminance(computed.caretColor) < 0.18 ? 1 : 0;
  body.style.setProperty("--on-accent", contrast(accent, 0) > contrast(accent, 1) ? "#000" : "#fff");
  body.style.setProperty("--ring", contrast(accent, page) >= 3 ? "var(--accent)" : "currentColor");
}

function luminance(colour) {
  const scale = colour.startsWith("rgb") ? 255 : 1;
  const [r, g, b] = colour.replace(/^[^(]*\((srgb)?/, "").match(/[\d.e-]+/g).map((value) => linear(value / scale));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const linear = (channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
const spoken = ({ lead, number, word, tail, note }) => [lead, number, word, tail, note].filter(Boolean).join(" ");

function put(part, text) {
  if (part.textContent !== text) part.textContent = text;
}
