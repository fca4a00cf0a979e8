//! Publishing a program over the API: a version is checked, kept for good, and in force at once.
//!
//! The press is the shop of these scenarios alone. Its versions only count upwards, so the scenarios take
//! turns.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::edge::{Answer, Request, at_once};
use crate::shop::{Shop, cart, fresh, shop};

/// The version of `tests/programs/press.toml`.
const FIRST: u32 = 1;

/// The newest version of the press, and the turn to publish the next.
struct Turn(MutexGuard<'static, u32>);

impl Turn {
    fn wait() -> Self {
        static NEWEST: Mutex<u32> = Mutex::new(FIRST);
        let mut newest = NEWEST.lock().unwrap_or_else(PoisonError::into_inner);
        // A scenario that failed may have left more than it counted.
        let page = press().get("/v1/programs?limit=1").send().expect(200);
        let known = page["programs"][0]["version"].as_u64().expect("a version");
        *newest = u32::try_from(known).expect("a version");
        Self(newest)
    }

    /// The next version, which somebody is about to publish.
    fn next(&mut self) -> u32 {
        *self.0 += 1;
        *self.0
    }
}

fn press() -> &'static Shop {
    shop("press")
}

/// A program that earns so many pages per euro.
fn source(version: u32, rate: u32) -> String {
    format!(
        "# The press's own notes.\nversion = {version}\nname = \"The press's club\"\n\
         points = {{ one = \"page\", other = \"pages\" }}\nearn = {{ per_unit = {{ EUR = {rate} }} }}\n"
    )
}

fn publish(source: &str) -> Answer {
    press().publish("", source).send()
}

/// The version that pages get.
fn in_force() -> Value {
    let program = Request::new("GET", "/v1/program?shop=press").send();
    program.expect(200)["version"].clone()
}

#[test]
fn a_published_version_is_in_force_and_kept_as_it_was_written() {
    let mut turn = Turn::wait();
    let version = turn.next();
    let file = source(version, 7);
    let published = publish(&file).expect(201);
    assert_eq!(published["version"], version);
    assert_eq!(published["warnings"], json!([]));
    let digest = published["digest"].as_str().expect("a digest");
    assert!(digest.starts_with("sha256:"), "{digest}");

    // Pages get it, orders earn under it, and their entries say so.
    let program = Request::new("GET", "/v1/program?shop=press").send();
    assert_eq!(program.expect(200)["digest"], digest);
    let member = press().enrol();
    let booked = member.order(&fresh("order"), &cart("3.00")).expect(201);
    assert_eq!(booked["points"], 21);
    assert_eq!(
        member.sound_entries()[0]["program"],
        json!({ "version": version, "digest": digest })
    );

    let kept = press().get(&format!("/v1/programs/{version}")).send();
    let document = kept.expect(200);
    assert_eq!(document["source"], file);
    for field in ["version", "digest", "published_at"] {
        assert_eq!(document[field], published[field], "{field}");
    }
    // To the byte what pages get, so that the digest can be checked.
    assert!(kept.body.contains(&program.body), "{kept}");
    let newest = press().get("/v1/programs?limit=1").send().expect(200);
    assert_eq!(
        newest["programs"],
        json!([{ "version": version, "digest": digest, "published_at": published["published_at"] }])
    );
}

#[test]
fn a_version_that_was_published_through_storage_is_known_too() {
    let _turn = Turn::wait();
    let first = press()
        .get(&format!("/v1/programs/{FIRST}"))
        .send()
        .expect(200);
    assert_eq!(first["document"]["version"], FIRST);
    let file = first["source"].as_str().expect("the file");
    assert_eq!(publish(file).expect(200)["digest"], first["digest"]);
}

#[test]
fn the_same_version_again_is_answered_as_before() {
    let mut turn = Turn::wait();
    let old = source(turn.next(), 2);
    let first = publish(&old);
    first.expect(201);
    let again = publish(&old);
    assert_eq!((again.status, &again.body), (200, &first.body));
    // What does not change the rules does not make it another version.
    let reworded = publish(&format!("{old}# A note more.\n"));
    assert_eq!((reworded.status, &reworded.body), (200, &first.body));
    // A newer one stays in force when an older one comes again.
    let newest = turn.next();
    publish(&source(newest, 3)).expect(201);
    let late = publish(&old);
    assert_eq!((late.status, &late.body), (200, &first.body));
    assert_eq!(in_force(), newest);
}

#[test]
fn a_version_with_other_rules_is_taken_and_one_below_the_newest_comes_too_late() {
    let mut turn = Turn::wait();
    let (skipped, version) = (turn.next(), turn.next());
    let published = publish(&source(version, 2)).expect(201);
    let taken = publish(&source(version, 3)).expect_problem(409, "program_version_taken");
    let detail = taken["detail"].as_str().expect("a detail");
    let digest = published["digest"].as_str().expect("a digest");
    assert!(detail.contains(digest), "{detail}");
    let late = publish(&source(skipped, 3)).expect_problem(409, "program_version_not_newer");
    let detail = late["detail"].as_str().expect("a detail");
    assert!(detail.contains(&version.to_string()), "{detail}");
    // The same holds for what is only tried.
    let tried = press().publish("?dry_run=true", &source(version, 3)).send();
    tried.expect_problem(409, "program_version_taken");
    assert_eq!(in_force(), version);
    let skipped = press().get(&format!("/v1/programs/{skipped}")).send();
    skipped.expect_problem(404, "program_version_not_found");
}

#[test]
fn what_is_only_tried_is_not_published() {
    let mut turn = Turn::wait();
    let version = turn.next();
    let before = in_force();
    let file = source(version, 2);
    let tried = press().publish("?dry_run=true", &file).send().expect(200);
    assert_eq!(
        (&tried["version"], &tried["published_at"]),
        (&json!(version), &Value::Null)
    );
    assert_eq!(in_force(), before);
    press()
        .get(&format!("/v1/programs/{version}"))
        .send()
        .expect_problem(404, "program_version_not_found");
    let published = press().publish("?dry_run=false", &file).send().expect(201);
    assert_eq!(published["digest"], tried["digest"]);
    let tried = press().publish("?dry_run=true", &file).send().expect(200);
    assert_eq!(tried, published);
    for dry_run in ["yes", "", "TRUE", "1"] {
        let query = format!("?dry_run={dry_run}");
        let refused = press().publish(&query, &file).send();
        let problem = refused.expect_problem(400, "parameter_invalid");
        assert_eq!(problem["parameter"], "dry_run");
    }
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_line() {
    let _turn = Turn::wait();
    let before = in_force();
    let file = "version = 900\nname = \"\"\npoints = { one = \"page\", other = \"pages\" }\n\
                earn = { per_unit = { EUR = 1, XYZ = 1 } }\ncolour = \"red\"\n";
    for query in ["", "?dry_run=true"] {
        let problem = press()
            .publish(query, file)
            .send()
            .expect_problem(422, "program_invalid");
        let errors = problem["errors"].as_array().expect("a list of errors");
        let lines: Vec<u64> = errors
            .iter()
            .map(|error| error["line"].as_u64().expect("a line"))
            .collect();
        assert_eq!(lines, [2, 4, 5], "{problem}");
        for error in errors {
            let fields = error.as_object().expect("an error").len();
            let message = error["message"].as_str().expect("a message");
            assert!(fields == 3 && !message.is_empty(), "{error}");
            assert!(error["column"].as_u64() > Some(0), "{error}");
        }
        assert_eq!(problem["more_errors"], 0);
    }
    let many: String = (0..130).map(|nth| format!("wrong-{nth} = 1\n")).collect();
    let problem = publish(&many).expect_problem(422, "program_invalid");
    let told = problem["errors"].as_array().map(Vec::len);
    assert_eq!(told, Some(100));
    assert!(problem["more_errors"].as_u64() > Some(0), "{problem}");
    assert_eq!(in_force(), before);
}

#[test]
fn of_different_rules_under_one_version_at_once_one_is_published() {
    let mut turn = Turn::wait();
    let version = turn.next();
    let answers = at_once(1..=6, |rate| {
        press().publish("", &source(version, rate)).deliver()
    });
    let (published, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(published.len(), 1, "{published:?}");
    for answer in refused {
        answer.expect_problem(409, "program_version_taken");
    }
    let digest = &published[0].expect(201)["digest"];
    let program = Request::new("GET", "/v1/program?shop=press").send();
    assert_eq!(program.expect(200)["digest"], *digest);
}

#[test]
fn of_several_versions_at_once_the_newest_is_in_force() {
    let mut turn = Turn::wait();
    let versions: Vec<u32> = (0..5).map(|_| turn.next()).collect();
    let newest = versions.last().copied();
    let answers = at_once(versions, |version| {
        press().publish("", &source(version, 4)).deliver()
    });
    for answer in &answers {
        if answer.status != 201 {
            answer.expect_problem(409, "program_version_not_newer");
        }
    }
    // Nothing is above the newest, so it always gets through.
    answers.last().expect("five answers").expect(201);
    assert_eq!(Some(in_force()), newest.map(|version| json!(version)));
}

#[test]
fn versions_are_told_by_pages_newest_first() {
    let mut turn = Turn::wait();
    for _ in 0..3 {
        publish(&source(turn.next(), 5)).expect(201);
    }
    let all = press().get("/v1/programs?limit=100").send().expect(200);
    let all = all["programs"].as_array().expect("programs").clone();
    let mut met = Vec::new();
    let mut next = json!("");
    while let Some(cursor) = next.as_str() {
        let cursor = if cursor.is_empty() {
            String::new()
        } else {
            format!("&cursor={cursor}")
        };
        let page = press().get(&format!("/v1/programs?limit=2{cursor}"));
        let page = page.send().expect(200);
        let programs = page["programs"].as_array().expect("programs");
        assert!((1..=2).contains(&programs.len()), "{page}");
        met.extend(programs.iter().cloned());
        next = page["next_cursor"].clone();
    }
    assert_eq!(met, all);
    let versions: Vec<u64> = all
        .iter()
        .map(|row| row["version"].as_u64().expect("a version"))
        .collect();
    assert!(
        versions.is_sorted_by(|one, next| one > next),
        "{versions:?}"
    );
    assert_eq!(versions.last(), Some(&u64::from(FIRST)));
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("cursor=e1.2", "cursor"),
        ("cursor=2", "cursor"),
    ] {
        let refused = press().get(&format!("/v1/programs?{query}")).send();
        let problem = refused.expect_problem(400, "parameter_invalid");
        assert_eq!(problem["parameter"], parameter, "{query}");
    }
}

#[test]
fn a_body_that_is_no_program_file_is_refused() {
    let _turn = Turn::wait();
    let before = in_force();
    let file = source(900, 1);
    let typed = |kind: &str, body: &[u8]| {
        let request = press().publish("", "").with("content-type", kind);
        request.bytes(body).send()
    };
    for kind in ["application/json", "text/html", "", "application/toml2"] {
        typed(kind, file.as_bytes()).expect_problem(415, "content_type_not_toml");
    }
    typed("text/plain", b"name = \"\xff\"").expect_problem(400, "body_malformed");
    typed("text/plain", b"").expect_problem(422, "program_invalid");
    typed("application/toml", b"{}").expect_problem(422, "program_invalid");
    let limit = 256 * 1024;
    let long = format!("{file}#{}", "x".repeat(limit - file.len()));
    typed("text/plain", long.as_bytes()).expect_problem(413, "body_too_large");
    let chunked = press().publish("?dry_run=true", &long).chunked();
    chunked.send().expect_problem(413, "body_too_large");
    // One byte fewer is read.
    let tried = press().publish("?dry_run=true", &long[..limit]).send();
    tried.expect(200);
    assert_eq!(in_force(), before);
}

#[test]
fn a_version_is_asked_for_as_digits() {
    for version in [
        "0",
        "01",
        "+1",
        "1.0",
        "newest",
        "99999999999",
        "-1",
        "1%20",
    ] {
        let answer = press().get(&format!("/v1/programs/{version}")).send();
        answer.expect_problem(404, "program_version_not_found");
    }
    // Another shop's is not there.
    let others = shop("bakery").get(&format!("/v1/programs/{FIRST}")).send();
    others.expect_problem(404, "program_version_not_found");
}

#[test]
fn who_may_not_publish_is_not_told_what_is_wrong_with_her_file() {
    let wrong = press().publish("", "version = = 1");
    let wrong = |key: &str| {
        let request = wrong.clone();
        request
            .with("authorization", format!("Bearer {key}"))
            .send()
    };
    wrong("sk_press_0123456789abcdef0123456789abcdef").expect_problem(401, "key_unknown");
    wrong(&press().publishable_key).expect_problem(403, "secret_key_needed");
    wrong(&press().secret_key).expect_problem(422, "program_invalid");
}
