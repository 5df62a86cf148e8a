//! Words of the time bank: why something was refused, and what to do next.

use super::refusal::RefusalWords;

/// Refusals of the time bank.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "not_your_household",
        "只能替本户和登记过的配偶、直系亲属办。别家的事请找网点。",
        "You act for your own household, and ask for husband, wife and lineal kin in the register. For others, call the network point.",
    ),
    (
        "time_no_policy",
        "本村还没有启用时间银行细则，请乡镇先启用一份。",
        "This village runs no time bank policy yet: the township puts one into force first.",
    ),
    ("time_unknown_policy", "没有{code}这份时间银行细则。", "There is no time bank policy {code}."),
    (
        "time_policy_back",
        "细则不能从过去生效，最早从{today}起。",
        "A policy does not reach back: {today} at the earliest.",
    ),
    (
        "time_order_moved_on",
        "这张订单已经走到别的一步，这一步不能办。请重新打开看看。",
        "The order stands elsewhere by now: this cannot be done to it. Open it again.",
    ),
    ("time_service_not_here", "本地细则没有这类服务。", "The policy here has no such service."),
    (
        "time_how_long",
        "时长按{quarter}分钟一档，最少{least}分钟，一次最多{most}分钟。",
        "Time goes by steps of {quarter} minutes, {least} at least and {most} at most.",
    ),
    ("time_when", "时间要在现在之后、{days}天之内。", "It begins after now and within {days} days."),
    (
        "time_nobody_pays",
        "本人和细则允许的亲属都没有足够的时长，也不符合公共池条件。可请网点核实困难情况。",
        "Neither the person nor the relatives the policy names have enough minutes, and the public pool does not serve here. The network point can look into the need.",
    ),
    ("time_not_joined", "还没有登记为志愿者，请先登记。", "Not a volunteer yet: join first."),
    (
        "time_age_unknown",
        "没有出生年份，请文书先补登记。",
        "The year of birth is not known: the clerk enters it first.",
    ),
    ("time_too_young", "年龄不够，不能参加。", "Too young to serve."),
    (
        "time_guardian",
        "未成年人要有成年监护人同意并陪同，监护人须是同户或直系亲属。",
        "A minor needs the consent and company of a guardian of age, of the household or lineal kin.",
    ),
    ("time_group_only", "未成年人在本地只参加团体活动。", "Minors serve in group activities only here."),
    ("time_not_declared", "请先填写健康声明。", "Declare first that you are well enough."),
    (
        "time_not_insured",
        "这类服务要有保险，{day}没有有效的保险。",
        "This service needs insurance, and there is none for {day}.",
    ),
    ("time_not_trained", "这类服务要先参加培训。", "This service needs training first."),
    ("time_barred", "因虚假时长暂停到{until}。", "Barred until {until} for false hours."),
    (
        "time_free_hours",
        "请选星期和起止时间，结束要晚于开始。",
        "Choose weekdays and hours; the end comes after the beginning.",
    ),
    (
        "time_family",
        "照顾自家人和直系亲属是家事，不记志愿时长。",
        "Serving one's own family is no volunteer service.",
    ),
    ("time_bound", "这个时间已接了别的订单。", "Another order binds the volunteer then."),
    ("time_same_volunteer", "已经是这位志愿者。", "It is this volunteer's already."),
    ("time_begun", "时间已到，不能退单；请找网点。", "It has begun: call the network point."),
    ("time_not_begun", "还没到约定时间。", "The time has not come yet."),
    ("time_not_over", "还没有服务完。", "It is not over yet."),
    ("time_other_day", "这张订单是{day}的。", "The order is for {day}."),
    ("time_other_card", "这不是服务对象家的卡或码。", "This is not the card or code of whoever is served."),
    (
        "time_show_card",
        "签到签退要扫服务对象的卡或动态码；没有就请网点代记。",
        "Show the card or live code of whoever is served, or let the network point write it down.",
    ),
    ("time_checked_in", "{since}已经签到，还没有签退。", "Checked in since {since}, and not out yet."),
    (
        "time_overlap",
        "同一个人{from}起的服务已有记录，时间重叠。",
        "The same person is on record from {from}: the times overlap.",
    ),
    ("time_pairs", "同一张订单一天最多签到{limit}次。", "One order has at most {limit} check-ins a day."),
    ("time_backwards", "签退要晚于签到。", "Checking out comes after checking in."),
    (
        "time_forgotten",
        "超过{hours}小时没有签退，这一段不计；请网点凭签字单补录。",
        "More than {hours} hours without checking out: it does not count. The network point enters it from a signed sheet.",
    ),
    ("time_too_late", "超过补录期限，最晚{last}。", "Too late to enter: the last day was {last}."),
    (
        "time_own_second",
        "复核、裁定要由没有经手的另一个人办。",
        "Somebody who has no part in it signs or decides.",
    ),
    (
        "time_call_later",
        "签退满{hours}小时还没确认才回访。",
        "Call when {hours} hours have passed since check-out.",
    ),
    (
        "time_not_proven",
        "联系不上，而且签到签退不是扫卡扫码，不能自动确认。请继续联系或提请裁定。",
        "Nobody answered, and card or code do not prove the service: keep calling, or take it to the arbiters.",
    ),
    (
        "time_part",
        "部分计入要多于0、少于{served}分钟，按{quarter}分钟一档，最少{least}分钟。",
        "A part is less than {served} minutes, in steps of {quarter}, {least} at least.",
    ),
    (
        "time_brim",
        "超过存储上限{minutes}分钟，请志愿者先选：捐入公共池，或只记荣誉。",
        "{minutes} minutes go beyond the cap: the volunteer chooses first, the public pool or honour only.",
    ),
    (
        "time_needs_township",
        "{day}共{minutes}分钟，超过8小时，要乡镇同意。",
        "{minutes} minutes on {day}: beyond eight hours the township answers for it.",
    ),
    (
        "time_needs_county",
        "{day}共{minutes}分钟，超过12小时，要县里同意。",
        "{minutes} minutes on {day}: beyond twelve hours the county answers for it.",
    ),
    ("time_rating", "请给服务打1到5分。", "Rate the service from 1 to 5."),
    ("time_gift_oneself", "不能赠给自己。", "Nobody gives to themselves."),
    ("time_gift_tie", "只能赠给登记过的直系亲属。", "Gifts go to lineal relatives in the register."),
    ("time_gift_age", "受赠人要满{age}岁。", "The receiver must be {age} or older."),
    ("time_gift_limit", "一年最多赠{limit}分钟。", "At most {limit} minutes a year are given."),
    ("time_gift_over", "这笔赠与已经结束，不能撤回。", "This gift can no longer be taken back."),
    (
        "time_estate_day",
        "去世日期要在{from}到{today}之间。",
        "The day of the death lies between {from} and {today}.",
    ),
    (
        "time_estate_there",
        "这个人的继承已经登记，编号{no}。",
        "The inheritance of this person is written down already: number {no}.",
    ),
    (
        "time_estate_registered",
        "花名册上这个人还在户。请先在户口变动里办理离户，再登记继承。",
        "The register still has this person in a household: end the membership first.",
    ),
    (
        "time_estate_frozen",
        "这个账户待继承，已冻结（编号{no}）。",
        "This account awaits an heir and is frozen (number {no}).",
    ),
    (
        "time_estate_moved_on",
        "这笔继承的状态已经变了，请重新打开。",
        "This inheritance has moved on: open it again.",
    ),
    (
        "time_estate_order",
        "先办结与逝者有关的服务单{order}，再办继承。",
        "Order {order} of the deceased is not over: see to it first.",
    ),
    (
        "time_estate_gift",
        "先等与逝者有关的转赠{gift}办结，再办继承。",
        "Gift {gift} of the deceased is not over: it comes first.",
    ),
    (
        "time_heir_tie",
        "继承人须是登记过的配偶或直系亲属。",
        "Heirs are husband, wife or lineal kin in the register.",
    ),
    ("time_heir_gone", "继承人已不在花名册的户内。", "The heir belongs to no household of the register."),
    (
        "time_month_runs",
        "这个月到{through}才结束，结束后再出对账单。",
        "The month runs until {through}: statements are drawn up when it is over.",
    ),
    ("time_clearing_moved_on", "这张对账单已经处理过。", "This statement was dealt with already."),
    (
        "time_no_reach",
        "这里或那边的细则不允许跨村支取。",
        "The policy here or there lets nobody draw in another village.",
    ),
    ("time_too_young", "还没到支取年龄。", "Too young to draw."),
];
