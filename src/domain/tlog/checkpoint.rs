//! Checkpoints (c2sp.org/tlog-checkpoint): origin, size and root of a log, as the text of a signed note.

use std::{fmt, str::FromStr};

use super::{Note, NoteError, Signer, base64, hash_from_base64};
use crate::domain::{
    canonical::hex,
    ids::BookId,
    merkle::{Hash, tiles::decimal},
};

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name for outsiders; also the name of the keys that sign it.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The origin of a book's log.
#[must_use]
pub fn origin(book: BookId) -> String {
    format!("greencoin/book/{book}")
}

impl Checkpoint {
    /// The head, signed.
    #[must_use]
    pub fn signed(&self, signer: &Signer) -> Note {
        let text = self.to_string();
        let signature = signer.sign(&text, 0);
        Note { text, signatures: vec![signature] }
    }

    /// The first digits of the root, as paper shows it.
    #[must_use]
    pub fn short_root(&self) -> String {
        hex(&self.root).chars().take(16).collect()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, base64(&self.root))
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;
    /// Reads the text of a note. Lines after the third are passed over, as the format wants it.
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let text = text.strip_suffix('\n').ok_or(NoteError::Checkpoint)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, rest @ ..] = lines.as_slice() else { return Err(NoteError::Checkpoint) };
        if origin.is_empty() || rest.iter().any(|line| line.is_empty()) {
            return Err(NoteError::Checkpoint);
        }
        Ok(Self {
            origin: (*origin).to_owned(),
            size: decimal(size).ok_or(NoteError::Checkpoint)?,
            root: hash_from_base64(root).ok_or(NoteError::Checkpoint)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tlog::KeyKind;

    /// The example of the specification.
    const EXAMPLE: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn a_head_is_written_and_read_as_the_specification_has_it() {
        let head: Checkpoint = EXAMPLE.parse().unwrap();
        assert_eq!((head.origin.as_str(), head.size), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(head.to_string(), EXAMPLE);
        assert_eq!(format!("{EXAMPLE}extension\n").parse::<Checkpoint>().unwrap(), head);
        assert_eq!(head.short_root(), "0ac5186a91863e8e");
    }

    #[test]
    fn what_is_not_exactly_a_head_is_refused() {
        for text in [
            "",
            "a\n1\n",
            &EXAMPLE.replace("20852163", "020852163"),
            &EXAMPLE.replace("20852163", "-1"),
            &EXAMPLE.replace("q2I=", "q2I"),
            &EXAMPLE.replace("CsUY", "CsU"),
            &EXAMPLE.replace("example.com/behind-the-sofa", ""),
            &format!("{EXAMPLE}\n"),
            EXAMPLE.trim_end(),
        ] {
            assert_eq!(text.parse::<Checkpoint>(), Err(NoteError::Checkpoint), "{text:?}");
        }
    }

    #[test]
    fn a_signed_head_verifies_with_its_key_only() {
        let head: Checkpoint = EXAMPLE.parse().unwrap();
        let signer = Signer::new(&head.origin, KeyKind::Note, &[3; 32]).unwrap();
        let note: Note = head.signed(&signer).to_string().parse().unwrap();
        assert_eq!(note.text.parse::<Checkpoint>().unwrap(), head);
        assert!(note.verify(std::slice::from_ref(signer.key())).is_ok());
        let stranger = Signer::new(&head.origin, KeyKind::Note, &[4; 32]).unwrap();
        assert_eq!(note.verify(std::slice::from_ref(stranger.key())), Err(NoteError::Unsigned));
    }
}
