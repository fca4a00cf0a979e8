//! Challenges: goals over several orders or activities, how far a member is, and what reaching them gives.
