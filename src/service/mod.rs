//! Use cases: each is one function, one transaction, and reads like the sentence in the handbook of the trade.
//! Pages, API, commands and jobs all come through here. No HTTP, no SQL.

use std::sync::Arc;

use crate::{
    domain::{
        calendar::Calendar,
        entropy::{Entropy, new_id},
        time::{Clock, Day, Timestamp},
    },
    store::Db,
};

pub mod appeal;
pub mod as_of;
pub mod audit;
pub mod award;
pub mod barcode;
pub mod bearers;
pub mod board;
pub mod books;
pub mod budget;
pub mod bulk;
pub mod callback;
pub mod caller;
pub mod cards;
pub mod claim;
pub mod clearing;
pub mod codes;
pub mod correction;
pub mod counters;
pub mod course;
pub mod decode;
pub mod demo;
pub mod disclosure;
pub mod erase;
pub mod error;
pub mod export;
pub mod fairness;
pub mod fault;
pub mod funds;
pub mod goods;
pub mod goods_picture;
pub mod helpers;
pub mod holds;
pub mod honor;
pub mod honours;
pub mod identity;
pub mod import;
pub mod inspection;
pub mod issue;
pub mod keys;
pub mod lapses;
pub mod login;
pub mod market;
pub mod matter;
pub mod messages;
pub mod money;
pub mod notice;
pub mod objection;
pub mod office;
pub mod once;
pub mod opening;
pub mod orgs;
pub mod outbox;
pub mod panel;
pub mod passbook;
pub mod password;
pub mod periods;
pub mod picture;
pub mod poster;
pub mod programme;
pub mod proposal;
pub mod recusal;
pub mod red_list;
pub mod redeem;
pub mod register;
pub mod rehearsal;
pub mod reminder;
pub mod restore;
pub mod retention;
pub mod reversal;
pub mod rulesets;
pub mod seal;
pub mod session;
pub mod setup;
pub mod statement;
pub mod stock;
pub mod sweep;
pub mod throttle;
pub mod timebank;
pub mod tlog;
pub mod unresolved;
pub mod users;
pub mod verify;
pub mod webhook;

pub use caller::Actor;
pub use error::{Refusal, ServiceError, ServiceResult, refuse};
pub use fault::Faults;
pub use keys::Keys;
pub use password::HashCost;
pub use poster::{Effect, Poster, Receipt};

/// The clerk's desk of the installation: everything a use case works with.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub entropy: Arc<dyn Entropy>,
    /// The installation's secret keys.
    pub keys: Keys,
    /// Which days are working days.
    pub calendar: Arc<Calendar>,
    /// How much work a password guess costs.
    pub hash_cost: HashCost,
    /// The one way into a book.
    pub poster: Poster,
    /// What tests let go wrong.
    pub faults: Faults,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("engine", &self.db.engine()).finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk over `db`, with the hash cost of service. Starts the Poster, so it is called inside the runtime.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, keys: Keys) -> Self {
        Self::with_faults(db, clock, entropy, keys, Faults::default())
    }

    /// The same, with what is to go wrong.
    #[must_use]
    pub fn with_faults(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        keys: Keys,
        faults: Faults,
    ) -> Self {
        let poster = Poster::start(&db, &clock, &faults);
        let calendar = Arc::new(Calendar::shipped());
        Self { db, clock, entropy, keys, calendar, hash_cost: HashCost::SERVICE, poster, faults }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present business day.
    #[must_use]
    pub fn today(&self) -> Day {
        self.clock.now().day()
    }

    /// A new identifier.
    #[must_use]
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        new_id(self.entropy.as_ref(), self.clock.now())
    }
}
