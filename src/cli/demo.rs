//! `greencoin demo`: fills an empty installation with the demo village and serves it. A second start finds the village
//! there and does not fill it again.

use std::{io::Write, sync::Arc, time::Instant};

use anyhow::{Context, bail};

use super::{config::Serve, serve, telemetry};
use crate::{
    domain::{
        entropy::ChaChaEntropy,
        time::{Day, ManualClock},
    },
    http::state::DemoGuide,
    service::{
        Desk, HashCost,
        caller::Role,
        demo::{
            perform::{
                self, PASSWORD, TOTP_SECRET,
                lately::{PANEL, lately},
            },
            plan::{self, DemoPlan},
        },
        login::code_at,
    },
};

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Where it is kept and served.
    #[command(flatten)]
    pub serve: Serve,
    /// Fill the installation and exit.
    #[arg(long)]
    pub seed_only: bool,
    /// The present of the demo village; today when absent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Day>,
}

/// Runs the demo.
pub async fn run(options: Demo) -> anyhow::Result<()> {
    telemetry::start(&options.serve.log)?;
    let desk = options.serve.books.open_desk().await?;
    let plan = plan::plan(plan::SEED, options.today.unwrap_or_else(|| desk.today()));
    if perform::is_there(&desk).await? {
        say("演示村已在，直接启动。 The demo village is there already.")?;
    } else if desk.is_empty().await? {
        fill(&desk, &plan).await?;
    } else {
        bail!("this installation has users and no demo village: give --data-dir an empty folder");
    }
    if options.seed_only {
        desk.db.close().await;
        return Ok(());
    }
    let guide = guide(&plan);
    introduce(&desk, &options.serve, &guide)?;
    serve::serve(desk, options.serve, Some(guide)).await
}

/// Performs the plan with a clock and a seed of its own, on the installation's database and keys.
async fn fill(desk: &Desk, plan: &DemoPlan) -> anyhow::Result<()> {
    say("正在生成演示村（1,155 户，12 个月）… Filling the demo village …")?;
    let started = Instant::now();
    let clock = Arc::new(ManualClock::new(plan.starts_on.start()));
    let entropy = Arc::new(ChaChaEntropy::from_seed(plan::SEED));
    let mut seeding = Desk::new(desk.db.clone(), clock.clone(), entropy, desk.keys.clone());
    // a thousand PINs: cheap hashes will do for made-up people
    seeding.hash_cost = HashCost::LEAST;
    let tally = perform::perform(&seeding, &clock, plan).await.context("filling the demo village")?;
    lately(&seeding, &clock, plan).await.context("what the demo village did last")?;
    tracing::info!(refusals = ?tally.refusals, "what the rules refused on the way");
    say(&format!(
        "{} 条加减分，{} 次兑换，用时 {:.1} 秒。 {} awards, {} redemptions in {:.1} s.",
        tally.awards,
        tally.redemptions,
        started.elapsed().as_secs_f32(),
        tally.awards,
        tally.redemptions,
        started.elapsed().as_secs_f32()
    ))
}

fn guide(plan: &DemoPlan) -> DemoGuide {
    let shown = ["clerk", "grid01", "review1", "shop1", "audit", "town", "county"];
    let logins = shown.iter().filter_map(|login| plan.staff.iter().find(|s| s.login == *login));
    let household = plan.households.get(plan.showcase).map_or_else(String::new, |h| h.no.to_string());
    let pin = perform::pin_of(&household);
    let mut logins: Vec<(String, Role)> = logins.map(|s| (s.login.clone(), s.role)).collect();
    // a member of the panel, and who watches it
    logins.extend([PANEL[0], PANEL[6]].map(|login| (login.to_owned(), Role::Reviewer)));
    DemoGuide { logins, password: PASSWORD, totp_secret: TOTP_SECRET, household: (household, pin) }
}

fn introduce(desk: &Desk, options: &Serve, guide: &DemoGuide) -> anyhow::Result<()> {
    let scheme = if options.tls_self_signed || options.tls_cert.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{}", options.listen);
    let code = code_at(&guide.totp_secret, desk.now())?;
    say("")?;
    say("演示数据全为虚构。 All of this is made up.")?;
    say(&format!("工作人员 staff      {base}/login     口令 password: {}", guide.password))?;
    for (login, role) in &guide.logins {
        say(&format!("    {login:<8} {}", role.as_str()))?;
    }
    say(&format!(
        "    动态码 code now: {code}（登录页随时显示当前码 · the sign-in page always shows the present one）"
    ))?;
    say(&format!(
        "居民 resident       {base}/login/resident     村号 village 1, 户号 household {}, PIN {}",
        guide.household.0, guide.household.1
    ))?;
    say("")?;
    say("先试三件事 · Three things to try first:")?;
    say("  1. clerk: 搜 “wang”，三下记一笔加分 · search “wang”, record an award in three taps")?;
    say(
        "  2. 居民: 打开兑换码；shop1: 输入码上 48 位数字，选货，确认 · show the code, type its digits at the counter, choose goods",
    )?;
    say(
        "  3. audit: 从任意一行点到规则、经办、复核、公示 · drill from any line down to rule, recorder, reviewer, notice",
    )?;
    say("")
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
