//! `POST /v1/members`: somebody joins.
//!
//! A page may ask this with the publishable key, for any e-mail that somebody types. Invariant: what it
//! is answered, and the work that is done, are the same whether or not the e-mail is known, and a known
//! member stays as she was. A server with the secret key is told the member.

use earnest_core::{Command, Program, Snapshot, plan};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::auth::{KeyKind, Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::email::{Email, EmailHash};
use crate::endpoint::member;
use crate::endpoint::turn::take_turns;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::random;
use crate::store::members::{self, Joining, MemberRow};
use crate::store::{Statement, StoreError, append, budgets};
use crate::text::check_name;

/// Why somebody is not enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnrolError {
    #[error("nobody joins without agreeing to the terms: true, as she ticked it herself")]
    TermsNotAccepted,
    #[error("only the shop's server may say which customer this is; it has the secret key")]
    CustomerNeedsSecretKey,
    #[error(
        "the e-mail is one member's and the customer id another's, or a known member's has changed"
    )]
    AnotherMember,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnrolDocument {
    email: String,
    consent: ConsentDocument,
    #[serde(default)]
    customer_id: Option<String>,
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

struct Enrolment {
    email_hash: EmailHash,
    customer_id: Option<String>,
    marketing: bool,
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
    if let Some(customer_id) = &document.customer_id {
        if key.kind != KeyKind::Secret {
            return Err(EnrolError::CustomerNeedsSecretKey.into());
        }
        check_name(customer_id).map_err(|error| Failure::name(error, "/customer_id"))?;
    }
    Ok(Enrolment {
        email_hash: email.hash(&key.shop, &call.pepper()?),
        customer_id: document.customer_id,
        marketing: document.consent.marketing,
    })
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
    let statements = plan_enrol(call, key, enrolment, program, budgets)?;
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
    let (member, budgets) = load(call, key, enrolment).await?;
    if let Some(member) = member {
        let member = link(call, key, enrolment, member).await?;
        return Ok(Answer::json(200, &member::told(call, key, member).await?));
    }
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let statements = plan_enrol(call, key, enrolment, &published.program, budgets)?;
    let status = match call.database.write(&statements).await {
        Ok(()) => 201,
        // Somebody else enrolled her at the same moment.
        Err(StoreError::Conflict(_)) => 200,
        Err(error) => return Err(error.into()),
    };
    let (member, _) = load(call, key, enrolment).await?;
    let member = member.ok_or_else(|| Failure::internal("a member was stored and is not there"))?;
    let told = member::told(call, key, member).await?;
    Ok(Answer::json(status, &told))
}

/// The member that the e-mail and the customer id name, if it is one; and what has been had of budgets.
async fn load(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
) -> Result<(Option<MemberRow>, Vec<(String, i64)>), Failure> {
    let reads = [
        members::load_by_email(&key.shop, &enrolment.email_hash),
        members::load_by_customer(&key.shop, enrolment.customer_id.as_deref()),
        budgets::load(&key.shop),
    ];
    let [by_email, by_customer, budgets] = call.admit(key, reads).await?;
    let budgets = budgets::budgets(&budgets)?;
    let member = match (members::member(&by_email)?, members::member(&by_customer)?) {
        (Some(one), Some(other)) if one.member_id != other.member_id => {
            return Err(EnrolError::AnotherMember.into());
        }
        (Some(member), _) | (None, Some(member)) => member,
        (None, None) => return Ok((None, budgets)),
    };
    let differs = |known: Option<&str>, said: Option<&str>| {
        known.is_some_and(|known| said.is_some_and(|said| said != known))
    };
    let email_hash = Some(enrolment.email_hash.as_str());
    if differs(
        member.customer_id.as_deref(),
        enrolment.customer_id.as_deref(),
    ) || differs(member.email_hash.as_deref(), email_hash)
    {
        return Err(EnrolError::AnotherMember.into());
    }
    Ok((Some(member), budgets))
}

/// Adds what was not known of a member. What she agreed to once, she still agrees to.
async fn link(
    call: &mut Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
    member: MemberRow,
) -> Result<MemberRow, Failure> {
    let news = member.email_hash.is_none()
        || (member.customer_id.is_none() && enrolment.customer_id.is_some())
        || (member.marketing_at.is_none() && enrolment.marketing);
    if !news {
        return Ok(member);
    }
    let joining = enrolment.joining(&member.member_id);
    let link = members::store_link(&key.shop, joining, call.now);
    match call.database.write(&[link]).await {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => return Err(EnrolError::AnotherMember.into()),
        Err(error) => return Err(error.into()),
    }
    let (member, _) = load(call, key, enrolment).await?;
    member.ok_or_else(|| Failure::internal("a member was linked and is not there"))
}

impl Enrolment {
    fn joining<'a>(&'a self, member_id: &'a str) -> Joining<'a> {
        Joining {
            member_id,
            customer_id: self.customer_id.as_deref(),
            email_hash: &self.email_hash,
            marketing: self.marketing,
        }
    }
}

fn plan_enrol(
    call: &Call,
    key: &PresentedKey,
    enrolment: &Enrolment,
    program: &Program,
    budgets: Vec<(String, i64)>,
) -> Result<Vec<Statement>, Failure> {
    let member_id = random::member_id()?;
    let command = Command::Enrol {
        member_id: &member_id,
    };
    let nobody_yet = Snapshot {
        budgets,
        ..Snapshot::default()
    };
    let planned = plan(program, Some(&nobody_yet), command, call.now).map_err(|refusal| {
        let pointer = None;
        Failure::Refused { refusal, pointer }
    })?;
    let joining = enrolment.joining(&member_id);
    let mut statements = vec![members::store_joining(&key.shop, joining, call.now)];
    statements.extend(append::store_plan(&key.shop, &member_id, 0, &planned));
    Ok(statements)
}
