//! Two members say that they share a household, and one gives the other points: what is allowed within it may not
//! be otherwise.

use std::sync::Arc;

use super::{Operation, SHOPS, adjustment, profile, transfer};
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::Shell;
use crate::who::anybody;

#[derive(Debug)]
struct Share {
    /// Both move in, and there is something to give.
    before: Vec<Arc<dyn Operation>>,
    /// What happens before she gives.
    between: Option<Arc<dyn Operation>>,
    give: Arc<dyn Operation>,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let shop = random.place(SHOPS);
    let (from, to) = (anybody(random), anybody(random));
    let name = profile::household(random);
    Arc::new(Share {
        before: vec![
            profile::move_in(shop, from, name),
            profile::move_in(shop, to, name),
            adjustment::giving(shop, from, random),
        ],
        between: random.one_in(3).then(|| super::draw(random)),
        give: transfer::between(shop, from, to, random),
    })
}

impl Operation for Share {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let before = self.before.iter().chain(&self.between);
        for operation in before.chain([&self.give]) {
            operation.perform(shell)?;
        }
        Ok(())
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let before = self.before.iter().chain(&self.between);
        for operation in before.chain([&self.give]) {
            operation.carry(errand)?;
        }
        Ok(())
    }
}
