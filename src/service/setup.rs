//! The first administrator. An empty installation prints a link with a one-time token; whoever opens it names the
//! county and sets the first password. There is no default password anywhere.

use subtle::ConstantTimeEq;

use super::{
    Desk, ServiceResult,
    caller::Role,
    login::{check_new_password, fold_login_name},
    refuse,
    session::{NewSession, Owner, Stage, digest},
};
use crate::{
    domain::ids::{OrgId, UserId},
    store::{self, org::OrgRow},
};

/// Characters of a name, at most (`domain.md`: names of 50 are real).
pub const NAME_CHARS_MAX: usize = 50;

/// What the setup page checks its link against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupToken([u8; 32]);

impl SetupToken {
    /// Of a token that is printed once.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(digest(token))
    }

    /// Whether `token` is the printed one.
    #[must_use]
    pub fn matches(&self, token: &str) -> bool {
        self.0.ct_eq(&digest(token)).into()
    }
}

/// What the setup page asks for.
#[derive(Clone)]
pub struct FirstAdmin {
    /// The county's name.
    pub county: String,
    /// The administrator's name.
    pub display_name: String,
    /// What will be typed at sign-in.
    pub login_name: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for FirstAdmin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstAdmin").finish_non_exhaustive()
    }
}

impl Desk {
    /// Whether nobody can sign in yet.
    pub async fn is_empty(&self) -> ServiceResult<bool> {
        let mut tx = self.db.begin_read().await?;
        Ok(store::login::count(&mut tx).await? == 0)
    }

    /// Makes the county and its first administrator, who goes on to set up the second factor.
    pub async fn set_up(&self, first: &FirstAdmin) -> ServiceResult<NewSession> {
        let county = check_name(&first.county)?;
        let display_name = check_name(&first.display_name)?;
        let login_name = check_login_name(&first.login_name)?;
        check_new_password(&first.password, &login_name)?;
        let hash = self.hash_secret(&first.password).await?;
        let (now, org, user): (_, OrgId, UserId) = (self.now(), self.id(), self.id());
        let mut tx = self.db.begin_write().await?;
        if store::login::count(&mut tx).await? > 0 {
            return Err(refuse("setup_done").into());
        }
        // books were imported before anybody could sign in: their county gets its name
        let there = store::org::roots(&mut tx, 1).await?.pop().map(|root| root.id);
        let org = there.unwrap_or(org);
        let county = OrgRow {
            id: org,
            parent_id: None,
            kind: "county".to_owned(),
            labels: "rural".to_owned(),
            name: county,
            position: 1,
            opened_on: now.day(),
            closed_on: None,
        };
        match there {
            Some(org) => store::org::rename(&mut tx, org, &county.name).await?,
            None => store::org::insert(&mut tx, &county).await?,
        }
        store::login::insert(&mut tx, user, &login_name, &display_name, &hash, "active", now).await?;
        store::login::grant(&mut tx, self.id(), user, Role::County.as_str(), org, now, "system").await?;
        let session = self.open_session(&mut tx, Owner::User(user), Stage::Password).await?;
        tx.commit().await?;
        Ok(session)
    }
}

/// A name without surrounding blanks, not empty, not too long.
pub fn check_name(typed: &str) -> ServiceResult<String> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(refuse("invalid_name").into());
    }
    Ok(name.to_owned())
}

/// A login name as it is stored.
pub fn check_login_name(typed: &str) -> ServiceResult<String> {
    let name = fold_login_name(typed);
    let good = (3..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if good { Ok(name) } else { Err(refuse("invalid_login_name").into()) }
}
