//! `greencoin rules`: look a rule file over before it is put to the vote, compare two versions, try one out, print the
//! schema for editors. Touches no database: publishing is a use case of its own.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::simulate::{self, Trial};

use crate::{
    domain::{
        lang::Lang,
        ruleset::{self, RuleSet},
    },
    text::T,
};

/// Options of `greencoin rules`.
#[derive(Debug, clap::Args)]
pub struct Rules {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Report every fault of rule files with file, line and item; the exit status is 1 if there is any.
    Check {
        /// Rule files; without any, those shipped with the program.
        files: Vec<PathBuf>,
        /// The language of the words: zh or en.
        #[arg(long, default_value_t = Lang::Zh)]
        lang: Lang,
    },
    /// Print the JSON Schema of rule files.
    Schema,
    /// Tell what a revision changes, in plain words.
    Diff {
        /// The version in force.
        old: PathBuf,
        /// The revision.
        new: PathBuf,
        /// The language of the words: zh or en.
        #[arg(long, default_value_t = Lang::Zh)]
        lang: Lang,
    },
    /// Try a rule file with a year of stated participation: points by item and month, cost, where the ceiling breaks.
    Simulate {
        #[command(flatten)]
        what: Trial,
        /// The language of the words: zh or en.
        #[arg(long, default_value_t = Lang::Zh)]
        lang: Lang,
    },
}

/// Runs the command, writing to standard output.
pub fn run(options: &Rules) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match &options.action {
        Action::Check { files, lang } => check(files, T(*lang), &mut out),
        Action::Schema => Ok(out.write_all(ruleset::schema().as_bytes())?),
        Action::Diff { old, new, lang } => {
            let t = T(*lang);
            diff(&read(old, t)?, &read(new, t)?, t, &mut out)
        }
        Action::Simulate { what, lang } => {
            let t = T(*lang);
            simulate::run(what, &read(&what.file, t)?, t, &mut out)
        }
    }
}

fn text(path: &Path, t: T) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| t.rules_unreadable(path.display()))
}

fn check(files: &[PathBuf], t: T, out: &mut impl Write) -> anyhow::Result<()> {
    let mut faults = 0;
    let mut look = |file: &str, text: &str| -> anyhow::Result<()> {
        match ruleset::parse(text, file) {
            Ok(set) => {
                let (programme, items) = (&set.programme, set.items.len());
                let (code, version) = (&programme.code, programme.version);
                writeln!(out, "{}", t.rules_sound(file, code, version, items, set.hash()))?;
            }
            Err(found) => {
                faults += found.len();
                for fault in found {
                    writeln!(out, "{}", t.rule_fault(&fault))?;
                }
            }
        }
        Ok(())
    };
    if files.is_empty() {
        for (file, text) in ruleset::shipped() {
            look(file, text)?;
        }
    }
    for path in files {
        look(&path.display().to_string(), &text(path, t)?)?;
    }
    if faults > 0 {
        bail!(t.rules_faults_found(faults));
    }
    Ok(())
}

fn read(path: &Path, t: T) -> anyhow::Result<RuleSet> {
    let file = path.display().to_string();
    ruleset::parse(&text(path, t)?, &file).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(|fault| t.rule_fault(fault)).collect();
        anyhow::anyhow!("{}\n{}", t.rules_not_sound(&file), lines.join("\n"))
    })
}

fn diff(old: &RuleSet, new: &RuleSet, t: T, out: &mut impl Write) -> anyhow::Result<()> {
    let changes = ruleset::diff(old, new);
    if changes.is_empty() {
        writeln!(out, "{}", t.rules_same())?;
    }
    for change in changes {
        writeln!(out, "{}", change.words(t.lang()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn faults_are_printed_with_file_line_and_item_and_fail_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let [(_, sound), _] = ruleset::shipped();
        let bad = file(&folder, "bad.toml", &sound.replacen("unit = \"mu\"", "bonus = 1\nunit = \"mu\"", 1));
        let mut out = Vec::new();
        let error = check(std::slice::from_ref(&bad), T(Lang::En), &mut out).unwrap_err();
        assert_eq!(error.to_string(), "faults found: 1; put them right and check again");
        let printed = String::from_utf8(out).unwrap();
        assert!(printed.starts_with(&format!("{}:", bad.display())), "{printed}");
        assert!(printed.contains(": item A7: there is no key `bonus` here"), "{printed}");
        let mut out = Vec::new();
        let error = check(std::slice::from_ref(&bad), T(Lang::Zh), &mut out).unwrap_err();
        assert_eq!(error.to_string(), "发现1处问题，改好后再检查");
        let printed = String::from_utf8(out).unwrap();
        assert!(printed.contains(": item A7: 这里没有 `bonus` 这个键；可用的键：`code`"), "{printed}");
    }

    #[test]
    fn sound_files_are_named_with_their_hash() {
        let mut out = Vec::new();
        check(&[], T(Lang::En), &mut out).unwrap();
        let printed = String::from_utf8(out).unwrap();
        assert!(
            printed.contains("RS-1 v1, 42 items, sound; ") && printed.contains("RS-2 v1, 26 items, sound; ")
        );
    }

    #[test]
    fn a_revision_is_compared_in_either_language() {
        let folder = tempfile::tempdir().unwrap();
        let [(_, sound), _] = ruleset::shipped();
        let old = file(&folder, "old.toml", sound);
        let new = file(&folder, "new.toml", &sound.replacen("cap_month = 60", "cap_month = 80", 1));
        let words = |new: &Path, lang| {
            let mut out = Vec::new();
            let t = T(lang);
            diff(&read(&old, t).unwrap(), &read(new, t).unwrap(), t, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(words(&new, Lang::Zh), "programme: 每月可兑换上限由 60 改为 80\n");
        assert_eq!(words(&new, Lang::En), "programme: redeemable a month from 60 to 80\n");
        assert_eq!(words(&old, Lang::Zh), "两个版本的规则相同\n");
    }
}
