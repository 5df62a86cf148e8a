//! Sign-ins: who a cookie belongs to, which books that person may work on, and how a sign-in ends.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use uuid::Uuid;

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{CountyAdmin, Resident, Role, Staff},
    error::causes,
    identity,
};
use crate::{
    domain::{
        ids::{BookId, OrgId, SessionId, UserId},
        time::{MICROS_PER_SECOND, Timestamp},
    },
    store::{self, Tx, WriteTx, programme::ProgrammeRow, session::SessionRow},
};

/// A staff sign-in that nobody uses ends after this.
pub const STAFF_IDLE_SECONDS: i64 = 2 * 3600;
/// A staff sign-in ends after this however busy it is: once a working day.
pub const STAFF_ABSOLUTE_SECONDS: i64 = 12 * 3600;
/// A household's sign-in that nobody uses ends after this.
pub const RESIDENT_IDLE_SECONDS: i64 = 14 * 86_400;
/// A household's sign-in ends after this.
pub const RESIDENT_ABSOLUTE_SECONDS: i64 = 90 * 86_400;
/// How long the password stays good while the second factor is typed.
pub const PENDING_SECONDS: i64 = 600;
/// A sign-in in use is noted at most this often, so that reading a page seldom writes.
const TOUCH_SECONDS: i64 = 60;
/// Sign-ins listed for one account.
pub const SESSIONS_LISTED_MAX: i64 = 50;
/// Books listed for one account.
pub const BOOKS_LISTED_MAX: i64 = 500;

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The second factor is still owed: good for nothing else.
    Password,
    /// Signed in.
    Full,
}

impl Stage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Full => "full",
        }
    }
}

/// A live sign-in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Its id.
    pub session: SessionId,
    /// What its forms carry.
    pub csrf: String,
    /// How far it has come.
    pub stage: Stage,
    /// Whose it is.
    pub who: SignedIn,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub enum SignedIn {
    /// Somebody with an account.
    Staff(StaffSignIn),
    /// A household.
    Resident(Resident),
}

/// A signed-in member of staff, no book chosen yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSignIn {
    /// The account.
    pub user: UserId,
    /// What is typed at sign-in.
    pub login_name: String,
    /// What pages call this person.
    pub display_name: String,
    /// The password was set by somebody else: nothing but changing it is allowed.
    pub must_change_password: bool,
    /// Whether the second factor is set up.
    pub has_totp: bool,
    /// The roles in force.
    pub grants: Vec<Grant>,
}

/// A role over a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// The role.
    pub role: Role,
    /// The place it reaches over.
    pub org: OrgId,
    /// That place's name.
    pub org_name: String,
    /// Given before it had to be said who a login is.
    pub undeclared: bool,
}

impl StaffSignIn {
    /// The county administrator, if the grants say so.
    #[must_use]
    pub fn county_admin(&self) -> Option<CountyAdmin> {
        let grant = self.grants.iter().find(|g| g.role == Role::County)?;
        Some(CountyAdmin { user: self.user, org: grant.org })
    }
}

/// A sign-in just made: the only moment its secret is known.
#[derive(Clone)]
pub struct NewSession {
    /// What the cookie carries.
    pub secret: String,
    /// Its id.
    pub id: SessionId,
    /// How far it has come.
    pub stage: Stage,
    /// How long the cookie may live.
    pub lives_seconds: i64,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession").field("id", &self.id).field("stage", &self.stage).finish_non_exhaustive()
    }
}

/// Whose sign-in is to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    User(UserId),
    Household(Resident),
}

impl Desk {
    /// Who the cookie's secret belongs to, if it is a live sign-in.
    pub async fn authenticate(&self, secret: &str) -> ServiceResult<Option<SignIn>> {
        let now = self.now();
        let mut tx = self.db.begin_read().await?;
        let Some(row) = store::session::by_digest(&mut tx, &digest(secret), now).await? else {
            return Ok(None);
        };
        let idle = if row.household_id.is_some() { RESIDENT_IDLE_SECONDS } else { STAFF_IDLE_SECONDS };
        if now.since(row.seen_at) > idle * MICROS_PER_SECOND {
            return Ok(None);
        }
        let who = match (row.user_id, row.book_id, row.household_id) {
            (Some(user), _, _) => match staff_sign_in(&mut tx, user).await? {
                Some(staff) => SignedIn::Staff(staff),
                None => return Ok(None),
            },
            (None, Some(book), Some(household)) => SignedIn::Resident(Resident { book, household }),
            _ => return Err(ServiceError::Internal("a session of nobody".to_owned())),
        };
        drop(tx);
        if now.since(row.seen_at) > TOUCH_SECONDS * MICROS_PER_SECOND {
            match self.touch(row.id, now).await {
                // a full disk must not keep anybody from reading
                Err(error) if error.outage().is_some() => {
                    tracing::warn!(error = %causes(&error), "a sign-in could not be noted as used");
                }
                touched => touched?,
            }
        }
        let stage = if row.stage == Stage::Full.as_str() { Stage::Full } else { Stage::Password };
        Ok(Some(SignIn { session: row.id, csrf: row.csrf, stage, who }))
    }

    async fn touch(&self, session: SessionId, now: Timestamp) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        store::session::touch(&mut tx, session, now).await?;
        Ok(tx.commit().await?)
    }

    /// The account with its roles of this moment, if it may sign in.
    pub async fn staff_sign_in(&self, user: UserId) -> ServiceResult<Option<StaffSignIn>> {
        let mut tx = self.db.begin_read().await?;
        staff_sign_in(&mut tx, user).await
    }

    /// The roles held over `book`: by grants over its village or anything above it, and for recorders also over a
    /// part of the village, which is then all they see to.
    pub async fn staff_for(&self, who: &StaffSignIn, book: BookId) -> ServiceResult<Option<Staff>> {
        let mut tx = self.db.begin_read().await?;
        let Some(programme) = store::programme::by_book(&mut tx, book).await? else { return Ok(None) };
        let above = store::org::up(&mut tx, programme.org_id).await?;
        let (mut roles, mut scope, mut whole, mut must_say) = (Vec::new(), None, false, false);
        for grant in &who.grants {
            if grant.role == Role::County {
                continue;
            }
            let over = above.iter().any(|o| o.id == grant.org);
            let inside = !over
                && grant.role == Role::Recorder
                && store::org::up(&mut tx, grant.org).await?.iter().any(|o| o.id == programme.org_id);
            if over || inside {
                must_say |= grant.role.is_of_village() && !grant.undeclared;
                if !roles.contains(&grant.role) {
                    roles.push(grant.role);
                }
                whole |= over && matches!(grant.role, Role::Recorder | Role::Clerk);
                if inside {
                    scope.get_or_insert(grant.org);
                }
            }
        }
        if roles.is_empty() {
            return Ok(None);
        }
        let identity::Known { person, also, stated, .. } = identity::known(&mut tx, book, who.user).await?;
        let scope = if whole { None } else { scope };
        let known = stated || !must_say;
        Ok(Some(Staff { user: who.user, book, org: programme.org_id, person, also, known, roles, scope }))
    }

    /// The books this person may work on, by number.
    pub async fn books_of(&self, who: &StaffSignIn) -> ServiceResult<Vec<ProgrammeRow>> {
        let mut tx = self.db.begin_read().await?;
        let mut books: Vec<ProgrammeRow> = Vec::new();
        for grant in who.grants.iter().filter(|g| g.role != Role::County) {
            let mut found = store::programme::under(&mut tx, grant.org, 0, BOOKS_LISTED_MAX).await?;
            if found.is_empty() && grant.role == Role::Recorder {
                found.extend(store::programme::above(&mut tx, grant.org).await?);
            }
            books.extend(found);
        }
        books.sort_by_key(|p| p.no);
        books.dedup_by_key(|p| p.no);
        Ok(books)
    }

    /// The programme of that short number.
    pub async fn programme_by_no(&self, no: i64) -> ServiceResult<Option<ProgrammeRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(store::programme::by_no(&mut tx, no).await?)
    }

    /// The programme of that book.
    pub async fn programme_of(&self, book: BookId) -> ServiceResult<ProgrammeRow> {
        let mut tx = self.db.begin_read().await?;
        store::programme::by_book(&mut tx, book).await?.ok_or(ServiceError::NotFound("programme"))
    }

    /// The live sign-ins of an account, newest first.
    pub async fn sessions_of(&self, who: &StaffSignIn) -> ServiceResult<Vec<SessionRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(store::session::of_user(&mut tx, who.user, self.now(), SESSIONS_LISTED_MAX).await?)
    }

    /// Signs out one sign-in.
    pub async fn end_session(&self, session: SessionId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        store::session::revoke(&mut tx, session, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Signs out one of one's own sign-ins, on whatever machine it is.
    pub async fn end_own_session(&self, who: &StaffSignIn, session: SessionId) -> ServiceResult<()> {
        if !self.sessions_of(who).await?.iter().any(|s| s.id == session) {
            return Err(ServiceError::NotFound("session"));
        }
        self.end_session(session).await
    }

    /// Signs out everywhere but here.
    pub async fn end_other_sessions(&self, who: &StaffSignIn, keep: SessionId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        store::session::revoke_others(&mut tx, who.user, keep, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a sign-in within an open transaction.
    pub(crate) async fn open_session(
        &self,
        tx: &mut WriteTx,
        owner: Owner,
        stage: Stage,
    ) -> ServiceResult<NewSession> {
        let now = self.now();
        let lives_seconds = match (owner, stage) {
            (_, Stage::Password) => PENDING_SECONDS,
            (Owner::User(_), Stage::Full) => STAFF_ABSOLUTE_SECONDS,
            (Owner::Household(_), Stage::Full) => RESIDENT_ABSOLUTE_SECONDS,
        };
        let (user_id, resident) = match owner {
            Owner::User(user) => (Some(user), None),
            Owner::Household(resident) => (None, Some(resident)),
        };
        let secret = self.random_hex();
        let row = SessionRow {
            id: self.id(),
            user_id,
            book_id: resident.map(|r| r.book),
            household_id: resident.map(|r| r.household),
            stage: stage.as_str().to_owned(),
            csrf: self.random_hex(),
            created_at: now,
            seen_at: now,
            expires_at: now.plus_seconds(lives_seconds),
        };
        store::session::insert(tx, &digest(&secret), &row).await?;
        Ok(NewSession { secret, id: row.id, stage, lives_seconds })
    }

    /// 32 random bytes as hexadecimal.
    #[must_use]
    pub fn random_hex(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.entropy.fill(&mut bytes);
        hex(&bytes)
    }
}

pub(crate) async fn staff_sign_in(tx: &mut Tx, user: UserId) -> ServiceResult<Option<StaffSignIn>> {
    let Some(login) = store::login::by_id(tx, user).await?.filter(|l| l.state != "disabled") else {
        return Ok(None);
    };
    let mut grants = Vec::new();
    for row in store::login::grants(tx, user).await? {
        let role = row
            .role
            .parse()
            .map_err(|_| store::StoreError::inconsistent("login_grant", "role", row.role.as_str()))?;
        grants.push(Grant {
            id: row.id,
            role,
            org: row.org_id,
            org_name: row.org_name,
            undeclared: row.undeclared != 0,
        });
    }
    Ok(Some(StaffSignIn {
        user,
        login_name: login.login_name,
        display_name: login.display_name,
        must_change_password: login.state == "temporary",
        has_totp: login.totp_secret.is_some(),
        grants,
    }))
}

/// What the database keeps of a secret.
#[must_use]
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // writing to a String cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of a hexadecimal text.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0_u8, |acc, d| (acc << 4) | d)).collect())
}

/// Whether a moment lies within `seconds` before `now`.
#[must_use]
pub fn within(now: Timestamp, then: Timestamp, seconds: i64) -> bool {
    now.since(then) < seconds * MICROS_PER_SECOND
}
