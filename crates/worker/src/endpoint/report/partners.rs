//! `GET /v1/reports/partners`: what partners and the shop owe each other for the points of some days.

use earnest_core::Currency;
use earnest_core::partner::{OfVersion, Settlement};
use earnest_ledger::{load_partners, settle_partners};
use serde::Serialize;

use super::{period, told};
use crate::answer::Answer;
use crate::call::Call;
use crate::period::told_day;
use crate::problem::Failure;

#[derive(Serialize)]
struct ReportDocument<'a> {
    from: String,
    to: String,
    partners: Vec<PartnerDocument<'a>>,
}

/// One partner in one currency.
#[derive(Serialize)]
struct PartnerDocument<'a> {
    partner: &'a str,
    name: Option<&'a str>,
    currency: Option<&'static str>,
    #[serde(flatten)]
    points: PointsDocument,
    #[serde(flatten)]
    owed: OwedDocument,
    unsettled: PointsDocument,
    versions: Vec<VersionDocument>,
}

/// What of it was booked under one version of the program.
#[derive(Serialize)]
struct VersionDocument {
    program_version: u32,
    #[serde(flatten)]
    points: PointsDocument,
    #[serde(flatten)]
    owed: OwedDocument,
}

#[derive(Serialize)]
struct PointsDocument {
    earned_points: i64,
    spent_points: i64,
}

/// What each owes the other, as it is told and in minor units; null where there is no rate.
#[derive(Serialize)]
struct OwedDocument {
    partner_owes: Option<String>,
    partner_owes_minor: Option<i64>,
    shop_owes: Option<String>,
    shop_owes_minor: Option<i64>,
    net: Option<String>,
    net_minor: Option<i64>,
}

impl OwedDocument {
    fn new(currency: Option<Currency>, [partner, shop, net]: [Option<i64>; 3]) -> Self {
        let in_minor = |minor: Option<i64>| minor.filter(|_| currency.is_some());
        let in_words = |minor: Option<i64>| Some(told(minor?, currency?));
        Self {
            partner_owes: in_words(partner),
            partner_owes_minor: in_minor(partner),
            shop_owes: in_words(shop),
            shop_owes_minor: in_minor(shop),
            net: in_words(net),
            net_minor: in_minor(net),
        }
    }
}

impl<'a> PartnerDocument<'a> {
    fn new(it: &'a Settlement) -> Self {
        let owed = [it.partner_owes_minor, it.shop_owes_minor, it.net_minor];
        let versions = it.versions.iter();
        Self {
            partner: &it.partner,
            name: it.name.as_deref(),
            currency: it.currency.map(Currency::code),
            points: PointsDocument {
                earned_points: it.earned,
                spent_points: it.spent,
            },
            owed: OwedDocument::new(it.currency, owed.map(Some)),
            unsettled: PointsDocument {
                earned_points: it.unsettled_earned,
                spent_points: it.unsettled_spent,
            },
            versions: versions
                .map(|of| VersionDocument::new(it.currency, of))
                .collect(),
        }
    }
}

impl VersionDocument {
    fn new(currency: Option<Currency>, it: &OfVersion) -> Self {
        let (partner, shop) = (it.partner_owes_minor, it.shop_owes_minor);
        let net = partner.zip(shop);
        let net = net.map(|(partner, shop)| partner.saturating_sub(shop));
        Self {
            program_version: it.version,
            points: PointsDocument {
                earned_points: it.earned,
                spent_points: it.spent,
            },
            owed: OwedDocument::new(currency, [partner, shop, net]),
        }
    }
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let (key, period) = period(call).await?;
    let found = call.admit(&key, load_partners(&key.shop, period)).await?;
    let settled = settle_partners(&found)?;
    let document = ReportDocument {
        from: told_day(period.from),
        to: told_day(period.to),
        partners: settled.iter().map(PartnerDocument::new).collect(),
    };
    Ok(Answer::json(200, &document))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn what_is_owed_is_told_in_words_and_in_minor_units_and_is_null_without_a_rate() {
        let versions = vec![
            OfVersion {
                version: 3,
                earned: 104,
                spent: 50,
                partner_owes_minor: Some(130),
                shop_owes_minor: Some(50),
            },
            OfVersion {
                version: 4,
                earned: 7,
                spent: 0,
                partner_owes_minor: None,
                shop_owes_minor: Some(0),
            },
        ];
        let mut it = Settlement {
            partner: "bakery".to_owned(),
            name: Some("Corner Bakery".to_owned()),
            currency: Currency::parse("EUR").ok(),
            earned: 111,
            spent: 50,
            unsettled_earned: 7,
            unsettled_spent: 0,
            partner_owes_minor: 130,
            shop_owes_minor: 50,
            net_minor: 80,
            versions,
        };
        let told = |it: &Settlement| serde_json::to_string_pretty(&PartnerDocument::new(it));
        expect![[r#"
            {
              "partner": "bakery",
              "name": "Corner Bakery",
              "currency": "EUR",
              "earned_points": 111,
              "spent_points": 50,
              "partner_owes": "1.30",
              "partner_owes_minor": 130,
              "shop_owes": "0.50",
              "shop_owes_minor": 50,
              "net": "0.80",
              "net_minor": 80,
              "unsettled": {
                "earned_points": 7,
                "spent_points": 0
              },
              "versions": [
                {
                  "program_version": 3,
                  "earned_points": 104,
                  "spent_points": 50,
                  "partner_owes": "1.30",
                  "partner_owes_minor": 130,
                  "shop_owes": "0.50",
                  "shop_owes_minor": 50,
                  "net": "0.80",
                  "net_minor": 80
                },
                {
                  "program_version": 4,
                  "earned_points": 7,
                  "spent_points": 0,
                  "partner_owes": null,
                  "partner_owes_minor": null,
                  "shop_owes": "0.00",
                  "shop_owes_minor": 0,
                  "net": null,
                  "net_minor": null
                }
              ]
            }"#]]
        .assert_eq(&told(&it).expect("JSON"));
        // Where the currency was not kept nothing is owed in any.
        it.currency = None;
        it.versions.clear();
        let told = serde_json::to_value(PartnerDocument::new(&it)).expect("JSON");
        for amount in ["partner_owes", "shop_owes_minor", "net", "net_minor"] {
            assert!(told[amount].is_null(), "{amount} of {told}");
        }
    }
}
