//! `GET /v1/members/{id}/statement`: a member's ledger, whole, for whoever wants to keep it and check it.
//!
//! Invariant: what is answered is what the ledger holds; it is not checked here, since who checks it should not
//! have to trust us.

use earnest_ledger::store::members;
use earnest_ledger::{ExportError, StatementExport, StatementPart};

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let part = parse(call);
    let part = call.admit_to_refuse(&key, part).await?;
    let find = members::load_by_id(&key.shop, member_id);
    let [found] = call.admit(&key, [find]).await?;
    let member = members::member(&found)?.ok_or(Failure::MemberUnknown)?;
    let export = StatementExport::new(&key.shop, &member, part, call.now)?;
    let mut export = export.map_err(refused)?;
    while let Some(page) = export.read() {
        for rows in call.database.read([page]).await? {
            export.take(&rows)?;
        }
    }
    Ok(Answer::json(200, &export.finish()))
}

fn parse(call: &Call) -> Result<StatementPart, Failure> {
    let seq = |name| {
        let text = call.parameter(name);
        let number = text.map(|text| text.parse().ok().filter(|seq| *seq > 0));
        let wrong = || Failure::parameter(name, "is not the place of an entry, 1 or more");
        number.map(|seq| seq.ok_or_else(wrong)).transpose()
    };
    Ok(StatementPart {
        from_seq: seq("from_seq")?,
        to_seq: seq("to_seq")?,
    })
}

fn refused(error: ExportError) -> Failure {
    let name = match error {
        ExportError::Backwards => "to_seq",
        ExportError::TooLong(_) | ExportError::BehindEnd(_) => "from_seq",
    };
    Failure::parameter(name, error)
}
