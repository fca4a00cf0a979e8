//! `POST /v1/members`: somebody joins.
//!
//! A page may ask this with the publishable key, for any e-mail that somebody types. Invariant: what it
//! is answered, and the work that is done, are the same whether or not the e-mail is known, and a known
//! member stays as she was. A server with the secret key is told the member.

use earnest_core::referral::ReferralRefusal;
use earnest_core::reward::RewardCode;
use earnest_ledger::store::budgets;
use earnest_ledger::store::members::MemberRow;
use earnest_ledger::store::referrals;
use earnest_ledger::{EnrolError, Enrolment, StoreError, advocate_gift_of_joining};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::Answer;
use crate::auth::{KeyKind, Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::email::Email;
use crate::endpoint::booking::bring;
use crate::endpoint::member;
use crate::endpoint::referrals::raw;
use crate::endpoint::turn::take_turns;
use crate::moves;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::random;
use crate::sign::ToldSigns;
use crate::text::check_name;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnrolDocument {
    email: String,
    consent: ConsentDocument,
    #[serde(default)]
    customer_id: Option<String>,
    #[serde(default)]
    payment_fingerprint: Option<String>,
    #[serde(default)]
    address: Option<String>,
    /// The code of the member who brought her.
    #[serde(default)]
    referral_code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentDocument {
    terms: bool,
    #[serde(default)]
    marketing: bool,
}

/// What a page is answered, always.
#[derive(Serialize)]
struct Accepted {
    status: &'static str,
    welcome_points: i64,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::AnyKey)?;
    let enrolment = parse(call, &key).await;
    let enrolment = call.admit_to_refuse(&key, enrolment).await?;
    take_turns(async || match key.kind {
        KeyKind::Publishable => answer_page(call, &key, &enrolment).await,
        KeyKind::Secret => answer_server(call, &key, &enrolment).await,
    })
    .await
}

async fn parse(call: &mut Call, key: &PresentedKey) -> Result<Enrolment, Failure> {
    let document: EnrolDocument = call.body(SMALL_BYTES).await?;
    let email = Email::parse(&document.email);
    let email = email.map_err(|error| Failure::email(error, "/email"))?;
    if !document.consent.terms {
        return Err(EnrolError::TermsNotAccepted.into());
    }
    for (pointer, named) in [
        ("/customer_id", &document.customer_id),
        ("/payment_fingerprint", &document.payment_fingerprint),
        ("/address", &document.address),
    ] {
        if named.is_some() && key.kind != KeyKind::Secret {
            return Err(EnrolError::CustomerNeedsSecretKey { pointer }.into());
        }
    }
    if let Some(customer_id) = &document.customer_id {
        check_name(customer_id).map_err(|error| Failure::name(error, "/customer_id"))?;
    }
    let pepper = call.pepper()?;
    let signs = ToldSigns {
        email: Some(&email),
        payment_fingerprint: document.payment_fingerprint.as_deref(),
        address: document.address.as_deref(),
    };
    Ok(Enrolment {
        email_hash: email.hash(&key.shop, &pepper),
        customer_id: document.customer_id,
        marketing: document.consent.marketing,
        signs: signs.check(&key.shop, &pepper)?,
        referral_code: code(document.referral_code.as_deref(), key.kind)?,
    })
}

/// The code of who brought her. A page learns nothing of a code, not even that it is none.
fn code(text: Option<&str>, kind: KeyKind) -> Result<Option<RewardCode>, EnrolError> {
    match text.map(str::parse::<RewardCode>).transpose() {
        Ok(code) => Ok(code),
        Err(_) if kind == KeyKind::Publishable => Ok(None),
        Err(_) => Err(EnrolError::ReferralCodeUnknown),
    }
}

/// Writes without having looked. Where the e-mail is known, its unique index undoes the whole batch; so
/// known and unknown take the same steps, and nothing here could tell the difference if it wanted to.
async fn answer_page(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
) -> Result<Answer, Failure> {
    let [budgets] = call.admit(key, [budgets::load(&key.shop)]).await?;
    let budgets = budgets::budgets(&budgets)?;
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let program = &published.program;
    let (member_id, codes) = (random::member_id()?, random::codes()?);
    let statements = enrolment.join(&key.shop, &member_id, program, budgets, &codes, call.now)?;
    match call.database.write(&statements).await {
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let accepted = Accepted {
        status: "accepted",
        welcome_points: program.welcome(call.now).get(),
    };
    Ok(Answer::json(202, &accepted))
}

/// Tells the member: a new one, or the one that there is, with what was not known of her added.
async fn answer_server(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
) -> Result<Answer, Failure> {
    let rows = call.admit(key, enrolment.reads(&key.shop)).await?;
    let (member, budgets) = enrolment.find(&rows)?;
    if let Some(member) = member {
        let member = link(call, key, enrolment, member).await?;
        return told(call, key, enrolment, member, 200).await;
    }
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let (member_id, codes) = (random::member_id()?, random::codes()?);
    let program = &published.program;
    let statements = enrolment.join(&key.shop, &member_id, program, budgets, &codes, call.now)?;
    // Where somebody else enrolled her at the same moment, the next turn finds her, and adds what this one
    // knows of her.
    call.database.write(&statements).await?;
    // A page is not to know, and so its newcomers are left to the cron.
    credit(call, key, &member_id).await;
    if enrolment.referral_code.is_some() {
        bring(call, key, Some(advocate_gift_of_joining(&member_id))).await;
    }
    let member = load(call, key, enrolment).await?;
    told(call, key, enrolment, member, 201).await
}

/// Tells a member, and, where a code came with her, what became of that.
async fn told(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
    member: MemberRow,
    status: u16,
) -> Result<Answer, Failure> {
    let member_id = member.member_id.clone();
    let mut document = member::told(call, key, member).await?;
    if enrolment.referral_code.is_some() {
        let read = referrals::load_friend(&key.shop, &member_id);
        let [found] = call.admit(key, [read]).await?;
        let friend = referrals::friends(&found)?.into_iter().next();
        let refused = ReferralRefusal::FriendKnown.code();
        // Whom nobody brought was here before.
        let known = || json!({ "refused": refused }).to_string();
        let verdict = friend.map_or_else(known, |friend| {
            friend.joined.unwrap_or_else(|| "null".to_owned())
        });
        document.referral = raw(Some(verdict))?;
    }
    Ok(Answer::json(status, &document))
}

/// The member that is there by now.
async fn load(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
) -> Result<MemberRow, Failure> {
    let rows = call.admit(key, enrolment.reads(&key.shop)).await?;
    Ok(enrolment.written(&rows)?)
}

/// Credits what she ordered as a guest. What fails is left to the cron.
async fn credit(call: &Call, key: &PresentedKey, member_id: &str) {
    let joined = (key.shop.as_str(), member_id);
    if let Err(failure) = moves::credit(&call.env, &call.database, joined, call.now).await {
        crate::tell(&failure);
    }
}

/// Adds what was not known of a member.
async fn link(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
    member: MemberRow,
) -> Result<MemberRow, Failure> {
    let link = enrolment.link(&key.shop, &member, call.now)?;
    if link.is_empty() {
        return Ok(member);
    }
    match call.database.write(&link).await {
        Ok(()) => {
            if member.email_hash.is_none() {
                credit(call, key, &member.member_id).await;
            }
            load(call, key, enrolment).await
        }
        Err(StoreError::Conflict(_)) => Err(EnrolError::AnotherMember.into()),
        Err(error) => Err(error.into()),
    }
}
