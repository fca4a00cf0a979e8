//! A shop's doors: its origins and the digests of its keys.

use serde::Deserialize;

use super::{Rows, Statement, StoreError};

#[derive(Deserialize)]
struct DoorRow {
    origins: String,
    key_sha256: Option<String>,
}

/// What is known of a shop's doors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// Origins whose pages may use the publishable key.
    pub origins: Vec<String>,
    /// SHA-256 of each key of the kind that was presented, hexadecimal.
    pub key_digests: Vec<String>,
}

impl Doors {
    /// Whether pages of this origin may use the shop's publishable key. No origin is none of its pages.
    pub fn allow(&self, origin: Option<&str>) -> bool {
        origin.is_some_and(|origin| self.origins.iter().any(|allowed| allowed == origin))
    }
}

/// Reads the doors that a key of this kind, `publishable` or `secret`, claims to open. No rows for a shop
/// that does not exist.
pub fn load_doors(shop: &str, key_kind: &str) -> Statement {
    Statement::new(
        "SELECT shops.origins, keys.key_sha256 FROM shops \
         LEFT JOIN keys ON keys.shop = shops.shop AND keys.kind = ?2 \
         WHERE shops.shop = ?1",
        [shop.into(), key_kind.into()],
    )
}

/// The doors that were read.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn doors(rows: &impl Rows) -> Result<Doors, StoreError> {
    let rows: Vec<DoorRow> = rows.all()?;
    let origins = rows.first().map_or("[]", |row| row.origins.as_str());
    Ok(Doors {
        origins: serde_json::from_str(origins)
            .map_err(|error| StoreError::Broken(format!("the origins of a shop: {error}")))?,
        key_digests: rows.into_iter().filter_map(|row| row.key_sha256).collect(),
    })
}
