//! `earnest check`: what an author is told of her file.

use expect_test::expect;

use super::Folder;

#[test]
fn check_tells_every_problem_with_its_line_and_the_mend() {
    let folder = Folder::new("check").file(
        "bad.toml",
        "version = 1\nname = \"Club\"\npoints = { one = \"p\", other = \"ps\" }\n\
         earn = { per_unit = { EUR = 1 } }\n\n[[rules]]\nid = \"Double\"\nlabel = \"2x\"\n\
         when = { categoris = [\"bread\"] }\ngrant = { multiply = 2 }\n",
    );
    folder.check(
        "check club.toml",
        &expect![[r#"
        club.toml: good. Bakery club, version 3, sha256:…
    "#]],
    );
    folder.check(
        "check bad.toml club.toml",
        &expect![[r#"
        error: an id has lower-case letters, digits, - and _, such as "double-coffee"
         --> bad.toml:7:6
          |
        7 | id = "Double"
          |      ^^^^^^^^

        error: unknown field `categoris`; did you mean `categories`?
         --> bad.toml:9:10
          |
        9 | when = { categoris = ["bread"] }
          |          ^^^^^^^^^

        bad.toml: 2 errors

        club.toml: good. Bakery club, version 3, sha256:…
        status Some(1)
    "#]],
    );
    folder.check(
        "check bad.toml --json",
        &expect![[r#"
        [
          {
            "file": "bad.toml",
            "line": 7,
            "column": 6,
            "message": "an id has lower-case letters, digits, - and _, such as \"double-coffee\"",
            "severity": "error"
          },
          {
            "file": "bad.toml",
            "line": 9,
            "column": 10,
            "message": "unknown field `categoris`; did you mean `categories`?",
            "severity": "error"
          }
        ]
        status Some(1)
    "#]],
    );
    folder.check(
        "check club.toml --json",
        &expect![[r#"
        []
    "#]],
    );
    folder.check(
        "check club.toml nowhere.toml",
        &expect![[r#"
        club.toml: good. Bakery club, version 3, sha256:…
        ! error: nowhere.toml: No such file or directory (os error 2)
        status Some(2)
    "#]],
    );
    folder.check(
        "check nowhere.toml",
        &expect![[r#"
        ! error: nowhere.toml: No such file or directory (os error 2)
        status Some(2)
    "#]],
    );
}
