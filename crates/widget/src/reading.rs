//! From a tape to the documents of the wire: carts, members, programs.
//!
//! Owns the order of the fields, which is that of the shapes in `tape.js`, and nothing else: what a
//! value means is checked where the document becomes a cart or a program.

use earnest_core::wire::{
    BalanceDocument, BandDocument, ByCurrency, CampaignDocument, CartDocument, CombineName,
    DecimalText, EarnDocument, ExclusionDocument, GrantDocument, GrantScopeName, GroupDocument,
    LimitsDocument, LineDocument, PointsWordDocument, ProgramDocument, RangeDocument, RateDocument,
    RoundingName, RoundingScopeName, RuleDocument, SnapshotDocument, SpendDocument,
    StandingDocument, StepDocument, TestDocument, TierDocument, TiersByDocument, UsageDocument,
};

use crate::tape::Tape;

pub(crate) fn cart(tape: &mut Tape<'_>) -> CartDocument {
    CartDocument {
        currency: tape.text(),
        prices_include_tax: tape.flag(),
        lines: tape.list(line),
        discount: text(tape),
        shipping: text(tape),
        shipping_tax: text(tape),
        payment_method: text(tape),
        channel: text(tape),
        location: text(tape),
        partner: text(tape),
        coupons: tape.texts(),
    }
}

fn line(tape: &mut Tape<'_>) -> LineDocument {
    LineDocument {
        id: tape.text(),
        product: tape.text(),
        categories: tape.texts(),
        tags: tape.texts(),
        brand: text(tape),
        vendor: text(tape),
        quantity: count(tape),
        unit_price: tape.text(),
        discount: text(tape),
        tax: text(tape),
    }
}

/// A member, or nothing for somebody who is none.
pub(crate) fn member(tape: &mut Tape<'_>) -> Option<SnapshotDocument> {
    tape.maybe(|tape| SnapshotDocument {
        tier: text(tape),
        balance_points: tape.whole(),
        earned_points: tape.whole(),
        standing: standing(tape),
        credits: tape.list(named_number),
        orders: count(tape),
        last_order_at: whole(tape),
        joined_at: whole(tape),
        birthday: text(tape),
        segments: tape.texts(),
        tags: tape.texts(),
        paid_until: whole(tape),
        usage: tape.list(usage),
        budgets: tape.list(named_number),
        ..SnapshotDocument::default()
    })
}

/// Somebody without one has the default.
fn standing(tape: &mut Tape<'_>) -> StandingDocument {
    let standing = tape.maybe(|tape| StandingDocument {
        basis: tape.text(),
        period: tape.whole(),
        buckets: tape.list(two_numbers),
        invited: text(tape),
    });
    standing.unwrap_or_default()
}

fn usage(tape: &mut Tape<'_>) -> UsageDocument {
    UsageDocument {
        holder: tape.text(),
        day: tape.whole(),
        day_points: tape.whole(),
        month_points: tape.whole(),
        points: tape.whole(),
        times: tape.whole(),
    }
}

pub(crate) fn program(tape: &mut Tape<'_>) -> ProgramDocument {
    ProgramDocument {
        version: count(tape),
        name: tape.text(),
        digest: tape.text(),
        points: PointsWordDocument {
            one: tape.text(),
            other: tape.text(),
            worth: by_currency(tape),
        },
        starts_at: whole(tape),
        ends_at: whole(tape),
        offsets: tape.list(two_numbers),
        earn: earn(tape),
        welcome_points: tape.whole(),
        balances: tape.list(balance),
        tiers_by: tape.maybe(tiers_by),
        tiers: tape.list(tier),
        exclusions: tape.list(exclusion),
        campaigns: tape.list(campaign),
        groups: tape.list(group),
        rules: tape.list(rule),
        // What a preview does not need stays out of the tape.
        ..ProgramDocument::default()
    }
}

fn earn(tape: &mut Tape<'_>) -> EarnDocument {
    EarnDocument {
        rates: tape.list(rate),
        include_tax: tape.flag(),
        include_shipping: tape.flag(),
        rounding: rounding(tape),
        round_per: tape.one_of([RoundingScopeName::Line, RoundingScopeName::Order]),
        limits: limits(tape),
    }
}

fn rate(tape: &mut Tape<'_>) -> RateDocument {
    RateDocument {
        currency: tape.text(),
        partner: text(tape),
        label: tape.text(),
        spend: tape.maybe(spend),
        minimum_order_minor: whole(tape),
    }
}

fn spend(tape: &mut Tape<'_>) -> SpendDocument {
    SpendDocument {
        currency: tape.text(),
        per_unit: tape.maybe(decimal),
        per_step: tape.maybe(|tape| StepDocument {
            every_minor: tape.whole(),
            points: tape.whole(),
        }),
        bands: tape.list(|tape| BandDocument {
            up_to_minor: whole(tape),
            points: tape.whole(),
        }),
    }
}

fn rounding(tape: &mut Tape<'_>) -> RoundingName {
    tape.one_of([
        RoundingName::Floor,
        RoundingName::Ceil,
        RoundingName::HalfUp,
        RoundingName::HalfEven,
    ])
}

fn limits(tape: &mut Tape<'_>) -> Option<LimitsDocument> {
    tape.maybe(|tape| LimitsDocument {
        per_order: whole(tape),
        per_day: whole(tape),
        per_month: whole(tape),
        per_member: whole(tape),
        budget: whole(tape),
        times: whole(tape),
        cooldown_days: whole(tape),
    })
}

fn balance(tape: &mut Tape<'_>) -> BalanceDocument {
    BalanceDocument {
        id: tape.text(),
        name: tape.text(),
        currency: tape.text(),
    }
}

fn tiers_by(tape: &mut Tape<'_>) -> TiersByDocument {
    TiersByDocument {
        what: tape.text(),
        period: tape.text(),
        starts: tape.maybe(two_numbers),
        ends_with_period: tape.flag(),
        grace_days: tape.whole(),
        soft_landing: tape.flag(),
    }
}

fn tier(tape: &mut Tape<'_>) -> TierDocument {
    TierDocument {
        id: tape.text(),
        name: tape.text(),
        label: tape.text(),
        from_points: whole(tape),
        from: whole(tape),
        multiplier: tape.maybe(decimal),
        group: place(tape),
        ..TierDocument::default()
    }
}

fn exclusion(tape: &mut Tape<'_>) -> ExclusionDocument {
    ExclusionDocument {
        id: tape.text(),
        label: tape.text(),
        when: tape.list(test),
    }
}

fn campaign(tape: &mut Tape<'_>) -> CampaignDocument {
    CampaignDocument {
        id: tape.text(),
        label: tape.text(),
        from: whole(tape),
        until: whole(tape),
        limits: limits(tape),
    }
}

fn group(tape: &mut Tape<'_>) -> GroupDocument {
    GroupDocument {
        id: tape.text(),
        combine: tape.one_of([
            CombineName::BestPerLine,
            CombineName::BestPerOrder,
            CombineName::Add,
            CombineName::Multiply,
        ]),
    }
}

fn rule(tape: &mut Tape<'_>) -> RuleDocument {
    RuleDocument {
        id: tape.text(),
        label: tape.text(),
        on: text(tape),
        when: tape.list(test),
        grant: grant(tape),
        balance: place(tape),
        group: place(tape),
        priority: tape.whole(),
        campaign: place(tape),
        rounding: tape.maybe(rounding),
        limits: limits(tape),
    }
}

fn grant(tape: &mut Tape<'_>) -> GrantDocument {
    GrantDocument {
        multiply: tape.maybe(decimal),
        bonus: whole(tape),
        fixed: whole(tape),
        per: tape.maybe(|tape| {
            tape.one_of([
                GrantScopeName::Item,
                GrantScopeName::Line,
                GrantScopeName::Order,
            ])
        }),
        spend: tape.list(spend),
    }
}

fn test(tape: &mut Tape<'_>) -> TestDocument {
    TestDocument {
        fact: tape.text(),
        not: tape.flag(),
        any_of: tape.texts(),
        within: tape.list(|tape| RangeDocument {
            currency: text(tape),
            from: whole(tape),
            to: whole(tape),
            step: whole(tape),
        }),
    }
}

fn text(tape: &mut Tape<'_>) -> Option<String> {
    tape.maybe(Tape::text)
}

fn whole(tape: &mut Tape<'_>) -> Option<i64> {
    tape.maybe(Tape::whole)
}

fn count(tape: &mut Tape<'_>) -> u32 {
    u32::try_from(tape.whole()).unwrap_or(0)
}

/// The place of something else in the program.
fn place(tape: &mut Tape<'_>) -> Option<u32> {
    tape.maybe(count)
}

fn two_numbers(tape: &mut Tape<'_>) -> (i64, i64) {
    (tape.whole(), tape.whole())
}

fn named_number(tape: &mut Tape<'_>) -> (String, i64) {
    (tape.text(), tape.whole())
}

fn by_currency(tape: &mut Tape<'_>) -> ByCurrency {
    let numbers = tape.list(|tape| (tape.text(), decimal(tape)));
    numbers.into_iter().collect()
}

/// What is no decimal was refused where the tape was written.
fn decimal(tape: &mut Tape<'_>) -> DecimalText {
    let number: Option<earnest_core::Decimal> = tape.str().parse().ok();
    DecimalText(number.unwrap_or(0.into()).normalize())
}

#[cfg(test)]
mod tests;
