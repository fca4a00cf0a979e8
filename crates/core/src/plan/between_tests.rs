//! What goes from one member to another: transfers, merges, and debts that they pay off.

use super::story::{Story, at};
use super::*;

#[test]
fn what_one_member_gives_the_other_gets_with_its_own_end() {
    let mut ada =
        Story::new("transfers = { between_members = true }\nexpiry = { after_months = 12 }");
    let mut bea = Story::new("transfers = { between_members = true }");
    ada.order("o1", 50, "2026-03-01T12:00:00Z");
    let out = |points| Command::TransferOut {
        transfer_id: "t1",
        points,
        is_of_household: false,
    };
    let now = "2026-04-01T12:00:00Z";
    assert_eq!(ada.book(out(51), now), "not_enough_available");
    assert_eq!(ada.book(out(0), now), "transfer_of_nothing");
    let before = ada.member.clone();
    assert_eq!(
        ada.book(out(20), now),
        "transfer-out -20, [points.matured], (free 30)"
    );
    let given = plan(&ada.program, Some(&before), out(20), at(now))
        .expect("a plan")
        .drawn;
    let lots = &given;
    let said = bea.book(
        Command::TransferIn {
            transfer_id: "t1",
            lots,
        },
        now,
    );
    assert_eq!(said, "transfer-in 20, (free 20)");
    assert_eq!(bea.member.holdings.lots, given);
}

#[test]
fn who_may_give_points_to_whom_the_programme_says() {
    let check = |transfers: &str, to_anybody: &str, within_household: &str| {
        let mut ada = Story::new(transfers);
        ada.order("o1", 50, "2026-03-01T12:00:00Z");
        let mut out = |is_of_household| {
            let command = Command::TransferOut {
                transfer_id: "t1",
                points: 51,
                is_of_household,
            };
            ada.book(command, "2026-04-01T12:00:00Z")
        };
        assert_eq!((&*out(false), &*out(true)), (to_anybody, within_household));
    };
    let (no, too_many) = ("transfers_not_allowed", "not_enough_available");
    check("", no, no);
    check("transfers = { household = true }", no, too_many);
    check("transfers = { between_members = true }", too_many, too_many);
}

#[test]
fn debts_are_paid_off_by_whatever_has_the_same_id() {
    let mut story = Story::new("refunds = { deficit = true }");
    story.member.member_id = "ada".into();
    story.member.holdings.owed = 30;
    let sources: Vec<String> = ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]
        .into_iter()
        .flat_map(|placed| {
            let lots = [crate::Lot {
                points: 10,
                matures_at: at(placed),
                expires_at: None,
                currency: None,
            }];
            let command = Command::TransferIn {
                transfer_id: "1001",
                lots: &lots,
            };
            let planned = plan(&story.program, Some(&story.member), command, at(placed));
            let planned = planned.expect("a plan");
            story.member = planned.snapshot;
            planned.entries.into_iter().map(|entry| entry.source)
        })
        .collect();
    assert_eq!(sources, ["1001", "ada-2", "1001", "ada-4"]);
}

#[test]
fn a_merge_loses_nothing_and_doubles_nothing() {
    let mut ada = Story::new("refunds = { deficit = true }");
    let mut bea = Story::new("refunds = { deficit = true }");
    ada.member.member_id = "ada".into();
    ada.order("o1", 300, "2026-03-01T12:00:00Z");
    bea.order("o2", 250, "2026-03-02T12:00:00Z");
    bea.member.holdings.owed = 20;
    let now = "2026-03-20T12:00:00Z";
    bea.reserve("r1", now);
    let out = Command::MergeOut { member_id: "m1" };
    assert_eq!(bea.book(out, now), "redemption_open");
    bea.book(
        Command::Release {
            redemption_id: "r1",
        },
        now,
    );
    let other = bea.member.clone();
    assert_eq!(bea.book(out, now), "merge-out -250, ()");
    assert_eq!(bea.member.earned, Points::ZERO);
    let said = ada.book(
        Command::MergeIn {
            member_id: "m1",
            other: &other,
        },
        now,
    );
    assert_eq!(
        said,
        "merge-in 250, repay -20, [points.matured], [tier.changed], (free 530)"
    );
    assert_eq!((ada.member.orders, ada.member.earned.get()), (2, 550));
    assert_eq!(ada.member.tier.as_deref(), Some("gold"));
    let again = Command::MergeIn {
        member_id: "ada",
        other: &other,
    };
    assert_eq!(ada.book(again, now), "same_member");
}
