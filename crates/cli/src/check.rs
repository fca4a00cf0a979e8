//! `earnest check`: every problem of a program at once, each with its line and the mend.
//!
//! Owns the telling; the problems are found by the compiler in the core.

use clap::Args;
use earnest_core::Program;
use earnest_core::compile::{Diagnostic, compile};
use serde::Serialize;

use crate::Verdict;
use crate::input::read_text;
use crate::output::{Output, Severity};
use crate::unusable::Unusable;

/// The programs to check.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest check club.toml\n  \
                        earnest check programs/*.toml --deny-warnings\n  \
                        earnest check club.toml --json | jq '.[].message'")]
pub(crate) struct Check {
    /// Program files; - is standard input
    #[arg(required = true, value_name = "PROGRAM")]
    programs: Vec<String>,
    /// Answer with a list of {file, line, column, message, severity}
    #[arg(long)]
    json: bool,
    /// Warnings are as bad as errors
    #[arg(long)]
    deny_warnings: bool,
}

/// A problem, for programs.
#[derive(Serialize)]
struct Told {
    file: String,
    line: usize,
    column: usize,
    message: String,
    severity: Severity,
}

/// What was found in one file.
struct Found {
    file: String,
    /// What it is, where it can run.
    program: Option<Program>,
    problems: Vec<(Severity, Diagnostic)>,
}

impl Check {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let mut unreadable = Vec::new();
        let mut found = Vec::new();
        for file in &self.programs {
            match read_text(file) {
                Ok(text) => found.push(Found::in_text((file.clone(), text))),
                Err(unusable) => unreadable.push(unusable),
            }
        }
        if self.json {
            let told = found.iter().flat_map(Found::told);
            output.say_json(&told.collect::<Vec<_>>());
        } else {
            let told: Vec<String> = found.iter().map(|found| found.for_people(output)).collect();
            output.say(&told.join("\n"));
        }
        // What could be read has been told.
        let last = unreadable.pop();
        for unusable in &unreadable {
            output.complain(unusable);
        }
        if let Some(unusable) = last {
            return Err(unusable);
        }
        let is_bad = |severity| severity == Severity::Error || self.deny_warnings;
        let mut severities = found.iter().flat_map(|found| &found.problems);
        Ok(Verdict::from(
            !severities.any(|(severity, _)| is_bad(*severity)),
        ))
    }
}

impl Found {
    fn in_text((file, text): (String, String)) -> Self {
        let (program, problems) = match compile(&text) {
            Ok(compiled) => {
                let warnings = compiled.warnings.into_iter();
                let warnings = warnings.map(|warning| (Severity::Warning, warning));
                (Some(compiled.program), warnings.collect())
            }
            Err(found) => {
                let errors = found.iter().map(|error| (Severity::Error, error.clone()));
                (None, errors.collect())
            }
        };
        Self {
            file,
            program,
            problems,
        }
    }

    fn told(&self) -> impl Iterator<Item = Told> {
        self.problems.iter().map(|(severity, problem)| Told {
            file: self.file.clone(),
            line: problem.line,
            column: problem.column,
            message: problem.message.clone(),
            severity: *severity,
        })
    }

    fn for_people(&self, output: &Output) -> String {
        let paint = output.paint();
        let mut text = String::new();
        for (severity, problem) in &self.problems {
            text += &paint.diagnostic(*severity, &self.file, problem);
            text.push('\n');
        }
        let count = |wanted, word| {
            let severities = self.problems.iter().map(|(severity, _)| *severity);
            match severities.filter(|severity| *severity == wanted).count() {
                0 => None,
                1 => Some(format!("1 {word}")),
                many => Some(format!("{many} {word}s")),
            }
        };
        let counts = [
            count(Severity::Error, "error"),
            count(Severity::Warning, "warning"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        let counts = counts.join(", ");
        text += &match &self.program {
            None => format!("{}: {}\n", self.file, paint.red(counts)),
            Some(program) => {
                let reference = program.reference();
                let verdict = if counts.is_empty() {
                    paint.green("good")
                } else {
                    paint.yellow(counts)
                };
                let file = &self.file;
                let name = program.name();
                let (version, digest) = (reference.version, paint.quiet(&reference.digest));
                format!("{file}: {verdict}. {name}, version {version}, {digest}\n")
            }
        };
        text
    }
}
