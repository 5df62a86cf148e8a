//! Import: the books of exports into an empty database, in one transaction. What is restored is the ledger: commodities,
//! accounts, transactions, entries, meters, refusals, and what the log showed to outsiders. Not restored, because an
//! export does not hold it: people, their cards and sign-ins, the papers behind postings, and private texts, which
//! stand as erased. Every leaf is computed again while it is read, and before the commit `verify` passes over the books.

use std::path::PathBuf;

use super::{book::Import, check, open, row::PackFault};
use crate::{
    domain::{
        ids::{BookId, OrgId},
        lang::Lang,
        tlog::VerifierKey,
    },
    service::{Desk, ServiceError},
    store::{
        self, StoreError, WriteTx,
        log::{self as rows, Purpose},
        org::OrgRow,
        programme,
    },
    text::T,
};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The export does not hold.
    #[error("nothing was imported: {0}")]
    Fault(#[from] PackFault),
    /// There are books or places already.
    #[error("nothing was imported: the database is not empty; give an empty data folder or database")]
    NotEmpty,
    /// The database failed.
    #[error("nothing was imported")]
    Service(#[from] ServiceError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// A book that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Which.
    pub book: BookId,
    /// The number of its programme.
    pub no: i64,
    /// Its name.
    pub name: String,
    /// Its transactions.
    pub transactions: i64,
    /// The root over them, as hexadecimal text: the one that was signed.
    pub root: String,
    /// The key that verified it.
    pub key: VerifierKey,
}

impl Desk {
    /// Imports the books in these folders, all or none.
    pub async fn import(
        &self,
        folders: &[PathBuf],
        key: Option<&VerifierKey>,
    ) -> Result<Vec<Imported>, ImportError> {
        let mut tx = self.db.begin_write().await?;
        let taken = !programme::list(&mut tx, 0, 1).await?.is_empty()
            || !store::org::roots(&mut tx, 1).await?.is_empty()
            || store::login::count(&mut tx).await? > 0;
        if taken {
            return Err(ImportError::NotEmpty);
        }
        let township = self.imported_places(&mut tx).await?;
        let mut done = Vec::new();
        for folder in folders {
            let opened = open::open(folder, key)?;
            if !opened.has_rows() {
                let found = "an export in other formats, or of some days";
                return Err(
                    PackFault::of("manifest.json", "files", "the whole book as JSON Lines", found).into()
                );
            }
            let book = check::book(folder, &opened)?;
            let import = Import { desk: self, tx: &mut tx, folder: folder.clone(), opened, book };
            done.push(import.run(township).await?);
        }
        self.own_key(&mut tx).await?;
        for imported in &done {
            if let Some(fault) = self.verify_in(&mut tx, imported.book).await? {
                let line = fault.seq.and_then(|seq| u64::try_from(seq).ok());
                let field = format!("{} {}", fault.field, fault.row);
                let fault = PackFault::of(file_of(fault.table), field.trim(), fault.expected, fault.found);
                // the place of a transaction is the line of its row
                return Err(PackFault { line: line.filter(|_| fault.file == file_of("txn")), ..fault }.into());
            }
        }
        tx.commit().await?;
        Ok(done)
    }

    /// A county and a township for the imported villages to lie in.
    async fn imported_places(&self, tx: &mut WriteTx) -> Result<OrgId, ImportError> {
        let name = T(Lang::Zh).import_place();
        let county = self.imported_place(tx, None, "county", name).await?;
        self.imported_place(tx, Some(county), "township", name).await
    }

    /// A place.
    pub(super) async fn imported_place(
        &self,
        tx: &mut WriteTx,
        parent_id: Option<OrgId>,
        kind: &str,
        name: &str,
    ) -> Result<OrgId, ImportError> {
        let row = OrgRow {
            id: self.id(),
            parent_id,
            kind: kind.to_owned(),
            labels: "rural".to_owned(),
            name: name.to_owned(),
            position: 1,
            opened_on: self.today(),
            closed_on: None,
        };
        store::org::insert(tx, &row).await?;
        Ok(row.id)
    }

    /// From now on heads are signed by our own key; those that came along verify what was signed before.
    async fn own_key(&self, tx: &mut WriteTx) -> Result<(), ImportError> {
        let last = rows::keys(tx, Purpose::Log).await?.pop();
        let Some(last) = last else { return Ok(()) };
        if self.public_half(Purpose::Log, last.number)?.as_slice() != last.public_key {
            let number = last.number + 1;
            let public = self.public_half(Purpose::Log, number)?;
            rows::add_key(tx, Purpose::Log, number, &public, self.now()).await?;
        }
        Ok(())
    }
}

/// The file that holds the rows of a table.
fn file_of(table: &str) -> String {
    let name = match table {
        "txn" => "transactions",
        "entry" => "entries",
        "meter_use" | "meter" => "meter_uses",
        "account" | "balance" => "accounts",
        "commodity" => "commodities",
        "refusal" => "refusals",
        "checkpoint" => "checkpoints",
        "signed_head" => "signed_heads",
        "cosignature" => "cosignatures",
        "signing_key" => "keys",
        other => other,
    };
    format!("{name}.jsonl")
}
