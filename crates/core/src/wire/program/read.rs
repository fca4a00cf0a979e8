//! From a published document to a program.
//!
//! What is published was checked, problem by problem, when it was compiled; here only what cannot be
//! represented is refused, in few words, because every shopper's browser carries this code.

use std::mem::take;

use super::challenge::challenge;
use super::competition::competition;
use super::custody::custody;
use super::membership::membership;
use super::tier::{tier, tier_rules};
use super::{
    BalanceDocument, CampaignDocument, CombineName, ExclusionDocument, GrantDocument,
    GroupDocument, JoiningName, LimitsDocument, ProgramDocument, RangeDocument, RateDocument,
    RuleDocument, RuleGiftDocument, SpendDocument, TestDocument,
};
use crate::custody::Custody;
use crate::lifetime::{Expiry, Pending};
use crate::partner::Partner;
use crate::referral::Referral;
use crate::reward::{Gift, Reward};
use crate::surprise::Surprise;
use crate::telling::tell;
use crate::wire::DecimalText;
use crate::{
    Balance, Band, Calendar, Campaign, Combine, Condition, Counts, Currency, Decimal, Exclusion,
    Fact, Grant, GrantScope, Group, Limits, Money, Points, PointsWord, Program, ProgramRef, Range,
    Rate, Rounding, Rule, RuleGift, Spend, Test, Timestamp,
};

/// A document that is no program: it was not compiled, or by an engine that knows more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct UnreadableProgram(pub(in crate::wire) &'static str);

impl UnreadableProgram {
    /// What is wrong.
    #[must_use]
    pub fn message(self) -> String {
        tell(&["the published program cannot be read: ", self.0])
    }
}

pub(super) type Read<T> = Result<T, UnreadableProgram>;

impl TryFrom<ProgramDocument> for Program {
    type Error = UnreadableProgram;

    fn try_from(mut document: ProgramDocument) -> Read<Self> {
        let challenges = all(take(&mut document.challenges), challenge)?;
        let rule_gifts = all(take(&mut document.rule_gifts), rule_gift)?;
        let competitions = all(take(&mut document.competitions), competition)?;
        let rewards = all(take(&mut document.rewards), Reward::try_from)?;
        let referral = document.referral.take().map(Referral::try_from);
        let surprises = all(take(&mut document.surprises), Surprise::try_from)?;
        let partners = all(take(&mut document.partners), Partner::try_from)?;
        let membership = document.membership.take().map(membership);
        let pending = document
            .pending
            .map_or_else(Pending::default, Pending::from);
        let expiry = document.expiry.map_or_else(Expiry::default, Expiry::from);
        let custody = custody(&document);
        Ok(Self {
            rule_gifts,
            challenges,
            competitions,
            rewards,
            referral: referral.transpose()?,
            surprises,
            partners,
            membership: membership.transpose()?,
            pending,
            expiry,
            custody,
            ..Self::for_earning(document)?
        })
    }
}

impl Program {
    /// What earning takes of a program, and nothing else: what a shopper's browser reads. What members do with
    /// their points, and what friends, challenges and surprises give, is left out.
    ///
    /// # Errors
    /// When the document is no program.
    pub fn for_earning(document: ProgramDocument) -> Result<Self, UnreadableProgram> {
        let worth = document.points.worth;
        let mut rates = Vec::with_capacity(document.earn.rates.len());
        for of_currency in document.earn.rates {
            let worth = worth.get(&of_currency.currency).map(|worth| worth.0);
            rates.push(rate(of_currency, worth)?);
        }
        let mut changes = Vec::with_capacity(document.offsets.len());
        for (from, minutes) in document.offsets {
            changes.push((Timestamp::from_millis(from), minutes));
        }
        Ok(Self {
            reference: ProgramRef {
                version: document.version,
                digest: document.digest,
            },
            name: document.name,
            word: PointsWord {
                one: document.points.one,
                other: document.points.other,
            },
            starts_at: document.starts_at.map(Timestamp::from_millis),
            ends_at: document.ends_at.map(Timestamp::from_millis),
            calendar: Calendar::new(changes),
            rates,
            counts: Counts {
                tax: document.earn.include_tax,
                shipping: document.earn.include_shipping,
            },
            rounding: document.earn.rounding.into(),
            rounding_scope: document.earn.round_per.into(),
            limits: limits(document.earn.limits),
            welcome: points(document.welcome_points)?,
            is_joining_automatic: document.joining == JoiningName::Automatic,
            balances: all(document.balances, balance)?,
            tier_rules: tier_rules(document.tiers_by)?,
            tiers: all(document.tiers, tier)?,
            exclusions: all(document.exclusions, exclusion)?,
            campaigns: all(document.campaigns, |it| Ok(campaign(it)))?,
            groups: all(document.groups, |it| Ok(group(it)))?,
            rules: all(document.rules, rule)?,
            rule_gifts: Vec::new(),
            membership: None,
            challenges: Vec::new(),
            competitions: Vec::new(),
            rewards: Vec::new(),
            referral: None,
            surprises: Vec::new(),
            partners: Vec::new(),
            pending: Pending::default(),
            expiry: Expiry::default(),
            custody: Custody::default(),
        })
    }
}

/// By a loop: to collect results into a list is several times the code, once for each kind of thing.
pub(super) fn all<D, T>(documents: Vec<D>, read: fn(D) -> Read<T>) -> Read<Vec<T>> {
    let mut things = Vec::with_capacity(documents.len());
    for document in documents {
        things.push(read(document)?);
    }
    Ok(things)
}

fn rate(document: RateDocument, worth: Option<Decimal>) -> Read<Rate> {
    let currency = currency(&document.currency)?;
    let minimum = document.minimum_order_minor;
    let minimum = minimum.map(|minor| Money::from_minor(minor, currency));
    let spend = document.spend.map(spend).transpose()?;
    Ok(Rate {
        currency,
        partner: document.partner,
        label: document.label,
        spend: spend.map(|(_, spend)| spend),
        minimum_order: minimum
            .transpose()
            .map_err(|_| UnreadableProgram("a minimum"))?,
        worth,
    })
}

fn spend(document: SpendDocument) -> Read<(Currency, Spend)> {
    let spend = match (document.per_unit, document.per_step) {
        (Some(DecimalText(per_unit)), _) => Spend::PerUnit(per_unit),
        (None, Some(step)) => Spend::PerStep {
            every_minor: step.every_minor,
            points: points(step.points)?,
        },
        (None, None) => Spend::Bands(all(document.bands, |band| {
            Ok(Band {
                up_to_minor: band.up_to_minor,
                points: points(band.points)?,
            })
        })?),
    };
    Ok((currency(&document.currency)?, spend))
}

fn balance(document: BalanceDocument) -> Read<Balance> {
    Ok(Balance {
        currency: currency(&document.currency)?,
        id: document.id,
        name: document.name,
    })
}

fn exclusion(document: ExclusionDocument) -> Read<Exclusion> {
    Ok(Exclusion {
        id: document.id,
        label: document.label,
        when: condition(document.when)?,
    })
}

fn campaign(document: CampaignDocument) -> Campaign {
    Campaign {
        id: document.id,
        label: document.label,
        from: document.from.map(Timestamp::from_millis),
        until: document.until.map(Timestamp::from_millis),
        limits: limits(document.limits),
    }
}

fn group(document: GroupDocument) -> Group {
    let combine = match document.combine {
        CombineName::BestPerLine => Combine::BestPerLine,
        CombineName::BestPerOrder => Combine::BestPerOrder,
        CombineName::Add => Combine::Add,
        CombineName::Multiply => Combine::Multiply,
    };
    Group {
        id: document.id,
        combine,
    }
}

fn rule(document: RuleDocument) -> Read<Rule> {
    Ok(Rule {
        id: document.id,
        label: document.label,
        activity: document.on,
        when: condition(document.when)?,
        grant: grant(document.grant)?,
        balance: place(document.balance),
        group: place(document.group),
        priority: document.priority,
        campaign: place(document.campaign),
        rounding: document.rounding.map(Rounding::from),
        limits: limits(document.limits),
    })
}

fn rule_gift(document: RuleGiftDocument) -> Read<RuleGift> {
    Ok(RuleGift {
        id: document.id,
        label: document.label,
        activity: document.on,
        when: condition(document.when)?,
        campaign: place(document.campaign),
        gift: Gift::Reward(document.reward),
        limits: limits(document.limits),
    })
}

fn condition(documents: Vec<TestDocument>) -> Read<Condition> {
    all(documents, test).map(Condition::new)
}

fn test(document: TestDocument) -> Read<Test> {
    // Evaluated without knowing what is asked, a rule would give where it must not.
    let fact = Fact::parse(&document.fact).ok_or(UnreadableProgram("a fact"))?;
    Ok(if document.within.is_empty() {
        Test::Text {
            fact,
            not: document.not,
            texts: document.any_of,
        }
    } else {
        Test::Number {
            fact,
            ranges: all(document.within, range)?,
        }
    })
}

fn range(document: RangeDocument) -> Read<Range> {
    let code = document.currency.map(|code| currency(&code));
    Ok(Range {
        currency: code.transpose()?,
        from: document.from.unwrap_or(i64::MIN),
        to: document.to.unwrap_or(i64::MAX),
        step: document.step.unwrap_or(1),
    })
}

fn grant(document: GrantDocument) -> Read<Grant> {
    let per = document.per.map_or(GrantScope::Order, GrantScope::from);
    if let Some(DecimalText(factor)) = document.multiply {
        return Ok(Grant::Multiply(factor));
    }
    Ok(match (document.bonus, document.fixed) {
        (Some(bonus), _) => Grant::Bonus {
            points: points(bonus)?,
            per,
        },
        (None, Some(fixed)) => Grant::Fixed {
            points: points(fixed)?,
            per,
        },
        (None, None) => Grant::Spend(all(document.spend, spend)?),
    })
}

fn limits(document: Option<LimitsDocument>) -> Limits {
    let document = document.unwrap_or_default();
    Limits {
        per_order: document.per_order,
        per_day: document.per_day,
        per_month: document.per_month,
        per_year: document.per_year,
        per_member: document.per_member,
        budget: document.budget,
        times: document.times,
        cooldown_days: document.cooldown_days,
    }
}

pub(super) fn place(nth: Option<u32>) -> Option<usize> {
    nth.and_then(|nth| usize::try_from(nth).ok())
}

pub(super) fn currency(code: &str) -> Read<Currency> {
    Currency::parse(code).map_err(|_| UnreadableProgram("a currency"))
}

pub(super) fn points(count: i64) -> Read<Points> {
    let points = Points::new(count)
        .ok()
        .filter(|points| *points >= Points::ZERO);
    points.ok_or(UnreadableProgram("a number of points"))
}
