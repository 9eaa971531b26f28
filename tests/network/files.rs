//! Files of certificates: which are read, and what may be in them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rcgen::{KeyPair, date_time_ymd};

use crate::pki::{Node, authority, pem, server};
use crate::table::{Row, compare};
use crate::terraform::Case;

/// The server's certificate and its authorities.
struct Pki {
    root: Node,
    intermediate: Node,
    /// The intermediate certificate with the same name and key, expired.
    expired: Node,
    server: Node,
}

/// What the variables name. `<folder>` in their values stands for a folder that `write` fills.
struct Files {
    what: &'static str,
    variables: &'static [(&'static str, &'static str)],
    write: fn(&Pki, &Folder),
    note: &'static str,
}

struct Folder(tempfile::TempDir);

const FILE: &[(&str, &str)] = &[("SSL_CERT_FILE", "<folder>/file")];
const DIRECTORY: &[(&str, &str)] = &[("SSL_CERT_DIR", "<folder>/certs")];

const ROWS: [Files; 26] = [
    file("A file in PEM", |pki, folder| {
        folder.write("file", pki.root());
    }),
    file("Text around the certificates", |pki, folder| {
        let text = format!("# one\n\n{}Subject: two\n{}", pki.foreign(), pki.root());
        folder.write("file", text);
    }),
    file("Line ends of Windows", |pki, folder| {
        folder.write("file", pki.root().replace('\n', "\r\n"));
    }),
    file("No line end at the end", |pki, folder| {
        folder.write("file", pki.root().trim_end());
    }),
    file("A byte order mark before the only one", |pki, folder| {
        folder.write("file", format!("\u{feff}{}", pki.root()));
    }),
    file("A malformed certificate before it", |pki, folder| {
        folder.write("file", format!("{MALFORMED}{}", pki.root()));
    }),
    file("One before it that is not base64", |pki, folder| {
        folder.write(
            "file",
            format!("{}{}", MALFORMED.replace('A', "!"), pki.root()),
        );
    }),
    file("One before it without an end", |pki, folder| {
        let cut = MALFORMED.replace("-----END CERTIFICATE-----\n", "");
        folder.write("file", format!("{cut}{}", pki.root()));
    }),
    file("A private key before it", |pki, folder| {
        let key = MALFORMED.replace("CERTIFICATE", "PRIVATE KEY");
        folder.write("file", format!("{key}{}", pki.root()));
    }),
    file("Indented lines, as in YAML", |pki, folder| {
        folder.write("file", format!("  {}", pki.root().replace('\n', "\n  ")));
    })
    .differs("White space around the lines does no harm."),
    file("`BEGIN TRUSTED CERTIFICATE`", |pki, folder| {
        folder.write(
            "file",
            pki.root().replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        );
    }),
    file("DER", |pki, folder| {
        folder.write("file", &pki.root.certificate);
    }),
    file("An empty file", |_, folder| folder.write("file", "")),
    file("No file", |_, _| {}),
    file("A directory in the place of the file", |pki, folder| {
        folder.write("file/root.pem", pki.root());
    }),
    file("The intermediate certificate only", |pki, folder| {
        folder.write("file", pem(&pki.intermediate.certificate));
    }),
    file(
        "The intermediate certificate only, expired",
        |pki, folder| folder.write("file", pem(&pki.expired.certificate)),
    ),
    file(
        "An expired intermediate certificate before its root",
        |pki, folder| {
            folder.write(
                "file",
                format!("{}{}", pem(&pki.expired.certificate), pki.root()),
            );
        },
    ),
    directory("A file of a directory, of any name", |pki, folder| {
        folder.write("certs/anything", pki.root());
    }),
    directory("A link to a file elsewhere", |pki, folder| {
        folder.write("root.pem", pki.root());
        folder.write("certs/README", "");
        folder.link("../root.pem", "certs/12345678.0");
    }),
    directory("A broken link beside the file", |pki, folder| {
        folder.write("certs/root.pem", pki.root());
        folder.link("nothing", "certs/a.pem");
    }),
    directory("A directory in the directory", |pki, folder| {
        folder.write("certs/more/root.pem", pki.root());
    }),
    Files {
        variables: &[("SSL_CERT_DIR", "<folder>/none:<folder>/certs")],
        ..directory("The second directory of two", |pki, folder| {
            folder.write("certs/root.pem", pki.root());
        })
    },
    Files {
        variables: &[("SSL_CERT_DIR", "<folder>/certs,<folder>/none")],
        ..directory("Two directories with a comma between", |pki, folder| {
            folder.write("certs/root.pem", pki.root());
        })
    },
    Files {
        variables: &[
            ("SSL_CERT_FILE", "<folder>/none"),
            ("SSL_CERT_DIR", "<folder>/certs"),
        ],
        ..directory("No file, but the directory", |pki, folder| {
            folder.write("certs/root.pem", pki.root());
        })
    },
    Files {
        variables: &[("SSL_CERT_FILE", "<folder>/file:<folder>/none")],
        ..file("Two files with a colon between", |pki, folder| {
            folder.write("file", pki.root());
        })
    },
];

const MALFORMED: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const fn file(what: &'static str, write: fn(&Pki, &Folder)) -> Files {
    Files {
        what,
        variables: FILE,
        write,
        note: "",
    }
}

const fn directory(what: &'static str, write: fn(&Pki, &Folder)) -> Files {
    Files {
        variables: DIRECTORY,
        ..file(what, write)
    }
}

impl Files {
    const fn differs(self, note: &'static str) -> Files {
        Files { note, ..self }
    }
}

impl Folder {
    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    fn link(&self, target: &str, name: &str) {
        symlink(Path::new(target), self.0.path().join(name)).unwrap();
    }
}

impl Pki {
    fn new() -> Pki {
        let root = Node::self_signed(authority("root"));
        let key = KeyPair::generate().unwrap();
        let same_key = KeyPair::try_from(key.serialize_der()).unwrap();
        let intermediate = root.issue_for(authority("intermediate"), key);
        let mut params = authority("intermediate");
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        Pki {
            server: intermediate.issue(server(&["localhost"])),
            expired: root.issue_for(params, same_key),
            intermediate,
            root,
        }
    }

    fn root(&self) -> String {
        pem(&self.root.certificate)
    }

    /// Returns a certificate that does not help.
    fn foreign(&self) -> String {
        pem(&Node::self_signed(authority("foreign")).certificate)
    }
}

#[tokio::test]
async fn files_of_certificates_are_read_as_terraform_reads_them() {
    let pki = Pki::new();
    let sent = [&pki.server, &pki.intermediate].map(|node| node.certificate.clone());
    let service = crate::server::start(sent.to_vec(), &pki.server.key()).await;
    let mut rows = Vec::new();
    for files in ROWS {
        let folder = Folder(tempfile::tempdir().unwrap());
        (files.write)(&pki, &folder);
        let path = folder.0.path().display().to_string();
        let variables = files.variables.iter();
        let case = Case {
            host: format!("localhost:{}", service.port()),
            skip_verify: false,
            variables: variables
                .map(|(name, value)| (*name, value.replace("<folder>", &path)))
                .collect(),
        };
        rows.push(Row::of(files.what, &case, files.note).await);
    }
    compare("files", "`SSL_CERT_FILE` and `SSL_CERT_DIR`", &rows);
}
