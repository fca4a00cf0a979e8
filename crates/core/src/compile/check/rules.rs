//! Rules, exclusions, groups and campaigns: what they are called, when they apply, what they grant.

use super::super::source::{
    CampaignSource, CombineName, CombineScopeName, ExclusionSource, GrantSource, GroupSource,
    LimitsSource, RuleSource,
};
use super::Check;
use crate::limits::{MAX_BONUS_POINTS, MAX_COUNT, MAX_FACTOR, MAX_FACTOR_DECIMALS, MAX_ID_BYTES};
use crate::wire::{
    self, CampaignDocument, DecimalText, ExclusionDocument, GrantDocument, GrantScopeName,
    GroupDocument, RuleDocument, RuleGiftDocument, SpendDocument,
};
use crate::{Currency, Decimal, ON_ORDER};

const ONE_GRANT: &str = "write one grant, such as `multiply = 2`, `bonus = 50`, `fixed = 500`, \
                         `per_unit = { EUR = 1 }`, `percent = 5` or `reward = \"free-coffee\"`";

impl Check<'_> {
    pub(super) fn exclusion(&mut self, at: &str, source: &ExclusionSource) -> ExclusionDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let at = format!("{at}/when");
        let when = self.condition(&at, &source.when);
        if when.is_empty() {
            let message =
                "an empty condition leaves everything out; name products, categories or tags";
            self.problem(&at, message);
        }
        if !source.when.order_amount.is_empty() {
            let message = "what counts of an order depends on what is left out; use line_amount";
            self.problem_with_key(&format!("{at}/order_amount"), message);
        }
        ExclusionDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            when,
        }
    }

    pub(super) fn campaign(&mut self, at: &str, source: &CampaignSource) -> CampaignDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let from = self.moment(&format!("{at}/from"), source.from.as_deref());
        let until = self.end(&format!("{at}/until"), source.until.as_deref());
        self.window(&format!("{at}/until"), from, until);
        CampaignDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            from,
            until,
            limits: self.limits(&format!("{at}/limits"), &source.limits, None),
        }
    }

    pub(super) fn group(&mut self, at: &str, source: &GroupSource) -> GroupDocument {
        let same = |other: &&GroupSource| other.id == source.id;
        let is_new = self.source.groups.iter().filter(same).count() == 1;
        self.id(&format!("{at}/id"), &source.id, is_new);
        if source.per.is_some() && source.combine != CombineName::Best {
            let message = "only `combine = \"best\"` has `per`; remove it";
            self.problem_with_key(&format!("{at}/per"), message);
        }
        let combine = match (source.combine, source.per) {
            (CombineName::Best, Some(CombineScopeName::Order)) => wire::CombineName::BestPerOrder,
            (CombineName::Best, _) => wire::CombineName::BestPerLine,
            (CombineName::Add, _) => wire::CombineName::Add,
            (CombineName::Multiply, _) => wire::CombineName::Multiply,
        };
        GroupDocument {
            id: source.id.clone(),
            combine,
        }
    }

    pub(super) fn group_place(&mut self, at: &str, id: Option<&str>) -> Option<u32> {
        let groups = self.source.groups.iter().map(|group| group.id.as_str());
        self.place(at, "group", id, groups)
    }

    /// The rules that earn. Those that give a reward are listed by themselves.
    pub(super) fn rules(&mut self) -> Vec<RuleDocument> {
        let rules = self.source.rules.iter().enumerate();
        let earning = rules.filter(|(_, rule)| rule.grant.reward.is_none());
        earning
            .map(|(nth, rule)| self.rule(&format!("/rules/{nth}"), rule))
            .collect()
    }

    /// The rules that give a reward.
    pub(super) fn rule_gifts(&mut self) -> Vec<RuleGiftDocument> {
        let rules = self.source.rules.iter().enumerate();
        let giving = rules.filter_map(|(nth, rule)| Some((nth, rule, rule.grant.reward.as_ref()?)));
        giving
            .map(|(nth, rule, reward)| self.rule_gift(&format!("/rules/{nth}"), rule, reward))
            .collect()
    }

    fn rule_gift(&mut self, at: &str, source: &RuleSource, reward: &str) -> RuleGiftDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let on = source.on.as_deref().filter(|on| *on != ON_ORDER);
        if let Some(on) = on {
            self.activity(at, on, source);
        }
        let at_grant = format!("{at}/grant");
        self.gift(&at_grant, None, Some(reward));
        let only = GrantSource {
            reward: source.grant.reward.clone(),
            ..GrantSource::default()
        };
        if source.grant != only {
            self.problem(&at_grant, ONE_GRANT);
        }
        for (field, is_given) in [
            ("balance", source.balance.is_some()),
            ("group", source.group.is_some()),
            ("priority", source.priority != 0),
            ("rounding", source.rounding.is_some()),
        ] {
            if is_given {
                let message = "a reward competes with no points and is not rounded; remove this";
                self.problem_with_key(&format!("{at}/{field}"), message);
            }
        }
        let campaigns = self.source.campaigns.iter();
        let campaign = self.place(
            &format!("{at}/campaign"),
            "campaign",
            source.campaign.as_deref(),
            campaigns.map(|campaign| campaign.id.as_str()),
        );
        RuleGiftDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            on: on.map(str::to_owned),
            when: self.condition(&format!("{at}/when"), &source.when),
            reward: reward.to_owned(),
            campaign,
            limits: self.limits(&format!("{at}/limits"), &source.limits, None),
        }
    }

    fn rule(&mut self, at: &str, source: &RuleSource) -> RuleDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let on = source.on.as_deref().filter(|on| *on != ON_ORDER);
        if let Some(on) = on {
            self.activity(at, on, source);
        }
        let balances = self.source.balances.iter();
        let money = source.balance.as_deref().and_then(|id| {
            let known = balances.clone().find(|balance| balance.id == id)?;
            Currency::parse(&known.currency).ok()
        });
        let ids = balances.map(|balance| balance.id.as_str());
        let balance = self.place(
            &format!("{at}/balance"),
            "balance",
            source.balance.as_deref(),
            ids,
        );
        let campaigns = self.source.campaigns.iter();
        let campaign = self.place(
            &format!("{at}/campaign"),
            "campaign",
            source.campaign.as_deref(),
            campaigns.clone().map(|campaign| campaign.id.as_str()),
        );
        let is_limited = campaigns
            .filter(|campaign| Some(&campaign.id) == source.campaign.as_ref())
            .any(|campaign| campaign.limits != LimitsSource::default());
        if balance.is_some() && is_limited {
            let message =
                "a campaign's limits count points; put limits on this rule, or take it out";
            self.problem(&format!("{at}/campaign"), message);
        }
        if source
            .priority
            .checked_abs()
            .is_none_or(|size| size > MAX_COUNT)
        {
            let message = format!("write a whole number from -{MAX_COUNT} to {MAX_COUNT}");
            self.problem(&format!("{at}/priority"), message);
        }
        let group = self.group_place(&format!("{at}/group"), source.group.as_deref());
        self.grant_in_group(at, source);
        RuleDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            on: on.map(str::to_owned),
            when: self.condition(&format!("{at}/when"), &source.when),
            grant: self.grant(&format!("{at}/grant"), &source.grant, money),
            balance,
            group,
            priority: source.priority,
            campaign,
            rounding: source.rounding,
            limits: self.limits(&format!("{at}/limits"), &source.limits, money),
        }
    }

    /// What an activity can be, and what it cannot earn: nothing was bought.
    fn activity(&mut self, at: &str, on: &str, source: &RuleSource) {
        if !(1..=MAX_ID_BYTES).contains(&on.len()) {
            let message = format!("write the kind of an activity, of 1 to {MAX_ID_BYTES} bytes");
            self.problem(&format!("{at}/on"), message);
        }
        if source.grant.bonus.is_none() && source.grant.reward.is_none() {
            let message = "an activity costs nothing, so it earns a bonus: write `bonus = 20`";
            self.problem(&format!("{at}/grant"), message);
        }
    }

    /// Which grants a group can hold.
    fn grant_in_group(&mut self, at: &str, source: &RuleSource) {
        let named = |it: &&GroupSource| Some(&it.id) == source.group.as_ref();
        let Some(group) = self.source.groups.iter().find(named) else {
            return;
        };
        let message = match group.combine {
            CombineName::Multiply if source.grant.multiply.is_none() => {
                "this group multiplies, so its rules grant `multiply`"
            }
            CombineName::Best
                if group.per != Some(CombineScopeName::Order)
                    && source.grant.multiply.is_none()
                    && is_shared(&source.grant) =>
            {
                "this is shared by all lines, so a best line cannot be found; give the group `per = \"order\"`"
            }
            _ if source.grant.fixed.is_some() => {
                "fixed points stand in the place of the rate, so they are in no group; remove it"
            }
            _ => return,
        };
        self.problem(&format!("{at}/group"), message);
    }

    fn grant(&mut self, at: &str, source: &GrantSource, money: Option<Currency>) -> GrantDocument {
        let spends = self.spends(at, &source.per_unit, &source.per_step, &source.bands);
        let ways = [
            source.multiply.is_some(),
            source.bonus.is_some(),
            source.fixed.is_some(),
            source.percent.is_some(),
            !spends.is_empty(),
        ];
        if ways.into_iter().filter(|given| *given).count() != 1 {
            self.problem(at, ONE_GRANT);
            return GrantDocument::default();
        }
        if source.per.is_some() && source.bonus.is_none() && source.fixed.is_none() {
            let message = "only a bonus and fixed points have `per`; remove it";
            self.problem(&format!("{at}/per"), message);
        }
        if money.is_some()
            && (source.multiply.is_some() || source.fixed.is_some() || !spends.is_empty())
        {
            let message = "a balance of money is given a `percent` or a `bonus`";
            self.problem(at, message);
        }
        GrantDocument {
            multiply: source
                .multiply
                .inspect(|factor| self.factor(&format!("{at}/multiply"), factor.0)),
            bonus: source.bonus.and_then(|bonus| {
                self.quantity(&format!("{at}/bonus"), bonus, money, MAX_BONUS_POINTS)
            }),
            fixed: source
                .fixed
                .and_then(|fixed| self.fixed(at, fixed, source.per)),
            per: source.per.or(source.fixed.map(|_| GrantScopeName::Item)),
            spend: match source.percent {
                Some(percent) => self.percent(&format!("{at}/percent"), percent, money),
                None => spends,
            },
        }
    }

    fn factor(&mut self, at: &str, factor: Decimal) {
        if factor <= Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
            let message = format!(
                "a factor is more than 1 and at most {MAX_FACTOR}; to earn nothing, write an exclusion"
            );
            self.problem(at, message);
        }
        self.decimals(at, factor, MAX_FACTOR_DECIMALS);
    }

    /// Fixed points may be none: the line then earns by rules alone.
    fn fixed(
        &mut self,
        at: &str,
        DecimalText(points): DecimalText,
        per: Option<GrantScopeName>,
    ) -> Option<i64> {
        if per == Some(GrantScopeName::Order) {
            let message = "fixed points are for each `item` or each `line`";
            self.problem(&format!("{at}/per"), message);
        }
        let whole = points.normalize().scaled(0);
        let whole = whole.filter(|points| (0..=MAX_BONUS_POINTS).contains(points));
        if whole.is_none() {
            let message = format!("write a whole number of points from 0 to {MAX_BONUS_POINTS}");
            self.problem(&format!("{at}/fixed"), message);
        }
        whole
    }

    /// A percentage of money as money: so many minor units for each unit.
    fn percent(
        &mut self,
        at: &str,
        DecimalText(percent): DecimalText,
        money: Option<Currency>,
    ) -> Vec<SpendDocument> {
        let Some(currency) = money else {
            let message =
                "a percentage is money: say which balance it goes to, `balance = \"credit\"`";
            self.problem(at, message);
            return Vec::new();
        };
        if percent == Decimal::from(0) || percent > Decimal::from(100) {
            self.problem(at, "write more than 0 and at most 100");
        }
        self.decimals(at, percent, 2);
        // 5 % of 1.00, which is 100 minor units, are 5 of them: percent x 10^digits / 100.
        let digits = currency.minor_digits();
        let unit_minor = 10_i64.checked_pow(digits).unwrap_or(1);
        let mantissa = percent.mantissa().saturating_mul(unit_minor);
        let per_unit = Decimal::new(mantissa, percent.scale().saturating_add(2)).normalize();
        vec![SpendDocument {
            currency: currency.code().to_owned(),
            per_unit: Some(DecimalText(per_unit)),
            ..SpendDocument::default()
        }]
    }
}

/// Whether all lines that fit share the grant.
fn is_shared(grant: &GrantSource) -> bool {
    let order = grant.per.is_none_or(|per| per == GrantScopeName::Order);
    (grant.bonus.is_some() && order) || !grant.per_step.is_empty() || !grant.bands.is_empty()
}
