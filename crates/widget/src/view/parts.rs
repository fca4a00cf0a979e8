//! The parts of the box: every node, made once.
//!
//! Owns the structure of the shadow tree and the names that `::part` knows, as one table, since a table
//! of nodes is a fifth of the code that makes them one by one. Text is put in only as text. Its
//! invariant: no node is made or moved afterwards, except rows of reasons at the end of their list, so
//! focus and what was typed stay where they are.

use std::ops::Index;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, ShadowRoot};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A node of the box: how deep it is, its tag, its part, what it is for the view, its attributes as
/// `name=value` separated by bars, and its first text.
type Node = (
    usize,
    &'static str,
    &'static str,
    Part,
    &'static str,
    &'static str,
);

/// The nodes that the view writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Box,
    Program,
    Tier,
    Offer,
    Lead,
    Points,
    Number,
    Word,
    Tail,
    Worth,
    Standing,
    Balance,
    Progress,
    Bar,
    Next,
    Note,
    Form,
    EmailRow,
    Email,
    TermsCheck,
    Terms,
    Marketing,
    Problem,
    Using,
    Join,
    JoinLabel,
    Already,
    AlreadyNote,
    Why,
    Rows,
    Total,
    Announcer,
    /// None of these: it stays as it is made.
    Still,
}

use Part::{
    Already, AlreadyNote, Announcer, Balance, Bar, Box, Email, EmailRow, Form, Join, JoinLabel,
    Lead, Marketing, Next, Note, Number, Offer, Points, Problem, Program, Progress, Rows, Standing,
    Still, Tail, Terms, TermsCheck, Tier, Total, Using, Why, Word, Worth,
};

/// The box, depth first. `#text` is a text between two nodes. The words are English whatever the page
/// speaks, and say so.
#[rustfmt::skip]
const BOX: &[Node] = &[
    (0, "section", "box", Box, "lang=en", ""),
    (1, "p", "head", Still, "", ""),
    (2, "span", "program", Program, "", ""),
    (2, "span", "tier", Tier, "", ""),
    (1, "p", "offer", Offer, "tabindex=-1", ""),
    (2, "span", "lead", Lead, "", ""),
    (2, "#text", "", Still, "", " "),
    (2, "strong", "points", Points, "", ""),
    (3, "span", "number", Number, "", ""),
    (3, "#text", "", Still, "", " "),
    (3, "span", "word", Word, "", ""),
    (2, "#text", "", Still, "", " "),
    (2, "span", "tail", Tail, "", ""),
    (1, "p", "worth", Worth, "", ""),
    (1, "div", "standing", Standing, "", ""),
    (2, "p", "balance", Balance, "", ""),
    (2, "div", "progress", Progress, "", ""),
    (3, "div", "bar", Bar, "role=progressbar|aria-labelledby=next", ""),
    (3, "p", "next", Next, "id=next", ""),
    (1, "p", "note", Note, "", ""),
    (1, "form", "form", Form, "novalidate=", ""),
    (2, "label", "field", EmailRow, "", ""),
    (3, "span", "label", Still, "", "E-mail"),
    (3, "input", "input", Email, "type=email|autocomplete=email|maxlength=254|aria-describedby=problem", ""),
    (2, "label", "consent", Still, "", ""),
    (3, "input", "checkbox", TermsCheck, "type=checkbox|aria-describedby=problem", ""),
    (3, "span", "", Still, "", "I agree to the "),
    (4, "a", "terms", Terms, "target=_blank|rel=noopener", "membership terms"),
    (4, "#text", "", Still, "", "."),
    (2, "label", "consent", Still, "", ""),
    (3, "input", "checkbox", Marketing, "type=checkbox", ""),
    (3, "span", "", Still, "", "E-mail me news and offers. You can stop at any time."),
    (2, "p", "problem", Problem, "id=problem|role=alert", ""),
    (2, "p", "using", Using, "", ""),
    (2, "div", "actions", Still, "", ""),
    (3, "button", "button", Join, "type=submit", ""),
    (4, "span", "button-label", JoinLabel, "", ""),
    (3, "button", "already", Already, "type=button|aria-expanded=false|aria-controls=already", "Already a member?"),
    (2, "p", "already-note", AlreadyNote, "id=already|hidden=", ""),
    (1, "details", "why", Why, "", ""),
    (2, "summary", "why-toggle", Still, "", "Why this many?"),
    (3, "svg", "icon", Still, "viewBox=0 0 16 16|aria-hidden=true", ""),
    (4, "path", "", Still, "d=M4 6.5l4 4 4-4", ""),
    (2, "dl", "reasons", Rows, "", ""),
    (3, "div", "total", Still, "", ""),
    (4, "dt", "", Still, "", "Together"),
    (4, "dd", "", Total, "", ""),
    (1, "p", "announcer", Announcer, "role=status", ""),
];

/// One row of reasons.
const REASON: &[Node] = &[
    (0, "div", "reason", Still, "", ""),
    (1, "dt", "reason-label", Still, "", ""),
    (1, "dd", "reason-points", Still, "", ""),
];

/// The nodes of one box.
#[derive(Debug)]
pub(crate) struct Parts {
    document: Document,
    /// By part, in the order of declaration, which is the order of the table.
    nodes: Vec<Element>,
}

impl Index<Part> for Parts {
    type Output = Element;

    fn index(&self, part: Part) -> &Element {
        &self.nodes[part as usize]
    }
}

impl Parts {
    /// Builds the box in the place of whatever the shadow root has. `name` is the programme's,
    /// `terms_href` where its terms can be read, or nothing.
    pub(crate) fn build(root: &ShadowRoot, name: &str, terms_href: &str) -> Result<Self, JsValue> {
        let document = root.owner_document().ok_or(JsValue::UNDEFINED)?;
        let made = make(&document, BOX)?;
        let parts = BOX
            .iter()
            .zip(made)
            .filter(|((.., part, _, _), _)| *part != Still);
        let parts = Self {
            document,
            nodes: parts.map(|(_, element)| element).collect(),
        };
        parts[Box].set_attribute("aria-label", name)?;
        parts[Program].set_text_content(Some(name));
        if !terms_href.is_empty() {
            // Without it the name of the terms is plain text.
            parts[Terms].set_attribute("href", terms_href)?;
        }
        root.replace_children_with_node_1(&parts[Box]);
        Ok(parts)
    }

    /// Adds an empty row of reasons before the total: the row, its label, its step.
    pub(crate) fn add_reason(&self) -> Result<Vec<Element>, JsValue> {
        let nodes = make(&self.document, REASON)?;
        let total = self[Rows].last_child();
        self[Rows].insert_before(&nodes[0], total.as_ref())?;
        Ok(nodes)
    }

    pub(crate) fn html(&self, part: Part) -> &HtmlElement {
        self[part].unchecked_ref()
    }

    /// The e-mail field or one of the boxes to tick.
    pub(crate) fn input(&self, part: Part) -> &HtmlInputElement {
        self[part].unchecked_ref()
    }
}

/// Makes the nodes of a table; a text stands as the node that it is in.
fn make(document: &Document, table: &[Node]) -> Result<Vec<Element>, JsValue> {
    let mut made: Vec<Element> = Vec::with_capacity(table.len());
    let mut above: Vec<usize> = Vec::new();
    for (depth, tag, part, _, attributes, text) in table {
        above.truncate(*depth);
        let parent = above.last().map(|nth| made[*nth].clone());
        if let (Some(parent), "#text") = (&parent, *tag) {
            parent.append_with_str_1(text)?;
            made.push(parent.clone());
            continue;
        }
        let element = match *tag {
            "svg" | "path" => document.create_element_ns(Some(SVG), tag)?,
            _ => document.create_element(tag)?,
        };
        if !part.is_empty() {
            element.set_attribute("part", part)?;
            element.set_attribute("class", part)?;
        }
        for attribute in attributes.split('|') {
            if let Some((name, value)) = attribute.split_once('=') {
                element.set_attribute(name, value)?;
            }
        }
        if !text.is_empty() {
            element.set_text_content(Some(text));
        }
        if let Some(parent) = parent {
            parent.append_child(&element)?;
        }
        above.push(made.len());
        made.push(element);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_part_once_in_the_order_of_declaration() {
        let parts = BOX
            .iter()
            .map(|(.., part, _, _)| *part)
            .filter(|part| *part != Still);
        let places: Vec<usize> = parts.map(|part| part as usize).collect();
        assert_eq!(places, (0..Still as usize).collect::<Vec<_>>());
    }

    #[test]
    fn each_node_is_at_most_one_deeper_than_the_one_before() {
        for table in [BOX, REASON] {
            let depths: Vec<usize> = table.iter().map(|(depth, ..)| *depth).collect();
            assert!(depths.windows(2).all(|pair| pair[1] <= pair[0] + 1));
        }
    }
}
