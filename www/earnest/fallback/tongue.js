// Numbers as the shopper's locale says them.

/** @param {string} locale @param {{one: string, other: string, worth?: Record<string, string>}} word */
export function speak(locale, word) {
  const locales = supported(locale);
  const count = new Intl.NumberFormat(locales);
  const step = new Intl.NumberFormat(locales, { signDisplay: "exceptZero", maximumFractionDigits: 10 });
  const plural = new Intl.PluralRules(locales);
  const wordFor = (points) => (plural.select(points) === "one" ? word.one : word.other);
  return {
    other: word.other,
    count: (points) => count.format(points),
    step: (exact) => step.format(exact),
    wordFor,
    amount: (points) => `${count.format(points)} ${wordFor(points)}`,
    money: (amount, currency) => new Intl.NumberFormat(locales, { style: "currency", currency }).format(amount),
  };
}

function supported(locale) {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale]);
  } catch {
    return [];
  }
}
