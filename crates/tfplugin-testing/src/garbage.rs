//! [`garbage`]: bytes that are no value.

use tfplugin::server::proto;

/// Encoded values that every decoder must refuse: truncated, oversized, nested without end, or not a value at all.
pub fn garbage() -> Vec<proto::DynamicValue> {
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    let msgpack = [
        vec![0xc1],
        vec![0x00],
        vec![0x81],
        vec![0x8f, 0xa1],
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0],
        vec![0xdb, 0xff, 0xff, 0xff, 0xff, b'a'],
        vec![0x81, 0xa2, 0xff, 0xfe, 0xc0],
        vec![0xc0, 0xc0],
        vec![0xc9, 0xff, 0xff, 0xff, 0xff, 0x0c],
        deep,
    ]
    .map(|msgpack| proto::DynamicValue {
        msgpack,
        ..Default::default()
    });
    let json =
        [&b"{"[..], b"nonsense", b"{}", b"\xff\xfe", b"[[[["].map(|json| proto::DynamicValue {
            json: json.to_vec(),
            ..Default::default()
        });
    msgpack.into_iter().chain(json).collect()
}
