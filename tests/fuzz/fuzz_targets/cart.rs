//! Carts from libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| earnest_fuzz::cart(bytes));
