//! The JSON form of HCL 1, as `terraform login` writes it.
//!
//! hashicorp/hcl reads JSON that has a trailing comma or lacks its last braces. serde_json does not, and
//! the file is reported as broken. `terraform login` writes neither.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::ParseError;
use super::node::Node;

/// Reads the first value of a text. What follows it is ignored, as hashicorp/hcl does.
pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Node::deserialize(&mut deserializer).map_err(|error| ParseError {
        line: error.line(),
        expected: "JSON",
    })
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    /// Keeps every occurrence of a name, in order.
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = object.next_entry()? {
            items.push(item);
        }
        Ok(Node::Object(items))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }
}
