//! The view: the box that a shopper sees, and what happens when she uses it.
//!
//! Owns the state of one box and its listeners. It decides nothing about points, and does not talk to
//! the edge: it asks the host to, through `emit`. Its invariant: no borrow is held while the host, a
//! focus change or an event can call back in, so a call from inside a callback finds everything in order.

mod paint;
mod parts;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use earnest_core::{Cart, Program, Snapshot, evaluate};
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Event, HtmlElement, ShadowRoot};

use self::paint::Painted;
use self::parts::{Part, Parts};
use crate::accent;
use crate::complaint::Complaint;
use crate::engine::{earning_value, read_cart, read_member, read_program, timestamp};
use crate::listener::{Listener, Timer};
use crate::scene::{Facts, Joining, Obstacle, Preview, Scene, is_email};
use crate::tongue::Locale;

const STYLE: &str = include_str!("checkout.css");

/// How long the cart must rest before a screen reader hears what it earns: somebody who presses a
/// stepper five times hears one sentence.
const ANNOUNCE_AFTER_MS: i32 = 700;

thread_local! {
    /// One sheet for all boxes of a page.
    static SHEET: RefCell<Option<CssStyleSheet>> = const { RefCell::new(None) };
}

/// One box, in one shadow root.
#[wasm_bindgen]
pub struct CheckoutView {
    inner: Rc<Inner>,
}

struct Inner {
    root: ShadowRoot,
    program: Program,
    locale: Locale,
    emit: Function,
    parts: Parts,
    state: RefCell<State>,
    painted: RefCell<Painted>,
    listeners: RefCell<Vec<Listener>>,
    announcing: RefCell<Option<Timer>>,
    freed: Cell<bool>,
}

#[derive(Debug, Default)]
struct State {
    cart: Option<Cart>,
    preview: Preview,
    member: Option<Snapshot>,
    page_email: Option<String>,
    joined_email: String,
    joining: Joining,
    obstacle: Option<Obstacle>,
}

#[wasm_bindgen]
impl CheckoutView {
    /// Puts a box into the shadow root. `program` is the published document, `locale` the page's
    /// language, `terms` where the membership terms can be read, or nothing; `emit` is called with `preview`
    /// (earning), `enrol` (e-mail and consent, for the host to post) or `error` (code, message, pointer).
    ///
    /// # Errors
    /// `{code, message, pointer}` where the program is not one that this engine knows.
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: ShadowRoot,
        program: &JsValue,
        locale: &str,
        terms: &str,
        emit: Function,
    ) -> Result<CheckoutView, JsValue> {
        let program = read_program(program)?;
        root.set_adopted_style_sheets(&Array::of1(&sheet()?.into()).into());
        let parts = Parts::build(&root, program.name(), terms)?;
        let inner = Rc::new(Inner {
            root,
            locale: Locale::new(locale),
            program,
            emit,
            parts,
            state: RefCell::default(),
            painted: RefCell::default(),
            listeners: RefCell::default(),
            announcing: RefCell::default(),
            freed: Cell::new(false),
        });
        inner.listen();
        inner.paint();
        Ok(Self { inner })
    }

    /// Shows what the cart earns, in this very frame.
    #[wasm_bindgen(js_name = setCart)]
    pub fn set_cart(&self, cart: &JsValue) {
        let cart = read_cart(cart);
        self.inner.change(|state| match cart {
            Ok(cart) => {
                state.cart = Some(cart);
                None
            }
            Err(complaint) => {
                state.cart = None;
                state.preview = Preview::Unreadable;
                Some(complaint)
            }
        });
        self.inner.evaluate();
    }

    /// Evaluates for this member from now on; null for a guest.
    #[wasm_bindgen(js_name = setMember)]
    pub fn set_member(&self, member: &JsValue) {
        let member = read_member(member);
        self.inner.change(|state| {
            let (member, complaint) = match member {
                Ok(member) => (member, None),
                Err(complaint) => (None, Some(complaint)),
            };
            state.member = member;
            complaint
        });
        self.inner.evaluate();
    }

    /// The e-mail in the page's own field; none where the page has no such field.
    #[wasm_bindgen(js_name = setEmail)]
    pub fn set_email(&self, email: Option<String>) {
        self.inner.change(|state| {
            if state.page_email != email && state.obstacle == Some(Obstacle::PageEmail) {
                state.obstacle = None;
            }
            state.page_email = email;
            None
        });
        self.inner.paint();
    }

    /// The edge has accepted: she is in.
    pub fn enrolled(&self) {
        let had_focus = self.inner.root.active_element().is_some();
        self.inner.change(|state| {
            state.joining = Joining::Done;
            None
        });
        self.inner.paint();
        if had_focus {
            // What had the focus is gone; without this she would start again at the top of the page.
            focus(self.inner.parts.html(Part::Offer));
        }
    }

    /// The edge has refused or did not answer. `code` is its problem's.
    pub fn failed(&self, code: &str) {
        let obstacle = match code {
            "email_malformed" => Obstacle::Email,
            "rate_limited" => Obstacle::TooMany,
            _ => Obstacle::Failed,
        };
        self.inner.change(|state| {
            state.joining = Joining::Asking;
            let is_pages = obstacle == Obstacle::Email && state.page_email.is_some();
            state.obstacle = Some(if is_pages {
                Obstacle::PageEmail
            } else {
                obstacle
            });
            None
        });
        self.inner.paint();
    }
}

impl Drop for CheckoutView {
    fn drop(&mut self) {
        self.inner.freed.set(true);
        self.inner.listeners.take();
        self.inner.announcing.take();
    }
}

impl Inner {
    fn listen(self: &Rc<Self>) {
        let heard = |act: fn(&Rc<Inner>, &Event)| {
            let weak = Rc::downgrade(self);
            move |event: Event| {
                if let Some(inner) = weak.upgrade().filter(|inner| !inner.freed.get()) {
                    act(&inner, &event);
                }
            }
        };
        let parts = &self.parts;
        let listeners = vec![
            Listener::new(
                &parts[Part::Form],
                "submit",
                heard(|inner, event| {
                    event.prevent_default();
                    inner.join();
                }),
            ),
            Listener::new(
                &parts[Part::Already],
                "click",
                heard(|inner, _| inner.toggle_already()),
            ),
            Listener::new(
                &parts[Part::Form],
                "input",
                heard(|inner, _| inner.mended()),
            ),
            // Its colours are the accent's and the text's: it ends when the page's theme has changed.
            Listener::new(
                &parts[Part::Announcer],
                "transitionend",
                heard(|inner, _| inner.tint()),
            ),
        ];
        self.listeners.replace(listeners);
    }

    /// Changes the state, and tells the page's developer what was wrong with its input.
    fn change(&self, change: impl FnOnce(&mut State) -> Option<Complaint>) {
        let complaint = change(&mut self.state.borrow_mut());
        if let Some(complaint) = complaint {
            self.emit("error", &complaint.into());
        }
    }

    fn evaluate(self: &Rc<Self>) {
        let outcome = {
            let state = self.state.borrow();
            let newcomer = self.program.newcomer();
            let member = state.member.as_ref().unwrap_or(&newcomer);
            state.cart.as_ref().map(|cart| {
                let earning = evaluate(&self.program, member, cart, timestamp(Date::now()))?;
                let value = earning_value(&self.program, cart, &earning);
                Ok((earning, value))
            })
        };
        let told = match outcome {
            None => None,
            Some(Ok((earning, value))) => {
                self.state.borrow_mut().preview = Preview::Earned(earning);
                Some(("preview", value))
            }
            Some(Err(error)) => {
                self.state.borrow_mut().preview = Preview::Unreadable;
                let error: earnest_core::EvaluateError = error;
                Some(("error", Complaint::from(error).into()))
            }
        };
        self.paint();
        if let Some((kind, detail)) = told {
            self.emit(kind, &detail);
        }
    }

    fn paint(self: &Rc<Self>) {
        let scene = {
            let state = self.state.borrow();
            let facts = Facts {
                program: &self.program,
                preview: &state.preview,
                member: state.member.as_ref(),
                joining: state.joining,
                obstacle: state.obstacle,
                page_email: state.page_email.as_deref(),
                joined_email: &state.joined_email,
                now: timestamp(Date::now()),
            };
            Scene::of(&facts, &self.locale)
        };
        let heard = self.painted.borrow_mut().show(&self.parts, scene);
        self.tint();
        if let Ok(Some(announcement)) = heard {
            let weak = Rc::downgrade(self);
            let timer = Timer::after(ANNOUNCE_AFTER_MS, move || {
                if let Some(inner) = weak.upgrade() {
                    inner.parts[Part::Announcer].set_text_content(Some(&announcement));
                }
            });
            self.announcing.replace(timer);
        }
    }

    /// Finds the text colour for the accent as the page and the colour scheme have it now.
    fn tint(&self) {
        let computed =
            web_sys::window().map(|window| window.get_computed_style(&self.parts[Part::Announcer]));
        let Some(Ok(Some(style))) = computed else {
            return;
        };
        let colour = |name| style.get_property_value(name).unwrap_or_default();
        let (accent, text) = (colour("outline-color"), colour("caret-color"));
        let own = self.parts.html(Part::Box).style();
        if let Some(on_accent) = accent::text_on(&accent) {
            let _set = own.set_property("--on-accent", on_accent);
        }
        let ring = accent::stands_out(&accent, &text).unwrap_or(true);
        let _set = own.set_property(
            "--ring",
            if ring {
                "var(--accent)"
            } else {
                "currentColor"
            },
        );
    }

    fn join(self: &Rc<Self>) {
        let parts = &self.parts;
        let (ask, focus_on): (Result<String, Obstacle>, &HtmlElement) = {
            let state = self.state.borrow();
            if state.joining != Joining::Asking {
                return;
            }
            match &state.page_email {
                Some(email) if is_email(email) => (Ok(email.clone()), parts.html(Part::TermsCheck)),
                Some(_) => (Err(Obstacle::PageEmail), parts.html(Part::Join)),
                None => {
                    let typed = parts.input(Part::Email).value().trim().to_owned();
                    let ask = if is_email(&typed) {
                        Ok(typed)
                    } else {
                        Err(Obstacle::Email)
                    };
                    (ask, parts.html(Part::Email))
                }
            }
        };
        let (ask, focus_on) = match ask {
            Ok(_) if !parts.input(Part::TermsCheck).checked() => {
                (Err(Obstacle::Terms), parts.html(Part::TermsCheck))
            }
            ask => (ask, focus_on),
        };
        match ask {
            Ok(email) => {
                self.change(|state| {
                    state.joining = Joining::Sending;
                    state.obstacle = None;
                    state.joined_email.clone_from(&email);
                    None
                });
                self.paint();
                let marketing = parts.input(Part::Marketing).checked();
                self.emit("enrol", &enrolment(&email, marketing));
            }
            Err(obstacle) => {
                self.change(|state| {
                    state.obstacle = Some(obstacle);
                    None
                });
                self.paint();
                focus(focus_on);
            }
        }
    }

    /// She is mending what stood in the way.
    fn mended(self: &Rc<Self>) {
        self.change(|state| {
            state.obstacle = None;
            None
        });
        self.paint();
    }

    fn toggle_already(&self) {
        let note = &self.parts[Part::AlreadyNote];
        let opens = note.has_attribute("hidden");
        let _done = note.toggle_attribute_with_force("hidden", !opens);
        let expanded = if opens { "true" } else { "false" };
        let _done = self.parts[Part::Already].set_attribute("aria-expanded", expanded);
    }

    /// The host's callback. What it throws is the host's affair and ends here.
    fn emit(&self, kind: &str, detail: &JsValue) {
        let _answer = self.emit.call2(&JsValue::UNDEFINED, &kind.into(), detail);
    }
}

fn focus(element: &HtmlElement) {
    let _done = element.focus();
}

/// The body of `POST /v1/members`.
fn enrolment(email: &str, marketing: bool) -> JsValue {
    let set = |object: &Object, key: &str, value: &JsValue| {
        // Setting a property of an object that was just made cannot fail.
        let _set = Reflect::set(object, &key.into(), value);
    };
    let consent = Object::new();
    set(&consent, "terms", &JsValue::TRUE);
    set(&consent, "marketing", &marketing.into());
    let body = Object::new();
    set(&body, "email", &email.into());
    set(&body, "consent", &consent);
    body.unchecked_into()
}

fn sheet() -> Result<CssStyleSheet, JsValue> {
    SHEET.with_borrow_mut(|shared| {
        if let Some(sheet) = shared {
            return Ok(sheet.clone());
        }
        let sheet = CssStyleSheet::new()?;
        sheet.replace_sync(STYLE)?;
        Ok(shared.insert(sheet).clone())
    })
}
