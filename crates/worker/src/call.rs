//! A call: one request on its way to an answer.
//!
//! Owns what every endpoint needs: the clock, the caller, the body, the bindings. Its invariants: nothing
//! that was read for a caller is seen by an endpoint before the caller was admitted; and nobody but a developer, on
//! her own machine, says what time it is.

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
use crate::demo;
use crate::instant::parse_instant;
use crate::problem::Failure;

/// What time it is for a request, where there is a demo shop: so that a developer can let time pass.
pub(crate) const DEMO_NOW: &str = "demo-now";

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
        let now = now_for(&request, &env)?;
        Ok(Self {
            env,
            database: Database::new(database),
            now,
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

    /// The first parameter of the query that is none of these.
    pub(crate) fn unknown_parameter(&self, known: &[&str]) -> Option<String> {
        let url: Url = self.request.url().ok()?;
        let mut names = url.query_pairs().map(|(name, _)| name.into_owned());
        names.find(|name| !known.contains(&name.as_str()))
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

/// The instant at which a request is answered: this one, unless a demo is asked for another.
pub(crate) fn now_for(request: &Request, env: &Env) -> Result<Timestamp, Failure> {
    let asked = header(request, DEMO_NOW);
    // Looked up only for who asks.
    let is_demo = asked.is_some() && demo::is_on(env);
    Ok(moved_to(asked.as_deref(), is_demo)?.unwrap_or_else(now))
}

/// Where the clock of a demo is moved to. Where there is none it is not to be moved, whatever is asked.
fn moved_to(asked: Option<&str>, is_demo: bool) -> Result<Option<Timestamp>, Failure> {
    let asked = asked.filter(|_| is_demo).map(parse_instant).transpose();
    asked.map_err(|error| Failure::parameter(DEMO_NOW, error.to_string()))
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMER: &str = "2026-06-15T12:00:00Z";

    #[test]
    fn a_demo_is_told_what_time_it_is() {
        let summer = Timestamp::from_millis(1_781_524_800_000);
        assert_eq!(moved_to(Some(SUMMER), true), Ok(Some(summer)));
        assert_eq!(moved_to(None, true), Ok(None));
        for text in ["", "yesterday", "2026-06-15", "1781524800000"] {
            let refused = moved_to(Some(text), true);
            assert!(
                matches!(refused, Err(Failure::Parameter { name: DEMO_NOW, .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_demo_has_one_clock_whatever_it_is_asked_for() {
        for text in [SUMMER, "yesterday", ""] {
            assert_eq!(moved_to(Some(text), false), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_deployed_is_no_demo() {
        let deployed = include_str!("../../../wrangler.toml");
        assert!(!deployed.contains("DEMO") && !deployed.contains("[vars]"));
    }
}
