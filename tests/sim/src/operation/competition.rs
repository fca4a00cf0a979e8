//! A member takes part in a competition: she gives a name, orders something that counts, some of it comes back, and the
//! cron may come by. When it is over, the cron gives the prizes.
//!
//! Who has a place is worked out here from the scores as they were at that moment, whoever else was writing.

use std::collections::BTreeMap;
use std::sync::Arc;

use earnest_core::competition::Competition;
use earnest_core::{Program, Timestamp};
use earnest_ledger::{BookingError, PrizeBooking};
use serde::Deserialize;

use super::refund::SendBack;
use super::{Operation, SHOPS, moves, order, profile, refund};
use crate::Violation;
use crate::episode::START_MS;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Said, anybody};

/// Most of the time of competitions, and some after.
const DAYS: i64 = 50;
const DAY_MS: i64 = 86_400_000;

#[derive(Debug)]
struct Compete {
    name: Arc<dyn Operation>,
    order: SendBack,
    is_kept: bool,
    cron: Option<Arc<dyn Operation>>,
}

/// Points of somebody, for a place or as they were sent.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Prize {
    member_id: String,
    points: i64,
}

#[derive(Deserialize)]
struct Place {
    member_id: String,
    place: usize,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let (shop, person) = (random.place(SHOPS), anybody(random));
    let mut order = order::any(random);
    order.shop = shop;
    order.who = Said::Member(person);
    let placed_at = Timestamp::from_millis(START_MS + random.between(0, DAYS * DAY_MS));
    order.placed_at = (!random.one_in(4)).then_some(placed_at);
    Arc::new(Compete {
        name: profile::shown(shop, person, random),
        order: refund::any(order, random),
        is_kept: !random.one_in(3),
        cron: random.one_in(3).then(|| moves::draw(random)),
    })
}

/// Gives the prizes of a competition, where it is over.
pub(super) fn award(shop: usize, competition: &str, shell: &mut Shell) -> Result<(), BookingError> {
    let prizes = PrizeBooking {
        shop: shop_id(shop),
        competition,
    };
    match shell.book(shop, &prizes) {
        // It lasts longer than was known.
        Told::First(answer) if answer == "null" => Ok(()),
        Told::First(_) => {
            shell.tally.count("competitions gave their prizes");
            let judged = judge(shop, competition, shell);
            shell.judged(judged);
            Ok(())
        }
        Told::Again(_) => Ok(()),
        Told::Not(error) => Err(error),
    }
}

/// The prizes are those of the places, by one of the shop's versions; by the one in force where no other could come
/// into force meanwhile.
fn judge(shop: usize, competition: &str, shell: &Shell) -> Result<(), Violation> {
    let about = [shop_id(shop), competition];
    let places = "SELECT member_id, place FROM places WHERE shop = ?1 AND competition = ?2";
    let places: Vec<Place> = shell.database.ask(places, &about);
    let sent = "SELECT member_id, content ->> '$.give.gift.points' AS points FROM gifts_sent
        WHERE shop = ?1 AND kind = 'competition' AND content ->> '$.give.by' = ?2";
    let mut sent: Vec<Prize> = shell.database.ask(sent, &about);
    sent.sort();
    let of = |program: &Program| {
        let mut competitions = program.competitions().iter();
        let found = competitions.find(|it| it.id == competition)?;
        let mut prizes: Vec<Prize> = places.iter().filter_map(|it| prize(found, it)).collect();
        prizes.sort();
        Some(prizes)
    };
    let now = of(shell.program(shop)).filter(|_| !shell.was_interrupted());
    let is_right = now.map_or_else(
        || {
            shell
                .versions(shop)
                .any(|it| of(it).as_ref() == Some(&sent))
        },
        |now| now == sent,
    );
    let told: BTreeMap<_, _> = places.iter().map(|it| (&it.member_id, it.place)).collect();
    Violation::unless(
        is_right,
        format!("the places of {competition} were {told:?}, and the prizes {sent:?}"),
    )
}

/// What a place wins.
fn prize(competition: &Competition, at: &Place) -> Option<Prize> {
    let points = competition.prizes.get(at.place.checked_sub(1)?)?;
    Some(Prize {
        member_id: at.member_id.clone(),
        points: points.get(),
    })
}

impl Operation for Compete {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        self.name.perform(shell)?;
        if self.is_kept {
            self.order.order.deliver(None, shell)?;
        } else {
            self.order.perform(shell)?;
        }
        match &self.cron {
            Some(cron) => cron.perform(shell),
            None => Ok(()),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        self.name.carry(errand)?;
        if self.is_kept {
            self.order.order.carry(errand)?;
        } else {
            self.order.carry(errand)?;
        }
        match &self.cron {
            Some(cron) => cron.carry(errand),
            None => Ok(()),
        }
    }
}
