//! The presets: programs to begin with, each modelled on a known kind of programme.
//!
//! Owns the list; the programs are files in `crates/core/presets/`. Its invariant: every one compiles.

/// A program to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called, as its file without `.toml`: `small-shop`.
    pub name: &'static str,
    /// What it models, in one line.
    pub summary: &'static str,
    /// The program file.
    pub source: &'static str,
}

/// Every preset, the simplest first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "small-shop",
        summary: "A small shop in five lines: a point for every unit, a welcome",
        source: include_str!("../presets/small-shop.toml"),
    },
    Preset {
        name: "stamp-card",
        summary: "A stamp for every coffee, the tenth is free",
        source: include_str!("../presets/stamp-card.toml"),
    },
    Preset {
        name: "points-per-spend",
        summary: "Points for every unit spent, however it is paid; notes for a thousand",
        source: include_str!("../presets/points-per-spend.toml"),
    },
    Preset {
        name: "cash-back-card",
        summary: "2% of every order back as money, 5% with the store card",
        source: include_str!("../presets/cash-back-card.toml"),
    },
    Preset {
        name: "bronze-silver-gold",
        summary: "Three tiers with 5% and 20% off and free shipping",
        source: include_str!("../presets/bronze-silver-gold.toml"),
    },
    Preset {
        name: "three-tiers-bazaar",
        summary: "Three tiers by the spend of a calendar year, and a bazaar of rewards",
        source: include_str!("../presets/three-tiers-bazaar.toml"),
    },
    Preset {
        name: "automatic-membership",
        summary: "Who has an account is a member: reviews, newsletter, friends, orders",
        source: include_str!("../presets/automatic-membership.toml"),
    },
    Preset {
        name: "family-club",
        summary: "Visits, workshops and events count as well as what is bought",
        source: include_str!("../presets/family-club.toml"),
    },
    Preset {
        name: "membership-no-points",
        summary: "No points: early access, perks, and badges for what members do",
        source: include_str!("../presets/membership-no-points.toml"),
    },
    Preset {
        name: "paid-membership",
        summary: "A fee for the year, free shipping, and points that count double",
        source: include_str!("../presets/paid-membership.toml"),
    },
    Preset {
        name: "coalition",
        summary: "Three brands, one balance; what each owes is in the ledger",
        source: include_str!("../presets/coalition.toml"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;

    #[test]
    fn every_preset_compiles_and_is_listed_once() {
        let mut names = std::collections::BTreeSet::new();
        for preset in PRESETS {
            let compiled = compile(preset.source);
            let problems = compiled.err().map(|problems| problems.to_string());
            assert_eq!(problems, None, "{}", preset.name);
            assert!(names.insert(preset.name), "{} stands twice", preset.name);
        }
    }

    #[test]
    fn every_file_of_the_folder_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
        let files = std::fs::read_dir(folder).expect("the folder of presets");
        let names = files.map(|file| file.expect("a file").file_name());
        for name in names.filter_map(|name| name.into_string().ok()) {
            let Some(name) = name.strip_suffix(".toml") else {
                continue;
            };
            assert!(
                PRESETS.iter().any(|preset| preset.name == name),
                "{name}.toml is not on the list"
            );
        }
    }
}
