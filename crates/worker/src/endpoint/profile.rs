//! `POST /v1/members/{id}/profile`: what her shop knows of a member that rules may ask for.
//!
//! Invariant: what is named is set, null takes it away, and what is left out stays. Points are no part of it.

use earnest_core::limits::MAX_LABELS_PER_LINE;
use earnest_core::wire::SnapshotDocument;
use earnest_core::{Snapshot, Standing, Timestamp};
use serde::{Deserialize, Deserializer};

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::member;
use crate::endpoint::turn::take_turns;
use crate::instant::parse_instant;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::store::members;
use crate::text::check_name;

/// Why a profile is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("at most {MAX_LABELS_PER_LINE} are possible, these are {count}")]
    TooMany { pointer: &'static str, count: usize },
    #[error("is no day of a year; write month and day, such as \"05-14\"")]
    NotABirthday,
    #[error("is no tier of the program")]
    TierUnknown,
}

/// What is said of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Said<T> {
    /// It is left out: it stays as it is.
    #[default]
    Nothing,
    /// It is named; null takes it away.
    Named(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        Option::deserialize(field).map(Self::Named)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProfileDocument {
    birthday: Said<String>,
    segments: Said<Vec<String>>,
    tags: Said<Vec<String>>,
    paid_until: Said<String>,
    invited_tier: Said<String>,
}

/// What a profile changes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    birthday: Said<(u8, u8)>,
    segments: Said<Vec<String>>,
    tags: Said<Vec<String>>,
    paid_until: Said<Timestamp>,
    invited_tier: Said<String>,
}

impl<T> Said<T> {
    /// The same of what is made of a value.
    fn and_then<U>(self, make: impl FnOnce(T) -> Result<U, Failure>) -> Result<Said<U>, Failure> {
        match self {
            Self::Nothing => Ok(Said::Nothing),
            Self::Named(value) => value.map(make).transpose().map(Said::Named),
        }
    }
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let change = parse(call).await;
    let change = call.admit_to_refuse(&key, change).await?;
    take_turns(async || store(call, &key, member_id, &change).await).await
}

async fn parse(call: &mut Call) -> Result<Change, Failure> {
    let document: ProfileDocument = call.body(SMALL_BYTES).await?;
    document.check()
}

impl ProfileDocument {
    fn check(self) -> Result<Change, Failure> {
        Ok(Change {
            birthday: self.birthday.and_then(birthday)?,
            segments: self.segments.and_then(|said| names(said, "/segments"))?,
            tags: self.tags.and_then(|said| names(said, "/tags"))?,
            paid_until: self.paid_until.and_then(|said| {
                parse_instant(&said).map_err(|error| Failure::instant(error, "/paid_until"))
            })?,
            invited_tier: self.invited_tier.and_then(|said| {
                let checked = check_name(&said).map(|()| said);
                checked.map_err(|error| Failure::name(error, "/invited_tier"))
            })?,
        })
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
    change: &Change,
) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let mut member = member::load(call, key, member_id).await?;
    if let Said::Named(Some(tier)) = &change.invited_tier {
        let published = load_program(&call.env, shop, call.now).await?;
        let mut tiers = published.program.tiers().iter();
        if !tiers.any(|known| known.id == *tier) {
            return Err(ProfileError::TierUnknown.into());
        }
    }
    let before = member.snapshot()?;
    let after = change.applied_to(before.clone());
    if after != before {
        let changed = members::store_facts(shop, member_id, member.revision, &after);
        call.database.write(&[changed]).await?;
        member = member::load(call, key, member_id).await?;
    }
    Ok(Answer::json(200, &member::told(call, key, member).await?))
}

impl Change {
    fn applied_to(&self, member: Snapshot) -> Snapshot {
        fn applied<T: Clone>(said: &Said<T>, was: Option<T>) -> Option<T> {
            match said {
                Said::Nothing => was,
                Said::Named(is) => is.clone(),
            }
        }
        Snapshot {
            birthday: applied(&self.birthday, member.birthday),
            segments: applied(&self.segments, Some(member.segments)).unwrap_or_default(),
            tags: applied(&self.tags, Some(member.tags)).unwrap_or_default(),
            paid_until: applied(&self.paid_until, member.paid_until),
            standing: Standing {
                invited: applied(&self.invited_tier, member.standing.invited),
                ..member.standing
            },
            ..member
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Result<Change, Failure> {
        let document: ProfileDocument = crate::body::parse(json.as_bytes())?;
        document.check()
    }

    #[test]
    fn what_is_named_is_set_and_null_takes_away_and_the_rest_stays() {
        let member = Snapshot {
            orders: 3,
            birthday: Some((5, 14)),
            segments: vec!["vip".to_owned()],
            ..Snapshot::default()
        };
        let check = |json: &str, expected: &Snapshot| {
            let change = change(json).expect("a profile of the test");
            assert_eq!(change.applied_to(member.clone()), *expected, "{json}");
        };
        check("{}", &member);
        let mut expected = member.clone();
        expected.birthday = None;
        check(r#"{"birthday":null}"#, &expected);
        expected.standing.invited = Some("circle".to_owned());
        check(r#"{"birthday":null,"invited_tier":"circle"}"#, &expected);
        expected.standing.invited = None;
        expected.birthday = Some((2, 29));
        expected.segments = Vec::new();
        expected.tags = vec!["a".to_owned(), "b".to_owned()];
        check(
            r#"{"birthday":"02-29","segments":null,"tags":["b","a","b"]}"#,
            &expected,
        );
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
