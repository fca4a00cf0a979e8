//! Referrals: what the advocate and the friend get, and the guards against referring oneself.
