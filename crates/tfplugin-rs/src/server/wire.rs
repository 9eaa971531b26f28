//! Converts between protobuf messages and the SDK's own types.

use super::proto;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::path::{Path, PathStep};
use crate::schema::body::Body;
use crate::schema::{Attribute, Block, IdentitySchema, Nested, Nesting, Schema};
use crate::value::{Leniency, Type, Value, decode_json, decode_msgpack, encode_msgpack};

/// Decodes a value from the host. An absent one, or one that is empty in both forms, is null (Terraform:
/// `internal/plugin6/grpc_provider.go`; OpenTofu sends such).
pub(super) fn decode(value: Option<proto::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let Some(value) = value else {
        return Ok(Value::Null);
    };
    if !value.msgpack.is_empty() {
        decode_msgpack(&value.msgpack, ty)
    } else if !value.json.is_empty() {
        decode_json(&value.json, ty, Leniency::Strict)
    } else {
        Ok(Value::Null)
    }
}

/// Decodes the content of a `config` block. Terraform sends null where the block is left out.
pub(super) fn decode_block(
    value: Option<proto::DynamicValue>,
    ty: &Type,
) -> Result<Value, Diagnostics> {
    match decode(value, ty)? {
        Value::Null => Ok(Value::null_object(ty)),
        config => Ok(config),
    }
}

/// Encodes a value for the host. It must have the type.
pub(super) fn encode(value: &Value, ty: &Type) -> Result<Option<proto::DynamicValue>, Diagnostics> {
    Ok(Some(proto::DynamicValue {
        msgpack: encode_msgpack(value, ty)?,
        ..Default::default()
    }))
}

pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity() {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary().to_owned(),
        detail: diagnostic.detail().to_owned(),
        attribute: diagnostic
            .path()
            .filter(|path| !path.is_root())
            .map(attribute_path),
    }
}

pub(super) fn attribute_path(path: &Path) -> proto::AttributePath {
    use proto::attribute_path::step::Selector;
    let steps = path
        .steps()
        .iter()
        .map(|step| proto::attribute_path::Step {
            selector: Some(match step {
                PathStep::Attribute(name) => Selector::AttributeName(name.clone()),
                PathStep::Key(key) => Selector::ElementKeyString(key.clone()),
                PathStep::Index(index) => Selector::ElementKeyInt(*index),
            }),
        })
        .collect();
    proto::AttributePath { steps }
}

pub(super) fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema {
        version: schema.state_version(),
        block: Some(proto::schema::Block {
            version: schema.state_version(),
            deprecated: schema.deprecation().is_some(),
            deprecation_message: schema.deprecation().unwrap_or_default().to_owned(),
            ..body(schema.body(), schema.description())
        }),
    }
}

fn body(body: &Body, description: &str) -> proto::schema::Block {
    proto::schema::Block {
        attributes: attributes(body),
        block_types: body.blocks().map(|(name, one)| block(name, one)).collect(),
        description: description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn block(name: &str, block: &Block) -> proto::schema::NestedBlock {
    use proto::schema::nested_block::NestingMode;
    let nesting = match block.nesting() {
        Nesting::Single => NestingMode::Single,
        Nesting::Group => NestingMode::Group,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    // Terraform requires equal limits of a single block: (0, 0) is optional, (1, 1) required.
    let min_items = block.minimum_items();
    let max_items = match block.nesting() {
        Nesting::Single => min_items,
        _ => block.maximum_items().unwrap_or_default(),
    };
    proto::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(proto::schema::Block {
            // Terraform 1.15 and later refuse a message without the flag.
            deprecated: block.deprecation().is_some(),
            deprecation_message: block.deprecation().unwrap_or_default().to_owned(),
            ..body(block.body(), block.description())
        }),
        nesting: nesting.into(),
        min_items: min_items.into(),
        max_items: max_items.into(),
    }
}

fn attributes(body: &Body) -> Vec<proto::schema::Attribute> {
    body.attributes()
        .map(|(name, one)| attribute(name, one))
        .collect()
}

fn nested(nested: &Nested) -> proto::schema::Object {
    use proto::schema::object::NestingMode;
    let nesting = match nested.nesting() {
        Nesting::Single | Nesting::Group => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    proto::schema::Object {
        attributes: attributes(nested.body()),
        nesting: nesting.into(),
        ..Default::default()
    }
}

fn attribute(name: &str, attribute: &Attribute) -> proto::schema::Attribute {
    proto::schema::Attribute {
        name: name.to_owned(),
        // Terraform accepts only one of the two.
        r#type: match attribute.nested() {
            Some(_) => Vec::new(),
            None => attribute.ty().to_json(),
        },
        nested_type: attribute.nested().map(nested),
        description: attribute.description().to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        required: attribute.is_required(),
        optional: attribute.is_optional(),
        computed: attribute.is_computed(),
        sensitive: attribute.is_sensitive(),
        write_only: attribute.is_write_only(),
        deprecated: attribute.deprecation().is_some(),
        deprecation_message: attribute.deprecation().unwrap_or_default().to_owned(),
    }
}

pub(super) fn identity_schema(schema: &IdentitySchema) -> proto::ResourceIdentitySchema {
    use proto::resource_identity_schema::IdentityAttribute;
    proto::ResourceIdentitySchema {
        version: 0,
        identity_attributes: schema
            .attributes()
            .map(|(name, one)| IdentityAttribute {
                name: name.to_owned(),
                r#type: one.ty().to_json(),
                required_for_import: one.is_required(),
                optional_for_import: !one.is_required(),
                description: one.description().to_owned(),
            })
            .collect(),
    }
}

/// Returns what the SDK supports beyond the protocol's first minor version. `get_provider_schema_optional`: Terraform
/// need not request the schema in every process of a command.
pub(super) fn server_capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}
