//! Words for what the books store as codes: who, by what, from where, with what result. A code without words here is
//! shown as nothing, never as itself.

use super::T;

catalogue! {
    who_system { zh: "系统", en: "the system" }
    who_resident { zh: "居民本人", en: "a resident" }
    credential_phone { zh: "手机兑换码", en: "phone code" }
    credential_card { zh: "积分卡", en: "card" }
    credential_card_pin { zh: "积分卡加密码", en: "card and PIN" }
    source_award { zh: "加减分记录", en: "award" }
    source_order { zh: "兑换单", en: "redemption" }
    source_reversal { zh: "冲正申请", en: "request for a reversal" }
    meter_card { zh: "积分卡当日限额（分）", en: "the card's limit of the day (points)" }
    meter_quota { zh: "每户限兑（件）", en: "the household's quota (pieces)" }
    meter_receipt { zh: "凭条连号", en: "number of the receipt" }
    meter_posted_once { zh: "公示的一行只入账一次", en: "a line of a notice posts once" }
    meter_once { zh: "只用一次", en: "used once" }
    meter_other { zh: "编号", en: "number" }
    meter_of(after, ceiling) { zh: "{after}，上限{ceiling}", en: "{after} of {ceiling}" }
    reviewed_review { zh: "初审", en: "first review" }
    reviewed_panel { zh: "评议", en: "panel" }
    reviewed_recheck { zh: "两委复核", en: "recheck" }
    reviewed_township { zh: "乡镇核", en: "township check" }
    happened_import { zh: "导入", en: "Imported" }
    happened_open { zh: "立户", en: "Opened" }
    happened_join { zh: "迁入或增加成员", en: "A member came" }
    happened_leave { zh: "成员迁出或去世", en: "A member left" }
    happened_state { zh: "状态变更", en: "State changed" }
    happened_kin { zh: "登记亲属关系", en: "Kin written down" }
    happened_kin_withdraw { zh: "撤销亲属关系", en: "Kin taken back" }
    happened_set_pin { zh: "设置密码", en: "PIN set" }
    pieces_of(sku) { zh: "件（商品{sku}号）", en: "pieces of article {sku}" }
    hours_amount(hours) { zh: "{hours}小时", en: "{hours} h" }
    minutes_only(minutes) { zh: "{minutes}分钟", en: "{minutes} min" }
}

impl T {
    /// An actor as the service names them: a name, or what stands for nobody's.
    #[must_use]
    pub fn who(self, name: impl AsRef<str>) -> String {
        match name.as_ref() {
            "system" => self.who_system().to_owned(),
            "unnamed" => self.who_unnamed().to_owned(),
            name if name.starts_with("household:") => self.who_resident().to_owned(),
            name => name.to_owned(),
        }
    }

    /// What a household showed at the counter.
    #[must_use]
    pub fn credential(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref() {
            "phone" => self.credential_phone(),
            "card" => self.credential_card(),
            "card_pin" => self.credential_card_pin(),
            "pickup" => self.orders_code(),
            _ => "",
        }
    }

    /// What a posting came from (`award:…`).
    #[must_use]
    pub fn source(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref().split(':').next() {
            Some("award") => self.source_award(),
            Some("order") => self.source_order(),
            Some("offline") => self.source_offline(),
            Some("reversal") => self.source_reversal(),
            _ => "",
        }
    }

    /// What a posting counted against (`card:H0012:2026-06-03`).
    #[must_use]
    pub fn meter(self, code: impl AsRef<str>) -> &'static str {
        let code = code.as_ref();
        match code.split(':').next() {
            Some("card") => self.meter_card(),
            Some("offline") => self.meter_offline(),
            Some("quota") => self.meter_quota(),
            Some("receipt") => self.meter_receipt(),
            Some("once") if code.starts_with("once:award:") => self.meter_posted_once(),
            Some("once") => self.meter_once(),
            _ => self.meter_other(),
        }
    }

    /// A step of the review that was taken.
    #[must_use]
    pub fn review_step(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref() {
            "review" => self.reviewed_review(),
            "panel" => self.reviewed_panel(),
            "recheck" => self.reviewed_recheck(),
            "township" => self.reviewed_township(),
            _ => "",
        }
    }

    /// What a reviewer said.
    #[must_use]
    pub fn verdict(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref() {
            "approve" => self.verdict_approve(),
            "return" => self.verdict_return(),
            "reject" => self.verdict_reject(),
            _ => "",
        }
    }

    /// Where an award stands, or stood.
    #[must_use]
    pub fn award_state(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref() {
            "recorded" => self.award_recorded(),
            "returned" => self.award_returned(),
            "approved" => self.award_approved(),
            "in_notice" => self.award_in_notice(),
            "objected" => self.award_objected(),
            "rejected" => self.award_rejected(),
            "posted" => self.award_posted(),
            "reversed" => self.award_reversed(),
            _ => "",
        }
    }

    /// Where an objection stands.
    #[must_use]
    pub fn objection_state(self, code: impl AsRef<str>) -> &'static str {
        match code.as_ref() {
            "upheld" => self.objection_upheld(),
            "dismissed" => self.objection_dismissed(),
            _ => self.objection_open(),
        }
    }

    /// What happened to a household, by the verb of its history.
    #[must_use]
    pub fn household_verb(self, verb: impl AsRef<str>) -> &'static str {
        match verb.as_ref() {
            "import" => self.happened_import(),
            "open" => self.happened_open(),
            "join" => self.happened_join(),
            "leave" => self.happened_leave(),
            "state" => self.happened_state(),
            "set_pin" => self.happened_set_pin(),
            "kin" => self.happened_kin(),
            "kin_withdraw" => self.happened_kin_withdraw(),
            _ => "",
        }
    }

    /// Minutes of service as people say them: `3小时`, `1小时30分钟`, `45分钟`.
    #[must_use]
    pub fn service_time(self, minutes: i64) -> String {
        match (minutes / 60, minutes % 60) {
            (0, 0) => self.hours_amount(0),
            (0, rest) => self.minutes_only(rest),
            (hours, 0) => self.hours_amount(hours),
            (hours, rest) => self.minutes_amount(hours, rest.abs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn time_is_said_without_idle_zeros() {
        let t = T(Lang::Zh);
        for (minutes, said) in
            [(0, "0小时"), (45, "45分钟"), (180, "3小时"), (90, "1小时30分钟"), (-90, "-1小时30分钟")]
        {
            assert_eq!(t.service_time(minutes), said);
        }
        assert_eq!(T(Lang::En).service_time(180), "3 h");
    }

    #[test]
    fn nobody_is_called_by_a_code() {
        let t = T(Lang::Zh);
        assert_eq!(t.who("system"), "系统");
        assert_eq!(t.who("household:0198"), "居民本人");
        assert_eq!(t.who("刘芳"), "刘芳");
        assert_eq!(t.credential("card_pin"), "积分卡加密码");
        assert_eq!(t.meter("once:award:0198"), "公示的一行只入账一次");
    }
}
