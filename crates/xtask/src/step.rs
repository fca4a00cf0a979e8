//! One step of work: a command that runs while its name, its latest line and the time pass by.
//!
//! Owns how progress looks. Invariant: what a command prints is never lost. A failed step carries all of
//! it, whoever asks.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail};

/// How often a terminal's line is redrawn.
const REDRAW: Duration = Duration::from_millis(250);
/// How often a log that nobody can redraw gets a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);
/// How long output may still arrive after the command itself has ended: a grandchild can keep the pipe.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How cargo begins a line about something that went well.
const PROGRESS_WORDS: [&str; 5] = [
    "Checking",
    "Compiling",
    "Documenting",
    "Downloaded",
    "Downloading",
];
/// Room for the command's latest line beside the name of the step.
const LATEST_LINE_WIDTH: usize = 60;

/// What came of a command.
pub(crate) struct Finished {
    /// Whether its exit status was zero.
    pub(crate) success: bool,
    /// Everything it printed, both streams in order of arrival.
    pub(crate) output: String,
}

/// Runs `command` and demands that it succeeds.
///
/// # Errors
/// When it cannot be started or fails; the message carries all that it printed.
pub(crate) fn run(label: &str, command: &mut Command) -> Result<Finished> {
    let finished = attempt(label, command)?;
    if !finished.success {
        bail!("{label} failed\n\n{}", without_progress(&finished.output));
    }
    Ok(finished)
}

/// Runs `command` and answers with what came of it, be it a failure.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn attempt(label: &str, command: &mut Command) -> Result<Finished> {
    let program = command.get_program().display().to_string();
    let (lines, mut child) = spawn(command).with_context(|| format!("cannot start {program}"))?;

    let mut progress = Progress::new(label);
    let mut output = String::new();
    let status = loop {
        match lines.recv_timeout(REDRAW) {
            Ok(line) => {
                progress.latest(&line);
                output.push_str(&line);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => progress.tick(),
            // The command closed its output before it ended: nothing more to show, only to wait.
            Err(RecvTimeoutError::Disconnected) => break child.wait()?,
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
    };
    while let Ok(line) = lines.recv_timeout(LAST_WORDS) {
        output.push_str(&line);
    }
    progress.done(status.success());
    Ok(Finished {
        success: status.success(),
        output,
    })
}

/// Says that something is so, in the column where finished steps are listed.
pub(crate) fn note(text: &str) {
    println!("   ·  {text}");
}

/// What a command printed, without the lines in which cargo says that all is well.
pub(crate) fn without_progress(output: &str) -> String {
    let is_progress = |line: &&str| {
        let word = line.trim_start().split(' ').next().unwrap_or_default();
        line.starts_with("  ") && PROGRESS_WORDS.contains(&word)
    };
    let lines: Vec<&str> = output
        .trim_end()
        .lines()
        .filter(|line| !is_progress(line))
        .collect();
    lines.join("\n")
}

/// An error with what it comes from, the nearest first.
pub(crate) fn told(error: &Error) -> String {
    let causes = error.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join("\n  because: ")
}

/// A duration as people say it: `0.4 s`, `42 s`, `3 min 07 s`.
pub(crate) fn spoken(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", elapsed.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

type Lines = mpsc::Receiver<String>;

fn spawn(command: &mut Command) -> io::Result<(Lines, std::process::Child)> {
    let (reader, writer) = io::pipe()?;
    let child = command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn();
    // The command holds our ends of the pipe, which would otherwise never report its end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = child?;

    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(1..)) {
            let line = String::from_utf8_lossy(&bytes).into_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok((lines, child))
}

/// The line that moves while a step runs.
struct Progress<'a> {
    label: &'a str,
    latest: String,
    started: Instant,
    told: Instant,
    terminal: bool,
}

impl<'a> Progress<'a> {
    fn new(label: &'a str) -> Self {
        let now = Instant::now();
        Self {
            label,
            latest: String::new(),
            started: now,
            told: now,
            terminal: io::stdout().is_terminal(),
        }
    }

    fn latest(&mut self, line: &str) {
        let line = line.trim();
        if !line.is_empty() {
            self.latest = line.chars().take(LATEST_LINE_WIDTH).collect();
        }
        let pause = if self.terminal { REDRAW } else { SIGN_OF_LIFE };
        if self.told.elapsed() >= pause {
            self.tick();
        }
    }

    fn tick(&mut self) {
        let Self { label, latest, .. } = self;
        let elapsed = spoken(self.started.elapsed());
        if self.terminal {
            print!("\r\x1b[K   …  {label} ({elapsed})  \x1b[2m{latest}\x1b[0m");
            flush();
        } else if self.told.elapsed() >= SIGN_OF_LIFE {
            println!("   …  {label} ({elapsed})  {latest}");
        } else {
            return;
        }
        self.told = Instant::now();
    }

    fn done(&self, success: bool) {
        let back = if self.terminal { "\r\x1b[K" } else { "" };
        let mark = if success { " ok " } else { "FAIL" };
        let elapsed = spoken(self.started.elapsed());
        println!("{back}{mark}  {} ({elapsed})", self.label);
        flush();
    }
}

/// A terminal that is gone has nobody left to be told.
fn flush() {
    drop(io::stdout().flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_carries_everything_it_printed() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let error = run("failing on purpose", &mut command).err();
        let message = error.expect("the command exits with 3").to_string();
        assert!(
            message.contains("out") && message.contains("err"),
            "{message}"
        );
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let check = |millis, expected: &str| {
            assert_eq!(spoken(Duration::from_millis(millis)), expected);
        };
        check(400, "0.4 s");
        check(42_000, "42 s");
        check(187_000, "3 min 07 s");
    }
}
