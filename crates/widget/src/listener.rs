//! Listeners and timers that end with their owner.
//!
//! Owns the JavaScript closures. Its invariant: what was registered here is gone once it is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// An event listener.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    pub(crate) fn new(
        target: &EventTarget,
        kind: &'static str,
        heard: impl Fn(Event) + 'static,
    ) -> Self {
        let closure = Closure::<dyn Fn(Event)>::new(heard);
        // Adding a listener fails for no kind of event and no target.
        let _added =
            target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            kind,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _removed = self
            .target
            .remove_event_listener_with_callback(self.kind, callback);
    }
}

/// Something done once, later, unless it is dropped before.
pub(crate) struct Timer {
    id: i32,
    _closure: Closure<dyn Fn()>,
}

impl Timer {
    pub(crate) fn after(millis: i32, due: impl Fn() + 'static) -> Option<Self> {
        let closure = Closure::<dyn Fn()>::new(due);
        let id = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                closure.as_ref().unchecked_ref(),
                millis,
            )
            .ok()?;
        Some(Self {
            id,
            _closure: closure,
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}
