//! Maya, who has been buying at Slow Harbour for a while: silver, 540 beans earned, 100 for joining. Some of
//! them wait for their return window to end, others expire soon.

use super::past::{Past, PastOrder};

/// What she bought, in cents: beans for each euro, and a quarter more once she is silver.
const ORDERS: [PastOrder; 3] = [
    ("SH-2041", 18_400, 350),
    ("SH-2107", 21_200, 60),
    ("SH-2188", 11_520, 5),
];

/// Her.
pub(super) const MAYA: Past<'_> = Past {
    member_id: "mem_0000000000000000000000006d617961",
    customer_id: "maya",
    email: "maya@example.com",
    joined_days_ago: 350,
    orders: &ORDERS,
};

#[cfg(test)]
mod tests {
    use super::super::{Published, past};
    use super::*;
    use crate::place;

    #[test]
    fn maya_has_540_beans_earned_and_100_for_joining() {
        let program = Published::from_file(&place::at("www/demo/program.toml"));
        let program = program.and_then(|it| it.program()).expect("a program");
        let now = past::now().expect("a clock");
        let sql = past::rows("demo", &program, "pepper", &MAYA, now).expect("her history");
        let last = sql.lines().rev().find(|sql| sql.starts_with("UPDATE"));
        let last = last.unwrap_or_default();
        assert!(
            last.contains("earned_points = 540, tier = 'silver'"),
            "{last}"
        );
        assert!(last.contains("balance_points = 640"), "{last}");
        // 100 and 184 of a year ago, 212, and the last ones.
        let lots = r#"{"lots":[[100,"#;
        assert!(last.contains(lots), "{last}");
    }
}
