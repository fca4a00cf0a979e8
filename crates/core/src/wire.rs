//! The wire: what the domain types look like as JSON, and the one place that converts them.
//!
//! Domain types carry invariants and are not `Serialize`; the types here carry none and are. Amounts are
//! strings in the currency that stands beside them, points are whole numbers, factors and exact points
//! are decimal strings. The names and shapes are a public interface: a test pins their bytes.

mod by_currency;
mod cart;
mod decimal;
mod earning;
mod holdings;
mod outlook;
mod program;
mod snapshot;
mod standing;
#[cfg(feature = "ledger")]
mod statement;
mod tape;
#[cfg(all(test, feature = "compile"))]
mod tests;

pub use by_currency::ByCurrency;
pub use cart::{CartDocument, LineDocument};
pub use decimal::DecimalText;
pub use earning::{
    CreditDocument, EarningDocument, LineEarningDocument, ProgramRefDocument, ReasonDocument,
};
pub use holdings::{
    BargainDocument, HoldingsDocument, HoldingsError, LotDocument, ReservationDocument, read_lots,
    write_lots,
};
pub use outlook::{CreditBalanceDocument, NextTierDocument, OutlookDocument, UnderwayDocument};
pub use program::{
    AccountingDocument, BalanceDocument, BandDocument, BenefitDocument, BonusesName,
    CampaignDocument, ChallengeDocument, ChallengeStepDocument, CombineName, CompetitionDocument,
    EarnDocument, ExclusionDocument, ExpiryDocument, ExpiryRuleDocument, GiftDocument,
    GrantDocument, GrantScopeName, GroupDocument, GuestsDocument, JoiningName, LimitsDocument,
    MembershipDocument, PartnerDocument, PendingDocument, PerkDocument, PointsWordDocument,
    ProgramDocument, RangeDocument, RateDocument, RedemptionsDocument, ReferralDocument,
    ReferralGiftDocument, ReferralStepName, RefundsDocument, RewardDocument, RoundingName,
    RoundingScopeName, RuleDocument, RuleGiftDocument, SpendDocument, StepDocument, StepsDocument,
    SurpriseDocument, TestDocument, TierDocument, TiersByDocument, TransfersDocument,
    UnreadableProgram,
};
pub use snapshot::{SnapshotDocument, SnapshotError, UsageDocument};
pub use standing::{ChallengeProgressDocument, StandingDocument};
#[cfg(feature = "ledger")]
pub use statement::{
    CreditLedgerDocument, CreditStatementEntryDocument, MarkDocument, PoolDocument,
    STATEMENT_FORMAT, StatementDocument, StatementEntryDocument,
};
pub use tape::Tape;
