//! A program: the versioned rules of a shop, checked and ready to be evaluated.
//!
//! Owns what a programme is. Every program was compiled, which checked it: within the limits, ids
//! distinct, tiers ascending, rules that name tiers it has. From then on it is only read, from its
//! [`wire::ProgramDocument`](crate::wire::ProgramDocument).

use crate::custody::Custody;
use crate::lifetime::{Expiry, Pending};
use crate::limits::MAX_RATE_DECIMALS;
use crate::partner::Partner;
use crate::referral::Referral;
use crate::reward::Reward;
use crate::surprise::Surprise;

use crate::challenge::Challenge;
use crate::competition::Competition;
use crate::membership::Membership;
use crate::{
    Balance, Calendar, Campaign, Currency, Decimal, Exclusion, Group, Limits, Money, Points,
    PointsWord, Rounding, RoundingScope, Rule, RuleGift, Snapshot, Spend, Tier, TierRules,
    Timestamp,
};

/// Which version of a program decided, to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramRef {
    /// The merchant's own number.
    pub version: u32,
    /// `sha256:` and the hexadecimal digest of the published document.
    pub digest: String,
}

/// What one currency earns, at the shop or at a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency.
    pub currency: Currency,
    /// The id of the partner at which it is earned; `None` at the shop itself.
    pub partner: Option<String>,
    /// What the shopper reads: `1 bean per 1.00 EUR`.
    pub label: String,
    /// What money spent earns; `None` where only rules give.
    pub spend: Option<Spend>,
    /// An order that counts for less earns nothing.
    pub minimum_order: Option<Money>,
    /// What one point takes off a later order, for the shopper to read.
    pub worth: Option<Decimal>,
}

/// What of an order counts, besides its lines after all discounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Tax counts.
    pub tax: bool,
    /// Shipping counts; the lines that earn share it in proportion to their worth.
    pub shipping: bool,
}

/// The versioned rules of a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub(crate) reference: ProgramRef,
    pub(crate) name: String,
    pub(crate) word: PointsWord,
    pub(crate) starts_at: Option<Timestamp>,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) calendar: Calendar,
    /// A handful, so a list is searched.
    pub(crate) rates: Vec<Rate>,
    pub(crate) counts: Counts,
    pub(crate) rounding: Rounding,
    pub(crate) rounding_scope: RoundingScope,
    pub(crate) welcome: Points,
    pub(crate) is_joining_automatic: bool,
    pub(crate) tier_rules: TierRules,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) rule_gifts: Vec<RuleGift>,
    pub(crate) limits: Limits,
    pub(crate) balances: Vec<Balance>,
    pub(crate) groups: Vec<Group>,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) membership: Option<Membership>,
    pub(crate) challenges: Vec<Challenge>,
    pub(crate) competitions: Vec<Competition>,
    pub(crate) rewards: Vec<Reward>,
    pub(crate) referral: Option<Referral>,
    pub(crate) surprises: Vec<Surprise>,
    pub(crate) partners: Vec<Partner>,
    pub(crate) pending: Pending,
    pub(crate) expiry: Expiry,
    pub(crate) custody: Custody,
}

impl Program {
    /// Which version this is.
    #[must_use]
    pub fn reference(&self) -> &ProgramRef {
        &self.reference
    }

    /// The programme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shop's word for its points.
    #[must_use]
    pub fn word(&self) -> &PointsWord {
        &self.word
    }

    /// Whether it runs at `now`: from its start, until just before its end.
    #[must_use]
    pub fn runs_at(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// The days and months of the shop.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether orders in the currency earn: a programme that gives nothing for money spent as such takes
    /// all currencies, any other those that it names.
    #[must_use]
    pub fn covers(&self, currency: Currency) -> bool {
        let mut at_shop = self.rates.iter().filter(|rate| rate.partner.is_none());
        self.rate(currency).is_some_and(|rate| rate.spend.is_some())
            || !at_shop.any(|rate| rate.spend.is_some())
    }

    /// What is said of the currency at the shop itself; `None` where nothing is.
    #[must_use]
    pub fn rate(&self, currency: Currency) -> Option<&Rate> {
        let place = self.rate_place(currency, None)?;
        self.rates.get(place)
    }

    /// All rates, the shop's own and those of partners.
    #[must_use]
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// Whether the programme has rates of partners.
    #[must_use]
    pub fn has_partners(&self) -> bool {
        self.rates.iter().any(|rate| rate.partner.is_some())
    }

    /// Whether the programme has rates of partners, and none of this one's.
    #[must_use]
    pub fn is_unknown_partner(&self, partner: &str) -> bool {
        let is_its = |rate: &Rate| rate.partner.as_deref() == Some(partner);
        self.has_partners() && !self.rates.iter().any(is_its)
    }

    /// The place of the rate of a currency, at the shop or at a partner. A programme without rates of
    /// partners has one rate for all.
    pub(crate) fn rate_place(&self, currency: Currency, partner: Option<&str>) -> Option<usize> {
        let partner = partner.filter(|_| self.has_partners());
        let mut rates = self.rates.iter();
        rates.position(|rate| rate.currency == currency && rate.partner.as_deref() == partner)
    }

    /// What of an order counts.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How exact points become whole.
    #[must_use]
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// What is rounded: each line, or the order.
    #[must_use]
    pub fn rounding_scope(&self) -> RoundingScope {
        self.rounding_scope
    }

    /// The points that somebody who joins at `now` starts with.
    #[must_use]
    pub fn welcome(&self, now: Timestamp) -> Points {
        if self.runs_at(now) {
            self.welcome
        } else {
            Points::ZERO
        }
    }

    /// The tiers, lowest first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// What earns nothing.
    #[must_use]
    pub fn exclusions(&self) -> &[Exclusion] {
        &self.exclusions
    }

    /// The rules, in the program's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What limits the points that a member earns by orders and activities together.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The money balances beside the points.
    #[must_use]
    pub fn balances(&self) -> &[Balance] {
        &self.balances
    }

    /// The groups in which rules combine.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The campaigns, running or not.
    #[must_use]
    pub fn campaigns(&self) -> &[Campaign] {
        &self.campaigns
    }

    /// What members take for their points.
    #[must_use]
    pub fn rewards(&self) -> &[Reward] {
        &self.rewards
    }

    /// What is given for a friend who was brought; `None` where nothing is.
    #[must_use]
    pub fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// What an order is given now and then.
    #[must_use]
    pub fn surprises(&self) -> &[Surprise] {
        &self.surprises
    }

    /// Other brands at which points are earned and spent.
    #[must_use]
    pub fn partners(&self) -> &[Partner] {
        &self.partners
    }

    /// How long points wait before they may be spent.
    #[must_use]
    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// Until when points live.
    #[must_use]
    pub fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    /// What becomes of points once they are booked: refunds, redemptions, guests, transfers, the books.
    #[must_use]
    pub fn custody(&self) -> &Custody {
        &self.custody
    }

    /// Whether who has an account at the shop is a member, without being asked.
    #[must_use]
    pub fn is_joining_automatic(&self) -> bool {
        self.is_joining_automatic
    }

    /// The rules that give rewards.
    #[must_use]
    pub fn rule_gifts(&self) -> &[RuleGift] {
        &self.rule_gifts
    }

    /// The membership, paid or free, if there is one.
    #[must_use]
    pub fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }

    /// The challenges, running or not.
    #[must_use]
    pub fn challenges(&self) -> &[Challenge] {
        &self.challenges
    }

    /// The competitions, running or not.
    #[must_use]
    pub fn competitions(&self) -> &[Competition] {
        &self.competitions
    }

    /// Somebody who has just joined, with nothing booked yet: what a guest's cart is evaluated for.
    #[must_use]
    pub fn newcomer(&self) -> Snapshot {
        let member = Snapshot::default();
        let tier = self.first_tier().map(|tier| tier.id.clone());
        Snapshot { tier, ..member }
    }

    /// What so many points take off a later order in that currency, rounded down to its minor unit;
    /// `None` where the programme does not say.
    #[must_use]
    pub fn worth(&self, points: Points, currency: Currency) -> Option<Money> {
        let each = i128::from(self.rate(currency)?.worth?.scaled(MAX_RATE_DECIMALS)?);
        let exact = each.checked_mul(points.get().into())?;
        // From ten-thousandths of a unit to minor units: currencies have no more decimals than that.
        let spare = MAX_RATE_DECIMALS.checked_sub(currency.minor_digits())?;
        let minor = exact.checked_div_euclid(10_i128.checked_pow(spare)?)?;
        Money::from_minor(i64::try_from(minor).ok()?, currency).ok()
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::compile;
    use crate::limits::MAX_POINTS;

    #[test]
    fn points_are_worth_whole_minor_units_rounded_down() {
        let source = r#"
            version = 1
            name = "Club"
            points = { one = "star", other = "stars", worth = { EUR = 0.015, JPY = 0.5, CLF = 1000, KWD = 0.0001 } }
            earn.per_unit = { EUR = 1, JPY = 1, CLF = 1, KWD = 1, USD = 1 }
        "#;
        let program = compile::compile(source).expect("a valid program").program;
        let check = |points: i64, code: &str, worth: Option<&str>| {
            let points = Points::new(points).expect("points of the test");
            let currency = Currency::parse(code).expect("a currency");
            let told = program
                .worth(points, currency)
                .map(|worth| worth.to_string());
            assert_eq!(told.as_deref(), worth, "{points} in {code}");
        };
        check(0, "EUR", Some("0.00 EUR"));
        check(1, "EUR", Some("0.01 EUR"));
        check(2, "EUR", Some("0.03 EUR"));
        check(640, "EUR", Some("9.60 EUR"));
        check(1, "JPY", Some("0 JPY"));
        check(3, "JPY", Some("1 JPY"));
        check(9_999, "KWD", Some("0.999 KWD"));
        check(100_000_000, "CLF", Some("100000000000.0000 CLF"));
        // Over the limit of an amount there is none to tell.
        check(100_000_001, "CLF", None);
        check(MAX_POINTS, "CLF", None);
        check(MAX_POINTS, "KWD", Some("900719925474.099 KWD"));
        check(-1, "EUR", None);
        // No worth, no rate.
        check(1, "USD", None);
        check(1, "GBP", None);
    }

    #[test]
    fn a_programme_runs_from_its_start_until_just_before_its_end() {
        let source = "version = 1\nname = 'Club'\npoints = { one = 's', other = 's' }\n\
                      earn.per_unit = { EUR = 1 }\nwelcome_points = 5\n\
                      starts_at = 1970-01-01T00:00:01Z\nends_at = 1970-01-01T01:00:02+01:00";
        let program = compile::compile(source).expect("a valid program").program;
        let check = |now: i64, runs: bool| {
            let now = Timestamp::from_millis(now);
            assert_eq!(program.runs_at(now), runs, "{now:?}");
            assert_eq!(program.welcome(now).get(), if runs { 5 } else { 0 });
        };
        check(i64::MIN, false);
        check(999, false);
        check(1_000, true);
        check(1_999, true);
        check(2_000, false);
        check(i64::MAX, false);
    }
}
