//! The edge under test as a client sees it: a request goes out; status, headers and body come back.
//!
//! Owns where the edge is and how bytes travel. What paths and fields mean is the scenarios'. Invariant:
//! without an edge every scenario fails and says how to get one; none is skipped.

use std::env;
use std::fs;
use std::io::{Cursor, Write as _};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Method};
use ureq::{Agent, SendBody};

/// Long enough for workerd beside a compiler; only a hang takes longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// Times that a request is sent before its last answer counts.
const DELIVERIES: usize = 4;

/// What wrangler's proxy, which stands before workerd on a developer's machine, says of its own when it
/// lost a connection to it. Nothing of the edge has seen the request then.
const PROXY_LOST_IT: &str = "Your worker restarted mid-request.";

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
});

/// What `cargo xtask test edge` tells of the edge that it started.
pub(crate) fn told(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set, so there is no edge to test: run `cargo xtask test edge`")
    })
}

/// A variable of the Worker under test, which holds its secrets too.
pub(crate) fn setting(variable: &str) -> String {
    let path = told("EARNEST_CONFIG");
    let text = fs::read_to_string(path).expect("the configuration of the edge");
    let config: Value = serde_json::from_str(&text).expect("a configuration");
    let value = config["vars"][variable].as_str();
    value
        .unwrap_or_else(|| panic!("the edge has no variable {variable}"))
        .to_owned()
}

/// A request on its way to the edge.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    chunked: bool,
}

/// What the edge answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) body: String,
    asked: String,
}

impl Request {
    /// A request of any method, to a path with its query.
    pub(crate) fn new(method: &str, path: impl Into<String>) -> Self {
        Self {
            method: method.parse().expect("a method of the scenarios"),
            path: path.into(),
            headers: Vec::new(),
            body: None,
            chunked: false,
        }
    }

    /// With another header, or another value for one that it has.
    pub(crate) fn with(self, name: &str, value: impl Into<String>) -> Self {
        let mut request = self.without(name);
        request.headers.push((name.to_owned(), value.into()));
        request
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// As if it were sent at this instant, which a demo believes.
    pub(crate) fn at(self, instant: &str) -> Self {
        self.with("demo-now", instant)
    }

    /// With a JSON body.
    pub(crate) fn json(self, document: &Value) -> Self {
        self.with("content-type", "application/json")
            .bytes(document.to_string())
    }

    /// With this body, whatever it is.
    pub(crate) fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Its body goes out in chunks, without a word about its length.
    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Sends it as a shop's server does: again, while the edge is busy with the same and asks for that.
    pub(crate) fn deliver(self) -> Answer {
        let mut answer = self.clone().send();
        for _ in 1..DELIVERIES {
            if answer.status != 503 {
                break;
            }
            answer.expect_problem(503, "busy");
            answer = self.clone().send();
        }
        answer
    }

    /// Sends it; any status is an answer.
    pub(crate) fn send(self) -> Answer {
        let mut answer = self.clone().send_once();
        for _ in 1..DELIVERIES {
            if !answer.body.starts_with(PROXY_LOST_IT) {
                break;
            }
            answer = self.clone().send_once();
        }
        answer
    }

    /// Sends it, and hangs up before there is an answer.
    pub(crate) fn hang_up(self) {
        let body = self.body.unwrap_or_default();
        let mut sent = format!("{} {} HTTP/1.1\r\nhost: edge\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            sent += &format!("{name}: {value}\r\n");
        }
        sent += &format!("content-length: {}\r\n\r\n", body.len());
        let address = told("EARNEST_EDGE");
        let address = address
            .strip_prefix("http://")
            .expect("an edge on this machine");
        let line = TcpStream::connect(address).and_then(|mut line| {
            line.write_all(sent.as_bytes())?;
            line.write_all(&body)
        });
        line.unwrap_or_else(|error| panic!("{sent}: {error}"));
    }

    fn send_once(self) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        let url = told("EARNEST_EDGE") + &self.path;
        let mut request = ureq::http::Request::builder().method(self.method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = match self.body {
            None => SendBody::none(),
            Some(body) if self.chunked => SendBody::from_owned_reader(Cursor::new(body)),
            Some(body) => {
                request = request.header("content-length", body.len());
                SendBody::from_owned_reader(Cursor::new(body))
            }
        };
        let request = request.body(body).expect("a request of the scenarios");
        let answer = AGENT.run(request);
        let (parts, mut body) = answer
            .unwrap_or_else(|error| panic!("{asked}: {error}"))
            .into_parts();
        let body = body.read_to_string();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.unwrap_or_else(|error| panic!("{asked}: {error}")),
            asked,
        }
    }
}

impl Answer {
    /// The body of an answer that must have this status.
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.header("content-type"), "application/json", "{self}");
        self.json()
    }

    /// A problem document, whole (RFC 9457); it must have this status and code.
    pub(crate) fn expect_problem(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!(problem["code"], code, "{self}");
        assert_eq!(self.status, status, "{self}");
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self}"
        );
        assert_eq!(problem["status"], status, "{self}");
        assert_eq!(
            problem["type"],
            format!("urn:earnest:problem:{code}"),
            "{self}"
        );
        for words in ["title", "detail"] {
            let told = problem[words].as_str().unwrap_or_default();
            assert!(!told.is_empty(), "no {words}: {self}");
        }
        problem
    }

    /// A problem document that points at a field.
    pub(crate) fn expect_problem_at(&self, status: u16, code: &str, pointer: &str) -> Value {
        let problem = self.expect_problem(status, code);
        assert_eq!(problem["pointer"], pointer, "{self}");
        problem
    }

    /// A header, or nothing where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    /// The body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} answered {} {}", self.asked, self.status, self.body)
    }
}

/// Does `work` for each item, all at the same time, and gives what came of it in the items' order.
pub(crate) fn at_once<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = items
            .into_iter()
            .map(|item| scope.spawn(move || work(item)))
            .collect();
        let finished = threads.into_iter().map(thread::ScopedJoinHandle::join);
        finished
            .map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
