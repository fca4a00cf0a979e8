//! The words: what each state says, in plain English and the shop's own word for its points.

use earnest_core::{Cause, Earning, Points, Snapshot, explain};

use super::{Facts, Joining, Preview, Scene, Slot, is_email};
use crate::tongue::Tongue;

/// Says the facts in a tongue.
pub(super) struct Says<'a> {
    facts: &'a Facts<'a>,
    tongue: &'a dyn Tongue,
    /// `beans`.
    other: &'a str,
}

impl<'a> Says<'a> {
    pub(super) fn new(facts: &'a Facts<'a>, tongue: &'a dyn Tongue) -> Self {
        let other = &facts.program.word().other;
        Self {
            facts,
            tongue,
            other,
        }
    }

    pub(super) fn into_scene(self, scene: &mut Scene) {
        scene.state = "quiet";
        match self.facts.preview {
            Preview::Awaited => scene.state = "waiting",
            Preview::Unreadable => {
                let cannot = " can't be shown for this cart. Your order is not affected.";
                scene.say(Slot::Note, &["Your ", self.other, cannot]);
            }
            Preview::Earned(earning) if earning.points > Points::ZERO => {
                self.earned(scene, earning);
            }
            Preview::Earned(earning) => self.nothing(scene, earning),
        }
    }

    fn earned(&self, scene: &mut Scene, earning: &Earning) {
        let points = earning.points;
        scene.say(Slot::Number, &[&self.tongue.count(points.get())]);
        scene.say(Slot::Word, &[self.word(points)]);
        scene.say(Slot::Total, &[&self.amount(points)]);
        for reason in &earning.reasons {
            let label = explain(reason.cause, self.facts.program, earning.currency);
            let step = self.tongue.step(&reason.points_exact.to_string());
            scene.reasons.push((label.into_owned(), step));
        }
        match (self.facts.member, self.facts.joining) {
            (Some(member), _) => self.member(scene, member, earning),
            (None, Joining::Done) => self.joined(scene, earning),
            (None, _) => self.guest(scene, earning),
        }
    }

    fn guest(&self, scene: &mut Scene, earning: &Earning) {
        let sending = self.facts.joining == Joining::Sending;
        scene.state = if sending { "joining" } else { "guest" };
        scene.say(Slot::Button, &[if sending { "Joining…" } else { "Join" }]);
        scene.say(Slot::Lead, &["Join and earn"]);
        let welcome = self.facts.program.welcome(self.facts.now);
        if welcome > Points::ZERO {
            let start = self.tongue.count(welcome.get());
            scene.say(Slot::Tail, &["with this order, plus ", &start, " to start"]);
            let together = earning.points.checked_add(welcome);
            self.worth(
                scene,
                "Together about ",
                together.unwrap_or(welcome),
                earning,
            );
        } else {
            scene.say(Slot::Tail, &["with this order"]);
            self.worth(scene, "About ", earning.points, earning);
        }
        scene.asks = true;
        match self.facts.page_email {
            None => scene.asks_email = true,
            Some(email) if is_email(email) => {
                scene.say(Slot::Using, &["You join with ", email, "."]);
            }
            Some(_) => {}
        }
        scene.obstacle = self.facts.obstacle;
        if let Some(obstacle) = self.facts.obstacle {
            scene.say(Slot::Problem, &[obstacle.advice()]);
        }
        let order = "Order with the e-mail you joined with and these ";
        scene.say(
            Slot::Already,
            &[order, self.other, " are added to your balance."],
        );
    }

    /// The answer to joining is the same for an e-mail that is known, so nothing here says that she is new.
    fn joined(&self, scene: &mut Scene, earning: &Earning) {
        scene.state = "joined";
        scene.say(Slot::Lead, &["You're in. This order adds"]);
        scene.say(Slot::Tail, &["to your balance"]);
        self.worth(scene, "About ", earning.points, earning);
        let welcome = self.facts.program.welcome(self.facts.now);
        let (more, start, end) = if welcome > Points::ZERO {
            (" New members also get ", self.amount(welcome), " to start.")
        } else {
            ("", String::new(), "")
        };
        let email = self.facts.joined_email;
        let note = [
            "They are yours when you order with ",
            email,
            ".",
            more,
            &start,
            end,
        ];
        scene.say(Slot::Note, &note);
    }

    fn member(&self, scene: &mut Scene, member: &Snapshot, earning: &Earning) {
        scene.state = "member";
        scene.say(Slot::Lead, &["This order adds"]);
        scene.say(Slot::Balance, &["You have ", &self.amount(member.balance)]);
        self.worth(scene, "About ", earning.points, earning);
        let tier = self.facts.program.tier_of(member);
        if let Some(tier) = tier {
            scene.say(Slot::Tier, &[&tier.name]);
        }
        let from = tier.map_or(0, |tier| tier.from.get());
        self.progress(scene, member, from, earning.points.get());
    }

    /// The way to the next tier, which starts at the points of her own; nothing at the top.
    fn progress(&self, scene: &mut Scene, member: &Snapshot, from: i64, points: i64) {
        let Some(next) = self.facts.program.next_tier(member) else {
            return;
        };
        let way = next.tier.from.get().saturating_sub(from).max(1);
        let percent = |earned: i64| {
            let gone = earned.saturating_sub(from).max(0).min(way);
            i32::try_from(gone.saturating_mul(100) / way).unwrap_or(100)
        };
        let earned = member.earned.get();
        scene.progress = (percent(earned), percent(earned.saturating_add(points)));
        let name = &next.tier.name;
        match Points::new(next.missing.get().saturating_sub(points)) {
            Ok(left) if left > Points::ZERO => {
                let left = self.amount(left);
                scene.say(Slot::Next, &[&left, " more to ", name, " after this order"]);
            }
            _ => scene.say(Slot::Next, &["This order takes you to ", name]),
        }
    }

    /// One line on why nothing is earned.
    fn nothing(&self, scene: &mut Scene, earning: &Earning) {
        let says_why = |cause: &Cause| {
            matches!(
                cause,
                Cause::Excluded { .. }
                    | Cause::BelowMinimum { .. }
                    | Cause::CurrencyNotCovered
                    | Cause::NotRunning
            )
        };
        let mut causes = earning.reasons.iter().map(|reason| reason.cause);
        if let Some(cause) = causes.find(says_why) {
            let why = explain(cause, self.facts.program, earning.currency);
            scene.say(Slot::Note, &[&why]);
        } else if earning.lines.is_empty() {
            scene.say(
                Slot::Note,
                &["Your cart is empty, so it earns no ", self.other],
            );
        } else {
            scene.say(Slot::Note, &["This cart is too small to earn ", self.other]);
        }
    }

    /// `About €1.20 off a later order`, where the programme says what points are worth.
    fn worth(&self, scene: &mut Scene, about: &str, points: Points, earning: &Earning) {
        let worth = self.facts.program.worth(points, earning.currency);
        if let Some(worth) = worth.filter(|worth| worth.minor() > 0) {
            let worth = self.tongue.money(worth);
            scene.say(Slot::Worth, &[about, &worth, " off a later order"]);
        }
    }

    /// `120 beans`, `1 bean`.
    fn amount(&self, points: Points) -> String {
        [&self.tongue.count(points.get()), " ", self.word(points)].concat()
    }

    fn word(&self, points: Points) -> &str {
        let word = self.facts.program.word();
        if self.tongue.is_one(points.get()) {
            &word.one
        } else {
            &word.other
        }
    }
}
