//! Who acts: a few people, each known to each shop by an e-mail, a customer id and, once she has joined, our id.

use earnest_ledger::{Customer, EmailHash};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, shop_id};

/// How many people there are. Few, so that they meet themselves often.
const PEOPLE: u64 = 6;

/// One of the people.
pub(crate) type Person = u8;

/// What a request says of who she is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said {
    /// Nothing.
    Nothing,
    /// Her e-mail.
    Email(Person),
    /// The shop's own name for her.
    Customer(Person),
    /// Both, which may be two people's.
    EmailAndCustomer(Person, Person),
    /// Our id, as far as the shop has learnt it, and else one that is nobody's.
    Member(Person),
}

/// One of the people.
pub(crate) fn anybody(random: &mut Random) -> Person {
    u8::try_from(random.below(PEOPLE)).unwrap_or_default()
}

/// One of a few more, who join by nothing but somebody's code.
pub(crate) fn stranger(random: &mut Random) -> Person {
    u8::try_from(PEOPLE + random.below(PEOPLE)).unwrap_or_default()
}

/// The hash of a person's e-mail at a shop.
pub(crate) fn email_hash(shop: usize, person: Person) -> EmailHash {
    let mut bytes = [person; 32];
    bytes[0] = u8::try_from(shop).unwrap_or_default();
    EmailHash::new(&bytes)
}

/// A person's e-mail, where it is not its hash that is asked for.
pub(crate) fn email(person: Person) -> String {
    format!("person-{person}@example.com")
}

/// A shop's own name for a person.
pub(crate) fn customer_id(person: Person) -> String {
    format!("c-{person}")
}

impl Said {
    /// Anything that a shop may say.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let person = anybody(random);
        match random.below(12) {
            0 => Self::Nothing,
            1..=4 => Self::Email(person),
            5..=7 => Self::Customer(person),
            8 => Self::EmailAndCustomer(person, person),
            9 => Self::EmailAndCustomer(person, anybody(random)),
            _ => Self::Member(person),
        }
    }

    /// The person who is meant, if anybody is.
    pub(crate) fn person(self) -> Option<Person> {
        match self {
            Self::Nothing => None,
            Self::Email(person)
            | Self::Customer(person)
            | Self::EmailAndCustomer(person, _)
            | Self::Member(person) => Some(person),
        }
    }

    /// The customer of a request to a running edge.
    pub(crate) fn document(self, shop: usize, errand: &Errand<'_>) -> Value {
        match self {
            Self::Nothing => json!({}),
            Self::Email(person) => json!({ "email": email(person) }),
            Self::Customer(person) => json!({ "id": customer_id(person) }),
            Self::EmailAndCustomer(one, other) => {
                json!({ "email": email(one), "id": customer_id(other) })
            }
            Self::Member(person) => json!({ "member_id": errand.member_id(shop, person) }),
        }
    }

    /// The customer of a request to a shop.
    pub(crate) fn customer(self, shop: usize, shell: &Shell) -> Customer {
        let (member_id, id, email) = match self {
            Self::Nothing => (None, None, None),
            Self::Email(person) => (None, None, Some(person)),
            Self::Customer(person) => (None, Some(person), None),
            Self::EmailAndCustomer(email, customer) => (None, Some(customer), Some(email)),
            Self::Member(person) => (Some(shell.member_id(shop, person)), None, None),
        };
        Customer {
            member_id,
            id: id.map(customer_id),
            email_hash: email.map(|person| email_hash(shop, person)),
        }
    }
}

impl Said {
    /// The member who is named, as the books have it, or who she is now: our own id is surer than the shop's, and that is surer
    /// than an e-mail.
    pub(crate) fn found(self, shop: usize, shell: &Shell) -> Option<String> {
        #[derive(Deserialize)]
        struct Found {
            member_id: String,
        }
        let Customer {
            member_id,
            id,
            email_hash,
        } = self.customer(shop, shell);
        let email = email_hash.as_ref().map(EmailHash::as_str);
        [
            (
                "SELECT coalesce(merged_into, member_id) AS member_id FROM members WHERE shop = ?1 AND member_id = ?2",
                member_id.as_deref(),
            ),
            (
                "SELECT coalesce(merged_into, member_id) AS member_id FROM members WHERE shop = ?1 AND customer_id = ?2",
                id.as_deref(),
            ),
            (
                "SELECT coalesce(merged_into, member_id) AS member_id FROM members WHERE shop = ?1 AND email_hash = ?2",
                email,
            ),
        ]
        .into_iter()
        .find_map(|(sql, name)| {
            let found: Vec<Found> = shell.database.ask(sql, &[shop_id(shop), name?]);
            found.into_iter().next().map(|found| found.member_id)
        })
    }
}
