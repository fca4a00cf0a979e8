// The edge, as a browser may talk to it: three requests with the publishable
// key, each with an end. What goes wrong is a Trouble, whose code is the edge's
// own, or `offline` where the edge did not answer.

const PATIENCE_MS = 8000;

/** Something that went wrong, for the page's developer. */
export class Trouble extends Error {
  /** @param {string} code @param {string} message @param {string} [pointer] into what was sent */
  constructor(code, message, pointer = "") {
    super(message);
    this.code = code;
    this.pointer = pointer;
  }
}

export class Edge {
  /** @param {string} origin @param {string} shop @param {string} key the publishable key */
  constructor(origin, shop, key) {
    this.origin = origin;
    this.shop = shop;
    this.key = key;
  }

  /** The published program. */
  program() {
    return this.#ask(`/v1/program?shop=${encodeURIComponent(this.shop)}`);
  }

  /** What a cart earns, where the page may not run the module. */
  preview(body, signal) {
    return this.#ask("/v1/preview", body, signal);
  }

  /** Joins. The answer is the same whether or not the e-mail is known. */
  enrol(body, signal) {
    return this.#ask("/v1/members", body, signal);
  }

  async #ask(path, body, signal) {
    const patience = new AbortController();
    const stop = () => patience.abort();
    const timer = setTimeout(stop, PATIENCE_MS);
    signal?.addEventListener("abort", stop);
    try {
      const answer = await fetch(this.origin + path, {
        signal: patience.signal,
        credentials: "omit",
        ...(body && {
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${this.key}` },
          body: JSON.stringify(body),
        }),
      });
      const said = await answer.json();
      if (answer.ok) return said;
      throw new Trouble(said.code ?? "refused", said.detail ?? said.title ?? "", said.pointer);
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble("offline", `${this.origin} did not answer`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}
