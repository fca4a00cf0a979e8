//! Painting: a scene onto the parts.
//!
//! Owns what is written where, and writes only what differs from the scene before, so that a change of
//! the cart costs a few text nodes and screen readers hear nothing twice.

use wasm_bindgen::JsValue;
use web_sys::Element;

use super::parts::{Part, Parts};
use crate::scene::{Obstacle, Progress, Row, Scene};

/// What is on the parts now.
#[derive(Debug, Default)]
pub(crate) struct Painted {
    scene: Option<Scene>,
    /// Row, label and step of each reason.
    rows: Vec<Vec<Element>>,
}

impl Painted {
    /// Shows the scene. What a screen reader should say of the change is the answer, if anything.
    pub(crate) fn show(&mut self, parts: &Parts, scene: Scene) -> Result<Option<String>, JsValue> {
        let first = self.scene.is_none();
        let before = self.scene.take().unwrap_or_default();
        if first || before.state != scene.state {
            parts[Part::Box].set_attribute("data-state", scene.state)?;
        }
        let texts = [
            (&parts[Part::Tier], &before.tier, &scene.tier),
            (&parts[Part::Lead], &before.lead, &scene.lead),
            (&parts[Part::Number], &before.number, &scene.number),
            (&parts[Part::Word], &before.word, &scene.word),
            (&parts[Part::Tail], &before.tail, &scene.tail),
            (&parts[Part::Worth], &before.worth, &scene.worth),
            (&parts[Part::Balance], &before.balance, &scene.balance),
            (&parts[Part::Note], &before.note, &scene.note),
            (&parts[Part::Using], &before.using, &scene.using),
            (&parts[Part::AlreadyNote], &before.already, &scene.already),
            (&parts[Part::Total], &before.total, &scene.total),
        ];
        for (part, old, new) in texts {
            if old != new {
                part.set_text_content(Some(new));
            }
        }
        if !first && before.number != scene.number {
            restart_tick(&parts[Part::Points])?;
        }
        let shown: [(&Element, bool); 8] = [
            (&parts[Part::Tier], !scene.tier.is_empty()),
            (&parts[Part::Offer], !scene.number.is_empty()),
            (&parts[Part::Worth], !scene.worth.is_empty()),
            (&parts[Part::Standing], !scene.balance.is_empty()),
            (&parts[Part::Note], !scene.note.is_empty()),
            (&parts[Part::Form], scene.asks),
            (&parts[Part::EmailRow], scene.asks_email),
            (&parts[Part::Why], !scene.reasons.is_empty()),
        ];
        for (part, shown) in shown {
            part.toggle_attribute_with_force("hidden", !shown)?;
        }
        paint_form(parts, &scene)?;
        paint_progress(parts, scene.progress.as_ref())?;
        self.paint_reasons(parts, &scene.reasons)?;
        let heard = (!first && before.state != "waiting")
            .then(|| scene.announcement())
            .filter(|now| *now != before.announcement());
        self.scene = Some(scene);
        Ok(heard)
    }

    fn paint_reasons(&mut self, parts: &Parts, reasons: &[Row]) -> Result<(), JsValue> {
        while self.rows.len() < reasons.len() {
            self.rows.push(parts.add_reason()?);
        }
        for extra in self.rows.drain(reasons.len()..) {
            extra[0].remove();
        }
        for (row, reason) in self.rows.iter().zip(reasons) {
            put(&row[1], &reason.label);
            put(&row[2], &reason.step);
        }
        Ok(())
    }
}

fn paint_form(parts: &Parts, scene: &Scene) -> Result<(), JsValue> {
    put(&parts[Part::JoinLabel], scene.button);
    put(&parts[Part::Problem], scene.problem);
    let busy = if scene.state == "joining" {
        "true"
    } else {
        "false"
    };
    // Not `disabled`, which would take the focus away while she waits.
    parts[Part::Join].set_attribute("aria-disabled", busy)?;
    let wrong = |input: &Element, is_wrong: bool| {
        input.set_attribute("aria-invalid", if is_wrong { "true" } else { "false" })
    };
    wrong(&parts[Part::Email], scene.obstacle == Some(Obstacle::Email))?;
    wrong(
        &parts[Part::TermsCheck],
        scene.obstacle == Some(Obstacle::Terms),
    )
}

fn paint_progress(parts: &Parts, progress: Option<&Progress>) -> Result<(), JsValue> {
    parts[Part::Progress].toggle_attribute_with_force("hidden", progress.is_none())?;
    if let Some(progress) = progress {
        put(&parts[Part::Next], &progress.text);
        let after = progress.after.to_string();
        parts[Part::Bar].set_attribute("aria-valuenow", &after)?;
        let style = parts.html(Part::Bar).style();
        style.set_property("--before", &format!("{}%", progress.before))?;
        style.set_property("--after", &format!("{after}%"))?;
    }
    Ok(())
}

fn put(part: &Element, text: &str) {
    if part.text_content().as_deref() != Some(text) {
        part.set_text_content(Some(text));
    }
}

/// Two names for one animation: changing from one to the other starts it again.
fn restart_tick(points: &Element) -> Result<(), JsValue> {
    let tick = match points.get_attribute("data-tick").as_deref() {
        Some("a") => "b",
        _ => "a",
    };
    points.set_attribute("data-tick", tick)
}
