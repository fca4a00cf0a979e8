//! `earnest schema`: the schema and the reference.

use super::Folder;

#[test]
fn the_schema_and_the_reference_tell_every_table() {
    let folder = Folder::new("schema");
    let schema = folder.run("schema").stdout;
    let schema: serde_json::Value = serde_json::from_slice(&schema).expect("JSON");
    let keys = schema["properties"]
        .as_object()
        .expect("the keys of a program");
    let page = folder.told("schema --reference");
    for key in keys.keys() {
        assert!(page.contains(&format!("- **`{key}`**")), "{key}");
    }
    for name in schema["$defs"].as_object().expect("its tables").keys() {
        assert!(!page.contains(&format!("#/$defs/{name}")), "{name}");
    }
}
