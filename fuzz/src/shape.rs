//! [`Shapes`]: the types of a provider's objects, as its schema tells them on the wire.

use std::collections::BTreeMap;

use tfplugin::Type;
use tfplugin::server::proto::{Schema, get_provider_schema, schema};

/// The types by the names of the objects.
pub struct Shapes {
    /// The provider block.
    pub provider: Type,
    /// Managed resources.
    pub resources: BTreeMap<String, Type>,
    /// Data sources.
    pub data_sources: BTreeMap<String, Type>,
    /// Ephemeral resources.
    pub ephemeral_resources: BTreeMap<String, Type>,
}

impl Shapes {
    /// Reads them.
    #[must_use]
    pub fn of(reply: get_provider_schema::Response) -> Self {
        let all = |schemas: BTreeMap<String, Schema>| {
            schemas
                .into_iter()
                .map(|(name, schema)| (name, of_schema(schema)))
                .collect()
        };
        Self {
            provider: of_schema(reply.provider.expect("a provider has a schema")),
            resources: all(reply.resource_schemas),
            data_sources: all(reply.data_source_schemas),
            ephemeral_resources: all(reply.ephemeral_resource_schemas),
        }
    }
}

fn of_schema(schema: Schema) -> Type {
    of_block(&schema.block.expect("a schema has a block"))
}

fn of_block(block: &schema::Block) -> Type {
    let attributes = block.attributes.iter().map(of_attribute);
    let blocks = block.block_types.iter().map(of_nested_block);
    Type::object(attributes.chain(blocks))
}

fn of_attribute(attribute: &schema::Attribute) -> (String, Type) {
    let Some(object) = &attribute.nested_type else {
        let ty = Type::from_json(&attribute.r#type).expect("a type is JSON");
        return (attribute.name.clone(), ty);
    };
    use schema::object::NestingMode;
    let one = Type::object(object.attributes.iter().map(of_attribute));
    let ty = match object.nesting() {
        NestingMode::Single => one,
        NestingMode::List => Type::list(one),
        NestingMode::Set => Type::set(one),
        NestingMode::Map => Type::map(one),
        NestingMode::Invalid => panic!("{} has no nesting mode", attribute.name),
    };
    (attribute.name.clone(), ty)
}

fn of_nested_block(nested: &schema::NestedBlock) -> (String, Type) {
    use schema::nested_block::NestingMode;
    let block = nested.block.as_ref().expect("a nested block has a block");
    let one = of_block(block);
    let ty = match nested.nesting() {
        NestingMode::Single | NestingMode::Group => one,
        // The value as a whole says its type then (Terraform: `configschema/decoder_spec.go`).
        NestingMode::List | NestingMode::Map if has_dynamic(&one) => Type::Dynamic,
        NestingMode::List => Type::list(one),
        NestingMode::Set => Type::set(one),
        NestingMode::Map => Type::map(one),
        NestingMode::Invalid => panic!("{} has no nesting mode", nested.type_name),
    };
    (nested.type_name.clone(), ty)
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::String | Type::Number | Type::Bool => false,
        Type::List(of) | Type::Set(of) | Type::Map(of) => has_dynamic(of),
        Type::Tuple(elements) => elements.iter().any(has_dynamic),
        Type::Object(object) => object.attributes.values().any(has_dynamic),
    }
}
