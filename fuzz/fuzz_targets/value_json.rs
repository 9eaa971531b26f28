//! Any text, read as a value of any type, from a host and from a state: an error or a value, which survives being
//! written in both forms.

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
    let text = input.take_rest();
    let strict = decode_json(text, &ty, Leniency::Strict).ok();
    let lenient = decode_json(text, &ty, Leniency::State).ok();
    if let Some(strict) = &strict {
        assert!(
            lenient.as_ref() == Some(strict),
            "{strict:?} is {lenient:?} in a state"
        );
    }
    let Some(value) = lenient else {
        return Corpus::Keep;
    };
    assert!(value.is_wholly_known(), "JSON has nothing unknown");
    let written = encode_json(&value, &ty).expect("what was read can be written");
    let again = decode_json(&written, &ty, Leniency::Strict).expect("and read again");
    assert!(again == value, "{value:?} became {again:?}");
    let written = encode_msgpack(&value, &ty).expect("msgpack holds what JSON holds");
    let again = decode_msgpack(&written, &ty).expect("and is read again");
    assert!(again == value, "{value:?} became {again:?} through msgpack");
    Corpus::Keep
});
