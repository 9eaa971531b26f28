//! [`Node`]: a value of HCL 1 or its JSON form.

use std::fmt;

/// A value, or the body of an object.
#[derive(Clone, PartialEq)]
pub(crate) enum Node {
    /// A quoted text or heredoc.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A block, object or whole file; names may occur more than once, and the order counts.
    Object(Vec<(String, Node)>),
    /// A number, Boolean or null, whose value is not needed.
    Other,
}

impl Node {
    /// Returns the text, if this is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the texts of a list.
    pub(crate) fn strings(&self) -> Vec<String> {
        match self {
            Node::List(items) => items
                .iter()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Returns an object's items. A list of objects counts as one object, as in HCL 1.
    pub(crate) fn entries(&self) -> Vec<(&str, &Node)> {
        match self {
            Node::Object(items) => items
                .iter()
                .map(|(name, node)| (name.as_str(), node))
                .collect(),
            Node::List(items) => items.iter().flat_map(Node::entries).collect(),
            Node::Text(_) | Node::Other => Vec::new(),
        }
    }

    /// Returns all items of a name that Terraform knows. Its case is ignored.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Node> {
        self.entries()
            .into_iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, node)| node)
    }

    /// Returns the last item of exactly that name, which wins.
    pub(crate) fn last(&self, name: &str) -> Option<&Node> {
        self.entries()
            .into_iter()
            .rfind(|(found, _)| *found == name)
            .map(|(_, node)| node)
    }

    /// Returns the labels and bodies of the blocks of that name: `name "label" {…}`.
    pub(crate) fn labelled(&self, name: &str) -> Vec<(&str, &Node)> {
        self.all(name).flat_map(Node::entries).collect()
    }
}

impl fmt::Debug for Node {
    // Any text may be a token.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(sensitive value)")
    }
}
