//! Carts from a tape.

use super::Tape;
use crate::cart::CartErrorKind;
use crate::{Cart, CartError, CartTotals, Checkout, Currency, Line, Money};

/// The amounts of a cart, and the first that is none.
struct Amounts {
    currency: Currency,
    wrong: Option<CartError>,
}

impl Cart {
    /// Reads and checks a cart.
    ///
    /// # Errors
    /// The first rule that is broken, with a pointer to where.
    pub fn read(tape: &mut Tape<'_>) -> Result<Self, CartError> {
        let currency = Currency::parse(tape.str())
            .map_err(|error| CartErrorKind::from(error).at(None, "currency"))?;
        let mut amounts = Amounts {
            currency,
            wrong: None,
        };
        let totals = CartTotals {
            currency,
            prices_include_tax: tape.flag(),
            discount_minor: amounts.maybe(tape, None, "discount"),
            shipping_minor: amounts.maybe(tape, None, "shipping"),
            shipping_tax_minor: amounts.maybe(tape, None, "shipping_tax"),
        };
        let checkout = Checkout {
            payment_method: tape.maybe_text(),
            channel: tape.maybe_text(),
            location: tape.maybe_text(),
            delivery: tape.maybe_text(),
            partner: tape.maybe_text(),
            coupons: tape.texts(),
        };
        let lines = (0..tape.length()).map(|nth| line(tape, &mut amounts, Some(nth)));
        let lines = lines.collect();
        match amounts.wrong {
            Some(wrong) => Err(wrong),
            None => Self::new(totals, lines)?.placed(checkout),
        }
    }
}

fn line(tape: &mut Tape<'_>, amounts: &mut Amounts, nth: Option<usize>) -> Line {
    Line {
        id: tape.text(),
        product: tape.text(),
        categories: tape.texts(),
        tags: tape.texts(),
        brand: tape.maybe_text(),
        vendor: tape.maybe_text(),
        quantity: tape.count(),
        unit_price_minor: amounts.read(tape, nth, "unit_price"),
        discount_minor: amounts.maybe(tape, nth, "discount"),
        tax_minor: amounts.maybe(tape, nth, "tax"),
    }
}

impl Amounts {
    fn read(&mut self, tape: &mut Tape<'_>, line: Option<usize>, field: &str) -> i64 {
        match Money::parse(tape.str(), self.currency) {
            Ok(amount) => amount.minor(),
            Err(error) => {
                if self.wrong.is_none() {
                    self.wrong = Some(CartErrorKind::from(error).at(line, field));
                }
                0
            }
        }
    }

    fn maybe(&mut self, tape: &mut Tape<'_>, line: Option<usize>, field: &str) -> i64 {
        if tape.flag() {
            self.read(tape, line, field)
        } else {
            0
        }
    }
}
