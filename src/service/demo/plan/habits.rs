//! The small occasions of a village year: how often, how many, for what item.

/// Whom an occasion concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Households of one grid.
    Households,
    /// Grown-ups of one grid.
    People,
}

/// An occasion that returns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habit {
    /// The item.
    pub(super) item: &'static str,
    /// What it is called.
    pub(super) occasion: &'static str,
    /// The months it falls in; empty for all.
    pub(super) months: &'static [u8],
    /// Occasions in such a month.
    pub(super) times: usize,
    /// Lines of an occasion.
    pub(super) lines: (i32, i32),
    /// Whom.
    pub(super) whom: Whom,
    /// Quantity: from, to, in steps of.
    pub(super) quantity: (i32, i32, i32),
    /// The grade.
    pub(super) grade: Option<&'static str>,
}

const fn habit(item: &'static str, occasion: &'static str, whom: Whom) -> Habit {
    Habit { item, occasion, months: &[], times: 1, lines: (1, 1), whom, quantity: (1, 1, 1), grade: None }
}

use Whom::{Households, People};

/// All of them.
pub(super) const HABITS: &[Habit] = &[
    Habit {
        lines: (2, 4),
        quantity: (3, 8, 1),
        grade: Some("paper"),
        ..habit("A3", "可回收物交投：纸类", Households)
    },
    Habit {
        lines: (2, 4),
        quantity: (40, 100, 20),
        grade: Some("bottles"),
        ..habit("A3", "可回收物交投：瓶罐", Households)
    },
    Habit {
        months: &[3, 4, 5, 8, 9],
        lines: (2, 4),
        quantity: (500, 2_000, 500),
        ..habit("A4", "农膜农药瓶回收", Households)
    },
    Habit {
        months: &[5, 10],
        times: 2,
        lines: (3, 5),
        quantity: (1, 3, 1),
        ..habit("A7", "秸秆还田验收", Households)
    },
    Habit { times: 2, lines: (3, 4), ..habit("B1", "夜间治安巡防", People) },
    Habit { lines: (1, 2), grade: Some("minor"), ..habit("B2", "隐患上报核实", Households) },
    Habit { months: &[4, 9], times: 3, lines: (12, 16), ..habit("B3", "反诈消防培训", People) },
    Habit { months: &[1, 2, 4, 6, 8, 9, 11], ..habit("B4", "邻里纠纷自行化解", Households) },
    Habit { quantity: (5, 10, 1), ..habit("B5", "协助调解", People) },
    Habit { months: &[2, 3], times: 2, lines: (2, 3), ..habit("B7", "务工信息登记", Households) },
    Habit { months: &[1, 2, 3, 12], times: 2, lines: (3, 5), ..habit("C2", "沟渠清淤投工", People) },
    Habit { months: &[3, 6, 9, 12], times: 6, lines: (16, 22), ..habit("C3", "院坝会", Households) },
    Habit { months: &[2, 5, 7, 10], ..habit("C4", "村民建议采纳", People) },
    Habit { months: &[1, 8], lines: (1, 2), quantity: (5, 30, 5), ..habit("C5", "捐款助学", Households) },
    Habit { lines: (3, 4), ..habit("C6", "护路护河岗月度验收", Households) },
    Habit { times: 3, lines: (2, 4), ..habit("C7", "探望独居老人", People) },
    Habit { months: &[5, 11], lines: (1, 2), ..habit("C8", "无偿献血", People) },
    Habit { months: &[1, 6, 10], ..habit("D1", "红白事简办", Households) },
    Habit {
        months: &[3, 9],
        lines: (1, 3),
        grade: Some("village"),
        ..habit("D2", "村级文明家庭", Households)
    },
    Habit { times: 2, lines: (2, 4), ..habit("D3", "邻里互助", Households) },
    Habit { months: &[4, 7, 12], quantity: (5, 10, 1), ..habit("D4", "拾金不昧", People) },
    Habit { months: &[6, 11], lines: (3, 5), ..habit("D5", "技能培训结业", People) },
    Habit { lines: (2, 3), ..habit("D6", "教老人用手机", People) },
    Habit {
        months: &[10], lines: (2, 3), grade: Some("first"), ..habit("D7", "美丽庭院一等", Households)
    },
    Habit {
        months: &[10], lines: (4, 6), grade: Some("second"), ..habit("D7", "美丽庭院二等", Households)
    },
    Habit { months: &[3, 5, 8, 11], lines: (1, 2), ..habit("F1", "提醒两次仍乱堆乱放", Households) },
    Habit { months: &[7, 12], ..habit("F2", "乱倒污水", Households) },
    Habit { months: &[4, 9], ..habit("F6", "犬只散养扰邻", Households) },
];
