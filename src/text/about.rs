//! Words that anybody may read without signing in: complaints, and what is kept about people.

catalogue! {
    complaints_line { zh: "对公示中的一行有异议", en: "You disagree with a line on a notice" }
    complaints_line_how {
        zh: "登录后在“公示”里点那一行的“提异议”；没有手机的，到村委会找村文书登记，也可以投意见箱，不署名也受理。这一行的公示计时随即暂停，查清以后再计。",
        en: "Sign in and choose “Object” beside the line under “Notices”. Without a phone, ask the village clerk to enter it, or use the paper box, named or not. The clock of that line stops until it is decided."
    }
    complaints_village { zh: "对积分、兑换点或工作人员有意见", en: "You are not content with points, a counter or a person" }
    complaints_village_how {
        zh: "请告诉村务监督委员会或村文书。每一笔积分都查得到规则、记录人、审核人和公示；记错的由另一个人批准后冲正，原来的一笔保留。",
        en: "Tell the village's supervision committee or the clerk. Every point can be traced to its rule, recorder, reviewer and notice; a mistake is reversed after a second person agrees, and the first entry stays."
    }
    complaints_above { zh: "村里没有解决", en: "The village did not settle it" }
    complaints_above_how {
        zh: "请联系乡镇，或拨打12345。提意见不会扣分，也不影响任何待遇。",
        en: "Ask the township, or call 12345. Complaining costs no points and touches no benefit."
    }
    privacy_kept { zh: "记什么", en: "What is kept" }
    privacy_kept_what {
        zh: "姓名、出生年份、与户主的关系、自愿留下的手机号；每一笔积分和时长、依据、记录人、审核人；兑换的物品。",
        en: "Name, year of birth, place in the household, a phone number if you gave one; every point and hour with its reason, recorder and reviewers; goods taken."
    }
    privacy_not_kept { zh: "不记什么", en: "What is not kept" }
    privacy_not_kept_what {
        zh: "不记身份证号，不采人脸，不记行踪。积分卡上没有姓名。",
        en: "No identity number, no face, no whereabouts. The printed card bears no name."
    }
    privacy_shown { zh: "谁看得到", en: "Who sees it" }
    privacy_shown_what {
        zh: "本户看自己的；本村工作人员看职责以内的；公示只写组名和遮掩后的姓名，未成年人不写姓名。别的村看不到。",
        en: "A household sees its own; staff of the village what their work needs; notices show the group and a masked name, and never name a minor. Other villages see nothing."
    }
    privacy_term { zh: "记多久", en: "How long" }
    privacy_term_what {
        zh: "积分账按会计凭证保存三十年，只增不改；手机号到销户为止。",
        en: "The ledger is kept thirty years like accounting vouchers, and never rewritten; a phone number until the account is closed."
    }
    privacy_rights { zh: "您可以", en: "You may" }
    privacy_rights_what {
        zh: "查看、更正、要一份自己的记录，或者退出积分。不参加，不影响办理村里的任何事。",
        en: "See and correct your record, ask for a copy, or leave the programme. Not taking part changes nothing in what the village does for you."
    }
}
