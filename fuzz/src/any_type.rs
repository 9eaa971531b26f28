//! A type of the language, chosen by the first bytes of an input.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use tfplugin::Type;

/// How deep it nests: enough for every pair of types to meet.
const DEPTH: usize = 4;
/// How many elements a tuple or an object has at most.
const WIDTH: usize = 3;

/// One byte for each type, and one for the number of elements of a tuple or an object.
///
/// # Errors
///
/// The input is too short for the choices.
pub fn any_type(input: &mut Unstructured<'_>) -> Result<Type> {
    below(input, DEPTH)
}

fn below(input: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    let last = if depth == 0 { 3 } else { 8 };
    Ok(match input.int_in_range(0..=last)? {
        0 => Type::String,
        1 => Type::Number,
        2 => Type::Bool,
        3 => Type::Dynamic,
        4 => Type::list(below(input, depth - 1)?),
        5 => Type::set(below(input, depth - 1)?),
        6 => Type::map(below(input, depth - 1)?),
        7 => Type::tuple(elements(input, depth - 1)?),
        _ => Type::object(["a", "b", "c"].into_iter().zip(elements(input, depth - 1)?)),
    })
}

fn elements(input: &mut Unstructured<'_>, depth: usize) -> Result<Vec<Type>> {
    (0..input.int_in_range(0..=WIDTH)?)
        .map(|_| below(input, depth))
        .collect()
}
