//! The message catalogue: every sentence a person reads, in both languages, checked by the compiler.
//!
//! A message is a method of [`T`]. Each area has its own file; a page takes `t: T` and says `{{ t.save() }}` or
//! `{{ t.points_left(points) }}`. Rule and goods names are village content and do not live here.
//! Imports [`crate::domain`] only.

use crate::domain::lang::Lang;

/// Declares messages as methods of [`T`].
///
/// ```text
/// catalogue! {
///     save { zh: "保存", en: "Save" }
///     points_left(points) { zh: "余{points}分", en: "{points} points left" }
/// }
/// ```
///
/// A message without arguments is a `&'static str`, one with arguments a `String`; arguments are anything that displays.
/// A missing language, an unknown message, an unknown argument, and an argument that one language forgets to use are
/// compile errors. Names are shared by all files, so a message that belongs to one page carries its area: `shop_…`.
macro_rules! catalogue {
    ($($id:ident $(($($arg:ident),+ $(,)?))? { zh: $zh:literal, en: $en:literal $(,)? })*) => {
        impl $crate::text::T {
            $(catalogue!(@one $id $(($($arg),+))? $zh, $en);)*
        }
    };
    (@one $id:ident $zh:literal, $en:literal) => {
        #[doc = $zh]
        #[must_use]
        pub fn $id(self) -> &'static str {
            match self.0 {
                $crate::domain::lang::Lang::Zh => $zh,
                $crate::domain::lang::Lang::En => $en,
            }
        }
    };
    (@one $id:ident ($($arg:ident),+) $zh:literal, $en:literal) => {
        #[doc = $zh]
        #[must_use]
        pub fn $id(self, $($arg: impl std::fmt::Display),+) -> String {
            match self.0 {
                $crate::domain::lang::Lang::Zh => format!($zh, $($arg = $arg),+),
                $crate::domain::lang::Lang::En => format!($en, $($arg = $arg),+),
            }
        }
    };
}

mod about;
mod activity;
mod admin;
mod audit;
mod bulk;
mod bystander;
mod claim;
mod clerk;
mod codes;
mod common;
mod course;
mod disclosure;
mod errors;
pub mod fairness;
mod goods;
mod hours;
pub mod identity;
mod import;
mod inspection;
mod ledger;
mod matter;
mod money;
mod offline;
mod order;
mod panel;
mod periods;
mod print;
mod proof;
mod proposals;
mod recall;
mod recognition;
pub mod refusal;
mod register;
mod reminder;
mod resident;
mod rules;
mod sheet;
pub mod shop;
mod simulate;
pub mod star;
mod stock;
mod time;
mod timebank;
mod webhook;

/// The catalogue in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct T(pub Lang);

impl T {
    /// The language it speaks.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.0
    }

    /// Village content in the reader's language: the Chinese name, or the English one where there is one.
    #[must_use]
    pub fn name<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Lang::En if !en.is_empty() => en,
            Lang::En | Lang::Zh => zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_speaks_both_languages() {
        assert_eq!(T(Lang::Zh).points_left("35"), "余35分");
        assert_eq!(T(Lang::En).points_left("35"), "35 points left");
        assert_eq!(T(Lang::Zh).save(), "保存");
    }

    #[test]
    fn village_content_without_an_english_name_keeps_its_chinese_one() {
        assert_eq!(T(Lang::En).name("卷纸", ""), "卷纸");
        assert_eq!(T(Lang::En).name("卷纸", "Toilet paper"), "Toilet paper");
        assert_eq!(T(Lang::Zh).name("卷纸", "Toilet paper"), "卷纸");
    }
}
