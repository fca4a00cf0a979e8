//! A call: one request on its way to an answer.
//!
//! Owns what every endpoint needs: the clock, the caller, the body, the bindings. Its invariant: nothing
//! that was read for a caller is seen by an endpoint before the caller was admitted.

use earnest_core::Timestamp;
use earnest_ledger::Statement;
use earnest_ledger::store::access;
use serde::de::DeserializeOwned;
use worker::{Date, Env, Request, Url};

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body;
use crate::cors;
use crate::database::{D1Rows, Database};
use crate::problem::Failure;

/// A request, and what is known about it so far.
pub(crate) struct Call {
    /// The bindings.
    pub(crate) env: Env,
    /// The database.
    pub(crate) database: Database,
    /// The clock, read once.
    pub(crate) now: Timestamp,
    request: Request,
    origin: Option<String>,
    origin_allowed: bool,
}

impl Call {
    /// A call that has just come in.
    pub(crate) fn new(request: Request, env: Env) -> Result<Self, Failure> {
        let database = env.d1("DB").map_err(|error| Failure::internal(&error))?;
        let origin = header(&request, "origin");
        Ok(Self {
            env,
            database: Database::new(database),
            now: now(),
            request,
            origin,
            origin_allowed: false,
        })
    }

    /// The page that asks, where a browser says so.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// A header of the request.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        header(&self.request, name)
    }

    /// A parameter of the query, the first of its name.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let url: Url = self.request.url().ok()?;
        let mut parameters = url.query_pairs();
        let found = parameters.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// The key that the caller presents.
    pub(crate) fn presented_key(&self, need: Need) -> Result<PresentedKey, Failure> {
        let authorization = self.header("authorization");
        Ok(PresentedKey::parse(authorization.as_deref(), need)?)
    }

    /// The body, as an endpoint wants it.
    pub(crate) async fn body<T: DeserializeOwned>(&mut self, limit: usize) -> Result<T, Failure> {
        let bytes = body::read(&mut self.request, limit).await?;
        Ok(body::parse(&bytes)?)
    }

    /// The body of a program file.
    pub(crate) async fn toml(&mut self, limit: usize) -> Result<String, Failure> {
        Ok(body::read_toml(&mut self.request, limit).await?)
    }

    /// What e-mails are hashed with.
    pub(crate) fn pepper(&self) -> Result<String, Failure> {
        let pepper = self
            .env
            .secret("EMAIL_PEPPER")
            .map(|secret| secret.to_string());
        match pepper {
            Ok(pepper) if !pepper.is_empty() => Ok(pepper),
            _ => Err(Failure::internal("the secret EMAIL_PEPPER is not set")),
        }
    }

    /// What quotes are signed with; `None` where it is not set.
    pub(crate) fn quote_key(&self) -> Option<String> {
        let key = self.env.secret("QUOTE_KEY").ok()?.to_string();
        (!key.is_empty()).then_some(key)
    }

    /// Admits the caller, and reads what the endpoint needs by the same round trip.
    pub(crate) async fn admit<const N: usize>(
        &mut self,
        key: &PresentedKey,
        reads: [Statement; N],
    ) -> Result<[D1Rows; N], Failure> {
        let statements =
            std::iter::once(access::load_doors(&key.shop, key.kind.name())).chain(reads);
        let mut found = self.database.read(statements).await?;
        let doors = access::doors(&found.remove(0))?;
        self.origin_allowed = doors.allow(self.origin());
        key.admit(&doors, self.origin())?;
        <[D1Rows; N]>::try_from(found)
            .map_err(|_| Failure::internal("a batch gave another number of results"))
    }

    /// Passes on what was made of a request. Who may not ask learns that first, and nothing else: so a
    /// caller is admitted before she is told what is wrong with her request.
    pub(crate) async fn admit_to_refuse<T>(
        &mut self,
        key: &PresentedKey,
        request: Result<T, Failure>,
    ) -> Result<T, Failure> {
        if request.is_err() {
            self.admit(key, []).await?;
        }
        request
    }

    /// Lets the page that asked read the answer, if it is one of the shop's.
    pub(crate) fn let_page_read(&self, answer: Answer) -> Answer {
        match &self.origin {
            Some(origin) if self.origin_allowed => cors::allow(answer, origin),
            _ => answer,
        }
    }
}

/// The instant at which this runs.
pub(crate) fn now() -> Timestamp {
    let millis = Date::now().as_millis();
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}
