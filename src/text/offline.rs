//! Words of the counter without network.

use super::{T, refusal::RefusalWords};
use crate::domain::offline::{ConflictKind, Decision, Flag, RoundState};

/// Refusals of devices that sell without network.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "offline_key",
        "这台设备的公钥不对，请刷新页面后重新准备。",
        "That is no public key of a device. Load the page again and make it ready once more.",
    ),
    (
        "offline_households",
        "一台设备最多准备{limit}户，请只选要服务的村民小组。",
        "A device serves at most {limit} households. Choose the groups that it is for.",
    ),
    (
        "offline_nobody",
        "没有可以准备的住户：要有在用的积分卡和可用积分，今天的断网额度还没有用完，并且不是自己家或亲属家。",
        "There is no household to serve: it needs a card in use, points, some of the day's allowance, and may not be your own or your kin's.",
    ),
    (
        "offline_quota",
        "{article}有限兑数量，断网时不能兑换，请从名单里去掉。",
        "{article_en} has a quota and cannot be sold without network. Leave it out.",
    ),
    ("offline_over", "这台设备的断网额度已经结束（{state}）。", "What this device had is over ({state})."),
    (
        "offline_not_missing",
        "还没有人报告这台设备遗失，请村文书先报告。",
        "Nobody said that this device is missing. The clerk says so first.",
    ),
    (
        "offline_second",
        "准备设备、回传记录或报告遗失的人不能自己决定，请另一个人来办。",
        "Whoever made the device ready, sent the entry or said that it is missing does not decide. Ask somebody else.",
    ),
    (
        "offline_day_closed",
        "这个兑换点{day}已经日结。记录留在设备上，明天开门后会回传。",
        "{day} is closed at this counter. The sales stay on the device and are sent when it opens again.",
    ),
    ("offline_nothing_to_decide", "第{no}笔记录不需要处理。", "Entry {no} needs no decision."),
    (
        "offline_whose",
        "第{no}笔记录的卡不知道是谁家的，不能扣分。请收回商品或报损。",
        "Nobody knows whose card entry {no} was, so no points can be taken. Take the goods back or write them off.",
    ),
];

impl T {
    /// How far what a device was given is.
    #[must_use]
    pub fn offline_state(self, state: &RoundState) -> &'static str {
        state.words().text(self.lang())
    }

    /// Why people decide about an entry.
    #[must_use]
    pub fn offline_conflict(self, kind: &ConflictKind) -> &'static str {
        kind.words().text(self.lang())
    }

    /// What people decided.
    #[must_use]
    pub fn offline_decision(self, decision: &Decision) -> &'static str {
        decision.words().text(self.lang())
    }

    /// What people should know of a sale.
    #[must_use]
    pub fn offline_flag(self, flag: &Flag) -> &'static str {
        flag.words().text(self.lang())
    }
}

catalogue! {
    offline_title { zh: "断网收银", en: "Counter without network" }
    offline_hint { zh: "先在有网时准备：给这台设备预留商品和各户积分（每户每天最多50分），断网时只从预留里兑换，有网后自动回传。72小时内有效。", en: "Make it ready while there is network: goods and points are put aside for this device (at most 50 points a household and day). Without network it sells from them alone, and sends them when there is network again, within 72 hours." }
    offline_device { zh: "这台设备叫什么", en: "What this device is called" }
    offline_device_default { zh: "收银台", en: "Counter" }
    devices_title { zh: "断网设备", en: "Devices without network" }
    devices_undecided { zh: "没有扣分、要处理的记录", en: "Entries to decide: no points were taken" }
    devices_flagged { zh: "已入账，但请留意", en: "Taken, but worth a look" }
    devices_out { zh: "带着额度的设备", en: "Devices with something in hand" }
    devices_when(sold, received) { zh: "设备说{sold}卖出，{received}送到", en: "The device says sold at {sold}; it came at {received}" }
    devices_has(points, households) { zh: "手上还有{households}户的{points}分", en: "{points} points of {households} households in hand" }
    devices_since(time) { zh: "{time}准备", en: "Made ready at {time}" }
    devices_missing { zh: "已报告遗失，等第二个人确认", en: "Said to be missing; a second person agrees" }
    devices_end { zh: "确认遗失，收回额度", en: "It is gone: give back what it had" }
    devices_ended { zh: "额度已收回", en: "What it had went back" }
    devices_reason { zh: "怎么不见的", en: "What happened to it" }
    devices_miss { zh: "报告遗失", en: "Say that it is missing" }
    devices_said { zh: "已报告，请第二个人确认", en: "Said; a second person agrees" }
    devices_decided { zh: "已处理", en: "Decided" }
    offline_each { zh: "每户最多预留几分（有两台设备时各留一半）", en: "Points of a household at most (with two devices, half for each)" }
    offline_which_goods { zh: "带哪些商品，各几件", en: "Which goods, and how many" }
    offline_find { zh: "找商品（名称、拼音）", en: "Find an article" }
    offline_make_ready { zh: "准备好断网使用", en: "Make it ready" }
    offline_made(count) { zh: "准备好了，{count}户可以兑换。断网时也能打开这一页。", en: "It is ready for {count} households. This page opens without network, too." }
    offline_which_groups { zh: "服务哪些组（不选就是全村，额度先到先得）", en: "Which groups (none: all of the village, as far as the allowance reaches)" }
    offline_light_online { zh: "在线", en: "Online" }
    offline_light_offline { zh: "断网（额度模式）", en: "No network: selling what was put aside" }
    offline_light_sending { zh: "正在回传", en: "Sending" }
    offline_light_help { zh: "需要处理，请找村文书", en: "Needs help: see the clerk" }
    offline_card { zh: "扫积分卡，或输入卡号", en: "Scan the card, or type its number" }
    offline_look { zh: "查卡", en: "Look it up" }
    offline_customer(name, no, left) { zh: "{name}（{no}），断网额度还有{left}分", en: "{name} ({no}): {left} points left without network" }
    offline_unknown { zh: "这张卡不在名单上，断网时不能兑换。", en: "This card is not on the list: nothing can be sold on it without network." }
    offline_pieces(count) { zh: "还有{count}件", en: "{count} left" }
    offline_sell { zh: "交货并扣分", en: "Hand over and take the points" }
    offline_taken(points, left) { zh: "扣{points}分，断网额度余{left}分", en: "{points} points taken, {left} left without network" }
    offline_took(points) { zh: "扣{points}分", en: "{points} points" }
    offline_number(no) { zh: "本机第{no}笔", en: "Sale {no} of this device" }
    offline_receipt(no) { zh: "已入账，凭条第{no}号", en: "Taken: receipt {no}" }
    offline_waits { zh: "待回传", en: "Not sent yet" }
    offline_undecided { zh: "没有扣分，等村里处理", en: "No points taken: people decide" }
    offline_unsent(count) { zh: "{count}笔待回传", en: "{count} not sent yet" }
    offline_all_sent { zh: "都已回传", en: "All sent" }
    offline_until(time) { zh: "可以兑换到{time}", en: "Sells until {time}" }
    offline_over_now { zh: "已经不能再兑换，请联网回传。", en: "It sells no more. Connect it, and it sends what it has." }
    offline_stopped { zh: "这台设备的记录对不上，已停用。设备别动，请找村文书。", en: "What this device sent does not agree, and it was stopped. Leave it as it is and see the clerk." }
    offline_no_goods { zh: "商品不够或不在名单上。", en: "Too few goods, or not on the list." }
    offline_no_pin { zh: "一次超过免密额度，要等有网再兑换。", en: "So much at once needs a PIN: wait for the network." }
    offline_no_points { zh: "断网额度不够。", en: "More than is left without network." }
    offline_not_written { zh: "没有记下来，请不要交货，再试一次。", en: "It was not written down. Do not hand anything over; try again." }
    offline_no_network { zh: "没有网，现在不能准备。", en: "There is no network: it cannot be made ready now." }
    offline_no_worker { zh: "这个浏览器不能断网使用，请换新一点的浏览器，并用https打开。", en: "This browser cannot be used without network. Take a newer one, and open the page by https." }
    offline_sign_in { zh: "请重新登录后再回传。", en: "Sign in again, then it sends." }
    offline_sold_here { zh: "这台设备卖出的", en: "Sold on this device" }
    offline_send_now { zh: "现在回传", en: "Send now" }
    offline_close { zh: "回传并收回额度", en: "Send all and give back what is left" }
    offline_ends(device, time) { zh: "「{device}」的断网额度到{time}为止。请把那台设备联网，回传并收回额度。", en: "{device} sells without network until {time}. Connect it: it sends what it sold and gives back what is left." }
    offline_is_over(device, time) { zh: "「{device}」的断网额度{time}已经到期，不能再兑换。请把那台设备联网回传；找不到了，请告诉村文书。", en: "{device} stopped selling at {time}. Connect it, and it sends what it sold; if it is gone, tell the clerk." }
    offline_before_close(count) { zh: "还有{count}台设备带着断网额度。请先回传，再日结：日结以后送到的算在明天。", en: "{count} devices have something in hand. Let them send before you close: what comes later counts for tomorrow." }
    offline_print { zh: "打小票", en: "Print the slip" }
    offline_of_device(time) { zh: "设备时间{time}", en: "{time} by this device" }
    offline_left_here { zh: "断网额度余", en: "Left without network" }
    offline_proof { zh: "断网兑换，联网后入账并编号。", en: "Sold without network: posted and numbered once it is back." }
    offline_hours_left(hours) { zh: "只剩{hours}小时了，请尽快联网回传", en: "{hours} hours left: connect it soon" }
    source_offline { zh: "断网设备", en: "A device without network" }
    meter_offline { zh: "断网额度（每户每天）", en: "Points out without network (household and day)" }
    my_kind_device_hold { zh: "断网预留", en: "Put aside for a day without network" }
    my_kind_device_release { zh: "断网预留退回", en: "Back from what was put aside" }
    my_on_devices(points) { zh: "冻结的积分里有{points}分是给兑换点断网时用的：凭卡兑换，没用完的会退回。", en: "{points} of the points that are held are for counters without network: shop with the card, and what is left comes back." }
    my_from_device { zh: "断网兑换：从预留的积分里扣，可用积分不变。", en: "Sold without network: taken from what was put aside, so what may be spent stayed as it was." }
    offline_again { zh: "重新准备", en: "Make it ready again" }
}
