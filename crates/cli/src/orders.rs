//! A stream of orders: from the rows of a CSV file to carts of the core.
//!
//! Owns every way in which a row becomes a cart; nothing else in this crate builds one. One order is held
//! at a time, so memory does not grow with the file. Its invariant: what it hands out is a checked cart, at
//! an instant that is not before the one handed out before.

mod agreement;
mod arguments;
pub(crate) mod columns;
pub(crate) mod instant;
mod reader;
mod rows;
mod seen;

use earnest_core::limits::MAX_ID_BYTES;
use earnest_core::{
    Calendar, Cart, CartTotals, Checkout, Currency, Line, Money, Program, Timestamp,
};

pub(crate) use self::arguments::OrdersArguments;
use self::columns::{Column, Columns};
use self::instant::parse_instant;
pub(crate) use self::rows::BadRows;
use self::rows::Rows;
use self::seen::Seen;
use crate::unusable::Unusable;

/// An order.
pub(crate) struct Order {
    /// The shop's id of it.
    pub(crate) id: String,
    /// Who bought; empty for a guest.
    pub(crate) member_id: String,
    /// When.
    pub(crate) placed_at: Timestamp,
    /// What.
    pub(crate) cart: Cart,
    /// Its first row.
    pub(crate) row: u64,
}

impl Order {
    /// The place of the partner among those of a program whose order it is; `None` for the shop's own.
    pub(crate) fn partner_of(&self, program: &Program) -> Option<usize> {
        let partner = self.cart.checkout().partner.as_deref()?;
        program.partners().iter().position(|it| it.id == partner)
    }
}

/// Reads orders one by one.
pub(crate) struct Orders {
    rows: Rows,
    columns: Columns,
    /// The currency of the row above, or the one given.
    currency: Option<Currency>,
    has_one_currency: bool,
    calendar: Calendar,
    prices_include_tax: bool,
    latest: Option<Timestamp>,
    /// Whether each order is placed after the one above.
    is_sorted: bool,
    lines_read: u64,
    /// `placed_at` on the first row of the order at hand, as it is written.
    placed: String,
    seen: Seen,
    spare: Spare,
}

/// What orders that are done with leave behind: their texts' memory serves the next ones.
#[derive(Default)]
struct Spare {
    /// Those of the last order.
    lines: Vec<Line>,
    /// Those of longer orders before it.
    rest: Vec<Line>,
    rows: Vec<u64>,
    id: String,
    member_id: String,
}

/// What the first row of an order says of it as a whole.
struct Head {
    id: String,
    member_id: String,
    placed_at: Timestamp,
    totals: CartTotals,
    checkout: Option<Checkout>,
}

impl Orders {
    /// The next order; `None` at the end.
    pub(crate) fn next_order(&mut self) -> Result<Option<Order>, Unusable> {
        loop {
            if !self.rows.has_row(self.columns.width)? {
                return Ok(None);
            }
            let row = self.rows.number();
            let head = match self.head() {
                Ok(head) => head,
                Err(message) => {
                    self.rows.refuse(row, message)?;
                    self.leave_out()?;
                    continue;
                }
            };
            if self.seen.again(&head.id) {
                let message = format!(
                    "order {:?} is there already, further up; rows of one order follow one another, and each \
                     order has an id of its own",
                    head.id
                );
                self.rows.refuse(row, message)?;
                self.leave_out()?;
                continue;
            }
            if let Some(order) = self.order(head, row)? {
                return Ok(Some(order));
            }
        }
    }

    /// Passes over the rows of the order at hand, the first of which is bad.
    fn leave_out(&mut self) -> Result<(), Unusable> {
        let id = self.columns.get(&self.rows.row, Column::OrderId).to_owned();
        self.rows.pass();
        while !id.is_empty()
            && self.rows.has_row(self.columns.width)?
            && self.columns.get(&self.rows.row, Column::OrderId) == id
        {
            self.rows.pass();
        }
        Ok(())
    }

    /// Leaves out an order that cannot be booked, or stops at it, as was asked.
    pub(crate) fn refuse(&mut self, order: &Order, message: String) -> Result<(), Unusable> {
        self.rows.refuse(order.row, message)
    }

    /// An order is done with.
    pub(crate) fn pass(&mut self, order: Order) {
        self.spare.lines = order.cart.into_lines();
        self.spare.id = order.id;
        self.spare.member_id = order.member_id;
    }

    /// How many bytes have been read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }

    /// How many lines the orders so far had.
    pub(crate) fn lines_read(&self) -> u64 {
        self.lines_read
    }

    /// Refuses a file of which no row is good, when all was read.
    pub(crate) fn end(&self) -> Result<(), Unusable> {
        match self.bad_rows().first.first() {
            Some(bad) if self.lines_read == 0 => Err(Unusable::NoRow {
                path: self.rows.path().to_owned(),
                row: bad.row,
                message: bad.message.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The bad rows so far.
    pub(crate) fn bad_rows(&self) -> &BadRows {
        &self.rows.bad
    }

    /// What the row at hand says of its order.
    fn head(&mut self) -> Result<Head, String> {
        let row = &self.rows.row;
        let get = |column| self.columns.get(row, column);
        let id = get(Column::OrderId);
        if id.is_empty() {
            return Err("order_id is empty; give each order its id".into());
        }
        let member_id = get(Column::MemberId);
        for (column, id) in [(Column::OrderId, id), (Column::MemberId, member_id)] {
            if id.len() > MAX_ID_BYTES {
                let name = column.name();
                return Err(format!(
                    "{name} is too long; an id has at most {MAX_ID_BYTES} bytes"
                ));
            }
        }
        let written = get(Column::PlacedAt);
        write(&mut self.placed, written);
        let Some(placed_at) = parse_instant(written.as_bytes(), &self.calendar) else {
            return Err(format!(
                "placed_at {written:?} is no instant; write it as 2026-05-01T12:00:00Z"
            ));
        };
        if self.is_sorted && self.latest.is_some_and(|latest| placed_at < latest) {
            return Err(
                "placed_at is before that of the order above; sort the file by placed_at".into(),
            );
        }
        let code = get(Column::Currency);
        let currency = match self.currency {
            Some(known) if code == known.code() => known,
            Some(known) if code.is_empty() && self.has_one_currency => known,
            _ => Currency::parse(code).map_err(|error| error.to_string())?,
        };
        if !self.has_one_currency {
            self.currency = Some(currency);
        }
        let amount = |column| amount(get(column), column, currency, Some(0));
        let totals = CartTotals {
            currency,
            prices_include_tax: self.prices_include_tax,
            discount_minor: amount(Column::OrderDiscount)?,
            shipping_minor: amount(Column::Shipping)?,
            shipping_tax_minor: amount(Column::ShippingTax)?,
        };
        Ok(Head {
            id: again(&mut self.spare.id, id),
            member_id: again(&mut self.spare.member_id, member_id),
            placed_at,
            totals,
            checkout: self.checkout(),
        })
    }

    /// How and where the order at hand was placed; `None` where the file says nothing of it.
    fn checkout(&self) -> Option<Checkout> {
        const SAID: [Column; 6] = [
            Column::PaymentMethod,
            Column::Channel,
            Column::Location,
            Column::Delivery,
            Column::Coupon,
            Column::Partner,
        ];
        if !SAID.into_iter().any(|column| self.columns.has(column)) {
            return None;
        }
        let get = |column| self.columns.get(&self.rows.row, column);
        Some(Checkout {
            payment_method: optional(get(Column::PaymentMethod)),
            channel: optional(get(Column::Channel)),
            location: optional(get(Column::Location)),
            delivery: optional(get(Column::Delivery)),
            partner: optional(get(Column::Partner)),
            coupons: labels(get(Column::Coupon)),
        })
    }

    /// The order whose head was read, with all its rows; `None` where it was refused as a whole.
    fn order(&mut self, head: Head, first_row: u64) -> Result<Option<Order>, Unusable> {
        let (mut lines, mut nth) = (std::mem::take(&mut self.spare.lines), 0);
        let mut rows = std::mem::take(&mut self.spare.rows);
        rows.clear();
        let mut is_bad = false;
        loop {
            let row = self.rows.number();
            if nth == lines.len() {
                lines.push(self.spare.rest.pop().unwrap_or_default());
            }
            let line = &mut lines[nth];
            let agrees = if row == first_row {
                Ok(())
            } else {
                self.agrees(&head)
            };
            match agrees.and_then(|()| self.fill(line, &head, nth)) {
                Ok(()) => {
                    rows.push(row);
                    nth += 1;
                }
                Err(message) => {
                    is_bad = true;
                    self.rows.refuse(row, message)?;
                }
            }
            self.rows.pass();
            let is_more = self.rows.has_row(self.columns.width)?
                && self.columns.get(&self.rows.row, Column::OrderId) == head.id;
            if !is_more {
                break;
            }
        }
        self.spare.rest.extend(lines.drain(nth..));
        // What is left of an order with a bad row is another order than was placed.
        if is_bad {
            self.spare.rest.append(&mut lines);
            return Ok(None);
        }
        let many = lines.len() as u64;
        let cart = Cart::new(head.totals, lines).and_then(|cart| match head.checkout {
            Some(checkout) => cart.placed(checkout),
            None => Ok(cart),
        });
        let cart = match cart {
            Ok(cart) => cart,
            Err(error) => {
                let (nth, field) = place(&error.pointer);
                let row = nth.and_then(|nth| rows.get(nth)).copied();
                let message = format!("order {}: {field}{}", head.id, error.kind);
                self.rows.refuse(row.unwrap_or(first_row), message)?;
                return Ok(None);
            }
        };
        self.spare.rows = rows;
        self.lines_read += many;
        self.latest = Some(head.placed_at);
        Ok(Some(Order {
            id: head.id,
            member_id: head.member_id,
            placed_at: head.placed_at,
            cart,
            row: first_row,
        }))
    }

    /// Writes what the row at hand says into a line.
    fn fill(&self, line: &mut Line, head: &Head, nth: usize) -> Result<(), String> {
        let row = &self.rows.row;
        let get = |column| self.columns.get(row, column);
        let currency = head.totals.currency;
        let amount = |column, default| amount(get(column), column, currency, default);
        write(&mut line.id, get(Column::LineId));
        if line.id.is_empty() {
            // Not `to_string`, which takes memory anew for each line.
            write_number(&mut line.id, nth + 1);
        }
        write(&mut line.product, get(Column::Product));
        write_labels(&mut line.categories, get(Column::Category));
        write_labels(&mut line.tags, get(Column::Tag));
        line.quantity = match get(Column::Quantity) {
            "" | "1" => 1,
            digits => digits
                .parse()
                .map_err(|_| format!("quantity {digits:?} is no whole number of 1 or more"))?,
        };
        line.unit_price_minor = amount(Column::UnitPrice, None)?;
        line.discount_minor = amount(Column::Discount, Some(0))?;
        line.tax_minor = amount(Column::Tax, Some(0))?;
        line.brand = optional(get(Column::Brand));
        line.vendor = optional(get(Column::Vendor));
        Ok(())
    }
}

/// The line that a pointer into a cart names, if it does, and the field as a CSV has it, with a colon.
fn place(pointer: &str) -> (Option<usize>, String) {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["lines", nth] => (nth.parse().ok(), String::new()),
        ["lines", nth, field, ..] => (nth.parse().ok(), format!("{field}: ")),
        ["discount"] => (None, "order_discount: ".into()),
        [field] => (None, format!("{field}: ")),
        _ => (None, String::new()),
    }
}

/// An amount in minor units; the default where nothing is written.
fn amount(
    text: &str,
    column: Column,
    currency: Currency,
    default: Option<i64>,
) -> Result<i64, String> {
    if let (true, Some(default)) = (text.is_empty(), default) {
        return Ok(default);
    }
    // Most exports write what is not there so, in several columns of each row.
    if text == "0.00" && currency.minor_digits() == 2 {
        return Ok(0);
    }
    let money = Money::parse(text, currency);
    money
        .map(Money::minor)
        .map_err(|error| format!("{}: {error}", column.name()))
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Several labels, with ; between them.
pub(crate) fn labels(text: &str) -> Vec<String> {
    let mut labels = Vec::new();
    write_labels(&mut labels, text);
    labels
}

/// Writes labels, with ; between them, into a list that has others.
fn write_labels(labels: &mut Vec<String>, text: &str) {
    let is_one = !text.is_empty() && !text.as_bytes().contains(&b';');
    if let (true, [label]) = (is_one, labels.as_mut_slice()) {
        return write(label, text);
    }
    labels.clear();
    let each = text.split(';').map(str::trim_ascii);
    labels.extend(each.filter(|label| !label.is_empty()).map(str::to_owned));
}

/// Writes a text in the place of another.
fn write(text: &mut String, new: &str) {
    text.clear();
    text.push_str(new);
}

/// Writes the digits of a number behind a text.
fn write_number(text: &mut String, number: usize) {
    if number > 9 {
        write_number(text, number / 10);
    }
    text.extend(u8::try_from(number % 10).map(|digit| char::from(b'0' + digit)));
}

/// A text in the memory of another.
fn again(spare: &mut String, text: &str) -> String {
    let mut again = std::mem::take(spare);
    write(&mut again, text);
    again
}
