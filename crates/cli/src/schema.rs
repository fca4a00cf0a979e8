//! `earnest schema`: the program language as a JSON Schema, or as a page to read.

pub(crate) mod reference;
