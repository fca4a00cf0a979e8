//! `POST /v1/members/{id}/profile`: what her shop knows of a member that rules may ask for.
//!
//! Invariant: what is named is set, null takes it away, and what is left out stays. Points are no part of it.

use earnest_core::Snapshot;
use earnest_core::competition::display_name;
use earnest_core::limits::MAX_LABELS_PER_LINE;
use earnest_core::wire::SnapshotDocument;
use earnest_ledger::{ProfileChange, ProfileError, Said};
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::member;
use crate::endpoint::turn::take_turns;
use crate::instant::parse_instant;
use crate::problem::Failure;
use crate::program_store::{ProgramError, load_program};
use crate::text::check_name;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProfileDocument {
    birthday: Said<String>,
    segments: Said<Vec<String>>,
    tags: Said<Vec<String>>,
    paid_until: Said<String>,
    invited_tier: Said<String>,
    household: Said<String>,
    display_name: Said<String>,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let change = parse(call).await;
    let change = call.admit_to_refuse(&key, change).await?;
    take_turns(async || store(call, &key, member_id, &change).await).await
}

async fn parse(call: &mut Call) -> Result<ProfileChange, Failure> {
    let document: ProfileDocument = call.body(SMALL_BYTES).await?;
    document.check()
}

impl ProfileDocument {
    fn check(self) -> Result<ProfileChange, Failure> {
        Ok(ProfileChange {
            birthday: try_map(self.birthday, birthday)?,
            segments: try_map(self.segments, |said| names(said, "/segments"))?,
            tags: try_map(self.tags, |said| names(said, "/tags"))?,
            paid_until: try_map(self.paid_until, |said| {
                parse_instant(&said).map_err(|error| Failure::instant(error, "/paid_until"))
            })?,
            invited_tier: try_map(self.invited_tier, |said| {
                let checked = check_name(&said).map(|()| said);
                checked.map_err(|error| Failure::name(error, "/invited_tier"))
            })?,
            household: try_map(self.household, |said| {
                let checked = check_name(&said).map(|()| said);
                checked.map_err(|error| Failure::name(error, "/household"))
            })?,
            display_name: try_map(self.display_name, |said| {
                display_name(&said).ok_or_else(|| ProfileError::DisplayNameUnusable.into())
            })?,
        })
    }
}

/// The same said of what is made of a value.
fn try_map<T, U>(
    said: Said<T>,
    make: impl FnOnce(T) -> Result<U, Failure>,
) -> Result<Said<U>, Failure> {
    match said {
        Said::Nothing => Ok(Said::Nothing),
        Said::Named(value) => value.map(make).transpose().map(Said::Named),
    }
}

/// The month and the day, as the core reads them from a snapshot.
fn birthday(said: String) -> Result<(u8, u8), Failure> {
    let document = SnapshotDocument {
        birthday: Some(said),
        ..SnapshotDocument::default()
    };
    let snapshot = Snapshot::try_from(document).ok();
    let birthday = snapshot.and_then(|snapshot| snapshot.birthday);
    birthday.ok_or_else(|| ProfileError::NotABirthday.into())
}

/// Names in order, each once: their order means nothing.
fn names(mut names: Vec<String>, pointer: &'static str) -> Result<Vec<String>, Failure> {
    let count = names.len();
    if count > MAX_LABELS_PER_LINE {
        return Err(ProfileError::TooMany { pointer, count }.into());
    }
    for (nth, name) in names.iter().enumerate() {
        check_name(name).map_err(|error| Failure::name(error, format!("{pointer}/{nth}")))?;
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Changes the member as she is known now.
async fn store(
    call: &mut Call,
    key: &PresentedKey,
    member_id: &str,
    change: &ProfileChange,
) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let mut member = member::load(call, key, member_id).await?;
    member.check_stands(None)?;
    let names_tier = matches!(change.invited_tier, Said::Named(Some(_)));
    let published = if change.asks_program() {
        match load_program(&call.env, shop, call.now).await {
            Ok(published) => Some(published),
            Err(ProgramError::NotPublished) if !names_tier => None,
            Err(error) => return Err(error.into()),
        }
    } else {
        None
    };
    let program = published.as_ref().map(|published| &published.program);
    if let Some(program) = program {
        change.check_tier(program)?;
    }
    let changed = change.store(shop, &member, program, call.now)?;
    if !changed.is_empty() {
        call.database.write(&changed).await?;
        member = member::load(call, key, member_id).await?;
    }
    Ok(Answer::json(200, &member::told(call, key, member).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Result<ProfileChange, Failure> {
        let document: ProfileDocument = crate::body::parse(json.as_bytes())?;
        document.check()
    }

    #[test]
    fn what_is_named_is_told_from_null_and_from_what_is_left_out() {
        let change = change(r#"{"birthday":"02-29","segments":null,"tags":["b","a","b"]}"#);
        let expected = ProfileChange {
            birthday: Said::Named(Some((2, 29))),
            segments: Said::Named(None),
            tags: Said::Named(Some(vec!["a".to_owned(), "b".to_owned()])),
            ..ProfileChange::default()
        };
        assert_eq!(change, Ok(expected));
    }

    #[test]
    fn a_profile_that_no_rule_could_use_is_refused() {
        for json in [
            r#"{"birthday":"02-30"}"#,
            r#"{"birthday":"5-14"}"#,
            r#"{"birthday":"1990-05-14"}"#,
            r#"{"tags":[""]}"#,
            r#"{"paid_until":"tomorrow"}"#,
            r#"{"invited_tier":""}"#,
            r#"{"display_name":"ada@example.com"}"#,
            r#"{"points":5}"#,
            r#"{"segments":"vip"}"#,
        ] {
            assert!(change(json).is_err(), "{json}");
        }
        let many: Vec<String> = (0..51).map(|nth| nth.to_string()).collect();
        let many = serde_json::json!({ "tags": many }).to_string();
        assert!(matches!(
            change(&many),
            Err(Failure::Profile(ProfileError::TooMany { count: 51, .. }))
        ));
    }
}
