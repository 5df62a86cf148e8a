//! The same random history on two databases, in the pure core and in its naive twin: the same answers one by one, and
//! in the end the same balances, meters, leaves and root. The databases are a SQLite file and the engine under test;
//! each gets the commands in groups of its own, and one of them is opened anew again and again.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::{Book, Command, Outcome},
        entropy::{ChaChaEntropy, Entropy},
        ids::BookId,
        merkle::root_of,
        time::{Clock, ManualClock, Timestamp},
    },
    service::Desk,
    store::ledger::read,
};
use uuid::Uuid;

use crate::{
    engine::Engine,
    ledger_props::{POLICY, verdict},
    model::{Model, Step, number, random_commands},
};

const BOOK: BookId = BookId(Uuid::from_u128(0xe9));
/// More rows than any of these histories has.
const ALL: i64 = 1_000_000;

/// One of the two databases.
struct Side {
    name: &'static str,
    engine: Engine,
    clock: Arc<ManualClock>,
    desk: Desk,
}

impl Side {
    async fn new(name: &'static str, engine: Engine) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(0)));
        let desk = engine.desk(&clock).await;
        let mut tx = desk.db.begin_write().await.unwrap();
        desk.create_book_with(&mut tx, BOOK, POLICY).await.unwrap();
        tx.commit().await.unwrap();
        Self { name, engine, clock, desk }
    }

    /// Hands in `commands` cut into pieces of at most `size`, each piece at once.
    async fn post(&self, commands: &[Command], size: usize) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(commands.len());
        for piece in commands.chunks(size) {
            let posts = piece.iter().map(|c| self.desk.post(BOOK, c.clone(), Vec::new()));
            outcomes.extend(join_all(posts).await.into_iter().map(Result::unwrap));
        }
        outcomes
    }

    /// What a new process would see: nothing in memory.
    async fn start_over(&mut self) {
        self.desk.db.close().await;
        self.desk = self.engine.desk(&self.clock).await;
    }

    /// All that is stored, as far as it can be compared.
    async fn stored(&self) -> Stored {
        let mut tx = self.desk.db.begin_read().await.unwrap();
        let sums = read::sums(&mut tx, BOOK).await.unwrap();
        assert!(sums.iter().all(|(_, sum)| *sum == 0), "{}: {sums:?}", self.name);
        Stored {
            head: read::head(&mut tx, BOOK).await.unwrap().unwrap(),
            txns: read::txns(&mut tx, BOOK, 0, ALL).await.unwrap(),
            entries: read::entries(&mut tx, BOOK, 0, ALL).await.unwrap(),
            uses: read::meter_uses(&mut tx, BOOK, 0, ALL).await.unwrap(),
            accounts: read::accounts(&mut tx, BOOK, 0, ALL).await.unwrap(),
            meters: read::meters(&mut tx, BOOK, "", ALL).await.unwrap().into_iter().collect(),
            refusals: read::refusals(&mut tx, BOOK, "", ALL).await.unwrap(),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Stored {
    head: read::Head,
    txns: Vec<read::TxnRow>,
    entries: Vec<read::EntryRow>,
    uses: Vec<read::MeterUseRow>,
    accounts: Vec<read::AccountRow>,
    meters: BTreeMap<String, i64>,
    refusals: Vec<read::RefusalRow>,
}

/// Commands that arrive while the clock stands at `now`.
struct Stretch {
    now: Timestamp,
    commands: Vec<Command>,
}

fn stretches(seed: u64, n: usize, dice: &ChaChaEntropy) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    let mut left = 0;
    for Step { command, now } in random_commands(seed, n) {
        if left == 0 {
            // as many small groups as large ones
            left = 1 + below(dice, 1 << below(dice, 9)) % 200;
            out.push(Stretch { now, commands: Vec::new() });
        }
        left -= 1;
        out.last_mut().unwrap().commands.push(command);
    }
    out
}

fn below(dice: &ChaChaEntropy, n: usize) -> usize {
    usize::try_from(u64::from_be_bytes(dice.bytes()) % u64::try_from(n.max(1)).unwrap()).unwrap()
}

async fn run(seed: u64, n: usize) {
    let dice = ChaChaEntropy::from_seed(seed ^ 0x5eed);
    let (mut book, mut model, mut leaves) = (Book::new(BOOK, POLICY), Model::default(), Vec::new());
    let one = Side::new("sqlite", Engine::sqlite()).await;
    let mut two = Side::new("the engine under test", Engine::fresh().await).await;
    for stretch in stretches(seed, n, &dice) {
        one.clock.set(stretch.now);
        two.clock.set(stretch.now);
        let first = one.post(&stretch.commands, stretch.commands.len()).await;
        let second = two.post(&stretch.commands, 1 + below(&dice, stretch.commands.len())).await;
        for ((command, first), second) in stretch.commands.iter().zip(first).zip(second) {
            let expected = book.decide(command, one.clock.now()).unwrap();
            assert_eq!(first, expected, "{} answers {} otherwise", one.name, command.key);
            assert_eq!(second, expected, "{} answers {} otherwise", two.name, command.key);
            assert_eq!(verdict(&expected), model.decide(command, stretch.now), "{command:#?}");
            if let Outcome::Posted(posted) = expected {
                leaves.push(posted.leaf_hash);
            }
        }
        if below(&dice, 8) == 0 {
            two.start_over().await;
        }
    }
    let (first, second) = (one.stored().await, two.stored().await);
    assert_eq!(first, second, "the databases differ");
    check(&first, &book, &model);
    assert_eq!(first.txns.iter().map(|t| t.leaf_hash.clone()).collect::<Vec<_>>(), leaves);
    assert_eq!(first.head.root, root_of(&leaves));
}

/// What is stored against the pure core and its twin.
fn check(stored: &Stored, book: &Book, model: &Model) {
    assert_eq!(stored.head.seq, model.seq());
    assert_eq!(stored.head.next_account, book.next_account);
    assert_eq!(stored.head.closed_through, model.closed);
    assert_eq!(stored.head.root, book.frontier.root());
    assert_eq!(stored.accounts.len(), book.accounts().count());
    for row in &stored.accounts {
        let standing = model.standing(&row.path, &row.commodity);
        assert_eq!((row.quantity, row.debited, row.version), standing, "{} {}", row.path, row.commodity);
    }
    assert_eq!(stored.meters, book.meters().map(|(meter, used)| (meter.to_owned(), used)).collect());
    for (meter, used) in &stored.meters {
        assert_eq!(*used, model.used(meter), "{meter}");
    }
    let refused = model.asked.len() - model.posted.len();
    assert_eq!(number(stored.refusals.len()), number(refused));
}

#[tokio::test]
async fn a_history_is_the_same_on_both_engines_and_in_the_twin() {
    for seed in [3, 5, 8] {
        run(seed, 300).await;
    }
}

#[tokio::test]
async fn a_long_history_is_the_same_on_both_engines_and_in_the_twin() {
    run(20_261_122, 1_200).await;
}
