//! Published programs: kept as they were published, each version above the one before.

use super::{Ledger, accepts, refuses};

/// A program as `version, digest, source`, and the rest as it usually is; `digest` is one digit of it.
fn program(shop: &str, version: &str, digest: u8, source: &str) -> String {
    let digest = format!("sha256:{}", digest.to_string().repeat(64));
    let document = format!(r#"{{"version":{version},"digest":"{digest}"}}"#);
    format!(
        "INSERT INTO programs (shop, version, digest, published_at, source, document)
         VALUES ('{shop}', {version}, '{digest}', 5, {source}, '{document}');"
    )
}

#[test]
fn a_published_version_is_kept_as_it_is() {
    refuses(&[
        ("UPDATE programs SET source = 'x'", "never edited"),
        ("UPDATE programs SET version = 9", "never edited"),
        ("UPDATE OR IGNORE programs SET digest = 'x'", "never edited"),
        ("DELETE FROM programs", "never deleted"),
        ("DELETE FROM shops WHERE shop = 'beta'", "FOREIGN KEY"),
    ]);
}

#[test]
fn versions_only_count_upwards_and_each_is_there_once() {
    refuses(&[
        (
            &program("alpha", "4", 1, "'x'"),
            "UNIQUE constraint failed: programs.shop, programs.version",
        ),
        (
            &program("alpha", "3", 1, "'x'"),
            "another writer was first: a newer version",
        ),
        (
            &program("beta", "0", 1, "'x'"),
            "CHECK constraint failed: version",
        ),
        (
            &program("alpha", "4294967296", 1, "'x'"),
            "CHECK constraint failed: version",
        ),
        (
            &program("alpha", "4.5", 1, "'x'"),
            "cannot store REAL value in INTEGER column",
        ),
    ]);
    accepts(&[
        &program("alpha", "5", 1, "'x'"),
        &program("alpha", "9", 0, "'back to the rules of old'"),
        &program("beta", "3", 1, "'x'"),
        &program("beta", "4294967295", 1, "'x'"),
    ]);
}

#[test]
fn a_version_is_whole_and_its_document_says_what_it_is() {
    let other = |from: &str, to: &str| program("alpha", "5", 1, "'x'").replace(from, to);
    refuses(&[
        (
            &other("'x'", "''"),
            "CHECK constraint failed: length(source)",
        ),
        (&other("'x'", "NULL"), "NOT NULL"),
        (&other("'alpha'", "'gamma'"), "FOREIGN KEY"),
        (
            &other(r#""version":5"#, r#""version":6"#),
            "CHECK constraint failed: json_extract(document",
        ),
        (
            &other(r#""digest":"sha256"#, r#""digest":"SHA256"#),
            "CHECK constraint failed: json_extract(document",
        ),
        (&other(r#"{"version""#, r#"{version""#), "malformed JSON"),
        (
            &other("sha256:1", "sha256:g"),
            "CHECK constraint failed: length(digest)",
        ),
        (
            &other("sha256:1", "md5:11"),
            "CHECK constraint failed: length(digest)",
        ),
    ]);
}

/// What `cargo xtask` writes: the same version again changes nothing, and another under it is refused.
#[test]
fn a_version_can_be_stored_again_if_it_is_the_same() {
    let again = |digest| {
        program("alpha", "4", digest, "'another note'").replace(
            ';',
            " ON CONFLICT (shop, version) DO UPDATE SET digest = excluded.digest
              WHERE programs.digest <> excluded.digest",
        )
    };
    refuses(&[(&again(1), "never edited")]);
    let ledger = Ledger::new();
    let before = ledger.everything();
    ledger.0.execute_batch(&again(0)).expect("the same version");
    assert!(ledger.everything() == before);
}
