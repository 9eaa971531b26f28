//! The provider's schemas as Terraform has them: read from GetProviderSchema, checked as Terraform checks them.
//!
//! Not here yet: nested blocks and nested attributes, which the SDK has none of.

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_tfe::tfplugin::server::proto;
use terraform_provider_tfe::tfplugin::{Type, Value};

use super::identity::IdentityShape;

/// What a provider declares.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schemas {
    pub(crate) provider: ObjectSchema,
    pub(crate) resources: BTreeMap<String, ObjectSchema>,
    pub(crate) data_sources: BTreeMap<String, ObjectSchema>,
    pub(crate) ephemeral_resources: BTreeMap<String, ObjectSchema>,
    pub(crate) list_resources: BTreeMap<String, ObjectSchema>,
    pub(crate) actions: BTreeMap<String, ObjectSchema>,
    pub(crate) plan_destroy: bool,
}

/// The shape of one object.
#[derive(Clone, Debug)]
pub(crate) struct ObjectSchema {
    pub(crate) version: i64,
    pub(crate) attributes: BTreeMap<String, AttributeSchema>,
    pub(crate) ty: Type,
    /// Of a managed resource that has one.
    pub(crate) identity: Option<IdentityShape>,
}

/// One attribute of it.
#[derive(Clone, Debug)]
pub(crate) struct AttributeSchema {
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
}

impl Default for ObjectSchema {
    fn default() -> Self {
        Self {
            version: 0,
            attributes: BTreeMap::new(),
            ty: Type::object(Vec::<(String, Type)>::new()),
            identity: None,
        }
    }
}

impl Schemas {
    /// Reads a reply; the sentences say what Terraform would refuse it for.
    pub(crate) fn read(reply: proto::get_provider_schema::Response) -> Result<Self, Vec<String>> {
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
        })
    }

    /// The same with the identities of managed resources.
    pub(crate) fn with_identities(
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
    /// Terraform: `internal/configs/configschema/internal_validate.go`.
    fn read(place: &str, schema: proto::Schema, managed: bool, problems: &mut Vec<String>) -> Self {
        let mut problem = |text: String| problems.push(format!("{place}: {text}"));
        let Some(block) = schema.block else {
            problem("no block, which crashes Terraform".to_owned());
            return Self::default();
        };
        if schema.version < 0 {
            problem("negative version".to_owned());
        }
        if !block.block_types.is_empty() {
            problem("nested blocks, which Core cannot play yet".to_owned());
        }
        let mut attributes = BTreeMap::new();
        let mut names = BTreeSet::new();
        for one in block.attributes {
            let name = one.name;
            let mut problem = |text: &str| problem(format!("{name}: {text}"));
            if !names.insert(name.clone()) {
                problem("declared twice");
            }
            let well_formed = !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if !well_formed {
                problem("may contain only lower-case letters, digits and underscores");
            }
            if !(one.required || one.optional || one.computed) {
                problem("must set Optional, Required or Computed");
            }
            if one.required && (one.optional || one.computed) {
                problem("cannot set Required with Optional or Computed");
            }
            if one.write_only && (one.computed || !managed) {
                problem("cannot be write-only here");
            }
            if !one.deprecation_message.is_empty() && !one.deprecated {
                problem("a deprecation message needs the deprecated flag");
            }
            if one.nested_type.is_some() {
                problem("a nested type, which Core cannot play yet");
            }
            let ty = Type::from_json(&one.r#type).unwrap_or_else(|_| {
                problem("its type is not JSON, which crashes Terraform");
                Type::Dynamic
            });
            let attribute = AttributeSchema {
                ty,
                required: one.required,
                optional: one.optional,
                computed: one.computed,
                sensitive: one.sensitive,
                write_only: one.write_only,
            };
            attributes.insert(name, attribute);
        }
        let ty = Type::object(
            attributes
                .iter()
                .map(|(name, one)| (name.clone(), one.ty.clone())),
        );
        Self {
            version: schema.version,
            attributes,
            ty,
            identity: None,
        }
    }

    /// The names of write-only attributes that have a value where none may be.
    pub(crate) fn write_only_values<'a>(&'a self, object: &'a Value) -> Vec<&'a str> {
        self.attributes
            .iter()
            .filter(|(_, one)| one.write_only)
            .filter(|(name, _)| object.attribute(name).is_some_and(|value| !value.is_null()))
            .map(|(name, _)| name.as_str())
            .collect()
    }
}
