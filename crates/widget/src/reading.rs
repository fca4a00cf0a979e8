//! From a tape to the documents of the wire: carts, members, programs.
//!
//! Owns the keys, as the wire types of the core have them, and nothing else: what a value means is
//! checked where the document becomes a cart or a program. Its invariant, held by a test: it reads what
//! serde reads, and refuses the keys that serde refuses.

use std::collections::BTreeMap;
use std::fmt;

use earnest_core::wire::{
    BonusScopeName, CartDocument, ConditionDocument, DecimalText, EarnDocument, ExclusionDocument,
    GrantDocument, LineDocument, PointsWordDocument, ProgramDocument, RoundingName,
    RoundingScopeName, RuleDocument, SnapshotDocument, TierDocument,
};

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, IntoDeserializer};

use crate::tape::{Misread, Tape};

type Read<T> = Result<T, Misread>;

fn required<T>(value: Option<T>, key: &str) -> Read<T> {
    value.ok_or_else(|| Misread::missing(key))
}

fn texts(tape: &mut Tape<'_>) -> Read<Vec<String>> {
    tape.list(Tape::owned)
}

fn optional_text(tape: &mut Tape<'_>) -> Read<Option<String>> {
    tape.unless_null(Tape::owned)
}

pub(crate) fn cart(tape: &mut Tape<'_>) -> Read<CartDocument> {
    let (mut currency, mut lines) = (None, None);
    let (mut discount, mut shipping, mut shipping_tax) = (None, None, None);
    let mut prices_include_tax = true;
    tape.map(&mut |key, tape| {
        match key {
            "currency" => currency = Some(tape.owned()?),
            "prices_include_tax" => prices_include_tax = tape.flag()?,
            "lines" => lines = Some(tape.list(line)?),
            "discount" => discount = optional_text(tape)?,
            "shipping" => shipping = optional_text(tape)?,
            "shipping_tax" => shipping_tax = optional_text(tape)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(CartDocument {
        currency: required(currency, "currency")?,
        prices_include_tax,
        lines: required(lines, "lines")?,
        discount,
        shipping,
        shipping_tax,
    })
}

fn line(tape: &mut Tape<'_>) -> Read<LineDocument> {
    let (mut id, mut product, mut quantity, mut unit_price) = (None, None, None, None);
    let (mut categories, mut tags) = (Vec::new(), Vec::new());
    let (mut discount, mut tax) = (None, None);
    tape.map(&mut |key, tape| {
        match key {
            "id" => id = Some(tape.owned()?),
            "product" => product = Some(tape.owned()?),
            "categories" => categories = texts(tape)?,
            "tags" => tags = texts(tape)?,
            "quantity" => quantity = Some(tape.whole()?),
            "unit_price" => unit_price = Some(tape.owned()?),
            "discount" => discount = optional_text(tape)?,
            "tax" => tax = optional_text(tape)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(LineDocument {
        id: required(id, "id")?,
        product: required(product, "product")?,
        categories,
        tags,
        quantity: required(quantity, "quantity")?,
        unit_price: required(unit_price, "unit_price")?,
        discount,
        tax,
    })
}

/// A member, or null for somebody who is none.
pub(crate) fn member(tape: &mut Tape<'_>) -> Read<Option<SnapshotDocument>> {
    tape.unless_null(|tape| {
        let mut member = SnapshotDocument::default();
        tape.map(&mut |key, tape| {
            match key {
                "tier" => member.tier = optional_text(tape)?,
                "balance_points" => member.balance_points = tape.whole()?,
                "earned_points" => member.earned_points = tape.whole()?,
                _ => return Err(Misread::unknown()),
            }
            Ok(())
        })?;
        Ok(member)
    })
}

pub(crate) fn program(tape: &mut Tape<'_>) -> Read<ProgramDocument> {
    let (mut version, mut name, mut points, mut earn) = (None, None, None, None);
    let mut digest = String::new();
    let (mut starts_at, mut ends_at, mut welcome_points) = (None, None, 0);
    let (mut tiers, mut exclusions, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    tape.map(&mut |key, tape| {
        match key {
            "version" => version = Some(tape.whole()?),
            "name" => name = Some(tape.owned()?),
            "digest" => digest = tape.owned()?,
            "points" => points = Some(points_word(tape)?),
            "starts_at" => starts_at = tape.unless_null(Tape::whole)?,
            "ends_at" => ends_at = tape.unless_null(Tape::whole)?,
            "earn" => earn = Some(read_earn(tape)?),
            "welcome_points" => welcome_points = tape.whole()?,
            "tiers" => tiers = tape.list(tier)?,
            "exclusions" => exclusions = tape.list(exclusion)?,
            "rules" => rules = tape.list(rule)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(ProgramDocument {
        version: required(version, "version")?,
        name: required(name, "name")?,
        digest,
        points: required(points, "points")?,
        starts_at,
        ends_at,
        earn: required(earn, "earn")?,
        welcome_points,
        tiers,
        exclusions,
        rules,
    })
}

fn points_word(tape: &mut Tape<'_>) -> Read<PointsWordDocument> {
    let (mut one, mut other, mut worth) = (None, None, BTreeMap::new());
    tape.map(&mut |key, tape| {
        match key {
            "one" => one = Some(tape.owned()?),
            "other" => other = Some(tape.owned()?),
            "worth" => worth = by_currency(tape)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(PointsWordDocument {
        one: required(one, "one")?,
        other: required(other, "other")?,
        worth,
    })
}

fn read_earn(tape: &mut Tape<'_>) -> Read<EarnDocument> {
    let (mut per_unit, mut minimum_order) = (None, BTreeMap::new());
    let (mut include_tax, mut include_shipping) = (true, false);
    let mut rounding = RoundingName::default();
    let mut round_per = RoundingScopeName::default();
    tape.map(&mut |key, tape| {
        match key {
            "per_unit" => per_unit = Some(by_currency(tape)?),
            "minimum_order" => minimum_order = by_currency(tape)?,
            "include_tax" => include_tax = tape.flag()?,
            "include_shipping" => include_shipping = tape.flag()?,
            "rounding" => rounding = rounding_name(tape)?,
            "round_per" => round_per = scope_name(tape)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(EarnDocument {
        per_unit: required(per_unit, "per_unit")?,
        minimum_order,
        include_tax,
        include_shipping,
        rounding,
        round_per,
    })
}

fn rounding_name(tape: &mut Tape<'_>) -> Read<RoundingName> {
    Ok(match tape.text()? {
        "floor" => RoundingName::Floor,
        "ceil" => RoundingName::Ceil,
        "half-up" => RoundingName::HalfUp,
        "half-even" => RoundingName::HalfEven,
        _ => return Err(Misread::expected("floor, ceil, half-up or half-even")),
    })
}

fn scope_name(tape: &mut Tape<'_>) -> Read<RoundingScopeName> {
    Ok(match tape.text()? {
        "line" => RoundingScopeName::Line,
        "order" => RoundingScopeName::Order,
        _ => return Err(Misread::expected("line or order")),
    })
}

fn tier(tape: &mut Tape<'_>) -> Read<TierDocument> {
    let (mut id, mut name, mut from_points, mut multiplier) = (None, None, None, None);
    tape.map(&mut |key, tape| {
        match key {
            "id" => id = Some(tape.owned()?),
            "name" => name = Some(tape.owned()?),
            "from_points" => from_points = Some(tape.whole()?),
            "multiplier" => multiplier = tape.unless_null(decimal)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(TierDocument {
        id: required(id, "id")?,
        name: required(name, "name")?,
        from_points: required(from_points, "from_points")?,
        multiplier,
    })
}

fn exclusion(tape: &mut Tape<'_>) -> Read<ExclusionDocument> {
    let (mut id, mut label, mut when) = (None, None, None);
    tape.map(&mut |key, tape| {
        match key {
            "id" => id = Some(tape.owned()?),
            "label" => label = Some(tape.owned()?),
            "when" => when = Some(condition(tape)?),
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(ExclusionDocument {
        id: required(id, "id")?,
        label: required(label, "label")?,
        when: required(when, "when")?,
    })
}

fn rule(tape: &mut Tape<'_>) -> Read<RuleDocument> {
    let (mut id, mut label, mut grant) = (None, None, None);
    let mut when = ConditionDocument::default();
    tape.map(&mut |key, tape| {
        match key {
            "id" => id = Some(tape.owned()?),
            "label" => label = Some(tape.owned()?),
            "when" => when = condition(tape)?,
            "grant" => grant = Some(read_grant(tape)?),
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(RuleDocument {
        id: required(id, "id")?,
        label: required(label, "label")?,
        when,
        grant: required(grant, "grant")?,
    })
}

fn condition(tape: &mut Tape<'_>) -> Read<ConditionDocument> {
    let mut when = ConditionDocument::default();
    tape.map(&mut |key, tape| {
        match key {
            "products" => when.products = texts(tape)?,
            "categories" => when.categories = texts(tape)?,
            "tags" => when.tags = texts(tape)?,
            "tiers" => when.tiers = texts(tape)?,
            "from" => when.from = tape.unless_null(Tape::whole)?,
            "until" => when.until = tape.unless_null(Tape::whole)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(when)
}

fn read_grant(tape: &mut Tape<'_>) -> Read<GrantDocument> {
    let (mut multiply, mut bonus, mut per) = (None, None, None);
    tape.map(&mut |key, tape| {
        match key {
            "multiply" => multiply = tape.unless_null(decimal)?,
            "bonus" => bonus = tape.unless_null(Tape::whole)?,
            "per" => per = tape.unless_null(bonus_scope)?,
            _ => return Err(Misread::unknown()),
        }
        Ok(())
    })?;
    Ok(GrantDocument {
        multiply,
        bonus,
        per,
    })
}

fn bonus_scope(tape: &mut Tape<'_>) -> Read<BonusScopeName> {
    Ok(match tape.text()? {
        "item" => BonusScopeName::Item,
        "line" => BonusScopeName::Line,
        "order" => BonusScopeName::Order,
        _ => return Err(Misread::expected("item, line or order")),
    })
}

fn by_currency(tape: &mut Tape<'_>) -> Read<BTreeMap<String, DecimalText>> {
    let mut amounts = BTreeMap::new();
    tape.map(&mut |code, tape| {
        amounts.insert(code.to_owned(), decimal(tape)?);
        Ok(())
    })?;
    Ok(amounts)
}

/// As serde reads it: the rules of a decimal are the core's.
fn decimal(tape: &mut Tape<'_>) -> Read<DecimalText> {
    let text: StrDeserializer<'_, NotDecimal> = tape.digits()?.into_deserializer();
    DecimalText::deserialize(text)
        .map_err(|NotDecimal| Misread::expected("a decimal number in quotes, such as \"1.25\""))
}

#[derive(Debug)]
struct NotDecimal;

impl fmt::Display for NotDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number")
    }
}

impl std::error::Error for NotDecimal {}

impl de::Error for NotDecimal {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
