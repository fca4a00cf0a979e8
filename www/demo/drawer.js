// A panel that slides in from the right: a modal <dialog>, so that focus, Esc
// and the inert page behind it are the browser's work.

/**
 * Wires a dialog's own closing: its [data-close] buttons and a press beside it.
 * @param {HTMLDialogElement} dialog
 */
export function mountDrawer(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => dialog.close());
  }
  dialog.addEventListener("click", (event) => {
    // A press inside lands on a child; only the backdrop lands on the dialog's edge.
    if (event.target === dialog && event.clientX < dialog.getBoundingClientRect().left) dialog.close();
  });
}
