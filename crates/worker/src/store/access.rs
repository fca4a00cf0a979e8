//! A shop's doors: its origins and the digests of its keys.

use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::auth::{Doors, PresentedKey};

#[derive(Deserialize)]
struct DoorRow {
    origins: String,
    key_sha256: Option<String>,
}

/// Reads the doors that a presented key claims to open. No rows for a shop that does not exist.
pub(crate) fn load_doors(key: &PresentedKey) -> Statement {
    Statement::new(
        "SELECT shops.origins, keys.key_sha256 FROM shops \
         LEFT JOIN keys ON keys.shop = shops.shop AND keys.kind = ?2 \
         WHERE shops.shop = ?1",
        [key.shop.as_str().into(), key.kind.name().into()],
    )
}

/// The doors that were read.
pub(crate) fn doors(rows: &Rows) -> Result<Doors, StoreError> {
    let rows: Vec<DoorRow> = rows.all()?;
    let origins = rows.first().map_or("[]", |row| row.origins.as_str());
    Ok(Doors {
        origins: serde_json::from_str(origins)
            .map_err(|error| StoreError::Broken(format!("the origins of a shop: {error}")))?,
        key_digests: rows.into_iter().filter_map(|row| row.key_sha256).collect(),
    })
}
