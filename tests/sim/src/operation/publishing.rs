//! A version of a shop's program comes into force, or an isolate still has an older one.

use std::sync::Arc;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::episode::VERSIONS;
use crate::errand::{Errand, expect};
use crate::random::Random;
use crate::shell::Shell;

#[derive(Debug)]
struct Publish {
    shop: usize,
    version: usize,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Publish {
        shop: random.place(SHOPS),
        version: random.place(VERSIONS),
    })
}

/// A version of a certain shop's.
pub(super) fn of(shop: usize, random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Publish {
        shop,
        version: random.place(VERSIONS),
    })
}

impl Operation for Publish {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        shell.publish(self.shop, self.version);
        Ok(())
    }

    /// At the edge versions come into force in their order alone.
    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let Some(version) = errand.versions(self.shop).get(self.version) else {
            return Ok(());
        };
        let answer = errand.ask(&Request::publish(self.shop, version.source.clone()));
        if matches!(answer.status, 200 | 201) {
            errand.count("programs were published");
            return Ok(());
        }
        let code = errand.refused(&answer)?;
        expect(
            &code,
            &[
                "program_version_not_newer",
                "competition_over",
                "seed_missing",
            ],
        )
    }
}
