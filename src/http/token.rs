//! API tokens: short-lived EdDSA JWTs that say who, and since when. What the bearer may do is read from the grants
//! on every request, so a role taken back ends at once.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, jwk::Jwk};
use serde::{Deserialize, Serialize};

use super::HttpError;
use crate::{
    domain::ids::{SessionId, UserId},
    service::{
        Desk, ServiceError, ServiceResult,
        session::{SignIn, SignedIn, Stage, digest, hex},
    },
};

/// How long a token is good.
pub const TOKEN_SECONDS: i64 = 15 * 60;
const ISSUER: &str = "greencoin";
const AUDIENCE: &str = "greencoin-api";
/// PKCS #8 (RFC 8410 §7) in front of an Ed25519 seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    iat: i64,
    exp: i64,
    jti: SessionId,
}

fn signing_key(desk: &Desk) -> EncodingKey {
    EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), &desk.keys.api_token()].concat())
}

fn failed(error: &jsonwebtoken::errors::Error) -> ServiceError {
    ServiceError::Internal(format!("api token: {error}"))
}

fn public_key(key: &EncodingKey) -> ServiceResult<(String, DecodingKey)> {
    let jwk = Jwk::from_encoding_key(key, Algorithm::EdDSA).map_err(|e| failed(&e))?;
    let text = serde_json::to_string(&jwk).map_err(|e| ServiceError::Internal(format!("jwk: {e}")))?;
    let kid: String = hex(&digest(&text)).chars().take(16).collect();
    Ok((kid, DecodingKey::from_jwk(&jwk).map_err(|e| failed(&e))?))
}

/// A token for `user`, good for [`TOKEN_SECONDS`].
pub fn issue(desk: &Desk, user: UserId) -> ServiceResult<String> {
    let key = signing_key(desk);
    let (kid, _) = public_key(&key)?;
    let now = desk.now().seconds();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: user,
        iat: now,
        exp: now + TOKEN_SECONDS,
        jti: desk.id(),
    };
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
    encode(&header, &claims, &key).map_err(|e| failed(&e))
}

/// Who a token belongs to, with the roles of this moment.
pub async fn bearer(desk: &Desk, token: &str) -> Result<SignIn, HttpError> {
    let (kid, key) = public_key(&signing_key(desk))?;
    let header = jsonwebtoken::decode_header(token).map_err(|_| ServiceError::NotSignedIn)?;
    if header.kid.as_deref() != Some(kid.as_str()) {
        return Err(ServiceError::NotSignedIn.into());
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    // time is an argument here: checked below against the desk's clock
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &key, &validation).map_err(|_| ServiceError::NotSignedIn)?.claims;
    let now = desk.now().seconds();
    // a clock that is put back a little ends no token, one far from the future is none of this clock's
    if now >= claims.exp || now + TOKEN_SECONDS < claims.iat {
        return Err(ServiceError::NotSignedIn.into());
    }
    let staff = desk.staff_sign_in(claims.sub).await?.ok_or(ServiceError::NotSignedIn)?;
    // not a browser's sign-in: its form token is never asked for and never matches
    Ok(SignIn { session: claims.jti, csrf: String::new(), stage: Stage::Full, who: SignedIn::Staff(staff) })
}
