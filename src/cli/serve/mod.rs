//! `greencoin serve`: opens the books, serves pages and API, and closes in order when told to stop.

use anyhow::Context;
use std::io::Write;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{config::Serve, telemetry};
use crate::{
    api,
    http::{
        App, AppState, build_app, listen,
        state::{DemoGuide, Site},
    },
    jobs,
    service::{Desk, setup::SetupToken},
    web,
};

mod lifecycle;
mod tls;

/// Pages and API inside all layers: what `serve` serves and tests call.
pub fn app(state: AppState) -> App {
    let routes = api::routes(&state).merge(web::routes(&state));
    build_app(state, routes)
}

/// `greencoin serve`.
pub async fn run(options: Serve) -> anyhow::Result<()> {
    telemetry::start(&options.log)?;
    let desk = options.open_desk().await?;
    serve(desk, options, None).await
}

/// Serves until SIGTERM or SIGINT; `demo` are the sign-ins that the demo shows on its pages.
pub(super) async fn serve(desk: Desk, options: Serve, demo: Option<DemoGuide>) -> anyhow::Result<()> {
    let acceptor = match (&options.tls_cert, &options.tls_key, options.tls_self_signed) {
        (Some(cert), Some(key), _) => Some(tls::from_files(cert, key)?),
        (_, _, true) => Some(tls::self_signed(options.listen.ip())?),
        _ => None,
    };
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let at = listener.local_addr()?;
    let scheme = if acceptor.is_some() { "https" } else { "http" };
    let setup = offer_setup(&desk, &format!("{scheme}://{at}")).await?;
    let site = Site {
        secure: acceptor.is_some() || options.behind_tls,
        behind_proxy: options.behind_tls,
        filing_number: options.filing_number.clone(),
        demo,
    };
    let state = AppState::new(desk.clone(), site, setup, web::frame::error_page);
    let stop = CancellationToken::new();
    let serving = tokio::spawn(listen::serve(listener, acceptor, app(state), stop.clone()));
    let working = tokio::spawn(jobs::run(desk.clone(), stop.clone()));
    tracing::info!(%at, scheme, engine = desk.db.engine().as_str(), "serving");
    lifecycle::told_to_stop().await?;
    tracing::info!("stopping: finishing what is in hand");
    stop.cancel();
    serving.await.context("serving broke")?;
    working.await.context("the jobs broke")?;
    desk.poster.drain().await;
    desk.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// On an empty installation prints the one-time link that makes the first administrator.
async fn offer_setup(desk: &Desk, base: &str) -> anyhow::Result<Option<SetupToken>> {
    if !desk.is_empty().await? {
        return Ok(None);
    }
    let token = desk.random_hex();
    let mut out = std::io::stdout().lock();
    writeln!(out, "还没有管理员。请在浏览器打开 · No administrator yet. Open in a browser:")?;
    writeln!(out, "{base}/setup?token={token}")?;
    out.flush()?;
    Ok(Some(SetupToken::of(&token)))
}
