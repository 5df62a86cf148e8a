//! 152 bits as 46 decimal digits and back. Decimal, because QR's numeric mode wastes next to nothing on it.

/// Bytes in the body of a code.
pub const BODY_BYTES: usize = 19;
/// Digits of the body.
pub const BODY_DIGITS: usize = 46;

/// Writes the bytes, as one big-endian number, in exactly [`BODY_DIGITS`] digits.
pub fn encode(body: [u8; BODY_BYTES]) -> String {
    let mut rest = body;
    let mut digits = Vec::with_capacity(BODY_DIGITS);
    for _ in 0..BODY_DIGITS {
        let mut remainder = 0_u16;
        for byte in &mut rest {
            let value = remainder * 256 + u16::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or(u8::MAX);
            remainder = value % 10;
        }
        digits.push(char::from(b'0' + u8::try_from(remainder).unwrap_or(0)));
    }
    digits.iter().rev().collect()
}

/// Reads [`BODY_DIGITS`] digits; nothing when there are more or fewer, or the number needs more than 152 bits.
pub fn decode(digits: &str) -> Option<[u8; BODY_BYTES]> {
    if digits.len() != BODY_DIGITS {
        return None;
    }
    let mut body = [0_u8; BODY_BYTES];
    for c in digits.chars() {
        let mut carry = u16::try_from(c.to_digit(10)?).ok()?;
        for byte in body.iter_mut().rev() {
            let value = u16::from(*byte) * 10 + carry;
            *byte = u8::try_from(value % 256).ok()?;
            carry = value / 256;
        }
        if carry != 0 {
            return None;
        }
    }
    Some(body)
}

/// The bytes at `from..to`, as an array; zeros where the body is too short, which it never is.
pub fn slice<const N: usize>(body: &[u8], from: usize) -> [u8; N] {
    let mut out = [0; N];
    for (to, byte) in out.iter_mut().zip(body.iter().skip(from)) {
        *to = *byte;
    }
    out
}
