//! An answer: status, headers and body, before it becomes the runtime's response.

use earnest_ledger::json;
use serde::Serialize;
use worker::{Headers, Response, ResponseBody};

/// What is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A JSON document.
    pub(crate) fn json(status: u16, document: &impl Serialize) -> Self {
        Self::json_text(status, json(document))
    }

    /// A JSON document that is text already, answered byte for byte.
    pub(crate) fn json_text(status: u16, body: String) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .with("content-type", "application/json")
    }

    /// A table, as RFC 4180 has it.
    pub(crate) fn csv(body: String) -> Self {
        Self {
            body,
            ..Self::empty(200)
        }
        .with("content-type", "text/csv; charset=utf-8; header=present")
    }

    /// With another status.
    #[must_use]
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With another header, or another value for one that it has.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// What is sent, as text.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| *known == name)
    }

    /// As the runtime takes it. Nothing is cached by anybody unless the answer says so, and no browser
    /// guesses at what it is.
    pub(crate) fn into_response(self) -> worker::Result<Response> {
        let headers = Headers::new();
        headers.set("x-content-type-options", "nosniff")?;
        if !self.has("cache-control") {
            headers.set("cache-control", "no-store")?;
        }
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        let body = if self.body.is_empty() {
            ResponseBody::Empty
        } else {
            ResponseBody::Body(self.body.into_bytes())
        };
        Ok(Response::builder()
            .with_status(self.status)
            .with_headers(headers)
            .body(body))
    }
}
