//! Rewards: what a member can spend points on, what it takes off a cart, and the codes that stand for one.
