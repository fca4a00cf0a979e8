//! What goes from one member to another, carried on by the cron where a request broke off; and what no request looks
//! for when somebody has joined: who brought her, and her orders as a guest.
//!
//! Invariant: each thing is one batch, so what fails keeps nothing else from being done; and a round asks the
//! database no more than it may.

use std::fmt;

use earnest_core::Timestamp;
use earnest_ledger::store::newcomers::{self, Newcomer};
use earnest_ledger::store::{gifts_sent, scores, transfers};
use earnest_ledger::{
    ArrivalBooking, Booking, Found, GiftArrival, GuestBooking, MAX_GUEST_ORDERS, PrizeBooking,
    ReferralBooking, Statement, StoreError, load_waiting,
};
use worker::Env;

use crate::database::{D1Rows, Database};
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::random;

/// Statements that a round runs at most: what settling leaves of the 1,000 that D1 takes from one call of a Worker.
const MAX_QUERIES: usize = 190;
/// Transfers that are read at once.
const TRANSFERS: u32 = 25;
/// Gifts that are read at once.
const GIFTS: u32 = 10;
/// Competitions that are read at once.
const COMPETITIONS: u32 = 5;
/// Newcomers that are read at once. Most have not ordered before, and are done with by one statement together.
const NEWCOMERS: u32 = 500;
/// For so long a request may be about to bring what it sent.
const GRACE_MILLIS: i64 = 60_000;
/// For so long a newcomer is put off whose orders cannot be credited now, and a gift that cannot arrive.
const PUT_OFF_MILLIS: i64 = 86_400_000;
/// The same of a transfer, for which a whole member may be waiting.
const PUT_OFF_TRANSFER_MILLIS: i64 = 3_600_000;

/// What a round has done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Carried {
    arrived: u32,
    given: u32,
    credited: u32,
    failed: u32,
}

impl Carried {
    /// Whether there was nothing to do.
    pub(crate) fn is_idle(self) -> bool {
        self.arrived + self.given + self.credited + self.failed == 0
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            arrived,
            given,
            credited,
            failed,
        } = self;
        write!(
            f,
            "{arrived} transfers arrived, {given} gifts given, {credited} orders of guests credited, {failed} failed"
        )
    }
}

/// A database of which no more is asked than may be.
struct Round<'a> {
    env: &'a Env,
    database: &'a Database,
    now: Timestamp,
    queries_left: usize,
    carried: Carried,
}

/// Does what is due at `now`.
pub(crate) async fn run(env: &Env, now: Timestamp) -> Result<Carried, Failure> {
    let database = env.d1("DB").map_err(Failure::internal)?;
    let database = Database::new(database);
    let mut round = Round::of(env, &database, now);
    round.bring().await?;
    round.award().await?;
    round.give().await?;
    round.welcome().await?;
    Ok(round.carried)
}

/// Looks for who brought somebody who has just joined, and for her orders. What fails is left to the cron.
pub(crate) async fn credit(
    env: &Env,
    database: &Database,
    (shop, member_id): (&str, &str),
    now: Timestamp,
) -> Result<(), Failure> {
    let mut round = Round::of(env, database, now);
    round.credit(shop, member_id).await.map(drop)
}

/// Brings a gift that has just been sent. What fails is left to the cron.
pub(crate) async fn give(
    env: &Env,
    database: &Database,
    (shop, gift_id): (&str, &str),
    now: Timestamp,
) -> Result<(), Failure> {
    let mut round = Round::of(env, database, now);
    round.arrive(shop, gift_id).await.map(drop)
}

/// What became of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    /// It is done.
    All,
    /// Another writer was first, or no more may be asked: the next round goes on.
    Later,
    /// It cannot be done as it is.
    Failed,
}

impl<'a> Round<'a> {
    fn of(env: &'a Env, database: &'a Database, now: Timestamp) -> Self {
        Self {
            env,
            database,
            now,
            queries_left: MAX_QUERIES,
            carried: Carried::default(),
        }
    }
}

impl Round<'_> {
    /// Sends the prizes of competitions that are over.
    async fn award(&mut self) -> Result<(), Failure> {
        let due = scores::load_due(self.now, COMPETITIONS);
        let Some([found]) = self.read([due]).await? else {
            return Ok(());
        };
        for it in scores::due(&found)? {
            let (shop, competition) = (it.shop.as_str(), it.competition.as_str());
            let prizes = PrizeBooking { shop, competition };
            if self.attempt(shop, &prizes).await? == Done::Failed {
                let at = self.after(PUT_OFF_MILLIS);
                self.put_off(scores::store_later(shop, competition, at))
                    .await?;
            }
        }
        Ok(())
    }

    /// Gives what is due of what members get for what others did.
    async fn give(&mut self) -> Result<(), Failure> {
        let due = gifts_sent::load_due(self.now, GIFTS);
        let Some([found]) = self.read([due]).await? else {
            return Ok(());
        };
        for it in gifts_sent::due(&found)? {
            match self.arrive(&it.shop, &it.gift_id).await? {
                Done::All => self.carried.given += 1,
                // It may wait for another one, which is not to keep others waiting.
                done => {
                    let at = self.after_failing(done, PUT_OFF_MILLIS);
                    self.put_off(gifts_sent::store_later(&it.shop, &it.gift_id, at))
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn arrive(&mut self, shop: &str, gift_id: &str) -> Result<Done, Failure> {
        let arrival = GiftArrival {
            shop,
            gift_id,
            codes: random::codes()?,
        };
        self.attempt(shop, &arrival).await
    }

    fn after(&self, millis: i64) -> Timestamp {
        Timestamp::from_millis(self.now.as_millis().saturating_add(millis))
    }

    /// When something is tried again: soon where it met another writer, and after so long where it cannot be done.
    fn after_failing(&self, done: Done, millis: i64) -> Timestamp {
        self.after(if done == Done::Failed {
            millis
        } else {
            GRACE_MILLIS
        })
    }

    /// Puts something off, unless it has been done meanwhile.
    async fn put_off(&mut self, later: Statement) -> Result<(), Failure> {
        match self.write(&[later]).await {
            Err(Failure::Store(error)) if error.is_conflict() => Ok(()),
            done => done.map(drop),
        }
    }

    /// Brings what has been on its way for too long, the oldest first. What cannot arrive keeps nothing else waiting.
    async fn bring(&mut self) -> Result<(), Failure> {
        let before = self.now.as_millis().saturating_sub(GRACE_MILLIS);
        let before = Timestamp::from_millis(before);
        let due = transfers::load_on_their_way(before, TRANSFERS);
        let Some([found]) = self.read([due]).await? else {
            return Ok(());
        };
        for it in transfers::on_their_way(&found)? {
            let (shop, transfer_id) = (it.shop.as_str(), it.transfer_id.as_str());
            let arrival = ArrivalBooking { shop, transfer_id };
            match self.attempt(shop, &arrival).await? {
                Done::All => self.carried.arrived += 1,
                done => {
                    let at = self.after_failing(done, PUT_OFF_TRANSFER_MILLIS);
                    self.put_off(transfers::store_later(shop, transfer_id, at))
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Looks for the orders of those who have joined.
    async fn welcome(&mut self) -> Result<(), Failure> {
        let due = newcomers::load_due(self.now, NEWCOMERS);
        let Some([found]) = self.read([due]).await? else {
            return Ok(());
        };
        let found = newcomers::newcomers(&found)?;
        let is_awaited = |it: &Newcomer| it.has_orders() || it.is_brought();
        let (waiting, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_awaited);
        if !others.is_empty() {
            self.write(&[newcomers::store_done(&others)]).await?;
        }
        for newcomer in waiting {
            let credited = self.credit(&newcomer.shop, &newcomer.member_id).await;
            let next = match self.judge(credited)? {
                Done::All => newcomers::store_done(&[newcomer]),
                Done::Later => continue,
                Done::Failed => newcomers::store_later(&newcomer, self.after(PUT_OFF_MILLIS)),
            };
            self.write(&[next]).await?;
        }
        Ok(())
    }

    /// Decides who brought a newcomer, and credits her orders.
    async fn credit(&mut self, shop: &str, member_id: &str) -> Result<Done, Failure> {
        let brought = ReferralBooking {
            shop,
            friend_id: member_id,
            codes: random::codes()?,
        };
        let mut done = self.attempt(shop, &brought).await?;
        if done == Done::Later {
            return Ok(done);
        }
        let published = load_program(self.env, shop, self.now).await?;
        let waiting = load_waiting(shop, member_id, &published.program);
        let Some([found]) = self.read([waiting]).await? else {
            return Ok(Done::Later);
        };
        let order_ids = newcomers::order_ids(&found)?;
        for order_id in &order_ids {
            let booking = GuestBooking {
                shop,
                member_id,
                order_id,
                codes: random::codes()?,
            };
            match self.attempt(shop, &booking).await? {
                Done::All => self.carried.credited += 1,
                Done::Failed => done = Done::Failed,
                Done::Later => return Ok(Done::Later),
            }
        }
        let may_be_more =
            u32::try_from(order_ids.len()).is_ok_and(|found| found >= MAX_GUEST_ORDERS);
        Ok(if done == Done::All && may_be_more {
            Done::Later
        } else {
            done
        })
    }

    /// Books, and says what became of it. An error is one of the database, which ends the round.
    async fn attempt<const READS: usize>(
        &mut self,
        shop: &str,
        booking: &impl Booking<READS>,
    ) -> Result<Done, Failure> {
        let done = self.book(shop, booking).await;
        self.judge(done)
    }

    async fn book<const READS: usize>(
        &mut self,
        shop: &str,
        booking: &impl Booking<READS>,
    ) -> Result<Done, Failure> {
        let published = load_program(self.env, shop, self.now).await?;
        let Some(rows) = self.read(booking.reads()).await? else {
            return Ok(Done::Later);
        };
        match booking.find(&rows)? {
            Found::Booked(_) => Ok(Done::All),
            Found::Open(known) => {
                let written = booking.decide(&published.program, known, self.now)?;
                self.write(&written.statements).await
            }
        }
    }

    fn judge(&mut self, done: Result<Done, Failure>) -> Result<Done, Failure> {
        match done {
            Ok(done) => Ok(done),
            Err(Failure::Store(error)) if error.is_conflict() => Ok(Done::Later),
            Err(Failure::Store(StoreError::Away(why))) => Err(StoreError::Away(why).into()),
            Err(failure) => {
                crate::tell(&failure);
                self.carried.failed += 1;
                Ok(Done::Failed)
            }
        }
    }

    /// Reads, where so much may still be asked.
    async fn read<const N: usize>(
        &mut self,
        statements: [Statement; N],
    ) -> Result<Option<[D1Rows; N]>, Failure> {
        if !self.may_run(N) {
            return Ok(None);
        }
        let found = self.database.read(statements).await?;
        let found = <[D1Rows; N]>::try_from(found);
        let each = found.map_err(|_| Failure::internal("a batch gave another number of results"));
        each.map(Some)
    }

    /// Writes, where so much may still be asked.
    async fn write(&mut self, statements: &[Statement]) -> Result<Done, Failure> {
        if !self.may_run(statements.len()) {
            return Ok(Done::Later);
        }
        self.database.write(statements).await?;
        Ok(Done::All)
    }

    fn may_run(&mut self, statements: usize) -> bool {
        let left = self.queries_left.checked_sub(statements);
        // What does not fit ends the round: what is cheap does not overtake what is due.
        self.queries_left = left.unwrap_or(0);
        left.is_some()
    }
}
