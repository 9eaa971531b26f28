//! Messages of DNS: one question, and what an answer says of it (RFC 1035, 4; RFC 6891).
//!
//! Not in it: the messages' form, which is hickory-proto's, and everything but the addresses of a
//! name. An answer carries them beside the aliases that lead there, for servers that resolve
//! recursively follow those themselves.

use std::net::IpAddr;

use hickory_proto::op::{Edns, Header, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, RecordType};
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};

/// The longest answer over UDP that we take; what is longer comes over TCP.
pub(super) const LONGEST_DATAGRAM: u16 = 1232;

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

/// What a server says to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Never empty.
    Addresses(Vec<IpAddr>),
    /// The name, or an address of this family, does not exist.
    Nothing,
    /// Not all of it fits.
    Truncated(Vec<IpAddr>),
    /// The server does not look names up, and does not know this one itself.
    Referral,
    /// A code other than success and "no such name".
    Failure(u8),
    /// What nobody can read.
    Malformed,
}

impl Question {
    /// None, if it is no name. It must end with a dot.
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
        edns.set_max_payload(LONGEST_DATAGRAM);
        message.set_edns(edns);
        Some(Self {
            id,
            family,
            query,
            bytes: message.to_vec().ok()?,
        })
    }

    /// As it is sent.
    pub(super) fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What a message says; none, if it does not answer this question.
    pub(super) fn answer(&self, message: &[u8]) -> Option<Answer> {
        let mut decoder = BinDecoder::new(message);
        // Not a whole `Message`: one that is cut off need not end between records, and what follows
        // the answers does not matter.
        let Header { metadata, counts } = Header::read(&mut decoder).ok()?;
        let queries = Message::read_queries(&mut decoder, counts.queries.into()).ok()?;
        // The case of letters in names does not count.
        if metadata.id != self.id
            || metadata.message_type != MessageType::Response
            || queries != [self.query.clone()]
        {
            return None;
        }
        match metadata.response_code {
            ResponseCode::NoError => {}
            ResponseCode::NXDomain => return Some(Answer::Nothing),
            code => return Some(Answer::Failure(code.low())),
        }
        let found = self.addresses(&mut decoder, counts.answers);
        let is_empty = counts.answers == 0 && counts.additionals == 0;
        Some(match found {
            found if metadata.truncation => Answer::Truncated(found.unwrap_or_default()),
            None => Answer::Malformed,
            Some(found) if !found.is_empty() => Answer::Addresses(found),
            Some(_) if is_empty && !metadata.authoritative && !metadata.recursion_available => {
                Answer::Referral
            }
            Some(_) => Answer::Nothing,
        })
    }

    /// Those among so many records.
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

    /// The question without header and trailing record, as it comes back.
    fn encoded() -> Vec<u8> {
        question().to_bytes()[12..][..17].to_vec()
    }

    /// By hand: hickory reads what it wrote itself in any case.
    #[test]
    fn a_question_asks_for_recursion_and_says_what_it_takes() {
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
            assert_eq!(message.edns.unwrap().max_payload(), LONGEST_DATAGRAM);
        }
    }

    #[test]
    fn what_is_no_name_is_no_question() {
        let long = format!("{}.example.", "a".repeat(64));
        for name in ["", ".", "tfe", "a..b.", ".a.", "käse.", &long] {
            assert!(Question::new(7, name, Family::V4).is_none(), "{name}");
        }
    }

    /// An answer by hand: header words after the id, the question, and the rest.
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
    fn check(header: [u16; 5], rest: &[u8], expected: Option<Answer>) {
        assert_eq!(question().answer(&message(header, rest)), expected);
    }

    #[test]
    fn an_answer_says_one_thing() {
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        let found = Answer::Addresses(vec![address]);
        check([0x8180, 1, 1, 0, 0], &RECORD, Some(found.clone()));
        // After an alias, whose record is of another kind.
        let alias = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 3, 1, b'x', 0];
        let both = [&alias[..], &RECORD].concat();
        check([0x8180, 1, 2, 0, 0], &both, Some(found));
        check([0x8180, 1, 1, 0, 0], &alias, Some(Answer::Nothing));
        check([0x8180, 1, 0, 0, 0], &[], Some(Answer::Nothing));
        check([0x8183, 1, 0, 0, 0], &[], Some(Answer::Nothing));
        check([0x8182, 1, 0, 0, 0], &[], Some(Answer::Failure(2)));
        check([0x8100, 1, 0, 0, 0], &[], Some(Answer::Referral));
        check([0x8500, 1, 0, 0, 0], &[], Some(Answer::Nothing));
        check([0x8100, 1, 0, 0, 1], &[0], Some(Answer::Nothing));
        let some = Answer::Truncated(vec![address]);
        check([0x8380, 1, 1, 0, 0], &RECORD, Some(some));
        let none = Answer::Truncated(Vec::new());
        check([0x8380, 1, 1, 0, 0], &RECORD[..7], Some(none));
        for cut in 0..RECORD.len() {
            check(
                [0x8180, 1, 1, 0, 0],
                &RECORD[..cut],
                Some(Answer::Malformed),
            );
        }
    }

    #[test]
    fn what_answers_another_question_is_no_answer() {
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
        fn no_message_is_too_strange(
            flags in any::<u16>(),
            answers in 0..4u16,
            rest in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            question().answer(&rest);
            question().answer(&message([flags, 1, answers, 0, 0], &rest));
        }
    }
}
