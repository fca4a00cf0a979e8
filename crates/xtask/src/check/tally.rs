//! How many passed and how many failed, read from what the test runners print.

use std::ops::Add;

/// A count of tests. What is skipped counts as failed: nothing is proven by a test that did not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that passed.
    pub(crate) passed: u32,
    /// Those that failed, were skipped, or passed only when repeated.
    pub(crate) failed: u32,
}

impl Tally {
    /// One thing that failed.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// The runner's exit status has the last word: it also fails when nothing compiles, and a run
    /// without any test proves nothing.
    pub(crate) fn judged_by(self, success: bool) -> Self {
        let is_empty = self.passed == 0 && self.failed == 0;
        if is_empty || (!success && self.failed == 0) {
            self + Self::FAILED
        } else {
            self
        }
    }
}

impl From<bool> for Tally {
    fn from(passed: bool) -> Self {
        Self {
            passed: u32::from(passed),
            failed: u32::from(!passed),
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

/// Adds up cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …`, one line per test binary.
pub(crate) fn cargo(output: &str) -> Tally {
    let lines = output
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "));
    lines
        .flat_map(|line| line.split([';', '.']))
        .fold(Tally::default(), |sum, part| {
            sum + count(part, "passed", &["failed", "ignored"])
        })
}

/// Adds up Playwright's closing lines: `  12 passed (3.4s)`, `  1 failed`, `  1 flaky`, …
pub(crate) fn playwright(output: &str) -> Tally {
    output.lines().fold(Tally::default(), |sum, line| {
        let line = line.split(" (").next().unwrap_or(line);
        sum + count(
            line,
            "passed",
            &["failed", "flaky", "skipped", "did not run", "interrupted"],
        )
    })
}

/// Reads `<number> <word>`; anything else counts nothing.
fn count(text: &str, passed: &str, failed: &[&str]) -> Tally {
    let Some((number, word)) = text.trim().split_once(' ') else {
        return Tally::default();
    };
    let number = number.parse().unwrap_or(0);
    if word == passed {
        Tally {
            passed: number,
            failed: 0,
        }
    } else if failed.contains(&word) {
        Tally {
            passed: 0,
            failed: number,
        }
    } else {
        Tally::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_how_many_ran_in_each_binary() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s\n\
                      test money::tests::adds ... ok\n\
                      test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.10s\n";
        assert_eq!(
            cargo(output),
            Tally {
                passed: 15,
                failed: 3
            }
        );
    }

    #[test]
    fn playwright_says_how_many_ran_at_the_end() {
        let output = "  ok 1 story.spec.js:3:1 › 2 passed as a title (1.2s)\n\n  1 failed\n    story.spec.js\n  2 did not run\n  7 passed (9.1s)\n";
        assert_eq!(
            playwright(output),
            Tally {
                passed: 7,
                failed: 3
            }
        );
    }

    #[test]
    fn a_run_that_fails_or_runs_nothing_is_a_failure() {
        let check =
            |tally: Tally, success, failed| assert_eq!(tally.judged_by(success).failed, failed);
        check(
            Tally {
                passed: 4,
                failed: 0,
            },
            true,
            0,
        );
        check(
            Tally {
                passed: 4,
                failed: 2,
            },
            false,
            2,
        );
        check(
            Tally {
                passed: 4,
                failed: 0,
            },
            false,
            1,
        );
        check(Tally::default(), true, 1);
    }
}
