//! `GET /v1/members/{id}/credits?balance=…`: a member's ledger of a balance of money, newest first, by pages.

use earnest_ledger::CreditEntryDocument;
use earnest_ledger::store::{credits, members};
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::endpoint::page;
use crate::problem::Failure;
use crate::program_store::load_program;

#[derive(Serialize)]
struct PageDocument {
    balance: String,
    currency: &'static str,
    credits: Vec<CreditEntryDocument>,
    next_cursor: Option<String>,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let asked = parse(call);
    let (balance, after, limit) = call.admit_to_refuse(&key, asked).await?;
    let find = members::load_by_id(&key.shop, member_id);
    let below = after.map(|cursor| cursor.below);
    let page = credits::load_page(&key.shop, member_id, &balance, below, limit);
    let [found, page] = call.admit(&key, [find, page]).await?;
    members::member(&found)?.ok_or(Failure::MemberUnknown)?;
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let mut balances = published.program.balances().iter();
    let currency = balances.find(|it| it.id == balance).map(|it| it.currency);
    let currency = currency
        .ok_or_else(|| Failure::parameter("balance", "the program has no balance of this id"))?;
    let entries = credits::credits(&page)?;
    // Entries are numbered from 1 without gaps, so the lowest one tells whether there are more.
    let lowest = entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1);
    let told = entries.into_iter();
    let document = PageDocument {
        balance,
        currency: currency.code(),
        credits: told
            .map(|row| CreditEntryDocument::new(row, currency))
            .collect(),
        next_cursor: lowest.map(|below| {
            let list = List::Credits;
            Cursor { list, below }.text()
        }),
    };
    Ok(Answer::json(200, &document))
}

fn parse(call: &Call) -> Result<(String, Option<Cursor>, u32), Failure> {
    let balance = call.parameter("balance");
    let balance = balance
        .ok_or_else(|| Failure::parameter("balance", "name a balance of the program by its id"))?;
    let (after, limit) = page::parse(call, List::Credits)?;
    Ok((balance, after, limit))
}
