//! `earnest completions`: what a shell offers behind the tab key.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::output::Output;
use crate::unusable::Unusable;
use crate::{Arguments, Verdict};

/// The shell to complete for.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  earnest completions bash > ~/.local/share/bash-completion/completions/earnest\n  \
                  earnest completions zsh > ~/.zfunc/_earnest\n  \
                  earnest completions fish > ~/.config/fish/completions/earnest.fish"
)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    #[expect(clippy::unnecessary_wraps, reason = "as every command's")]
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let mut script = Vec::new();
        generate(
            self.shell,
            &mut Arguments::command(),
            "earnest",
            &mut script,
        );
        output.say(&String::from_utf8_lossy(&script));
        Ok(Verdict::Good)
    }
}
