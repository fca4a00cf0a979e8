//! A chart in the terminal: what was issued and what is outstanding, month by month.
//!
//! Bars are drawn in eighths of a character. Their scale is the largest value of their column.

use super::months::Month;
use crate::output::Paint;

/// How many characters the longest bar has.
const WIDTH: i64 = 24;
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// One line for each month, of what was issued in it and what is outstanding at its end.
pub(crate) fn chart(
    months: &[(String, Month)],
    figures: &[(i64, i64)],
    tell: impl Fn(i64) -> String,
    paint: Paint,
) -> String {
    let (issued, outstanding): (Vec<i64>, Vec<i64>) = figures.iter().copied().unzip();
    let most = |values: &[i64]| values.iter().copied().max().unwrap_or(0);
    let (most_issued, most_outstanding) = (most(&issued), most(&outstanding));
    let digits = tell(most_issued.max(most_outstanding))
        .len()
        .max("outstanding".len());
    let width = usize::try_from(WIDTH).expect("a small number");
    let mut text = format!("  {:7}  {:width$} {:>digits$}", "", "", "issued");
    text += &format!("  {:width$} {:>digits$}\n", "", "outstanding");
    for (((name, _), issued), outstanding) in months.iter().zip(issued).zip(outstanding) {
        let bar_issued = paint.blue(bar(issued, most_issued));
        let bar_outstanding = paint.yellow(bar(outstanding, most_outstanding));
        let (issued, outstanding) = (tell(issued), tell(outstanding));
        text += &format!("  {name:7}  {bar_issued} {issued:>digits$}");
        text += &format!("  {bar_outstanding} {outstanding:>digits$}\n");
    }
    text
}

/// A bar, with the space behind it.
fn bar(value: i64, most: i64) -> String {
    let exact = i128::from(value.max(0)) * i128::from(WIDTH * 8) / i128::from(most.max(1));
    let eighths = usize::try_from(exact).unwrap_or(0);
    let width = usize::try_from(WIDTH).unwrap_or(0);
    let drawn = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    format!("{drawn:width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        assert_eq!(bar(8, 8), "█".repeat(24));
        assert_eq!(bar(0, 8), " ".repeat(24));
        assert_eq!(bar(1, 3), "█".repeat(8) + &" ".repeat(16));
        assert_eq!(bar(1, 192), "▏".to_owned() + &" ".repeat(23));
        assert_eq!(bar(i64::MAX, i64::MAX), "█".repeat(24));
        assert_eq!(bar(0, 0), " ".repeat(24));
    }
}
