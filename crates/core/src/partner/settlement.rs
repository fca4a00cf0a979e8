//! Settlement: what partners and the shop owe each other for the points of some time.
//!
//! Owns its arithmetic. Its invariants: points are settled by the rates of the version under which they were booked, each
//! amount is computed once from the sum of a partner's points in a currency under a version and rounded towards nothing,
//! never entry by entry; and no point is lost: for which there is no rate, those are told apart.

use super::{Partner, minor_of, rate_in};
use crate::Currency;

/// The points that were earned and spent at a partner in a currency, under a version of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic<'a> {
    /// The id of the partner.
    pub partner: &'a str,
    /// The currency of the orders; `None` where that was not kept.
    pub currency: Option<Currency>,
    /// The version.
    pub version: u32,
    /// Points earned there, those that were taken back taken off.
    pub earned: i64,
    /// Points spent there, those that came back taken off.
    pub spent: i64,
}

/// What a partner and the shop owe each other, in minor units of the currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// The id of the partner.
    pub partner: String,
    /// What members call it, by the newest of the versions that says so.
    pub name: Option<String>,
    /// The currency; `None` where that was not kept: then nothing can be settled.
    pub currency: Option<Currency>,
    /// Points earned there, those that were taken back taken off.
    pub earned: i64,
    /// Points spent there, those that came back taken off.
    pub spent: i64,
    /// What of those earned no version says a rate for.
    pub unsettled_earned: i64,
    /// What of those spent.
    pub unsettled_spent: i64,
    /// What the partner owes for the points that were earned there; less than nothing where more were taken back.
    pub partner_owes_minor: i64,
    /// What the shop owes for the points that were spent there.
    pub shop_owes_minor: i64,
    /// What the partner pays; negative where the shop does.
    pub net_minor: i64,
    /// What it is the sum of, in the order of the versions.
    pub versions: Vec<OfVersion>,
}

/// What was booked under one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfVersion {
    /// The version.
    pub version: u32,
    /// Points earned.
    pub earned: i64,
    /// Points spent.
    pub spent: i64,
    /// What the partner owes for those earned; `None` where the version has no rate for them.
    pub partner_owes_minor: Option<i64>,
    /// What the shop owes for those spent; `None` where the version has no rate for them.
    pub shop_owes_minor: Option<i64>,
}

/// What was booked is beyond what can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what partners owe is beyond what can be counted")]
pub struct SumTooLarge;

/// What partners and the shop owe each other, one for each partner and currency, in the order of their ids and codes.
/// `programs` are the partners of each version. Traffic that is told in several parts is one sum.
///
/// # Errors
/// Where it is beyond what can be counted.
pub fn settle(
    programs: &[(u32, Vec<Partner>)],
    traffic: &[Traffic<'_>],
) -> Result<Vec<Settlement>, SumTooLarge> {
    let mut traffic = traffic.to_vec();
    traffic.sort_unstable_by_key(|it| (it.partner, it.currency, it.version));
    let is_one = |one: &Traffic<'_>, other: &Traffic<'_>| {
        (one.partner, one.currency) == (other.partner, other.currency)
    };
    let settled = traffic.chunk_by(is_one).map(|of_one| {
        let mut settlement = Settlement::default();
        for part in of_one.chunk_by(|one, other| one.version == other.version) {
            settlement.add(programs, part)?;
        }
        Ok(settlement)
    });
    settled.collect()
}

impl Settlement {
    /// Adds what was booked under a version.
    fn add(
        &mut self,
        programs: &[(u32, Vec<Partner>)],
        parts: &[Traffic<'_>],
    ) -> Result<(), SumTooLarge> {
        let Some(first) = parts.first() else {
            return Ok(());
        };
        let sum = |of: fn(&Traffic<'_>) -> i64| {
            let mut all = parts.iter().map(of);
            all.try_fold(0, i64::checked_add).ok_or(SumTooLarge)
        };
        let (earned, spent) = (sum(|it| it.earned)?, sum(|it| it.spent)?);
        let partners = programs.iter().filter(|(known, _)| *known == first.version);
        let mut partners = partners.flat_map(|(_, partners)| partners);
        let partner = partners.find(|it| it.id == first.partner);
        let there = partner.zip(first.currency);
        let owed = |points: i64, each| match (points, each) {
            (0, _) => Ok(Some(0)),
            (_, None) => Ok(None),
            (_, Some((currency, each))) => {
                let minor = minor_of(points, each, currency).ok_or(SumTooLarge)?;
                Ok(Some(minor))
            }
        };
        let price = there.and_then(|(it, currency)| Some((currency, it.price_of_one(currency)?)));
        let worth =
            there.and_then(|(it, currency)| Some((currency, rate_in(&it.spend, currency)?)));
        let of_version = OfVersion {
            version: first.version,
            earned,
            spent,
            partner_owes_minor: owed(earned, price)?,
            shop_owes_minor: owed(spent, worth)?,
        };
        first.partner.clone_into(&mut self.partner);
        self.currency = first.currency;
        if let Some(partner) = partner {
            self.name = Some(partner.name.clone());
        }
        self.count(of_version).ok_or(SumTooLarge)?;
        self.versions.push(of_version);
        Ok(())
    }

    fn count(&mut self, it: OfVersion) -> Option<()> {
        self.earned = self.earned.checked_add(it.earned)?;
        self.spent = self.spent.checked_add(it.spent)?;
        match it.partner_owes_minor {
            Some(minor) => self.partner_owes_minor = self.partner_owes_minor.checked_add(minor)?,
            None => self.unsettled_earned = self.unsettled_earned.checked_add(it.earned)?,
        }
        match it.shop_owes_minor {
            Some(minor) => self.shop_owes_minor = self.shop_owes_minor.checked_add(minor)?,
            None => self.unsettled_spent = self.unsettled_spent.checked_add(it.spent)?,
        }
        self.net_minor = self.partner_owes_minor.checked_sub(self.shop_owes_minor)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rates;
    use super::*;

    /// A partner that pays so much for a point in euros.
    fn partner(id: &str, pays: &str) -> Partner {
        Partner {
            id: id.to_owned(),
            name: format!("{id} at {pays}"),
            earn: rates(&[("EUR", "0.5")]),
            spend: rates(&[("EUR", "0.01"), ("JPY", "1.5")]),
            pays: rates(&[("EUR", pays)]),
        }
    }

    /// Version 1 and 2 have two partners, of which one pays more under the second; version 3 has one of them.
    fn settled(traffic: &[(&str, &str, u32, i64, i64)]) -> Result<Vec<Settlement>, SumTooLarge> {
        let programs = [
            (1, vec![partner("fuel", "0.0125"), partner("air", "0.0125")]),
            (2, vec![partner("fuel", "0.02"), partner("air", "0.0125")]),
            (3, vec![partner("air", "0.0125")]),
        ];
        let traffic = traffic
            .iter()
            .map(|(partner, code, version, earned, spent)| Traffic {
                partner,
                currency: Currency::parse(code).ok(),
                version: *version,
                earned: *earned,
                spent: *spent,
            });
        settle(&programs, &traffic.collect::<Vec<_>>())
    }

    /// A partner, a currency, points, those that have no rate, and what it owes, what the shop owes, and the net.
    type Told<'a> = (&'a str, &'a str, [i64; 2], [i64; 2], [i64; 3]);

    fn check(traffic: &[(&str, &str, u32, i64, i64)], expected: &[Told<'_>]) {
        let settled = settled(traffic).expect("small sums");
        let told: Vec<Told<'_>> = settled
            .iter()
            .map(|it| {
                (
                    it.partner.as_str(),
                    it.currency.map_or("", Currency::code),
                    [it.earned, it.spent],
                    [it.unsettled_earned, it.unsettled_spent],
                    [it.partner_owes_minor, it.shop_owes_minor, it.net_minor],
                )
            })
            .collect();
        assert_eq!(told, expected);
    }

    const ALL: [i64; 2] = [0, 0];

    #[test]
    fn each_partner_settles_with_the_shop_by_its_own_rates() {
        check(&[], &[]);
        check(
            &[("fuel", "EUR", 1, 10_000, 4_000)],
            &[("fuel", "EUR", [10_000, 4_000], ALL, [12_500, 4_000, 8_500])],
        );
        check(
            &[("fuel", "EUR", 1, 0, 4_000)],
            &[("fuel", "EUR", [0, 4_000], ALL, [0, 4_000, -4_000])],
        );
        // Without a price of its own, a point that is earned costs what it takes off.
        check(
            &[("air", "JPY", 1, 3, 1)],
            &[("air", "JPY", [3, 1], ALL, [4, 1, 3])],
        );
    }

    #[test]
    fn what_was_taken_back_is_rounded_as_what_was_given() {
        check(
            &[("fuel", "EUR", 1, 3, 0)],
            &[("fuel", "EUR", [3, 0], ALL, [3, 0, 3])],
        );
        check(
            &[("fuel", "EUR", 1, -3, -7)],
            &[("fuel", "EUR", [-3, -7], ALL, [-3, -7, 4])],
        );
    }

    #[test]
    fn points_are_settled_by_the_version_under_which_they_were_booked() {
        let traffic = [("fuel", "EUR", 2, 3, 0), ("fuel", "EUR", 1, 3, 0)];
        // 3.75 and 6.00, each rounded down: not 6 points at either rate.
        check(&traffic, &[("fuel", "EUR", [6, 0], ALL, [9, 0, 9])]);
        let settled = settled(&traffic).expect("small sums");
        let settled = settled.first().expect("one partner");
        let parts: Vec<_> = settled
            .versions
            .iter()
            .map(|it| (it.version, it.earned, it.partner_owes_minor))
            .collect();
        assert_eq!(parts, [(1, 3, Some(3)), (2, 3, Some(6))]);
        assert_eq!(settled.name.as_deref(), Some("fuel at 0.02"));
    }

    #[test]
    fn parts_are_summed_before_they_are_rounded_and_told_in_order() {
        check(
            &[
                ("fuel", "EUR", 1, 1, 0),
                ("air", "JPY", 1, 1, 0),
                ("air", "EUR", 1, 1, 0),
                ("air", "JPY", 1, 1, 0),
                ("fuel", "EUR", 1, 3, 7),
            ],
            &[
                ("air", "EUR", [1, 0], ALL, [1, 0, 1]),
                ("air", "JPY", [2, 0], ALL, [3, 0, 3]),
                ("fuel", "EUR", [4, 7], ALL, [5, 7, -2]),
            ],
        );
    }

    #[test]
    fn points_without_a_rate_are_told_apart_and_the_rest_is_settled() {
        check(
            &[
                ("fuel", "EUR", 1, 100, 50),
                ("fuel", "EUR", 3, 7, 2),
                ("fuel", "EUR", 9, 1, 0),
                ("fuel", "USD", 1, 5, 0),
                ("fuel", "", 1, 6, 1),
                ("rail", "EUR", 1, 4, 3),
                ("rail", "USD", 1, 0, 0),
            ],
            &[
                ("fuel", "", [6, 1], [6, 1], [0, 0, 0]),
                ("fuel", "EUR", [108, 52], [8, 2], [125, 50, 75]),
                ("fuel", "USD", [5, 0], [5, 0], [0, 0, 0]),
                ("rail", "EUR", [4, 3], [4, 3], [0, 0, 0]),
                ("rail", "USD", [0, 0], [0, 0], [0, 0, 0]),
            ],
        );
    }

    #[test]
    fn what_is_beyond_counting_is_refused() {
        for traffic in [
            vec![("fuel", "EUR", 1, i64::MAX, 0), ("fuel", "EUR", 1, 1, 0)],
            vec![("fuel", "EUR", 1, i64::MAX, 0), ("fuel", "EUR", 2, 1, 0)],
            vec![("fuel", "EUR", 1, i64::MAX, 0)],
        ] {
            assert_eq!(settled(&traffic), Err(SumTooLarge));
        }
    }
}
