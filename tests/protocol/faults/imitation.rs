//! Services where the token endpoint means the organization's main token: nothing is changed and nothing believed.
//!
//! Every operation × every way in which a service may fail to name itself as HCP Terraform.

use std::fmt;

use tfe_simulator::{Fault, ServiceKind, Simulator};

use super::advice;
use super::case::{Act, CASES, Case};
use super::runner::{demand, run_all, wanted_all};
use super::situation::{ProviderOptions, Situation, Start};
use crate::promises::snapshot::Snapshot;

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Nameless,
    NamelessHcp,
    OtherName,
    Enterprise,
    EnterpriseNamedHcp,
    EnterpriseThatIsVouchedFor,
    /// Its first answer has no name, the later ones have: who looks again may go on.
    NamedTooLate,
    /// Its first answer has a name, the later ones have none.
    NamedAtFirst,
    /// HCP Terraform without a name, and the practitioner vouches for it.
    VouchedFor,
}

const SERVICES: [Service; 9] = [
    Service::Nameless,
    Service::NamelessHcp,
    Service::OtherName,
    Service::Enterprise,
    Service::EnterpriseNamedHcp,
    Service::EnterpriseThatIsVouchedFor,
    Service::NamedTooLate,
    Service::NamedAtFirst,
    Service::VouchedFor,
];

const NAME: &str = "TFP-AppName";

impl Service {
    fn is_believed(self) -> bool {
        matches!(self, Self::NamedAtFirst | Self::VouchedFor)
    }

    fn take_over(self, simulator: &Simulator) {
        let every = || Fault::on_any("/api/v2/");
        simulator.configure(|settings| {
            settings.kind = match self {
                Self::Nameless | Self::OtherName => ServiceKind::Imitation,
                Self::Enterprise | Self::EnterpriseNamedHcp | Self::EnterpriseThatIsVouchedFor => {
                    ServiceKind::TerraformEnterprise
                }
                Self::NamelessHcp | Self::NamedTooLate | Self::NamedAtFirst | Self::VouchedFor => {
                    ServiceKind::HcpTerraform
                }
            }
        });
        match self {
            Self::Nameless | Self::Enterprise | Self::EnterpriseThatIsVouchedFor => {}
            Self::OtherName => simulator.inject(every().always().header(NAME, "OTF")),
            Self::EnterpriseNamedHcp => {
                simulator.inject(every().always().header(NAME, "HCP Terraform"));
            }
            Self::NamelessHcp | Self::VouchedFor => {
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
        // An audit trail is what it is, whoever tells it: only the token endpoint can mean another token.
        rows.filter(|row| row.case.act != Act::ReadTrail || row.service != Service::NamelessHcp)
            .collect()
    }

    async fn run(self) {
        let options = ProviderOptions {
            assumed: matches!(
                self.service,
                Service::VouchedFor | Service::EnterpriseThatIsVouchedFor
            ),
            ..ProviderOptions::default()
        };
        let mut situation = Situation::new(self.case.start, &options).await;
        self.case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        let before = situation.snapshot();
        self.service.take_over(&simulator);
        let (done, requests) = self.case.act_as_promised(&mut situation).await;
        let after = situation.snapshot();
        let failed = done.diagnostics.has_error();
        if !self.service.is_believed() && (failed || self.service != Service::NamedTooLate) {
            let sent: Vec<_> = requests.iter().map(|one| one.summary()).collect();
            let only_looks = requests.iter().all(|one| one.method == "GET");
            assert!(only_looks, "{sent:?}");
            let secrets = |snapshot: &Snapshot| -> Vec<_> {
                let held = snapshot.objects.iter();
                held.map(|one| one.secret.clone()).collect()
            };
            assert_eq!(secrets(&after), secrets(&before), "the state");
            let told = done.diagnostics.to_string();
            if sent.is_empty() {
                assert!(!done.diagnostics.has_error(), "{told}");
            } else {
                let words = "Only HCP Terraform has audit trail tokens";
                assert!(told.contains(words), "{told}");
                assert_eq!(failed, !self.only_warns(), "{told}");
                advice::check(&done.diagnostics);
            }
        }
        simulator.clear_faults();
        simulator.configure(|settings| settings.kind = ServiceKind::HcpTerraform);
        self.case.recover(&mut situation, false).await;
    }

    /// The look of a creation's plan fails no plan, nor does that of an action's.
    fn only_warns(&self) -> bool {
        let creates = matches!(self.case.start, Start::Nothing | Start::Existing);
        self.case.act == Act::PlanRevocation || (self.case.act == Act::Plan && creates)
    }
}

#[test]
fn a_service_that_is_not_hcp_terraform_is_neither_changed_nor_believed() {
    let rows = wanted_all(Row::all());
    let count = rows.len();
    let (_, failures) = run_all(rows, 12, Row::run);
    demand(&failures);
    println!("{count} rows of {} services", SERVICES.len());
}
