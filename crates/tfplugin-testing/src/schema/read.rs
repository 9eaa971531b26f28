//! Reads schemas from the provider's replies, and checks them as Terraform does.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::Type;
use tfplugin::schema::Nesting;
use tfplugin::server::proto;

use super::{AttributeSchema, BlockSchema, IdentitySchema, ObjectSchema, Schemas, collection_type};

impl Schemas {
    /// Reads the reply of GetProviderSchema.
    ///
    /// # Errors
    ///
    /// Returns every problem for which Terraform would refuse the schemas.
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

    /// Adds the identities of managed resources, from the reply of GetResourceIdentitySchemas.
    ///
    /// # Errors
    ///
    /// Returns every problem for which Terraform would refuse the identities.
    pub fn with_identities(
        mut self,
        reply: proto::get_resource_identity_schemas::Response,
    ) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        for (name, schema) in reply.identity_schemas {
            let identity = IdentitySchema::read(&name, schema, &mut problems);
            match self.resources.get_mut(&name) {
                Some(resource) => resource.identity = Some(identity),
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
}

impl IdentitySchema {
    /// Reads the schema of an identity (Terraform: `internal/schemarepo/loadschemas/plugins.go`).
    fn read(name: &str, schema: proto::ResourceIdentitySchema, problems: &mut Vec<String>) -> Self {
        let mut problem = |text: &str| problems.push(format!("identity of {name}: {text}"));
        if schema.version != 0 {
            problem("a version that hosts without it cannot read");
        }
        let mut types = BTreeMap::new();
        let mut required = BTreeMap::new();
        for one in schema.identity_attributes {
            let ty = Type::from_json(&one.r#type).unwrap_or_else(|_| {
                problem("a type that is not JSON, which crashes Terraform");
                Type::Dynamic
            });
            match &ty {
                Type::String | Type::Number | Type::Bool | Type::List(_) => {}
                _ => problem("only primitives and lists are allowed"),
            }
            if one.required_for_import == one.optional_for_import {
                problem("must be required or optional for import");
            }
            required.insert(one.name.clone(), one.required_for_import);
            types.insert(one.name, ty);
        }
        Self {
            ty: Type::object(types),
            required,
        }
    }
}

/// Reads the parts of a schema, and collects problems (Terraform:
/// `internal/configs/configschema/internal_validate.go`).
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
        let (min_items, max_items) = (block.min_items, block.max_items);
        let (nesting, countable) = match block.nesting() {
            NestingMode::Single => (
                Nesting::Single,
                min_items == max_items && (0..=1).contains(&min_items),
            ),
            NestingMode::Group => (Nesting::Group, (min_items, max_items) == (0, 0)),
            NestingMode::Map => (Nesting::Map, (min_items, max_items) == (0, 0)),
            NestingMode::List => (
                Nesting::List,
                min_items >= 0 && (max_items == 0 || min_items <= max_items),
            ),
            NestingMode::Set => (
                Nesting::Set,
                min_items >= 0 && (max_items == 0 || min_items <= max_items),
            ),
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
            min_items,
            max_items,
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
            Some((nesting, body)) => collection_type(*nesting, body),
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
