//! Compressed files.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// Why bytes cannot be unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// They are not gzip, or are damaged.
    #[error("these bytes are not whole gzip data: {0}")]
    Damaged(String),
    /// What they hold is larger than was allowed.
    #[error("the unpacked text has more than {0} bytes")]
    TooLarge(usize),
}

/// Unpacks gzip data of at most `most` bytes (unpacked).
///
/// # Errors
/// Where the bytes are not gzip, end early, or hold more than `most` bytes; no
/// more than that is ever unpacked.
pub fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, InflateError> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|e| InflateError::Damaged(e.to_string()))?;
    if unpacked.len() > most {
        return Err(InflateError::TooLarge(most));
    }
    Ok(unpacked)
}
