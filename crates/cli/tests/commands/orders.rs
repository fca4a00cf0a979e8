//! What `simulate` and `diff` read: rows that are bad, columns that are found, members.

use std::fs;
use std::process::Command;

use expect_test::{Expect, expect};

use super::{Folder, PROGRAM};

#[test]
fn a_bad_row_is_told_with_its_number_and_stops() {
    let folder = Folder::new("bad-rows");
    let head = "order_id,member_id,placed_at,currency,line_id,product,quantity,unit_price,discount,tax,order_discount";
    let check = |rows: &str, expected: &Expect| {
        let file = folder.0.join("bad.csv");
        fs::write(
            &file,
            format!("{head}\n1,ada,2025-01-10,EUR,,rye,1,5.00,,,\n{rows}\n"),
        )
        .expect("a file");
        folder.check("simulate club.toml --json --orders bad.csv", expected);
    };
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,",
        &expect![[r#"
            ! error: bad.csv, row 3: has 10 fields where the header has 11
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: has 12 fields where the header has 11
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        ",ada,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order_id is empty; give each order its id
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,11.01.2025,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: placed_at "11.01.2025" is no instant; write it as 2026-05-01T12:00:00Z
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-09,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: placed_at is before that of the order above; sort the file by placed_at
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EURO,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: "EURO" is not an active ISO 4217 currency code; write three capital letters, such as "EUR"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: "" is not an active ISO 4217 currency code; write three capital letters, such as "EUR"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: product: must not be empty
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,0,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: quantity: a quantity is a whole number from 1 to 1000000, this one is 0
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,-1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: quantity "-1" is no whole number of 1 or more
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1.5,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: quantity "1.5" is no whole number of 1 or more
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,99999999999,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: quantity "99999999999" is no whole number of 1 or more
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: unit_price: "" is not an amount; write digits with a point, such as "49.90"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,\"5,00\",,,",
        &expect![[r#"
            ! error: bad.csv, row 3: unit_price: "5,00" is not an amount; write digits with a point, such as "49.90"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,-5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: unit_price: "-5.00" is negative; an amount is zero or more
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.001,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: unit_price: "5.001" has more decimals than EUR has, which is 2
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,NaN,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: unit_price: "NaN" is not an amount; write digits with a point, such as "49.90"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,5.01,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: discount: the discount is more than the line is worth
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,5.01,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: tax: the tax is more than the price that it is said to be part of
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,a,rye,1,5.00,,,\n2,ada,2025-01-11,EUR,a,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2: id: the line id "a" is used twice; give each line its own
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,5.01",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: order_discount: the discount is more than all lines together are worth
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,\n2,bob,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2 has another member_id here than on its first row, "ada"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1,5.00,,,\n2,ada,2025-01-11,JPY,,rye,1,5,,,",
        &expect![[r#"
            ! error: bad.csv, row 4: order 2 has another currency here than on its first row, "EUR"
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        &format!("2,{},2025-01-11,EUR,,rye,1,5.00,,,", "x".repeat(200)),
        &expect![[r#"
            ! error: bad.csv, row 3: member_id is too long; an id has at most 128 bytes
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,ada,2025-01-11,EUR,,rye,1000000,9999999999.99,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: order 2: the amounts of the cart sum to more than 15 digits in the smallest unit
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "2,\"ada,2025-01-11,EUR,,rye,1,5.00,,,",
        &expect![[r#"
            ! error: bad.csv, row 3: has 2 fields where the header has 11
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    let no_text = folder.0.join("latin.csv");
    fs::write(
        no_text,
        b"order_id,placed_at,currency,product,unit_price\n1,2025-01-10,EUR,br\xf6tchen,1.00\n",
    )
    .expect("a file");
    folder.check(
        "simulate club.toml --json --orders latin.csv",
        &expect![[r#"
            ! error: latin.csv, row 2: product is not UTF-8; save the file as UTF-8
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
}

#[test]
fn bad_rows_are_skipped_and_counted_where_that_is_asked() {
    let folder = Folder::new("skipped").file(
        "bad.csv",
        "order_id,member_id,placed_at,currency,product,quantity,unit_price,order_discount\n\
         1,ada,2025-01-10,EUR,rye,1,5.00,\n\
         1,ada,2025-01-10,EUR,jam,none,5.00,\n\
         2,ada,2025-13-10,EUR,rye,1,5.00,\n\
         2,ada,2025-01-12,EUR,rye,1,5.00,\n\
         3,ada,2025-01-11,EUR,rye,1,5.00,\n\
         4,ada,2025-01-13,EUR,rye,1,5.00,9.00\n\
         5,ada\n\
         6,ada,2025-01-14,EUR,rye,1,5.00,\n",
    );
    folder.check(
        "diff club.toml club.toml --orders bad.csv --bad-rows skip",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            2 orders of 2 lines, 0 of them guests'

            Members: 0 gain, 0 lose, 1 earn the same

                                     old       new  difference  of revenue
              points                  20        20           0
              worth when spent  0.20 EUR  0.20 EUR    0.00 EUR       0.00%

            4 bad rows left out, with the whole order of each
              row 3: quantity "none" is no whole number of 1 or more
              row 4: placed_at "2025-13-10" is no instant; write it as 2026-05-01T12:00:00Z
              row 7: order 4: order_discount: the discount is more than all lines together are worth
              row 8: has 2 fields where the header has 8
        "#]],
    );
    let rows = (1..=30).map(|nth| format!("{nth},,nonsense,EUR,rye,1,5.00,\n"));
    let rows: String = rows.collect();
    let head = "order_id,member_id,placed_at,currency,product,quantity,unit_price,order_discount\n";
    let good = "40,ada,2025-01-14,EUR,rye,1,5.00,\n";
    let folder = folder
        .file("many.csv", format!("{head}{rows}{good}"))
        .file("all.csv", format!("{head}{rows}"));
    folder.check(
        "simulate club.toml --orders all.csv --bad-rows skip",
        &expect![[r#"
            ! error: all.csv: no order can be read; row 2: placed_at "nonsense" is no instant; write it as 2026-05-01T12:00:00Z
            status Some(2)
        "#]],
    );
    let told = folder.told("simulate club.toml --orders many.csv --bad-rows skip");
    assert!(
        told.contains("30 bad rows left out")
            && told.contains("row 21:")
            && !told.contains("row 22:"),
        "{told}"
    );
}

#[test]
fn columns_are_found_by_name_or_mapped() {
    let folder = Folder::new("columns")
        .file("shop.csv", "\u{feff}Name;Created at;Customer;Lineitem sku;Lineitem price;Lineitem quantity\r\n\
               #1;2025-01-10 09:00:00 +0100;ada;rye;5.00;2\r\n#1;;;jam;3.00;1\r\n\r\n#2;2025-01-11 09:00:00 +0100;ada;\"r;\"\"y\ne\";5.00;\r\n")
        .file("upper.csv", "ORDER_ID, Placed_At ,CURRENCY,PRODUCT,UNIT_PRICE\n1,2025-01-10,EUR,rye,5.00\n")
        .file("header.csv", "order_id,placed_at,currency,product,unit_price\n")
        .file("empty.csv", "");
    let output = folder.run("simulate club.toml --json --orders shop.csv");
    assert_eq!(output.status.code(), Some(2));
    let mut mapped = Command::new(env!("CARGO_BIN_EXE_earnest"));
    mapped
        .current_dir(&folder.0)
        .args(["diff", "club.toml", "club.toml", "--orders", "shop.csv"]);
    mapped.args([
        "--delimiter",
        ";",
        "--currency",
        "EUR",
        "--column",
        "order_id=Name",
    ]);
    mapped.args([
        "--column",
        "placed_at=Created at",
        "--column",
        "member_id=Customer",
    ]);
    mapped.args([
        "--column",
        "product=Lineitem sku",
        "--column",
        "unit_price=Lineitem price",
    ]);
    mapped.args(["--column", "quantity=Lineitem quantity"]);
    let output = mapped.output().expect("the command runs");
    expect![[r#"
        Bakery club, version 3 -> Bakery club, version 3
        2 orders of 3 lines, 0 of them guests'

        Members: 0 gain, 0 lose, 1 earn the same

                                 old       new  difference  of revenue
          points                  28        28           0
          worth when spent  0.28 EUR  0.28 EUR    0.00 EUR       0.00%
    "#]]
    .assert_eq(
        &(String::from_utf8_lossy(&output.stdout) + &*String::from_utf8_lossy(&output.stderr)),
    );
    folder.check(
        "diff club.toml club.toml --orders upper.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            1 order of 1 line, 1 of them guests'

            Members: 0 gain, 0 lose, 0 earn the same

                                     old       new  difference  of revenue
              points                   0         0           0
              worth when spent  0.00 EUR  0.00 EUR    0.00 EUR       0.00%
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders header.csv",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            0 orders of 0 lines, 0 of them guests'

            Members: 0 gain, 0 lose, 0 earn the same

                      old  new  difference  of revenue
              points    0    0           0
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders empty.csv",
        &expect![[r#"
            ! error: empty.csv: no column says order_id, placed_at, product, unit_price, currency; the file is empty; map yours by --column order_id="Your name", or --currency EUR
            status Some(2)
        "#]],
    );
    folder.check("diff club.toml club.toml --orders shop.csv", &expect![[r#"
        ! error: shop.csv: no column says order_id, placed_at, product, unit_price, currency; the header has Name;Created at;Customer;Lineitem sku;Lineitem price;Lineitem quantity; map yours by --column order_id="Your name", or --currency EUR
        status Some(2)
    "#]]);
    folder.check(
        "diff club.toml club.toml --orders orders.csv --column order=order_id",
        &expect![[r#"
            ! error: --column order=order_id: the columns are order_id, member_id, placed_at, currency, line_id, product, category, tag, brand, vendor, quantity, unit_price, discount, tax, order_discount, shipping, shipping_tax, payment_method, channel, location, delivery, coupon, partner
            status Some(2)
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders orders.csv --column order_id=OrderNo",
        &expect![[r#"
            ! error: orders.csv: there is no column "OrderNo"; the header has order_id, member_id, placed_at, currency, product, category, tag, quantity, unit_price, discount
            status Some(2)
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders nowhere.csv",
        &expect![[r#"
            ! error: nowhere.csv: No such file or directory (os error 2)
            status Some(2)
        "#]],
    );
}

#[test]
fn members_are_those_of_the_file_and_those_who_join() {
    let folder = Folder::new("members")
        .file("twice.csv", "member_id\nada\nada\n")
        .file("tier.csv", "member_id,tier\nada,gold\n")
        .file("points.csv", "member_id,balance\nada,many\n")
        .file("less.csv", "member_id,balance\nada,-1\n")
        .file("none.csv", "id,balance\nada,1\n");
    let check = |file: &str, expected: &Expect| {
        let arguments = format!("simulate club.toml --orders orders.csv --json --members {file}");
        folder.check(&arguments, expected);
    };
    check(
        "twice.csv",
        &expect![[r#"
            ! error: twice.csv, row 3: the member_id stands on an earlier row too
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "tier.csv",
        &expect![[r#"
            ! error: tier.csv, row 2: there is no tier "gold"; the program has silver
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "points.csv",
        &expect![[r#"
            ! error: points.csv, row 2: balance "many" is no whole number
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "less.csv",
        &expect![[r#"
            ! error: less.csv, row 2: balance_points is a whole number from 0 to 9007199254740991
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    check(
        "none.csv",
        &expect![[r#"
            ! error: none.csv: no column says member_id; name one so in the header, or map yours by --column member_id="Your name"
            status Some(2)
        "#]],
    );
}

#[test]
fn an_order_that_comes_again_or_differs_on_a_further_row_is_told() {
    let head = "order_id,member_id,placed_at,currency,product,unit_price,order_discount,partner\n";
    let folder = Folder::new("again")
        .file(
            "again.csv",
            format!(
                "{head}1,a,2026-01-01,EUR,p,10.00,,\n2,a,2026-01-01,EUR,p,10.00,,\n1,a,2026-01-01,EUR,p,10.00,,\n"
            ),
        )
        .file(
            "differs.csv",
            format!(
                "{head}1,a,2026-01-01,EUR,p,10.00,1.00,\n1,a,2026-01-01T00:00:00Z,EUR,p,10.00,1,\n\
                 2,a,2026-01-02,EUR,p,10.00,1.00,\n2,a,2026-01-03,EUR,p,10.00,,\n\
                 3,a,2026-01-04,EUR,p,10.00,1.00,\n3,a,,EUR,p,10.00,2.00,\n\
                 4,a,2026-01-05,EUR,p,10.00,,\n4,a,,EUR,p,10.00,,hotel\n"
            ),
        )
        .file(
            "tab.csv",
            "order_id\tplaced_at\tcurrency\tproduct\tunit_price\n1\t2026-01-01\tGBP\tp\t10.00\n",
        );
    folder.check(
        "diff club.toml club.toml --orders again.csv",
        &expect![[r#"
            ! error: again.csv, row 4: order "1" is there already, further up; rows of one order follow one another, and each order has an id of its own
            !   --bad-rows skip leaves such rows out, and tells of them
            status Some(2)
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders differs.csv --bad-rows skip",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            1 order of 2 lines, 0 of them guests'

            Members: 0 gain, 0 lose, 1 earn the same

                                     old       new  difference  of revenue
              points                  29        29           0
              worth when spent  0.29 EUR  0.29 EUR    0.00 EUR       0.00%

            3 bad rows left out, with the whole order of each
              row 5: order 2 has another placed_at here than on its first row, "2026-01-02"
              row 7: order 3 has another order_discount here than on its first row, "1.00"
              row 9: order 4 has another partner here than on its first row, ""
        "#]],
    );
    folder.check(
        "diff club.toml club.toml --orders tab.csv --delimiter \\t",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            1 order of 1 line, 1 of them guests'

            Members: 0 gain, 0 lose, 0 earn the same

                      old  new  difference  of revenue
              points    0    0           0

            Orders in GBP earn nothing under both programs: earn has no rate for GBP.
        "#]],
    );
}

#[test]
fn the_members_are_read_as_the_orders_are() {
    let club = PROGRAM
        .replace("from_points = 100", "from_spend = 100")
        .replace(
            "[[tiers]]",
            "[tiers_by]\nwhat = \"spend\"\ncurrency = \"EUR\"\nperiod = \"calendar-year\"\n\n[[tiers]]",
        );
    let folder = Folder::new("members-read")
        .file("spend.toml", club)
        .file(
            "semi.csv",
            "order_id;Customer;placed_at;currency;product;unit_price\n1;ada;2026-02-01;EUR;jam;10.00\n",
        )
        .file(
            "members.csv",
            "Customer;Saldo;email;last_order_at;qualified\nada;40;a@b;2026-01-15;95.00\nbob;many;b@b;;\neve;;;;5\n",
        )
        .file("misspelt.csv", "member_id,ballance\nada,5\n");
    folder.check(
        "simulate club.toml --orders orders.csv --members misspelt.csv",
        &expect![[r#"
            ! error: misspelt.csv: nothing is read from the column "ballance"; did you mean balance? Name it so, or map it by --column balance="ballance"
            status Some(2)
        "#]],
    );
    folder.check(
        "diff spend.toml spend.toml --orders semi.csv --members members.csv --delimiter ; --bad-rows skip \
         --column member_id=Customer --column balance=Saldo",
        &expect![[r#"
            Bakery club, version 3 -> Bakery club, version 3
            1 order of 1 line, 0 of them guests'

            Members: 0 gain, 0 lose, 1 earn the same

                                     old       new  difference  of revenue
              points                  10        10           0
              worth when spent  0.10 EUR  0.10 EUR    0.00 EUR       0.00%
            ! warning: of the members, these columns are not read: email
            ! warning: 2 bad rows of the members left out
            ! warning: members, row 3: balance "many" is no whole number
            ! warning: members, row 4: qualified counts in the period of last_order_at; write that too
        "#]],
    );
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_gives_it() {
    let folder = Folder::new("numbers");
    let check = |text: &str, row: &str| {
        let folder = Folder(folder.0.clone()).file("blank.csv", text);
        let told = folder.told("simulate club.toml --orders blank.csv");
        assert!(
            told.contains(&format!("blank.csv, row {row}: ")),
            "{text:?} {told}"
        );
    };
    let head = "order_id,placed_at,currency,product,unit_price";
    let (good, bad) = ("1,2026-01-01,EUR,p,1.00", "2,never,EUR,p,1.00");
    check(&format!("{head}\n{good}\n{bad}\n"), "3");
    check(&format!("{head}\n\n{good}\n\n\n{bad}\n"), "6");
    check(&format!("{head}\r\n\r\n{good}\r\n\r\n{bad}\r\n"), "5");
    // A field of several lines is in one row.
    let quoted = "1,2026-01-01,EUR,\"p\n\nq\",1.00";
    check(&format!("{head}\n{quoted}\n\n{bad}\n"), "4");
    let quoted = quoted.replace('\n', "\r\n");
    check(&format!("{head}\r\n{quoted}\r\n{bad}\r\n"), "3");
    check(&format!("{head}\r\n{quoted}\r\n\r\n{bad}\r\n"), "4");
}
