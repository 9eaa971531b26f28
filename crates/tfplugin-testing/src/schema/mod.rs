//! The provider's schemas as Terraform has them.

mod read;

use std::collections::BTreeMap;

use tfplugin::schema::Nesting;
use tfplugin::{Type, Value};

/// The schemas and capabilities that a provider declares.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    /// The schema of the provider block.
    pub provider: ObjectSchema,
    /// The managed resources, by type.
    pub resources: BTreeMap<String, ObjectSchema>,
    /// The data sources, by type.
    pub data_sources: BTreeMap<String, ObjectSchema>,
    /// The ephemeral resources, by type.
    pub ephemeral_resources: BTreeMap<String, ObjectSchema>,
    /// The list resources, by type.
    pub list_resources: BTreeMap<String, ObjectSchema>,
    /// The actions, by type.
    pub actions: BTreeMap<String, ObjectSchema>,
    /// Whether the provider plans destroys.
    pub plan_destroy: bool,
    /// Whether the provider moves states between resource types.
    pub move_resource_state: bool,
    /// Whether the provider generates configuration.
    pub generate_resource_config: bool,
}

/// The schema of one object: a resource, a nested block, a nested attribute.
#[derive(Clone, Debug)]
pub struct ObjectSchema {
    /// The version of the schema.
    pub version: i64,
    /// Its attributes, by name.
    pub attributes: BTreeMap<String, AttributeSchema>,
    /// Its nested blocks, by name.
    pub blocks: BTreeMap<String, BlockSchema>,
    /// The type of its value, an object.
    pub ty: Type,
    /// The identity, of a managed resource that has one.
    pub identity: Option<IdentitySchema>,
}

/// The schema of an attribute.
#[derive(Clone, Debug)]
pub struct AttributeSchema {
    /// The type of its value.
    pub ty: Type,
    /// The nested attributes, if it has any.
    pub nested: Option<(Nesting, ObjectSchema)>,
    /// Whether a configuration must set it.
    pub required: bool,
    /// Whether a configuration may set it.
    pub optional: bool,
    /// Whether the provider may set it.
    pub computed: bool,
    /// Whether Terraform hides its value.
    pub sensitive: bool,
    /// Whether its value is in configurations only.
    pub write_only: bool,
}

/// The schema of nested blocks of one name.
#[derive(Clone, Debug)]
pub struct BlockSchema {
    /// How the blocks are collected.
    pub nesting: Nesting,
    /// The schema of one block.
    pub body: ObjectSchema,
    /// The fewest blocks that are allowed.
    pub min_items: i64,
    /// The most blocks that are allowed; 0 is no limit.
    pub max_items: i64,
}

impl BlockSchema {
    /// Returns the type of the blocks' value.
    pub fn ty(&self) -> Type {
        collection_type(self.nesting, &self.body)
    }
}

/// Returns the type of nested objects.
fn collection_type(nesting: Nesting, body: &ObjectSchema) -> Type {
    let object = body.ty.clone();
    match nesting {
        Nesting::Single | Nesting::Group => object,
        Nesting::List => Type::list(object),
        Nesting::Set => Type::set(object),
        Nesting::Map => Type::map(object),
    }
}

/// The identity of a managed resource.
#[derive(Clone, Debug)]
pub struct IdentitySchema {
    /// The type of its value, an object.
    pub ty: Type,
    /// For each attribute, whether an `import` block must set it.
    pub required: BTreeMap<String, bool>,
}

impl Default for ObjectSchema {
    fn default() -> Self {
        Self {
            version: 0,
            attributes: BTreeMap::new(),
            blocks: BTreeMap::new(),
            ty: Type::object(Vec::<(String, Type)>::new()),
            identity: None,
        }
    }
}

impl ObjectSchema {
    /// Returns a sentence for each write-only attribute that has a value.
    pub(crate) fn write_only_problems(&self, object: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.find_write_only(object, "", &mut found);
        found
    }

    fn find_write_only(&self, object: &Value, path: &str, found: &mut Vec<String>) {
        for (name, one) in &self.attributes {
            let Some(value) = object.attribute(name) else {
                continue;
            };
            if one.write_only && !value.is_null() {
                found.push(format!("{path}{name}: a write-only attribute with a value"));
            }
            if let Some((_, body)) = &one.nested {
                body.find_write_only_in(value, &format!("{path}{name}."), found);
            }
        }
        for (name, one) in &self.blocks {
            if let Some(value) = object.attribute(name) {
                let path = format!("{path}{name}.");
                one.body.find_write_only_in(value, &path, found);
            }
        }
    }

    /// Searches an object, or all objects of a list, set or map.
    fn find_write_only_in(&self, value: &Value, path: &str, found: &mut Vec<String>) {
        if let Some(elements) = value.as_list() {
            for element in elements {
                self.find_write_only(element, path, found);
            }
        } else if let Some(elements) = value.as_map() {
            let is_object = elements.keys().eq(self
                .ty
                .attributes()
                .into_iter()
                .flatten()
                .map(|(name, _)| name));
            if is_object {
                self.find_write_only(value, path, found);
            } else {
                for element in elements.values() {
                    self.find_write_only(element, path, found);
                }
            }
        }
    }
}

/// Returns the type of the resource at an address.
pub(crate) fn type_name(address: &str) -> &str {
    address.split('.').next().unwrap_or(address)
}
