// Who is signed in at the shop, and the member snapshot that the shop's server
// fetched for her. The page hands the snapshot on; it never computes with it.

import { keep, recall } from "./browser-store.js";
import { postSignIn } from "./demo-server.js";

const changes = new EventTarget();
let current = recall("customer");

/** @returns {{customer: string, name: string, email: string, member: object}|null} */
export const signedIn = () => current;

/** Signs in as a seeded customer, or fetches her snapshot afresh. */
export async function signIn(customer) {
  become(await postSignIn(customer));
}

export const signOut = () => become(null);

/** Calls back now and after every change. */
export function watchSession(callback) {
  changes.addEventListener("change", callback);
  callback();
}

function become(customer) {
  current = customer;
  keep("customer", customer);
  changes.dispatchEvent(new Event("change"));
}
