//! Quotes as they travel: signed here, and opened where an order brings one back.
//!
//! A token is the quote, a point, and its HMAC-SHA256 under the Worker's own secret, both in base64url. What a
//! quote says and who is given it is the ledger's. Invariant: nothing of a token is read before its signature
//! has been compared, in constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earnest_ledger::{Quote, QuoteRefusal};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Stands before what is signed: no signature of anything else under the same secret is one of a quote.
const DOMAIN: &str = "earnest-quote-v1";

/// The token of a quote.
pub(crate) fn sign(quote: &Quote, key: &str) -> String {
    let payload = URL_SAFE_NO_PAD.encode(quote.payload());
    let signature = URL_SAFE_NO_PAD.encode(signature(&payload, key));
    format!("{payload}.{signature}")
}

/// The quote of a token that was signed with this key.
pub(crate) fn open(token: &str, key: &str) -> Result<Quote, QuoteRefusal> {
    let forged = QuoteRefusal::Forged;
    let (payload, theirs) = token.split_once('.').ok_or(forged)?;
    let theirs = URL_SAFE_NO_PAD.decode(theirs).map_err(|_| forged)?;
    if !bool::from(signature(payload, key).ct_eq(&theirs)) {
        return Err(forged);
    }
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| forged)?;
    let payload = String::from_utf8(payload).map_err(|_| forged)?;
    Quote::parse(&payload).ok_or(forged)
}

fn signature(payload: &str, key: &str) -> Vec<u8> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(DOMAIN.as_bytes());
    // The domain has no zero byte in it, and base64url none either.
    mac.update(&[0]);
    mac.update(payload.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYLOAD: &str = r#"{"id":"quo_1","shop":"demo","program_version":3,"program_digest":"sha256:3","cart":"00","points":146,"issued_at":1780000000000}"#;

    // As Python's `hmac` and `base64` make it.
    const TOKEN: &str = "eyJpZCI6InF1b18xIiwic2hvcCI6ImRlbW8iLCJwcm9ncmFtX3ZlcnNpb24iOjMsInByb2dyYW1fZGlnZXN0Ijoic2hhMjU2OjMiLCJjYXJ0IjoiMDAiLCJwb2ludHMiOjE0NiwiaXNzdWVkX2F0IjoxNzgwMDAwMDAwMDAwfQ.ZWK76mMrYpGyLRYLPnwDZo58pNEpHwAKOiztnENoiW0";

    #[test]
    fn a_token_is_the_quote_and_its_signature() {
        let quote = Quote::parse(PAYLOAD).expect("a quote");
        assert_eq!(sign(&quote, "key"), TOKEN);
        assert_eq!(open(TOKEN, "key"), Ok(quote));
    }

    #[test]
    fn a_token_that_was_not_signed_here_is_forged() {
        let (payload, signature) = TOKEN.split_once('.').expect("two parts");
        let dearer = PAYLOAD.replace("146", "946");
        let dearer = URL_SAFE_NO_PAD.encode(dearer);
        for token in [
            "",
            ".",
            payload,
            signature,
            &format!("{payload}."),
            &format!(".{signature}"),
            &format!("{dearer}.{signature}"),
            &format!("{payload}.{signature}="),
            &format!("{payload}.{signature}A"),
            &format!("{payload}=.{signature}"),
            &format!("{TOKEN}.{signature}"),
        ] {
            assert_eq!(open(token, "key"), Err(QuoteRefusal::Forged), "{token}");
        }
        assert_eq!(open(TOKEN, "other"), Err(QuoteRefusal::Forged));
        // Well signed, and still no quote of ours.
        for payload in ["", "{}", "null"] {
            let payload = URL_SAFE_NO_PAD.encode(payload);
            let signature = URL_SAFE_NO_PAD.encode(super::signature(&payload, "key"));
            let token = format!("{payload}.{signature}");
            assert_eq!(open(&token, "key"), Err(QuoteRefusal::Forged), "{token}");
        }
    }
}
