//! The tokens of an organization, of which there is at most one of each kind.
//!
//! `GET|POST|DELETE /organizations/{name}/{path}?{query}`. A POST replaces the token at once, and a
//! DELETE removes the token that is there. So the client reads the token before each, and reads what a
//! request without a clear answer has done before it sends another. Whether a token *should* be
//! replaced or deleted is not decided here.

mod delete;
mod generate;
mod kind;
mod read;
mod token;

pub use self::delete::Deleted;
pub use self::generate::{GenerateError, Generated};
pub(super) use self::kind::TokenKind;
pub use self::read::AuthenticationTokens;
pub use self::token::{AuthenticationToken, CreatedBy};
