//! `greencoin rules simulate`: what a year under a rule file comes to, before anybody votes on it. Touches no database:
//! people's participation is stated in a file, the money by an amount.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use serde_json::{Value, json};

use crate::{
    domain::{
        amount::{points, yuan},
        rule::ItemCode,
        ruleset::RuleSet,
        simulate::{
            Money, Outcome, months_later,
            participation::{self, Participation, Unusable},
            simulate,
        },
        time::Period,
    },
    text::T,
};

/// What is tried, and with what.
#[derive(Debug, clap::Args)]
pub(super) struct Trial {
    /// The rule file.
    pub(super) file: PathBuf,
    /// Who takes part in what, how often; without it, the participation shipped with the rural sample.
    #[arg(long, value_name = "FILE")]
    participation: Option<PathBuf>,
    /// The money behind the points, in yuan: tells how long it lasts.
    #[arg(long)]
    yuan: Option<String>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Tries the rule set and prints what comes of it.
pub(super) fn run(options: &Trial, set: &RuleSet, t: T, out: &mut impl Write) -> anyhow::Result<()> {
    let stated = stated(options.participation.as_deref(), t)?;
    let money = options.yuan.as_deref().map(|text| {
        let fen = crate::domain::amount::parse_points(text).ok_or_else(|| anyhow!(t.sim_bad_yuan(text)))?;
        anyhow::Ok(Money { backing_fen: fen, outstanding: 0 })
    });
    // the first whole calendar year of the rules: caps of a year are counted over it
    let (year, next) = set.programme.effective_from.period(Period::Year);
    let first = if year == set.programme.effective_from { year } else { months_later(next, 0) };
    let size = stated.village;
    let outcome = simulate(set, size.village(), first, &stated.facts(size, first), money.transpose()?);
    if options.json {
        serde_json::to_writer_pretty(&mut *out, &as_json(&outcome))?;
        return Ok(writeln!(out)?);
    }
    table(&outcome, t, out)
}

fn stated(path: Option<&Path>, t: T) -> anyhow::Result<Participation> {
    let (file, text) = match path {
        Some(path) => {
            let file = path.display().to_string();
            let text = std::fs::read_to_string(path).with_context(|| t.rules_unreadable(&file))?;
            (file, text)
        }
        None => {
            let (file, text) = participation::shipped();
            (file.to_owned(), text.to_owned())
        }
    };
    participation::parse(&text).map_err(|wrong| {
        anyhow!(match wrong {
            Unusable::Unreadable { line, detail } => t.sim_unusable(&file, line, detail),
            Unusable::TooLong => t.sim_unusable_long(&file),
            Unusable::Village => t.sim_unusable_village(&file),
            Unusable::Figure { item, field } => t.sim_unusable_figure(&file, item, field),
        })
    })
}

fn table(o: &Outcome, t: T, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{}", t.sim_usage_title(&o.programme, o.version, o.households))?;
    let heads = [t.sim_column_points(), t.sim_column_yuan(), t.sim_column_households()];
    writeln!(out, "\n{:<6}{:>12}{:>14}{:>10}", "", heads[0], heads[1], heads[2])?;
    for i in o.items.iter().filter(|i| i.facts > 0) {
        let (code, name) = (i.item.as_str(), i.name.get(t.lang()));
        writeln!(out, "{code:<6}{:>12}{:>14}{:>10}  {name}", points(i.points), yuan(i.fen), i.households)?;
    }
    writeln!(out)?;
    for m in &o.months {
        let (year, month, _) = m.month.ymd();
        let mark = if m.above_soft { " *" } else { "" };
        writeln!(out, "{year}-{month:02}{:>11}{:>14}{mark}", points(m.points), yuan(m.fen))?;
    }
    writeln!(out, "*: {}", t.sim_soft(points(o.soft_ceiling)))?;
    writeln!(out)?;
    let (total, ceiling, percent) = (points(o.points), points(o.ceiling), o.of_ceiling_percent());
    match o.overrun {
        None => writeln!(out, "{}", t.sim_within(total, ceiling, percent))?,
        Some(over) => {
            let (year, month, _) = over.month.ymd();
            writeln!(out, "{}", t.sim_over(total, ceiling, percent))?;
            writeln!(out, "{}", t.sim_breaks(format!("{year}-{month:02}"), points(over.shortage)))?;
        }
    }
    writeln!(out, "{}: {}", t.sim_cost(), t.yuan_amount(yuan(o.fen)))?;
    let reached = t.sim_households(o.reached, o.households, points(o.reached_permille() * 10));
    writeln!(out, "{}: {reached}", t.sim_reached())?;
    let never: Vec<_> = o.never.iter().map(ItemCode::as_str).collect();
    writeln!(out, "{}: {}", t.sim_never(), never.join(" "))?;
    let unknown: Vec<_> = o.unknown.keys().map(String::as_str).collect();
    if !unknown.is_empty() {
        writeln!(out, "{}: {}", t.sim_unknown(), unknown.join(" "))?;
    }
    if let Some(money) = o.money {
        let lasts = money.runs_out.map_or_else(|| t.sim_lasts().to_owned(), |day| t.sim_until(day));
        writeln!(out, "{}: {lasts}", t.sim_runs_out())?;
        let after = money.coverage_after.map_or_else(|| "—".to_owned(), points);
        writeln!(out, "{}: {after}", t.sim_coverage())?;
    }
    Ok(())
}

/// Points and yuan as decimal text, as the API says them.
fn as_json(o: &Outcome) -> Value {
    let items = o.items.iter().map(|i| {
        json!({ "item": i.item, "name": i.name.zh, "facts": i.facts, "awards": i.awards, "cut": i.cut,
            "refused": i.refused, "points": points(i.points), "honor": points(i.honor), "yuan": yuan(i.fen),
            "households": i.households, "by_month": i.by_month.iter().map(|p| points(*p)).collect::<Vec<_>>() })
    });
    let items = items.collect::<Vec<_>>();
    let months = o.months.iter().map(|m| {
        json!({ "month": m.month, "awards": m.awards, "points": points(m.points), "yuan": yuan(m.fen),
            "so_far": points(m.so_far), "above_soft_ceiling": m.above_soft })
    });
    let months = months.collect::<Vec<_>>();
    json!({
        "programme": o.programme, "version": o.version, "facts": o.facts, "awards": o.awards,
        "points": points(o.points), "yuan": yuan(o.fen), "ceiling": points(o.ceiling),
        "ceiling_breaks": o.overrun.map(|over| over.month),
        "shortage": o.overrun.map(|over| points(over.shortage)),
        "households": o.households, "reached": o.reached, "never": o.never, "unknown": o.unknown,
        "coverage_after": o.money.and_then(|m| m.coverage_after).map(points),
        "runs_out": o.money.and_then(|m| m.runs_out),
        "items": items, "months": months,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{lang::Lang, ruleset};

    fn rural(changed: impl Fn(&str) -> String) -> RuleSet {
        let [(file, text), _] = ruleset::shipped();
        ruleset::parse(&changed(text), file).unwrap()
    }

    fn printed(set: &RuleSet, yuan: Option<&str>, json: bool, lang: Lang) -> String {
        let yuan = yuan.map(str::to_owned);
        let options = Trial { file: PathBuf::new(), participation: None, yuan, json };
        let mut out = Vec::new();
        run(&options, set, T(lang), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_rural_sample_is_within_its_ceiling_and_money_for_half_a_year_is_not_enough() {
        let text = printed(&rural(str::to_owned), Some("20000"), false, Lang::En);
        for part in [
            "RS-1 v1, 1155 households, twelve months",
            "About 78652 points a year: within the ceiling of 80000 (98%).",
            "Worth: 39326.00 yuan",
            "Items that never fire: V4 F2 F3 F4 F5 F6 F7 F8",
            "not enough from 2025-07-",
            "Coverage: 0.5",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }

    #[test]
    fn a_second_clean_up_day_names_the_month_and_the_shortage() {
        // the only cap of a person that is once a month is the one of A5
        let once = "per = \"person\", period = \"month\", times = 1";
        let set = rural(|text| text.replacen(once, "per = \"person\", period = \"month\", times = 2", 1));
        assert!(printed(&set, None, false, Lang::Zh).contains("2025-11冲破上限，全年差15932分。"));
        let said: Value = serde_json::from_str(&printed(&set, None, true, Lang::Zh)).unwrap();
        assert_eq!((&said["points"], &said["ceiling_breaks"]), (&json!("95932"), &json!("2025-11-01")));
        assert_eq!(said["shortage"], "15932");
    }
}
