//! Money, goods and redemptions of the demo year.

use super::{Village, deeds, missing};
use crate::{
    domain::basket::Basket,
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Resident, Reviewer, Shopkeeper, StockWitness, Storekeeper, Township},
        demo::plan::{GoodsCategory, Redemption, ShownCode},
        money::MoneyIn,
        redeem::RedeemRequest,
        stock::{Donor, Draft, Incoming},
    },
};

/// Days that food lasts at least.
const EATEN_WITHIN_DAYS: i32 = 45;

/// Money comes in, and the points it stands for may be issued.
pub(super) async fn grant(
    desk: &Desk,
    village: &Village<'_>,
    fund: usize,
    fen: i64,
    points: i64,
) -> ServiceResult<()> {
    let by = village.staff.iter().find_map(Township::of).ok_or_else(|| missing("township"))?;
    let code = village.plan.funds.get(fund).ok_or_else(|| missing("fund"))?.code;
    let day = desk.today();
    let clerk = village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?;
    let second = Reviewer::of(&by).ok_or_else(|| missing("second person"))?;
    let new = MoneyIn {
        fund: code.to_owned(),
        fen,
        payer: String::new(),
        document: format!("{}年第{}号", day.ymd().0, fund + 1),
        purpose: String::new(),
        received_on: day,
    };
    let row = desk.record_money(&clerk, &new).await?;
    desk.confirm_money(&second, row.id).await?;
    if points > 0 {
        let basis = format!("松溪镇关于{}年积分发行额度的批复", day.ymd().0);
        desk.authorise(&by, &format!("demo:budget:{code}:{day}"), code, points, &basis).await?;
    }
    Ok(())
}

/// Goods come in: the shopkeeper draws up the receipt, the second pair of eyes agrees.
pub(super) async fn receive(
    desk: &Desk,
    village: &Village<'_>,
    counter: usize,
    fund: usize,
    lines: &[(usize, i64)],
    witness: usize,
) -> ServiceResult<()> {
    let keeper = village.plan.counters.get(counter).ok_or_else(|| missing("counter"))?.keeper;
    let first = Storekeeper::of(deeds::staff(village, keeper)?).ok_or_else(|| missing("keeper"))?;
    let second = StockWitness::of(deeds::staff(village, witness)?).ok_or_else(|| missing("witness"))?;
    let today = desk.today();
    let incoming = |(place, pieces): &(usize, i64)| {
        let goods = village.plan.goods.get(*place)?;
        let sku = *village.skus.get(*place)?;
        let days = EATEN_WITHIN_DAYS + i32::try_from(goods.sku * 13 % 150).unwrap_or(0);
        let last_day = (goods.category == GoodsCategory::Food).then(|| today.plus(days));
        Some(Incoming { sku, pieces: *pieces, cost_fen: None, last_day, label: String::new() })
    };
    let draft = Draft::Receipt {
        counter: village.counters.get(counter).copied().ok_or_else(|| missing("counter"))?,
        fund: village.plan.funds.get(fund).ok_or_else(|| missing("fund"))?.code.to_owned(),
        donor: Donor::default(),
        lines: lines
            .iter()
            .map(|l| incoming(l).ok_or_else(|| missing("article")))
            .collect::<Result<_, _>>()?,
    };
    let paper = desk.draw_stock_paper(&first, &draft, "").await?;
    desk.approve_stock_paper(&second, paper.id, "").await.map(drop)
}

/// A household shows what the plan says; where a card's limits do not let it, it takes out its phone.
pub(super) async fn redeem(desk: &Desk, village: &mut Village<'_>, r: &Redemption) -> ServiceResult<()> {
    let counter = village.plan.counters.get(r.counter).ok_or_else(|| missing("counter"))?;
    let keeper = Shopkeeper::of(deeds::staff(village, counter.keeper)?).ok_or_else(|| missing("keeper"))?;
    let household = village.households.get(r.household).copied().ok_or_else(|| missing("household"))?;
    let home = village.plan.households.get(r.household).ok_or_else(|| missing("household"))?;
    let basket = Basket::new(articles(village, &r.lines)?)
        .map_err(|e| ServiceError::Internal(format!("a basket of the demo: {e}")))?;
    let clerk = village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?;
    let tries = match r.shown {
        ShownCode::Card => [ShownCode::Card, ShownCode::Phone],
        ShownCode::Phone => [ShownCode::Phone, ShownCode::Phone],
    };
    let key = format!("demo:redeem:{}:{}", home.no, desk.now().micros());
    for (turn, shown) in tries.into_iter().enumerate() {
        let (credential, pin) = match shown {
            ShownCode::Phone => {
                (desk.phone_code(&Resident { book: village.book, household }).await?.digits, None)
            }
            ShownCode::Card => {
                let cards = desk.issue_cards(&clerk, &[household]).await?;
                let card = cards.into_iter().next().ok_or_else(|| missing("card"))?;
                (card.digits, Some(super::pin_of(home.no.as_str())))
            }
        };
        let counter = village.counters.get(r.counter).copied();
        let request = RedeemRequest {
            counter,
            credential,
            visit: None,
            pin,
            basket: basket.clone(),
            bystander: None,
            same_as: None,
        };
        let key = format!("{key}:{turn}");
        match desk.redeem(&keeper, &request, &key).await {
            Ok(_) => {
                village.tally.redemptions += 1;
                return Ok(());
            }
            Err(ServiceError::Refused(refusal)) => village.tally.count(&refusal),
            Err(error) => return Err(error),
        }
    }
    village.tally.refused_redemptions += 1;
    Ok(())
}

fn articles(village: &Village<'_>, lines: &[(usize, i64)]) -> ServiceResult<Vec<(i64, i64)>> {
    lines
        .iter()
        .map(|(goods, pieces)| {
            village.skus.get(*goods).map(|sku| (*sku, *pieces)).ok_or_else(|| missing("article"))
        })
        .collect()
}
