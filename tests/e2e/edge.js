// The edge under test: its address, and the shops that it was started with.

import { readFileSync } from "node:fs";

/** Its address, as `http://127.0.0.1:<port>`. */
export const EDGE = told("EARNEST_EDGE");

const shops = JSON.parse(readFileSync(told("EARNEST_SHOPS"), "utf8"));

/**
 * @param {string} id
 * @returns {{shop: string, publishable_key: string, secret_key: string, origins: string[]}}
 */
export function shopNamed(id) {
  const found = shops.find(({ shop }) => shop === id);
  if (!found) throw new Error(`the edge was started without a shop ${id}`);
  return found;
}

/** The published program of a shop. */
export async function programOf(id) {
  const answer = await fetch(`${EDGE}/v1/program?shop=${id}`);
  if (!answer.ok) throw new Error(`${id} has no program: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** An answer of the API to a shop's server, which holds the secret key. */
export async function askAsServer(id, method, path, body) {
  const answer = await fetch(`${EDGE}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${shopNamed(id).secret_key}`,
      ...(body && { "content-type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
}

let counted = 0;

/** An e-mail that nobody has used: members of one test are no members of another. */
export function newEmail() {
  counted += 1;
  return `shopper-${process.pid}-${counted}-${crypto.randomUUID().slice(0, 8)}@example.com`;
}

function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test browser\``);
  return value;
}
