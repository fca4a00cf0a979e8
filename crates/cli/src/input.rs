//! The files that commands are given: programs, carts, members.
//!
//! Owns reading them and telling what is wrong with them by file and place. `-` is standard input.

use std::io::Read;

use earnest_core::compile::{CompiledProgram, compile};
use earnest_core::{Program, Timestamp};
use serde::de::DeserializeOwned;

use crate::orders::instant::parse_instant;
use crate::unusable::Unusable;
use crate::wording::in_plain_words;

/// The text of a file.
pub(crate) fn read_text(path: &str) -> Result<String, Unusable> {
    let mut text = String::new();
    let read = if path == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(Unusable::file(path))?;
    Ok(text)
}

/// A program that is about to be run; one with problems is unusable.
pub(crate) fn read_program(path: &str) -> Result<Program, Unusable> {
    let text = read_text(path)?;
    match compile(&text) {
        Ok(CompiledProgram { program, .. }) => Ok(program),
        Err(problems) => Err(Unusable::Program {
            path: path.to_owned(),
            problems,
        }),
    }
}

/// A JSON document, with the place of what is wrong in it.
pub(crate) fn read_json<T: DeserializeOwned>(path: &str) -> Result<T, Unusable> {
    parse_json(path, &read_text(path)?)
}

/// The same of a text that has been read from there.
pub(crate) fn parse_json<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, Unusable> {
    let mut json = serde_json::Deserializer::from_str(text);
    let unusable = |message| Unusable::Document {
        path: path.to_owned(),
        message,
    };
    let document = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let inside = error.path().to_string();
        let message = in_plain_words(&error.into_inner().to_string());
        unusable(if matches!(inside.as_str(), "." | "?") {
            message
        } else {
            format!("{inside}: {message}")
        })
    })?;
    json.end().map_err(|error| unusable(error.to_string()))?;
    Ok(document)
}

/// An instant of the command line; without an offset it is the time of the shop's clocks.
pub(crate) fn parse_at(text: &str, program: &Program) -> Result<Timestamp, Unusable> {
    parse_instant(text.as_bytes(), program.calendar()).ok_or_else(|| {
        let mend = "--at: write a date with its time, such as 2026-11-01T12:00:00Z";
        Unusable::Argument(mend.into())
    })
}
