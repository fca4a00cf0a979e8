//! A member's ledger, read by pages.

use serde_json::{Value, json};

use crate::shop::{Member, cart, fresh, shop};

/// A member with this many entries, the first for joining.
fn member_with(entries: usize) -> Member {
    let member = shop("bakery").enrol();
    for nth in 1..entries {
        if nth % 3 == 0 {
            member.adjust(&fresh("key"), -1, "a correction").expect(201);
        } else {
            member.order(&fresh("order"), &cart("10.00")).expect(201);
        }
    }
    member
}

/// All pages of this size, from the newest on; `between` is done after each.
fn pages(member: &Member, limit: usize, between: impl Fn()) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = json!("");
    while let Some(cursor) = next.as_str() {
        let cursor = if cursor.is_empty() {
            String::new()
        } else {
            format!("&cursor={cursor}")
        };
        let page = member
            .get(&format!("/entries?limit={limit}{cursor}"))
            .expect(200);
        pages.push(page["entries"].as_array().expect("entries").clone());
        next = page["next_cursor"].clone();
        assert!(pages.len() < 100, "the pages have no end");
        between();
    }
    assert_eq!(next, Value::Null);
    pages
}

#[test]
fn pages_walk_all_entries_once_and_newest_first() {
    let member = member_with(11);
    let all = member.sound_entries();
    assert_eq!(all.len(), 11);
    for limit in [1, 2, 3, 5, 10, 11, 12, 100] {
        let pages = pages(&member, limit, || ());
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        // No page is empty, and none but the last is short.
        assert_eq!(pages.len(), all.len().div_ceil(limit), "{limit}: {sizes:?}");
        assert!(
            sizes.iter().rev().skip(1).all(|size| *size == limit),
            "{limit}: {sizes:?}"
        );
        assert_eq!(pages.concat(), all, "{limit}");
    }
    assert_eq!(member.get("/entries").expect(200)["entries"], json!(all));
}

#[test]
fn entries_that_are_booked_meanwhile_shift_no_page() {
    let member = member_with(6);
    let before = member.sound_entries();
    let met = pages(&member, 2, || {
        member.order(&fresh("order"), &cart("10.00")).expect(201);
    });
    assert_eq!(met.concat(), before);
}

#[test]
fn somebody_without_entries_has_one_empty_page() {
    let member = shop("bookshop").enrol();
    let page = member.get("/entries").expect(200);
    assert_eq!(page, json!({ "entries": [], "next_cursor": null }));
}

#[test]
fn a_limit_out_of_bounds_or_a_cursor_that_no_page_gave_is_refused() {
    let member = member_with(3);
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=", "cursor"),
        ("cursor=2", "cursor"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%27%20OR%201%3D1", "cursor"),
        ("cursor=e1.zz", "cursor"),
        ("limit=2&cursor=e1.", "cursor"),
        ("cursor=e1.0", "cursor"),
        ("cursor=e1.1", "cursor"),
        ("cursor=e1.02", "cursor"),
        ("cursor=p1.2", "cursor"),
    ] {
        let answer = member.get(&format!("/entries?{query}"));
        let problem = answer.expect_problem(400, "parameter_invalid");
        assert_eq!(problem["parameter"], parameter, "{query}");
    }
}
