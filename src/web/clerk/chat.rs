//! A notice sheet as text for the village's chat groups. Clerks otherwise paste spreadsheets with full names.

use super::notices::SheetView;
use crate::text::T;

/// A text for a chat group.
pub struct Chat {
    /// Whose group it is for.
    pub group: String,
    /// What to paste.
    pub text: String,
}

/// The sheet as text for chat groups, the whole village's first and then each group's: names masked, no numbers of
/// households.
#[must_use]
pub fn chats(t: T, s: &SheetView) -> Vec<Chat> {
    let text = |place: &str, group: Option<&str>| {
        let mut out = format!(
            "【{} {}】{place}\n{}\n",
            t.notice_no(s.line.no),
            s.line.title,
            t.notice_until(&s.line.closes)
        );
        if let Some(recall) = &s.recall {
            out.push_str(&format!("{}{}：{}\n", t.recall_read(), t.recall_because(), recall.because));
        }
        for r in s.rows.iter().filter(|r| group.is_none_or(|group| r.group == group)) {
            let late = if r.late { format!("（{}）", t.late_mark()) } else { String::new() };
            out.push_str(&format!("{}. {} {} {}{late} {}\n", r.line, r.group, r.name, r.item, r.amount));
        }
        out.push_str(t.notice_how_to_object());
        out.push_str(&t.board_elsewhere(s.village_no));
        out
    };
    let mut groups: Vec<&str> = s.rows.iter().map(|r| r.group.as_str()).collect();
    groups.dedup();
    groups.sort_unstable();
    groups.dedup();
    let whole = Chat { group: s.place.clone(), text: text(&s.place, None) };
    let each = groups.iter().filter(|_| groups.len() > 1).map(|group| {
        let place = t.notice_board(group);
        Chat { text: text(&place, Some(group)), group: (*group).to_owned() }
    });
    std::iter::once(whole).chain(each).collect()
}
