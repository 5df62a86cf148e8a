//! Signing in: staff with a password and a six-digit code, households with their number and PIN.

use totp_rs::{Builder, Totp};

use super::{
    Desk, ServiceError, ServiceResult,
    caller::Resident,
    refuse,
    session::{NewSession, Owner, SignIn, SignedIn, StaffSignIn, Stage, hex, unhex},
    throttle::Subject,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, SessionId, UserId},
        pin::Pin,
    },
    store,
};

/// Seconds one code is shown for.
pub const TOTP_STEP_SECONDS: u64 = 30;
/// Steps before and after now that are still taken, for clocks that differ.
const TOTP_SKEW_STEPS: u16 = 1;
/// Bytes of a second-factor secret (RFC 4226 §4 recommends 160 bits).
const TOTP_SECRET_BYTES: usize = 20;
const ISSUER: &str = "GreenCoin";
/// Wrong passwords that cost nothing, from one address for one name.
const FREE_TRIES_NAME_AND_ADDRESS: i64 = 5;
/// Wrong passwords that cost nothing for one name, from anywhere.
const FREE_TRIES_NAME: i64 = 30;
/// Wrong codes that cost nothing for one account.
const FREE_TRIES_CODE: i64 = 5;
/// Wrong PINs that cost nothing from one address: an address cannot go on to block a whole village's cards.
const FREE_TRIES_PIN_ADDRESS: i64 = 10;
/// Characters a password needs at least.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Characters a password may have at most.
pub const PASSWORD_CHARS_MAX: usize = 200;

/// What an authenticator app needs, before it is confirmed with a first code.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The `otpauth://` address, for a QR code.
    pub url: String,
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The sealed secret, carried by the form until it is confirmed.
    pub sealed: String,
}

impl Desk {
    /// First step for staff: name and password. What comes back is good only for the second step.
    pub async fn sign_in(
        &self,
        login_name: &str,
        password: &str,
        address: &str,
    ) -> ServiceResult<NewSession> {
        let user = self.check_password(login_name, password, address).await?;
        let mut tx = self.db.begin_write().await?;
        let session = self.open_session(&mut tx, Owner::User(user), Stage::Password).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// The account of that name and password; every wrong try is counted.
    pub async fn check_password(
        &self,
        login_name: &str,
        password: &str,
        address: &str,
    ) -> ServiceResult<UserId> {
        let name = fold_login_name(login_name);
        let subjects = [
            Subject::new(&["staff", &name, address], FREE_TRIES_NAME_AND_ADDRESS),
            Subject::new(&["staff", &name], FREE_TRIES_NAME),
        ];
        self.charge_try(&subjects).await?;
        let mut tx = self.db.begin_read().await?;
        let login = store::login::by_name(&mut tx, &name).await?;
        drop(tx);
        let hash = login.as_ref().map(|l| l.password_hash.clone());
        let matches = self.secret_matches(password, hash).await?;
        let login = login.filter(|_| matches).ok_or_else(|| refuse("wrong_login"))?;
        self.forget_tries(&subjects).await?;
        if login.state == "disabled" {
            return Err(refuse("login_disabled").into());
        }
        Ok(login.id)
    }

    /// Second step for staff: the six-digit code, once each. Gives a new secret, so a cookie planted before is worthless.
    pub async fn confirm_code(&self, pending: &SignIn, code: &str) -> ServiceResult<NewSession> {
        let staff = pending_staff(pending)?;
        self.check_code(staff.user, code).await?;
        self.promote(staff.user, pending.session).await
    }

    /// Whether `code` is the account's present code, not used before; it is used now.
    pub async fn check_code(&self, user: UserId, code: &str) -> ServiceResult<()> {
        let subjects = [Subject::new(&["code", &user.to_string()], FREE_TRIES_CODE)];
        self.charge_try(&subjects).await?;
        let mut tx = self.db.begin_write().await?;
        let login = store::login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotSignedIn)?;
        let sealed = login.totp_secret.ok_or_else(|| refuse("second_factor_missing"))?;
        let secret = self
            .unseal(&sealed, user.0.as_bytes())
            .ok_or_else(|| ServiceError::Internal("a sealed second factor does not open".to_owned()))?;
        let step = self.matching_step(&secret, code)?.ok_or_else(|| refuse("wrong_code"))?;
        if !store::login::take_step(&mut tx, user, step).await? {
            return Err(refuse("code_used").into());
        }
        tx.commit().await?;
        self.forget_tries(&subjects).await
    }

    /// A new second factor to show as a QR code; nothing is stored until [`Desk::enrol`].
    pub fn offer_enrolment(&self, staff: &StaffSignIn) -> ServiceResult<Enrolment> {
        let mut secret = [0_u8; TOTP_SECRET_BYTES];
        self.entropy.fill(&mut secret);
        self.enrolment(staff, &secret)
    }

    /// The same offer again, after a mistyped code.
    pub fn repeat_enrolment(&self, staff: &StaffSignIn, sealed: &str) -> ServiceResult<Enrolment> {
        let secret = self.open_offer(staff, sealed)?;
        self.enrolment(staff, &secret)
    }

    fn enrolment(&self, staff: &StaffSignIn, secret: &[u8]) -> ServiceResult<Enrolment> {
        let totp = totp(secret, &staff.login_name)?;
        let url = totp.to_url().map_err(|e| ServiceError::Internal(format!("otpauth address: {e}")))?;
        let sealed = hex(&self.seal(secret, &offer_binding(staff.user))?);
        Ok(Enrolment { url, secret: totp_rs::Secret::from(secret.to_vec()).to_base32(), sealed })
    }

    fn open_offer(&self, staff: &StaffSignIn, sealed: &str) -> ServiceResult<Vec<u8>> {
        unhex(sealed)
            .and_then(|bytes| self.unseal(&bytes, &offer_binding(staff.user)))
            .ok_or_else(|| refuse("enrolment_stale").into())
    }

    /// Sets up the second factor with its first code, and signs in.
    pub async fn enrol(&self, pending: &SignIn, sealed: &str, code: &str) -> ServiceResult<NewSession> {
        let staff = pending_staff(pending)?;
        let secret = self.open_offer(staff, sealed)?;
        self.charge_try(&[Subject::new(&["code", &staff.user.to_string()], FREE_TRIES_CODE)]).await?;
        let step = self.matching_step(&secret, code)?.ok_or_else(|| refuse("wrong_code"))?;
        let mut tx = self.db.begin_write().await?;
        let login = store::login::by_id(&mut tx, staff.user).await?.ok_or(ServiceError::NotSignedIn)?;
        if login.totp_secret.is_some() {
            return Err(refuse("enrolment_stale").into());
        }
        let sealed = self.seal(&secret, staff.user.0.as_bytes())?;
        store::login::set_totp(&mut tx, staff.user, Some(&sealed), step).await?;
        tx.commit().await?;
        self.promote(staff.user, pending.session).await
    }

    fn matching_step(&self, secret: &[u8], code: &str) -> ServiceResult<Option<i64>> {
        let now = u64::try_from(self.now().seconds()).unwrap_or(0);
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let step = totp(secret, "check")?.check(&code, now);
        Ok(step.and_then(|s| i64::try_from(s).ok()))
    }

    async fn promote(&self, user: UserId, pending: SessionId) -> ServiceResult<NewSession> {
        let mut tx = self.db.begin_write().await?;
        store::session::revoke(&mut tx, pending, self.now()).await?;
        let session = self.open_session(&mut tx, Owner::User(user), Stage::Full).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Changes one's own password and signs out everywhere else.
    pub async fn change_password(
        &self,
        who: &StaffSignIn,
        here: SessionId,
        old: &str,
        new: &str,
    ) -> ServiceResult<()> {
        self.check_password(&who.login_name, old, "own account").await?;
        check_new_password(new, &who.login_name)?;
        if old == new {
            return Err(refuse("password_same").into());
        }
        let hash = self.hash_secret(new).await?;
        let mut tx = self.db.begin_write().await?;
        store::login::set_password(&mut tx, who.user, &hash, "active").await?;
        store::session::revoke_others(&mut tx, who.user, here, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A household signs in with the village's number, its own number and its PIN.
    pub async fn sign_in_household(
        &self,
        village_no: i64,
        household_no: &str,
        pin: &str,
        address: &str,
    ) -> ServiceResult<NewSession> {
        let from = [Subject::new(&["pin", address], FREE_TRIES_PIN_ADDRESS)];
        self.charge_try(&from).await?;
        let wrong = || ServiceError::from(refuse("wrong_pin"));
        let programme = self.programme_by_no(village_no).await?.ok_or_else(wrong)?;
        let no = HouseholdNo::parse(household_no).map_err(|_| wrong())?;
        let mut tx = self.db.begin_read().await?;
        let row = store::pin::by_no(&mut tx, programme.book_id, no.as_str()).await?;
        drop(tx);
        let household = row.filter(|r| r.state != "closed").map(|r| r.id);
        let Some(household) = household else {
            self.secret_matches(pin, None).await?;
            return Err(wrong());
        };
        let resident = Resident { book: programme.book_id, household };
        self.check_pin(resident.book, household, pin).await?;
        self.forget_tries(&from).await?;
        let mut tx = self.db.begin_write().await?;
        let session = self.open_session(&mut tx, Owner::Household(resident), Stage::Full).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Whether `pin` is the household's. So many wrong tries in a row as the rules say block it until the clerk sets a new one.
    pub async fn check_pin(
        &self,
        book: crate::domain::ids::BookId,
        household: HouseholdId,
        pin: &str,
    ) -> ServiceResult<()> {
        let Ok(pin) = Pin::entered(pin) else { return Err(refuse("pin_shape").into()) };
        let mut tx = self.db.begin_write().await?;
        let limit = super::rulesets::counter_terms(&mut tx, book, self.today()).await?.pin_tries;
        let limit = i32::from(limit);
        let Some(row) = store::pin::by_id(&mut tx, book, household).await? else {
            return Err(ServiceError::NotFound("household"));
        };
        let Some(hash) = row.pin_hash else { return Err(refuse("pin_not_set").into()) };
        if !store::pin::charge(&mut tx, book, household, limit).await? {
            return Err(refuse("pin_blocked").with("limit", limit).into());
        }
        tx.commit().await?;
        let right = self.secret_matches(pin.expose(), Some(hash)).await?;
        let mut tx = self.db.begin_write().await?;
        if right {
            store::pin::clear(&mut tx, book, household).await?;
            tx.commit().await?;
            return Ok(());
        }
        let wrong = store::pin::by_id(&mut tx, book, household).await?.and_then(|r| r.wrong).unwrap_or(limit);
        if wrong >= limit {
            return Err(refuse("pin_blocked").with("limit", limit).into());
        }
        Err(refuse("wrong_pin").with("tries_left", limit - wrong).into())
    }
}

fn pending_staff(pending: &SignIn) -> ServiceResult<&StaffSignIn> {
    match (&pending.who, pending.stage) {
        (SignedIn::Staff(staff), Stage::Password) => Ok(staff),
        _ => Err(ServiceError::NotSignedIn),
    }
}

/// Bound to the purpose too, so that a stored secret cannot be passed off as an offer.
fn offer_binding(user: UserId) -> Vec<u8> {
    [b"offer".as_slice(), user.0.as_bytes()].concat()
}

fn totp(secret: &[u8], account: &str) -> ServiceResult<Totp> {
    // authenticator apps take colons for separators
    let account = account.replace(':', "_");
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(TOTP_SKEW_STEPS)
        .with_step_duration(TOTP_STEP_SECONDS)
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| ServiceError::Internal(format!("second factor: {e}")))
}

/// The six digits that belong to `secret` at `now`: what an authenticator app would show.
pub fn code_at(secret: &[u8], now: crate::domain::time::Timestamp) -> ServiceResult<String> {
    let seconds = u64::try_from(now.seconds()).unwrap_or(0);
    Ok(totp(secret, "demo")?.generate(seconds).to_string())
}

/// Login names are compared without regard to case and surrounding blanks.
#[must_use]
pub fn fold_login_name(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Refuses passwords that are too short, too long, one repeated character or the login name.
pub fn check_new_password(password: &str, login_name: &str) -> ServiceResult<()> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(refuse("password_short").with("min", PASSWORD_CHARS_MIN).into());
    }
    if chars > PASSWORD_CHARS_MAX {
        return Err(refuse("password_long").with("max", PASSWORD_CHARS_MAX).into());
    }
    let first = password.chars().next();
    let repeated = password.chars().all(|c| Some(c) == first);
    if repeated || password.to_lowercase().contains(&fold_login_name(login_name)) {
        return Err(refuse("password_trivial").into());
    }
    Ok(())
}
