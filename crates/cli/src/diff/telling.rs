//! What differs, for people.

use super::{Difference, Members, Pair, Told, with_sign};
use crate::figure::{count, counted, grouped, money, per_cent, signed};
use crate::left_out;
use crate::output::Paint;
use crate::table::Table;

impl Difference {
    pub(super) fn for_people(&self, paint: Paint) -> String {
        let program = |told: &Told| format!("{}, version {}", told.name, told.version);
        let mut text = format!(
            "{} -> {}\n{} of {}, {} of them guests'\n\n",
            program(&self.old),
            program(&self.new),
            counted(self.orders, "order"),
            counted(self.lines, "line"),
            count(self.guest_orders),
        );
        text += &match (&self.members, self.measure) {
            (Some(Members { gain, lose, same }), Some(measure)) => format!(
                "Members: {}, {}, {} earn the same{}\n\n",
                paint.green(format!("{} gain", count(*gain))),
                paint.red(format!("{} lose", count(*lose))),
                count(*same),
                match measure {
                    "points" => String::new(),
                    code => format!(", measured in what it is worth in {code}"),
                }
            ),
            _ => format!(
                "{} what the two give is not stated in one measure. Write what a point is worth into both \
                 programs, such as points.worth = {{ EUR = 0.01 }}, in a currency in which both earn.\n\n",
                paint.yellow("Who gains and who loses cannot be told:"),
            ),
        };
        for (tier, members) in &self.tiers_gone {
            let have = if *members == 1 { "has" } else { "have" };
            text += &format!(
                "{} {tier:?}, which {} {have}; there they are in what they have earned.\n\n",
                paint.yellow("The new program does not have the tier"),
                counted(*members, "member"),
            );
        }
        let mut table = Table::new(1, &["", "old", "new", "difference", "of revenue"]);
        let row = |name: String, Pair { old, new }: Pair| {
            vec![name, grouped(old), grouped(new), signed(new - old)]
        };
        table.row(row("points".into(), self.points));
        for it in &self.currencies {
            if self.currencies.len() > 1 {
                table.row(row(
                    format!("points on orders in {}", it.currency),
                    it.points,
                ));
            }
            let [old, new] = it.worth_minor;
            if old.or(new).is_none() && it.perks_minor.is_nothing() {
                continue;
            }
            let told = |minor| money(minor, it.currency);
            let unless_unknown = |minor: Option<i64>| minor.map_or("-".into(), told);
            let mut costs = |what: &str, old: Option<i64>, new: Option<i64>| {
                let more = new.zip(old).map(|(new, old)| new - old);
                let share = more.and_then(|minor| per_cent(minor, it.revenue_minor));
                table.row(vec![
                    what.into(),
                    unless_unknown(old),
                    unless_unknown(new),
                    more.map_or("-".into(), |minor| with_sign(minor, told)),
                    share.unwrap_or_else(|| "-".into()),
                ]);
            };
            costs("worth when spent", old, new);
            let perks = it.perks_minor;
            if !perks.is_nothing() {
                costs("perks take off", Some(perks.old), Some(perks.new));
                let with = |minor: Option<i64>, perks: i64| minor.map(|minor| minor + perks);
                costs("together", with(old, perks.old), with(new, perks.new));
            }
        }
        text += &(table.lines().join("\n") + "\n");
        if !self.left_out.is_empty() {
            text += &format!("\n{}", left_out::told(&self.left_out));
        }
        for it in &self.currencies {
            if let Some(who) = it.not_covered {
                let told = paint.yellow(format!("Orders in {} earn nothing", it.currency));
                text += &format!(
                    "\n{told} under {who}: earn has no rate for {}.\n",
                    it.currency
                );
            }
        }
        text += &self.movers();
        text + &self.bad_rows.for_people(paint)
    }

    /// Who gains most and who loses most.
    fn movers(&self) -> String {
        let mut text = String::new();
        for (what, movers) in [
            ("gain most", &self.gain_most),
            ("lose most", &self.lose_most),
        ] {
            if !movers.is_empty() {
                let mut table = Table::new(1, &[what, "old", "new", "difference"]);
                for mover in movers {
                    table.row(vec![
                        mover.member.clone(),
                        mover.old.clone(),
                        mover.new.clone(),
                        mover.difference.clone(),
                    ]);
                }
                text += &format!("\n{}\n", table.lines().join("\n"));
            }
        }
        text
    }
}
