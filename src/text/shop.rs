//! Words of the counter: basket, receipts, stock, day close.

use super::{T, refusal::RefusalWords};

/// Refusals of the counter, of goods and of cards.
pub const REFUSALS: &[RefusalWords] = &[
    (
        "code_lapsed",
        "兑换码已过期，请居民刷新后重新出示。没有扣分。",
        "This code has lapsed. Ask for a fresh one. No points were taken.",
    ),
    ("code_forged", "这个码不是本系统发的，不能兑换。", "This code was not issued here. It cannot be used."),
    (
        "code_unreadable",
        "没认出这个码，请重新扫，或输入卡上的十位卡号。",
        "This code cannot be read. Scan it again, or type the ten digits on the card.",
    ),
    (
        "phone_code_used",
        "这个兑换码已经用过（凭条第{receipt}号），请居民刷新后再出示。",
        "This code was used already (receipt {receipt}). Ask for a fresh one.",
    ),
    (
        "wrong_village",
        "这是{village}的码，只能在那里兑换。",
        "This code belongs to {village} and can be used there only.",
    ),
    (
        "card_needed",
        "只报户号不能兑换，请出示手机码或积分卡。",
        "A household number is not enough: ask for the phone code or the card.",
    ),
    (
        "card_unknown",
        "本村没有这张卡，可能是外村的卡。",
        "This village has no such card. It may be another village's.",
    ),
    (
        "card_revoked",
        "这张卡已在{since}挂失作废，不能使用。",
        "This card was revoked at {since} and cannot be used.",
    ),
    (
        "household_frozen",
        "{household}现在不能兑换，请联系村文书。",
        "{household} cannot redeem at present. Ask the village clerk.",
    ),
    ("counter_closed", "{counter}现在没有开门，不能兑换。", "{counter_en} is closed. Open it first."),
    (
        "no_counter",
        "您还没有被安排到任何兑换点，请联系村文书。",
        "You stand at no counter yet. Ask the village clerk.",
    ),
    (
        "insufficient_points",
        "积分不够：需要{needed}分，可用{available}分。没有扣分。",
        "Not enough points: {needed} needed, {available} available. None were taken.",
    ),
    (
        "out_of_stock",
        "{article}只剩{available}，要{needed}不够。没有扣分。",
        "{article_en}: {available} left, {needed} asked for. No points were taken.",
    ),
    (
        "order_limit",
        "一次最多兑换{limit}分，这一单要{needed}分，请分次或减少。",
        "At most {limit} points at a time; this basket costs {needed}.",
    ),
    (
        "card_limit",
        "积分卡每天最多用{limit}分，今天已用{used}分，这次要{needed}分。请用手机码，或改天再来。",
        "Cards take at most {limit} points a day: {used} used today, {needed} asked for. Use the phone code, or come another day.",
    ),
    (
        "goods_quota",
        "{article}每户限兑{limit}，已兑{used}，这次要{needed}。",
        "{article_en}: at most {limit} for each household in this period; {used} taken, {needed} asked for.",
    ),
    (
        "pin_needed",
        "超过{limit}分要输入密码，这一单{needed}分。",
        "Above {limit} points the PIN is needed; this basket costs {needed}.",
    ),
    ("article_unknown", "没有编号为{article}的商品。", "There is no article {article}."),
    (
        "not_on_sale",
        "{article}已下架，请从单子里去掉。",
        "{article_en} is no longer offered. Take it out of the basket.",
    ),
    (
        "goods_forbidden",
        "{article}不能上架（{word}）：烟、酒、药品、购物卡和现金不能用积分兑换。",
        "{article} cannot be listed ({word}): no tobacco, alcohol, medicine, gift cards or cash for points.",
    ),
    (
        "barcode_invalid",
        "条码{barcode}不对：应是商品包装上的13位数字，最后一位是校验码。",
        "{barcode} is no bar code: it has the thirteen digits on the packing, the last of which proves the others.",
    ),
    (
        "barcode_taken",
        "条码{barcode}已经是{article}的，请核对。",
        "The bar code {barcode} is that of {article} already. Look again.",
    ),
    ("basket_empty", "还没有选商品。", "Nothing was chosen yet."),
    ("invalid_basket", "商品清单不对，请重新选择。", "The basket cannot be read. Choose again."),
    ("quantity_out_of_range", "数量不对：{field}。", "The quantity is out of range: {field}."),
    ("no_stock_of_services", "{article}是服务，不需要入库。", "{article} is a service and has no stock."),
    ("not_a_shopkeeper", "{login}不是本村的超市管理员。", "{login} is not a shopkeeper of this village."),
    (
        "key_missing",
        "缺少 Idempotency-Key 请求头：没有它，答复丢失后就无法安全重试。",
        "The header Idempotency-Key is missing: without it a lost answer cannot be asked for again.",
    ),
    ("not_a_picture", "这不是能识别的图片：{reason}", "This is not a picture we can read: {reason}"),
];

impl T {
    /// The shelf goods stand on: the usual ones have words, any other is called what the village calls it.
    #[must_use]
    pub fn goods_shelf(self, category: &str) -> String {
        let words = match category {
            "kitchen" => self.shelf_kitchen(),
            "food" => self.shelf_food(),
            "hygiene" => self.shelf_hygiene(),
            "cleaning" => self.shelf_cleaning(),
            "home" => self.shelf_home(),
            "farm" => self.shelf_farm(),
            "school" => self.shelf_school(),
            "service" => self.shelf_service(),
            other => other,
        };
        words.to_owned()
    }
}

catalogue! {
    shelf_kitchen { zh: "调味", en: "Seasoning" }
    shelf_food { zh: "食品", en: "Food" }
    shelf_hygiene { zh: "洗护", en: "Hygiene" }
    shelf_cleaning { zh: "清洁", en: "Cleaning" }
    shelf_home { zh: "家居", en: "Home" }
    shelf_farm { zh: "农具劳保", en: "Farm and work" }
    shelf_school { zh: "文具", en: "School" }
    shelf_service { zh: "服务", en: "Services" }
    shop_counter { zh: "兑换点", en: "Counter" }
    shop_counters { zh: "兑换点", en: "Counters" }
    shop_next { zh: "下一步", en: "Next" }
    shop_today { zh: "今日流水", en: "Today" }
    shop_goods { zh: "商品与库存", en: "Goods and stock" }
    shop_closed_hint { zh: "兑换点已关门，开门后才能兑换。", en: "The counter is closed. Open it to redeem." }
    shop_no_counter { zh: "您还没有被安排到任何兑换点，请联系村文书。", en: "You stand at no counter yet. Ask the village clerk." }
    shop_used_for(no) { zh: "这个码兑换过的凭条：第{no}号，可在今日流水里查看。", en: "It was used for receipt {no}; see today's list." }
    shop_is_open(counter) { zh: "{counter}已开门", en: "{counter} is open" }
    shop_is_closed(counter) { zh: "{counter}已关门", en: "{counter} is closed" }
    shop_choose_goods { zh: "选商品", en: "Choose goods" }
    shop_find_goods { zh: "找商品（名称、拼音首字母、编号、条码）", en: "Find goods (name, pinyin, number, bar code)" }
    shop_card_left(points) { zh: "积分卡今天还可用{points}分", en: "The card may take {points} points more today" }
    shop_then_left { zh: "兑换后余", en: "Left afterwards" }
    shop_not_enough { zh: "积分不够", en: "Not enough points" }
    shop_to_confirm { zh: "去确认", en: "Check the total" }
    shop_another_customer { zh: "换一位居民", en: "Another customer" }
    shop_next_customer { zh: "下一位", en: "Next customer" }
    shop_check_and_confirm { zh: "核对并确认", en: "Check and confirm" }
    shop_before { zh: "兑换前", en: "Before" }
    shop_after { zh: "兑换后", en: "After" }
    shop_pin { zh: "户密码（六位）", en: "PIN of the household (six digits)" }
    shop_pin_hint(tries) { zh: "请居民自己输入，连续错{tries}次会锁住。", en: "The resident types it. {tries} wrong tries in a row block it." }
    shop_confirm_take(points) { zh: "确认扣{points}分", en: "Take {points} points" }
    shop_change_basket { zh: "改商品", en: "Change the basket" }
    shop_say(taken, left) { zh: "扣{taken}分，余{left}分", en: "{taken} points taken, {left} left" }
    shop_receipt { zh: "凭条", en: "Receipt" }
    shop_receipt_no(no) { zh: "凭条第{no}号", en: "Receipt {no}" }
    shop_cashier { zh: "经手人", en: "Served by" }
    shop_household { zh: "户", en: "Household" }
    shop_time { zh: "时间", en: "Time" }
    shop_redemptions { zh: "兑换笔数", en: "Redemptions" }
    shop_points_taken { zh: "核销积分", en: "Points taken" }
    shop_goods_at_cost { zh: "商品成本", en: "Goods at cost" }
    shop_print_hint { zh: "要纸质凭条，请用浏览器打印：58毫米小票或 A6 纸。", en: "For a paper slip, print this page: 58 mm or A6." }
    day_word { zh: "日期", en: "Day" }
    counter_open { zh: "开门", en: "open" }
    counter_closed_word { zh: "关门", en: "closed" }
    counter_open_now { zh: "开门营业", en: "Open the counter" }
    counter_close_now { zh: "关门", en: "Close the counter" }
    counter_keepers { zh: "管理员", en: "Who stands here" }
    counter_add_keeper { zh: "添加管理员（登录名）", en: "Add a shopkeeper (login name)" }
    counter_remove_keeper { zh: "移除", en: "Remove" }
    counter_new { zh: "新设兑换点", en: "New counter" }
    counter_code { zh: "代码（字母数字，不可改）", en: "Code (letters and digits, for ever)" }
    counter_name { zh: "名称", en: "Name" }
    counter_name_en { zh: "英文名称（选填）", en: "English name (optional)" }
    goods_word { zh: "商品", en: "Goods" }
    goods_no { zh: "编号", en: "Number" }
    goods_name { zh: "名称", en: "Name" }
    goods_name_en { zh: "英文名称（选填）", en: "English name (optional)" }
    goods_unit { zh: "单位（瓶、袋、次）", en: "Unit (Chinese)" }
    goods_unit_en { zh: "英文单位（选填）", en: "English unit (optional)" }
    goods_category { zh: "类别", en: "Category" }
    goods_kind { zh: "种类", en: "Kind" }
    goods_kind_goods { zh: "商品（有库存）", en: "Goods (with stock)" }
    goods_service { zh: "服务", en: "Service" }
    goods_price { zh: "分值", en: "Points" }
    goods_cost { zh: "成本（元）", en: "Cost (yuan)" }
    goods_stock { zh: "库存", en: "Stock" }
    goods_left(pieces) { zh: "剩{pieces}", en: "{pieces} left" }
    goods_none_left { zh: "已兑完", en: "None left" }
    goods_withdrawn { zh: "已下架", en: "Withdrawn" }
    goods_barcode { zh: "条码（选填）", en: "Bar code (optional)" }
    goods_quota { zh: "每户限兑数量（选填）", en: "Most for each household (optional)" }
    goods_quota_period { zh: "限兑周期", en: "In which period" }
    goods_quota_hint(pieces) { zh: "每户限{pieces}", en: "At most {pieces} each household" }
    period_day { zh: "每天", en: "a day" }
    period_month { zh: "每月", en: "a month" }
    period_quarter { zh: "每季度", en: "a quarter" }
    period_year { zh: "每年", en: "a year" }
    stock_goods { zh: "商品目录", en: "Goods" }
    stock_tags { zh: "打印价签", en: "Print price tags" }
    stock_tags_more { zh: "下一批价签", en: "The next tags" }
    stock_tags_hint { zh: "请用浏览器打印，A4 纸每行三张，沿虚线剪开。改了分值，就要换价签。", en: "Print this page: three tags in a row on A4, cut along the dashes. A new price needs a new tag." }
    stock_new_goods { zh: "新增商品", en: "New article" }
    stock_added(name) { zh: "已添加：{name}", en: "Added: {name}" }
    stock_set_price { zh: "改分值", en: "Change the price" }
    stock_price_set(points) { zh: "新分值：{points}分，下一单起生效", en: "New price: {points} points from the next redemption on" }
    stock_withdraw { zh: "下架", en: "Withdraw" }
    stock_put_on_sale { zh: "重新上架", en: "Offer again" }
    stock_price_history { zh: "调价记录", en: "Prices so far" }
    stock_since { zh: "起始时间", en: "Since" }
    stock_fund { zh: "资金来源", en: "Fund" }
    cards_title { zh: "积分卡", en: "Cards" }
    cards_find { zh: "户号、姓名或拼音首字母", en: "Household number, name or pinyin initials" }
    cards_which_group { zh: "小组、联户或网格", en: "Group, household group or grid" }
    cards_print_group { zh: "按组打印", en: "Print a whole group" }
    cards_print_hint { zh: "没有卡的户会新发一张，已有卡的户打印原卡。卡上没有个人信息。", en: "Households without a card get one; the others' cards are printed again. Nothing personal is on them." }
    cards_print_one { zh: "发卡 / 打印积分卡", en: "Issue or print the card" }
    cards_sheet { zh: "打印积分卡", en: "Print cards" }
    cards_sheet_hint { zh: "请用浏览器打印，A4 纸每页十张，沿虚线剪开。", en: "Print this page: ten cards on A4, cut along the dashes." }
    cards_of(no) { zh: "{no} 的积分卡与密码", en: "Cards and PIN of {no}" }
    card_no { zh: "卡号", en: "Card number" }
    card_issued { zh: "发卡时间", en: "Issued" }
    card_state { zh: "状态", en: "State" }
    card_active { zh: "使用中", en: "In use" }
    card_revoked_word { zh: "已作废", en: "Revoked" }
    card_revoke { zh: "挂失作废", en: "Revoke" }
    card_lost_reason { zh: "挂失", en: "Lost" }
    card_reissue { zh: "换卡", en: "Replace the card" }
    card_reissue_now { zh: "作废旧卡并换新卡", en: "Revoke the old card and make a new one" }
    card_reason { zh: "原因", en: "Why" }
    card_set_pin { zh: "设置户密码", en: "Set the household's PIN" }
    card_set_pin_hint { zh: "请居民本人在此输入六位数字；设置后锁住的密码即解锁。", en: "The resident types six digits here. A blocked PIN is unblocked." }
}
