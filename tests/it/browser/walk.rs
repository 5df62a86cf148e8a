//! The main job from end to end, as the people do it: evidence, points, code, goods, audit. One server, one clock that
//! the test moves, a browser at the office and a phone in the village. Each role's part is a file of its own.

use super::{chromium::Chromium, place::Place};

mod audit;
pub(super) mod clerk;
mod counter;
mod resident;
pub(super) mod review;

/// Goods for 16 points out of 20: the receipt that the counter says aloud.
const SAID: &str = "扣16分，余4分";

#[tokio::test(flavor = "multi_thread")]
async fn a_point_goes_from_the_clerk_to_the_counter_and_an_auditor_finds_it() {
    let place = Place::open().await;
    let office = Chromium::start().await;
    let phone = Chromium::start().await;

    let recording = clerk::records(&office, &place).await;
    assert!(recording.first <= 3, "an award takes {} taps", recording.first);
    assert_eq!(recording.again, 1, "the same for the next household is one tap");
    review::approves_everything(&office, &place).await;
    let notice = clerk::compiles(&office, &place).await;
    review::publishes(&office, &place, &notice).await;

    resident::objects(&phone, &place, "H0003", &notice).await;
    place.pass(6 * 24 * 60 * 60);
    let tick = place.tick().await;
    assert!(tick.posted > 0, "{tick:?}");
    assert_eq!(place.tick().await.posted, 0, "a line posts once");
    resident::still_waits(&phone, &place, "H0003").await;

    let digits = resident::sees_points_and_shows_code(&phone, &place, "H0001").await;
    let receipt = counter::hands_out(&office, &place, &digits).await;
    counter::refuses_the_same_code(&office, &receipt).await;
    resident::has_the_receipt(&phone, &place).await;
    audit::finds_it(&office, &place).await;
    audit::verifies(&office, &place).await;

    drop((office, phone));
    place.close().await;
}
