//! What pages weigh: for each role the pages its menu leads to, then every file they load, as sent and compressed.

use std::collections::BTreeSet;

use anyhow::Context;
use hyper::StatusCode;

use super::{served::Served, sheet::Figure};
use crate::{
    domain::{household::HouseholdNo, ids::BookId},
    http::session::SESSION_COOKIE,
    service::{
        Desk,
        caller::Resident,
        session::{Owner, Stage},
    },
    store,
};

/// Logins of the demo village, one a role, and the page each begins at.
const LOGINS: [(&str, &str); 6] = [
    ("clerk", "/clerk"),
    ("review1", "/review"),
    ("shop1", "/shop"),
    ("audit", "/audit"),
    ("town", "/township"),
    ("county", "/admin"),
];

/// The weights, page by page; pages first, then files.
pub(super) async fn measure(desk: &Desk, book: BookId, served: &Served) -> anyhow::Result<Vec<Figure>> {
    let (mut figures, mut files) = (Vec::new(), BTreeSet::new());
    for path in ["/login", "/login/resident"] {
        weigh(served, path, "", &mut figures, &mut files).await?;
    }
    let household = household(desk, book).await?;
    let cookie = cookie(desk, Owner::Household(household)).await?;
    menu(served, "/my", &cookie, &mut figures, &mut files).await?;
    for (login, first) in LOGINS {
        let mut tx = desk.db.begin_read().await?;
        let found = store::login::by_name(&mut tx, login).await?;
        drop(tx);
        let user = found.with_context(|| format!("the demo village has no {login}"))?.id;
        let cookie = self::cookie(desk, Owner::User(user)).await?;
        menu(served, first, &cookie, &mut figures, &mut files).await?;
    }
    let mut nothing = BTreeSet::new();
    for path in files {
        weigh(served, &path, "", &mut figures, &mut nothing).await?;
    }
    Ok(figures)
}

async fn household(desk: &Desk, book: BookId) -> anyhow::Result<Resident> {
    let mut tx = desk.db.begin_read().await?;
    let row = store::household::by_no(&mut tx, book, &HouseholdNo::from_ordinal(1)).await?;
    Ok(Resident { book, household: row.context("the demo village has no first household")?.id })
}

/// A sign-in of `owner`, as the browser keeps it.
pub(super) async fn cookie(desk: &Desk, owner: Owner) -> anyhow::Result<String> {
    let mut tx = desk.db.begin_write().await?;
    let session = desk.open_session(&mut tx, owner, Stage::Full).await?;
    tx.commit().await?;
    Ok(format!("{SESSION_COOKIE}={}", session.secret))
}

/// The page `first` and what its menu leads to.
async fn menu(
    served: &Served,
    first: &str,
    cookie: &str,
    figures: &mut Vec<Figure>,
    files: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    let page = weigh(served, first, cookie, figures, files).await?;
    let (_, nav) = page.split_once("<nav").unwrap_or_default();
    let (nav, _) = nav.split_once("</nav>").unwrap_or_default();
    for path in addresses(nav, "href") {
        if path != first && path != "/account" && !figures.iter().any(|f| f.what == label(&path)) {
            weigh(served, &path, cookie, figures, files).await?;
        }
    }
    Ok(())
}

/// Reads a page twice, plain and compressed, and notes the files it loads.
async fn weigh(
    served: &Served,
    path: &str,
    cookie: &str,
    figures: &mut Vec<Figure>,
    files: &mut BTreeSet<String>,
) -> anyhow::Result<String> {
    let (status, plain) = served.get(path, &[("cookie", cookie)]).await?;
    let (_, packed) = served.get(path, &[("cookie", cookie), ("accept-encoding", "gzip")]).await?;
    // an answer that is no page is weighed too, and says so
    let what = if status == StatusCode::OK { label(path) } else { format!("{} ({status})", label(path)) };
    figures.push(Figure::kib(what, plain.len(), packed.len()));
    let text = String::from_utf8_lossy(&plain).into_owned();
    let loads = addresses(&text, "src").into_iter().chain(addresses(&text, "href"));
    let loads = loads.filter(|address| address.starts_with("/static/"));
    files.extend(loads.map(|address| address.split('#').next().unwrap_or_default().to_owned()));
    Ok(text)
}

/// The name of an address in the table: without the digest of its content.
fn label(path: &str) -> String {
    path.split('?').next().unwrap_or(path).to_owned()
}

/// The local addresses in attributes called `name`, in order.
fn addresses(html: &str, name: &str) -> Vec<String> {
    let start = format!("{name}=\"");
    let found = html.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
    found.filter(|address| address.starts_with('/')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_those_on_this_site() {
        let html =
            r##"<a href="/my">a</a><a href="https://example.org/">b</a><use href="/static/i.svg#x"/>"##;
        assert_eq!(addresses(html, "href"), ["/my", "/static/i.svg#x"]);
    }
}
