//! Deltas: an object told as pieces copied from another one and pieces of its own, as packs store
//! them. Every number in a delta is a claim by whoever wrote it, so every one is checked.

/// What a delta says of itself: the sizes of its base and of its result, then its instructions.
pub(super) struct Delta<'a> {
    /// How many bytes the base must have.
    pub(super) base: u64,
    /// How many bytes the result will have.
    pub(super) result: u64,
    instructions: &'a [u8],
}

impl<'a> Delta<'a> {
    /// Reads the head of a delta; none where it is cut short or a size overflows.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (base, rest) = size(bytes)?;
        let (result, instructions) = size(rest)?;
        Some(Self { base, result, instructions })
    }

    /// Rebuilds the result in `out`, replacing what it held. None where the delta is not for this
    /// base or breaks its own promises; the caller has bounded `result`.
    pub(super) fn apply(&self, base: &[u8], out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        let wanted = usize::try_from(self.result).ok()?;
        if u64::try_from(base.len()).ok()? != self.base {
            return None;
        }
        out.reserve(wanted);
        let mut rest = self.instructions;
        while let Some((&command, after)) = rest.split_first() {
            let piece;
            (piece, rest) = if command & 0x80 == 0 {
                if command == 0 {
                    return None;
                }
                after.split_at_checked(usize::from(command))?
            } else {
                let (start, length, after) = copy(command, after)?;
                (base.get(start..start.checked_add(length)?)?, after)
            };
            if piece.len() > wanted.saturating_sub(out.len()) {
                return None;
            }
            out.extend_from_slice(piece);
        }
        (out.len() == wanted).then_some(())
    }
}

/// The operands of a copy: bits 0–3 of the command say which bytes of the start follow, bits 4–6
/// which of the length; a length of zero stands for 64 KiB.
fn copy(command: u8, mut rest: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut number = |bits: std::ops::Range<u32>| {
        let mut value = 0_usize;
        for (place, bit) in bits.enumerate() {
            if command >> bit & 1 == 1 {
                let (&byte, after) = rest.split_first()?;
                value |= usize::from(byte) << place.saturating_mul(8);
                rest = after;
            }
        }
        Some(value)
    };
    let start = number(0..4)?;
    let length = number(4..7)?;
    Some((start, if length == 0 { 0x1_0000 } else { length }, rest))
}

/// A size: seven bits a byte, the lowest first, the top bit set on all but the last byte.
fn size(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, &byte) in bytes.iter().enumerate() {
        let part = u64::from(byte & 0x7f);
        let shift = u32::try_from(at).ok()?.checked_mul(7)?;
        let shifted = part.checked_shl(shift)?;
        if shifted >> shift != part {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at.saturating_add(1)..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
        let mut out = b"left over".to_vec();
        Delta::parse(delta)?.apply(base, &mut out)?;
        Some(out)
    }

    #[test]
    fn pieces_are_copied_and_inserted() {
        assert_eq!(rebuilt(b"abcdef", &[6, 5, 0x91, 2, 3, 2, b'x', b'y']), Some(b"cdexy".to_vec()));
        assert_eq!(rebuilt(b"", &[0, 0]), Some(Vec::new()));
    }

    #[test]
    fn a_length_of_zero_stands_for_64_kib() {
        let base = vec![7_u8; 0x1_0000];
        assert_eq!(rebuilt(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]), Some(base));
    }

    #[test]
    fn broken_promises_are_refused() {
        for delta in [
            &[6_u8, 5, 0x91, 2][..],            // cut short
            &[6, 5, 0x91, 4, 3, 2, b'x', b'y'], // copies past the end
            &[7, 5, 0x91, 2, 3, 2, b'x', b'y'], // another base
            &[6, 4, 0x91, 2, 3, 2, b'x', b'y'], // more than promised
            &[6, 6, 0x91, 2, 3, 2, b'x', b'y'], // less than promised
            &[6, 1, 0],                         // a reserved instruction
            &[6],
            &[0xff; 12],
        ] {
            assert_eq!(rebuilt(b"abcdef", delta), None, "{delta:?}");
        }
    }
}
