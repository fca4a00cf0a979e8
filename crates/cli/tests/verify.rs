//! `earnest verify` as somebody at a terminal meets it: a statement that is good, tampered with, rewritten.
//!
//! The hashes are those that the core's test of the chain has from Python.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "as `expect-test` writes what it found"
)]

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use expect_test::{Expect, expect};

const FIRST: &str = "8fa2cd3c0efe0a10ad1817ea20aca55894affc52aa96b8525992f2048ce1034c";

const STATEMENT: &str = r#"{"format":"earnest-statement-v1","shop":"demo","member_id":"mem_6f1d",
"exported_at":1780000120000,"opening":{"seq":0,"balance_points":0,"hash":null},"entries":[
{"seq":1,"kind":"welcome","points":100,"balance_points":100,"source":"mem_6f1d","reason":null,"rules":[],
"partner":null,"program_version":7,"program_digest":"sha256:00ff","booked_at":1780000000000,"day":20601,
"pools":[{"currency":null,"points":100,"spent_minor":0}],
"hash":"8fa2cd3c0efe0a10ad1817ea20aca55894affc52aa96b8525992f2048ce1034c"},
{"seq":2,"kind":"adjust","points":-39,"balance_points":61,"source":"order 1001",
"reason":"Tippfehler an der Kasse – 39 zu viel","rules":["double-beans","naïve:\n-"],"partner":"bakery",
"program_version":7,"program_digest":"sha256:00ff","booked_at":1780000060000,"day":20601,
"pools":[{"currency":"EUR","points":-50,"spent_minor":-1999},{"currency":"JPY","points":11,"spent_minor":0}],
"hash":"08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783"}],
"closing":{"seq":2,"balance_points":61,"hash":"08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783"},
"holdings":{"lots":[[61,1780000000000,null,null]]}}"#;

/// What the command says of a statement, its complaints behind `! `, and its status.
fn told(statement: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
    command.args(["verify", "-"]).args(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("its input");
    match stdin.write_all(statement.as_bytes()) {
        // Who refuses the arguments ends before it reads.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.expect("it reads"),
    }
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let mut told = String::from_utf8(output.stdout).expect("UTF-8");
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        told += &format!("! {line}\n");
    }
    let status = output.status.code().expect("a status");
    format!("{told}status {status}\n")
}

fn check(statement: &str, arguments: &[&str], expected: &Expect) {
    expected.assert_eq(&told(statement, arguments));
}

#[test]
fn a_good_statement_is_told_with_the_hash_to_keep() {
    check(
        STATEMENT,
        &[],
        &expect![[r#"
            -: good. mem_6f1d of demo, 2 entries, balance 61
            not checked, as no entry says it: when points mature and expire, and what is owed
            keep this hash: 08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783
            status 0
        "#]],
    );
    check(
        STATEMENT,
        &["--kept", FIRST],
        &expect![[r#"
            -: good. mem_6f1d of demo, 2 entries, balance 61
            holds the hash that was kept: nothing up to it was changed since
            not checked, as no entry says it: when points mature and expire, and what is owed
            keep this hash: 08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783
            status 0
        "#]],
    );
    check(
        STATEMENT,
        &["--json"],
        &expect![[r#"
        {
          "good": true,
          "entries": 2,
          "chained_from": 1,
          "balance_points": 61,
          "hash": "08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783"
        }
        status 0
    "#]],
    );
    let over = STATEMENT.replace(
        "1780000000000,null,null]]",
        "1780000000000,1780000120000,null]]",
    );
    check(
        &over,
        &[],
        &expect![[r#"
            -: good. mem_6f1d of demo, 2 entries, balance 61
            of the balance 61 had expired, which the cron books next
            not checked, as no entry says it: when points mature and expire, and what is owed
            keep this hash: 08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783
            status 0
        "#]],
    );
    let old = STATEMENT.replace(&format!("\"hash\":\"{FIRST}\"}},"), "\"hash\":null},");
    assert!(
        told(&old, &[]).contains("entry 2"),
        "the chain began later than its hash says"
    );
}

#[test]
fn a_statement_that_was_tampered_with_is_broken_where_it_was() {
    let tampered = STATEMENT.replace("39 zu viel", "36 zu viel");
    check(
        &tampered,
        &[],
        &expect![[r#"
            -: broken at entry 2, /entries/1/hash
            a hash is that of its entry and of all entries before it
              written  08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783
              right    786be598c5d7d1cd7f02911ed744ddb767e43947cee7467c372ae6d1de7dd1f0
            status 1
        "#]],
    );
    check(
        &tampered,
        &["--json"],
        &expect![[r#"
        {
          "good": false,
          "pointer": "/entries/1/hash",
          "seq": 2,
          "rule": "hash_follows",
          "message": "entry 2: a hash is that of its entry and of all entries before it; written is 08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783, right would be 786be598c5d7d1cd7f02911ed744ddb767e43947cee7467c372ae6d1de7dd1f0",
          "written": "08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783",
          "right": "786be598c5d7d1cd7f02911ed744ddb767e43947cee7467c372ae6d1de7dd1f0"
        }
        status 1
    "#]],
    );
    let tampered = STATEMENT.replace(
        "\"balance_points\":61,\"source\"",
        "\"balance_points\":62,\"source\"",
    );
    check(
        &tampered,
        &[],
        &expect![[r#"
            -: broken at entry 2, /entries/1/balance_points
            a balance is the one before plus the entry's points
              written  62
              right    61
            status 1
        "#]],
    );
    let other = "0".repeat(64);
    check(
        STATEMENT,
        &["--kept", &other],
        &expect![[r#"
            -: rewritten. mem_6f1d of demo, 2 entries, balance 61
            no entry here has the hash that was kept: it is of another ledger, or something up to it was changed since
            status 1
        "#]],
    );
}

#[test]
fn what_is_no_statement_is_unusable() {
    check(
        "[]",
        &[],
        &expect![[r#"
        ! error: -: write an object, in { } at line 1 column 2; a statement is what GET /v1/members/{id}/statement answers
        status 2
    "#]],
    );
    check(
        "{}",
        &[],
        &expect![[r#"
        ! error: -: format is missing; write it at line 1 column 2; a statement is what GET /v1/members/{id}/statement answers
        status 2
    "#]],
    );
    let more = STATEMENT.replace("{\"seq\":1", "{\"note\":\"unhashed\",\"seq\":1");
    check(
        &more,
        &[],
        &expect![[r#"
            ! error: -: entries[0].note: unknown field `note`, expected one of `seq`, `kind`, `points`, `balance_points`, `source`, `reason`, `by`, `rules`, `partner`, `program_version`, `program_digest`, `booked_at`, `day`, `pools`, `hash` at line 3 column 7; a statement is what GET /v1/members/{id}/statement answers
            status 2
        "#]],
    );
    check(
        STATEMENT,
        &["--kept", "abc"],
        &expect![[r#"
        ! error: invalid value 'abc' for '--kept <HASH>': the hash of an entry is 64 lower-case hexadecimal digits
        ! 
        ! For more information, try '--help'.
        status 2
    "#]],
    );
}
