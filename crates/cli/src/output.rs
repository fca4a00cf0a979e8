//! What is written where: answers to standard output, complaints to standard error, colours to terminals.
//!
//! Its invariant: no escape sequence reaches what is not a terminal, or a terminal of somebody who set
//! `NO_COLOR`. A reader that has gone away, such as `head`, ends the writing and is no error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use earnest_core::compile::Diagnostic;
use serde::Serialize;

use crate::unusable::Unusable;

/// Standard output and standard error, and whether each takes colours.
pub(crate) struct Output {
    out: Paint,
    err: Paint,
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    is_on: bool,
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// It cannot run.
    Error,
    /// It can, and is surely not meant.
    Warning,
}

impl Paint {
    fn on(is_terminal: bool) -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        Self {
            is_on: is_terminal && !unwanted && !is_dumb,
        }
    }

    fn sgr(self, code: &str, text: impl Display) -> String {
        if self.is_on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }

    /// What the eye should find first.
    pub(crate) fn strong(self, text: impl Display) -> String {
        self.sgr("1", text)
    }

    /// What may be passed over.
    pub(crate) fn quiet(self, text: impl Display) -> String {
        self.sgr("2", text)
    }

    /// What is wrong, or less than before.
    pub(crate) fn red(self, text: impl Display) -> String {
        self.sgr("31", text)
    }

    /// What is right, or more than before.
    pub(crate) fn green(self, text: impl Display) -> String {
        self.sgr("32", text)
    }

    /// What to look at again.
    pub(crate) fn yellow(self, text: impl Display) -> String {
        self.sgr("33", text)
    }

    /// A bar of a chart.
    pub(crate) fn blue(self, text: impl Display) -> String {
        self.sgr("34", text)
    }

    /// A problem with its place: the line as it was written, and a caret below what is meant.
    pub(crate) fn diagnostic(self, severity: Severity, file: &str, problem: &Diagnostic) -> String {
        let (head, caret) = match severity {
            Severity::Error => (self.red("error"), "^"),
            Severity::Warning => (self.yellow("warning"), "~"),
        };
        let number = problem.line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs stay tabs, so that the caret stands below what it means whatever their width.
        let before = problem.source_line.chars().take(problem.column - 1);
        let indent: String = before
            .map(|char| if char == '\t' { '\t' } else { ' ' })
            .collect();
        let carets = caret.repeat(problem.width);
        let carets = match severity {
            Severity::Error => self.red(carets),
            Severity::Warning => self.yellow(carets),
        };
        let bar = self.quiet("|");
        format!(
            "{head}: {}\n{margin}{} {file}:{}:{}\n{margin} {bar}\n{} {bar} {}\n{margin} {bar} {indent}{carets}\n",
            self.strong(&problem.message),
            self.quiet("-->"),
            problem.line,
            problem.column,
            self.quiet(&number),
            problem.source_line,
        )
    }
}

impl Output {
    /// What this process has.
    pub(crate) fn new() -> Self {
        Self {
            out: Paint::on(std::io::stdout().is_terminal()),
            err: Paint::on(std::io::stderr().is_terminal()),
        }
    }

    /// The colours of standard output.
    pub(crate) fn paint(&self) -> Paint {
        self.out
    }

    /// Writes an answer as it is.
    #[expect(clippy::unused_self, reason = "who writes has asked for the colours")]
    pub(crate) fn say(&self, text: &str) {
        // Nobody is left to be told that nobody reads.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Writes an answer for programs.
    pub(crate) fn say_json(&self, answer: &impl Serialize) {
        let text = serde_json::to_string_pretty(answer).expect("an answer is plain JSON");
        self.say(&(text + "\n"));
    }

    /// Complains of something that does not keep a command from its work.
    pub(crate) fn warn(&self, message: &str) {
        let text = format!("{} {message}\n", self.err.yellow("warning:"));
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Tells why a command could not do its work.
    pub(crate) fn complain(&self, unusable: &Unusable) {
        let mut text = String::new();
        if let Unusable::Program { path, problems } = unusable {
            for problem in problems.iter() {
                text += &self.err.diagnostic(Severity::Error, path, problem);
                text.push('\n');
            }
        }
        text += &format!("{} {unusable}\n", self.err.red("error:"));
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
