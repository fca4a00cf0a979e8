//! A shop as it comes into being: its keys, its origins and its published program, written to D1 and KV.
//!
//! Owns the rows and the KV names of a new shop; the tables themselves are the Worker's migrations.
//! Invariant: a secret key is shown once, to whoever asked for the shop. Storage gets its digest.

pub(crate) mod demo;
pub(crate) mod keys;
mod maya;
pub(crate) mod past;
mod program;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::wrangler::Storage;
use keys::Keys;
use past::Past;
pub(crate) use program::Published;

/// A shop to be.
#[derive(Clone, Debug)]
pub(crate) struct Shop {
    id: String,
    name: String,
    origins: Vec<String>,
    keys: Keys,
    program: Published,
    existing: Existing,
    /// Statements beside its own: members whom it begins with.
    more: String,
}

/// What becomes of a shop that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Existing {
    /// It stays as it is, and storing is an error: its pages carry keys that must not die unasked.
    Kept,
    /// It gets the new name, origins and keys.
    Renewed,
}

impl Shop {
    /// A shop with a valid id and a program that compiles.
    ///
    /// # Errors
    /// When the id is not `[a-z0-9-]{1,32}`, or the program has mistakes; the message lists them.
    pub(crate) fn new(
        id: &str,
        name: &str,
        origins: &[String],
        keys: Keys,
        program: Published,
    ) -> Result<Self> {
        check_id(id)?;
        for origin in origins {
            ensure!(
                is_origin(origin),
                "the origin `{origin}` is none that a browser sends: write the scheme, the host in lower case, \
                 the port where it is not the scheme's own, and no more, such as https://shop.example"
            );
        }
        Ok(Self {
            id: id.to_owned(),
            name: name.to_owned(),
            origins: origins.to_vec(),
            keys,
            program,
            existing: Existing::Kept,
            more: String::new(),
        })
    }

    /// Its keys.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Its program.
    pub(crate) fn program(&self) -> &Published {
        &self.program
    }

    /// What a test needs in order to act as this shop.
    pub(crate) fn credentials(&self) -> Value {
        json!({
            "shop": self.id,
            "publishable_key": self.keys.publishable,
            "secret_key": self.keys.secret,
            "origins": self.origins,
        })
    }

    /// With a member who has been there for a while; `email_pepper` is the Worker's.
    ///
    /// # Errors
    /// When the program does not let her do what she did.
    pub(crate) fn with(mut self, past: &Past<'_>, email_pepper: &str) -> Result<Self> {
        let program = self.program.program()?;
        self.more += &past::rows(&self.id, &program, email_pepper, past, past::now()?)?;
        Ok(self)
    }

    /// The statements that make it.
    fn rows(&self) -> String {
        let [id, name] = [text(&self.id), text(&self.name)];
        let origins = text(&json!(self.origins).to_string());
        let mut sql =
            format!("INSERT INTO shops (shop, name, origins) VALUES ({id}, {name}, {origins})");
        sql += &match self.existing {
            Existing::Kept => ";\n".to_owned(),
            Existing::Renewed => format!(
                "\n  ON CONFLICT (shop) DO UPDATE SET name = excluded.name, origins = excluded.origins;\n\
                 DELETE FROM keys WHERE shop = {id};\n"
            ),
        };
        for (kind, key) in [
            ("publishable", &self.keys.publishable),
            ("secret", &self.keys.secret),
        ] {
            let digest = text(&keys::digest(key));
            sql += &format!(
                "INSERT INTO keys (shop, kind, key_sha256) VALUES ({id}, '{kind}', {digest});\n"
            );
        }
        sql + &self.more
    }
}

/// Whether a shop is there.
///
/// # Errors
/// When the id is none, or wrangler refuses.
pub(crate) fn exists(id: &str, storage: &Storage) -> Result<bool> {
    check_id(id)?;
    let sql = format!("SELECT shop FROM shops WHERE shop = {}", text(id));
    let found = storage.rows("looking for the shop", &sql)?;
    Ok(!found.is_empty())
}

/// Writes shops and their programs to storage: one file of SQL, one of KV entries.
/// The files are kept in `folder` and hold no secret.
///
/// # Errors
/// When wrangler refuses, which it does for other rules under a version that a shop has published.
pub(crate) fn store(shops: &[Shop], storage: &Storage, folder: &Path) -> Result<()> {
    let mut rows: String = shops.iter().map(Shop::rows).collect();
    for shop in shops {
        rows += &shop.program.row(&shop.id)?;
    }
    let sql = write(folder, "shops.sql", &rows)?;
    storage.execute("storing the shops and their programs", &sql)?;
    let cached = shops.iter().flat_map(|shop| shop.program.cached(&shop.id));
    put_programs(cached.collect(), storage, folder)
}

/// Writes shops to D1, and their programs nowhere yet.
///
/// # Errors
/// When wrangler refuses.
pub(crate) fn store_rows(shops: &[Shop], storage: &Storage, folder: &Path) -> Result<()> {
    let rows: String = shops.iter().map(Shop::rows).collect();
    let sql = write(folder, "shops.sql", &rows)?;
    storage.execute("storing the shops", &sql)
}

/// Publishes a program of a shop: for good in D1, then in KV, from where it is read. What broke off in
/// between is finished by publishing it again.
///
/// # Errors
/// When the version is taken by other rules or a newer one is published, or wrangler refuses.
pub(crate) fn publish(
    shop: &str,
    program: &Published,
    storage: &Storage,
    folder: &Path,
) -> Result<()> {
    program.check_follows(shop, storage)?;
    let sql = write(folder, "program.sql", &program.row(shop)?)?;
    storage.execute("keeping the program", &sql)?;
    put_programs(program.cached(shop).into(), storage, folder)
}

fn put_programs(entries: Vec<Value>, storage: &Storage, folder: &Path) -> Result<()> {
    let file = write(folder, "programs.json", &Value::from(entries).to_string())?;
    storage.put_programs("publishing to KV", &file)
}

fn check_id(id: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        (1..=32).contains(&id.len()) && id.chars().all(allowed),
        "the shop id `{id}` must be 1 to 32 of a-z, 0-9 and `-`"
    );
    Ok(())
}

/// Whether a browser could send this text as an `Origin`. The Worker compares the two byte for byte, so
/// one that is written in another way would never fit.
fn is_origin(text: &str) -> bool {
    let (own_port, rest) = match text.split_once("://") {
        Some(("https", rest)) => ("443", rest),
        Some(("http", rest)) => ("80", rest),
        _ => return false,
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let number = port.parse::<u16>().map(|number| number.to_string());
            if port == own_port || number.as_deref() != Ok(port) {
                return false;
            }
            host
        }
        _ => rest,
    };
    let is_ipv6 = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok());
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    is_ipv6 || (!host.is_empty() && host.chars().all(allowed))
}

fn write(folder: &Path, name: &str, content: &str) -> Result<std::path::PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// A text as SQL writes it.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(id: &str, origin: &str) -> Result<Shop> {
        let program = Published {
            source: "version = 1".to_owned(),
            document: "{}".to_owned(),
            version: 1,
            digest: "sha256:0".to_owned(),
            warnings: Vec::new(),
        };
        let keys = Keys::random(id)?;
        Shop::new(id, "Maya's", &[origin.to_owned()], keys, program)
    }

    #[test]
    fn ids_and_origins_are_what_the_worker_accepts() {
        let check = |id: &str, origin: &str, accepted| {
            assert_eq!(shop(id, origin).is_ok(), accepted, "{id} {origin}");
        };
        check("slow-harbour-2", "https://shop.example", true);
        check("demo", "http://localhost:8787", true);
        check("", "https://shop.example", false);
        check("Demo", "https://shop.example", false);
        check("under_score", "https://shop.example", false);
        check(&"a".repeat(33), "https://shop.example", false);
        check("demo", "https://www.shop.example:8443", true);
        check("demo", "http://[::1]:8787", true);
        for origin in [
            "https://shop.example/",
            "https://shop.example/checkout",
            "https://Shop.example",
            "https://bücher.example",
            "https://shop.example:443",
            "http://shop.example:80",
            "http://shop.example:080",
            "https://shop.example:",
            "https://*.shop.example",
            "https://",
            "httpx://shop.example",
            "shop.example",
            "null",
        ] {
            check("demo", origin, false);
        }
    }

    #[test]
    fn the_rows_of_a_shop_hold_its_name_quoted_and_none_of_its_keys() {
        let shop = shop("demo", "https://shop.example").expect("a valid shop");
        let sql = shop.rows();
        assert!(sql.contains("'Maya''s'"), "{sql}");
        for key in [&shop.keys.publishable, &shop.keys.secret] {
            assert!(!sql.contains(key), "{sql}");
            assert!(sql.contains(&keys::digest(key)), "{sql}");
        }
    }
}
