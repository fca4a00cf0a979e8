//! Whatever a program gives beside points is told, taken off once, and part of what it costs; what no order tells of is
//! named.

use expect_test::expect;

use super::Folder;

const CLUB: &str = r#"version = 1
name = "Club"
points = { one = "star", other = "stars", worth = { EUR = 0.01 } }
earn.per_unit = { EUR = 1 }
[membership]
name = "Plus"
yearly = { EUR = 49 }
perks = [{ kind = "free-shipping", label = "Free shipping" }]
[[tiers]]
id = "gold"
name = "Gold"
from_points = 100
perks = [
  { kind = "percent-off", label = "20% off", percent = 20 },
  { kind = "free-shipping", label = "Free shipping" },
]
"#;

const ORDERS: &str = "\
order_id,member_id,placed_at,currency,product,quantity,unit_price,shipping
1,ada,2026-01-10T09:00:00Z,EUR,lamp,1,100.00,0
2,ada,2026-02-10T09:00:00Z,EUR,rug,1,50.00,4.90
";

const CHAIN: &str = r#"version = 1
name = "Chain"
points = { one = "star", other = "stars", worth = { EUR = 0.01 } }
earn.per_unit = { EUR = 1 }
[[partners]]
id = "cin"
name = "Cinema"
earn = { EUR = 1 }
spend = { EUR = 0.01 }
"#;

const PLUS: &str = "member_id,paid_until\nada,2027-01-01T00:00:00Z\n";

fn folder(name: &str) -> Folder {
    Folder::new(name)
        .file("old.toml", CLUB)
        .file("new.toml", CLUB.replace("20", "50"))
        .file("year.csv", ORDERS)
        .file("plus.csv", PLUS)
}

#[test]
fn what_perks_take_off_is_part_of_who_gains_and_of_what_it_costs() {
    // 20 and then 50 per cent of 50.00, and shipping once.
    folder("perks-diff").check(
        "diff old.toml new.toml --orders year.csv --members plus.csv",
        &expect![[r#"
            Club, version 1 -> Club, version 1
            2 orders of 2 lines, 0 of them guests'

            Members: 1 gain, 0 lose, 0 earn the same, measured in what it is worth in EUR

                                      old        new  difference  of revenue
              points                  140        125         -15
              worth when spent   1.40 EUR   1.25 EUR   -0.15 EUR      -0.11%
              perks take off    14.90 EUR  29.90 EUR  +15.00 EUR      10.71%
              together          16.30 EUR  31.15 EUR  +14.85 EUR      10.61%

              gain most        old        new  difference
              ada        16.30 EUR  31.15 EUR  +14.85 EUR
        "#]],
    );
}

#[test]
fn shipping_is_taken_off_once() {
    let told = folder("perks-once")
        .told("simulate old.toml --orders year.csv --members plus.csv --redeem 0 --json");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let costs = told["currencies"][0]["perks"]
        .as_array()
        .expect("perks")
        .iter();
    let costs: Vec<_> = costs
        .map(|it| (it["label"].as_str(), it["cost"].as_str()))
        .collect();
    assert_eq!(
        costs,
        [
            (Some("20% off"), Some("10.00")),
            (Some("Free shipping"), Some("4.90"))
        ]
    );
}

#[test]
fn what_no_order_tells_of_is_named() {
    let more = r#"
[[rules]]
id = "review"
label = "Thank you for the review"
on = "review"
grant = { bonus = 10 }
[referral]
advocate = { points = 100 }
friend = { points = 50 }
[[competitions]]
id = "cup"
label = "Cup"
by = "points"
from = 2026-01-01
until = 2026-01-31
prizes = [1000]
"#;
    let folder = folder("left-out").file("all.toml", CLUB.to_owned() + more);
    let line = "Not in these figures, as no order tells of it, is what these give: activities, friends, prizes of \
                competitions.\n";
    let told = |arguments: &str| folder.told(arguments);
    assert!(told("simulate all.toml --orders year.csv").contains(line));
    assert!(told("diff old.toml all.toml --orders year.csv").contains(line));
    assert!(!told("simulate old.toml --orders year.csv").contains("Not in these figures"));
    told("simulate all.toml --orders year.csv --html report.html");
    assert!(folder.read("report.html").contains(line.trim_end()));
}

#[test]
fn what_surprises_give_is_told_among_the_sources() {
    let surprise = r#"
[[surprises]]
id = "luck"
label = "Lucky you"
one_in = 2
gives = { points = 50 }
budget = 5000
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
"#;
    let rows = (0..40).map(|nth| format!("{nth},ada,2026-01-10T09:00:00Z,EUR,lamp,1,1.00\n"));
    let head = "order_id,member_id,placed_at,currency,product,quantity,unit_price\n";
    let folder = folder("surprises")
        .file("luck.toml", CLUB.to_owned() + surprise)
        .file("year.csv", head.to_owned() + &rows.collect::<String>());
    let told = folder.told("simulate luck.toml --orders year.csv --json");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let told = &told["currencies"][0];
    let sources = told["sources"].as_array().expect("sources").iter();
    let points = sources.map(|it| {
        let points = it["points"].as_str().expect("points");
        points.parse::<i64>().expect("whole points")
    });
    assert_eq!(Some(points.sum()), told["total"]["issued"].as_i64());
    let mut sources = told["sources"].as_array().expect("sources").iter();
    let luck = sources.find(|it| it["code"] == "surprise").expect("luck");
    assert_eq!(
        (&luck["rule"], &luck["label"]),
        (&"luck".into(), &"Lucky you".into())
    );
    let orders = luck["orders"].as_i64().expect("orders");
    assert_eq!(luck["points"], (50 * orders).to_string());
}

#[test]
fn who_was_idle_before_the_stream_loses_what_she_had() {
    let idle = CLUB.replace(
        "[membership]",
        "expiry = { after_inactive_months = 12 }\n[membership]",
    );
    // Ada's end on 10 February 2026, Bob's had ended before the first order, and of Cleo nothing is known. Eve's would end
    // with Ada's, but she orders on 1 February.
    let members = "member_id,balance,last_order_at\nada,1000,2025-02-10\nbob,300,2023-02-10\ncleo,20,\n\
                   eve,100,2025-02-10\n";
    let year = "order_id,member_id,placed_at,currency,product,quantity,unit_price\n\
                1,dan,2026-01-10T09:00:00Z,EUR,lamp,1,1.00\n2,eve,2026-02-01T09:00:00Z,EUR,lamp,1,10.00\n\
                3,dan,2026-12-10T09:00:00Z,EUR,lamp,1,1.00\n";
    let folder = Folder::new("idle")
        .file("idle.toml", idle)
        .file("members.csv", members);
    let folder = folder.file("year.csv", year);
    let told = |share: &str, what: &str| {
        let told = folder.told(&format!(
            "simulate idle.toml --orders year.csv --members members.csv --redeem {share} --json"
        ));
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let months = told["currencies"][0]["months"].as_array().expect("months");
        let months = months.iter().filter(|it| it[what] != 0);
        let months = months.map(|it| format!("{} {}", it["month"], it[what]).replace('"', ""));
        months.collect::<Vec<_>>()
    };
    assert_eq!(told("0", "expired"), ["2026-01 300", "2026-02 1000"]);
    // What expires before it would be redeemed is not redeemed.
    assert_eq!(told("0.7", "expired"), ["2026-01 300", "2026-02 1000"]);
    assert_eq!(told("0.7", "redeemed"), ["2026-04 14", "2026-05 77"]);
}

#[test]
fn an_order_earns_and_climbs_by_what_perks_leave_to_pay() {
    let climb = r#"version = 1
name = "Climb"
time_zone = "UTC"
points = { one = "point", other = "points", worth = { EUR = 0.01 } }
earn.per_unit = { EUR = 1 }
tiers_by = { what = "spend", currency = "EUR", period = "calendar-year" }
[[tiers]]
id = "b"
name = "B"
from_spend = 0
perks = [{ kind = "percent-off", label = "20% off", percent = 20 }]
[[tiers]]
id = "gold"
name = "Gold"
from_spend = 1000
"#;
    // Twice 480.00 are paid, tax and all: no gold.
    let head = "order_id,member_id,placed_at,currency,product,quantity,unit_price,tax,partner\n";
    let year = format!(
        "{head}1,ada,2025-01-10T09:00:00Z,EUR,lamp,1,600.00,600.00,\n\
         2,ada,2025-02-10T09:00:00Z,EUR,lamp,1,600.00,95.80,\n"
    );
    let folder = Folder::new("climb")
        .file("climb.toml", climb)
        .file("whole.toml", climb.replace("percent = 20", "percent = 100"))
        .file("year.csv", year);
    let json = |arguments: &str| -> serde_json::Value {
        serde_json::from_str(&folder.told(arguments)).expect("JSON")
    };
    let told = json("simulate climb.toml --orders year.csv --redeem 0 --json");
    let total = &told["currencies"][0]["total"];
    let figures = ["issued", "revenue", "cost", "cost_of_revenue"].map(|it| total[it].to_string());
    assert_eq!(figures, ["960", "\"960.00\"", "\"240.00\"", "\"0.2500\""]);
    assert!(
        told["months"][1]["moves"]
            .as_array()
            .expect("moves")
            .is_empty()
    );
    let told = json("diff climb.toml whole.toml --orders year.csv --json");
    assert_eq!(told["points"].to_string(), r#"{"new":0,"old":960}"#);
    // Of the program as it is.
    assert_eq!(told["currencies"][0]["revenue"], "960.00");
}

#[test]
fn what_is_bought_at_a_partner_is_not_the_shops_revenue() {
    let year = "order_id,member_id,placed_at,currency,product,quantity,unit_price,partner\n\
                1,ada,2026-01-10T09:00:00Z,EUR,lamp,1,90.00,\n\
                2,ada,2026-01-11T09:00:00Z,EUR,film,1,100.00,cin\n";
    let folder = Folder::new("elsewhere")
        .file("old.toml", CHAIN)
        .file("year.csv", year);
    for command in [
        "diff old.toml old.toml --orders year.csv --json",
        "simulate old.toml --orders year.csv --json",
    ] {
        let told: serde_json::Value = serde_json::from_str(&folder.told(command)).expect("JSON");
        let told = &told["currencies"][0];
        let revenue = told.get("total").unwrap_or(told);
        assert_eq!(revenue["revenue"], "90.00", "{command}");
    }
}

/// Free shipping for everybody, and no points.
const PERKS_ALONE: &str = r#"version = 1
name = "Club"
points = { one = "star", other = "stars" }
[[tiers]]
id = "all"
name = "All"
from_orders = 0
perks = [{ kind = "free-shipping", label = "Free shipping" }]
[tiers_by]
what = "orders"
"#;

#[test]
fn perks_are_weighed_in_money_where_no_points_are_given() {
    let more = PERKS_ALONE.replace(
        "}]",
        "}, { kind = \"percent-off\", label = \"10% off\", percent = 10 }]",
    );
    let earning = "earn.per_unit = { EUR = 1 }\n[[tiers]]";
    let folder = Folder::new("perks-alone")
        .file("old.toml", PERKS_ALONE)
        .file("new.toml", &more)
        .file("earns.toml", PERKS_ALONE.replace("[[tiers]]", earning))
        .file(
            "earns2.toml",
            PERKS_ALONE.replace("[[tiers]]", &earning.replace("= 1", "= 2")),
        )
        .file("earns-more.toml", more.replace("[[tiers]]", earning))
        .file("year.csv", ORDERS);
    folder.check(
        "diff old.toml new.toml --orders year.csv",
        &expect![[r#"
            Club, version 1 -> Club, version 1
            2 orders of 2 lines, 0 of them guests'

            Members: 1 gain, 0 lose, 0 earn the same, measured in what it is worth in EUR

                                     old        new  difference  of revenue
              points                   0          0           0
              worth when spent  0.00 EUR   0.00 EUR    0.00 EUR       0.00%
              perks take off    4.90 EUR  19.90 EUR  +15.00 EUR      10.00%
              together          4.90 EUR  19.90 EUR  +15.00 EUR      10.00%

              gain most       old        new  difference
              ada        4.90 EUR  19.90 EUR  +15.00 EUR
        "#]],
    );
    // Where points are given of which nobody says what they are worth, nothing can be told.
    let told = folder.told("diff earns.toml earns-more.toml --orders year.csv");
    assert!(
        told.contains("Who gains and who loses cannot be told"),
        "{told}"
    );
    // Where the perks are the same, points tell.
    let told = folder.told("diff earns.toml earns2.toml --orders year.csv");
    assert!(
        told.contains("Members: 1 gain, 0 lose, 0 earn the same\n"),
        "{told}"
    );
}
