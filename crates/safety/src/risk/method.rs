//! The method of risk analysis in force: table 5-2 unless the service declares its own (RISK-011).

use std::borrow::Cow;

use shirube_catalog::{Factor, Library, Method, MethodError, Rank, RankBand, Scale};

use crate::model::{MethodSpec, ServiceFile, Step};

/// The method of a service.
///
/// Fails if the declared method leaves a value without exactly one rank; then the default is in force.
pub fn method_of(service: &ServiceFile, library: &'static Library) -> Result<Cow<'static, Method>, MethodError> {
    match &service.risk_method {
        None => Ok(Cow::Borrowed(&library.provider.method)),
        Some(spec) => {
            let method = declared(spec, library);
            method.check()?;
            Ok(Cow::Owned(method))
        }
    }
}

fn declared(spec: &MethodSpec, library: &Library) -> Method {
    let scale = |steps: &[Step]| -> Scale {
        let factor = |step: &Step| Factor { value: step.value, label: step.label.clone(), gloss: step.gloss.clone() };
        steps.iter().map(factor).collect()
    };
    let band = |band: &crate::model::Band| RankBand {
        rank: Rank(band.rank.chars().next().unwrap_or('?')),
        from: band.from,
        to: band.to,
        rule: band.rule,
    };
    Method {
        id: spec.id.clone(),
        impact: scale(&spec.impact),
        likelihood: scale(&spec.likelihood),
        ranks: spec.ranks.iter().map(band).collect(),
        options: library.provider.method.options.clone(),
    }
}
