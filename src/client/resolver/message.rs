//! DNS messages: a [`Question`] and its [`DnsAnswer`] (RFC 1035, 4; RFC 6891).
//!
//! hickory-proto encodes and decodes the messages. Only addresses are queried: a recursive server
//! follows aliases and answers with the addresses as well.

use std::net::IpAddr;

use hickory_proto::op::{Edns, Header, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, RecordType};
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};

/// The size of the largest answer over UDP. A larger one comes over TCP.
pub(super) const MAX_DATAGRAM: u16 = 1232;

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

/// One question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    id: u16,
    family: Family,
    query: Query,
    bytes: Vec<u8>,
}

/// The answer of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DnsAnswer {
    /// At least one address.
    Addresses(Vec<IpAddr>),
    /// The name does not exist, or has no address of this family.
    Nothing,
    /// The answer is not complete.
    Truncated(Vec<IpAddr>),
    /// The server is not recursive, and does not know the name itself.
    Referral,
    /// A response code other than NOERROR and NXDOMAIN.
    Failure(u8),
    /// The answer cannot be decoded.
    Malformed,
}

impl Question {
    /// Makes a question. Returns `None` if the name is not valid or does not end with a dot.
    pub(super) fn new(id: u16, name: &str, family: Family) -> Option<Self> {
        let name = Name::from_ascii(name).ok()?;
        if !name.is_fqdn() || name.is_root() {
            return None;
        }
        let query = Query::query(name, family.records());
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = true;
        message.add_query(query.clone());
        let mut edns = Edns::new();
        edns.set_max_payload(MAX_DATAGRAM);
        message.set_edns(edns);
        Some(Self {
            id,
            family,
            query,
            bytes: message.to_vec().ok()?,
        })
    }

    /// Returns the encoded question.
    pub(super) fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Decodes a message. Returns `None` if it does not answer this question.
    pub(super) fn answer(&self, message: &[u8]) -> Option<DnsAnswer> {
        let mut decoder = BinDecoder::new(message);
        // Only the part up to the answers is decoded, because a truncated message may end anywhere.
        let Header { metadata, counts } = Header::read(&mut decoder).ok()?;
        let queries = Message::read_queries(&mut decoder, counts.queries.into()).ok()?;
        // Names are compared without case.
        if metadata.id != self.id
            || metadata.message_type != MessageType::Response
            || queries != [self.query.clone()]
        {
            return None;
        }
        match metadata.response_code {
            ResponseCode::NoError => {}
            ResponseCode::NXDomain => return Some(DnsAnswer::Nothing),
            code => return Some(DnsAnswer::Failure(code.low())),
        }
        let found = self.addresses(&mut decoder, counts.answers);
        let is_empty = counts.answers == 0 && counts.additionals == 0;
        Some(match found {
            found if metadata.truncation => DnsAnswer::Truncated(found.unwrap_or_default()),
            None => DnsAnswer::Malformed,
            Some(found) if !found.is_empty() => DnsAnswer::Addresses(found),
            Some(_) if is_empty && !metadata.authoritative && !metadata.recursion_available => {
                DnsAnswer::Referral
            }
            Some(_) => DnsAnswer::Nothing,
        })
    }

    /// Decodes the addresses among the next `count` records.
    fn addresses(&self, decoder: &mut BinDecoder<'_>, count: u16) -> Option<Vec<IpAddr>> {
        let (records, ..) =
            Message::read_records(decoder, count.into(), false, OpCode::Query).ok()?;
        let of_internet = records
            .iter()
            .filter(|record| record.dns_class == DNSClass::IN);
        let addresses = of_internet.filter_map(|record| match (&record.data, self.family) {
            (RData::A(address), Family::V4) => Some(address.0.into()),
            (RData::AAAA(address), Family::V6) => Some(address.0.into()),
            _ => None,
        });
        Some(addresses.collect())
    }
}

impl Family {
    fn records(self) -> RecordType {
        match self {
            Family::V4 => RecordType::A,
            Family::V6 => RecordType::AAAA,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question() -> Question {
        Question::new(7, "tfe.example.", Family::V4).unwrap()
    }

    /// The question without header and trailing record, as an answer repeats it.
    fn encoded() -> Vec<u8> {
        question().to_bytes()[12..][..17].to_vec()
    }

    /// Compared by byte, so that hickory does not decode its own encoding.
    #[test]
    fn a_question_asks_for_recursion_and_has_the_maximum_size() {
        let expected = [
            &[0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1][..],
            b"\x03tfe\x07example\x00\x00\x01\x00\x01",
            &[0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0],
        ];
        assert_eq!(question().to_bytes(), expected.concat());
    }

    #[test]
    fn each_family_has_its_records() {
        for (family, kind) in [(Family::V4, RecordType::A), (Family::V6, RecordType::AAAA)] {
            let question = Question::new(7, "tfe.example.", family).unwrap();
            let message = Message::from_vec(question.to_bytes()).unwrap();
            assert_eq!(message.metadata.id, 7);
            assert!(message.metadata.recursion_desired);
            assert_eq!(message.queries.len(), 1);
            assert_eq!(message.queries[0].name().to_string(), "tfe.example.");
            assert_eq!(message.queries[0].query_type(), kind);
            assert_eq!(message.edns.unwrap().max_payload(), MAX_DATAGRAM);
        }
    }

    #[test]
    fn an_invalid_name_is_no_question() {
        let long = format!("{}.example.", "a".repeat(64));
        for name in ["", ".", "tfe", "a..b.", ".a.", "käse.", &long] {
            assert!(Question::new(7, name, Family::V4).is_none(), "{name}");
        }
    }

    /// An answer: header words after the ID, the question, and the rest.
    fn message(header: [u16; 5], rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 7];
        for word in header {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(&encoded());
        bytes.extend(rest);
        bytes
    }

    const RECORD: [u8; 16] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7];

    #[track_caller]
    fn check(header: [u16; 5], rest: &[u8], expected: Option<DnsAnswer>) {
        assert_eq!(question().answer(&message(header, rest)), expected);
    }

    #[test]
    fn every_form_of_an_answer_is_decoded() {
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        let found = DnsAnswer::Addresses(vec![address]);
        check([0x8180, 1, 1, 0, 0], &RECORD, Some(found.clone()));
        // After an alias, whose record is of another kind.
        let alias = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 3, 1, b'x', 0];
        let both = [&alias[..], &RECORD].concat();
        check([0x8180, 1, 2, 0, 0], &both, Some(found));
        check([0x8180, 1, 1, 0, 0], &alias, Some(DnsAnswer::Nothing));
        check([0x8180, 1, 0, 0, 0], &[], Some(DnsAnswer::Nothing));
        check([0x8183, 1, 0, 0, 0], &[], Some(DnsAnswer::Nothing));
        check([0x8182, 1, 0, 0, 0], &[], Some(DnsAnswer::Failure(2)));
        check([0x8100, 1, 0, 0, 0], &[], Some(DnsAnswer::Referral));
        check([0x8500, 1, 0, 0, 0], &[], Some(DnsAnswer::Nothing));
        check([0x8100, 1, 0, 0, 1], &[0], Some(DnsAnswer::Nothing));
        let some = DnsAnswer::Truncated(vec![address]);
        check([0x8380, 1, 1, 0, 0], &RECORD, Some(some));
        let none = DnsAnswer::Truncated(Vec::new());
        check([0x8380, 1, 1, 0, 0], &RECORD[..7], Some(none));
        for cut in 0..RECORD.len() {
            check(
                [0x8180, 1, 1, 0, 0],
                &RECORD[..cut],
                Some(DnsAnswer::Malformed),
            );
        }
    }

    #[test]
    fn an_answer_to_another_question_is_ignored() {
        check([0x0180, 1, 1, 0, 0], &RECORD, None);
        check([0x8180, 2, 1, 0, 0], &RECORD, None);
        let answer = message([0x8180, 1, 1, 0, 0], &RECORD);
        let is_answered = |name, id, family| {
            let question = Question::new(id, name, family).unwrap();
            question.answer(&answer).is_some()
        };
        assert!(is_answered("tfe.example.", 7, Family::V4));
        assert!(is_answered("TFE.Example.", 7, Family::V4));
        assert!(!is_answered("tfe.example.", 8, Family::V4));
        assert!(!is_answered("tfe.example.", 7, Family::V6));
        assert!(!is_answered("tfx.example.", 7, Family::V4));
    }

    proptest! {
        #[test]
        fn no_message_makes_it_panic(
            flags in any::<u16>(),
            answers in 0..4u16,
            rest in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            question().answer(&rest);
            question().answer(&message([flags, 1, answers, 0, 0], &rest));
        }
    }
}
