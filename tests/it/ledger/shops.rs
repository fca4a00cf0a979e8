//! Shops and keys: well-formed, and no key in the clear.

use super::{accepts, refuses};

#[test]
fn shops_and_keys_are_well_formed() {
    let shop = |values: &str| format!("INSERT INTO shops (shop, name, origins) VALUES ({values})");
    let key = |values: &str| format!("INSERT INTO keys (shop, kind, key_sha256) VALUES ({values})");
    refuses(&[
        (
            &shop("'', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'Gamma', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'a_b', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("printf('%033d', 0), 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'alpha', 'x', '[]'"),
            "UNIQUE constraint failed: shops.shop",
        ),
        (
            &shop("'gamma', 'x', '{}'"),
            "CHECK constraint failed: json_type(origins)",
        ),
        (&shop("'gamma', 'x', 'https://a.example'"), "malformed JSON"),
        (&key("'gamma', 'secret', printf('%064d', 1)"), "FOREIGN KEY"),
        (
            &key("'alpha', 'public', printf('%064d', 1)"),
            "CHECK constraint failed: kind",
        ),
        (
            &key("'alpha', 'secret', 'sk_alpha_in_the_clear'"),
            "CHECK constraint failed: length(key_sha256)",
        ),
        (
            &key("'alpha', 'secret', upper(printf('%064x', 171))"),
            "CHECK constraint failed: length(key_sha256)",
        ),
        ("DELETE FROM shops WHERE shop = 'alpha'", "FOREIGN KEY"),
    ]);
    accepts(&[
        &shop("'a-1', 'x', '[]'"),
        &key("'alpha', 'secret', printf('%064d', 1)"),
        &key("'alpha', 'secret', printf('%064d', 2)"),
    ]);
}
