// "What the merchant sees": the order as sent, the answer, that the page and
// the ledger agree, and the ledger itself. For the curious developer.

import { compare } from "./agreement.js";
import { getLedger } from "./demo-server.js";
import { build, setText } from "./dom.js";
import { mountDrawer } from "./drawer.js";

const ENTRY_WORDS = { welcome: "Welcome", earn: "Earned", adjust: "Adjusted" };
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} opener
 * @param {{answer: object, seen: object}} order
 */
export function mountMerchant(dialog, opener, { answer, seen }) {
  mountDrawer(dialog);
  setText(dialog.querySelector("#sent"), JSON.stringify(answer.sent, null, 2));
  setText(dialog.querySelector("#booked"), JSON.stringify(answer.booked, null, 2));
  showAgreement(dialog, compare(seen, answer.sent.cart, answer.booked), answer.booked);
  opener.addEventListener("click", () => {
    dialog.showModal();
    showLedger(dialog, answer.order_id);
  });
}

function showAgreement(dialog, { known, same, rows }, booked) {
  const verdict = dialog.querySelector("#verdict");
  const guest = booked.status === "guest";
  setText(
    verdict,
    !known
      ? "The page showed no preview, so there is nothing to compare. The order was placed all the same."
      : !same
        ? "The page and the ledger differ. See which row below."
        : guest
          ? "They agree. This was a guest's order: the sum is kept with it, and nobody's balance moved."
          : "They agree: what the page showed is what was booked.",
  );
  verdict.dataset.same = String(known && same);
  dialog.querySelector("#agreement tbody").replaceChildren(
    ...rows.map(({ what, seen, booked: ledger, same: equal }) =>
      build(
        "tr",
        { "data-same": String(equal) },
        build("th", { scope: "row" }, what),
        build("td", {}, seen),
        build("td", {}, `${ledger} ${equal ? "✓" : "✗"}`),
      ),
    ),
  );
}

async function showLedger(dialog, orderId) {
  const words = dialog.querySelector("#ledger-words");
  const body = dialog.querySelector("#ledger tbody");
  try {
    const { member, entries } = await getLedger(orderId);
    const tier = member?.tier ? `, tier ${member.tier}` : "";
    setText(
      words,
      member
        ? `Member ${member.id}${tier}, balance ${member.balance_points}. Newest first.`
        : "A guest's order has no entries.",
    );
    body.replaceChildren(...entries.map(entryRow));
  } catch (refusal) {
    setText(words, refusal.message);
  }
  body.closest("table").hidden = body.children.length === 0;
}

function entryRow(entry) {
  const points = entry.points > 0 ? `+${entry.points}` : String(entry.points);
  return build(
    "tr",
    { "data-kind": entry.kind },
    build("td", {}, String(entry.seq)),
    build("td", {}, ENTRY_WORDS[entry.kind] ?? entry.kind),
    build("td", { class: "number" }, points),
    build("td", { class: "number" }, String(entry.balance_points)),
    build("td", {}, entry.source ?? ""),
    build("td", {}, entry.program ? `version ${entry.program.version}` : ""),
    build("td", {}, showTime(entry.booked_at)),
  );
}

function showTime(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant) : when.format(date);
}
