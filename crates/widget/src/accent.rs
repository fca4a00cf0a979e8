//! The accent: the shop's one colour, and which text can be read on it.
//!
//! Owns the reading of a computed colour and WCAG 2.2's contrast. Its invariant: of black and white, the
//! text is the one with the greater contrast, which is at least 4.5:1 on any colour.

/// Text colours that go on the accent.
const BLACK: &str = "#000";
const WHITE: &str = "#fff";

/// What WCAG asks of a focus ring against what is around it.
const RING_CONTRAST: f64 = 3.0;

/// The text colour for an accent given as browsers compute it; `None` where it cannot be read.
pub(crate) fn text_on(accent: &str) -> Option<&'static str> {
    let luminance = luminance(accent)?;
    let is_light = contrast(luminance, 0.0) > contrast(luminance, 1.0);
    Some(if is_light { BLACK } else { WHITE })
}

/// Whether the accent stands out from the page behind it. What is there cannot be asked for; but the
/// page's text is readable on it, so it is the opposite of the text.
pub(crate) fn stands_out(accent: &str, text: &str) -> Option<bool> {
    let page = if luminance(text)? < 0.18 { 1.0 } else { 0.0 };
    Some(contrast(luminance(accent)?, page) >= RING_CONTRAST)
}

fn contrast(one: f64, other: f64) -> f64 {
    let (light, dark) = if one > other {
        (one, other)
    } else {
        (other, one)
    };
    (light + 0.05) / (dark + 0.05)
}

/// WCAG's relative luminance of `rgb(r, g, b)` or `color(srgb r g b)`.
fn luminance(colour: &str) -> Option<f64> {
    let (function, rest) = colour.split_once('(')?;
    let (scale, channels) = match function {
        "rgb" | "rgba" => (255.0, rest),
        "color" => (1.0, rest.strip_prefix("srgb ")?),
        _ => return None,
    };
    let mut channels = channels
        .split([',', ' ', '/', ')'])
        .filter(|part| !part.is_empty())
        .map(|part| number(part).map(|value| linear(value / scale)));
    let mut next = || channels.next().flatten();
    Some(0.2126 * next()? + 0.7152 * next()? + 0.0722 * next()?)
}

/// A number to the thousandth. Reading floats to the last bit would cost the module 3 KB.
fn number(text: &str) -> Option<f64> {
    if text.contains("e-") {
        return Some(0.0);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let mut thousandths = whole.parse::<u32>().ok()?;
    for nth in 0..3 {
        let digit = decimals.as_bytes().get(nth).unwrap_or(&b'0');
        let digit = u32::from(*digit)
            .checked_sub(48)
            .filter(|digit| *digit < 10)?;
        thousandths = thousandths.checked_mul(10)?.checked_add(digit)?;
    }
    Some(f64::from(thousandths) / 1000.0)
}

/// A channel without its gamma, by a cubic that is within 0.002 of sRGB's curve, which needs powers.
fn linear(channel: f64) -> f64 {
    channel * (channel * (channel * 0.305_306 + 0.682_171) + 0.012_523)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accent: &str, text: Option<&str>) {
        assert_eq!(text_on(accent), text, "{accent}");
    }

    #[test]
    fn text_on_the_accent_is_the_one_that_can_be_read() {
        check("rgb(255, 255, 255)", Some(BLACK));
        check("rgb(0, 0, 0)", Some(WHITE));
        check("rgb(29, 84, 104)", Some(WHITE));
        check("rgb(147, 210, 218)", Some(BLACK));
        check("rgba(255, 200, 0, 0.9)", Some(BLACK));
        check("rgb(118, 118, 118)", Some(BLACK));
        check("color(srgb 0.1 0.2 0.3)", Some(WHITE));
        check("color(srgb 0.9 0.9 0.2 / 0.5)", Some(BLACK));
        for unreadable in [
            "",
            "red",
            "oklch(0.7 0.1 200)",
            "rgb(1, 2)",
            "color(display-p3 1 1 1)",
        ] {
            check(unreadable, None);
        }
    }

    #[test]
    fn either_text_is_readable_on_every_grey() {
        for grey in 0_u8..=255 {
            let colour = format!("rgb({grey}, {grey}, {grey})");
            let on = luminance(&colour).expect("a colour of the test");
            let text = if text_on(&colour) == Some(BLACK) {
                0.0
            } else {
                1.0
            };
            assert!(contrast(on, text) >= 4.5, "{colour}");
        }
    }

    #[test]
    fn a_pale_accent_does_not_stand_out_from_a_light_page() {
        let (dark_text, light_text) = ("rgb(20, 20, 20)", "rgb(240, 240, 240)");
        assert_eq!(stands_out("rgb(250, 230, 120)", dark_text), Some(false));
        assert_eq!(stands_out("rgb(250, 230, 120)", light_text), Some(true));
        assert_eq!(stands_out("rgb(29, 84, 104)", dark_text), Some(true));
    }
}
