//! The shapes of answers: the fields that shops are promised and no others, so that nothing is dropped by
//! accident, and nothing of who somebody is slips out.

use serde_json::{Value, json};

use crate::shop::{cart, fresh, fresh_email, shop};

/// The names of a document's fields, sorted, as one line.
fn names(document: &Value) -> String {
    let fields = document.as_object().expect("a document with fields");
    let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}

#[test]
fn answers_have_the_fields_that_shops_are_promised() {
    let bakery = shop("bakery");
    let customer = json!({ "customer_id": fresh("customer") });
    let member = bakery.enrol_as(fresh_email(), &customer);
    let order = member.order(&fresh("order"), &cart("20.50")).expect(201);
    let guest = bakery.order(
        &fresh("order"),
        &json!({ "email": fresh_email() }),
        &cart("20.50"),
    );
    let guest = guest.send().expect(201);
    let adjustment = member.adjust(&fresh("key"), 5, "a gift").expect(201);
    let page = member.get("/entries").expect(200);
    let refused = member.adjust(&fresh("key"), -1000, "too much");
    let problem = refused.expect_problem(422, "balance_below_zero");
    let review =
        json!({ "id": fresh("act"), "kind": "review", "customer": { "member_id": member.id } });
    let reviewed = bakery.post("/v1/activities", &review).send().expect(201);
    let programs = bakery.get("/v1/programs").send().expect(200);
    let program = bakery.get("/v1/programs/3").send().expect(200);
    let tried = program["source"].as_str().expect("the file");
    let tried = bakery.publish("?dry_run=true", tried).send().expect(200);
    let mistaken = bakery.publish("", "version = 3").send();
    let mistaken = mistaken.expect_problem(422, "program_invalid");
    let document = member.document();
    let (adjusted, earned) = (&page["entries"][0], &page["entries"][1]);
    let earning = &order["earning"];
    let whole = "balance_points booked_at earning member_id order_id points status";
    for (document, fields) in [
        (&order, whole),
        (&guest, whole),
        (
            earning,
            "counted currency engine lines points program reasons",
        ),
        (&earning["program"], "digest version"),
        (&earning["lines"][0], "counted id points reasons"),
        (
            &earning["lines"][0]["reasons"][0],
            "code factor label points_exact rule",
        ),
        (
            &earning["reasons"][0],
            "code factor label points_exact rule",
        ),
        (
            &document,
            "available_points balance_points challenges consent customer_id earned_points enrolled_at expiring id \
             last_order_at orders owed_points pending_points perks profile referral_code reserved_points tier trial_available trial_until",
        ),
        (
            &document["profile"],
            "birthday display_name household invited_tier paid_until segments tags",
        ),
        (
            &document["consent"],
            "marketing marketing_at terms terms_at",
        ),
        (&adjustment, "balance_points entry"),
        (&page, "entries next_cursor"),
        (
            adjusted,
            "balance_points booked_at kind points program reason rules seq source",
        ),
        (
            earned,
            "balance_points booked_at kind points program rules seq source",
        ),
        (&earned["program"], "digest version"),
        (
            &member.snapshot(),
            "balance_points earned_points joined_at last_order_at orders outlook tier",
        ),
        (
            &reviewed,
            "activity_id balance_points booked_at earning member_id points",
        ),
        (&problem, "code detail pointer status title type"),
        (&programs, "next_cursor programs"),
        (&programs["programs"][0], "digest published_at version"),
        (&program, "digest document published_at source version"),
        (&tried, "digest published_at version warnings"),
        (
            &mistaken,
            "code detail errors more_errors status title type",
        ),
        (&mistaken["errors"][0], "column line message"),
    ] {
        assert_eq!(names(document), fields, "{document}");
    }
}

#[test]
fn no_answer_has_an_e_mail_or_a_hash_of_one_in_it() {
    let bakery = shop("bakery");
    let email = fresh_email();
    let member = bakery.enrol_as(email.clone(), &json!({}));
    let by_email = bakery.order(&fresh("order"), &json!({ "email": email }), &cart("20.00"));
    for answer in [
        by_email.send(),
        bakery
            .order(
                &fresh("order"),
                &json!({ "email": fresh_email() }),
                &cart("20.00"),
            )
            .send(),
        member.get(""),
        member.get("/snapshot"),
        member.get("/entries"),
    ] {
        let text = &answer.body;
        assert!(
            !text.contains('@') && !text.contains("example.com"),
            "{text}"
        );
        // A hash of an e-mail is 64 digits; the program's digest is told as such and may stay.
        let digest = program_digest();
        let digits = text.replace(&digest, "");
        let longest = digits
            .split(|c: char| !c.is_ascii_hexdigit())
            .map(str::len)
            .max();
        assert!(longest < Some(64), "{text}");
    }
}

/// The digest of the bakery's program.
fn program_digest() -> String {
    let program = crate::edge::Request::new("GET", "/v1/program?shop=bakery").send();
    let digest = program.expect(200)["digest"].clone();
    digest.as_str().expect("a digest").to_owned()
}
