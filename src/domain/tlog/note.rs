//! Signed notes (c2sp.org/signed-note): a text, a blank line, and a line for each signature. A signature says which key
//! made it by name and id; one of an unknown key is passed over, a wrong one of a known key spoils the note.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{base64, from_base64};

/// The longest note that is read.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// The most signatures a note may have.
pub const SIGNATURES_MAX: usize = 64;
/// What a signature line begins with.
const DASH: &str = "— ";
const SIGNATURE_BYTES: usize = 64;

/// What a key signs, and so how its signatures look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// The text of the note.
    Note,
    /// The time and the text: the cosignature of a witness (c2sp.org/tlog-cosignature).
    Cosignature,
}

impl KeyKind {
    /// The byte that stands for it in key ids and verifier keys.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Note),
            4 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// The public half of a key: whoever has it can verify.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    public: [u8; 32],
}

impl VerifierKey {
    /// A key by its parts.
    pub fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::Key);
        }
        VerifyingKey::from_bytes(&public).ok().filter(|k| !k.is_weak()).ok_or(NoteError::Key)?;
        Ok(Self { name: name.to_owned(), kind, public })
    }

    /// Its name; of a log the origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself.
    #[must_use]
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The first four bytes of SHA-256 over name, newline, kind and key.
    #[must_use]
    pub fn id(&self) -> u32 {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.public)
            .finalize();
        digest.first_chunk::<4>().map_or(0, |head| u32::from_be_bytes(*head))
    }

    /// Whether the signature claims to be of this key.
    #[must_use]
    pub fn claimed_by(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.id == self.id()
    }

    /// Whether the signature over the text is right.
    #[must_use]
    pub fn verifies(&self, text: &str, signature: &Signature) -> bool {
        let (message, bytes) = match self.kind {
            KeyKind::Note => (text.as_bytes().to_vec(), signature.bytes.as_slice()),
            KeyKind::Cosignature => {
                let Some((seconds, bytes)) = signature.bytes.split_first_chunk::<8>() else { return false };
                (cosigned(u64::from_be_bytes(*seconds), text), bytes)
            }
        };
        let Ok(key) = VerifyingKey::from_bytes(&self.public) else { return false };
        let Ok(bytes) = <[u8; SIGNATURE_BYTES]>::try_from(bytes) else { return false };
        key.verify_strict(&message, &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[self.kind.byte()], self.public.as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.id(), base64(&material))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let material = from_base64(material).ok_or(NoteError::Key)?;
        let (kind, public) = material.split_first().ok_or(NoteError::Key)?;
        let kind = KeyKind::from_byte(*kind).ok_or(NoteError::Key)?;
        let key = Self::new(name, kind, public.try_into().map_err(|_| NoteError::Key)?)?;
        if format!("{:08x}", key.id()) == id { Ok(key) } else { Err(NoteError::Key) }
    }
}

/// A key that signs. Its secret never shows.
#[derive(Clone)]
pub struct Signer {
    key: VerifierKey,
    secret: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.key)
    }
}

impl Signer {
    /// From 32 secret bytes.
    pub fn new(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let secret = SigningKey::from_bytes(seed);
        let key = VerifierKey::new(name, kind, secret.verifying_key().to_bytes())?;
        Ok(Self { key, secret })
    }

    /// What verifies its signatures.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// A signature over the text; `seconds` since 1970 is in it when it is a cosignature.
    #[must_use]
    pub fn sign(&self, text: &str, seconds: u64) -> Signature {
        let bytes = match self.key.kind {
            KeyKind::Note => self.secret.sign(text.as_bytes()).to_bytes().to_vec(),
            KeyKind::Cosignature => {
                let signed = self.secret.sign(&cosigned(seconds, text)).to_bytes();
                [seconds.to_be_bytes().as_slice(), &signed].concat()
            }
        };
        Signature { name: self.key.name.clone(), id: self.key.id(), bytes }
    }
}

fn cosigned(seconds: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// One signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// What the key made, in the form of its kind.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// When a cosignature was made, in seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> Option<u64> {
        let (seconds, rest) = self.bytes.split_first_chunk::<8>()?;
        (rest.len() == SIGNATURE_BYTES).then(|| u64::from_be_bytes(*seconds))
    }
}

impl fmt::Display for Signature {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        write!(f, "{DASH}{} {}", self.name, base64(&bytes))
    }
}

impl FromStr for Signature {
    type Err = NoteError;
    fn from_str(line: &str) -> Result<Self, NoteError> {
        let (name, bytes) =
            line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Malformed)?;
        let bytes = from_base64(bytes).ok_or(NoteError::Malformed)?;
        let (id, rest) = bytes.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if !is_key_name(name) || rest.is_empty() {
            return Err(NoteError::Malformed);
        }
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: rest.to_vec() })
    }
}

/// A text with signatures under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, its last newline included.
    pub text: String,
    /// The signatures, in order.
    pub signatures: Vec<Signature>,
}

impl Note {
    /// Verifies the note by the keys one trusts: at least one of them has signed, and none of them wrongly. Returns
    /// those that signed.
    pub fn verify<'k>(&self, trusted: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed = Vec::new();
        for signature in &self.signatures {
            for key in trusted.iter().filter(|key| key.claimed_by(signature)) {
                if !key.verifies(&self.text, signature) {
                    return Err(NoteError::BadSignature(key.name.clone()));
                }
                if !signed.contains(&key) {
                    signed.push(key);
                }
            }
        }
        if signed.is_empty() { Err(NoteError::Unsigned) } else { Ok(signed) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for Note {
    type Err = NoteError;
    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX || note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let signatures: Vec<Signature> = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::Malformed);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

/// Whether a text may name a key: not empty, no blanks, no plus.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// Why a text is no note, or no note to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form.
    #[error("not a signed note")]
    Malformed,
    /// It has not the form of a verifier key.
    #[error("not a verifier key: NAME+ID+KEY of an Ed25519 key")]
    Key,
    /// None of the trusted keys has signed.
    #[error("signed by none of the trusted keys")]
    Unsigned,
    /// A trusted key did not sign this.
    #[error("the signature of {0} is wrong")]
    BadSignature(String),
    /// The text of the note is not the head of a log.
    #[error("the note is not a checkpoint")]
    Checkpoint,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the documentation of Go's checksum database and of the specification.
    const NEUMANN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NEUMANN: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const FOO_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const FOO: &str = "This is an example message.\n\n— example.com/foo \
        Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    fn key(text: &str) -> VerifierKey {
        text.parse().unwrap()
    }

    #[test]
    fn notes_of_others_are_read_verified_and_written_the_same() {
        for (vkey, text) in [(NEUMANN_KEY, NEUMANN), (FOO_KEY, FOO)] {
            let (key, note) = (key(vkey), text.parse::<Note>().unwrap());
            assert_eq!(key.to_string(), vkey);
            assert_eq!(note.to_string(), text);
            let trusted = [key];
            assert_eq!(note.verify(&trusted).unwrap(), [&trusted[0]]);
        }
        assert_eq!(
            key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").id(),
            0x033d_e0ae
        );
    }

    #[test]
    fn we_sign_as_others_do() {
        assert!(from_base64("AYEK FALV").is_none(), "blanks are refused");
        let material = from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
        let signer = Signer::new("PeterNeumann", KeyKind::Note, material[1..].try_into().unwrap()).unwrap();
        assert_eq!(signer.key().to_string(), NEUMANN_KEY);
        assert!(!format!("{signer:?}").contains("SigningKey"));
        let note: Note = NEUMANN.parse().unwrap();
        assert_eq!(signer.sign(&note.text, 7), note.signatures[0]);
    }

    #[test]
    fn an_unknown_key_is_passed_over_and_a_wrong_signature_spoils_the_note() {
        let mut note: Note = NEUMANN.parse().unwrap();
        assert_eq!(note.verify(&[key(FOO_KEY)]), Err(NoteError::Unsigned));
        let other = Signer::new("w.example", KeyKind::Cosignature, &[7; 32]).unwrap();
        note.signatures.push(other.sign(&note.text, 1_679_315_147));
        let trusted = [key(NEUMANN_KEY), other.key().clone()];
        assert_eq!(note.verify(&trusted).unwrap().len(), 2);
        assert_eq!(note.signatures[1].seconds(), Some(1_679_315_147));
        note.signatures[1].bytes[3] ^= 1;
        assert_eq!(note.verify(&trusted), Err(NoteError::BadSignature("w.example".to_owned())));
        note.signatures.pop();
        note.text.push_str("More.\n");
        assert_eq!(note.verify(&trusted), Err(NoteError::BadSignature("PeterNeumann".to_owned())));
    }

    #[test]
    fn what_is_not_exactly_a_note_or_a_key_is_refused() {
        let crlf = NEUMANN.replace('\n', "\r\n");
        let cut = NEUMANN.trim_end();
        let minus = NEUMANN.replace('—', "-");
        let unpadded = NEUMANN.replace("nAM=", "nAM");
        let none = "Text.\n\n";
        for text in ["", "\n", none, &crlf, cut, &minus, &unpadded, &format!("{NEUMANN}x\n")] {
            assert_eq!(text.parse::<Note>(), Err(NoteError::Malformed), "{text:?}");
        }
        for place in 0..NEUMANN_KEY.len() {
            let mut bytes = NEUMANN_KEY.as_bytes().to_vec();
            bytes[place] += 1;
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(text.parse::<VerifierKey>(), Err(NoteError::Key), "{text}");
            assert!(NEUMANN_KEY.get(..place).unwrap().parse::<VerifierKey>().is_err());
        }
        assert!(VerifierKey::new("a b", KeyKind::Note, [1; 32]).is_err());
        // a key of small order would verify signatures that nobody made
        let mut one = [0; 32];
        one[0] = 1;
        assert!(VerifierKey::new("a", KeyKind::Note, one).is_err());
    }
}
