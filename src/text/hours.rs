//! Words of the hours of an award.

use super::refusal::RefusalWords;

catalogue! {
    record_from { zh: "从几点", en: "From" }
    record_to { zh: "到几点", en: "To" }
    record_hours { zh: "起止时间", en: "Hours" }
    record_hours_hint { zh: "按小时计的项目填：同一个人同一时段只记一次。", en: "For items by the hour: the same hours of a person are recorded once." }
}

/// Codes of this area.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "bad_hours",
        "“{text}”不是同一天里先后的两个时间，请写如 08:00 到 10:30。",
        "“{text}” is not from one time of a day to a later one: write 08:00 and 10:30.",
    ),
    (
        "hours_not_taken",
        "{item}不按时间计，请不要填起止时间。",
        "{item} does not count hours: leave the times empty.",
    ),
    (
        "hours_short",
        "起止时间{hours}不够{quantity}小时，请核对。",
        "{hours} is less than {quantity} hours: look again.",
    ),
    (
        "hours_twice",
        "与加减分{no}号（{hours}）时间重叠，同一时段只记一次。",
        "It shares hours with award no. {no} ({hours}): the same hours are recorded once.",
    ),
];
