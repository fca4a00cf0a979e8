//! Planning: the whole of writing.
//!
//! A command becomes the entries to append and the snapshot after them, or a refusal. A shell stores a
//! plan whole or not at all. Its invariant: the snapshot's balance is the old one plus the entries.

mod achieve;
mod adjust;
#[cfg(all(test, feature = "compile"))]
mod between_tests;
#[cfg(all(test, feature = "compile"))]
mod day_tests;
mod draft;
mod gift;
#[cfg(all(test, feature = "compile"))]
mod gift_tests;
#[cfg(all(test, feature = "compile"))]
mod life_tests;
mod merge;
#[cfg(all(test, feature = "compile"))]
mod merge_tests;
#[cfg(all(test, feature = "compile"))]
mod partner_tests;
mod redeem;
mod refusal;
mod restore;
#[cfg(all(test, feature = "compile"))]
mod restore_tests;
mod rule_gift;
#[cfg(all(test, feature = "compile"))]
mod rule_gift_tests;
mod sent;
mod settle;
#[cfg(all(test, feature = "compile"))]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod story;
mod surprise;
mod tally;
#[cfg(all(test, feature = "compile"))]
mod tests;
#[cfg(all(test, feature = "compile"))]
mod tier_tests;
mod transfer;
mod trial;

pub(crate) use self::draft::matures_on_its_day;
use self::draft::{Draft, Terms, Why};
pub use self::gift::{Given, Present};
pub use self::refusal::Refusal;
pub use self::sent::GivenFor;
pub use self::settle::due_at;
use crate::evaluate::gifts_of_order;
use crate::limits::MAX_ID_BYTES;
use crate::partner::OfPartner;
use crate::refund::{TakenBack, own_currency};
use crate::reward::{Gift, Taken};
use crate::surprise::Drawn;
use crate::telling::tell;
use crate::{
    Activity, Bargain, Cart, CreditEntry, Earning, Entry, EntryKind, Event, Lot,
    ON_ACCOUNT_CREATED, Points, Program, Snapshot, Timestamp, evaluate_activity,
};

/// What somebody asks to be written.
#[derive(Clone, Copy, Debug)]
pub enum Command<'a> {
    /// Somebody joins.
    Enrol {
        /// The id that the new member gets.
        member_id: &'a str,
    },
    /// An order was paid.
    Earn {
        /// The shop's id of the order.
        order_id: &'a str,
        /// What was bought.
        cart: &'a Cart,
        /// When it was placed: what it was evaluated at.
        placed_at: Timestamp,
        /// What [`evaluate`](crate::evaluate()) says that it earns.
        earning: &'a Earning,
        /// The redemptions that it was paid with.
        redemptions: &'a [Redeeming<'a>],
        /// What was drawn for it: nothing for a surprise whose seed is not to be had.
        draws: &'a [Drawn<'a>],
    },
    /// A member did something.
    Act {
        /// What she did.
        activity: &'a Activity,
        /// When: what it was evaluated at.
        occurred_at: Timestamp,
        /// What [`evaluate_activity()`](crate::evaluate_activity()) says that it earns.
        earning: &'a Earning,
    },
    /// A person gives or takes points.
    Adjust {
        /// Names the adjustment, so that a second delivery is one.
        key: &'a str,
        /// What to add; negative to take away.
        points: i64,
        /// Why.
        reason: &'a str,
        /// Who decided it, where that is told: staff, or a system.
        by: Option<&'a str>,
    },
    /// An order was sent back, or a part of it.
    Refund {
        /// The shop's id of the refund.
        refund_id: &'a str,
        /// What [`take_back`](crate::refund::take_back) says that it takes back and gives back.
        taken_back: &'a TakenBack,
    },
    /// Points are held for rewards.
    Reserve {
        /// The shop's id of the redemption.
        redemption_id: &'a str,
        /// What [`take`](crate::reward::take) says that it costs.
        taken: &'a Taken<'a>,
        /// What [`tender`](crate::reward::tender) says that is paid with besides.
        tenders: &'a [(String, i64)],
    },
    /// What is held is spent, without an order.
    Commit {
        /// The id of the redemption.
        redemption_id: &'a str,
        /// The partner for whose order it was asked.
        partner: Option<&'a OfPartner>,
    },
    /// What is held is free again.
    Release {
        /// The id of the redemption.
        redemption_id: &'a str,
    },
    /// Time has passed: what it alone does is booked.
    Settle,
    /// The shop invites her to a tier, or takes that back.
    Invite {
        /// The id of the tier; `None` for none.
        tier: Option<&'a str>,
    },
    /// She tries the membership. While her trial lasts this changes nothing.
    StartTrial,
    /// A member is given something for what she or somebody else did.
    Give {
        /// The kind of the entry.
        kind: EntryKind,
        /// What it is booked for: a shop gives for it once.
        source: &'a str,
        /// The id of what gives it.
        giver: &'a str,
        /// What.
        gift: &'a Gift,
        /// The order that it is given for, where it is one.
        order: Option<GivenFor>,
    },
    /// What a member was given for an order goes back with it.
    TakeGift {
        /// What it is booked for.
        source: &'a str,
        /// Points that she was given.
        points: i64,
        /// Money that was booked to her, by the id of the balance, in minor units.
        credits: &'a [(String, i64)],
        /// The order.
        order: GivenFor,
    },
    /// A member gives points to another one.
    TransferOut {
        /// Names the transfer.
        transfer_id: &'a str,
        /// Points, 1 or more.
        points: i64,
        /// Whether the other one is of her household.
        is_of_household: bool,
    },
    /// A member is given points by another one.
    TransferIn {
        /// Names the transfer.
        transfer_id: &'a str,
        /// What was taken from the other.
        lots: &'a [Lot],
    },
    /// Two members turn out to be one: this one is emptied.
    MergeOut {
        /// The id of the member who is emptied.
        member_id: &'a str,
    },
    /// Two members turn out to be one: this one takes over what the other was.
    MergeIn {
        /// The id of the member who was emptied.
        member_id: &'a str,
        /// The other as she was when she was emptied, with everything that was hers.
        other: &'a Snapshot,
    },
}

/// A redemption that an order was paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeeming<'a> {
    /// Its id.
    pub id: &'a str,
    /// The points that were held for it: what it costs, where they are held no more.
    pub points: i64,
    /// The ids of its rewards.
    pub rewards: &'a [String],
    /// What was agreed on them.
    pub bargain: &'a Bargain,
    /// Whether it was given to her: then it cost nothing, and its reward was counted when it was given.
    pub is_gift: bool,
}

/// What to write: all of it, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The entries to append, in order. An order that earns nothing has none.
    pub entries: Vec<Entry>,
    /// The entries to append to balances of money, in order.
    pub credits: Vec<CreditEntry>,
    /// What to add to what all members have had of budgets: a holder's id, points, and its budget. No more
    /// than the budget may be stored.
    pub budgets: Vec<BudgetUse>,
    /// The lots that a reservation, a redemption or a transfer took: what may come back, or goes on.
    pub drawn: Vec<Lot>,
    /// What she was given for nothing. A shell tells of each, and keeps each reward as a redemption of hers.
    pub gifts: Vec<Given>,
    /// What her shop wants to hear of.
    pub events: Vec<Event>,
    /// The member after them.
    pub snapshot: Snapshot,
}

impl Plan {
    /// This plan, and another one that was made for the member after it, as one.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.entries.extend(next.entries);
        self.credits.extend(next.credits);
        self.budgets.extend(next.budgets);
        self.drawn.extend(next.drawn);
        self.gifts.extend(next.gifts);
        self.events.extend(next.events);
        self.snapshot = next.snapshot;
        self
    }
}

/// What a plan takes from a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetUse {
    /// The id of the rule or campaign whose budget it is.
    pub holder: String,
    /// Points that are taken from it; of a reward, how often it is taken. Negative where it is given back.
    pub points: i64,
    /// Points that all may take together.
    pub budget: i64,
}

/// Turns a command into what is to be written at `now`. `member` is `None` for somebody unknown; for who joins
/// it may be a snapshot that says no more than what all members have had of budgets.
///
/// # Errors
/// The refusal, where a rule says no; then nothing is to be written.
pub fn plan(
    program: &Program,
    member: Option<&Snapshot>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    plan_under(program, program, member, command, now)
}

/// The same, where another program decides what an order earns: that of its quote, or the one that told a guest what
/// it is worth. What it earned counts on the way to the tiers of the one in force, whatever the other's go by.
///
/// # Errors
/// The refusal, where a rule says no; then nothing is to be written.
pub fn plan_under(
    program: &Program,
    decided_by: &Program,
    member: Option<&Snapshot>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    if let Command::Enrol { member_id } = command {
        return plan_enrol(program, member, member_id, now);
    }
    let member = member.ok_or(Refusal::NotEnrolled)?;
    write(program, decided_by, member.clone(), command, now)
}

/// The same for a member who is handed over, where nobody needs her as she was.
///
/// # Errors
/// The refusal, where a rule says no; then nothing is to be written.
pub fn plan_onto(
    program: &Program,
    member: Snapshot,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    write(program, program, member, command, now)
}

fn write(
    program: &Program,
    decided_by: &Program,
    member: Snapshot,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    let mut draft = Draft::on(member, program, now);
    draft.settle()?;
    match command {
        Command::Enrol { .. } => return Err(Refusal::AlreadyEnrolled),
        Command::Settle => {}
        Command::Invite { tier } => {
            draft.plan.snapshot.standing.invited = tier.map(str::to_owned);
        }
        Command::StartTrial => draft.start_trial()?,
        Command::Earn {
            order_id,
            cart,
            placed_at,
            earning,
            redemptions,
            draws,
        } => {
            let order_id = checked_key(order_id)?;
            let partner = OfPartner::of(cart);
            for redeeming in redemptions {
                draft.redeem(redeeming, (partner.as_ref(), decided_by.reference()))?;
            }
            draft.program = decided_by;
            let gifts = gifts_of_order(decided_by, &draft.plan.snapshot, cart, placed_at);
            draft.earn(order_id, cart, placed_at, earning)?;
            // At once: a source has one entry of a kind, which nothing comes between.
            let terms = draft.terms_of_order(placed_at, own_currency(cart));
            draft.give_by_rules((EntryKind::Earn, order_id, terms).into(), &gifts, placed_at)?;
            program.settle_tier(&mut draft.plan.snapshot, earning, placed_at, now);
            draft.achieve_by_order(order_id, cart, placed_at, earning)?;
            draft.surprise(order_id, cart, placed_at, earning, draws)?;
            draft.program = program;
            draft.repay()?;
        }
        Command::Act {
            activity,
            occurred_at,
            earning,
        } => {
            draft.do_activity(activity, occurred_at, earning)?;
            draft.repay()?;
        }
        Command::Adjust {
            key,
            points,
            reason,
            by,
        } => {
            draft.adjust(key, points, reason, by)?;
            draft.repay()?;
        }
        Command::Refund {
            refund_id,
            taken_back,
        } => draft.refund(checked_key(refund_id)?, taken_back)?,
        Command::Reserve {
            redemption_id,
            taken,
            tenders,
        } => draft.reserve(checked_key(redemption_id)?, taken, tenders)?,
        Command::Commit {
            redemption_id,
            partner,
        } => draft.commit(redemption_id, partner)?,
        Command::Release { redemption_id } => draft.release(redemption_id)?,
        Command::Give {
            kind,
            source,
            giver,
            gift,
            order,
        } => draft.give_one((kind, checked_key(source)?), giver, gift, order)?,
        Command::TakeGift {
            source,
            points,
            credits,
            order,
        } => draft.take_gift(checked_key(source)?, (points, credits), order)?,
        Command::TransferOut {
            transfer_id,
            points,
            is_of_household,
        } => draft.transfer_out(checked_key(transfer_id)?, points, is_of_household)?,
        Command::TransferIn { transfer_id, lots } => {
            draft.transfer_in(checked_key(transfer_id)?, lots)?;
        }
        Command::MergeOut { member_id } => draft.merge_out(checked_key(member_id)?)?,
        Command::MergeIn { member_id, other } => {
            draft.merge_in(checked_key(member_id)?, other)?;
        }
    }
    Ok(draft.finish())
}

fn plan_enrol(
    program: &Program,
    member: Option<&Snapshot>,
    member_id: &str,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    if member.is_some_and(|member| member.seq > 0 || member.joined_at.is_some()) {
        return Err(Refusal::AlreadyEnrolled);
    }
    let member_id = checked_key(member_id)?;
    let newcomer = Snapshot {
        member_id: member_id.to_owned(),
        joined_at: Some(now),
        budgets: member.map_or_else(Vec::new, |member| member.budgets.clone()),
        ..program.newcomer()
    };
    let mut draft = Draft::on(newcomer, program, now);
    draft.settle()?;
    let welcome = program.welcome(now);
    if welcome > Points::ZERO {
        let terms = draft.terms(now, None);
        draft.gain(
            EntryKind::Welcome,
            welcome,
            member_id,
            terms,
            Why::default(),
        )?;
    }
    // Not the bare member's id: a shop may well report an activity under that.
    let id = tell(&[ON_ACCOUNT_CREATED, ":", member_id]);
    let kind = ON_ACCOUNT_CREATED.to_owned();
    let joined = Activity::new(id, kind, Vec::new(), 1).map_err(|_| Refusal::KeyUnusable)?;
    let earning = evaluate_activity(program, &draft.plan.snapshot, &joined, now)?;
    draft.do_activity(&joined, now, &earning)?;
    Ok(draft.finish())
}

fn checked_key(key: &str) -> Result<&str, Refusal> {
    if (1..=MAX_ID_BYTES).contains(&key.len()) {
        Ok(key)
    } else {
        Err(Refusal::KeyUnusable)
    }
}
