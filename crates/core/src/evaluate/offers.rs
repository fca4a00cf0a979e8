//! Offers: what each rule, and the member's tier, would give on an occasion, and what comes of it.
//!
//! Owns how offers combine in their groups and how limits cut them. Its invariant: an offer never gives more
//! than its limits leave, and what it loses is told.

use std::cmp::Reverse;

use super::grants;
use super::occasion::Occasion;
use super::shares::{Share, spread, sum};
use super::sheet::{Row, Sheet};
use crate::{
    Cause, Combine, Currency, Decimal, ExactPoints, Giver, Grant, Points, PointsError,
    RoundingScope, Rule,
};

/// What a rule or a tier would give.
struct Offer<'a> {
    giver: Giver,
    cause: Cause,
    /// The rule; `None` for a tier.
    rule: Option<&'a Rule>,
    factor: Option<Decimal>,
    group: Option<usize>,
    priority: i64,
    shares: Vec<Share>,
    /// Why it is lost, where it is.
    lost: Option<Cause>,
}

/// Books the base of the points: what fixed rules say, and for all other lines the rate.
pub(super) fn book_base(
    occasion: &Occasion<'_>,
    sheet: &mut Sheet<'_>,
    campaigns: &mut [Option<ExactPoints>],
) -> Result<(), PointsError> {
    let is_fixed =
        |rule: &Rule| rule.balance.is_none() && matches!(rule.grant, Grant::Fixed { .. });
    let mut fixed = Vec::new();
    for (nth, rule) in rules(occasion, sheet.marks(), is_fixed) {
        if let Some(offer) = offer(occasion, sheet, campaigns, nth, rule)? {
            fixed.push(offer);
        }
    }
    let mut all: Vec<_> = fixed.iter_mut().collect();
    best_per_line(&mut all);
    let rate = occasion.rate();
    if let Some((place, currency, spend)) = rate.and_then(|nth| {
        let rate = occasion.program.rates().get(nth)?;
        Some((nth, rate.currency, rate.spend.as_ref()?))
    }) {
        let gets = |nth: usize| {
            fixed
                .iter()
                .any(|offer| matches!(offer.shares.get(nth), Some(Share::Gets(_))))
        };
        let mut shares = Vec::with_capacity(sheet.rows().len());
        for (nth, row) in sheet.rows().iter().enumerate() {
            let earns = row.counted.earns() && !gets(nth);
            shares.push(Share::of(earns, ExactPoints::ZERO));
        }
        grants::earn(sheet.rows(), &mut shares, currency, spend)?;
        sheet.book_base(Cause::Rate { rate: place }, &shares)?;
    }
    for offer in &mut fixed {
        settle(occasion, sheet, campaigns, offer, true)?;
    }
    Ok(())
}

/// Books everything else that rules give to a balance, `None` for the points.
pub(super) fn book(
    occasion: &Occasion<'_>,
    balance: Option<usize>,
    sheet: &mut Sheet<'_>,
    campaigns: &mut [Option<ExactPoints>],
) -> Result<(), PointsError> {
    let (mut factors, mut others) = (Vec::new(), Vec::new());
    for (nth, rule) in rules(occasion, sheet.marks(), |rule| rule.balance == balance) {
        let list = match rule.grant {
            Grant::Fixed { .. } => continue,
            Grant::Multiply(_) => &mut factors,
            Grant::Bonus { .. } | Grant::Spend(_) => &mut others,
        };
        if let Some(offer) = offer(occasion, sheet, campaigns, nth, rule)? {
            list.push(offer);
        }
    }
    if balance.is_none() {
        factors.extend(offer_of_tier(occasion, sheet)?);
    }
    for (nth, group) in occasion.program.groups().iter().enumerate() {
        let in_group = |offer: &&mut Offer<'_>| offer.group == Some(nth) && offer.lost.is_none();
        let offers = factors.iter_mut().chain(&mut others);
        let mut members: Vec<_> = offers.filter(in_group).collect();
        match group.combine {
            Combine::BestPerLine => best_per_line(&mut members),
            Combine::BestPerOrder => best_per_order(&mut members)?,
            Combine::Multiply => multiply(&mut members, sheet.rows())?,
            Combine::Add => {}
        }
    }
    for offer in factors.iter_mut().chain(&mut others) {
        settle(occasion, sheet, campaigns, offer, false)?;
    }
    Ok(())
}

/// What each campaign may still give, in the program's order.
pub(super) fn left_of_campaigns(occasion: &Occasion<'_>) -> Vec<Option<ExactPoints>> {
    let campaigns = occasion.program.campaigns().iter();
    let left = campaigns.map(|it| occasion.left_of(&it.id, &it.limits));
    left.map(|left| left.map(|points| ExactPoints::whole(points.into())))
        .collect()
}

/// The rules of a kind that apply to this member, order or activity now, and may fit a line with one of these marks,
/// with their places in the program.
fn rules<'a>(
    occasion: &Occasion<'a>,
    marks: u64,
    is_wanted: impl Fn(&Rule) -> bool,
) -> impl Iterator<Item = (usize, &'a Rule)> {
    let campaigns = occasion.program.campaigns();
    let rules = occasion.program.rules().iter().enumerate();
    rules.filter(move |(_, rule)| {
        let campaign = rule.campaign.and_then(|nth| campaigns.get(nth));
        is_wanted(rule)
            && rule.when.may_fit(marks)
            && rule.activity.as_deref() == occasion.activity()
            && campaign.is_none_or(|campaign| campaign.runs_at(occasion.now()))
            && occasion.fits_order(&rule.when)
    })
}

/// What the rule would give; `None` where it touches no line.
fn offer<'a>(
    occasion: &Occasion<'_>,
    sheet: &Sheet<'_>,
    campaigns: &[Option<ExactPoints>],
    nth: usize,
    rule: &'a Rule,
) -> Result<Option<Offer<'a>>, PointsError> {
    let giver = Giver::Rule(nth);
    let rows = sheet.rows();
    let fits = |row: &Row<'_>| {
        rule.when.may_fit(row.marks)
            && row.counted.earns()
            && occasion.fits_line(&rule.when, row.line, row.counted.amount_minor)
    };
    // Most rules fit no line: those cost no memory.
    let Some(first) = rows.iter().position(fits) else {
        return Ok(None);
    };
    let mut shares = Vec::with_capacity(rows.len());
    for (nth, row) in rows.iter().enumerate() {
        let fits = nth == first || (nth > first && fits(row));
        shares.push(Share::of(fits, ExactPoints::ZERO));
    }
    let cause = match &rule.grant {
        Grant::Multiply(factor) => {
            grants::multiply(rows, &mut shares, *factor)?;
            Cause::Multiplier(giver)
        }
        Grant::Bonus { points, per } => {
            grants::give(rows, &mut shares, *points, *per);
            Cause::Bonus { rule: nth }
        }
        Grant::Fixed { points, per } => {
            grants::give(rows, &mut shares, *points, *per);
            Cause::Fixed { rule: nth }
        }
        Grant::Spend(spends) => {
            let known = |currency: Currency| spends.iter().find(|(it, _)| *it == currency);
            let Some((currency, spend)) = occasion.currency.and_then(known) else {
                return Ok(None);
            };
            grants::earn(rows, &mut shares, *currency, spend)?;
            Cause::Bonus { rule: nth }
        }
    };
    let mut offer = Offer {
        giver,
        cause,
        rule: Some(rule),
        factor: rule.grant.factor(),
        group: rule.group,
        priority: rule.priority,
        shares,
        lost: None,
    };
    let spent = |left: Option<ExactPoints>| left.is_some_and(ExactPoints::is_zero);
    let campaign = rule.campaign.and_then(|nth| campaigns.get(nth).copied());
    if occasion.left_of(&rule.id, &rule.limits) == Some(0) || spent(campaign.flatten()) {
        offer.lose(Cause::LimitReached(giver));
    }
    Ok(Some(offer))
}

/// The bonus of the member's tier.
fn offer_of_tier<'a>(
    occasion: &Occasion<'_>,
    sheet: &Sheet<'_>,
) -> Result<Option<Offer<'a>>, PointsError> {
    let hers = occasion
        .tier()
        .and_then(|nth| Some((nth, occasion.program.tiers().get(nth)?)));
    let Some((nth, tier)) = hers.filter(|(_, tier)| tier.factor > Decimal::ONE) else {
        return Ok(None);
    };
    if occasion.currency.is_none() {
        return Ok(None);
    }
    let mut shares = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        shares.push(Share::of(row.counted.earns(), ExactPoints::ZERO));
    }
    grants::multiply(sheet.rows(), &mut shares, tier.factor)?;
    let giver = Giver::Tier(nth);
    Ok(Some(Offer {
        giver,
        cause: Cause::Multiplier(giver),
        rule: None,
        factor: Some(tier.factor),
        group: tier.group,
        priority: 0,
        shares,
        lost: None,
    }))
}

impl Offer<'_> {
    fn lose(&mut self, why: Cause) {
        self.lost = Some(why);
        for share in &mut self.shares {
            self::lose(share);
        }
    }

    fn rank(&self, exact: ExactPoints) -> Rank {
        let place = match self.giver {
            Giver::Rule(nth) => (false, nth),
            Giver::Tier(nth) => (true, nth),
        };
        (self.priority, exact, Reverse(place))
    }

    fn exact_on(&self, row: usize) -> Option<ExactPoints> {
        match self.shares.get(row) {
            Some(Share::Gets(exact)) => Some(*exact),
            _ => None,
        }
    }
}

fn lose(share: &mut Share) {
    if matches!(share, Share::Gets(_)) {
        *share = Share::Lost;
    }
}

/// Which of two offers is better: of the higher priority, that gives more, that the program names first. A
/// tier comes after every rule.
type Rank = (i64, ExactPoints, Reverse<(bool, usize)>);

/// On each line the best offer stays.
fn best_per_line(offers: &mut [&mut Offer<'_>]) {
    let rows = offers.first().map_or(0, |offer| offer.shares.len());
    for row in 0..rows {
        let mut best: Option<Rank> = None;
        for offer in offers.iter() {
            best = best.max(offer.exact_on(row).map(|exact| offer.rank(exact)));
        }
        for offer in offers.iter_mut() {
            let rank = offer.exact_on(row).map(|exact| offer.rank(exact));
            if rank < best
                && let Some(share) = offer.shares.get_mut(row)
            {
                lose(share);
            }
        }
    }
    for offer in offers {
        if offer.shares.contains(&Share::Lost) {
            offer.lost = offer.lost.or(Some(Cause::Outdone(offer.giver)));
        }
    }
}

/// On the whole order the best offer stays.
fn best_per_order(offers: &mut [&mut Offer<'_>]) -> Result<(), PointsError> {
    let mut best: Option<Rank> = None;
    for offer in offers.iter() {
        best = best.max(Some(offer.rank(sum(&offer.shares)?)));
    }
    for offer in offers.iter_mut() {
        if Some(offer.rank(sum(&offer.shares)?)) < best {
            offer.lose(Cause::Outdone(offer.giver));
        }
    }
    Ok(())
}

/// Each factor multiplies what those before it have made of the base; the one that is told gets the
/// difference that it makes.
fn multiply(offers: &mut [&mut Offer<'_>], rows: &[Row<'_>]) -> Result<(), PointsError> {
    for (nth, row) in rows.iter().enumerate() {
        let mut product = row.base;
        for offer in &mut *offers {
            let Some(factor) = offer.factor else { continue };
            if let Some(Share::Gets(exact)) = offer.shares.get_mut(nth) {
                *exact = product.times(factor.above_one())?;
                product = product.checked_add(*exact)?;
            }
        }
    }
    Ok(())
}

/// Rounds the offer as its rule says, cuts it to what its limits leave, and books it.
fn settle(
    occasion: &Occasion<'_>,
    sheet: &mut Sheet<'_>,
    campaigns: &mut [Option<ExactPoints>],
    offer: &mut Offer<'_>,
    is_base: bool,
) -> Result<(), PointsError> {
    if let Some(rounding) = offer.rule.and_then(|rule| rule.rounding) {
        let total = rounding.round(sum(&offer.shares)?)?;
        offer.shares = spread(&sheet.ids(), &offer.shares, total, true)?;
    }
    let campaign = offer
        .rule
        .and_then(|rule| campaigns.get_mut(rule.campaign?))
        .and_then(Option::as_mut);
    let of_rule = offer
        .rule
        .and_then(|rule| occasion.left_of(&rule.id, &rule.limits));
    let of_rule = of_rule.map(|points| ExactPoints::whole(points.into()));
    let of_campaign = campaign.as_deref().copied();
    let is_limited = of_rule.is_some() || of_campaign.is_some();
    let program = occasion.program;
    if is_limited && program.rounding_scope() == RoundingScope::Line {
        // Whole now, or rounding each line at the end would lift it above its limit.
        for share in &mut offer.shares {
            if let Share::Gets(exact) = share {
                *exact = program.rounding().round(*exact)?.into();
            }
        }
    }
    let given = if is_base {
        sheet.book_base(offer.cause, &offer.shares)?
    } else {
        sheet.book(offer.cause, &offer.shares)?
    };
    let left = match (of_rule, of_campaign) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let mut kept = given;
    if let Some(left) = left.filter(|left| *left < given) {
        // Down to whole points: what is left of a campaign may be a fraction.
        let whole = Points::new(i64::try_from(left.split().0).map_err(|_| PointsError)?)?;
        let kept_shares = spread(&sheet.ids(), &offer.shares, whole, false)?;
        let mut taken = Vec::with_capacity(kept_shares.len());
        for (kept, share) in kept_shares.iter().zip(&offer.shares) {
            taken.push(match share {
                Share::Gets(exact) => Share::Gets(kept.exact().checked_sub(*exact)?),
                other => *other,
            });
        }
        sheet.book(Cause::Capped(Some(offer.giver)), &taken)?;
        if is_base {
            sheet.set_base(&kept_shares);
        }
        kept = whole.into();
    }
    if let Some(campaign) = campaign {
        *campaign = campaign.checked_sub(kept)?;
    }
    match offer.lost {
        Some(why) => sheet.tell_lost(why, &offer.shares),
        None => Ok(()),
    }
}
