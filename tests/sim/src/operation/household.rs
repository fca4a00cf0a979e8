//! Two members say that they share a household, and one gives the other points: what is allowed within it may not
//! be otherwise.

use std::rc::Rc;

use super::{Operation, SHOPS, adjustment, profile, transfer};
use crate::Violation;
use crate::random::Random;
use crate::shell::Shell;
use crate::who::anybody;

#[derive(Debug)]
struct Share {
    /// Both move in, and there is something to give.
    before: Vec<Rc<dyn Operation>>,
    /// What happens before she gives.
    between: Option<Rc<dyn Operation>>,
    give: Rc<dyn Operation>,
}

pub(super) fn draw(random: &mut Random) -> Rc<dyn Operation> {
    let shop = random.place(SHOPS);
    let (from, to) = (anybody(random), anybody(random));
    let name = profile::household(random);
    Rc::new(Share {
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
}
