//! What happened in the demo village last: the assembly named a panel, which sat once and sits again today; some
//! households claimed points; the auditor drew last month's call-backs and rang up the first. Everything by the use cases; nothing here posts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{PASSWORD, TOTP_SECRET, missing};
use crate::{
    domain::{
        callback::Answer,
        household::HouseholdNo,
        ids::{AwardId, BookId, UserId},
        panel::{BodyKind, Post, Seat, Vote},
        rule::EvidenceKind,
        time::{Day, ManualClock},
    },
    service::{
        Actor, Desk, ServiceError, ServiceResult,
        award::{Evidence, NewAward, review::Verdict},
        caller::{Auditor, Clerk, Recorder, Resident, Reviewer, Role, Staff, Township},
        claim::{Claimant, hand_in::NewClaim, handle::Found},
        demo::plan::DemoPlan,
        panel::{bodies::NewBody, convene::NewSitting},
    },
    store,
};

/// Sign-in names of the panel, in the order of the seats: the one that is shown, and the observer.
pub const PANEL: [&str; 7] = ["panel1", "panel2", "panel3", "panel4", "panel5", "panel6", "panel7"];
/// Those who were named.
const NAMES: [&str; 7] = ["杨德贵", "马会芬", "李朝阳", "普云华", "赵金凤", "王学文", "孔令和"];
/// A neighbour's help: three times a month at most, so the same household may have had its fill.
const ITEM: &str = "D3";
/// Awards put before the panel.
const HEARD: usize = 6;
/// Lines of the first sitting.
const FIRST: usize = 3;
const HOUR: i64 = 3_600;
/// Households among which the time bank finds its people: from this place on, so many.
const LATER_HOMES: usize = 2;
const LOOKED_THROUGH: usize = 200;

/// Performs it on the day before the plan's present, after [`super::perform`].
pub async fn lately(desk: &Desk, clock: &ManualClock, plan: &DemoPlan) -> ServiceResult<()> {
    let at = |hour: i64| clock.set(plan.today.start().plus_seconds((hour - 24) * HOUR));
    at(8);
    let book = book(desk).await?;
    let members = members(desk, plan, book).await?;
    let staff = async |login: &str| staff(desk, book, login).await;
    let clerk = staff("clerk").await?;
    let township = Township::of(&staff("town").await?).ok_or_else(|| missing("township"))?;
    let seats = members.iter().zip(PANEL).map(|(member, login)| {
        let post = match login {
            "panel6" => Post::Substitute,
            "panel7" => Post::Observer,
            _ => Post::Member,
        };
        Seat { user: member.user, post }
    });
    let new = NewBody {
        kind: BodyKind::Panel,
        from: desk.today(),
        basis: "村民代表会议决议：推选新一届评议小组".to_owned(),
        seats: seats.collect(),
    };
    desk.name_body(&township, &new).await?;
    at(9);
    let awards = reviewed(desk, plan, &clerk, &staff("review1").await?).await?;
    at(14);
    let (first, rest) = awards.split_at(FIRST.min(awards.len()));
    if !first.is_empty() {
        sit(desk, &clerk, &members, first).await?;
    }
    at(15);
    if !rest.is_empty() {
        convene(desk, &clerk, plan.today, rest).await?;
    }
    claims(desk, plan, &clerk).await?;
    call_backs(desk, &staff("audit").await?).await?;
    at(16);
    let [second, third] = [staff("panel2").await?, staff("panel3").await?];
    super::walked::walked(desk, &clerk, [&staff("grid01").await?, &second, &third]).await?;
    let shown = plan.households.get(plan.showcase).ok_or_else(|| missing("household"))?.no.clone();
    super::ordered::ordered(desk, book, &shown).await?;
    super::stood::stood(desk, book, &staff("shop1").await?, &shown).await?;
    let last = plan.counters.last().and_then(|counter| plan.staff.get(counter.keeper));
    let keeper = staff(&last.ok_or_else(|| missing("keeper"))?.login).await?;
    super::cut_off::cut_off(desk, book, &keeper).await?;
    let mut homes = vec![shown.clone()];
    for n in 0..2 {
        homes.push(household(plan, HEARD + 5 + n)?);
    }
    homes.push(shown);
    match super::reported::reported(desk, &clerk, &staff("review1").await?, &homes).await {
        // somebody's own household: nothing more is told
        Ok(()) | Err(ServiceError::Refused(_)) => {}
        Err(error) => return Err(error),
    }
    let homes: Vec<HouseholdNo> =
        plan.households.iter().skip(LATER_HOMES).take(LOOKED_THROUGH).map(|h| h.no.clone()).collect();
    super::hours::opened(desk, &township, &clerk, &homes).await?;
    super::kept::kept(desk, &clerk).await?;
    clock.set(plan.today.start());
    Ok(())
}

async fn book(desk: &Desk) -> ServiceResult<BookId> {
    let mut tx = desk.db.begin_read().await?;
    let programmes = store::programme::list(&mut tx, 0, 1).await?;
    programmes.first().map(|p| p.book_id).ok_or_else(|| missing("programme"))
}

async fn staff(desk: &Desk, book: BookId, login: &str) -> ServiceResult<Staff> {
    let mut tx = desk.db.begin_read().await?;
    let row = store::login::by_name(&mut tx, login).await?.ok_or_else(|| missing("user"))?;
    drop(tx);
    let who = desk.staff_sign_in(row.id).await?.ok_or_else(|| missing("user"))?;
    desk.staff_for(&who, book).await?.ok_or_else(|| missing("grant"))
}

/// The people of the panel, with accounts; the first of them is a household's head, and must step back from it.
async fn members(desk: &Desk, plan: &DemoPlan, book: BookId) -> ServiceResult<Vec<Staff>> {
    let hash = desk.hash_secret(PASSWORD).await?;
    let now = desk.now();
    let mut tx = desk.db.begin_write().await?;
    let programme = store::programme::by_book(&mut tx, book).await?.ok_or_else(|| missing("programme"))?;
    for (login, name) in PANEL.iter().zip(NAMES) {
        let id: UserId = desk.id();
        store::login::insert(&mut tx, id, login, name, &hash, "active", now).await?;
        let sealed = desk.seal(&TOTP_SECRET, id.0.as_bytes())?;
        store::login::set_totp(&mut tx, id, Some(&sealed), 0).await?;
        let by = Actor::System.to_string();
        let role = Role::Reviewer.as_str();
        store::login::grant(&mut tx, desk.id(), id, role, programme.org_id, now, &by).await?;
        let mut lives = None;
        if *login == "panel1" {
            let no = household(plan, FIRST - 1)?;
            let home =
                store::household::by_no(&mut tx, book, &no).await?.ok_or_else(|| missing("household"))?;
            let people = store::person::members(&mut tx, book, home.id, desk.today()).await?;
            for member in &people {
                // whoever has a login already keeps it
                if lives.is_none() && store::identity::of_person(&mut tx, book, member.id).await?.is_none() {
                    lives = Some(member.id);
                }
            }
        }
        store::identity::state(&mut tx, book, (id, 1), lives, (now, &by)).await?;
    }
    tx.commit().await?;
    let mut out = Vec::new();
    for login in PANEL {
        out.push(staff(desk, book, login).await?);
    }
    Ok(out)
}

/// Households that nobody else of the story is about, as far as the village has so many.
fn household(plan: &DemoPlan, n: usize) -> ServiceResult<HouseholdNo> {
    let place = if plan.households.len() > 100 { 40 + 7 * n } else { n };
    let home = plan.households.get(place % plan.households.len().max(1));
    home.map(|h| h.no.clone()).ok_or_else(|| missing("household"))
}

/// Awards that passed their first review and wait for the panel.
async fn reviewed(
    desk: &Desk,
    plan: &DemoPlan,
    clerk: &Staff,
    reviewer: &Staff,
) -> ServiceResult<Vec<AwardId>> {
    let by = Recorder::of(clerk).ok_or_else(|| missing("recorder"))?;
    let reviewer = Reviewer::of(reviewer).ok_or_else(|| missing("reviewer"))?;
    let mut out = Vec::new();
    for n in 0..HEARD {
        let no = household(plan, n)?;
        let file = desk.household_file(clerk, &no).await?;
        let new = NewAward {
            household: Some(file.household.id),
            person: None,
            item: ITEM.to_owned(),
            quantity: Decimal::ONE,
            grade: None,
            occurred_on: desk.today().plus(-1),
            event_key: None,
            hours: None,
            evidence: vec![Evidence {
                kind: EvidenceKind::Beneficiary,
                note: format!("受助人确认{n}"),
                digest: None,
            }],
            note: "帮独居老人修屋顶".to_owned(),
            on_behalf: None,
        };
        let row = match desk.record_award(&by, new, &format!("demo:panel:{n}")).await {
            Ok(row) => row,
            // a household that had its fill this month, or the clerk's own
            Err(ServiceError::Refused(_)) => continue,
            Err(error) => return Err(error),
        };
        match desk.review_award(&reviewer, row.id, Verdict::Approve, "").await {
            Ok(_) => out.push(row.id),
            // the reviewer's own household, or kin: somebody else will look at it
            Err(ServiceError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

async fn convene(
    desk: &Desk,
    clerk: &Staff,
    sits_on: Day,
    awards: &[AwardId],
) -> ServiceResult<crate::domain::ids::SittingId> {
    let by = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    let new = NewSitting { sits_on, place: "村部会议室".to_owned(), awards: awards.to_vec() };
    Ok(desk.convene(&by, &new).await?.id)
}

/// The first sitting: one line passes, one is refused, on one a member steps back and the substitute stands in.
async fn sit(desk: &Desk, clerk: &Staff, members: &[Staff], awards: &[AwardId]) -> ServiceResult<()> {
    let id = convene(desk, clerk, desk.today(), awards).await?;
    let people = members.iter().filter_map(Reviewer::of);
    let people: Vec<Reviewer> = people.collect();
    for person in &people {
        desk.attend(person, id).await?;
    }
    for (place, line) in (1_i32..).take(awards.len()).enumerate() {
        for (seat, person) in people.iter().enumerate() {
            let against = place == 1 && seat < 4;
            let vote = if against { Vote::No } else { Vote::Yes };
            match desk.cast_vote(person, id, line, vote).await {
                // whoever watches, steps back or is not needed is told so
                Ok(()) | Err(ServiceError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    let observer = people.last().ok_or_else(|| missing("observer"))?;
    desk.observe_sitting(observer, id, "逐条表决，回避到位。").await?;
    let words = BTreeMap::from([(2, "受助人说没有这回事，请核实后再报".to_owned())]);
    let by = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    let minutes = "组长主持，记录人逐条宣读材料，成员逐条发言并表决。第二条请受助人到场说明。";
    desk.close_sitting(&by, id, minutes, &words).await?;
    Ok(())
}

/// Claims in every state that a household may see; the shown household has two of them.
async fn claims(desk: &Desk, plan: &DemoPlan, clerk: &Staff) -> ServiceResult<()> {
    let by = Recorder::of(clerk).ok_or_else(|| missing("recorder"))?;
    let shown = plan.households.get(plan.showcase).ok_or_else(|| missing("household"))?.no.clone();
    let today = desk.today();
    for n in 0..5_usize {
        let no = if n < 2 { shown.clone() } else { household(plan, HEARD + n)? };
        let home = desk.household_file(clerk, &no).await?.household;
        let resident = Resident { book: clerk.book, household: home.id };
        let new = NewClaim {
            household: None,
            person: None,
            item: ITEM.to_owned(),
            grade: None,
            quantity: Decimal::ONE,
            occurred_on: today,
            words: "帮邻居收了一下午玉米".to_owned(),
            helper: String::new(),
            photo: None,
            voice: None,
        };
        let key = format!("demo:claim:{n}");
        let claim = match desk.hand_in(&Claimant::Household(resident), new, &key).await {
            Ok(claim) => claim,
            Err(ServiceError::Refused(_)) => continue,
            Err(error) => return Err(error),
        };
        let found = Found {
            person: None,
            grade: None,
            quantity: Decimal::ONE,
            occurred_on: today,
            event_key: None,
            note: String::new(),
        };
        let handled = match n {
            1 => desk.refuse_claim(&by, claim.id, "邻居说那天没有收玉米，请核对日期后再报").await.map(drop),
            2 => desk.check_claim(&by, claim.id).await.map(drop),
            3 => desk.accept_claim(&by, claim.id, &found).await.map(drop),
            _ => Ok(()),
        };
        match handled {
            Ok(()) | Err(ServiceError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Last month's call-backs are drawn, and the first few households asked.
async fn call_backs(desk: &Desk, auditor: &Staff) -> ServiceResult<()> {
    let by = Auditor::of(auditor).ok_or_else(|| missing("auditor"))?;
    desk.sign_head(by.book).await?;
    let said = [
        (Answer::Confirmed, "本人说属实"),
        (Answer::Confirmed, ""),
        (Answer::NotReached, "两次没人接"),
        (Answer::Confirmed, "老伴代答，属实"),
        (Answer::Denied, "说那天不在村里，可能记成了别家"),
    ];
    match desk.draw_call_backs(&by, desk.last_month()).await {
        // a village younger than a month has nothing to draw
        Ok(_) | Err(ServiceError::Refused(_)) => {}
        Err(error) => return Err(error),
    }
    for (one, (answer, words)) in desk.call_backs(&by, desk.last_month(), 0).await?.iter().zip(said) {
        desk.answer_call_back(&by, one.row.id, answer, words).await?;
    }
    Ok(())
}
