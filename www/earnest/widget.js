// What a page downloads beside the module: the view, with previews by the
// module itself, in the same frame.

import { Engine, start } from "../../crates/widget/src/engine.js";
import { View } from "./view.js";

export { Engine, start as default };

export class CheckoutView extends View {
  constructor(root, program, ...more) {
    super(inModule(new Engine(program)), root, program, ...more);
  }
}

/** A previewer (view.js) that answers before it returns. */
const inModule = (engine) => ({
  ask(cart, member, answer) {
    let said;
    try {
      said = [null, engine.evaluate(cart, member, Date.now())];
    } catch (error) {
      said = [error];
    }
    answer(...said);
  },
  stop() {},
});
