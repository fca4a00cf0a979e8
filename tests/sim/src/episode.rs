//! Episodes: a seed's list of operations, and what it is to play it.
//!
//! Short ones, each over a database of its own: many beginnings find more than one long middle, and a list
//! that fails is short to begin with. Invariant: an episode is its seed; played again, it does the same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use earnest_core::Timestamp;

use crate::Violation;
use crate::auditor;
use crate::counted;
use crate::ending::{self, Ending};
use crate::fault::{self, Faults};
use crate::invariant;
use crate::journal::Journals;
use crate::operation::{self, Operation, SHOPS};
use crate::program::{self, Version};
use crate::random::Random;
use crate::shell::{Shell, shop_id};
use crate::tally::Tally;
use crate::touched;

/// Operations of an episode.
pub(crate) const LENGTH: u64 = 100;
/// How many of the first operations are somebody joining.
const JOIN_FIRST: u64 = 8;
/// Versions of each shop's program.
pub(crate) const VERSIONS: usize = 3;
/// When every episode begins: 2026-03-20T00:00:00Z, days before the clocks change in Europe.
pub(crate) const START_MS: i64 = 1_773_964_800_000;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// One operation of an episode.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// How much later than the one before. The clocks of isolates differ, so it may be earlier.
    pub(crate) later_ms: i64,
    /// What is asked.
    pub(crate) operation: Arc<dyn Operation>,
    /// What goes wrong.
    pub(crate) faults: Faults,
}

/// The programs of an episode's shops, and what is asked of them.
pub(crate) struct Episode {
    programs: Vec<Vec<Version>>,
    /// Whether it is played without crons as well.
    is_played_twice: bool,
    /// The steps.
    pub(crate) steps: Vec<Step>,
}

impl Episode {
    /// The episode of a seed, with so many operations.
    pub(crate) fn draw(seed: u64, length: u64) -> Self {
        let mut random = Random::new(seed);
        let random = &mut random;
        let versions = u32::try_from(VERSIONS).unwrap_or(u32::MAX);
        // A fault may strike elsewhere once the cron has not come by, so these have none. Nor does a reward run out in
        // them: what a hold that has ended gives back to its stock is there for others once its own member is settled.
        let is_played_twice = random.one_in(4);
        let stocks: &[i64] = if is_played_twice {
            &[1_000_000]
        } else {
            &program::STOCKS
        };
        let programs = (0..SHOPS).map(|_| program::draw_with(stocks, random, versions));
        let programs = programs.collect();
        let mut steps: Vec<Step> = Vec::new();
        for nth in 0..length {
            // First some join. Later every fifth is one that came before, delivered again.
            let operation = if nth < JOIN_FIRST {
                operation::join(random)
            } else if !steps.is_empty() && random.one_in(5) {
                Arc::clone(&steps[random.place(steps.len())].operation)
            } else {
                operation::draw(random)
            };
            steps.push(Step {
                later_ms: later_ms(random),
                faults: if is_played_twice {
                    Faults::new()
                } else {
                    fault::draw(random, &operation)
                },
                operation,
            });
        }
        Self {
            programs,
            is_played_twice,
            steps,
        }
    }

    /// Whether anything goes wrong in it.
    pub(crate) fn has_faults(&self) -> bool {
        !self.is_played_twice
    }

    /// The programs of each shop, in the order of their versions.
    pub(crate) fn programs(&self) -> &[Vec<Version>] {
        &self.programs
    }

    /// Plays some steps on a new database.
    pub(crate) fn play(&self, steps: &[Step]) -> Result<Tally, Violation> {
        let played = catch_unwind(AssertUnwindSafe(|| self.play_through(steps)));
        played.unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(Violation::new(format!(
                "panicked: {}",
                words.unwrap_or("without words")
            )))
        })
    }

    /// Plays them with crons and, where it has any, without: in the end there is no difference.
    fn play_through(&self, steps: &[Step]) -> Result<Tally, Violation> {
        let (tally, ending) = self.play_to_the_end(steps, true)?;
        if self.is_played_twice {
            let (_, other) = self.play_to_the_end(steps, false)?;
            if let Some((with, without)) = ending.iter().zip(&other).find(|(it, other)| it != other)
            {
                return Err(Violation::new(format!(
                    "settled by crons\n  {with:?}\nand at the end alone\n  {without:?}"
                )));
            }
        }
        Ok(tally)
    }

    fn play_to_the_end(
        &self,
        steps: &[Step],
        has_crons: bool,
    ) -> Result<(Tally, Vec<Ending>), Violation> {
        let mut shell = Shell::new(&self.programs, Timestamp::from_millis(START_MS));
        shell.has_crons = has_crons;
        let journals = Journals::new(&shell.database);
        let mut checked = shell.database.written();
        for step in steps {
            let now = shell.now.as_millis() + step.later_ms;
            shell.now = Timestamp::from_millis(now);
            shell.run(&*step.operation, step.faults.clone())?;
            let written = shell.database.written();
            if written != checked {
                invariant::check(&shell.database, &journals)?;
                checked = shell.database.written();
            }
        }
        let ending = ending::settle_all(&mut shell, SHOPS)?;
        for shop in 0..SHOPS {
            touched::touch_all(&shell.database, shop_id(shop));
        }
        invariant::check(&shell.database, &journals)?;
        for shop in 0..SHOPS {
            auditor::audit(&mut shell, shop)?;
        }
        counted::count_books(&mut shell);
        Ok((shell.tally, ending))
    }
}

/// Mostly minutes, now and then days or a season, rarely backwards.
fn later_ms(random: &mut Random) -> i64 {
    match random.below(40) {
        0 => -random.between(0, 5 * MINUTE_MS),
        1..=2 => random.between(0, 40 * DAY_MS),
        3 => random.between(0, 400 * DAY_MS),
        4..=8 => random.between(0, DAY_MS),
        _ => random.between(0, 90 * MINUTE_MS),
    }
}
