//! The main menu of each role. A page that deserves an entry is added here.

use super::page::NavItem;
use crate::{service::caller::Role, text::T};

impl T {
    /// The name of a role.
    #[must_use]
    pub fn role_name(self, role: &Role) -> &'static str {
        match role {
            Role::Recorder => self.role_recorder(),
            Role::Clerk => self.role_clerk(),
            Role::Reviewer => self.role_reviewer(),
            Role::Shopkeeper => self.role_shopkeeper(),
            Role::Auditor => self.role_auditor(),
            Role::Township => self.role_township(),
            Role::County => self.role_county(),
        }
    }
}

/// Nobody signed in.
#[must_use]
pub fn visitor(t: T) -> Vec<NavItem> {
    vec![
        NavItem::new("/", t.menu_home(), "home"),
        NavItem::new("/board", t.board_title(), "megaphone"),
        NavItem::new("/login/resident", t.menu_resident_sign_in(), "card"),
        NavItem::new("/login", t.menu_staff_sign_in(), "person"),
    ]
}

/// A household.
#[must_use]
pub fn resident(t: T) -> Vec<NavItem> {
    vec![
        NavItem::new("/my", t.menu_home(), "home"),
        NavItem::new("/my/code", t.menu_my_code(), "qr"),
        NavItem::new("/my/notices", t.menu_notices(), "megaphone"),
        NavItem::new("/my/goods", t.menu_goods(), "basket"),
        NavItem::new("/my/rules", t.menu_rules(), "list"),
    ]
}

/// A member of staff with these roles.
#[must_use]
pub fn staff(t: T, roles: &[Role]) -> Vec<NavItem> {
    let holds = |wanted: &[Role]| wanted.iter().any(|r| roles.contains(r));
    let mut items = Vec::new();
    let mut entry = |show: bool, href: &str, label: &'static str, icon| {
        if show {
            items.push(NavItem::new(href, label, icon));
        }
    };
    entry(holds(&[Role::Clerk, Role::Recorder]), "/clerk", t.menu_today(), "home");
    entry(holds(&[Role::Clerk, Role::Recorder]), "/clerk/record", t.menu_record(), "plus");
    entry(holds(&[Role::Reviewer, Role::Township]), "/review", t.menu_review(), "check");
    // clerks and recorders find it among what waits today
    entry(
        holds(&[Role::Reviewer, Role::Township]) && !holds(&[Role::Clerk, Role::Recorder]),
        "/matters",
        t.menu_matters(),
        "camera",
    );
    entry(
        holds(&[Role::Reviewer, Role::Township]) && !holds(&[Role::Clerk, Role::Recorder]),
        "/time",
        t.time_title(),
        "people",
    );
    entry(holds(&[Role::Clerk]), "/clerk/notices", t.menu_notices(), "megaphone");
    entry(holds(&[Role::Clerk]), "/clerk/goods", t.stock_goods(), "box");
    entry(holds(&[Role::Clerk]), "/clerk/cards", t.cards_title(), "card");
    entry(holds(&[Role::Clerk]), "/clerk/households", t.menu_register(), "people");
    entry(holds(&[Role::Clerk, Role::Reviewer]), "/rules", t.proposals_title(), "list");
    entry(
        holds(&[Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township]),
        "/money",
        t.money_title(),
        "card",
    );
    entry(holds(&[Role::Shopkeeper]), "/shop", t.menu_counter(), "basket");
    // clerks find it among what waits today, shops at their counter
    entry(
        holds(&[Role::Reviewer, Role::Auditor, Role::Township]) && !holds(&[Role::Clerk]),
        "/shops",
        t.shops_title(),
        "basket",
    );
    entry(holds(&[Role::Auditor, Role::Township]), "/audit", t.menu_audit(), "search");
    entry(holds(&[Role::Township]), "/township", t.menu_township(), "list");
    entry(holds(&[Role::Township]), "/township/appeals", t.appeal_title(), "megaphone");
    entry(holds(&[Role::County]), "/admin", t.menu_admin(), "gear");
    entry(true, "/account", t.menu_account(), "person");
    items
}
