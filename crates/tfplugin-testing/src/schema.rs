//! The provider's schemas as Terraform has them: read from GetProviderSchema, checked as Terraform checks them.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::schema::Nesting;
use tfplugin::server::proto;
use tfplugin::{Type, Value};

use super::identity::IdentityShape;

/// What a provider declares.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    pub provider: ObjectSchema,
    pub resources: BTreeMap<String, ObjectSchema>,
    pub data_sources: BTreeMap<String, ObjectSchema>,
    pub ephemeral_resources: BTreeMap<String, ObjectSchema>,
    pub list_resources: BTreeMap<String, ObjectSchema>,
    pub actions: BTreeMap<String, ObjectSchema>,
    pub plan_destroy: bool,
    pub move_resource_state: bool,
    pub generate_resource_config: bool,
}

/// The shape of one object: a resource, a nested block, a nested attribute.
#[derive(Clone, Debug)]
pub struct ObjectSchema {
    pub version: i64,
    pub attributes: BTreeMap<String, AttributeSchema>,
    pub blocks: BTreeMap<String, BlockSchema>,
    pub ty: Type,
    /// Of a managed resource that has one.
    pub identity: Option<IdentityShape>,
}

/// One attribute of it.
#[derive(Clone, Debug)]
pub struct AttributeSchema {
    pub ty: Type,
    pub nested: Option<(Nesting, ObjectSchema)>,
    pub required: bool,
    pub optional: bool,
    pub computed: bool,
    pub sensitive: bool,
    pub write_only: bool,
}

/// One kind of nested blocks in it.
#[derive(Clone, Debug)]
pub struct BlockSchema {
    pub nesting: Nesting,
    pub body: ObjectSchema,
    pub min_items: i64,
    pub max_items: i64,
}

impl BlockSchema {
    pub fn ty(&self) -> Type {
        holding(self.nesting, &self.body)
    }
}

fn holding(nesting: Nesting, body: &ObjectSchema) -> Type {
    let object = body.ty.clone();
    match nesting {
        Nesting::Single | Nesting::Group => object,
        Nesting::List => Type::list(object),
        Nesting::Set => Type::set(object),
        Nesting::Map => Type::map(object),
    }
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

impl Schemas {
    /// Reads a reply; the sentences say what Terraform would refuse it for.
    pub fn read(reply: proto::get_provider_schema::Response) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut all = |kind: &str, schemas: BTreeMap<String, proto::Schema>, managed| {
            schemas
                .into_iter()
                .map(|(name, schema)| {
                    let place = format!("{kind} {name}");
                    let schema = ObjectSchema::read(&place, schema, managed, &mut problems);
                    (name, schema)
                })
                .collect::<BTreeMap<_, _>>()
        };
        let resources = all("resource", reply.resource_schemas, true);
        let data_sources = all("data source", reply.data_source_schemas, false);
        let ephemeral_resources = all(
            "ephemeral resource",
            reply.ephemeral_resource_schemas,
            false,
        );
        let list_resources = all("list resource", reply.list_resource_schemas, false);
        let actions = reply.action_schemas.into_iter();
        let actions = actions.map(|(name, one)| (name, one.schema.unwrap_or_default()));
        let actions = all("action", actions.collect(), false);
        let provider = match reply.provider {
            Some(schema) => ObjectSchema::read("provider", schema, false, &mut problems),
            None => {
                problems.push("missing provider schema".to_owned());
                ObjectSchema::default()
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let capabilities = reply.server_capabilities.unwrap_or_default();
        Ok(Self {
            provider,
            resources,
            data_sources,
            ephemeral_resources,
            list_resources,
            actions,
            plan_destroy: capabilities.plan_destroy,
            move_resource_state: capabilities.move_resource_state,
            generate_resource_config: capabilities.generate_resource_config,
        })
    }

    /// The same with the identities of managed resources.
    pub fn with_identities(
        mut self,
        reply: proto::get_resource_identity_schemas::Response,
    ) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        for (name, schema) in reply.identity_schemas {
            let shape = IdentityShape::read(&name, schema, &mut problems);
            match self.resources.get_mut(&name) {
                Some(resource) => resource.identity = Some(shape),
                None => problems.push(format!("an identity of {name}, which is no resource")),
            }
        }
        if problems.is_empty() {
            Ok(self)
        } else {
            Err(problems)
        }
    }
}

impl ObjectSchema {
    fn read(place: &str, schema: proto::Schema, managed: bool, problems: &mut Vec<String>) -> Self {
        let Some(block) = schema.block else {
            problems.push(format!("{place}: no block, which crashes Terraform"));
            return Self::default();
        };
        if schema.version < 0 {
            problems.push(format!("{place}: negative version"));
        }
        let mut reader = Reader {
            problems,
            managed,
            in_set: false,
        };
        Self {
            version: schema.version,
            ..reader.block(place, block)
        }
    }

    /// Where write-only attributes have a value where none may be.
    pub fn write_only_values(&self, object: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.find_write_only(object, "", &mut found);
        found
    }

    fn find_write_only(&self, object: &Value, place: &str, found: &mut Vec<String>) {
        for (name, one) in &self.attributes {
            let Some(value) = object.attribute(name) else {
                continue;
            };
            if one.write_only && !value.is_null() {
                found.push(format!("{place}{name}"));
            }
            if let Some((_, body)) = &one.nested {
                body.find_write_only_in(value, &format!("{place}{name}."), found);
            }
        }
        for (name, one) in &self.blocks {
            if let Some(value) = object.attribute(name) {
                let place = format!("{place}{name}.");
                one.body.find_write_only_in(value, &place, found);
            }
        }
    }

    /// In an object, or in all those of a list, set or map.
    fn find_write_only_in(&self, value: &Value, place: &str, found: &mut Vec<String>) {
        if let Some(elements) = value.as_list() {
            for element in elements {
                self.find_write_only(element, place, found);
            }
        } else if let Some(elements) = value.as_map() {
            let is_object = elements.keys().eq(self
                .ty
                .attributes()
                .into_iter()
                .flatten()
                .map(|(name, _)| name));
            if is_object {
                self.find_write_only(value, place, found);
            } else {
                for element in elements.values() {
                    self.find_write_only(element, place, found);
                }
            }
        }
    }
}

/// Terraform: `internal/configs/configschema/internal_validate.go`.
struct Reader<'a> {
    problems: &'a mut Vec<String>,
    managed: bool,
    in_set: bool,
}

impl Reader<'_> {
    fn problem(&mut self, place: &str, text: &str) {
        self.problems.push(format!("{place}: {text}"));
    }

    fn block(&mut self, place: &str, block: proto::schema::Block) -> ObjectSchema {
        if !block.deprecation_message.is_empty() && !block.deprecated {
            self.problem(place, "a deprecation message needs the deprecated flag");
        }
        let mut object = self.attributes(place, block.attributes);
        for one in block.block_types {
            let place = format!("{place}: {}", one.type_name);
            self.check_name(&place, &one.type_name);
            if object.attributes.contains_key(&one.type_name)
                || object.blocks.contains_key(&one.type_name)
            {
                self.problem(&place, "declared twice");
            }
            let name = one.type_name.clone();
            let read = self.nested_block(&place, one);
            object.blocks.insert(name, read);
        }
        object.ty = Type::object(
            object
                .attributes
                .iter()
                .map(|(name, one)| (name.clone(), one.ty.clone()))
                .chain(
                    object
                        .blocks
                        .iter()
                        .map(|(name, one)| (name.clone(), one.ty())),
                ),
        );
        object
    }

    fn nested_block(&mut self, place: &str, block: proto::schema::NestedBlock) -> BlockSchema {
        use proto::schema::nested_block::NestingMode;
        let (fewest, most) = (block.min_items, block.max_items);
        let (nesting, countable) = match block.nesting() {
            NestingMode::Single => (Nesting::Single, fewest == most && (0..=1).contains(&fewest)),
            NestingMode::Group => (Nesting::Group, (fewest, most) == (0, 0)),
            NestingMode::Map => (Nesting::Map, (fewest, most) == (0, 0)),
            NestingMode::List => (Nesting::List, fewest >= 0 && (most == 0 || fewest <= most)),
            NestingMode::Set => (Nesting::Set, fewest >= 0 && (most == 0 || fewest <= most)),
            NestingMode::Invalid => (Nesting::Single, false),
        };
        if !countable {
            self.problem(place, "invalid nesting, MinItems or MaxItems");
        }
        let body = match block.block {
            Some(body) => self.within(nesting, |reader| reader.block(place, body)),
            None => {
                self.problem(place, "no block, which crashes Terraform");
                ObjectSchema::default()
            }
        };
        if matches!(nesting, Nesting::List | Nesting::Map) && holds_dynamic(&body.ty) {
            self.problem(
                place,
                "dynamic in a block collection, which Core cannot play",
            );
        }
        BlockSchema {
            nesting,
            body,
            min_items: fewest,
            max_items: most,
        }
    }

    fn within<T>(&mut self, nesting: Nesting, read: impl FnOnce(&mut Reader<'_>) -> T) -> T {
        read(&mut Reader {
            in_set: self.in_set || nesting == Nesting::Set,
            managed: self.managed,
            problems: self.problems,
        })
    }

    fn attributes(
        &mut self,
        place: &str,
        attributes: Vec<proto::schema::Attribute>,
    ) -> ObjectSchema {
        let mut read = BTreeMap::new();
        let mut names = BTreeSet::new();
        for one in attributes {
            let name = one.name.clone();
            let place = format!("{place}: {name}");
            if !names.insert(name.clone()) {
                self.problem(&place, "declared twice");
            }
            let attribute = self.attribute(&place, one);
            read.insert(name, attribute);
        }
        let ty = Type::object(
            read.iter()
                .map(|(name, one)| (name.clone(), one.ty.clone())),
        );
        ObjectSchema {
            version: 0,
            attributes: read,
            blocks: BTreeMap::new(),
            ty,
            identity: None,
        }
    }

    fn attribute(&mut self, place: &str, one: proto::schema::Attribute) -> AttributeSchema {
        self.check_name(place, &one.name);
        for (broken, rule) in [
            (
                !(one.required || one.optional || one.computed),
                "must set Optional, Required or Computed",
            ),
            (
                one.required && (one.optional || one.computed),
                "cannot set Required with Optional or Computed",
            ),
            (
                one.write_only && (one.computed || !self.managed || self.in_set),
                "cannot be write-only here",
            ),
            (
                !one.deprecation_message.is_empty() && !one.deprecated,
                "a deprecation message needs the deprecated flag",
            ),
            (
                one.r#type.is_empty() != one.nested_type.is_some(),
                "either Type or NestedType must be defined",
            ),
        ] {
            if broken {
                self.problem(place, rule);
            }
        }
        let nested = one.nested_type.map(|object| self.nested(place, object));
        let ty = match &nested {
            Some((nesting, body)) => holding(*nesting, body),
            None => Type::from_json(&one.r#type).unwrap_or_else(|_| {
                self.problem(place, "its type is not JSON, which crashes Terraform");
                Type::String
            }),
        };
        if self.in_set && holds_dynamic(&ty) {
            self.problem(place, "dynamic in a set");
        }
        AttributeSchema {
            ty,
            nested,
            required: one.required,
            optional: one.optional,
            computed: one.computed,
            sensitive: one.sensitive,
            write_only: one.write_only,
        }
    }

    fn nested(&mut self, place: &str, object: proto::schema::Object) -> (Nesting, ObjectSchema) {
        use proto::schema::object::NestingMode;
        let nesting = match object.nesting() {
            NestingMode::Single => Nesting::Single,
            NestingMode::List => Nesting::List,
            NestingMode::Set => Nesting::Set,
            NestingMode::Map => Nesting::Map,
            NestingMode::Invalid => {
                self.problem(place, "invalid nesting mode");
                Nesting::Single
            }
        };
        let read = |reader: &mut Reader<'_>| reader.attributes(place, object.attributes);
        (nesting, self.within(nesting, read))
    }

    fn check_name(&mut self, place: &str, name: &str) {
        let well_formed = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !well_formed {
            self.problem(
                place,
                "may contain only lower-case letters, digits and underscores",
            );
        }
    }
}

fn holds_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => holds_dynamic(element),
        Type::Tuple(types) => types.iter().any(holds_dynamic),
        Type::Object(object) => object.attributes.values().any(holds_dynamic),
        _ => false,
    }
}
