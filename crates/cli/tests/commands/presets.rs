//! `earnest presets`: programmes to start from.

use std::fs;

use super::Folder;

#[test]
fn presets_are_listed_and_each_one_checks() {
    let folder = Folder::new("presets");
    let listed = folder.run("presets --json").stdout;
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&listed).expect("JSON");
    for preset in &listed {
        let name = preset["name"].as_str().expect("a name");
        let source = folder.run(&format!("presets {name}")).stdout;
        fs::write(folder.0.join("preset.toml"), source).expect("a file");
        let told = folder.told("check preset.toml");
        assert!(!told.contains("status"), "{name}: {told}");
    }
    let told = folder.told("presets small");
    assert!(
        told.starts_with("! error: there is no preset \"small\"; there are small-shop"),
        "{told}"
    );
}
