//! `cargo xtask shop` and `cargo xtask publish`: what whoever runs an Earnest does for a merchant.
//!
//! Works on the local storage of `wrangler dev`, or with `--remote` on the deployed one.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::shop::keys::Keys;
use crate::shop::{self, Published, Shop};
use crate::wrangler::Storage;
use crate::{place, step};

/// The shop to create.
#[derive(Args)]
pub(crate) struct NewShop {
    /// Its id: 1 to 32 of a-z, 0-9 and `-`.
    #[arg(long)]
    id: String,
    /// Its name, as people know it.
    #[arg(long)]
    name: String,
    /// An origin its pages are served from, such as <https://shop.example>; may be repeated.
    #[arg(long = "origin", required = true)]
    origins: Vec<String>,
    /// Its program file.
    #[arg(long)]
    program: PathBuf,
    /// On the deployed edge instead of the local one.
    #[arg(long)]
    remote: bool,
}

/// The program to publish.
#[derive(Args)]
pub(crate) struct NewVersion {
    /// The shop's id.
    #[arg(long)]
    shop: String,
    /// Its new program file.
    #[arg(long)]
    program: PathBuf,
    /// On the deployed edge instead of the local one.
    #[arg(long)]
    remote: bool,
}

impl NewShop {
    /// Creates the shop and prints its keys, which is the only time that anybody sees them.
    ///
    /// # Errors
    /// When the program has mistakes, wrangler refuses, or the shop exists already.
    pub(crate) fn create(self) -> Result<()> {
        let program = Published::from_file(&self.program)?;
        warn(&program);
        let shop = Shop::new(
            &self.id,
            &self.name,
            &self.origins,
            Keys::random(&self.id)?,
            program,
        )?;
        let (storage, folder) = (storage(self.remote), place::at("target/seed"));
        storage.migrate()?;
        ensure!(
            !shop::exists(&self.id, &storage)?,
            "there is a shop `{0}` already; `cargo xtask publish --shop {0}` gives it another program",
            self.id
        );
        shop::store_rows(std::slice::from_ref(&shop), &storage, &folder)?;
        // As soon as they are its keys, whatever becomes of the program: nobody can print them again.
        println!(
            "\n  publishable key, for its pages:  {}",
            shop.keys().publishable
        );
        println!("  secret key, for its server:      {}", shop.keys().secret);
        println!("\n  The secret key is stored nowhere: keep it now.\n");
        shop::publish(&self.id, shop.program(), &storage, &folder).with_context(|| {
            format!(
                "the shop is there, its program is not: `cargo xtask publish --shop {}` tries again",
                self.id
            )
        })
    }
}

impl NewVersion {
    /// Publishes the program.
    ///
    /// # Errors
    /// When the program has mistakes, there is no such shop, the version is taken by other rules, or
    /// wrangler refuses.
    pub(crate) fn publish(self) -> Result<()> {
        let program = Published::from_file(&self.program)?;
        warn(&program);
        let storage = storage(self.remote);
        storage.migrate()?;
        ensure!(
            shop::exists(&self.shop, &storage)?,
            "there is no shop `{}`; `cargo xtask shop` creates one",
            self.shop
        );
        shop::publish(&self.shop, &program, &storage, &place::at("target/seed"))?;
        let Published {
            version, digest, ..
        } = &program;
        step::note(&format!(
            "{} now runs version {version}, {digest}",
            self.shop
        ));
        Ok(())
    }
}

/// Shows what is legal in a program and surely not meant.
fn warn(program: &Published) {
    for warning in &program.warnings {
        step::note(&format!("warning: {warning}"));
    }
}

fn storage(remote: bool) -> Storage {
    if remote {
        Storage::Remote
    } else {
        Storage::Local
    }
}
