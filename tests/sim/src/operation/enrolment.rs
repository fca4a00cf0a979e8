//! Somebody joins: by a page, which learns nothing, or by the shop's server, which learns her id.

use std::sync::Arc;

use earnest_core::reward::RewardCode;
use earnest_ledger::store::budgets;
use earnest_ledger::store::members::MemberRow;
use earnest_ledger::{BookingError, EnrolError, Enrolment, Signs, StoreError};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Operation, SHOPS, guest, merge};
use crate::Violation;
use crate::edge::{Caller, Request};
use crate::errand::{Errand, expect};
use crate::random::Random;
use crate::shell::{Shell, shop_id};
use crate::who::{Person, Said, anybody, customer_id, email, email_hash};

#[derive(Debug)]
struct JoinByPage {
    shop: usize,
    person: Person,
    marketing: bool,
}

#[derive(Debug)]
struct JoinByServer {
    shop: usize,
    person: Person,
    /// Whose customer id the server says it is: another's, where it mixes them up.
    customer: Option<Person>,
    marketing: bool,
    /// By whose code she joins.
    advocate: Option<Person>,
}

pub(super) fn by_page(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(JoinByPage {
        shop: random.place(SHOPS),
        person: anybody(random),
        marketing: random.one_in(2),
    })
}

pub(super) fn by_server(random: &mut Random) -> Arc<dyn Operation> {
    let person = anybody(random);
    Arc::new(JoinByServer {
        shop: random.place(SHOPS),
        person,
        customer: match random.below(8) {
            0..=2 => None,
            3..=6 => Some(person),
            _ => Some(anybody(random)),
        },
        marketing: random.one_in(2),
        advocate: None,
    })
}

/// A person joins a shop, either way.
pub(super) fn of(shop: usize, person: Person, random: &mut Random) -> Arc<dyn Operation> {
    let marketing = random.one_in(2);
    if random.one_in(2) {
        return Arc::new(JoinByPage {
            shop,
            person,
            marketing,
        });
    }
    Arc::new(JoinByServer {
        shop,
        person,
        customer: random.one_in(2).then_some(person),
        marketing,
        advocate: None,
    })
}

/// One of two people joins by the shop's server, which takes her for the other now and then.
pub(super) fn mixed_up(
    shop: usize,
    one: Person,
    other: Person,
    random: &mut Random,
) -> Arc<dyn Operation> {
    let either = [one, other];
    Arc::new(JoinByServer {
        shop,
        person: random.pick(&either),
        customer: random.pick(&[None, Some(one), Some(other)]),
        marketing: random.one_in(2),
        advocate: None,
    })
}

/// A friend joins by the code of who brought her.
pub(super) fn brought(
    shop: usize,
    person: Person,
    advocate: Person,
    random: &mut Random,
) -> Arc<dyn Operation> {
    Arc::new(JoinByServer {
        shop,
        person,
        customer: random.one_in(2).then_some(person),
        marketing: random.one_in(2),
        advocate: Some(advocate),
    })
}

impl Operation for JoinByPage {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let enrolment = Enrolment {
            email_hash: email_hash(self.shop, self.person),
            customer_id: None,
            marketing: self.marketing,
            signs: Signs::default(),
            referral_code: None,
        };
        let shop = shop_id(self.shop);
        let told = shell.take_turns(|shell| {
            let [budgets] = shell.read(&[budgets::load(shop)])?;
            let budgets = budgets::budgets(&budgets)?;
            let (member_id, codes) = (shell.new_id("mem"), shell.codes());
            let program = shell.program(self.shop);
            let statements =
                enrolment.join(shop, &member_id, program, budgets, &codes, shell.now)?;
            match shell.send(&statements) {
                Ok(_) | Err(StoreError::Conflict(_)) => Ok(()),
                Err(error) => Err(error.into()),
            }
        });
        match told {
            Ok(()) => {
                let members = "SELECT member_id FROM members WHERE shop = ?1 AND email_hash = ?2";
                let found: Vec<IgnoredAny> = shell
                    .database
                    .ask(members, &[shop, enrolment.email_hash.as_str()]);
                Violation::unless(
                    found.len() == 1,
                    "a page was told yes, and she is no member",
                )
            }
            Err(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let body = json!({
            "email": email(self.person), "consent": { "terms": true, "marketing": self.marketing }
        });
        let request = Request {
            caller: Caller::Page,
            ..Request::post(self.shop, "/v1/members", &body)
        };
        let answer = errand.ask(&request);
        if answer.status != 202 {
            return expect(&errand.refused(&answer)?, &[]);
        }
        Violation::unless(
            answer.json()["status"] == "accepted",
            format!("a page was told {}", answer.body),
        )
    }
}

impl JoinByServer {
    /// The code of who brought her, where that one has one.
    fn code(&self, shell: &Shell) -> Option<RewardCode> {
        #[derive(Deserialize)]
        struct Code {
            referral_code: String,
        }
        let code = "SELECT referral_code FROM members WHERE shop = ?1 AND member_id = ?2 AND referral_code IS NOT NULL";
        let advocate = shell.member_id(self.shop, self.advocate?);
        let found: Vec<Code> = shell.database.ask(code, &[shop_id(self.shop), &advocate]);
        let found = found.first()?.referral_code.parse();
        Some(found.expect("a code that was kept"))
    }

    /// As the Worker's endpoint does it.
    fn join(&self, enrolment: &Enrolment, shell: &mut Shell) -> Result<MemberRow, BookingError> {
        let shop = shop_id(self.shop);
        let rows = shell.read(&enrolment.reads(shop))?;
        let (member, budgets) = enrolment.find(&rows)?;
        if let Some(member) = member {
            let link = enrolment.link(shop, &member, shell.now)?;
            if link.is_empty() {
                return Ok(member);
            }
            return match shell.send(&link) {
                Ok(_) => {
                    if member.email_hash.is_none() {
                        // What fails here is left to the cron.
                        let _credited = guest::credit(self.shop, &member.member_id, shell);
                    }
                    self.there(enrolment, shell)
                }
                Err(StoreError::Conflict(_)) => Err(EnrolError::AnotherMember.into()),
                Err(error) => Err(error.into()),
            };
        }
        let (member_id, codes) = (shell.new_id("mem"), shell.codes());
        let program = shell.program(self.shop);
        let statements = enrolment.join(shop, &member_id, program, budgets, &codes, shell.now)?;
        shell.send(&statements)?;
        // What fails here is left to the cron.
        let _credited = guest::credit(self.shop, &member_id, shell);
        self.there(enrolment, shell)
    }

    fn there(&self, enrolment: &Enrolment, shell: &mut Shell) -> Result<MemberRow, BookingError> {
        let rows = shell.read(&enrolment.reads(shop_id(self.shop)))?;
        enrolment.written(&rows)
    }
}

impl Operation for JoinByServer {
    fn rival(&self, random: &mut Random) -> Option<Arc<dyn Operation>> {
        let other = self.customer.filter(|customer| *customer != self.person);
        let other = other.unwrap_or_else(|| anybody(random));
        random
            .one_in(2)
            .then(|| merge::of(self.shop, self.person, other, random))
    }

    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let enrolment = Enrolment {
            email_hash: email_hash(self.shop, self.person),
            customer_id: self.customer.map(customer_id),
            marketing: self.marketing,
            signs: Signs::default(),
            referral_code: self.code(shell),
        };
        match shell.take_turns(|shell| self.join(&enrolment, shell)) {
            Ok(member) => {
                let found = |said: Said| said.found(self.shop, shell);
                let is_she = |said| found(said).as_ref() == Some(&member.member_id);
                let linked = is_she(Said::Email(self.person))
                    && self
                        .customer
                        .is_none_or(|customer| is_she(Said::Customer(customer)))
                    && (!self.marketing || member.marketing_at.is_some());
                Violation::unless(linked, "what was told of a member is not kept")?;
                let what = (
                    "member",
                    self.shop,
                    enrolment.email_hash.as_str().to_owned(),
                );
                // Whoever took her over since is who she is now.
                if let Some(before) = shell.acknowledged.get(&what) {
                    let now = shell.who_is_now(self.shop, before);
                    shell.acknowledged.insert(what.clone(), now);
                }
                shell.acknowledge(what, &member.member_id, false)?;
                // What she agreed to once, she still agrees to.
                let consent = ("consent", self.shop, member.member_id.clone());
                match member.marketing_at {
                    Some(at) => shell.acknowledge(consent, &at.to_string(), false)?,
                    None => Violation::unless(
                        !shell.acknowledged.contains_key(&consent),
                        "she agreed to marketing, and it is forgotten",
                    )?,
                }
                shell.learn(self.shop, self.person, member.member_id);
                Ok(())
            }
            Err(BookingError::Enrol(EnrolError::AnotherMember)) => Violation::unless(
                self.customer.is_some(),
                "an e-mail alone is another member's",
            ),
            Err(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let mut body = json!({
            "email": email(self.person), "consent": { "terms": true, "marketing": self.marketing }
        });
        if let Some(customer) = self.customer {
            body["customer_id"] = customer_id(customer).into();
        }
        if let Some(advocate) = self.advocate {
            let id = errand.member_id(self.shop, advocate);
            let path = format!("/v1/members/{id}/referral_code");
            let code = errand.read(&Request::post(self.shop, path, &json!({})));
            if matches!(code.status, 200 | 201) {
                body["referral_code"] = code.json()["referral_code"].clone();
            }
        }
        let answer = errand.ask(&Request::post(self.shop, "/v1/members", &body));
        if !matches!(answer.status, 200 | 201) {
            let code = errand.refused(&answer)?;
            return match self.customer {
                Some(_) => expect(&code, &["another_member"]),
                None => expect(&code, &[]),
            };
        }
        let told = answer.json();
        Violation::unless(
            !self.marketing || told["consent"]["marketing"] == true,
            format!("what she agreed to is not kept: {told}"),
        )?;
        let id = told["id"].as_str().unwrap_or_default().to_owned();
        errand.learn(self.shop, self.person, id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::Timestamp;

    use super::*;
    use crate::fault::Fault;
    use crate::program;

    // Found by the simulator: the one who lost was answered as if she had been linked.
    #[test]
    fn of_two_who_enrol_her_at_once_the_second_adds_what_the_first_did_not_know() {
        let mut random = Random::new(1);
        let programs = vec![program::draw(&mut random, 1)];
        let mut shell = Shell::new(&programs, Timestamp::from_millis(1_780_000_000_000));
        let join = |customer, marketing| JoinByServer {
            shop: 0,
            person: 3,
            customer,
            marketing,
            advocate: None,
        };
        let other: Arc<dyn Operation> = Arc::new(join(None, false));
        let faults = vec![(1, Fault::Meanwhile(other))];
        assert_eq!(shell.run(&join(Some(0), true), faults), Ok(()));
    }

    // Found by the simulator: what was told of her stayed with the member that she no longer was.
    #[test]
    fn what_is_told_of_a_member_who_is_merged_meanwhile_is_kept_of_who_takes_her_over() {
        let mut random = Random::new(1);
        let programs = vec![program::draw(&mut random, 1)];
        let mut shell = Shell::new(&programs, Timestamp::from_millis(1_780_000_000_000));
        let join = |person, customer, marketing| JoinByServer {
            shop: 0,
            person,
            customer,
            marketing,
            advocate: None,
        };
        for person in [4, 1] {
            assert_eq!(shell.run(&join(person, None, false), Vec::new()), Ok(()));
        }
        let merge = merge::of(0, 1, 4, &mut random);
        let faults = vec![(1, Fault::Meanwhile(merge))];
        assert_eq!(shell.run(&join(1, Some(4), true), faults), Ok(()));
    }
}
