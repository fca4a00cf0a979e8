// How numbers are said: in the shopper's locale, by the browser's Intl.
//
// Numbers that are not whole come as decimal text, which Intl formats to the last
// digit; no amount passes through a float.

const NEARLY_A_YEAR_MS = 3e10;

export class Speech {
  #locales;
  #count;
  #step;
  #plural;

  /** @param {string} locale the page's; one that the browser refuses is the browser's own */
  constructor(locale) {
    try {
      this.#locales = Intl.getCanonicalLocales(locale);
    } catch {
      this.#locales = [];
    }
    this.#count = new Intl.NumberFormat(this.#locales);
    this.#step = new Intl.NumberFormat(this.#locales, { signDisplay: "exceptZero", maximumFractionDigits: 10 });
    this.#plural = new Intl.PluralRules(this.#locales);
  }

  /** A whole number: `1,234`. */
  count(points) {
    return this.#count.format(points);
  }

  /** A step of a sum, with its sign: `+39.98`. */
  step(exact) {
    return this.#step.format(exact);
  }

  /** An amount of money: `€1.20`. */
  money(amount, currency) {
    return new Intl.NumberFormat(this.#locales, { style: "currency", currency }).format(amount);
  }

  /** A day, by the English that the words are in: `5 December`; one that is far `away` with its year. */
  day(local, away) {
    const english = this.#locales.find((locale) => locale.startsWith("en")) ?? "en-GB";
    const year = away > NEARLY_A_YEAR_MS ? "numeric" : undefined;
    return new Intl.DateTimeFormat(english, { day: "numeric", month: "long", year, timeZone: "UTC" }).format(local);
  }

  /** Whether the number takes the word for one. */
  isOne(points) {
    return this.#plural.select(points) === "one";
  }
}
