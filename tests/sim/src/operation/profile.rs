//! A shop tells what it knows of a member that rules may ask for.

use std::sync::Arc;

use earnest_ledger::store::members::{self, MemberRow};
use earnest_ledger::{BookingError, ProfileChange, ProfileError, Said};
use serde_json::json;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, expect};
use crate::program::TIERS;
use crate::random::Random;
use crate::shell::{Shell, shop_id};
use crate::who::{Person, anybody};

/// Names of households: few, so that members meet in them.
const HOUSEHOLDS: [&str; 2] = ["smith", "jones"];
/// Names that members are shown by.
const NAMES: [&str; 3] = ["Ada", "Bo", "Cy"];

#[derive(Debug)]
struct Tell {
    shop: usize,
    person: Person,
    change: ProfileChange,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let vip = vec!["vip".to_owned()];
    let segments = random.pick(&[0, 1, 2]);
    let tier = random.pick(&TIERS).to_owned();
    Arc::new(Tell {
        shop: random.place(SHOPS),
        person: anybody(random),
        change: ProfileChange {
            segments: match segments {
                0 => Said::Nothing,
                1 => Said::Named(None),
                _ => Said::Named(Some(vip)),
            },
            invited_tier: match random.below(3) {
                0 => Said::Nothing,
                1 => Said::Named(None),
                _ => Said::Named(Some(tier)),
            },
            household: match random.below(6) {
                0 => Said::Named(None),
                1 => Said::Named(Some(household(random).to_owned())),
                _ => Said::Nothing,
            },
            display_name: match random.below(6) {
                0 => Said::Named(None),
                1 => Said::Named(Some(random.pick(&NAMES).to_owned())),
                _ => Said::Nothing,
            },
            ..ProfileChange::default()
        },
    })
}

/// A member gives a name to be shown by.
pub(super) fn shown(shop: usize, person: Person, random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Tell {
        shop,
        person,
        change: ProfileChange {
            display_name: Said::Named(Some(random.pick(&NAMES).to_owned())),
            ..ProfileChange::default()
        },
    })
}

/// The name of a household.
pub(super) fn household(random: &mut Random) -> &'static str {
    random.pick(&HOUSEHOLDS)
}

/// A member says in which household she lives.
pub(super) fn move_in(shop: usize, person: Person, household: &str) -> Arc<dyn Operation> {
    Arc::new(Tell {
        shop,
        person,
        change: ProfileChange {
            household: Said::Named(Some(household.to_owned())),
            ..ProfileChange::default()
        },
    })
}

impl Tell {
    /// As the Worker's endpoint does it.
    fn store(&self, member_id: &str, shell: &mut Shell) -> Result<MemberRow, BookingError> {
        let shop = shop_id(self.shop);
        let member = load(shop, member_id, shell)?;
        member.check_stands(None)?;
        let program = shell.program(self.shop);
        self.change.check_tier(program)?;
        let changed = self.change.store(shop, &member, Some(program), shell.now)?;
        if changed.is_empty() {
            return Ok(member);
        }
        shell.send(&changed)?;
        load(shop, member_id, shell)
    }
}

fn load(shop: &str, member_id: &str, shell: &mut Shell) -> Result<MemberRow, BookingError> {
    let [member] = shell.read(&[members::load_by_id(shop, member_id)])?;
    members::member(&member)?.ok_or(BookingError::MemberUnknown)
}

impl Operation for Tell {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let member_id = shell.member_id(self.shop, self.person);
        match shell.take_turns(|shell| self.store(&member_id, shell)) {
            Ok(member) => {
                let snapshot = member.snapshot();
                let snapshot = snapshot.map_err(|error| Violation::new(error.to_string()))?;
                let kept = match &self.change.segments {
                    Said::Nothing => true,
                    Said::Named(segments) => {
                        snapshot.segments == segments.clone().unwrap_or_default()
                    }
                } && match &self.change.invited_tier {
                    Said::Nothing => true,
                    Said::Named(tier) => snapshot.standing.invited == *tier,
                } && match &self.change.household {
                    Said::Nothing => true,
                    Said::Named(household) => member.household == *household,
                } && match &self.change.display_name {
                    Said::Nothing => true,
                    Said::Named(name) => member.display_name == *name,
                };
                Violation::unless(
                    kept || shell.was_interrupted(),
                    "a profile was acknowledged and is not there",
                )
            }
            Err(BookingError::MemberUnknown) => Violation::unless(
                member_id == "mem_nobody",
                "a member is unknown, and she is there",
            ),
            Err(BookingError::MemberMerged { into, .. }) => Violation::unless(
                into == shell.who_is_now(self.shop, &member_id) && into != member_id,
                "a member counts as merged, and stands for herself",
            ),
            Err(BookingError::Profile(ProfileError::TierUnknown)) => Ok(()),
            Err(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let member_id = errand.member_id(self.shop, self.person);
        let mut body = json!({});
        if let Said::Named(segments) = &self.change.segments {
            body["segments"] = json!(segments);
        }
        if let Said::Named(tier) = &self.change.invited_tier {
            body["invited_tier"] = json!(tier);
        }
        if let Said::Named(household) = &self.change.household {
            body["household"] = json!(household);
        }
        if let Said::Named(name) = &self.change.display_name {
            body["display_name"] = json!(name);
        }
        let path = format!("/v1/members/{member_id}/profile");
        let answer = errand.ask(&Request::post(self.shop, path, &body));
        if answer.status != 200 {
            let code = errand.refused(&answer)?;
            return expect(
                &code,
                &["member_not_found", "member_merged", "tier_unknown"],
            );
        }
        let told = &answer.json()["profile"];
        let no_segments = json!([]);
        let kept = body.as_object().into_iter().flatten().all(|(name, said)| {
            let is_none = name == "segments" && said.is_null();
            told[name] == *if is_none { &no_segments } else { said }
        });
        Violation::unless(
            kept || !errand.is_undisturbed(),
            format!("a profile of {body} was acknowledged as {told}"),
        )
    }
}
