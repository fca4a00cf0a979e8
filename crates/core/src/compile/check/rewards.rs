//! Rewards: what they cost, what they give, and who may have them.

use super::super::source::{BenefitSource, RewardSource, RewardStepsSource};
use super::Check;
use crate::Decimal;
use crate::limits::{MAX_BONUS_POINTS, MAX_COUNT, MAX_ID_BYTES, MAX_LIMIT_POINTS, MAX_QUANTITY};
use crate::wire::{
    BenefitDocument, ByCurrency, DecimalText, GiftDocument, RewardDocument, StepsDocument,
};

impl Check<'_> {
    pub(super) fn reward(&mut self, at: &str, source: &RewardSource) -> RewardDocument {
        let same = |other: &&RewardSource| other.id == source.id;
        let is_new = self.source.rewards.iter().filter(same).count() == 1;
        self.id(&format!("{at}/id"), &source.id, is_new);
        self.text(&format!("{at}/name"), &source.name);
        if source
            .points
            .is_some_and(|points| !(0..=MAX_LIMIT_POINTS).contains(&points))
        {
            let message = format!("write 0 to {MAX_LIMIT_POINTS} points");
            self.problem(&format!("{at}/points"), message);
        }
        let gives = self.benefit(&format!("{at}/gives"), &source.gives);
        let steps = source.steps.as_ref();
        let steps = steps.and_then(|steps| self.reward_steps(at, steps, source));
        self.amounts_above_zero(&format!("{at}/minimum_order"), &source.minimum_order);
        self.reward_currencies(at, &source.minimum_order, &gives);
        let tiers = self.source.tiers.iter().map(|tier| tier.id.as_str());
        for (nth, tier) in source.tiers.iter().enumerate() {
            self.place(
                &format!("{at}/tiers/{nth}"),
                "tier",
                Some(tier),
                tiers.clone(),
            );
        }
        let from = self.moment(&format!("{at}/from"), source.from.as_deref());
        let until = self.end(&format!("{at}/until"), source.until.as_deref());
        self.window(&format!("{at}/until"), from, until);
        for (field, count, least) in [
            ("stock", source.stock, 0),
            ("per_member", source.per_member, 1),
            ("valid_days", source.valid_days, 0),
        ] {
            self.count_within(&format!("{at}/{field}"), count, least);
        }
        RewardDocument {
            id: source.id.clone(),
            name: source.name.clone(),
            points: source.points,
            gives,
            steps,
            minimum_order: source.minimum_order.clone(),
            tiers: source.tiers.clone(),
            from,
            until,
            stock: source.stock,
            per_member: source.per_member,
            valid_days: source.valid_days,
            combinable: source.combinable,
        }
    }

    fn benefit(&mut self, at: &str, source: &BenefitSource) -> BenefitDocument {
        let ways = [
            !source.amount_off.is_empty(),
            source.percent_off.is_some(),
            source.product.is_some(),
            source.category.is_some(),
            source.free_shipping,
            !source.gift_card.is_empty(),
            source.store_credit.is_some(),
            source.experience.is_some(),
            !source.donation.is_empty(),
        ];
        if ways.into_iter().filter(|given| *given).count() != 1 {
            let message = "write one thing that it gives, such as `amount_off = { EUR = 5 }`, \
                           `percent_off = 20`, `product = \"mug\"`, `category = \"coffee\"`, `free_shipping = true`, \
                           `gift_card = { EUR = 25 }`, `store_credit = 5`, \
                           `experience = \"A tasting\"` or `donation = { EUR = 5 }`";
            self.problem(at, message);
            return BenefitDocument::default();
        }
        let is_by_category = source.category.is_some();
        let has_ceiling = source.percent_off.is_some() || is_by_category || source.free_shipping;
        for (field, is_given, is_fitting, what) in [
            (
                "up_to",
                !source.up_to.is_empty(),
                has_ceiling,
                "percent_off`, `category` and `free_shipping",
            ),
            (
                "quantity",
                source.quantity.is_some(),
                source.product.is_some() || is_by_category,
                "product` and `category",
            ),
            (
                "balance",
                source.balance.is_some(),
                source.store_credit.is_some(),
                "store_credit",
            ),
            (
                "to",
                source.to.is_some(),
                !source.donation.is_empty(),
                "donation",
            ),
        ] {
            if is_given && !is_fitting {
                let message = format!("this goes with `{what}`; remove it");
                self.problem_with_key(&format!("{at}/{field}"), message);
            }
        }
        for (field, amounts) in [
            ("amount_off", &source.amount_off),
            ("up_to", &source.up_to),
            ("gift_card", &source.gift_card),
            ("donation", &source.donation),
        ] {
            self.amounts_above_zero(&format!("{at}/{field}"), amounts);
        }
        self.one_benefit(at, source)
    }

    /// The benefit of a source that has one.
    fn one_benefit(&mut self, at: &str, source: &BenefitSource) -> BenefitDocument {
        if let Some(percent) = source.percent_off {
            self.percentage(&format!("{at}/percent_off"), percent.0);
            return BenefitDocument::PercentOff {
                percent,
                up_to: source.up_to.clone(),
            };
        }
        let (up_to, quantity) = (source.up_to.clone(), source.quantity.unwrap_or(1));
        if let Some(id) = &source.product {
            self.free_units(at, "product", id, quantity);
            let id = id.clone();
            return BenefitDocument::Product { id, quantity };
        }
        if let Some(id) = &source.category {
            self.free_units(at, "category", id, quantity);
            let id = id.clone();
            return BenefitDocument::Category {
                id,
                quantity,
                up_to,
            };
        }
        if source.free_shipping {
            return BenefitDocument::FreeShipping { up_to };
        }
        if let Some(amount) = source.store_credit {
            return self.store_credit(at, amount, source.balance.as_deref());
        }
        if let Some(what) = &source.experience {
            self.text(&format!("{at}/experience"), what);
            return BenefitDocument::Experience(what.clone());
        }
        if !source.donation.is_empty() {
            let to = source.to.clone().unwrap_or_default();
            match &source.to {
                Some(to) => self.text(&format!("{at}/to"), to),
                None => self.problem(at, "say to whom it is given: `to = \"Sea rescue\"`"),
            }
            let amount = source.donation.clone();
            return BenefitDocument::Donation { to, amount };
        }
        if !source.gift_card.is_empty() {
            return BenefitDocument::GiftCard(source.gift_card.clone());
        }
        BenefitDocument::AmountOff(source.amount_off.clone())
    }

    fn free_units(&mut self, at: &str, of: &str, id: &str, quantity: u32) {
        if !(1..=MAX_ID_BYTES).contains(&id.len()) {
            let message = format!("write the id of a {of}, of 1 to {MAX_ID_BYTES} bytes");
            self.problem(&format!("{at}/{of}"), message);
        }
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            let message = format!("write 1 to {MAX_QUANTITY} units");
            self.problem(&format!("{at}/quantity"), message);
        }
    }

    fn store_credit(
        &mut self,
        at: &str,
        amount: DecimalText,
        balance: Option<&str>,
    ) -> BenefitDocument {
        let Some(id) = balance else {
            let message = "say which balance it goes to, such as `balance = \"credit\"`";
            self.problem(at, message);
            return BenefitDocument::default();
        };
        let balances = self.source.balances.iter();
        let known = balances.clone().find(|balance| balance.id == id);
        let ids = balances.map(|balance| balance.id.as_str());
        self.place(&format!("{at}/balance"), "balance", Some(id), ids);
        let mut amounts = ByCurrency::default();
        if let Some(balance) = known
            && crate::Currency::parse(&balance.currency).is_ok()
        {
            let at = format!("{at}/store_credit");
            self.amount_above_zero(&at, &at, &balance.currency, amount);
            amounts.put(&balance.currency, amount);
        }
        BenefitDocument::StoreCredit {
            balance: id.to_owned(),
            amount: amounts,
        }
    }

    /// Steps are of points and of money: both must be said, and the bounds be full steps.
    fn reward_steps(
        &mut self,
        at: &str,
        steps: &RewardStepsSource,
        reward: &RewardSource,
    ) -> Option<StepsDocument> {
        let at_steps = format!("{at}/steps");
        let each = reward.points.filter(|points| *points > 0);
        let Some(each) = each.filter(|_| !reward.gives.amount_off.is_empty()) else {
            let message = "a reward in steps says what one step costs and takes off, such as \
                           `points = 100` and `gives = { amount_off = { EUR = 1 } }`";
            self.problem(&at_steps, message);
            return None;
        };
        let at_least = steps.at_least.unwrap_or(each);
        for (field, points, least) in [
            ("at_least", Some(at_least), each),
            ("at_most", steps.at_most, at_least),
        ] {
            let Some(points) = points else { continue };
            let is_full = points.checked_rem(each) == Some(0);
            if !is_full || !(least..=MAX_LIMIT_POINTS).contains(&points) {
                let message = format!(
                    "write full steps of {each} points, from {least} to {MAX_LIMIT_POINTS}"
                );
                self.problem(&format!("{at_steps}/{field}"), message);
            }
        }
        if let Some(DecimalText(share)) = steps.share {
            self.percentage(&format!("{at_steps}/share"), share);
        }
        Some(StepsDocument {
            at_least,
            at_most: steps.at_most,
            share: steps.share,
        })
    }

    /// A minimum in other currencies than what is given is one that no order can meet.
    fn reward_currencies(&mut self, at: &str, minimum: &ByCurrency, gives: &BenefitDocument) {
        let amounts = match gives {
            BenefitDocument::AmountOff(amounts)
            | BenefitDocument::PercentOff { up_to: amounts, .. }
            | BenefitDocument::Category { up_to: amounts, .. }
            | BenefitDocument::FreeShipping { up_to: amounts }
            | BenefitDocument::GiftCard(amounts)
            | BenefitDocument::Donation {
                amount: amounts, ..
            } => amounts,
            BenefitDocument::Product { .. }
            | BenefitDocument::StoreCredit { .. }
            | BenefitDocument::Experience(_) => return,
        };
        let is_shared = minimum.iter().any(|(code, _)| amounts.get(code).is_some());
        if !minimum.is_empty() && !amounts.is_empty() && !is_shared {
            let message = "no order can have this reward: what it gives is in other currencies";
            self.problem(&format!("{at}/minimum_order"), message);
        }
    }

    /// What somebody gets for nothing: points or a reward.
    pub(super) fn gift(
        &mut self,
        at: &str,
        points: Option<i64>,
        reward: Option<&str>,
    ) -> GiftDocument {
        match (points, reward) {
            (Some(points), None) => {
                if !(1..=MAX_BONUS_POINTS).contains(&points) {
                    let message = format!("write 1 to {MAX_BONUS_POINTS} points");
                    self.problem(&format!("{at}/points"), message);
                }
                GiftDocument::Points(points)
            }
            (None, Some(id)) => {
                let at = format!("{at}/reward");
                let rewards = self.source.rewards.iter();
                let ids = rewards.clone().map(|reward| reward.id.as_str());
                self.place(&at, "reward", Some(id), ids);
                let is_in_steps = |it: &RewardSource| it.id == id && it.steps.is_some();
                if rewards.clone().any(is_in_steps) {
                    let message = "a reward in steps has no worth of its own; name another one";
                    self.problem(&at, message);
                }
                GiftDocument::Reward(id.to_owned())
            }
            _ => {
                let message = "write one of `points = 50` and `reward = \"free-coffee\"`";
                self.problem(at, message);
                GiftDocument::default()
            }
        }
    }

    /// More than none and at most all, in hundredths.
    fn percentage(&mut self, at: &str, percent: Decimal) {
        if percent == Decimal::from(0) || percent > Decimal::from(100) {
            self.problem(at, "write a percentage, more than 0 and at most 100");
        }
        self.decimals(at, percent, 2);
    }

    pub(super) fn amounts_above_zero(&mut self, at: &str, amounts: &ByCurrency) {
        for (code, amount) in amounts.iter() {
            let at = format!("{at}/{code}");
            self.amount_above_zero(&at, &at, code, amount);
        }
    }

    pub(super) fn count_within(&mut self, at: &str, count: Option<i64>, least: i64) {
        if count.is_some_and(|count| !(least..=MAX_COUNT).contains(&count)) {
            let message = format!("write a whole number from {least} to {MAX_COUNT}");
            self.problem(at, message);
        }
    }
}
