//! The sizes that input may have. Each is refused by name where it is passed.
//!
//! They bound the work of one evaluation, and they make its arithmetic exact by construction: an amount
//! of at most 10^15 minor units at a rate of at most 10^19 hundred-trillionths of a point per minor unit
//! (1,000 per unit of a currency without decimals, times 100) has 34 digits, and thousands of such sums fit
//! an `i128`, which holds 38.

/// Lines in one cart.
pub const MAX_LINES: usize = 1_000;
/// Bytes in an id: of a line, product, order, rule, tier.
pub const MAX_ID_BYTES: usize = 128;
/// Bytes in a category or a tag.
pub const MAX_LABEL_BYTES: usize = 128;
/// Categories, and tags, that one line may carry.
pub const MAX_LABELS_PER_LINE: usize = 50;
/// Units in one line.
pub const MAX_QUANTITY: u32 = 1_000_000;
/// Minor units in any amount, and in the sum of a cart: ten trillion with two decimals.
pub const MAX_AMOUNT_MINOR: i64 = 1_000_000_000_000_000;
/// Points in an entry or a balance: 2^53 - 1, the largest whole number that JSON carries safely.
pub const MAX_POINTS: i64 = 9_007_199_254_740_991;
/// Rules, exclusions and tiers in one program, each.
pub const MAX_RULES: usize = 200;
/// Bytes in a text that a shopper reads, or in the reason of an adjustment.
pub const MAX_TEXT_BYTES: usize = 280;
/// Characters in the name of who made an adjustment.
pub const MAX_BY_CHARS: usize = 64;
/// Decimals of the currency that has most.
pub const MAX_CURRENCY_DECIMALS: u32 = 4;
/// The largest factor of a rule or a tier.
pub const MAX_FACTOR: i64 = 100;
/// Decimals in a factor.
pub const MAX_FACTOR_DECIMALS: u32 = 2;
/// The largest number of points per currency unit.
pub const MAX_RATE: i64 = 1_000;
/// Decimals in a rate.
pub const MAX_RATE_DECIMALS: u32 = 4;
/// The largest fixed bonus.
pub const MAX_BONUS_POINTS: i64 = 1_000_000;
/// Days of grace before anybody falls.
pub const MAX_GRACE_DAYS: i64 = 92;
/// Perks of one tier, or of the paid membership.
pub const MAX_PERKS: usize = 50;
/// Days that a challenge or a trial may take.
pub const MAX_DAYS: i64 = 366;
/// Weeks or months in one streak.
pub const MAX_STREAK: i64 = 120;
/// Categories that one challenge may name, or ask for.
pub const MAX_COUNTED_CATEGORIES: usize = 200;
/// Places on the board of a competition.
pub const MAX_PLACES: i64 = 100;
/// The largest limit of a rule, a campaign or the programme.
pub const MAX_LIMIT_POINTS: i64 = 1_000_000_000_000;
/// The greatest number of days, orders or times that a condition or limit may name.
pub const MAX_COUNT: i64 = 1_000_000;
/// Groups, campaigns and money balances in one program, each.
pub const MAX_GROUPS: usize = 50;
/// Bands in one table.
pub const MAX_BANDS: usize = 50;
/// Names in all conditions of a program together: with [`MAX_LINES`] they bound the work of an evaluation.
pub const MAX_NAMES: usize = 10_000;
/// Coupons in one cart.
pub const MAX_COUPONS: usize = 50;
