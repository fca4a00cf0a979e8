//! A complaint: what is wrong with what the page handed in, for its developer.
//!
//! Owns the shape that leaves the module: `{code, message, pointer}`. It is never shown to a shopper.

use earnest_core::{CartError, EvaluateError};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::tape::Misread;

/// What is wrong, where, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// A stable name, for programs to act on.
    pub(crate) code: &'static str,
    /// A JSON pointer (RFC 6901) into what was handed in.
    pub(crate) pointer: String,
    /// One sentence.
    pub(crate) message: String,
}

impl Complaint {
    /// The page's own code threw while its value was read: a getter, a proxy, a `toJSON`.
    pub(crate) fn unreadable(code: &'static str) -> Self {
        Self {
            code,
            pointer: String::new(),
            message: "cannot be read as JSON".to_owned(),
        }
    }

    pub(crate) fn misread(code: &'static str, misread: &Misread) -> Self {
        Self {
            code,
            pointer: misread.pointer(),
            message: misread.message(),
        }
    }
}

impl From<CartError> for Complaint {
    fn from(error: CartError) -> Self {
        Self {
            code: error.kind.code(),
            message: error.kind.to_string(),
            pointer: error.pointer,
        }
    }
}

impl From<EvaluateError> for Complaint {
    fn from(error: EvaluateError) -> Self {
        Self {
            code: "points_too_many",
            message: error.to_string(),
            pointer: String::new(),
        }
    }
}

impl From<Complaint> for JsValue {
    fn from(complaint: Complaint) -> Self {
        let Complaint {
            code,
            pointer,
            message,
        } = complaint;
        let object = Object::new();
        for (key, text) in [("code", code), ("message", &message), ("pointer", &pointer)] {
            // Setting a property of an object that was just made cannot fail.
            let _set = Reflect::set(&object, &key.into(), &text.into());
        }
        object.into()
    }
}
