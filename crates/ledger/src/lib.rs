//! The ledger: what is remembered, and what each request reads, decides and writes.
//!
//! Owns every SQL statement ([`store`]) and the bookings, values without I/O: a [`Booking`] says what to
//! read, finds out whether it has been booked, and if not decides what to write. A shell carries the
//! statements to a database and the rows back: the Worker to D1, a simulator to a database in memory; so
//! both run the same ledger. Invariant: nothing here reads a clock, draws a random number or waits.

mod activity;
mod adjustment;
mod booking;
mod books;
mod competition;
mod credit_document;
mod customer;
mod differences;
mod email_hash;
mod enrolment;
mod entry_document;
mod export;
mod gift;
mod gift_sent;
mod guest;
mod hex;
mod instant;
mod json;
mod merge;
mod order;
mod partners;
mod profile;
mod quote;
mod redemption;
mod referral;
mod refund;
mod seed;
mod settling;
mod signs;
pub mod store;
mod transfer;
mod trial;

pub use activity::{ActivityBooking, Report, ReportError};
pub use adjustment::AdjustmentBooking;
pub use booking::{Booking, BookingError, Found, Written};
pub use books::{Bookkeeping, BooksError, Period};
pub use competition::{CompetitionError, PrizeBooking, check_competitions, load_competitions};
pub use credit_document::{BalanceDocument, CreditEntryDocument};
pub use customer::{Customer, CustomerContent};
pub use differences::{Differences, check_same, escaped};
pub use email_hash::EmailHash;
pub use enrolment::{EnrolError, Enrolment};
pub use entry_document::EntryDocument;
pub use export::{ExportError, MAX_STATEMENT_ENTRIES, StatementExport, StatementPart};
pub use gift::{Codes, GiftDocument, Gifts, withdraw};
pub use gift_sent::GiftArrival;
pub use guest::{
    Credited, GuestBooking, GuestOrder, MAX_GUEST_ORDERS, guest_window_millis,
    is_before_guest_window, load_waiting,
};
pub use hex::hex;
pub use instant::{CLOCK_SKEW_MILLIS, rfc3339};
pub use json::json;
pub use merge::{MERGE_PREFIX, MergeBooking, transfer_id_of};
pub use order::{Comparison, MAX_REDEMPTIONS, Order, OrderBooking, OrderError, Shown};
pub use partners::{PartnersError, load_partners, settle_partners};
pub use profile::{ProfileChange, ProfileError, Said};
pub use quote::{
    Asked, Bought, Earned, Presented, Quote, QuoteOutcome, QuoteRefusal, QuotedMember,
};
pub use redemption::{
    Ending, MAX_LISTED, Redemption, RedemptionBooking, RedemptionEnd, RedemptionError,
    TenderDocument, list_redemptions,
};
pub use referral::{
    ReferralBooking, advocate_gift_of_joining, advocate_gift_of_order, advocate_gift_taken_back,
    sent_by_order, sent_by_refund,
};
pub use refund::{RefundBooking, ReturnContent, ReturnError, ReturnLine};
pub use seed::{
    KeptSeed, MAX_SEED_BYTES, NewSeed, Seed, SeedError, check_seeds, commitments, tell_seed,
};
pub use settling::{Due, MAX_QUERIES, Settling, settled};
pub use signs::Signs;
pub use store::{Rows, Statement, StoreError, Value};
pub use transfer::{ArrivalBooking, Pair, TransferBooking, TransferError};
pub use trial::Trial;
