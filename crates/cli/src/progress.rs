//! The progress of a long reading, on a terminal's standard error.
//!
//! Where standard error is no terminal nothing is drawn: `indicatif` sees to it.

use indicatif::{ProgressBar, ProgressStyle};

use crate::orders::Orders;

/// How many orders go by between two looks at the clock.
const STEP: u64 = 1_024;

/// A bar over the bytes of a file.
pub(crate) struct Progress {
    bar: ProgressBar,
    orders: u64,
}

impl Progress {
    /// A bar of so many bytes; without them, a count.
    pub(crate) fn over(bytes: Option<u64>) -> Self {
        let (bar, style) = match bytes {
            Some(bytes) => (
                ProgressBar::new(bytes),
                "{bar:32.blue/8} {percent:>3}%  {msg}  {eta} left",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
        };
        let style = ProgressStyle::with_template(style).expect("a template that is tested");
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        Self { bar, orders: 0 }
    }

    /// One more order was read.
    pub(crate) fn order(&mut self, orders: &Orders) {
        self.orders += 1;
        if self.orders.is_multiple_of(STEP) && !self.bar.is_hidden() {
            self.bar.set_position(orders.bytes_read());
            self.bar.set_message(format!("{} orders", self.orders));
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
