//! The endpoints, one a file. Each reads its request, has the ledger decide what to read and write, and
//! answers. None computes points and none knows SQL.

pub(crate) mod activity;
pub(crate) mod adjustment;
pub(crate) mod board;
mod booking;
pub(crate) mod credits;
pub(crate) mod enrol;
pub(crate) mod entries;
pub(crate) mod events;
pub(crate) mod household;
pub(crate) mod member;
pub(crate) mod merge;
pub(crate) mod order;
mod page;
pub(crate) mod preview;
pub(crate) mod profile;
pub(crate) mod program;
pub(crate) mod programs;
pub(crate) mod publish;
pub(crate) mod published;
pub(crate) mod quote;
pub(crate) mod redemption;
pub(crate) mod redemptions;
pub(crate) mod referral_code;
pub(crate) mod referrals;
pub(crate) mod refund;
pub(crate) mod report;
pub(crate) mod seed;
pub(crate) mod snapshot;
pub(crate) mod statement;
pub(crate) mod transfer;
pub(crate) mod trial;
mod turn;

use earnest_ledger::Ending;

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Failure;
use crate::routes::Endpoint;

/// Has an endpoint answer. `id` is what its path names.
pub(crate) async fn answer(
    endpoint: Endpoint,
    id: &str,
    call: &mut Call,
) -> Result<Answer, Failure> {
    match endpoint {
        Endpoint::Program => program::answer(call).await,
        Endpoint::Publish => publish::answer(call).await,
        Endpoint::Programs => programs::answer(call).await,
        Endpoint::Published => published::answer(call, id).await,
        Endpoint::Preview => preview::answer(call).await,
        Endpoint::Quote => quote::answer(call).await,
        Endpoint::Enrol => enrol::answer(call).await,
        Endpoint::Member => member::answer(call, id).await,
        Endpoint::Snapshot => snapshot::answer(call, id).await,
        Endpoint::Entries => entries::answer(call, id).await,
        Endpoint::Credits => credits::answer(call, id).await,
        Endpoint::Statement => statement::answer(call, id).await,
        Endpoint::Events => events::answer(call).await,
        Endpoint::MemberEvents => events::answer_of_member(call, id).await,
        Endpoint::Profile => profile::answer(call, id).await,
        Endpoint::Adjust => adjustment::answer(call, id).await,
        Endpoint::Household => household::answer(call, id).await,
        Endpoint::Referrals => referrals::answer(call, id).await,
        Endpoint::ReferralCode => referral_code::answer(call, id).await,
        Endpoint::Transfer => transfer::answer(call, id).await,
        Endpoint::Trial => trial::answer(call, id).await,
        Endpoint::Merge => merge::answer(call, id).await,
        Endpoint::Order => order::answer(call).await,
        Endpoint::Activity => activity::answer(call).await,
        Endpoint::Board => board::answer(call, id).await,
        Endpoint::LiabilityReport => report::liability::answer(call).await,
        Endpoint::Journal => report::journal::answer(call).await,
        Endpoint::PointsReport => report::points::answer(call).await,
        Endpoint::PartnersReport => report::partners::answer(call).await,
        Endpoint::Refund => refund::answer(call).await,
        Endpoint::Redeem => redemption::answer(call).await,
        Endpoint::Seeds => seed::answer_new(call).await,
        Endpoint::Seed => seed::answer(call, id).await,
        Endpoint::RevealSeed => seed::answer_reveal(call, id).await,
        Endpoint::Redemptions => redemptions::answer(call, id).await,
        Endpoint::CommitRedemption => redemption::answer_end(call, id, Ending::Commit).await,
        Endpoint::ReleaseRedemption => redemption::answer_end(call, id, Ending::Release).await,
    }
}
