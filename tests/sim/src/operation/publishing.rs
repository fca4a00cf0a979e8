//! A version of a shop's program comes into force, or an isolate still has an older one.

use std::rc::Rc;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::episode::VERSIONS;
use crate::random::Random;
use crate::shell::Shell;

#[derive(Debug)]
struct Publish {
    shop: usize,
    version: usize,
}

pub(super) fn draw(random: &mut Random) -> Rc<dyn Operation> {
    Rc::new(Publish {
        shop: random.place(SHOPS),
        version: random.place(VERSIONS),
    })
}

impl Operation for Publish {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        shell.publish(self.shop, self.version);
        Ok(())
    }
}
