//! What a log asks of a witness (c2sp.org/tlog-witness, `add-checkpoint`): the size the witness saw last, the proof that
//! nothing before it changed, and the new head.

use std::{fmt, str::FromStr};

use super::{Note, NoteError, base64, hash_from_base64, note::NOTE_BYTES_MAX};
use crate::domain::merkle::{Hash, tiles::decimal};

/// The most steps a proof may have.
const STEPS_MAX: usize = 63;

/// A head to be cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness cosigned last; 0 for none.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The new head.
    pub checkpoint: Note,
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        // the checkpoint has a limit of its own, and the proof has 63 lines at most
        if text.len() > 2 * NOTE_BYTES_MAX {
            return Err(NoteError::Malformed);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(NoteError::Malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let proof: Vec<Hash> =
            lines.map(|line| hash_from_base64(line).ok_or(NoteError::Malformed)).collect::<Result<_, _>>()?;
        if proof.len() > STEPS_MAX {
            return Err(NoteError::Malformed);
        }
        Ok(Self { old: old.ok_or(NoteError::Malformed)?, proof, checkpoint: checkpoint.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    const EXAMPLE: &str = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n\
        example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa \
        Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — example.com/behind-the-sofa \
        opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

    #[test]
    fn a_request_is_read_and_written_as_the_specification_has_it() {
        let request: AddCheckpoint = EXAMPLE.parse().unwrap();
        assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
        assert_eq!(request.checkpoint.signatures.len(), 2);
        assert_eq!(request.to_string(), EXAMPLE);
        let first = EXAMPLE.replacen("old 20852014", "old 0", 1);
        assert_eq!(first.parse::<AddCheckpoint>().unwrap().old, 0);
        for wrong in
            ["", "old 1\n", "old 01\n\na\n1\n", &EXAMPLE.replace("old ", "new "), &EXAMPLE.replace('=', "")]
        {
            assert!(wrong.parse::<AddCheckpoint>().is_err(), "{wrong}");
        }
    }
}
