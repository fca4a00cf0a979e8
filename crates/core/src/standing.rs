//! Standing: the tier that a member is in at an instant, by what qualified in which period.
