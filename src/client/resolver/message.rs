//! Messages of DNS: one question, and what an answer says of it (RFC 1035, 4; RFC 6891).
//!
//! Not in it: everything but the addresses of a name. An answer carries them beside the aliases
//! that lead there, for servers that resolve recursively follow those themselves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest answer over UDP that we take; what is longer comes over TCP.
pub(super) const LONGEST_DATAGRAM: u16 = 1232;

const CLASS_INTERNET: u16 = 1;
const OPT: u16 = 41;
const HEADER: usize = 12;
const LONGEST_LABEL: usize = 63;

const RESPONSE: u16 = 0x8000;
const AUTHORITATIVE: u16 = 0x0400;
const TRUNCATED: u16 = 0x0200;
const RECURSION_DESIRED: u16 = 0x0100;
const RECURSION_AVAILABLE: u16 = 0x0080;
const CODE: u16 = 0x000f;

/// A family of addresses, by the number of its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4 = 1,
    V6 = 28,
}

/// One question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    id: u16,
    /// Name, family and class as they are sent, and come back.
    encoded: Vec<u8>,
    family: Family,
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
        let mut encoded = Vec::with_capacity(name.len() + 5);
        for label in name.strip_suffix('.')?.split('.') {
            let length = u8::try_from(label.len()).ok()?;
            if label.is_empty() || label.len() > LONGEST_LABEL || !label.is_ascii() {
                return None;
            }
            encoded.push(length);
            encoded.extend(label.bytes());
        }
        encoded.push(0);
        encoded.extend((family as u16).to_be_bytes());
        encoded.extend(CLASS_INTERNET.to_be_bytes());
        Some(Self {
            id,
            encoded,
            family,
        })
    }

    /// As it is sent.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.encoded.len() + 11);
        // One question, and one more record, which says what we take.
        for word in [self.id, RECURSION_DESIRED, 1, 0, 0, 1] {
            bytes.extend(word.to_be_bytes());
        }
        bytes.extend(&self.encoded);
        bytes.push(0);
        for word in [OPT, LONGEST_DATAGRAM, 0, 0, 0] {
            bytes.extend(word.to_be_bytes());
        }
        bytes
    }

    /// What a message says; none, if it does not answer this question.
    pub(super) fn answer(&self, message: &[u8]) -> Option<Answer> {
        let mut reader = Reader(message);
        let (id, flags) = (reader.word()?, reader.word()?);
        let counts = [
            reader.word()?,
            reader.word()?,
            reader.word()?,
            reader.word()?,
        ];
        let [questions, answers, _, more] = counts;
        let question = reader.take(self.encoded.len())?;
        if id != self.id
            || flags & RESPONSE == 0
            || questions != 1
            // The case of letters in names does not count.
            || !question.eq_ignore_ascii_case(&self.encoded)
        {
            return None;
        }
        let code = u8::try_from(flags & CODE).unwrap_or_default();
        Some(match code {
            0 => match reader.addresses(answers, self.family) {
                Some(found) if flags & TRUNCATED != 0 => Answer::Truncated(found),
                // What is cut off need not end between records.
                None if flags & TRUNCATED != 0 => Answer::Truncated(Vec::new()),
                Some(found) if !found.is_empty() => Answer::Addresses(found),
                Some(_)
                    if answers == 0
                        && more == 0
                        && flags & (AUTHORITATIVE | RECURSION_AVAILABLE) == 0 =>
                {
                    Answer::Referral
                }
                Some(_) => Answer::Nothing,
                None => Answer::Malformed,
            },
            3 => Answer::Nothing,
            code => Answer::Failure(code),
        })
    }
}

/// The rest of a message.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// Passes over a name: labels, and an end or a pointer to the rest.
    fn skip_name(&mut self) -> Option<()> {
        loop {
            match *self.take(1)?.first()? {
                0 => return Some(()),
                pointer if pointer & 0xc0 == 0xc0 => return self.take(1).map(drop),
                length if length & 0xc0 == 0 => self.take(length.into())?,
                _ => return None,
            };
        }
    }

    /// The addresses of a family among so many records.
    fn addresses(&mut self, count: u16, family: Family) -> Option<Vec<IpAddr>> {
        let mut found = Vec::new();
        for _ in 0..count {
            self.skip_name()?;
            let (kind, class) = (self.word()?, self.word()?);
            let _time_to_live = self.take(4)?;
            let length = self.word()?;
            let data = self.take(length.into())?;
            if kind != family as u16 || class != CLASS_INTERNET {
                continue;
            }
            found.push(match family {
                Family::V4 => Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).into(),
                Family::V6 => Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).into(),
            });
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::Message;
    use hickory_proto::rr::RecordType;
    use proptest::prelude::*;

    use super::*;

    fn question() -> Question {
        Question::new(7, "tfe.example.", Family::V4).unwrap()
    }

    #[test]
    fn another_implementation_reads_the_question() {
        for (family, kind) in [(Family::V4, RecordType::A), (Family::V6, RecordType::AAAA)] {
            let bytes = Question::new(7, "tfe.example.", family).unwrap().to_bytes();
            let message = Message::from_vec(&bytes).unwrap();
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
        bytes.extend(&question().encoded);
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
