//! What changes between a look and the posting behind it: the posting looks again, in its own transaction.

use std::sync::{Arc, atomic::Ordering};

use futures_util::{FutureExt, future::BoxFuture};
use greencoin::{
    domain::{
        book::{Posted, TxnKind},
        chart,
        posting::{Commodity, Line},
    },
    service::{
        Actor, Effect,
        books::{Order, facts},
    },
    store::{Engine, StoreResult, WriteTx},
};
use tokio::sync::Notify;

use crate::village::{SOAP, Village, refused};

/// Holds the transaction of the batch open until it is told to go on.
struct Pause {
    reached: Arc<Notify>,
    go: Arc<Notify>,
}

impl Effect for Pause {
    fn apply<'a>(&'a self, _: &'a mut WriteTx, _: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async {
            self.reached.notify_one();
            self.go.notified().await;
            Ok(())
        }
        .boxed()
    }
}

/// Lets everything that can go on do so. One thread: what waits has been reached after so many turns.
async fn turns() {
    for _ in 0..256 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_card_that_is_reported_lost_while_its_redemption_waits_pays_for_nothing() {
    let v = Village::new().await;
    v.give(0, 55).await;
    let card = v.card(0).await;
    let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let order = Order {
        key: "slow",
        kind: TxnKind::Opening,
        effective_on: v.desk.today(),
        source: None,
        body: facts([("n", "1".to_owned())]),
    };
    let lines = vec![
        Line::new(chart::authorised("Gift").unwrap(), Commodity::point(), 100),
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), -100),
    ];
    let slow = v.desk.command(&Actor::System, order, lines).unwrap();
    let pause = Pause { reached: Arc::clone(&reached), go: Arc::clone(&go) };
    let waiting = || v.desk.poster.stats().waiting.load(Ordering::Relaxed);
    let redeemed = async {
        reached.notified().await;
        v.redeem(&card, &[(SOAP, 1)], "k1").await
    };
    let lost = async {
        while waiting() < 2 {
            tokio::task::yield_now().await;
        }
        // the redemption has seen a card in use and waits behind the slow batch
        let reported = v.desk.reissue_card(&v.clerk, v.homes[0], "lost");
        match v.desk.db.engine() {
            Engine::Postgres => {
                let next = reported.await;
                go.notify_one();
                next
            }
            // one writer: the report waits for the slow batch too, ahead of the redemption
            Engine::Sqlite => {
                let released = async {
                    turns().await;
                    go.notify_one();
                };
                tokio::join!(reported, released).0
            }
        }
        .unwrap()
    };
    let (_, redeemed, next) =
        tokio::join!(v.desk.posted(v.book, slow, vec![Box::new(pause)]), redeemed, lost);
    assert_eq!(refused(redeemed), "card_revoked");
    assert_eq!((v.available(0).await, v.stock_of(SOAP).await), (55, 20));
    v.redeem(&next.digits, &[(SOAP, 1)], "k2").await.unwrap();
    v.check_sums().await;
}
