//! Any bytes, read as a value of any type: an error or a value, which survives being written.

#![no_main]

use fuzzed::any_type::any_type;
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};
use tfplugin::value::{Leniency, decode_json, decode_msgpack, encode_json, encode_msgpack};

fuzz_target!(|input: &[u8]| -> Corpus {
    let mut input = Unstructured::new(input);
    let Ok(ty) = any_type(&mut input) else {
        return Corpus::Reject;
    };
    let Ok(value) = decode_msgpack(input.take_rest(), &ty) else {
        return Corpus::Keep;
    };
    let written = encode_msgpack(&value, &ty).expect("what was read can be written");
    let again = decode_msgpack(&written, &ty).expect("what was written can be read");
    assert!(again == value, "{value:?} became {again:?}");
    assert_eq!(encode_msgpack(&again, &ty).ok(), Some(written));
    // JSON has no form for what is unknown or infinite.
    if let Ok(text) = encode_json(&value, &ty) {
        let again = decode_json(&text, &ty, Leniency::Strict).expect("JSON can be read, too");
        assert!(again == value, "{value:?} became {again:?} through JSON");
    }
    Corpus::Keep
});
