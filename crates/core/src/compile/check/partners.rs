//! Partners: what is earned and spent at each, and at what price they settle.

use super::super::source::PartnerSource;
use super::Check;
use crate::Decimal;
use crate::limits::{MAX_RATE, MAX_RATE_DECIMALS};
use crate::wire::{ByCurrency, DecimalText, PartnerDocument};

impl Check<'_> {
    pub(super) fn partner(&mut self, at: &str, source: &PartnerSource) -> PartnerDocument {
        let same = |other: &&PartnerSource| other.id == source.id;
        let is_new = self.source.partners.iter().filter(same).count() == 1;
        self.id(&format!("{at}/id"), &source.id, is_new);
        self.text(&format!("{at}/name"), &source.name);
        if source.earn.is_empty() && source.spend.is_empty() {
            let message = "say what is earned or spent there, such as `earn = { EUR = 0.5 }` or \
                           `spend = { EUR = 0.01 }`";
            self.problem(at, message);
        }
        self.partner_rates(&format!("{at}/earn"), &source.earn, false);
        self.partner_rates(&format!("{at}/spend"), &source.spend, false);
        self.partner_rates(&format!("{at}/pays"), &source.pays, true);
        for (code, _) in source.earn.iter() {
            if source.pays.get(code).is_none() && source.spend.get(code).is_none() {
                let message = format!(
                    "say what the partner owes for a point: `pays = {{ {code} = 0.01 }}`, or 0 \
                     where it owes nothing"
                );
                self.problem_with_key(&format!("{at}/earn/{code}"), message);
            }
        }
        for (code, _) in source.pays.iter() {
            if source.earn.get(code).is_none() {
                let message = format!("nothing is earned there in {code}; remove this");
                self.problem_with_key(&format!("{at}/pays/{code}"), message);
            }
        }
        PartnerDocument {
            id: source.id.clone(),
            name: source.name.clone(),
            earn: source.earn.clone(),
            spend: source.spend.clone(),
            pays: source.pays.clone(),
        }
    }

    fn partner_rates(&mut self, at: &str, rates: &ByCurrency, may_be_zero: bool) {
        for (code, DecimalText(rate)) in rates.iter() {
            let at = format!("{at}/{code}");
            let is_zero = rate == Decimal::from(0);
            if (is_zero && !may_be_zero) || rate > Decimal::from(MAX_RATE) {
                let least = if may_be_zero { "0" } else { "more than 0" };
                let message = format!("write {least} and at most {MAX_RATE}");
                self.problem(&at, message);
            }
            self.decimals(&at, rate, MAX_RATE_DECIMALS);
            self.currency(&at, code);
        }
    }
}
