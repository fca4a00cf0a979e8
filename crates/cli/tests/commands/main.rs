//! The command as somebody at a terminal meets it: what it says, where, and with which status.
//!
//! Each test has a folder of its own. Digests are told as `sha256:…`, so that a test says only what it is about.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "as `expect-test` writes what it found"
)]
#![expect(clippy::too_many_lines, reason = "most lines are what a command says")]

mod cases;
mod check;
mod diff;
mod draws;
mod help;
mod money;
mod orders;
mod perks;
mod presets;
mod preview;
mod readme;
mod schema;
mod simulate;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use expect_test::Expect;

const PROGRAM: &str = r#"version = 3
name = "Bakery club"
points = { one = "star", other = "stars", worth = { EUR = 0.01 } }
earn = { per_unit = { EUR = 1, JPY = 0.01 } }
welcome_points = 10

[[tiers]]
id = "silver"
name = "Silver"
from_points = 100
multiplier = 1.5

[[rules]]
id = "double-bread"
label = "2x on bread"
when = { categories = ["bread"] }
grant = { multiply = 2 }
"#;

const CART: &str = r#"{ "currency": "EUR", "lines": [
  { "id": "1", "product": "rye", "categories": ["bread"], "quantity": 2, "unit_price": "4.20" },
  { "id": "2", "product": "jam", "quantity": 1, "unit_price": "5.00", "discount": "0.50" } ] }"#;

const ORDERS: &str = "\
order_id,member_id,placed_at,currency,product,category,tag,quantity,unit_price,discount
1,ada,2025-01-10T09:00:00Z,EUR,rye,bread,,10,5.00,
1,ada,2025-01-10T09:00:00Z,EUR,jam,,,2,5.00,1.00
2,,2025-01-11T09:00:00Z,EUR,rye,bread,,1,5.00,
3,bob,2025-02-01T09:00:00Z,EUR,cake,sweet;party,new,1,20.00,
4,ada,2025-03-05T09:00:00Z,EUR,rye,bread,,2,5.00,
5,bob,2025-06-30T21:30:00Z,EUR,cake,sweet,,1,20.00,
";

/// A folder with files in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the test");
        let folder = Self(folder);
        folder
            .file("club.toml", PROGRAM)
            .file("cart.json", CART)
            .file("orders.csv", ORDERS)
    }

    fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), text).expect("a file of the test");
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file that the command wrote")
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
        command
            .current_dir(&self.0)
            .args(arguments.split_whitespace())
            .stdin(Stdio::null());
        command.output().expect("the command runs")
    }

    /// What the command says, its complaints behind `! `, and its status where it is not 0.
    fn told(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let mut told = undigested(&text(&output.stdout));
        for line in text(&output.stderr).lines() {
            told += &format!("! {line}").trim_end().replace('\\', "/");
            told.push('\n');
        }
        match output.status.code() {
            Some(0) => told,
            code => format!("{told}status {code:?}\n"),
        }
    }

    fn check(&self, arguments: &str, expected: &Expect) {
        expected.assert_eq(&self.told(arguments));
    }
}

/// Without the hexadecimal digits of a digest.
fn undigested(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let rest = part.trim_start_matches(|char: char| char.is_ascii_hexdigit());
        format!("{told}sha256:…{rest}")
    })
}
