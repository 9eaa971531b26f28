//! Reads from an ELF file what it needs to run (elf(5)). Little-endian, 64 bits.

const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const DT_NEEDED: u64 = 1;

/// What the system must have for an executable to start.
#[derive(Debug, PartialEq, Eq)]
pub struct Needs {
    /// Whether the file names a dynamic linker.
    pub interpreter: bool,
    /// The number of shared libraries that the file names.
    pub libraries: usize,
}

impl Needs {
    pub const NOTHING: Self = Self {
        interpreter: false,
        libraries: 0,
    };

    /// Reads it from the program headers.
    ///
    /// # Panics
    ///
    /// If the file is not ELF, or is truncated.
    pub fn of(file: &[u8]) -> Self {
        assert_eq!(
            file[..6],
            *b"\x7fELF\x02\x01",
            "not an ELF file of 64 bits, little-endian"
        );
        let headers = number::<8>(file, 32);
        let size = number::<2>(file, 54);
        let count = number::<2>(file, 56);
        let mut needs = Self::NOTHING;
        for header in (0..count).map(|index| offset(headers + index * size)) {
            match u32::try_from(number::<4>(file, header)).expect("four bytes") {
                PT_INTERP => needs.interpreter = true,
                PT_DYNAMIC => {
                    let start = offset(number::<8>(file, header + 8));
                    let length = offset(number::<8>(file, header + 32));
                    needs.libraries = file[start..start + length]
                        .chunks_exact(16)
                        .filter(|entry| number::<8>(entry, 0) == DT_NEEDED)
                        .count();
                }
                _ => {}
            }
        }
        needs
    }
}

fn number<const SIZE: usize>(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number[..SIZE].copy_from_slice(&bytes[at..at + SIZE]);
    u64::from_le_bytes(number)
}

fn offset(number: u64) -> usize {
    usize::try_from(number).expect("an offset in the file")
}

/// A file with one program header and one dynamic entry.
fn file(kind: u32, tag: u64) -> Vec<u8> {
    let mut file = vec![0; 64 + 56 + 32];
    file[..6].copy_from_slice(b"\x7fELF\x02\x01");
    file[32] = 64; // e_phoff
    file[54] = 56; // e_phentsize
    file[56] = 1; // e_phnum
    file[64..68].copy_from_slice(&kind.to_le_bytes());
    file[64 + 8] = 64 + 56; // p_offset
    file[64 + 32] = 32; // p_filesz
    file[64 + 56..64 + 64].copy_from_slice(&tag.to_le_bytes());
    file
}

#[test]
fn an_interpreter_and_libraries_are_found() {
    let with = |interpreter, libraries| Needs {
        interpreter,
        libraries,
    };
    assert_eq!(Needs::of(&file(PT_INTERP, 0)), with(true, 0));
    assert_eq!(Needs::of(&file(PT_DYNAMIC, DT_NEEDED)), with(false, 1));
    assert_eq!(Needs::of(&file(PT_DYNAMIC, 5)), Needs::NOTHING);
}
