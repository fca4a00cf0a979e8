//! An activity is reported: for the first time, again, late, or with another content under a known id.

use std::sync::Arc;

use earnest_core::{Activity, Timestamp};
use earnest_ledger::{ActivityBooking, BookingError, Report, ReportError, rfc3339};
use serde::Deserialize;
use serde_json::json;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::program::ACTIVITIES;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::Said;

const IDS: u64 = 100;
const DAY_MS: i64 = 86_400_000;

#[derive(Debug)]
struct ReportActivity {
    shop: usize,
    id: u64,
    who: Said,
    kind: &'static str,
    quantity: u32,
    occurred_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
struct Kept {
    content: String,
    answer: String,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(ReportActivity {
        shop: random.place(SHOPS),
        id: random.below(IDS),
        who: Said::draw(random),
        kind: random.pick(&ACTIVITIES),
        quantity: random.pick(&[1, 1, 2, 5]),
        occurred_at: random.one_in(3).then(|| {
            Timestamp::from_millis(crate::episode::START_MS + random.between(0, 40 * DAY_MS))
        }),
    })
}

/// Somebody answers a survey, for which all programs give 1.50 of credit.
pub(super) fn giving_credit(shop: usize, who: Said, random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(ReportActivity {
        shop,
        id: IDS + random.below(IDS),
        who,
        kind: "survey",
        quantity: 1,
        occurred_at: None,
    })
}

impl ReportActivity {
    fn report(&self, shell: &Shell) -> Report {
        // The same ids as those of orders: each has its own place.
        let id = format!("o-{}", self.id);
        let activity = Activity::new(id, self.kind.to_owned(), Vec::new(), self.quantity);
        Report {
            activity: activity.expect("an activity that is drawn is valid"),
            occurred_at: self.occurred_at,
            customer: self.who.customer(self.shop, shell),
            tags: Vec::new(),
            quantity: self.quantity,
        }
    }

    fn kept(&self, report: &Report, shell: &Shell) -> Option<Kept> {
        let sql = "SELECT content, answer FROM activities WHERE shop = ?1 AND activity_id = ?2";
        let about = [shop_id(self.shop), report.activity.id()];
        shell.database.ask(sql, &about).into_iter().next()
    }
}

impl Operation for ReportActivity {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let shop = shop_id(self.shop);
        let report = &self.report(shell);
        let codes = shell.codes();
        let booking = ActivityBooking {
            shop,
            report,
            codes,
        };
        let told = shell.book(self.shop, &booking);
        let kept = self.kept(report, shell);
        let what = ("activity", self.shop, report.activity.id().to_owned());
        match told {
            Told::First(answer) => {
                let kept =
                    kept.filter(|kept| kept.answer == answer && kept.content == report.content());
                Violation::unless(
                    kept.is_some(),
                    "an activity was acknowledged and is not there",
                )?;
                shell.acknowledge(what, &answer, true)
            }
            Told::Again(answer) => {
                let same = |kept: Kept| kept.answer == answer && kept.content == report.content();
                Violation::unless(
                    kept.is_some_and(same),
                    "an activity is answered as another, or from nowhere",
                )?;
                shell.acknowledge(what, &answer, false)
            }
            Told::Not(BookingError::Report(ReportError::Differs(_))) => Violation::unless(
                kept.is_some_and(|kept| kept.content != report.content()),
                "an activity was refused as another, and it is the same",
            ),
            Told::Not(BookingError::Report(
                ReportError::UnknownMember | ReportError::KindUnknown(_),
            )) => Violation::unless(kept.is_none(), "an activity is kept, and was refused"),
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let id = format!("o-{}", self.id);
        let customer = self.who.document(self.shop, errand);
        let mut body = json!({
            "id": id, "kind": self.kind, "quantity": self.quantity, "customer": customer
        });
        if let Some(at) = self.occurred_at {
            body["occurred_at"] = rfc3339(at).into();
        }
        let request = Request::post(self.shop, "/v1/activities", &body);
        match errand.book(("activity", id.clone()), &request)? {
            Reply::Booked(..) => Ok(()),
            Reply::Refused(code) if code == "activity_differs" => Violation::unless(
                errand.was_sent_otherwise("activity", self.shop, &id),
                "an activity was refused as another, and it is the same",
            ),
            Reply::Refused(code) => expect(&code, &["member_unknown", "activity_kind_unknown"]),
        }
    }
}
