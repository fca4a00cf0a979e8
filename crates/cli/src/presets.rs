//! `earnest presets`: the programs to begin with.

use clap::Args;
use earnest_core::presets::PRESETS;
use serde_json::json;

use crate::Verdict;
use crate::output::Output;
use crate::table::Table;
use crate::unusable::Unusable;

/// Which preset.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest presets\n  \
                        earnest presets small-shop > club.toml && earnest check club.toml")]
pub(crate) struct Presets {
    /// Print this one, as a program file
    name: Option<String>,
    /// Answer with {name, summary, source}
    #[arg(long)]
    json: bool,
}

impl Presets {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let wanted = self.name.as_deref();
        let chosen: Vec<_> = PRESETS
            .iter()
            .filter(|preset| wanted.is_none_or(|name| name == preset.name))
            .collect();
        if let (Some(name), []) = (wanted, chosen.as_slice()) {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            let names = names.join(", ");
            return Err(Unusable::Argument(format!(
                "there is no preset {name:?}; there are {names}"
            )));
        }
        let documents = chosen.iter().map(|preset| {
            json!({ "name": preset.name, "summary": preset.summary, "source": preset.source })
        });
        match (self.json, wanted, chosen.as_slice()) {
            (true, Some(_), _) => output.say_json(&documents.collect::<Vec<_>>().first()),
            (true, None, _) => output.say_json(&documents.collect::<Vec<_>>()),
            (false, Some(_), [preset, ..]) => output.say(preset.source),
            (false, _, presets) => {
                let mut table = Table::new(2, &["preset", "models"]);
                for preset in presets {
                    table.row(vec![preset.name.into(), preset.summary.into()]);
                }
                output.say(&(table.lines().join("\n") + "\n"));
            }
        }
        Ok(Verdict::Good)
    }
}
