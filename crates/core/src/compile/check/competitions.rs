//! Competitions: what is ranked, over which time, how many places there are and what they win.

use super::super::source::CompetitionSource;
use super::Check;
use crate::limits::{MAX_BONUS_POINTS, MAX_PLACES};
use crate::wire::CompetitionDocument;

/// Places on a board whose author says nothing.
const PLACES: i64 = 10;

impl Check<'_> {
    pub(super) fn competition(
        &mut self,
        at: &str,
        source: &CompetitionSource,
    ) -> CompetitionDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        let by = self.measure(at, source.by, source.currency.as_deref());
        let from = self.moment(&format!("{at}/from"), Some(&source.from));
        let until = self.end(&format!("{at}/until"), Some(&source.until));
        self.window(&format!("{at}/until"), from, until);
        let places = source.places.unwrap_or(PLACES);
        if !(1..=MAX_PLACES).contains(&places) {
            self.problem(
                &format!("{at}/places"),
                format!("write 1 to {MAX_PLACES} places"),
            );
        }
        let prizes = i64::try_from(source.prizes.len()).unwrap_or(i64::MAX);
        if prizes > places {
            let message = format!("write at most {places} prizes, one for each place");
            self.problem(&format!("{at}/prizes"), message);
        }
        for (nth, prize) in source.prizes.iter().enumerate() {
            if !(1..=MAX_BONUS_POINTS).contains(prize) {
                let message = format!("a prize is 1 to {MAX_BONUS_POINTS} points");
                self.problem(&format!("{at}/prizes/{nth}"), message);
            }
        }
        CompetitionDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            by,
            from: from.unwrap_or(0),
            until: until.unwrap_or(0),
            places,
            prizes: source.prizes.clone(),
        }
    }
}
