//! Chains of certificates: which are accepted.

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair,
    KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::pki::{
    Node, any_purpose, authority, directory, fixture, pem, policies, server, unknown,
};
use crate::table::{Row, compare};
use crate::terraform::Case;

/// What a server sends, and what is trusted.
struct Chain {
    what: &'static str,
    sent: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    trusted: Vec<CertificateDer<'static>>,
    host: &'static str,
    skip_verify: bool,
    /// Why the provider differs from Terraform, and the way out.
    note: &'static str,
}

fn chain(what: &'static str, nodes: &[&Node], trusted: &[&Node]) -> Chain {
    let certificates =
        |nodes: &[&Node]| nodes.iter().map(|node| node.certificate.clone()).collect();
    Chain {
        what,
        sent: certificates(nodes),
        key: nodes[0].key(),
        trusted: certificates(trusted),
        host: "localhost",
        skip_verify: false,
        note: "",
    }
}

impl Chain {
    fn at(self, host: &'static str) -> Chain {
        Chain { host, ..self }
    }

    fn differs(self, note: &'static str) -> Chain {
        Chain { note, ..self }
    }

    fn without_verification(self) -> Chain {
        Chain {
            skip_verify: true,
            ..self
        }
    }
}

/// Changes parameters.
fn with(
    mut params: CertificateParams,
    change: impl FnOnce(&mut CertificateParams),
) -> CertificateParams {
    change(&mut params);
    params
}

fn leaf() -> CertificateParams {
    server(&["localhost", "127.0.0.1"])
}

fn valid(params: CertificateParams, from: i32, to: i32) -> CertificateParams {
    with(params, |params| {
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
    })
}

fn limited_to(params: CertificateParams, name: &str) -> CertificateParams {
    let permitted_subtrees = vec![GeneralSubtree::DnsName(name.to_owned())];
    with(params, |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees,
            excluded_subtrees: Vec::new(),
        });
    })
}

fn extended(params: CertificateParams, extension: rcgen::CustomExtension) -> CertificateParams {
    with(params, |params| params.custom_extensions.push(extension))
}

fn for_clients(params: CertificateParams) -> CertificateParams {
    with(params, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    })
}

fn at_most(params: CertificateParams, below: u8) -> CertificateParams {
    with(params, |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below))
    })
}

fn may_not_sign(params: CertificateParams) -> CertificateParams {
    with(params, |params| {
        params.key_usages = vec![KeyUsagePurpose::CrlSign]
    })
}

/// A chain of a root, an intermediate with these parameters, and a server.
fn below(what: &'static str, intermediate: CertificateParams) -> Chain {
    below_with(what, intermediate, leaf())
}

fn below_with(
    what: &'static str,
    intermediate: CertificateParams,
    leaf: CertificateParams,
) -> Chain {
    let root = Node::self_signed(authority("root"));
    let intermediate = root.issue(intermediate);
    chain(what, &[&intermediate.issue(leaf), &intermediate], &[&root])
}

/// A chain of a root with these parameters, and a server.
fn under(what: &'static str, root: CertificateParams, leaf: CertificateParams) -> Chain {
    let root = Node::self_signed(root);
    chain(what, &[&root.issue(leaf)], &[&root])
}

fn whole_chains() -> Vec<Chain> {
    let root = Node::self_signed(authority("root"));
    let intermediate = root.issue(authority("intermediate"));
    let second = intermediate.issue(authority("second intermediate"));
    let (one, two) = (intermediate.issue(leaf()), second.issue(leaf()));
    let stranger = Node::self_signed(authority("stranger"));
    let impostor = Node::self_signed(authority("root"));
    let ed25519 = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    vec![
        chain(
            "Issued by a trusted authority",
            &[&root.issue(leaf())],
            &[&root],
        ),
        chain(
            "With an intermediate certificate",
            &[&one, &intermediate],
            &[&root],
        ),
        chain(
            "With two, in any order",
            &[&two, &intermediate, &second],
            &[&root],
        ),
        chain(
            "With its root and a foreign certificate",
            &[&one, &root, &stranger, &intermediate],
            &[&root],
        ),
        chain("The intermediate certificate is missing", &[&one], &[&root]),
        chain(
            "It is missing, but itself trusted",
            &[&one],
            &[&intermediate],
        ),
        chain(
            "The authority is not trusted",
            &[&one, &intermediate],
            &[&stranger],
        ),
        chain(
            "The authority's name with another key",
            &[&impostor.issue(leaf())],
            &[&root],
        ),
        chain(
            "An Ed25519 key",
            &[&root.issue_for(leaf(), ed25519)],
            &[&root],
        ),
    ]
}

fn trusted_servers() -> Vec<Chain> {
    let own = Node::self_signed(leaf());
    let is_authority = |params| {
        with(params, |params: &mut CertificateParams| {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        })
    };
    let authority_itself = Node::self_signed(is_authority(leaf()));
    let client = Node::self_signed(for_clients(is_authority(leaf())));
    let expired = Node::self_signed(valid(leaf(), 2019, 2020));
    vec![
        chain("Self-signed and trusted", &[&own], &[&own]),
        chain("Self-signed and not trusted", &[&own], &[]),
        chain(
            "An authority's certificate that is itself trusted",
            &[&authority_itself],
            &[&authority_itself],
        ),
        chain("The same for clients only", &[&client], &[&client]),
        chain("Trusted itself, but expired", &[&expired], &[&expired]),
        under(
            "An authority's certificate that another issued",
            authority("root"),
            is_authority(leaf()),
        )
        .differs(
            "Name exactly this certificate with `SSL_CERT_FILE`, or issue it with `CA:FALSE`.",
        ),
    ]
}

fn names() -> Vec<Chain> {
    let of = |what, names: &[&str]| under(what, authority("root"), server(names));
    vec![
        of("Another name", &["tfe.example.com"]),
        of("A common name alone, no subjectAltName", &[]),
        of("An address", &["127.0.0.1"]).at("127.0.0.1"),
        of("Another address", &["127.0.0.2"]).at("127.0.0.1"),
        of("A name where the host is an address", &["localhost"]).at("127.0.0.1"),
    ]
}

fn dates() -> Vec<Chain> {
    let expired = valid(authority("intermediate"), 2019, 2020);
    vec![
        under("Expired", authority("root"), valid(leaf(), 2019, 2020)),
        under(
            "Not valid yet",
            authority("root"),
            valid(leaf(), 2090, 2091),
        ),
        below("An expired intermediate certificate", expired),
        under(
            "An expired root",
            valid(authority("root"), 2019, 2020),
            leaf(),
        ),
    ]
}

fn policies_and_constraints() -> Vec<Chain> {
    let critical = || extended(authority("intermediate"), policies(true));
    let root = Node::self_signed(authority("root"));
    let intermediate = root.issue(critical());
    let other = |critical| extended(authority("intermediate"), directory("Other", critical));
    let same = |critical| extended(authority("intermediate"), directory("Example", critical));
    const DIRECTORY: &str = "The provider cannot check it. Use an authority without it.";
    vec![
        below(
            "Policies that are not critical",
            extended(authority("intermediate"), policies(false)),
        ),
        below(
            "Critical policies of an intermediate certificate",
            critical(),
        )
        .differs("Put the intermediate certificate into the file of `SSL_CERT_FILE`."),
        chain(
            "The same, with the intermediate certificate trusted",
            &[&intermediate.issue(leaf()), &intermediate],
            &[&root, &intermediate],
        ),
        under(
            "Critical policies of the server",
            authority("root"),
            extended(leaf(), policies(true)),
        )
        .differs("Issue it with policies that are not critical."),
        under(
            "Critical policies of the root",
            extended(authority("root"), policies(true)),
            leaf(),
        ),
        below(
            "An unknown critical extension of an intermediate",
            extended(authority("intermediate"), unknown(true)),
        ),
        under(
            "An unknown critical extension of the server",
            authority("root"),
            extended(leaf(), unknown(true)),
        ),
        under(
            "An unknown critical extension of the root",
            extended(authority("root"), unknown(true)),
            leaf(),
        ),
        under(
            "An unknown extension that is not critical",
            authority("root"),
            extended(leaf(), unknown(false)),
        ),
        below_with(
            "An authority limited to the server's name",
            limited_to(authority("intermediate"), "localhost"),
            server(&["localhost"]),
        ),
        below_with(
            "An authority limited to another name",
            limited_to(authority("intermediate"), "example.com"),
            server(&["localhost"]),
        ),
        below(
            "An authority limited to the server's directoryName",
            same(false),
        )
        .differs(DIRECTORY),
        below("The same, critical", same(true)),
        below(
            "An authority limited to another directoryName",
            other(false),
        )
        .differs(DIRECTORY),
        below("The same, critical", other(true)),
    ]
}

fn usages() -> Vec<Chain> {
    let root = Node::self_signed(authority("root"));
    let first = root.issue(at_most(authority("first"), 0));
    let second = first.issue(authority("second"));
    let root_of_none = Node::self_signed(at_most(authority("root"), 0));
    let one = root_of_none.issue(authority("first"));
    let no_authority = with(authority("intermediate"), |params| {
        params.is_ca = IsCa::ExplicitNoCa
    });
    let plain_root = with(authority("root"), |params| {
        params.is_ca = IsCa::NoCa;
        params.key_usages.clear();
    });
    vec![
        under(
            "anyExtendedKeyUsage alone",
            authority("root"),
            extended(leaf(), any_purpose()),
        ),
        below(
            "anyExtendedKeyUsage alone, intermediate",
            extended(authority("intermediate"), any_purpose()),
        ),
        under("For clients only", authority("root"), for_clients(leaf())),
        below(
            "An intermediate certificate for clients only",
            for_clients(authority("intermediate")),
        ),
        under(
            "A root for clients only",
            for_clients(authority("root")),
            leaf(),
        ),
        below(
            "An intermediate certificate without keyCertSign",
            may_not_sign(authority("intermediate")),
        ),
        under(
            "A root without keyCertSign",
            may_not_sign(authority("root")),
            leaf(),
        ),
        chain(
            "More authorities than pathLenConstraint allows",
            &[&second.issue(leaf()), &second, &first],
            &[&root],
        ),
        chain(
            "More than that of the root allows",
            &[&one.issue(leaf()), &one],
            &[&root_of_none],
        ),
        below("An intermediate certificate with CA:FALSE", no_authority),
        under("A root without basicConstraints", plain_root, leaf()),
    ]
}

fn old_certificates() -> Vec<Chain> {
    let old = |what, text| {
        let (server, root, key) = fixture(text);
        Chain {
            what,
            sent: vec![server],
            key,
            trusted: vec![root],
            host: "localhost",
            skip_verify: false,
            note: "",
        }
    };
    let root = Node::self_signed(authority("root"));
    let version_1 = || root.issue(leaf()).in_version_1(Some(&root));
    let plain = with(authority("root"), |params| params.key_usages.clear());
    let root_1 = Node::self_signed(plain).in_version_1(None);
    let intermediate_1 = root
        .issue(authority("intermediate"))
        .in_version_1(Some(&root));
    vec![
        old("Signed with SHA-1", include_str!("fixtures/sha1.pem")),
        old(
            "Signed with RSA of 1024 bits",
            include_str!("fixtures/rsa1024.pem"),
        )
        .differs("Issue it with a key of 2048 bits or more."),
        chain("X.509 version 1", &[&version_1()], &[&root]),
        chain(
            "X.509 version 1 with `ssl_skip_verify`",
            &[&version_1()],
            &[],
        )
        .without_verification(),
        chain("A root of version 1", &[&root_1.issue(leaf())], &[&root_1]),
        chain(
            "An intermediate of version 1",
            &[&intermediate_1.issue(leaf()), &intermediate_1],
            &[&root],
        ),
        under(
            "Critical policies with `ssl_skip_verify`",
            authority("other"),
            extended(leaf(), policies(true)),
        )
        .without_verification(),
    ]
}

#[tokio::test]
async fn certificates_are_accepted_as_terraform_accepts_them() {
    let chains = [
        whole_chains(),
        trusted_servers(),
        names(),
        dates(),
        policies_and_constraints(),
        usages(),
        old_certificates(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("none").display().to_string();
    let mut rows = Vec::new();
    for (index, chain) in chains.into_iter().flatten().enumerate() {
        let address = crate::server::start(chain.sent, &chain.key).await;
        let file = folder.path().join(format!("{index}.pem"));
        std::fs::write(&file, chain.trusted.iter().map(pem).collect::<String>()).unwrap();
        let case = Case {
            host: format!("{}:{}", chain.host, address.port()),
            skip_verify: chain.skip_verify,
            variables: vec![
                ("SSL_CERT_FILE", file.display().to_string()),
                ("SSL_CERT_DIR", empty.clone()),
            ],
        };
        rows.push(Row::of(chain.what, &case, chain.note).await);
    }
    compare("certificates", "The server's certificate", &rows);
}
