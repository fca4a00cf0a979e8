// The sign-in toggle in the header of every page.

import { announce, setText } from "./dom.js";
import { signIn, signOut, signedIn, watchSession } from "./session.js";

/** Wires the header's account controls. */
export function mountAccount() {
  const name = document.querySelector("#account-name");
  const enter = document.querySelector("#sign-in");
  const leave = document.querySelector("#sign-out");

  watchSession(() => {
    const customer = signedIn();
    setText(name, customer?.name ?? "");
    enter.hidden = Boolean(customer);
    leave.hidden = !customer;
  });

  enter.addEventListener("click", async () => {
    enter.setAttribute("aria-busy", "true");
    try {
      await signIn("maya");
      leave.focus();
      announce("You are signed in as Maya.");
    } catch (refusal) {
      announce(refusal.message);
    } finally {
      enter.removeAttribute("aria-busy");
    }
  });

  leave.addEventListener("click", () => {
    signOut();
    enter.focus();
    announce("You are signed out.");
  });
}
