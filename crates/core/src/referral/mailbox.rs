//! The mailbox behind an e-mail address, for finding out that two addresses are one person.
//!
//! Not for sending and not for finding a member: `ada+shop@example.com` may well be an account of its own.
//! Its invariant: it only ever makes addresses more alike, so a guard that uses it never lets more through.

/// Mail that is sent to any spelling with dots arrives in the same box there.
const DOTLESS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// An address in lower case, without what follows a `+`, and, where the provider passes over dots, without
/// dots. What is no address is only trimmed and lowered.
///
/// ```
/// # use earnest_core::referral::mailbox;
/// assert_eq!(mailbox(" Ada.Lovelace+beans@GoogleMail.com"), "adalovelace@gmail.com");
/// assert_eq!(mailbox("ada.lovelace@example.com"), "ada.lovelace@example.com");
/// ```
#[must_use]
pub fn mailbox(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address;
    };
    // Some write a domain with the dot of its root.
    let domain = domain.trim_end_matches('.');
    let local = match local.split_once('+') {
        Some((before, _)) if !before.is_empty() => before,
        _ => local,
    };
    if DOTLESS.contains(&domain) {
        let [gmail, _] = DOTLESS;
        return format!("{}@{gmail}", local.replace('.', ""));
    }
    format!("{local}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_one() {
        let check = |address: &str, expected: &str| {
            assert_eq!(mailbox(address), expected, "{address}");
            assert_eq!(mailbox(expected), expected, "a second time");
        };
        check("ada@example.com", "ada@example.com");
        check(" Ada@Example.COM\n", "ada@example.com");
        check("ada+one+two@example.com", "ada@example.com");
        check("ada.l@example.com", "ada.l@example.com");
        check("a.d.a@gmail.com", "ada@gmail.com");
        check("ada+x@googlemail.com", "ada@gmail.com");
        check("ada@example.com.", "ada@example.com");
        check("+@example.com", "+@example.com");
        check("Ada", "ada");
        check("", "");
    }
}
