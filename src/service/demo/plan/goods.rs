//! What the demo's love supermarket hands out: daily goods at half a yuan a point, and three services.
//! No tobacco, alcohol, medicine, gift cards or cash.

use crate::domain::{time::Period, wording::vocabulary};

vocabulary! {
    /// The shelves of the supermarket.
    GoodsCategory {
        /// Salt, sauces, spices.
        Kitchen = "kitchen", "调味", "seasoning";
        /// Rice, oil, noodles.
        Food = "food", "食品", "food";
        /// Soap, paper, towels.
        Hygiene = "hygiene", "洗护", "hygiene";
        /// For washing and tidying.
        Cleaning = "cleaning", "清洁", "cleaning";
        /// Household goods.
        Home = "home", "家居", "home";
        /// Tools and work clothes.
        Farm = "farm", "农具劳保", "farm and work";
        /// For school.
        School = "school", "文具", "school";
        /// Done, not handed out; no stock.
        Service = "service", "服务", "services";
    }
}

/// A kind of goods, or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoGoods {
    /// Its number, from 1.
    pub sku: u32,
    /// Chinese name.
    pub name: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Chinese unit.
    pub unit: &'static str,
    /// English unit.
    pub unit_en: &'static str,
    /// Its shelf.
    pub category: GoodsCategory,
    /// Price of one, in hundredths of a point.
    pub price: i64,
    /// Cost of one, in fen.
    pub cost_fen: i64,
    /// EAN-13 of the in-store series 20–29; services have none.
    pub barcode: Option<String>,
    /// Pieces a household may take in a period.
    pub quota: Option<(i64, Period)>,
}

impl DemoGoods {
    /// Whether it is done rather than handed out.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.category == GoodsCategory::Service
    }
}

struct Row {
    names: [&'static str; 4],
    points: i64,
    cost_fen: i64,
    category: GoodsCategory,
}

const fn row(
    name: &'static str,
    name_en: &'static str,
    unit: &'static str,
    unit_en: &'static str,
    points: i64,
    cost_fen: i64,
    category: GoodsCategory,
) -> Row {
    Row { names: [name, name_en, unit, unit_en], points, cost_fen, category }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("精制食盐400g", "Table salt 400 g", "袋", "bag", 6, 300, GoodsCategory::Kitchen),
    row("酱油500ml", "Soy sauce 500 ml", "瓶", "bottle", 16, 800, GoodsCategory::Kitchen),
    row("陈醋500ml", "Vinegar 500 ml", "瓶", "bottle", 12, 600, GoodsCategory::Kitchen),
    row("白糖500g", "Sugar 500 g", "袋", "bag", 10, 500, GoodsCategory::Kitchen),
    row("鸡精200g", "Chicken seasoning 200 g", "袋", "bag", 14, 700, GoodsCategory::Kitchen),
    row("花椒粉50g", "Sichuan pepper 50 g", "袋", "bag", 8, 400, GoodsCategory::Kitchen),
    row("挂面1kg", "Dried noodles 1 kg", "把", "pack", 12, 600, GoodsCategory::Food),
    row("大米10kg", "Rice 10 kg", "袋", "bag", 100, 5000, GoodsCategory::Food),
    row("食用油5L", "Cooking oil 5 l", "桶", "can", 130, 6500, GoodsCategory::Food),
    row("红豆500g", "Red beans 500 g", "袋", "bag", 16, 800, GoodsCategory::Food),
    row("燕麦片500g", "Oat flakes 500 g", "袋", "bag", 24, 1200, GoodsCategory::Food),
    row("纯牛奶12盒", "Milk, 12 boxes", "箱", "case", 90, 4500, GoodsCategory::Food),
    row("饼干400g", "Biscuits 400 g", "盒", "box", 20, 1000, GoodsCategory::Food),
    row("绿茶100g", "Green tea 100 g", "袋", "bag", 40, 2000, GoodsCategory::Food),
    row("蜂蜜500g", "Honey 500 g", "瓶", "jar", 60, 3000, GoodsCategory::Food),
    row("香皂", "Soap", "块", "bar", 6, 300, GoodsCategory::Hygiene),
    row("牙膏120g", "Toothpaste 120 g", "支", "tube", 12, 600, GoodsCategory::Hygiene),
    row("牙刷2支", "Toothbrushes, 2", "组", "pair", 10, 500, GoodsCategory::Hygiene),
    row("洗发水400ml", "Shampoo 400 ml", "瓶", "bottle", 40, 2000, GoodsCategory::Hygiene),
    row("沐浴露400ml", "Shower gel 400 ml", "瓶", "bottle", 36, 1800, GoodsCategory::Hygiene),
    row("洗手液500ml", "Hand wash 500 ml", "瓶", "bottle", 20, 1000, GoodsCategory::Hygiene),
    row("毛巾", "Towel", "条", "piece", 16, 800, GoodsCategory::Hygiene),
    row("卷纸10卷", "Toilet paper, 10 rolls", "提", "pack", 20, 1000, GoodsCategory::Hygiene),
    row("抽纸6包", "Tissues, 6 packs", "提", "pack", 24, 1200, GoodsCategory::Hygiene),
    row("护手霜", "Hand cream", "支", "tube", 12, 600, GoodsCategory::Hygiene),
    row("洗洁精1kg", "Dish soap 1 kg", "瓶", "bottle", 16, 800, GoodsCategory::Cleaning),
    row("洗衣液2kg", "Laundry liquid 2 kg", "瓶", "bottle", 40, 2000, GoodsCategory::Cleaning),
    row("洗衣粉1kg", "Laundry powder 1 kg", "袋", "bag", 20, 1000, GoodsCategory::Cleaning),
    row("肥皂2块", "Laundry soap, 2", "组", "pair", 10, 500, GoodsCategory::Cleaning),
    row("钢丝球4个", "Steel wool, 4", "包", "pack", 4, 200, GoodsCategory::Cleaning),
    row("垃圾袋100只", "Bin bags, 100", "卷", "roll", 10, 500, GoodsCategory::Cleaning),
    row("垃圾桶", "Dustbin", "个", "piece", 50, 2500, GoodsCategory::Cleaning),
    row("扫把簸箕", "Broom and dustpan", "套", "set", 30, 1500, GoodsCategory::Cleaning),
    row("拖把", "Mop", "把", "piece", 36, 1800, GoodsCategory::Cleaning),
    row("洁厕剂500ml", "Toilet cleaner 500 ml", "瓶", "bottle", 12, 600, GoodsCategory::Cleaning),
    row("橡胶手套", "Rubber gloves", "双", "pair", 8, 400, GoodsCategory::Cleaning),
    row("电热水壶", "Electric kettle", "个", "piece", 90, 4500, GoodsCategory::Home),
    row("保温杯", "Vacuum flask", "个", "piece", 50, 2500, GoodsCategory::Home),
    row("热水瓶", "Thermos bottle", "个", "piece", 44, 2200, GoodsCategory::Home),
    row("不锈钢盆", "Steel basin", "个", "piece", 24, 1200, GoodsCategory::Home),
    row("菜刀", "Kitchen knife", "把", "piece", 40, 2000, GoodsCategory::Home),
    row("砧板", "Chopping board", "块", "piece", 36, 1800, GoodsCategory::Home),
    row("碗10只", "Bowls, 10", "套", "set", 40, 2000, GoodsCategory::Home),
    row("筷子10双", "Chopsticks, 10 pairs", "把", "pack", 12, 600, GoodsCategory::Home),
    row("雨伞", "Umbrella", "把", "piece", 30, 1500, GoodsCategory::Home),
    row("手电筒", "Torch", "个", "piece", 30, 1500, GoodsCategory::Home),
    row("LED灯泡", "LED bulb", "个", "piece", 12, 600, GoodsCategory::Home),
    row("插线板", "Power strip", "个", "piece", 40, 2000, GoodsCategory::Home),
    row("晾衣架10只", "Clothes hangers, 10", "把", "pack", 14, 700, GoodsCategory::Home),
    row("棉被套", "Quilt cover", "条", "piece", 100, 5000, GoodsCategory::Home),
    row("劳保手套10双", "Work gloves, 10 pairs", "包", "pack", 20, 1000, GoodsCategory::Farm),
    row("锄头", "Hoe", "把", "piece", 50, 2500, GoodsCategory::Farm),
    row("镰刀", "Sickle", "把", "piece", 24, 1200, GoodsCategory::Farm),
    row("水桶", "Bucket", "个", "piece", 20, 1000, GoodsCategory::Farm),
    row("雨靴", "Rubber boots", "双", "pair", 50, 2500, GoodsCategory::Farm),
    row("草帽", "Straw hat", "顶", "piece", 16, 800, GoodsCategory::Farm),
    row("作业本10本", "Exercise books, 10", "包", "pack", 16, 800, GoodsCategory::School),
    row("中性笔12支", "Gel pens, 12", "盒", "box", 16, 800, GoodsCategory::School),
    row("书包", "School bag", "个", "piece", 80, 4000, GoodsCategory::School),
    row("跳绳", "Skipping rope", "根", "piece", 16, 800, GoodsCategory::School),
    row("理发一次", "Haircut", "次", "time", 20, 1000, GoodsCategory::Service),
    row("农机代耕0.5亩", "Ploughing, half a mu", "次", "time", 60, 3000, GoodsCategory::Service),
    row("代办跑腿一次", "Errand", "次", "time", 10, 500, GoodsCategory::Service),
];

/// All goods and services, by SKU. Rice and oil: one a household and quarter.
pub(super) fn catalogue() -> Vec<DemoGoods> {
    (1..).zip(ROWS).map(|(sku, row)| goods(sku, row)).collect()
}

fn goods(sku: u32, row: &Row) -> DemoGoods {
    let [name, name_en, unit, unit_en] = row.names;
    let scarce = name.starts_with("大米") || name.starts_with("食用油");
    DemoGoods {
        sku,
        name,
        name_en,
        unit,
        unit_en,
        category: row.category,
        price: row.points * 100,
        cost_fen: row.cost_fen,
        barcode: (row.category != GoodsCategory::Service).then(|| barcode(sku)),
        quota: scarce.then_some((1, Period::Quarter)),
    }
}

/// EAN-13: twelve digits and the digit that brings the weighted sum (1, 3, 1, …) to a multiple of ten.
fn barcode(sku: u32) -> String {
    let front = format!("2090{sku:08}");
    format!("{front}{}", (10 - weighted(&front) % 10) % 10)
}

fn weighted(digits: &str) -> u32 {
    digits.chars().filter_map(|c| c.to_digit(10)).zip([1, 3].into_iter().cycle()).map(|(d, w)| d * w).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_have_prices_of_half_a_yuan_a_point_and_valid_barcodes() {
        let all = catalogue();
        assert_eq!((all.len(), all.iter().filter(|g| g.is_service()).count()), (63, 3));
        for goods in &all {
            assert_eq!(goods.cost_fen, goods.price / 2, "{}", goods.name);
            assert_eq!(goods.barcode.is_none(), goods.is_service());
            let barcode = goods.barcode.clone().unwrap_or_else(|| "4006381333931".to_owned());
            assert_eq!((barcode.len(), weighted(&barcode) % 10), (13, 0));
        }
        assert_eq!(all.iter().filter(|g| g.quota.is_some()).count(), 2);
    }
}
