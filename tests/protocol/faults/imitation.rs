//! Services that may not be HCP Terraform, where the token endpoint means the organization's main token: the provider
//! changes nothing there, and trusts no answer.
//!
//! Every operation × every way in which a service can fail to name itself as HCP Terraform.

use std::fmt;

use tfe_simulator::{Fault, ServiceKind, Simulator};

use super::advice;
use super::case::{Act, Case};
use super::cases::CASES;
use super::runner::{demand, run_all, selected};
use super::situation::{ProviderOptions, Situation};
use crate::promises::snapshot::Snapshot;

/// The service that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Nameless,
    NamelessHcp,
    OtherName,
    Enterprise,
    EnterpriseNamedHcp,
    EnterpriseAssumedSupported,
    /// Its first answer has no name, the later ones have one: an operation that reads again may succeed.
    NamedTooLate,
    /// Its first answer has a name, the later ones have none.
    NamedAtFirst,
    /// HCP Terraform without a name, which `TFE_AUDIT_TRAILS_ASSUME_SUPPORTED` names.
    AssumedSupported,
}

const SERVICES: [Service; 9] = [
    Service::Nameless,
    Service::NamelessHcp,
    Service::OtherName,
    Service::Enterprise,
    Service::EnterpriseNamedHcp,
    Service::EnterpriseAssumedSupported,
    Service::NamedTooLate,
    Service::NamedAtFirst,
    Service::AssumedSupported,
];

const NAME: &str = "TFP-AppName";

impl Service {
    fn is_trusted(self) -> bool {
        matches!(self, Self::NamedAtFirst | Self::AssumedSupported)
    }

    fn replace(self, simulator: &Simulator) {
        let every = || Fault::on_any("/api/v2/");
        simulator.configure(|settings| {
            settings.kind = match self {
                Self::Nameless | Self::OtherName => ServiceKind::Imitation,
                Self::Enterprise | Self::EnterpriseNamedHcp | Self::EnterpriseAssumedSupported => {
                    ServiceKind::TerraformEnterprise
                }
                Self::NamelessHcp
                | Self::NamedTooLate
                | Self::NamedAtFirst
                | Self::AssumedSupported => ServiceKind::HcpTerraform,
            }
        });
        match self {
            Self::Nameless | Self::Enterprise | Self::EnterpriseAssumedSupported => {}
            Self::OtherName => simulator.inject(every().always().header(NAME, "OTF")),
            Self::EnterpriseNamedHcp => {
                simulator.inject(every().always().header(NAME, "HCP Terraform"));
            }
            Self::NamelessHcp | Self::AssumedSupported => {
                simulator.inject(every().always().without_header(NAME));
            }
            Self::NamedTooLate => simulator.inject(every().without_header(NAME)),
            Self::NamedAtFirst => simulator.inject(every().skip(1).always().without_header(NAME)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Row {
    case: Case,
    service: Service,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {:?}", self.case.name, self.service)
    }
}

impl Row {
    fn all() -> Vec<Self> {
        let row = |case| SERVICES.map(|service| Self { case, service });
        let rows = CASES.into_iter().flat_map(row);
        // HCP Terraform without a name answers the audit trail as usual: only the token endpoint can mean another
        // token.
        rows.filter(|row| row.case.act != Act::ReadTrail || row.service != Service::NamelessHcp)
            .collect()
    }

    async fn run(self) {
        let options = ProviderOptions {
            assume_supported: matches!(
                self.service,
                Service::AssumedSupported | Service::EnterpriseAssumedSupported
            ),
            ..ProviderOptions::default()
        };
        let mut situation = Situation::new(self.case.start, &options).await;
        self.case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        let before = situation.snapshot();
        self.service.replace(&simulator);
        let (done, requests) = self.case.act_and_judge(&mut situation).await;
        let after = situation.snapshot();
        let failed = done.diagnostics.has_error();
        if !self.service.is_trusted() && (failed || self.service != Service::NamedTooLate) {
            let sent: Vec<_> = requests.iter().map(|one| one.summary()).collect();
            let only_reads = requests.iter().all(|one| one.method == "GET");
            assert!(only_reads, "{sent:?}");
            let secrets = |snapshot: &Snapshot| -> Vec<_> {
                let objects = snapshot.objects.iter();
                objects.map(|one| one.secret.clone()).collect()
            };
            assert_eq!(secrets(&after), secrets(&before), "the state");
            let reported = done.diagnostics.to_string();
            // A secret that is to be sealed is tried on the audit trail, which means no other token. What no such
            // service answers is not sealed.
            let tries_secret = self.case.act != Act::ReadTrail
                && !sent.is_empty()
                && sent
                    .iter()
                    .all(|one| one.contains("/organization/audit-trail"));
            if tries_secret {
                assert_eq!(failed, self.service != Service::NamelessHcp, "{reported}");
            } else if sent.is_empty() {
                assert!(!done.diagnostics.has_error(), "{reported}");
            } else {
                let words = "Only HCP Terraform has audit trail tokens";
                assert!(reported.contains(words), "{reported}");
                assert_eq!(failed, !self.only_warns(), "{reported}");
                advice::check(&done.diagnostics);
            }
        }
        simulator.clear_faults();
        simulator.configure(|settings| settings.kind = ServiceKind::HcpTerraform);
        self.case.recover(&mut situation, false).await;
    }

    /// Whether the operation only warns.
    fn only_warns(&self) -> bool {
        self.case.act == Act::PlanRevocation
    }
}

#[test]
fn a_service_that_is_not_hcp_terraform_is_neither_changed_nor_trusted() {
    let rows = selected(Row::all());
    let count = rows.len();
    let (_, failures) = run_all(rows, 12, Row::run);
    demand(&failures);
    println!("{count} rows of {} services", SERVICES.len());
}
