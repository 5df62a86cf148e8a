//! Which article each of the hard lines rests on, so that a refusal says by what law. The Law of Organisation of the
//! Villagers' Committees is cited by the numbers of its 2018 text.

use super::Wrong;
use crate::domain::wording::Words;

const COMMITTEES_27: Words = Words {
    zh: "《村民委员会组织法》（2018年条号）第二十七条：不得侵犯村民的人身权利、民主权利和合法财产权利",
    en: "Law of Organisation of the Villagers' Committees (2018 numbering) art. 27: no infringement of villagers' personal, \
         democratic and property rights",
};

/// The article behind a hard line; nothing for what is no hard line.
#[must_use]
pub const fn article(wrong: Wrong) -> Option<Words> {
    Some(match wrong {
        Wrong::TopicPetition | Wrong::TopicRedress => Words {
            zh: "《宪法》第四十一条：公民有申诉、控告、检举的权利",
            en: "Constitution art. 41: the right to complain, accuse and inform",
        },
        Wrong::TopicBenefits | Wrong::TopicServices | Wrong::TopicDebt => COMMITTEES_27,
        Wrong::TopicFines => Words {
            zh: "《行政处罚法》第十七条：处罚由有处罚权的行政机关实施",
            en: "Administrative Penalty Law art. 17: only authorities with the power impose penalties",
        },
        Wrong::TopicMoney => Words {
            zh: "《中国人民银行法》第二十条：不得印制、发售代币票券代替人民币",
            en: "Law of the People's Bank art. 20: no tokens in place of money",
        },
        Wrong::TopicFamily => Words {
            zh: "《妇女权益保障法》第三十二条：生育由妇女依法自主决定",
            en: "Law on the Protection of Women's Rights art. 32: women decide on having children",
        },
        Wrong::TopicBelief => Words {
            zh: "《宪法》第三十六条：宗教信仰自由",
            en: "Constitution art. 36: freedom of belief",
        },
        Wrong::TopicSpeech => Words {
            zh: "《宪法》第三十五条：言论自由",
            en: "Constitution art. 35: freedom of speech",
        },
        Wrong::TopicBlackList => Words {
            zh: "《个人信息保护法》第二十五条：不得公开处理的个人信息",
            en: "Personal Information Protection Law art. 25: personal information is not made public",
        },
        Wrong::TopicRanking => Words {
            zh: "国办函〔2026〕12号第六条：不得强制打卡签到、积分排名",
            en: "State Council General Office letter (2026) 12 art. 6: no compulsory check-in, no ranking by points",
        },
        Wrong::TopicFace => Words {
            zh: "《个人信息保护法》第二十八条：敏感个人信息须有特定目的和充分必要性",
            en: "Personal Information Protection Law art. 28: sensitive information needs a specific purpose and necessity",
        },
        Wrong::TopicHealth => Words {
            zh: "《残疾人保障法》第三条、《个人信息保护法》第二十八条",
            en: "Law on the Protection of Disabled Persons art. 3, Personal Information Protection Law art. 28",
        },
        Wrong::TopicVoluntary => Words {
            zh: "《志愿服务条例》第二十五条：不得强行指派志愿服务",
            en: "Regulations on Voluntary Service art. 25: no compulsory assignment",
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forbidden_topic_names_its_article() {
        for wrong in Wrong::ALL.iter().filter(|w| w.as_str().starts_with("topic_")) {
            assert!(article(*wrong).is_some(), "{}", wrong.as_str());
        }
        assert!(article(Wrong::CodeEmpty).is_none());
    }
}
