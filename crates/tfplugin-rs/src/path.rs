//! [`Path`]: where in a configuration, state or plan something stands.
//!
//! Paths are relative to the body of the resource or provider they speak of. An element of a set
//! has no name, so a path into a set ends at the set.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// An attribute of an object, or a nested block, by its name.
    Attribute(String),
    /// An element of a map, by its key.
    Key(String),
    /// An element of a list or tuple, by its position from 0.
    Index(i64),
}

/// The way to an attribute, such as `network[0].labels["env"]`.
///
/// ```
/// # use tfplugin::Path;
/// let path = Path::root().attribute("network").index(0).attribute("labels").key("env");
/// assert_eq!(path.to_string(), r#"network[0].labels["env"]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<PathStep>);

impl Path {
    /// The whole body.
    pub fn root() -> Self {
        Self::default()
    }

    /// A top-level attribute.
    pub fn of(attribute: impl Into<String>) -> Self {
        Self::root().attribute(attribute)
    }

    /// This path and an attribute below it.
    #[must_use]
    pub fn attribute(&self, name: impl Into<String>) -> Self {
        self.with(PathStep::Attribute(name.into()))
    }

    /// This path and a map element below it.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(PathStep::Key(key.into()))
    }

    /// This path and a list or tuple element below it.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// This path and one more step.
    #[must_use]
    pub fn with(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps, outermost first; empty for the whole body.
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// Whether this is the whole body.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Attribute(name) if position == 0 => f.write_str(name)?,
                PathStep::Attribute(name) => write!(f, ".{name}")?,
                PathStep::Key(key) => write!(f, "[{key:?}]")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
