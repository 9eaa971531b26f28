//! Any text, read as the JSON form of a type: an error or a type, which survives being written, and whose null object
//! is a value of it.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tfplugin::value::{decode_msgpack, encode_msgpack};
use tfplugin::{Type, Value};

fuzz_target!(|text: &[u8]| -> Corpus {
    let Ok(ty) = Type::from_json(text) else {
        return Corpus::Keep;
    };
    let written = ty.to_json();
    let again = Type::from_json(&written).expect("what was written can be read");
    assert_eq!(again, ty);
    assert_eq!(again.to_json(), written);
    let nothing = Value::null_object(&ty);
    let bytes = encode_msgpack(&nothing, &ty).expect("nothing is a value of every type");
    assert!(decode_msgpack(&bytes, &ty).ok() == Some(nothing));
    Corpus::Keep
});
