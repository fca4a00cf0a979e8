//! The routes: which path and method is which endpoint. The whole public interface is this table.
//!
//! `www/openapi.json` describes the same, and a test holds the two together.

use crate::auth::Need;

/// An endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Program,
    Publish,
    Programs,
    Published,
    Preview,
    Quote,
    Enrol,
    Member,
    Snapshot,
    Entries,
    Credits,
    Statement,
    MemberEvents,
    Events,
    Profile,
    Adjust,
    Household,
    ReferralCode,
    Referrals,
    Transfer,
    Trial,
    Merge,
    Order,
    Activity,
    Board,
    LiabilityReport,
    Journal,
    PointsReport,
    PartnersReport,
    Refund,
    Redeem,
    Redemptions,
    Seeds,
    Seed,
    RevealSeed,
    CommitRedemption,
    ReleaseRedemption,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    /// The path; a segment in braces stands for anything but a slash.
    pub(crate) path: &'static str,
    /// What answers.
    pub(crate) endpoint: Endpoint,
    /// Who may ask; `None` for everybody.
    pub(crate) need: Option<Need>,
}

/// A request that no endpoint takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RouteError {
    #[error("there is nothing at this path")]
    NotFound,
    #[error("this path takes {0}")]
    MethodNotAllowed(String),
}

const fn route(
    method: &'static str,
    path: &'static str,
    endpoint: Endpoint,
    need: Option<Need>,
) -> Route {
    Route {
        method,
        path,
        endpoint,
        need,
    }
}

/// All of them.
pub(crate) const ROUTES: [Route; 37] = [
    route("GET", "/v1/program", Endpoint::Program, None),
    route(
        "GET",
        "/v1/programs",
        Endpoint::Programs,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/programs",
        Endpoint::Publish,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/programs/{version}",
        Endpoint::Published,
        Some(Need::SecretKey),
    ),
    route("POST", "/v1/preview", Endpoint::Preview, Some(Need::AnyKey)),
    route("POST", "/v1/quotes", Endpoint::Quote, Some(Need::AnyKey)),
    route("POST", "/v1/members", Endpoint::Enrol, Some(Need::AnyKey)),
    route(
        "GET",
        "/v1/members/{id}",
        Endpoint::Member,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/snapshot",
        Endpoint::Snapshot,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/entries",
        Endpoint::Entries,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/events",
        Endpoint::MemberEvents,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/credits",
        Endpoint::Credits,
        Some(Need::SecretKey),
    ),
    route("GET", "/v1/events", Endpoint::Events, Some(Need::SecretKey)),
    route(
        "GET",
        "/v1/members/{id}/statement",
        Endpoint::Statement,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/profile",
        Endpoint::Profile,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/adjustments",
        Endpoint::Adjust,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/redemptions",
        Endpoint::Redemptions,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/household",
        Endpoint::Household,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/referral_code",
        Endpoint::ReferralCode,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/members/{id}/referrals",
        Endpoint::Referrals,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/transfers",
        Endpoint::Transfer,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/trial",
        Endpoint::Trial,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/members/{id}/merges",
        Endpoint::Merge,
        Some(Need::SecretKey),
    ),
    route("POST", "/v1/orders", Endpoint::Order, Some(Need::SecretKey)),
    route(
        "POST",
        "/v1/activities",
        Endpoint::Activity,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/competitions/{id}/board",
        Endpoint::Board,
        Some(Need::AnyKey),
    ),
    route(
        "GET",
        "/v1/reports/liability",
        Endpoint::LiabilityReport,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/reports/journal",
        Endpoint::Journal,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/reports/points",
        Endpoint::PointsReport,
        Some(Need::SecretKey),
    ),
    route(
        "GET",
        "/v1/reports/partners",
        Endpoint::PartnersReport,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/refunds",
        Endpoint::Refund,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/redemptions",
        Endpoint::Redeem,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/redemptions/{id}/commit",
        Endpoint::CommitRedemption,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/redemptions/{id}/release",
        Endpoint::ReleaseRedemption,
        Some(Need::SecretKey),
    ),
    route("POST", "/v1/seeds", Endpoint::Seeds, Some(Need::SecretKey)),
    route(
        "GET",
        "/v1/seeds/{commitment}",
        Endpoint::Seed,
        Some(Need::SecretKey),
    ),
    route(
        "POST",
        "/v1/seeds/{commitment}/reveal",
        Endpoint::RevealSeed,
        Some(Need::SecretKey),
    ),
];

/// The parameters of the query that an endpoint for servers has. Any other is refused, as any other key of a body is: one
/// that is misspelt would be passed over in silence. What pages may ask takes whatever is added, since caches and
/// scripts add parameters of their own.
pub(crate) fn parameters(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Programs | Endpoint::Entries | Endpoint::MemberEvents | Endpoint::Referrals => {
            &["cursor", "limit"]
        }
        Endpoint::Credits => &["balance", "cursor", "limit"],
        Endpoint::Publish => &["dry_run"],
        Endpoint::Events => &["after", "limit"],
        Endpoint::Statement => &["from_seq", "to_seq"],
        Endpoint::LiabilityReport
        | Endpoint::Journal
        | Endpoint::PointsReport
        | Endpoint::PartnersReport => &["from", "to"],
        _ => &[],
    }
}

/// The routes of a path, with what stands for its braces. Empty for a path that has none.
pub(crate) fn at(path: &str) -> Vec<(&'static Route, &str)> {
    ROUTES
        .iter()
        .filter_map(|route| Some((route, fits(route.path, path)?)))
        .collect()
}

/// The route that a method takes at a path. `HEAD` is a `GET` whose body the runtime drops.
pub(crate) fn find<'path>(
    method: &str,
    path: &'path str,
) -> Result<(&'static Route, &'path str), RouteError> {
    let routes = at(path);
    let wanted = if method == "HEAD" { "GET" } else { method };
    let found = routes.iter().find(|(route, _)| route.method == wanted);
    match found {
        Some(found) => Ok(*found),
        None if routes.is_empty() => Err(RouteError::NotFound),
        None => Err(RouteError::MethodNotAllowed(allowed(&routes))),
    }
}

/// The methods of a path, as the `Allow` header writes them.
pub(crate) fn allowed(routes: &[(&Route, &str)]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|(route, _)| route.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

/// What stands for the braces, if the path fits the pattern; nothing stands for none.
fn fits<'path>(pattern: &str, path: &'path str) -> Option<&'path str> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return (pattern == path).then_some("");
    };
    let (_, after) = rest.split_once('}')?;
    let inner = path.strip_prefix(before)?.strip_suffix(after)?;
    (!inner.is_empty() && !inner.contains('/')).then_some(inner)
}

#[cfg(test)]
mod description;
#[cfg(test)]
pub(crate) use description::described_codes;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, expected: &Result<(Endpoint, &str), RouteError>) {
        let found = find(method, path).map(|(route, inner)| (route.endpoint, inner));
        assert_eq!(&found, expected, "{method} {path}");
    }

    #[test]
    fn each_path_and_method_has_one_endpoint_or_a_reason() {
        let not_allowed = |methods: &str| Err(RouteError::MethodNotAllowed(methods.to_owned()));
        check("GET", "/v1/program", &Ok((Endpoint::Program, "")));
        check("HEAD", "/v1/program", &Ok((Endpoint::Program, "")));
        check("POST", "/v1/members", &Ok((Endpoint::Enrol, "")));
        check("GET", "/v1/members/mem_1", &Ok((Endpoint::Member, "mem_1")));
        check(
            "GET",
            "/v1/members/mem_1/entries",
            &Ok((Endpoint::Entries, "mem_1")),
        );
        check(
            "POST",
            "/v1/members/mem_1/adjustments",
            &Ok((Endpoint::Adjust, "mem_1")),
        );
        check("POST", "/v1/programs", &Ok((Endpoint::Publish, "")));
        check("GET", "/v1/programs", &Ok((Endpoint::Programs, "")));
        check("GET", "/v1/programs/3", &Ok((Endpoint::Published, "3")));
        check(
            "DELETE",
            "/v1/programs",
            &not_allowed("GET, POST, HEAD, OPTIONS"),
        );
        check("POST", "/v1/program", &not_allowed("GET, HEAD, OPTIONS"));
        check("DELETE", "/v1/orders", &not_allowed("POST, OPTIONS"));
        check("GET", "/v1/members", &not_allowed("POST, OPTIONS"));
        for path in [
            "/",
            "/v1",
            "/v1/program/",
            "/v1/programs/",
            "/v1/programs/3/source",
            "/v1/members/",
            "/v1/members//entries",
            "/v1/members/a/b",
            "/v2/program",
            "/v1/orders/1001",
            "",
        ] {
            check("GET", path, &Err(RouteError::NotFound));
        }
    }
}
