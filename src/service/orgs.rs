//! The county keeps the tree of places: what lies where, under which name and which division code.

use super::{
    Desk, ServiceError, ServiceResult, caller::CountyAdmin, office::Deed, refuse, setup::check_name,
};
use crate::{
    domain::{
        ids::OrgId,
        org::{DivisionCode, LabelSet, OrgKind},
        time::Day,
    },
    store::{
        self, StoreError, Tx,
        org::{OrgCodeRow, OrgRow},
        programme::ProgrammeRow,
    },
};

/// The statistical division codes of GB/T 2260 and GB/T 10114.
pub const DIVISION_CODE_SYSTEM: &str = "GB/T 10114";
/// Places listed within one place.
pub const CHILDREN_LISTED_MAX: i64 = 500;

/// A place as the county sees it.
#[derive(Debug, Clone)]
pub struct PlaceView {
    /// The place.
    pub org: OrgRow,
    /// What kind it is.
    pub kind: OrgKind,
    /// The places it lies in, outermost first.
    pub above: Vec<OrgRow>,
    /// What lies directly in it.
    pub children: Vec<OrgRow>,
    /// Its division codes, newest first.
    pub codes: Vec<OrgCodeRow>,
    /// The programmes kept here.
    pub programmes: Vec<ProgrammeRow>,
}

impl PlaceView {
    /// The kinds of places that may be made in it.
    #[must_use]
    pub fn kinds_inside(&self) -> Vec<OrgKind> {
        OrgKind::ALL.iter().copied().filter(|k| k.may_stand_under(Some(self.kind))).collect()
    }
}

/// A place to be made.
#[derive(Debug, Clone)]
pub struct NewPlace {
    /// Where.
    pub parent: OrgId,
    /// What.
    pub kind: OrgKind,
    /// Rural or urban words.
    pub labels: LabelSet,
    /// Its name.
    pub name: String,
}

/// The kind of a stored place.
pub fn kind_of(org: &OrgRow) -> ServiceResult<OrgKind> {
    Ok(org.kind.parse().map_err(|_| StoreError::inconsistent("org", "kind", org.kind.clone()))?)
}

/// The place, if it lies in the administrator's county.
pub(crate) async fn own_place(tx: &mut Tx, by: &CountyAdmin, org: OrgId) -> ServiceResult<Vec<OrgRow>> {
    let path = store::org::up(tx, org).await?;
    if path.iter().any(|o| o.id == by.org) { Ok(path) } else { Err(ServiceError::NotFound("place")) }
}

impl Desk {
    /// A place, its path, what lies in it and its codes.
    pub async fn place(&self, by: &CountyAdmin, org: OrgId) -> ServiceResult<PlaceView> {
        let mut tx = self.db.begin_read().await?;
        let mut above = own_place(&mut tx, by, org).await?;
        let org = above.remove(0);
        above.reverse();
        let children = store::org::children(&mut tx, org.id, CHILDREN_LISTED_MAX).await?;
        let codes = store::org::codes(&mut tx, org.id).await?;
        let mut programmes = store::programme::under(&mut tx, org.id, 0, CHILDREN_LISTED_MAX).await?;
        programmes.retain(|p| p.org_id == org.id);
        Ok(PlaceView { kind: kind_of(&org)?, org, above, children, codes, programmes })
    }

    /// Makes a place within another.
    pub async fn make_place(&self, by: &CountyAdmin, new: &NewPlace) -> ServiceResult<OrgRow> {
        let name = check_name(&new.name)?;
        let mut tx = self.db.begin_write().await?;
        let path = own_place(&mut tx, by, new.parent).await?;
        let parent = path.first().ok_or(ServiceError::NotFound("place"))?;
        if parent.closed_on.is_some() || !new.kind.may_stand_under(Some(kind_of(parent)?)) {
            return Err(refuse("place_not_under").with("parent", &parent.name).into());
        }
        let siblings = store::org::children(&mut tx, new.parent, CHILDREN_LISTED_MAX).await?;
        if siblings.iter().any(|o| o.name == name && o.closed_on.is_none()) {
            return Err(refuse("place_name_taken").with("name", name).into());
        }
        let position = siblings.iter().map(|o| o.position).max().unwrap_or(0) + 1;
        let row = OrgRow {
            id: self.id(),
            parent_id: Some(new.parent),
            kind: new.kind.as_str().to_owned(),
            labels: new.labels.as_str().to_owned(),
            name,
            position,
            opened_on: self.today(),
            closed_on: None,
        };
        store::org::insert(&mut tx, &row).await?;
        let deed = Deed { verb: "create", to: Some(row.name.as_str()), reason: "" };
        self.note_place(&mut tx, by, row.id, deed).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Closes a place (撤销) from today on. What lies in it must be closed before, and a village with a book stays.
    pub async fn close_place(&self, by: &CountyAdmin, org: OrgId, reason: &str) -> ServiceResult<OrgRow> {
        let mut tx = self.db.begin_write().await?;
        let path = own_place(&mut tx, by, org).await?;
        let place = path.first().ok_or(ServiceError::NotFound("place"))?;
        let inside = store::org::children(&mut tx, org, CHILDREN_LISTED_MAX).await?;
        let programmes = store::programme::under(&mut tx, org, 0, 1).await?;
        let homes = match store::programme::above(&mut tx, org).await? {
            Some(programme) => store::card::households_of(&mut tx, programme.book_id, org).await?,
            None => Vec::new(),
        };
        let in_use = org == by.org || !programmes.is_empty() || !homes.is_empty();
        if in_use || inside.iter().any(|o| o.closed_on.is_none()) {
            return Err(refuse("place_in_use").with("place", &place.name).into());
        }
        store::org::close(&mut tx, org, self.today()).await.map_err(super::award::state_changed)?;
        self.note_place(&mut tx, by, org, Deed { verb: "close", to: None, reason }).await?;
        tx.commit().await?;
        Ok(self.place(by, org).await?.org)
    }

    /// Gives a place another name.
    pub async fn rename_place(&self, by: &CountyAdmin, org: OrgId, name: &str) -> ServiceResult<()> {
        let name = check_name(name)?;
        let mut tx = self.db.begin_write().await?;
        own_place(&mut tx, by, org).await?;
        store::org::rename(&mut tx, org, &name).await?;
        self.note_place(&mut tx, by, org, Deed { verb: "rename", to: Some(name.as_str()), reason: "" })
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a place a division code from a day on; the code before it ends that day.
    pub async fn set_division_code(
        &self,
        by: &CountyAdmin,
        org: OrgId,
        code: &str,
        from: Day,
    ) -> ServiceResult<()> {
        let code =
            DivisionCode::parse(code).map_err(|e| refuse("invalid_division_code").with("reason", e))?;
        let mut tx = self.db.begin_write().await?;
        own_place(&mut tx, by, org).await?;
        let codes = store::org::codes(&mut tx, org).await?;
        let latest =
            codes.iter().filter(|c| c.code_system == DIVISION_CODE_SYSTEM).map(|c| c.valid_from).max();
        if latest.is_some_and(|latest| latest >= from) {
            return Err(refuse("division_code_order").into());
        }
        store::org::end_code(&mut tx, org, DIVISION_CODE_SYSTEM, from).await?;
        store::org::add_code(&mut tx, org, DIVISION_CODE_SYSTEM, code.as_str(), from).await?;
        self.note_place(&mut tx, by, org, Deed { verb: "code", to: Some(code.as_str()), reason: "" }).await?;
        tx.commit().await?;
        Ok(())
    }
}
