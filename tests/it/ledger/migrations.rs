//! Migrations that have been applied somewhere: they are what they were, to the last byte.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// The SHA-256 of each, in order. A new one is added here with its first commit; none is ever changed.
const LANDED: &str = "\
c0fb9ebc576aefa24d94d8a87584a42079bb90151247458c516ab4205595029d  0001_ledger.sql
a1c3e4f383becf0c642e3167dcd05bd5b5f84cc22c79769742a52ab5dab42f09  0002_programs.sql
6dafcda55d4a8f195dabf4ad9117be558a1d61825cec55f812ee70336d41e1f8  0003_facts.sql
9fc7ec1ce579b3cf3fb8ed331cb21e2248a10bd0265b76f081d18145472ec5e8  0004_challenges.sql
6ebb88550f138c9e1580efcd2d120b05e52d22f9b4739fd85ee54d779b3b6c4d  0005_life.sql
fbd958b5cea39024f738e99ac5898a61a89a939a6c7938a8cdd1cb916455faf5  0006_quotes.sql
51250a76e22cc0063fe01d72ec297516a87acb15ca7a4b013d185963a06ba1fd  0007_moves.sql
678d75ea8e9cf90b1f9f4ebe993ff0e54481071fb40a43818e6a817b2c7e68ff  0008_refunds.sql
207519e17c7aadb77373cca88c459921c550cbf4d35ed0bb11137682bcb9f954  0009_guests.sql
311a4a25ac7dd9d2bbe02d571312ba854bd98d43b11324ddc730f27776169548  0010_redemptions.sql
1f4dda58149d863feb9caa40869a4227cdf8f8c69bf4ee9fdd9d0492613b53f0  0011_credited.sql
0fcbaeeae05615fca05d844d852d1beee830ee5b884c72c17041e39332d8441e  0012_referrals.sql
5f66f33488389911cae525d44a484a7f865970350629e50fd417cb14cbd645e7  0013_surprises.sql
5f56f4200c3697e8394d06f4ca3c2154959339169a2c2fb86e74aa2f2702fdb5  0014_boards.sql
1a4fe8a87a2ad403e81e37069088b7a85c42ceed6bfdbdcd66c2a6c4f8587afd  0015_again.sql
31f1539b2bd51e0e43d46309f4704bff92e70298b981f3e8c82fc9890cb57559  0016_who_brought.sql
a3d5f82bbbe14a8bb8f0a64816f111d8c0be0028a1aabe77c60858431dd2e925  0017_agreed.sql
e4f70f7682cee90c645b83988d881690d9c86f343c208ea6ba45fa50292bf06f  0018_tenders.sql
5b97e4fed72a04ed4e23f81456fe392ccf39ccd36d57a440b2415d0852fd5fc1  0019_history.sql
b4211ffe2418dd4f64834193c4c61558a9e22dc912a40ce0609b4e3cf3c97e47  0020_kept.sql
58735e45345f4c520db7dbacb4174820f100e68b2ece6423bdea281aee5df662  0021_partners.sql
3a14871e99f72b1c1db814ae8a7c597d8de7ddd9eaed3043bb7f915c0a2eaac3  0022_trials.sql
";

#[test]
fn a_migration_is_never_changed_once_it_has_landed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/worker/migrations");
    let entries = fs::read_dir(folder).expect("the folder of the migrations");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    paths.sort();
    let mut found = String::new();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str());
        let digest = Sha256::digest(fs::read(&path).expect("a migration"));
        for byte in digest {
            write!(found, "{byte:02x}").expect("a text takes more");
        }
        writeln!(found, "  {}", name.expect("a name")).expect("a text takes more");
    }
    assert_eq!(
        found, LANDED,
        "a new migration is added to the list, and one that has landed is put back"
    );
}
