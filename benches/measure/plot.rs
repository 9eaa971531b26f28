//! Draws the plot for the README: bars in SVG, legible on a light and on a dark background.

use std::fmt::Write as _;

use crate::commands::{BUILT_IN, COMMANDS, Commands};
use crate::contenders::Contenders;
use crate::machine::Machine;
use crate::start::Starts;

const WIDTH: f64 = 760.0;
/// The position at which names end and bars begin.
const LEFT: f64 = 150.0;
/// The space for the number behind the longest bar.
const RIGHT: f64 = 120.0;
const ROW: f64 = 20.0;

/// Bars on a common scale.
struct Panel {
    title: &'static str,
    unit: &'static str,
    rows: Vec<Row>,
}

struct Row {
    label: String,
    class: &'static str,
    value: f64,
}

pub(crate) fn draw(
    starts: &Starts,
    commands: &Commands,
    contenders: &Contenders,
    machine: &Machine,
) -> String {
    let started = |measure: fn(&crate::start::Start) -> f64| -> Vec<Row> {
        contenders
            .starters()
            .into_iter()
            .map(|(name, _)| Row::new(name, label(name, contenders), measure(&starts.get(name))))
            .collect()
    };
    let mut panels = vec![
        Panel {
            title: "Start to handshake",
            unit: "ms",
            rows: started(|start| start.time.median()),
        },
        Panel {
            title: "Memory at the handshake",
            unit: "MiB",
            rows: started(|start| start.resident.median()),
        },
    ];
    for (command, title) in COMMANDS.iter().map(|(command, _)| *command).zip([
        "What terraform validate takes longer than without a plugin",
        "… terraform plan",
        "… terraform apply",
        "… terraform plan without changes",
        "… terraform destroy",
    ]) {
        let rows = ["ours", "echo", "peer"]
            .into_iter()
            .filter(|name| {
                commands
                    .names()
                    .any(|known| known == *name && known != BUILT_IN)
            })
            .map(|name| {
                let added = commands.above_built_in(name, command);
                Row::new(name, label(name, contenders), added.median())
            })
            .collect();
        panels.push(Panel {
            title,
            unit: "ms",
            rows,
        });
    }
    svg(&panels, &format!("Medians. {machine}"))
}

fn label(name: &str, contenders: &Contenders) -> String {
    match (name, &contenders.peer) {
        ("ours", _) => "this provider".to_owned(),
        ("peer", Some(peer)) => format!("hashicorp/{}", peer.name),
        ("echo", _) => "an empty plugin".to_owned(),
        _ => name.to_owned(),
    }
}

impl Row {
    fn new(name: &str, label: String, value: f64) -> Self {
        let class = match name {
            "ours" => "ours",
            "peer" => "peer",
            _ => "floor",
        };
        Self {
            label,
            class,
            value,
        }
    }
}

impl Row {
    fn label(&self, unit: &str) -> String {
        if self.value.is_nan() {
            return "fails".to_owned();
        }
        let decimals = if self.value < 20.0 { 2 } else { 0 };
        format!("{:.decimals$} {unit}", self.value)
    }
}

fn svg(panels: &[Panel], caption: &str) -> String {
    let mut body = String::new();
    let mut y = 0.0;
    for panel in panels {
        y += 30.0;
        let _ = writeln!(
            body,
            r#"<text class="title" x="0" y="{y}">{}</text>"#,
            escape(panel.title)
        );
        y += 8.0;
        let longest = panel.rows.iter().map(|row| row.value).fold(0.0, f64::max);
        for row in &panel.rows {
            // A negative value has a number, but no bar.
            let length = (row.value / longest).max(0.0) * (WIDTH - LEFT - RIGHT);
            let text = y + 14.0;
            let bar = y + 3.0;
            let end = LEFT + length + 6.0;
            let _ = writeln!(
                body,
                r#"<text class="label" x="{:.0}" y="{text}">{}</text><rect class="{}" x="{LEFT}" y="{bar}" width="{length:.1}" height="14" rx="2"/><text x="{end:.1}" y="{text}">{}</text>"#,
                LEFT - 8.0,
                escape(&row.label),
                row.class,
                row.label(panel.unit)
            );
            y += ROW;
        }
    }
    y += 24.0;
    let _ = writeln!(
        body,
        r#"<text class="caption" x="0" y="{y}">{}</text>"#,
        escape(caption)
    );
    let height = y + 10.0;
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="What the provider costs, beside others">
<style>
text {{ font: 13px system-ui, sans-serif; fill: #59636e; }}
.title {{ font-weight: 600; fill: #1f2328; }}
.label {{ text-anchor: end; }}
.caption {{ font-size: 11px; }}
.ours {{ fill: #7b42bc; }}
.peer {{ fill: #bf8700; }}
.floor {{ fill: #8c959f; }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #9198a1; }}
.title {{ fill: #f0f6fc; }}
.ours {{ fill: #a371f7; }}
.peer {{ fill: #d29922; }}
.floor {{ fill: #656c76; }}
}}
</style>
{body}</svg>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
