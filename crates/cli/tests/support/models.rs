//! Models of many shapes, made from a number alone.

use super::faults::Texts;

/// A small generator of numbers (SplitMix64); the same seed gives the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).expect("small")
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A folder without decisions, dated, with its own scale for some seeds.
pub fn model(seed: u64) -> Texts {
    let mut dice = Dice(seed);
    Texts::from([("shirube.yaml", service(&mut dice)), ("system.yaml", system(&mut dice))])
}

fn service(dice: &mut Dice) -> String {
    let mut text = String::from(
        "service: { name: 試験 }
provider: 自社
parties:
  - { id: 自社, name: 自社, kind: provider }
  - { id: 病院, name: 病院, kind: institution }
delivery:
  application: { form: '1', party: 自社 }
  platform: { form: '1', party: 自社 }
  infrastructure: { form: '1', party: 自社 }
document: { issued_on: 2026-12-01, edition: 第1.0版, approver: 標 一郎 }
",
    );
    let steps = [0, 2, 3, 7, 10][dice.below(5)];
    if steps > 0 {
        let scale: Vec<String> = (1..=steps).map(|value| format!("{{ value: {value}, label: 段{value} }}")).collect();
        let scale = scale.join(", ");
        let most = steps * steps;
        text.push_str(&format!(
            "risk_method: {{ id: 法{steps}, impact: [{scale}], likelihood: [{scale}], ranks: [{{ rank: H, from: {}, to: {most}, rule: treat }}, {{ rank: L, from: 1, to: {}, rule: judge }}] }}\n",
            most / 2 + 1,
            most / 2
        ));
    }
    text
}

fn system(dice: &mut Dice) -> String {
    let mut text = String::from(
        "sites:
  - { id: 院内, name: 院内, owner: 病院, side: institution, country: 日本, entry: open }
  - { id: DC, name: DC, owner: 自社, side: provider, country: 日本, entry: controlled }
information_classes:
  - { id: 重, name: 患者個人情報, importance: 5 }
  - { id: 軽, name: 設定, importance: 2 }
actors:
  - { id: 医師, name: 医師, party: 病院 }
  - { id: 保守, name: 保守, party: 自社 }
nodes:
",
    );
    let nodes = 3 + dice.below(8);
    for at in 0..nodes {
        let kind = dice.one(&[
            "terminal",
            "mobile-terminal",
            "printer",
            "server",
            "virtual-machine",
            "storage",
            "network-equipment",
            "media-drive",
            "medium",
            "iot",
            "external-system",
        ]);
        text.push_str(&format!(
            "  - {{ id: n{at}, name: 機器{at}, kind: {kind}, site: {}, environment: {}, exposure: {}, authentication: {}, encryption: {}, portability: {}, removable_media: {}, malware_protection: \"{}\" }}\n",
            dice.one(&["院内", "DC"]),
            dice.one(&["production", "development", "test"]),
            dice.one(&["internet", "closed", "internal", "offline", "unknown"]),
            dice.one(&["none", "password", "multi-factor", "unknown"]),
            dice.one(&["none", "yes", "unknown"]),
            dice.one(&["fixed", "portable", "unknown"]),
            dice.one(&["open", "registered", "blocked", "unknown"]),
            dice.one(&["yes", "no", "unknown"]),
        ));
    }
    text.push_str("links:\n");
    for at in 0..dice.below(5) {
        text.push_str(&format!(
            "  - {{ id: l{at}, name: 接続{at}, kind: {}, between: [n{}, n{}], encryption: {}, exposure: {} }}\n",
            dice.one(&["wired-lan", "wireless-lan", "dedicated-line", "closed-network", "ipsec-vpn", "https"]),
            dice.below(nodes),
            dice.below(nodes),
            dice.one(&["none", "yes", "unknown"]),
            dice.one(&["internet", "closed", "unknown"]),
        ));
    }
    text.push_str("information:\n");
    for at in 0..3 {
        text.push_str(&format!(
            "  - {{ id: i{at}, name: 情報{at}, class: {}, kind: {}, volume: {}, frequency: {} }}\n",
            dice.one(&["重", "軽"]),
            dice.one(&["patient", "program", "settings", "log", "backup", "other"]),
            dice.one(&["large", "medium", "small", "unknown"]),
            dice.one(&["frequent", "regular", "rare", "unknown"]),
        ));
    }
    text.push_str("handlings:\n");
    for _ in 0..2 + dice.below(12) {
        let by_person = dice.below(3) > 0;
        let how =
            if by_person { dice.one(&["閲覧・操作する", "出力する"]) } else { "作成や保存される" };
        let actor = if by_person { format!("actor: {}, ", dice.one(&["医師", "保守"])) } else { String::new() };
        text.push_str(&format!(
            "  - {{ layer: {}, phase: {}, {actor}nodes: [n{}], information: i{}, how: [{how}] }}\n",
            dice.one(&["application", "platform", "infrastructure"]),
            dice.one(&["development", "operation", "termination"]),
            dice.below(nodes),
            dice.below(3),
        ));
    }
    text
}
