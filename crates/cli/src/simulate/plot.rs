//! Plots as inline SVG: stacked bars and lines over months.
//!
//! Owns geometry, in whole units of the view box; colours are classes of the page's style. Every mark has a
//! title, which a pointer and a screen reader tell. Its invariant: no script, no float.

use super::page::escape;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 240;
const LEFT: i64 = 72;
const RIGHT: i64 = 8;
const TOP: i64 = 12;
const BOTTOM: i64 = 28;

/// Values over the months, one series on another.
pub(crate) struct Plot<'a> {
    /// What it shows, for those who cannot see it.
    pub(crate) title: &'a str,
    pub(crate) months: Vec<&'a str>,
    pub(crate) series: Vec<Series>,
    pub(crate) kind: Kind,
    /// A value as a person reads it.
    pub(crate) tell: &'a dyn Fn(i64) -> String,
    /// A value as the axis has room for it.
    pub(crate) tell_short: &'a dyn Fn(i64) -> String,
}

/// One value for each month.
pub(crate) struct Series {
    pub(crate) name: String,
    /// The class of its colour.
    pub(crate) class: String,
    pub(crate) values: Vec<i64>,
}

/// How the series are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Beside each other.
    Bars,
    /// On each other.
    Stack,
    /// A line above a filled area, for one series.
    Area,
}

impl Plot<'_> {
    /// The plot with its legend.
    pub(crate) fn svg(&self) -> String {
        let most = self.most().max(1);
        let (step, top) = steps(most);
        let mut marks = String::new();
        let mut value = 0;
        while value <= top {
            let y = height_of(value, top);
            marks += &format!(
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"axis end\" x=\"{}\" y=\"{}\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8,
                y + 4,
                escape(&(self.tell_short)(value))
            );
            value += step;
        }
        let many = i64::try_from(self.months.len()).unwrap_or(1).max(1);
        let room = (WIDTH - LEFT - RIGHT) * 100 / many;
        // Names of months are 50 units wide: as many are told as fit.
        let told_each = (50 * 100 / room + 1).max(1);
        for (nth, month) in (0_i64..).zip(&self.months) {
            if nth % told_each == 0 {
                marks += &format!(
                    "<text class=\"axis mid\" x=\"{}\" y=\"{}\">{month}</text>",
                    LEFT + (nth * room + room / 2) / 100,
                    HEIGHT - 8
                );
            }
        }
        marks += &match self.kind {
            Kind::Area => self.area(room, top),
            Kind::Bars | Kind::Stack => self.bars(room, top),
        };
        let mut legend = String::new();
        if self.series.len() > 1 {
            for series in &self.series {
                let (class, name) = (&series.class, escape(&series.name));
                legend += &format!("<li><i class=\"{class}\"></i>{name}</li>");
            }
            legend = format!("<ul class=\"legend\">{legend}</ul>");
        }
        format!(
            "<figure><figcaption>{0}</figcaption>{legend}<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-label=\"{0}\">{marks}</svg></figure>",
            escape(self.title)
        )
    }

    fn most(&self) -> i64 {
        let months = 0..self.months.len();
        let value = |series: &Series, nth: usize| series.values.get(nth).copied().unwrap_or(0);
        let most = months.map(|nth| {
            let values = self.series.iter().map(|series| value(series, nth));
            match self.kind {
                Kind::Stack => values.sum(),
                Kind::Bars | Kind::Area => values.max().unwrap_or(0),
            }
        });
        most.max().unwrap_or(0)
    }

    fn bars(&self, room: i64, top: i64) -> String {
        let many = i64::try_from(self.series.len()).unwrap_or(1).max(1);
        let beside = if self.kind == Kind::Bars { many } else { 1 };
        // Seven tenths of the room are bars, at most 40 units.
        let wide = (room * 7 / 10 / beside).min(4_000 / beside);
        let mut marks = String::new();
        for (nth, month) in self.months.iter().enumerate() {
            let at = i64::try_from(nth).unwrap_or(0);
            let left = LEFT * 100 + at * room + (room - wide * beside) / 2;
            let mut below = 0;
            for (beside, series) in (0_i64..).zip(&self.series) {
                let value = series.values.get(nth).copied().unwrap_or(0).max(0);
                if value == 0 {
                    continue;
                }
                let (x, from) = match self.kind {
                    Kind::Stack => (left, below),
                    Kind::Bars | Kind::Area => (left + beside * wide, 0),
                };
                below = from + value;
                let (y, end) = (height_of(below, top), height_of(from, top));
                marks += &format!(
                    "<rect class=\"{}\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{}\">\
                     <title>{month} {}: {}</title></rect>",
                    series.class,
                    hundredths(x),
                    hundredths((wide - 100).max(60)),
                    (end - y).max(1),
                    escape(&series.name),
                    escape(&(self.tell)(value)),
                );
            }
        }
        marks
    }

    fn area(&self, room: i64, top: i64) -> String {
        let Some(series) = self.series.first() else {
            return String::new();
        };
        let points = (0_i64..).zip(&series.values);
        let points: Vec<(i64, i64)> = points
            .map(|(nth, value)| {
                let x = LEFT + (nth * room + room / 2) / 100;
                (x, height_of((*value).max(0), top))
            })
            .collect();
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let line = line.join(" ");
        let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else {
            return String::new();
        };
        let ground = HEIGHT - BOTTOM;
        let class = &series.class;
        let mut marks = format!(
            "<polygon class=\"{class} area\" points=\"{first},{ground} {line} {last},{ground}\"/>\
             <polyline class=\"{class} line\" points=\"{line}\"/>"
        );
        for (((x, y), value), month) in points.iter().zip(&series.values).zip(&self.months) {
            let told = escape(&(self.tell)(*value));
            marks += &format!(
                "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"><title>{month}: {told}</title></circle>"
            );
        }
        marks
    }
}

/// Where a value stands.
fn height_of(value: i64, top: i64) -> i64 {
    let room = i128::from(HEIGHT - TOP - BOTTOM);
    let up = i128::from(value) * room / i128::from(top.max(1));
    HEIGHT - BOTTOM - i64::try_from(up).unwrap_or(0)
}

/// Round steps of an axis, and its top: four to eight steps of 1, 2 or 5 times a power of ten.
fn steps(most: i64) -> (i64, i64) {
    let mut power = 1_i64;
    loop {
        for step in [1, 2, 5].map(|digit| digit * power) {
            if most / step < 6 {
                let many = most.div_euclid(step) + i64::from(most % step != 0);
                return (step, many * step);
            }
        }
        match power
            .checked_mul(10)
            .filter(|power| *power <= i64::MAX / 100)
        {
            Some(next) => power = next,
            None => return (most, most),
        }
    }
}

fn hundredths(value: i64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_steps() {
        let check = |most, step, top| assert_eq!(steps(most), (step, top));
        check(1, 1, 1);
        check(6, 2, 6);
        check(10, 2, 10);
        check(11, 2, 12);
        check(99, 20, 100);
        check(1_234, 500, 1_500);
        check(i64::MAX, i64::MAX, i64::MAX);
    }

    #[test]
    fn values_stand_where_they_should() {
        assert_eq!(height_of(0, 100), HEIGHT - BOTTOM);
        assert_eq!(height_of(100, 100), TOP);
        assert_eq!(height_of(i64::MAX, i64::MAX), TOP);
    }
}
