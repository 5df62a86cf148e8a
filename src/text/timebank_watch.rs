//! Words of the time bank's supervision.

catalogue! {
    watch_title { zh: "时间银行运行情况", en: "How the time bank does" }
    watch_hint { zh: "存得进，也要取得出。这里只看数，不排名。", en: "What goes in has to come out. Figures only: nobody is ranked." }
    watch_up_to { zh: "看到哪个月（往前十二个月）", en: "Twelve months up to" }
    watch_hours { zh: "小时", en: "Hours" }
    watch_in_out { zh: "存入与支取", en: "In and out" }
    watch_in_out_what { zh: "存入：订单、集体活动和公示入账的服务时长。支取：用自己或家人的存时，加上公共池出的。每支取1小时对应存入超过5小时就值得看：可能是只存不取。", en: "In: hours of orders, of group activities and of notices. Out: paid from one's own or a relative's savings, or by the public pool. More than five hours in for each hour out is worth a look: a bank that one only pays into." }
    watch_ratio(times) { zh: "每支取1小时，存入{times}小时", en: "{times} hours in for each hour out" }
    watch_nothing_drawn { zh: "这一年还没有人支取", en: "Nothing was drawn in these months" }
    watch_earned { zh: "存入时长", en: "Hours in" }
    watch_drawn { zh: "支取时长", en: "Hours out" }
    watch_drawn_own { zh: "存时支取", en: "From savings" }
    watch_drawn_pool { zh: "公共池支付", en: "From the public pool" }
    watch_drawn_mark(own, pool) { zh: "存时{own}，公共池{pool}", en: "{own} from savings, {pool} from the pool" }
    watch_wait { zh: "等多久有人接", en: "How long people wait" }
    watch_median { zh: "一半等不到这么久（小时）", en: "Half wait no longer (hours)" }
    watch_wait_said(median, most) { zh: "一半在{median}内有人接，九成在{most}内", en: "Half are taken within {median}, nine in ten within {most}" }
    watch_wait_what { zh: "从发布到第一次有人接单，按发布的月份算；没人接的不在内，见下面。", en: "From asking until somebody first takes it, by the month it was asked in. What nobody took is counted below." }
    watch_unfilled { zh: "没人接的", en: "Taken by nobody" }
    watch_share { zh: "占比", en: "Share" }
    watch_unfilled_what { zh: "从来没人接过，已取消或已过了时间。超过五分之一就值得看：人手、时段还是地点不合适。", en: "Never taken by anybody, and called off or past its hour. More than one in five is worth a look: too few people, the wrong hours, the wrong places." }
    watch_limit(share) { zh: "{share}以上值得看", en: "above {share}: worth a look" }
    watch_part(part, whole, share) { zh: "{whole}单中{part}单，占{share}", en: "{part} of {whole}, {share}" }
    watch_who { zh: "谁在用", en: "Who takes part" }
    watch_phone { zh: "电话代约的", en: "Asked for by phone" }
    watch_young(age) { zh: "{age}岁以下的志愿者", en: "Volunteers under {age}" }
    watch_young_part(part, whole, share) { zh: "{whole}人中{part}人，占{share}", en: "{part} of {whole}, {share}" }
    watch_who_what { zh: "志愿者按今年周岁算，不知道出生年的不在内。", en: "By the age reached in the year; those whose year of birth is not known are left out." }
}
