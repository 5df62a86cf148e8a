//! Who a login is: one person of the register, or somebody who lives in no household of the village. A person has one
//! login of a book, so whoever must be another person is another login; where a link was moved, both logins count as
//! one person for whatever either did.

use super::{
    Desk, ServiceError, ServiceResult,
    award::{explain, required},
    caller::{Actor, Bookkeeper, CountyAdmin, Role, Staff},
    office::Deed,
    orgs::own_place,
    refuse,
};
use crate::{
    domain::{
        due_process::Selves,
        household::PersonNo,
        ids::{BookId, PersonId, UserId},
        time::Timestamp,
    },
    store::{StoreError, Tx, WriteTx, identity as rows, login, person},
};

/// Who a login is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The person of that number.
    Person(PersonNo),
    /// Nobody of the village's households.
    Outside,
}

impl Who {
    /// As a form says it: a person's number, or nothing at all and `outside` ticked.
    pub fn of(number: &str, outside: bool) -> ServiceResult<Self> {
        match (number.trim(), outside) {
            ("", true) => Ok(Self::Outside),
            (_, true) => Err(refuse("identity_either").into()),
            (number, false) => {
                Ok(Self::Person(PersonNo::parse(number).map_err(|_| refuse("invalid_person_no"))?))
            }
        }
    }
}

/// Somebody with a role of the village, and who they are said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The login.
    pub user: UserId,
    /// What is typed at sign-in.
    pub login_name: String,
    /// What pages call this person.
    pub display_name: String,
    /// Their roles of the village.
    pub roles: Vec<Role>,
    /// Who they are; nothing, if nobody has said.
    pub who: Option<Who>,
    /// Since when, if that was kept.
    pub at: Option<Timestamp>,
    /// Who said so; nobody, if that was not kept.
    pub by: String,
    /// How often something else was said before.
    pub changed: i64,
}

/// What is known of a login in a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The login.
    pub user: UserId,
    /// Who of the register: the last it was stated to be, though that may have ended.
    pub person: Option<PersonId>,
    /// Whether a statement holds.
    pub stated: bool,
    /// Other logins that are or were the same person's.
    pub also: Vec<UserId>,
}

impl Known {
    /// This person, by every login.
    #[must_use]
    pub fn selves(&self) -> Selves {
        let all = std::iter::once(self.user).chain(self.also.iter().copied());
        Selves::new(all.map(|user| Actor::User(user).to_string()).collect())
    }
}

/// What is known of a login.
pub async fn known(tx: &mut Tx, book: BookId, user: UserId) -> ServiceResult<Known> {
    let stated = rows::of_user(tx, book, user).await?;
    let last = stated.first();
    Ok(Known {
        user,
        person: last.and_then(|row| row.person_id),
        stated: last.is_some_and(rows::StatementRow::holds),
        also: if stated.is_empty() { Vec::new() } else { rows::also(tx, book, user).await? },
    })
}

/// Whoever did something, by every login of theirs.
pub async fn selves_of(tx: &mut Tx, book: BookId, actor: Actor) -> ServiceResult<Selves> {
    match actor {
        Actor::User(user) => Ok(known(tx, book, user).await?.selves()),
        other => Ok(Selves::new(vec![other.to_string()])),
    }
}

/// Whether one person stands among these logins twice.
pub async fn repeated(tx: &mut Tx, book: BookId, users: &[UserId]) -> ServiceResult<bool> {
    for user in users {
        if known(tx, book, *user).await?.also.iter().any(|other| users.contains(other)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Desk {
    /// Says who of a village a login is. What was said before ends and stays on record. A person who has a login
    /// already gets no second one; once the first is disabled, the person moves, and what the first did still counts
    /// as theirs.
    pub async fn state_identity(
        &self,
        by: &CountyAdmin,
        user: UserId,
        village_no: i64,
        who: &Who,
        reason: &str,
    ) -> ServiceResult<()> {
        let programme = self.programme_by_no(village_no).await?.ok_or(ServiceError::NotFound("programme"))?;
        let book = programme.book_id;
        let mut tx = self.db.begin_write().await?;
        own_place(&mut tx, by, programme.org_id).await?;
        login::by_id(&mut tx, user).await?.ok_or(ServiceError::NotFound("user"))?;
        let (person, named) = match who {
            Who::Outside => (None, "outside"),
            Who::Person(no) => {
                let found =
                    person::by_no(&mut tx, book, no).await?.ok_or(ServiceError::NotFound("person"))?;
                (Some(found.id), no.as_str())
            }
        };
        let stated = rows::of_user(&mut tx, book, user).await?;
        let held = stated.first().filter(|last| last.holds());
        if held.is_some_and(|last| last.person_id == person) {
            return Ok(());
        }
        if let Some(person) = person {
            self.make_way(&mut tx, by, book, person, reason).await?;
        }
        let actor = Actor::User(by.user).to_string();
        if held.is_some() {
            required("reason", reason)?;
            rows::end(&mut tx, book, user, (self.now(), &actor)).await?;
        }
        let ordinal = stated.first().map_or(1, |last| last.ordinal.saturating_add(1));
        match rows::state(&mut tx, book, (user, ordinal), person, (self.now(), &actor)).await {
            Err(StoreError::Duplicate) => return Err(refuse("person_has_login").into()),
            done => done?,
        }
        let verb = if stated.is_empty() { "link" } else { "relink" };
        self.note_identity(&mut tx, by, (user, book), Deed { verb, to: Some(named), reason }).await?;
        tx.commit().await?;
        tracing::info!(by = %by.user, %user, village = village_no, "stated who a login is");
        Ok(())
    }

    /// Whoever has a role of the village, and who they are said to be: those of whom nobody has said it first.
    pub async fn who_is_who(&self, by: &Bookkeeper) -> ServiceResult<Vec<Declared>> {
        let mut tx = self.db.begin_read().await?;
        let mut found: Vec<Declared> = Vec::new();
        for row in rows::staff(&mut tx, by.book, by.org).await? {
            let role: Role =
                row.role.parse().map_err(|_| StoreError::inconsistent("login_grant", "role", &row.role))?;
            if let Some(known) = found.last_mut().filter(|known| known.user == row.user_id) {
                if !known.roles.contains(&role) {
                    known.roles.push(role);
                }
                continue;
            }
            let stated_by = row.stated_by.filter(|by| !by.is_empty());
            found.push(Declared {
                user: row.user_id,
                login_name: row.login_name,
                display_name: row.display_name,
                roles: vec![role],
                who: row.state.map(|_| row.no.map_or(Who::Outside, Who::Person)),
                at: row.stated_at,
                by: match stated_by {
                    Some(actor) => explain::name(&mut tx, &actor).await?,
                    None => String::new(),
                },
                changed: row.ended,
            });
        }
        found.sort_by_key(|known| known.who.is_some());
        Ok(found)
    }

    /// How many have a role of the village while nobody has said who they are.
    pub async fn unsaid(&self, by: &Staff) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let mut unsaid: Vec<UserId> = rows::staff(&mut tx, by.book, by.org)
            .await?
            .into_iter()
            .filter(|row| row.state.is_none())
            .map(|row| row.user_id)
            .collect();
        unsaid.dedup();
        Ok(unsaid.len())
    }

    /// Ends the link of a person's other login, if that one is disabled.
    async fn make_way(
        &self,
        tx: &mut WriteTx,
        by: &CountyAdmin,
        book: BookId,
        person: PersonId,
        reason: &str,
    ) -> ServiceResult<()> {
        let Some(other) = rows::of_person(tx, book, person).await? else { return Ok(()) };
        let disabled = login::by_id(tx, other).await?.is_some_and(|row| row.state == "disabled");
        if !disabled {
            return Err(refuse("person_has_login").into());
        }
        let reason = required("reason", reason)?;
        rows::end(tx, book, other, (self.now(), &Actor::User(by.user).to_string())).await?;
        self.note_identity(tx, by, (other, book), Deed { verb: "unlink", to: None, reason }).await
    }
}
