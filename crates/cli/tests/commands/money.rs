//! Balances of money, in every command that tells of them.

use expect_test::expect;

use super::{CART, Folder, PROGRAM};

#[test]
fn money_on_balances_is_told_everywhere() {
    let program = format!(
        "{PROGRAM}\n[[balances]]\nid = \"credit\"\nname = \"Store credit\"\ncurrency = \"EUR\"\n\n\
         [[rules]]\nid = \"card\"\nlabel = \"5% back with the card\"\n\
         when = {{ payment_methods = [\"store-card\"] }}\ngrant = {{ percent = 5 }}\nbalance = \"credit\"\n\n\
         [[rules]]\nid = \"photo\"\non = \"review\"\nlabel = \"A photo\"\n\
         when = {{ tags = [\"photo\"] }}\ngrant = {{ bonus = 50 }}\n"
    );
    let orders = "order_id,member_id,placed_at,currency,product,unit_price,payment_method\n\
                  1,ada,2025-01-31 23:30,EUR,rye,40.00,store-card\n2,bob,2025-02-01,EUR,rye,50.00,cash\n\
                  3,ada,2025-05-05,EUR,rye,33.33,store-card\n";
    let cases = "[[cases]]\nname = \"a review\"\nat = 2026-05-01\n\
                 activity = { kind = \"review\", tags = [\"photo\"] }\n\
                 expect = { points = 50, reasons = [\"bonus photo +50\"] }\n\
                 [[cases]]\nname = \"the card\"\nat = 2026-05-01\n\
                 cart = { currency = \"EUR\", payment_method = \"store-card\", \
                 lines = [{ id = \"1\", product = \"rye\", quantity = 1, unit_price = \"19.99\" }] }\n\
                 expect = { credits = { credit = \"0.99\" } }\n";
    let folder = Folder::new("balances")
        .file("club.toml", &program)
        .file("less.toml", program.replace("percent = 5", "percent = 2"))
        .file("orders.csv", orders)
        .file("cases.toml", cases)
        .file(
            "cart.json",
            CART.replace("\"EUR\",", "\"EUR\", \"payment_method\": \"store-card\","),
        );
    folder.check(
        "preview club.toml cart.json",
        &expect![[r#"
            21 stars and 0.64 EUR Store credit on 12.90 EUR that count, by Bakery club, version 3

              why                  reason                   stars
              1 star per 1.00 EUR  rate                     +12.9
              2x on bread          multiplier double-bread   +8.4
              Rounded down         rounding                  -0.3

              Store credit           reason         EUR
              5% back with the card  bonus card  +0.645
              Rounded down           rounding    -0.005

              line  product  counts  stars  Store credit
              1     rye        8.40     17          0.42
              2     jam        4.50      4          0.22

              besides  by       gives
              Welcome  welcome  +10 stars
        "#]],
    );
    folder.check(
        "test club.toml cases.toml",
        &expect![[r#"
        pass a review
        pass the card

        2 passed, 0 failed
    "#]],
    );
    folder.check("simulate club.toml --orders orders.csv", &expect![[r#"
        Bakery club, version 3
        3 orders of 3 lines from 2025-01-31 to 2025-05-05, 0 of them guests'. 0 members at the start, 2 joined.
        Assumed: 70% of the points are redeemed 90 days after they were earned; the rest never expires.
        Not in these figures, as no order tells of it, is what these give: activities.

          month    orders     revenue  issued  redeemed  expired  outstanding      cost  of revenue  liability
          2025-01       1   40.00 EUR      50         0        0           50  0.00 EUR       0.00%   0.40 EUR
          2025-02       1   50.00 EUR      60         0        0          110  0.00 EUR       0.00%   0.89 EUR
          2025-03       0    0.00 EUR       0         0        0          110  0.00 EUR           -   0.89 EUR
          2025-04       0    0.00 EUR       0         0        0          110  0.00 EUR           -   0.89 EUR
          2025-05       1   33.33 EUR      33        77        0           66  2.17 EUR       6.51%   0.57 EUR
          total         3  123.33 EUR     143        77        0           66  2.17 EUR       1.76%   0.57 EUR

                                                 issued                           outstanding
          2025-01  ████████████████████              50  ██████████▉                       50
          2025-02  ████████████████████████          60  ████████████████████████         110
          2025-03                                     0  ████████████████████████         110
          2025-04                                     0  ████████████████████████         110
          2025-05  █████████████▏                    33  ██████████████▍                   66

          Store credit    issued  redeemed  outstanding
          2025-01       2.00 EUR  0.00 EUR     2.00 EUR
          2025-02       0.00 EUR  0.00 EUR     2.00 EUR
          2025-03       0.00 EUR  0.00 EUR     2.00 EUR
          2025-04       0.00 EUR  0.00 EUR     2.00 EUR
          2025-05       1.66 EUR  1.40 EUR     2.26 EUR
          total         3.66 EUR  1.40 EUR     2.26 EUR

                                                 issued                           outstanding
          2025-01  ████████████████████████    2.00 EUR  █████████████████████▏      2.00 EUR
          2025-02                              0.00 EUR  █████████████████████▏      2.00 EUR
          2025-03                              0.00 EUR  █████████████████████▏      2.00 EUR
          2025-04                              0.00 EUR  █████████████████████▏      2.00 EUR
          2025-05  ███████████████████▉        1.66 EUR  ████████████████████████    2.26 EUR

          Store credit           why         orders    given
          5% back with the card  bonus card       2   3.6665
          Rounded down           rounding         1  -0.0065

          stars                why       orders   given
          1 star per 1.00 EUR  rate           3  123.33
          Rounded down         rounding       1   -0.33
          Welcome              welcome        2      20

          month    joined  no tier  Silver  moved up  moved down
          2025-01       1        1       0         0           0
          2025-02       1        2       0         0           0
          2025-03       0        2       0         0           0
          2025-04       0        2       0         0           0
          2025-05       0        2       0         0           0
    "#]]);
    folder.check(
        "diff club.toml less.toml --orders orders.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            3 orders of 3 lines, 0 of them guests'

            Members: 0 gain, 1 lose, 1 earn the same, measured in what it is worth in EUR

                                     old       new  difference  of revenue
              points                 143       143           0
              worth when spent  5.09 EUR  2.89 EUR   -2.20 EUR      -1.78%

            Not in these figures, as no order tells of it, is what these give: activities.

              lose most       old       new  difference
              ada        4.49 EUR  2.29 EUR   -2.20 EUR
        "#]],
    );
}
