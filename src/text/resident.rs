//! Words of the resident's pages: balance, history, claims, the live code, the time bank.

use super::T;

catalogue! {
    my_points_of(no) { zh: "{no} 的绿币", en: "Points of {no}" }
    my_points { zh: "积分", en: "Points" }
    my_in_notice { zh: "公示中", en: "In notice" }
    my_in_review { zh: "审核中", en: "Being reviewed" }
    my_hours { zh: "服务时长", en: "Hours of service" }
    my_arrears { zh: "待补积分", en: "Points owed" }
    my_members { zh: "家庭成员时长", en: "Hours of the members" }
    my_not_active { zh: "账户现在不能兑换，积分还在，请联系村文书。", en: "The account cannot redeem at present. The points are safe: ask the village clerk." }
    my_code { zh: "兑换码", en: "My code" }
    my_code_hint { zh: "请出示给兑换点扫码。每分钟自动换新，用过即失效。", en: "Show this at the counter. It renews every minute and works once." }
    my_statement { zh: "积分明细", en: "Statement" }
    my_receipts { zh: "兑换记录", en: "Receipts" }
    my_card { zh: "积分卡与密码", en: "Card and PIN" }
    my_notices { zh: "公示", en: "Notices" }
    my_goods { zh: "商品与服务", en: "Goods and services" }
    my_rules { zh: "积分规则", en: "Rules" }
    my_unmoved { zh: "已入账，没有动分", en: "Posted without moving points" }
    my_nothing_in_notice { zh: "没有正在公示的积分", en: "Nothing of yours is in notice" }
    my_until(time) { zh: "公示到{time}", en: "In notice until {time}" }
    my_clock_stopped { zh: "有异议，计时暂停", en: "An objection stopped the clock" }
    my_happened_on { zh: "发生日期", en: "Happened on" }
    my_recorded_by { zh: "记录人", en: "Recorded by" }
    my_reviewed_by { zh: "审核人", en: "Reviewed by" }
    my_notice { zh: "公示", en: "Notice" }
    my_notice_line(no, line) { zh: "第{no}号公示第{line}行", en: "Notice {no}, line {line}" }
    my_left_then(points) { zh: "余{points}", en: "{points} then" }
    my_honor_then(points) { zh: "评比分{points}", en: "{points} then" }
    my_find_rule { zh: "查找规则（名称、编号）", en: "Find a rule (name, code)" }
    my_undoes(seq) { zh: "冲正流水{seq}", en: "Undoes transaction {seq}" }
    my_why { zh: "为什么", en: "Why" }
    my_expires_on(day) { zh: "有效期到{day}", en: "To be spent by {day}" }
    my_own_lines { zh: "我家的", en: "Ours" }
    my_village_sheets { zh: "本村公示", en: "The village's notices" }
    my_sheet_no(no) { zh: "第{no}号公示", en: "Notice {no}" }
    my_sheet_hangs { zh: "公示中", en: "in notice" }
    my_sheet_closed { zh: "已期满", en: "closed" }
    my_sheet_lines(lines) { zh: "{lines}行", en: "{lines} lines" }
    my_group { zh: "小组", en: "Group" }
    my_published { zh: "发布", en: "Published" }
    my_closes { zh: "期满", en: "Closes" }
    my_line { zh: "行", en: "Line" }
    my_item { zh: "事项", en: "Item" }
    my_object { zh: "提异议", en: "Object" }
    my_object_why { zh: "您认为哪里不对？", en: "What is wrong with it?" }
    my_object_hint { zh: "这一行的计时会暂停，村里会调查并答复您。", en: "This line's clock stops; the village looks into it and answers you." }
    my_objection_taken(no) { zh: "异议已收到，编号{no}，3天内受理、10天内答复。", en: "Your objection has arrived, number {no}: accepted within 3 days, answered within 10." }
    my_card_limits(alone, day) { zh: "{alone}分以内凭卡，{alone}分以上要密码；积分卡每天最多用{day}分。", en: "Up to {alone} points the card is enough, above it the PIN; at most {day} points a day." }
    my_counter_terms(order, seconds, tries) { zh: "一次最多兑换{order}分；手机码{seconds}秒内有效；密码连续错{tries}次会锁住。", en: "At most {order} points at a time; a phone code lives {seconds} seconds; {tries} wrong PINs in a row block it." }
    my_no_card { zh: "没有使用中的积分卡，需要请找村文书。", en: "There is no card in use. The village clerk makes one." }
    my_card_lost { zh: "挂失", en: "My card is lost" }
    my_card_lost_hint { zh: "挂失后旧卡立即作废，再找村文书换新卡。", en: "The card is dead at once. The village clerk makes a new one." }
    my_card_is_dead { zh: "旧卡已作废", en: "The card is revoked" }
    my_change_pin { zh: "改密码", en: "Change the PIN" }
    my_present_pin { zh: "现在的密码", en: "Present PIN" }
    my_new_pin { zh: "新密码（六位数字）", en: "New PIN (six digits)" }
    my_again_pin { zh: "再输一次", en: "Once more" }
    my_pin_differs { zh: "两次输入的密码不一样。", en: "The two PINs differ." }
    my_pin_changed { zh: "密码已设置", en: "The PIN is set" }
    my_kind_award { zh: "加分", en: "Points earned" }
    my_kind_deduction { zh: "扣分", en: "Deduction" }
    my_kind_redemption { zh: "兑换", en: "Redeemed" }
    my_kind_reversal { zh: "冲正", en: "Reversal" }
    my_kind_opening { zh: "期初转入", en: "Brought forward" }
    my_kind_expiry { zh: "过期", en: "Lapsed" }
    my_kind_honor { zh: "评比分", en: "Honour score" }
    my_kind_hold { zh: "预约冻结", en: "Reserved" }
    my_kind_release { zh: "解冻", en: "Released" }
    my_kind_other { zh: "调整", en: "Adjustment" }
    my_state_on_sheet { zh: "待张贴", en: "Soon in notice" }
    my_state_in_notice { zh: "公示中", en: "In notice" }
    my_state_objected { zh: "异议处理中", en: "Objection open" }
    my_state_rejected { zh: "不成立", en: "Rejected" }
    my_state_posted { zh: "已入账", en: "Posted" }
    my_state_reversed { zh: "已冲正", en: "Reversed" }
    my_state_other { zh: "审核中", en: "Being reviewed" }
}

impl T {
    /// The kind of a transaction, as a household reads it.
    #[must_use]
    pub fn my_txn_kind(self, kind: &str) -> &'static str {
        match kind {
            "award" | "correction" | "time_service" => self.my_kind_award(),
            "deduction" => self.my_kind_deduction(),
            "redemption" => self.my_kind_redemption(),
            "reversal" => self.my_kind_reversal(),
            "opening" => self.my_kind_opening(),
            "expiry" => self.my_kind_expiry(),
            "honor" | "honor_base" => self.my_kind_honor(),
            "hold" | "capture" => self.my_kind_hold(),
            "release" => self.my_kind_release(),
            "device_hold" => self.my_kind_device_hold(),
            "device_release" => self.my_kind_device_release(),
            "goods_return" => self.audit_kind_goods_return(),
            _ => self.my_kind_other(),
        }
    }

    /// The state of an award on a sheet, as a household reads it.
    #[must_use]
    pub fn my_award_state(self, state: &str) -> &'static str {
        match state {
            "in_notice" => self.my_state_in_notice(),
            "objected" => self.my_state_objected(),
            "rejected" => self.my_state_rejected(),
            "posted" => self.my_state_posted(),
            "reversed" => self.my_state_reversed(),
            _ => self.my_state_other(),
        }
    }
}
