//! A scene: every word and number that the box shows at one moment.
//!
//! Owns the states of the box and their texts. It is pure, so that each state is tested without a
//! browser; what is put where is the painting's business. Its invariant: a text that is empty is not
//! shown.

use earnest_core::{Cause, Earning, Points, Program, Snapshot, Timestamp, explain};

use crate::tongue::Tongue;

/// What is known about the cart.
#[derive(Debug, Default)]
pub(crate) enum Preview {
    /// The page has not handed one in.
    #[default]
    Awaited,
    /// The page handed in something that is not a cart; its developer was told.
    Unreadable,
    /// What it earns.
    Earned(Earning),
}

/// How far joining has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Joining {
    #[default]
    Asking,
    Sending,
    Done,
}

/// Why the shopper could not join, and so what she can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Her own e-mail field is empty or no e-mail.
    Email,
    /// The page's field is empty or no e-mail.
    PageEmail,
    /// The terms are not ticked.
    Terms,
    /// Too many tries from here.
    TooMany,
    /// Anything that is not hers to mend.
    Failed,
}

/// What a scene is made of.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) program: &'a Program,
    pub(crate) preview: &'a Preview,
    pub(crate) member: Option<&'a Snapshot>,
    pub(crate) joining: Joining,
    pub(crate) obstacle: Option<Obstacle>,
    /// The page's e-mail; `None` where the page has no field for it.
    pub(crate) page_email: Option<&'a str>,
    /// The e-mail that joined.
    pub(crate) joined_email: &'a str,
    pub(crate) now: Timestamp,
}

/// What the box shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scene {
    /// `waiting`, `guest`, `joining`, `joined`, `member` or `quiet`.
    pub(crate) state: &'static str,
    pub(crate) tier: String,
    pub(crate) lead: String,
    pub(crate) number: String,
    pub(crate) word: String,
    pub(crate) tail: String,
    pub(crate) worth: String,
    pub(crate) balance: String,
    pub(crate) progress: Option<Progress>,
    pub(crate) note: String,
    /// Asks her to join.
    pub(crate) asks: bool,
    /// Asks for her e-mail, which the page does not have.
    pub(crate) asks_email: bool,
    pub(crate) using: String,
    pub(crate) button: &'static str,
    pub(crate) obstacle: Option<Obstacle>,
    pub(crate) problem: &'static str,
    pub(crate) already: String,
    pub(crate) reasons: Vec<Row>,
    pub(crate) total: String,
}

/// One reason: a label and its step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) step: String,
}

/// The way to the next tier.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Percent of the way from the member's tier to the next, before and after this order.
    pub(crate) before: i64,
    pub(crate) after: i64,
    pub(crate) text: String,
}

impl Scene {
    pub(crate) fn of(facts: &Facts<'_>, tongue: &dyn Tongue) -> Self {
        let says = Says {
            facts,
            tongue,
            other: &facts.program.word().other,
        };
        match facts.preview {
            Preview::Awaited => Self {
                state: "waiting",
                ..Self::default()
            },
            Preview::Unreadable => quiet(format!(
                "Your {} can't be shown for this cart. Your order is not affected.",
                says.other
            )),
            Preview::Earned(earning) => match says.why_nothing(earning) {
                Some(why) => quiet(why),
                None => says.earned(earning),
            },
        }
    }

    /// What a screen reader says when the scene has changed.
    pub(crate) fn announcement(&self) -> String {
        let offer = [&self.lead, &self.number, &self.word, &self.tail];
        let parts: Vec<&str> = offer
            .into_iter()
            .chain([&self.note])
            .map(String::as_str)
            .collect();
        parts.join(" ").trim().to_owned()
    }
}

fn quiet(note: String) -> Scene {
    Scene {
        state: "quiet",
        note,
        ..Scene::default()
    }
}

/// Says the facts in a tongue.
struct Says<'a> {
    facts: &'a Facts<'a>,
    tongue: &'a dyn Tongue,
    other: &'a str,
}

impl Says<'_> {
    fn earned(&self, earning: &Earning) -> Scene {
        let Facts {
            program, joining, ..
        } = *self.facts;
        let points = earning.points;
        let scene = Scene {
            number: self.tongue.count(points.get()),
            word: self.word(points).to_owned(),
            worth: self.worth("About", points, earning),
            reasons: self.reasons(earning),
            total: self.amount(points),
            ..Scene::default()
        };
        match (self.facts.member, joining) {
            (Some(member), _) => self.member(member, points, scene),
            (None, Joining::Done) => self.joined(scene),
            (None, _) => self.guest(program.welcome(self.facts.now), earning, scene),
        }
    }

    fn guest(&self, welcome: Points, earning: &Earning, scene: Scene) -> Scene {
        let sending = self.facts.joining == Joining::Sending;
        let (tail, worth) = if welcome > Points::ZERO {
            let together = earning
                .points
                .checked_add(welcome)
                .unwrap_or(earning.points);
            let start = self.tongue.count(welcome.get());
            (
                format!("with this order, plus {start} to start"),
                self.worth("Together about", together, earning),
            )
        } else {
            ("with this order".to_owned(), scene.worth)
        };
        let email = self.facts.page_email;
        Scene {
            state: if sending { "joining" } else { "guest" },
            lead: "Join and earn".to_owned(),
            tail,
            worth,
            asks: true,
            asks_email: email.is_none(),
            using: email
                .filter(|email| is_email(email))
                .map_or_else(String::new, |email| format!("You join with {email}.")),
            button: if sending { "Joining…" } else { "Join" },
            obstacle: self.facts.obstacle,
            problem: self.facts.obstacle.map_or("", Obstacle::advice),
            already: format!(
                "Order with the e-mail you joined with and these {} are added to your balance.",
                self.other
            ),
            ..scene
        }
    }

    /// The answer to joining is the same for an e-mail that is known, so nothing here says that she is new.
    fn joined(&self, scene: Scene) -> Scene {
        let welcome = self.facts.program.welcome(self.facts.now);
        let mut note = format!(
            "They are yours when you order with {}.",
            self.facts.joined_email
        );
        if welcome > Points::ZERO {
            note += &format!(" New members also get {} to start.", self.amount(welcome));
        }
        Scene {
            state: "joined",
            lead: "You're in. This order adds".to_owned(),
            tail: "to your balance".to_owned(),
            note,
            ..scene
        }
    }

    fn member(&self, member: &Snapshot, points: Points, scene: Scene) -> Scene {
        let tier = self.facts.program.tier_of(member);
        Scene {
            state: "member",
            tier: tier.map_or_else(String::new, |tier| tier.name.clone()),
            lead: "This order adds".to_owned(),
            balance: format!("You have {}", self.amount(member.balance)),
            progress: self.progress(member, points),
            ..scene
        }
    }

    fn progress(&self, member: &Snapshot, points: Points) -> Option<Progress> {
        let next = self.facts.program.next_tier(member)?;
        let from = self
            .facts
            .program
            .tier_of(member)
            .map_or(0, |tier| tier.from.get());
        let way = next.tier.from.get().checked_sub(from)?;
        let percent = |earned: i64| {
            let gone = earned.saturating_sub(from).clamp(0, way);
            gone.saturating_mul(100).checked_div(way)
        };
        let after = member.earned.get().saturating_add(points.get());
        let left = next.missing.get().saturating_sub(points.get());
        let name = &next.tier.name;
        let text = if left > 0 {
            let left = self.amount(Points::new(left).ok()?);
            format!("{left} more to {name} after this order")
        } else {
            format!("This order takes you to {name}")
        };
        Some(Progress {
            before: percent(member.earned.get())?,
            after: percent(after)?,
            text,
        })
    }

    /// One line on why nothing is earned; `None` where something is.
    fn why_nothing(&self, earning: &Earning) -> Option<String> {
        if earning.points > Points::ZERO {
            return None;
        }
        let says_why = |cause: &Cause| {
            matches!(
                cause,
                Cause::Excluded { .. }
                    | Cause::BelowMinimum { .. }
                    | Cause::CurrencyNotCovered
                    | Cause::NotRunning
            )
        };
        let cause = earning
            .reasons
            .iter()
            .map(|reason| reason.cause)
            .find(says_why);
        Some(match cause {
            Some(cause) => explain(cause, self.facts.program, earning.currency).into_owned(),
            None if earning.lines.is_empty() => {
                format!("Your cart is empty, so it earns no {}", self.other)
            }
            None => format!("This cart is too small to earn {}", self.other),
        })
    }

    fn reasons(&self, earning: &Earning) -> Vec<Row> {
        let row = |reason: &earnest_core::Reason| Row {
            label: explain(reason.cause, self.facts.program, earning.currency).into_owned(),
            step: self.tongue.step(&reason.points_exact.to_string()),
        };
        earning.reasons.iter().map(row).collect()
    }

    /// `About €1.20 off a later order`; empty where the programme does not say.
    fn worth(&self, about: &str, points: Points, earning: &Earning) -> String {
        let worth = self.facts.program.worth(points, earning.currency);
        let worth = worth.filter(|worth| worth.minor() > 0);
        worth.map_or_else(String::new, |worth| {
            format!("{about} {} off a later order", self.tongue.money(worth))
        })
    }

    /// `120 beans`, `1 bean`.
    fn amount(&self, points: Points) -> String {
        format!("{} {}", self.tongue.count(points.get()), self.word(points))
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

impl Obstacle {
    /// What she can do.
    fn advice(self) -> &'static str {
        match self {
            Self::Email => "Enter your e-mail, like you@example.com.",
            Self::PageEmail => "Enter your e-mail in the order form first, then join.",
            Self::Terms => "Tick the membership terms to join.",
            Self::TooMany => "That was too often. Wait a minute, then try again.",
            Self::Failed => "Joining did not work just now. Try again, or order as usual.",
        }
    }
}

/// Whether it could be an e-mail; whether it is one, the edge decides.
pub(crate) fn is_email(text: &str) -> bool {
    let host = text.split_once('@').filter(|(name, _)| !name.is_empty());
    host.is_some_and(|(_, host)| host.contains('.') && !host.contains('@'))
        && !text.contains(char::is_whitespace)
        && !text.ends_with('.')
}

#[cfg(test)]
mod tests;
