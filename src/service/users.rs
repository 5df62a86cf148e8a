//! The county keeps the accounts: who may sign in, with which roles over which places. A password set here is shown
//! once and must be changed by its owner.

use uuid::Uuid;

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{Actor, CountyAdmin, Role},
    identity,
    office::Deed,
    orgs::{kind_of, own_place},
    refuse,
    session::{StaffSignIn, staff_sign_in},
    setup::{check_login_name, check_name},
};
use crate::{
    domain::{
        ids::{OrgId, SessionId, UserId},
        org::OrgKind,
    },
    store::{self, StoreError, login::LoginRow},
};

/// Accounts on a page.
pub const USERS_PAGE: i64 = 50;
/// Letters and digits that are not mistaken for one another, 32 of them.
const PASSWORD_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 20 of 32 signs: 100 bits.
const PASSWORD_SIGNS: usize = 20;
const PASSWORD_GROUP: usize = 5;

/// An account as the county sees it.
#[derive(Debug, Clone)]
pub struct UserView {
    /// The account and its roles.
    pub who: StaffSignIn,
    /// Whether it may sign in.
    pub disabled: bool,
}

/// A password that is shown once.
#[derive(Clone)]
pub struct ShownOnce(pub String);

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShownOnce(…)")
    }
}

/// Whether `role` makes sense over a place of `kind`.
#[must_use]
pub const fn role_fits(role: Role, kind: OrgKind) -> bool {
    match role {
        Role::County => matches!(kind, OrgKind::County),
        Role::Township => matches!(kind, OrgKind::Township | OrgKind::County),
        Role::Auditor => matches!(kind, OrgKind::Village | OrgKind::Township | OrgKind::County),
        Role::Clerk | Role::Reviewer | Role::Shopkeeper => matches!(kind, OrgKind::Village),
        Role::Recorder => kind.holds_households(),
    }
}

impl Desk {
    /// A page of accounts, by login name.
    pub async fn users(&self, _by: &CountyAdmin, after: &str) -> ServiceResult<Vec<LoginRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(store::login::list(&mut tx, after, USERS_PAGE).await?)
    }

    /// One account with its roles, disabled ones too.
    pub async fn user(&self, _by: &CountyAdmin, user: UserId) -> ServiceResult<UserView> {
        let mut tx = self.db.begin_read().await?;
        let login = store::login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        let who = match staff_sign_in(&mut tx, user).await? {
            Some(who) => who,
            None => StaffSignIn {
                user,
                login_name: login.login_name,
                display_name: login.display_name,
                must_change_password: false,
                has_totp: login.totp_secret.is_some(),
                grants: Vec::new(),
            },
        };
        Ok(UserView { who, disabled: login.state == "disabled" })
    }

    /// Makes an account without roles; its first password is shown once.
    pub async fn create_user(
        &self,
        by: &CountyAdmin,
        login_name: &str,
        display_name: &str,
    ) -> ServiceResult<(UserId, ShownOnce)> {
        let login_name = check_login_name(login_name)?;
        let display_name = check_name(display_name)?;
        let password = self.new_password();
        let hash = self.hash_secret(&password.0).await?;
        let user: UserId = self.id();
        let mut tx = self.db.begin_write().await?;
        match store::login::insert(&mut tx, user, &login_name, &display_name, &hash, "temporary", self.now())
            .await
        {
            Err(StoreError::Duplicate) => {
                return Err(refuse("login_taken").with("login", login_name).into());
            }
            inserted => inserted?,
        }
        self.note_account(&mut tx, by, user, deed("create", None, "")).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, "account made");
        Ok((user, password))
    }

    /// Gives a role over a place. Whoever administers the county works in no book. Before a role of a village is given,
    /// it is said who this is: a village that keeps no book yet has no register to say it by, and whoever gets a role
    /// there says so once the book is open, before they act.
    pub async fn grant_role(
        &self,
        by: &CountyAdmin,
        user: UserId,
        role: Role,
        org: OrgId,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let path = own_place(&mut tx, by, org).await?;
        let place = path.first().ok_or(ServiceError::NotFound("place"))?;
        if !role_fits(role, kind_of(place)?) {
            return Err(refuse("role_place").with("role", role.as_str()).with("place", &place.name).into());
        }
        let who = staff_sign_in(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        if who.grants.iter().any(|g| g.role == role && g.org == org) {
            return Ok(());
        }
        if who.grants.iter().any(|g| (g.role == Role::County) != (role == Role::County)) {
            return Err(refuse("role_conflict").into());
        }
        if role.is_of_village()
            && let Some(programme) = store::programme::above(&mut tx, org).await?
            && !identity::known(&mut tx, programme.book_id, user).await?.stated
        {
            return Err(refuse("identity_first").with("login", who.login_name).into());
        }
        let granted_by = Actor::User(by.user).to_string();
        store::login::grant(&mut tx, self.id(), user, role.as_str(), org, self.now(), &granted_by).await?;
        self.note_account(&mut tx, by, user, deed("grant", Some(role.as_str()), "")).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, role = role.as_str(), %org, "role granted");
        Ok(())
    }

    /// Takes a role back; it ends with the next request.
    pub async fn revoke_role(
        &self,
        by: &CountyAdmin,
        user: UserId,
        grant: Uuid,
        reason: &str,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let who = staff_sign_in(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        let found = who.grants.iter().find(|g| g.id == grant).ok_or(ServiceError::NotFound("role"))?;
        if user == by.user && found.role == Role::County {
            return Err(refuse("own_county_role").into());
        }
        // written down first: the village it reached is told too
        self.note_account(&mut tx, by, user, deed("revoke", Some(found.role.as_str()), reason)).await?;
        store::login::revoke(&mut tx, grant, self.now()).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, "role revoked");
        Ok(())
    }

    /// Sets another password, shown once, and signs the account out everywhere.
    pub async fn reset_password(
        &self,
        by: &CountyAdmin,
        user: UserId,
        reason: &str,
    ) -> ServiceResult<ShownOnce> {
        self.put_password(by, user, false, deed("password", None, reason)).await
    }

    /// Lets a disabled account sign in again, with a new password that is shown once.
    pub async fn enable_user(
        &self,
        by: &CountyAdmin,
        user: UserId,
        reason: &str,
    ) -> ServiceResult<ShownOnce> {
        self.put_password(by, user, true, deed("enable", None, reason)).await
    }

    async fn put_password(
        &self,
        by: &CountyAdmin,
        user: UserId,
        disabled: bool,
        deed: Deed<'_>,
    ) -> ServiceResult<ShownOnce> {
        let password = self.new_password();
        let hash = self.hash_secret(&password.0).await?;
        let mut tx = self.db.begin_write().await?;
        let login = store::login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        if (login.state == "disabled") != disabled {
            let code = if disabled { "not_disabled" } else { "account_disabled" };
            return Err(refuse(code).with("login", login.login_name).into());
        }
        store::login::set_password(&mut tx, user, &hash, "temporary").await?;
        store::session::revoke_others(&mut tx, user, no_session(), self.now()).await?;
        let verb = deed.verb;
        self.note_account(&mut tx, by, user, deed).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, verb, "password set");
        Ok(password)
    }

    /// Takes the second factor away, so that it is set up anew at the next sign-in.
    pub async fn reset_second_factor(
        &self,
        by: &CountyAdmin,
        user: UserId,
        reason: &str,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let login = store::login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        store::login::set_totp(&mut tx, user, None, login.totp_step).await?;
        store::session::revoke_others(&mut tx, user, no_session(), self.now()).await?;
        self.note_account(&mut tx, by, user, deed("factor", None, reason)).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, "second factor reset");
        Ok(())
    }

    /// Lets an account sign in no more.
    pub async fn disable_user(&self, by: &CountyAdmin, user: UserId, reason: &str) -> ServiceResult<()> {
        if user == by.user {
            return Err(refuse("own_account").into());
        }
        let mut tx = self.db.begin_write().await?;
        store::login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        store::login::set_state(&mut tx, user, "disabled").await?;
        store::session::revoke_others(&mut tx, user, no_session(), self.now()).await?;
        self.note_account(&mut tx, by, user, deed("disable", None, reason)).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, "account disabled");
        Ok(())
    }

    fn new_password(&self) -> ShownOnce {
        let mut bytes = [0_u8; PASSWORD_SIGNS];
        self.entropy.fill(&mut bytes);
        let mut text = String::with_capacity(PASSWORD_SIGNS + PASSWORD_SIGNS / PASSWORD_GROUP);
        for (place, byte) in bytes.iter().enumerate() {
            if place > 0 && place.is_multiple_of(PASSWORD_GROUP) {
                text.push('-');
            }
            // 256 is a multiple of 32: every sign is equally likely
            if let Some(sign) = PASSWORD_ALPHABET.get(usize::from(byte % 32)) {
                text.push(char::from(*sign));
            }
        }
        ShownOnce(text)
    }
}

const fn deed<'a>(verb: &'a str, to: Option<&'a str>, reason: &'a str) -> Deed<'a> {
    Deed { verb, to, reason }
}

/// An id that no session has, to end them all.
fn no_session() -> SessionId {
    SessionId(Uuid::nil())
}
