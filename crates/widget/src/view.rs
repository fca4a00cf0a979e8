//! The view: what one box shows, and what happens when a shopper uses it.
//!
//! Owns the state of one box. It decides nothing about points, puts no node anywhere (`box.js` does), and
//! does not talk to the edge: it asks the host to, through `emit`. Its invariant: no borrow is held while
//! the host or the box can call back in, so a call from inside a callback finds everything in order.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use earnest_core::Snapshot;
use js_sys::{Date, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{CartTape, Engine, MemberTape, timestamp};
use crate::scene::{Facts, Joining, Obstacle, Preview, SLOTS, Scene, is_email};
use crate::tongue::Speech;

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/checkout.css"));

#[wasm_bindgen(module = "/src/box.js")]
extern "C" {
    /// The nodes of a box.
    type CheckoutBox;

    #[wasm_bindgen(constructor)]
    fn new(
        root: JsValue,
        style: &str,
        name: &str,
        terms: &str,
        act: &Closure<dyn Fn(bool)>,
    ) -> CheckoutBox;

    #[wasm_bindgen(method)]
    fn say(this: &CheckoutBox, part: &str, text: &str);

    #[wasm_bindgen(method)]
    fn reason(this: &CheckoutBox, nth: usize, label: &str, step: &str);

    /// All that is not text, in one crossing.
    #[wasm_bindgen(method)]
    fn settle(
        this: &CheckoutBox,
        state: &str,
        asks: bool,
        asks_email: bool,
        wrong: &str,
        percent_before: i32,
        percent_after: i32,
        reasons: usize,
        announcement: &str,
    );

    #[wasm_bindgen(method, getter)]
    fn email(this: &CheckoutBox) -> String;

    #[wasm_bindgen(method)]
    fn ticked(this: &CheckoutBox, part: &str) -> bool;

    #[wasm_bindgen(method, getter, js_name = hasFocus)]
    fn has_focus(this: &CheckoutBox) -> bool;

    #[wasm_bindgen(method)]
    fn focus(this: &CheckoutBox, part: &str);

    #[wasm_bindgen(method)]
    fn close(this: &CheckoutBox);
}

/// One box, in one shadow root.
#[wasm_bindgen]
pub struct CheckoutView(Rc<Inner>);

struct Inner {
    engine: Engine,
    speech: Speech,
    emit: Function,
    shown: CheckoutBox,
    /// Told whether she joins; else she mends what stood in the way.
    _act: Closure<dyn Fn(bool)>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    cart: Option<CartTape>,
    member_tape: MemberTape,
    member: Option<Snapshot>,
    preview: Preview,
    page_email: Option<String>,
    joined_email: String,
    joining: Joining,
    obstacle: Option<Obstacle>,
    scene: Scene,
}

#[wasm_bindgen]
impl CheckoutView {
    /// Puts a box into the shadow root. `program` is the published document, `locale` the page's
    /// language, `terms` where the membership terms can be read, or nothing; `emit` is called with
    /// `"preview", earning`, with `"enrol", email, marketing` for the host to post, or with `"error"` and
    /// `{code, message, pointer}`.
    ///
    /// # Errors
    /// `{code, message, pointer}` where the program is not one that this engine knows.
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: JsValue,
        program: &JsValue,
        locale: &str,
        terms: &str,
        emit: Function,
    ) -> Result<CheckoutView, JsValue> {
        let engine = Engine::new(program)?;
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let weak = weak.clone();
            let act = Closure::new(move |joins| {
                if let Some(inner) = weak.upgrade() {
                    if joins {
                        inner.join();
                    } else {
                        inner.meet(None);
                    }
                }
            });
            Inner {
                shown: CheckoutBox::new(root, STYLE, engine.program().name(), terms, &act),
                engine,
                speech: Speech::new(locale),
                emit,
                _act: act,
                state: RefCell::default(),
            }
        });
        inner.paint();
        Ok(Self(inner))
    }

    /// Shows what the cart earns, in this very frame.
    #[wasm_bindgen(js_name = setCart)]
    pub fn set_cart(&self, cart: &JsValue) {
        let (cart, error) = split(CartTape::of(cart));
        let unreadable = error.is_some();
        self.0.change(|state| {
            state.cart = cart;
            if unreadable {
                state.preview = Preview::Unreadable;
            }
        });
        self.0.evaluate(error);
    }

    /// Evaluates for this member from now on; null for a guest.
    #[wasm_bindgen(js_name = setMember)]
    pub fn set_member(&self, member: &JsValue) {
        let tape = MemberTape::of(member);
        let (member, error) = split(tape.and_then(|tape| Ok((tape.read()?, tape))));
        let (member, tape) = member.unwrap_or_default();
        self.0.change(|state| {
            state.member = member;
            state.member_tape = tape;
        });
        self.0.evaluate(error);
    }

    /// The e-mail in the page's own field; none where the page has no such field.
    #[wasm_bindgen(js_name = setEmail)]
    pub fn set_email(&self, email: Option<String>) {
        self.0.change(|state| {
            if state.page_email != email && state.obstacle == Some(Obstacle::PageEmail) {
                state.obstacle = None;
            }
            state.page_email = email;
        });
        self.0.paint();
    }

    /// The edge has accepted: she is in.
    pub fn enrolled(&self) {
        let had_focus = self.0.shown.has_focus();
        self.0.change(|state| state.joining = Joining::Done);
        self.0.paint();
        if had_focus {
            // What had the focus is gone; without this she would start again at the top of the page.
            self.0.shown.focus("offer");
        }
    }

    /// The edge has refused or did not answer. `code` is its problem's.
    pub fn failed(&self, code: &str) {
        self.0.change(|state| {
            state.joining = Joining::Asking;
            state.obstacle = Some(match (code, &state.page_email) {
                ("email_invalid", Some(_)) => Obstacle::PageEmail,
                ("email_invalid", None) => Obstacle::Email,
                ("rate_limited", _) => Obstacle::TooMany,
                _ => Obstacle::Failed,
            });
        });
        self.0.paint();
    }
}

impl Drop for CheckoutView {
    fn drop(&mut self) {
        self.0.shown.close();
    }
}

impl Inner {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.borrow_mut());
    }

    /// Shows what the cart earns now, and tells the page: what it earns, or what was wrong.
    fn evaluate(&self, error: Option<JsValue>) {
        let outcome = {
            let state = self.state.borrow();
            let preview = |cart| self.engine.preview(cart, &state.member_tape, Date::now());
            state.cart.as_ref().map(preview)
        };
        let (value, wrong) = match outcome {
            None => (None, None),
            Some(Ok((earning, value))) => {
                self.change(|state| state.preview = Preview::Earned(earning));
                (Some(value), None)
            }
            Some(Err(wrong)) => {
                self.change(|state| state.preview = Preview::Unreadable);
                (None, Some(wrong))
            }
        };
        self.paint();
        for (kind, detail) in [("error", error), ("error", wrong), ("preview", value)] {
            if let Some(detail) = detail {
                self.emit(kind, &detail, false);
            }
        }
    }

    fn paint(&self) {
        let mut state = self.state.borrow_mut();
        let facts = Facts {
            program: self.engine.program(),
            preview: &state.preview,
            member: state.member.as_ref(),
            joining: state.joining,
            obstacle: state.obstacle,
            page_email: state.page_email.as_deref(),
            joined_email: &state.joined_email,
            now: timestamp(Date::now()),
        };
        let scene = Scene::of(&facts, &self.speech);
        for slot in 0..SLOTS {
            let text = scene.text(slot);
            if text != state.scene.text(slot) || state.scene.state.is_empty() {
                self.shown.say(Scene::part(slot), text);
            }
        }
        for (nth, (label, step)) in scene.reasons.iter().enumerate() {
            self.shown.reason(nth, label, step);
        }
        let wrong = match scene.obstacle {
            Some(Obstacle::Email) => "email",
            Some(Obstacle::Terms) => "terms",
            _ => "",
        };
        let (percent_before, percent_after) = scene.progress;
        self.shown.settle(
            scene.state,
            scene.asks,
            scene.asks_email,
            wrong,
            percent_before,
            percent_after,
            scene.reasons.len(),
            &scene.announcement_after(&state.scene),
        );
        state.scene = scene;
    }

    fn join(&self) {
        let asked = {
            let state = self.state.borrow();
            if state.joining != Joining::Asking {
                return;
            }
            let email = state.page_email.clone();
            let email = email.unwrap_or_else(|| self.shown.email());
            match (is_email(&email), &state.page_email) {
                (false, Some(_)) => Err((Obstacle::PageEmail, "join")),
                (false, None) => Err((Obstacle::Email, "email")),
                (true, _) if !self.shown.ticked("terms") => Err((Obstacle::Terms, "terms")),
                (true, _) => Ok(email),
            }
        };
        match asked {
            Ok(email) => {
                let detail = JsValue::from(&email);
                self.change(|state| {
                    state.joining = Joining::Sending;
                    state.joined_email = email;
                });
                self.meet(None);
                self.emit("enrol", &detail, self.shown.ticked("marketing"));
            }
            Err((obstacle, part)) => {
                self.meet(Some(obstacle));
                self.shown.focus(part);
            }
        }
    }

    /// Something stands in the way of joining, or no longer does.
    fn meet(&self, obstacle: Option<Obstacle>) {
        self.change(|state| state.obstacle = obstacle);
        self.paint();
    }

    /// The host's callback. What it throws is the host's affair and ends here.
    fn emit(&self, kind: &str, detail: &JsValue, marketing: bool) {
        let (kind, marketing) = (kind.into(), marketing.into());
        let _answer = self
            .emit
            .call3(&JsValue::UNDEFINED, &kind, detail, &marketing);
    }
}

fn split<T>(result: Result<T, JsValue>) -> (Option<T>, Option<JsValue>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}
