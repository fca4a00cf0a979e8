//! `earnest schema`: the program language as a JSON Schema, or as a page to read.
//!
//! Both come from the types that the compiler reads and from their comments, so neither can be out of date.

mod reference;

use clap::Args;
use earnest_core::compile::source::ProgramSource;
use schemars::schema_for;

use self::reference::reference;
use crate::Verdict;
use crate::output::Output;
use crate::unusable::Unusable;

/// Which of the two.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest schema > earnest.schema.json\n  \
                        earnest schema --reference > reference.md\n\n\
                        An editor with a TOML language server (taplo, Even Better TOML) checks and completes a\n\
                        program whose first line is:\n  #:schema ./earnest.schema.json")]
pub(crate) struct Schema {
    /// Print a reference page in Markdown
    #[arg(long)]
    reference: bool,
    /// Print the JSON Schema, which is what is printed anyway
    #[arg(long, conflicts_with = "reference")]
    json: bool,
}

impl Schema {
    #[expect(clippy::unnecessary_wraps, reason = "as every command's")]
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let schema = schema_for!(ProgramSource);
        if self.reference {
            output.say(&reference(schema.as_value()));
        } else {
            output.say_json(&schema);
        }
        Ok(Verdict::Good)
    }
}
