//! [`Reader`]: msgpack, one token at a time, borrowed from the input.
//!
//! It reads every form of the format. No length in the input is trusted: one that exceeds the rest of the input is
//! refused before memory is allocated for it.

use super::super::fault::Fault;

/// Reads from the bytes that are left.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

/// One item of the format. For arrays and maps, the head only.
pub(super) enum Token<'b> {
    Nil,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    /// Not yet known to be UTF-8.
    Str(&'b [u8]),
    Bin(&'b [u8]),
    Array(usize),
    /// The number of pairs.
    Map(usize),
    Ext(i8, &'b [u8]),
}

impl Token<'_> {
    /// Returns the kind of item, for an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) | Self::Uint(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::Bin(_) => "binary data",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Ext(..) => "an extension",
        }
    }
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads the next item. The elements of an array or map follow its head.
    pub(super) fn next(&mut self) -> Result<Token<'b>, Fault> {
        let marker = self.byte()?;
        Ok(match marker {
            0x00..=0x7f => Token::Uint(marker.into()),
            0x80..=0x8f => self.map(usize::from(marker & 0x0f))?,
            0x90..=0x9f => self.array(usize::from(marker & 0x0f))?,
            0xa0..=0xbf => Token::Str(self.take(usize::from(marker & 0x1f))?),
            0xc0 => Token::Nil,
            0xc1 => return Err(Fault::new("the data holds a byte that msgpack never uses")),
            0xc2 => Token::Bool(false),
            0xc3 => Token::Bool(true),
            0xc4..=0xc6 => {
                let length = self.length(marker - 0xc4)?;
                Token::Bin(self.take(length)?)
            }
            0xc7..=0xc9 => {
                let length = self.length(marker - 0xc7)?;
                self.ext(length)?
            }
            0xca => Token::Float(f32::from_be_bytes(self.bytes()?).into()),
            0xcb => Token::Float(f64::from_be_bytes(self.bytes()?)),
            0xcc => Token::Uint(self.byte()?.into()),
            0xcd => Token::Uint(u16::from_be_bytes(self.bytes()?).into()),
            0xce => Token::Uint(u32::from_be_bytes(self.bytes()?).into()),
            0xcf => Token::Uint(u64::from_be_bytes(self.bytes()?)),
            0xd0 => Token::Int(i8::from_be_bytes(self.bytes()?).into()),
            0xd1 => Token::Int(i16::from_be_bytes(self.bytes()?).into()),
            0xd2 => Token::Int(i32::from_be_bytes(self.bytes()?).into()),
            0xd3 => Token::Int(i64::from_be_bytes(self.bytes()?)),
            0xd4..=0xd8 => self.ext(1 << (marker - 0xd4))?,
            0xd9..=0xdb => {
                let length = self.length(marker - 0xd9)?;
                Token::Str(self.take(length)?)
            }
            0xdc | 0xdd => {
                let length = self.length(marker - 0xdc + 1)?;
                self.array(length)?
            }
            0xde | 0xdf => {
                let length = self.length(marker - 0xde + 1)?;
                self.map(length)?
            }
            0xe0..=0xff => Token::Int(i8::from_be_bytes([marker]).into()),
        })
    }

    fn array(&self, length: usize) -> Result<Token<'b>, Fault> {
        if length > self.rest.len() {
            Err(truncated())
        } else {
            Ok(Token::Array(length))
        }
    }

    fn map(&self, pairs: usize) -> Result<Token<'b>, Fault> {
        // A pair takes two bytes at least.
        if pairs > self.rest.len() / 2 {
            Err(truncated())
        } else {
            Ok(Token::Map(pairs))
        }
    }

    fn ext(&mut self, length: usize) -> Result<Token<'b>, Fault> {
        let code = i8::from_be_bytes(self.bytes()?);
        Ok(Token::Ext(code, self.take(length)?))
    }

    /// Reads a length of one, two or four bytes: two to the power of `width`.
    fn length(&mut self, width: u8) -> Result<usize, Fault> {
        Ok(match width {
            0 => self.byte()?.into(),
            1 => u16::from_be_bytes(self.bytes()?).into(),
            _ => usize::try_from(u32::from_be_bytes(self.bytes()?)).unwrap_or(usize::MAX),
        })
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Fault> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(bytes)
    }
}

fn truncated() -> Fault {
    Fault::new("the data ends too early")
}
