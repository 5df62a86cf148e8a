//! Words of printed sheets: notices, cards, slips, passbook lines.

catalogue! {
    print_slip_title { zh: "绿币爱心超市 兑换凭条", en: "GreenCoin love supermarket receipt" }
    print_slip_sign { zh: "领取人签字（按手印）：________", en: "Received by (signature): ________" }
    print_card_household { zh: "户号", en: "Household" }
    print_card_hint { zh: "凭卡兑换，丢失请立即找村文书挂失", en: "Show this card to redeem. Lost? Tell the village clerk at once" }
}
