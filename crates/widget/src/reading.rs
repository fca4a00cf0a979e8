//! From a tape to the documents of the wire: carts, members, programs.
//!
//! Owns the order of the fields, which is that of the shapes in `tape.js`, and nothing else: what a
//! value means is checked where the document becomes a cart or a program.

use earnest_core::wire::{
    BonusScopeName, ByCurrency, CartDocument, ConditionDocument, DecimalText, EarnDocument,
    ExclusionDocument, GrantDocument, LineDocument, PointsWordDocument, ProgramDocument,
    RoundingName, RoundingScopeName, RuleDocument, SnapshotDocument, TierDocument,
};

use crate::tape::Tape;

pub(crate) fn cart(tape: &mut Tape<'_>) -> CartDocument {
    CartDocument {
        currency: tape.text(),
        prices_include_tax: tape.flag(),
        lines: tape.list(line),
        discount: tape.maybe(Tape::text),
        shipping: tape.maybe(Tape::text),
        shipping_tax: tape.maybe(Tape::text),
    }
}

fn line(tape: &mut Tape<'_>) -> LineDocument {
    LineDocument {
        id: tape.text(),
        product: tape.text(),
        categories: tape.texts(),
        tags: tape.texts(),
        quantity: u32::try_from(tape.whole()).unwrap_or(0),
        unit_price: tape.text(),
        discount: tape.maybe(Tape::text),
        tax: tape.maybe(Tape::text),
    }
}

/// A member, or nothing for somebody who is none.
pub(crate) fn member(tape: &mut Tape<'_>) -> Option<SnapshotDocument> {
    tape.maybe(|tape| SnapshotDocument {
        tier: tape.maybe(Tape::text),
        balance_points: tape.whole(),
        earned_points: tape.whole(),
    })
}

pub(crate) fn program(tape: &mut Tape<'_>) -> ProgramDocument {
    ProgramDocument {
        version: u32::try_from(tape.whole()).unwrap_or(0),
        name: tape.text(),
        digest: tape.text(),
        points: PointsWordDocument {
            one: tape.text(),
            other: tape.text(),
            worth: by_currency(tape),
        },
        starts_at: tape.maybe(Tape::whole),
        ends_at: tape.maybe(Tape::whole),
        earn: earn(tape),
        welcome_points: tape.whole(),
        tiers: tape.list(tier),
        exclusions: tape.list(exclusion),
        rules: tape.list(rule),
    }
}

fn earn(tape: &mut Tape<'_>) -> EarnDocument {
    EarnDocument {
        per_unit: by_currency(tape),
        minimum_order: by_currency(tape),
        include_tax: tape.flag(),
        include_shipping: tape.flag(),
        rounding: tape.one_of([
            RoundingName::Floor,
            RoundingName::Ceil,
            RoundingName::HalfUp,
            RoundingName::HalfEven,
        ]),
        round_per: tape.one_of([RoundingScopeName::Line, RoundingScopeName::Order]),
    }
}

fn tier(tape: &mut Tape<'_>) -> TierDocument {
    TierDocument {
        id: tape.text(),
        name: tape.text(),
        from_points: tape.whole(),
        multiplier: tape.maybe(decimal),
    }
}

fn exclusion(tape: &mut Tape<'_>) -> ExclusionDocument {
    ExclusionDocument {
        id: tape.text(),
        label: tape.text(),
        when: condition(tape),
    }
}

fn rule(tape: &mut Tape<'_>) -> RuleDocument {
    RuleDocument {
        id: tape.text(),
        label: tape.text(),
        when: condition(tape),
        grant: GrantDocument {
            multiply: tape.maybe(decimal),
            bonus: tape.maybe(Tape::whole),
            per: tape.maybe(|tape| {
                tape.one_of([
                    BonusScopeName::Item,
                    BonusScopeName::Line,
                    BonusScopeName::Order,
                ])
            }),
        },
    }
}

fn condition(tape: &mut Tape<'_>) -> ConditionDocument {
    ConditionDocument {
        products: tape.texts(),
        categories: tape.texts(),
        tags: tape.texts(),
        tiers: tape.texts(),
        from: tape.maybe(Tape::whole),
        until: tape.maybe(Tape::whole),
    }
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
