//! Lengths of time as declarations state them: in one unit, never in days made of months.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

/// A length of time in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "SpanParts")]
pub enum Span {
    Hours(u32),
    Days(u32),
    Weeks(u32),
    Months(u32),
    Years(u32),
}

impl Span {
    /// How many of its unit.
    pub fn count(self) -> u32 {
        match self {
            Self::Hours(n) | Self::Days(n) | Self::Weeks(n) | Self::Months(n) | Self::Years(n) => n,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(n) => write!(f, "{n}時間"),
            Self::Days(n) => write!(f, "{n}日"),
            Self::Weeks(n) => write!(f, "{n}週間"),
            Self::Months(n) => write!(f, "{n}か月"),
            Self::Years(n) => write!(f, "{n}年"),
        }
    }
}

/// 長さ。単位を一つだけ書く（例: { months: 1 }）。
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
struct SpanParts {
    /// 時間。
    #[schemars(range(min = 1, max = 10000))]
    hours: Option<u32>,
    /// 日。
    #[schemars(range(min = 1, max = 10000))]
    days: Option<u32>,
    /// 週。
    #[schemars(range(min = 1, max = 1000))]
    weeks: Option<u32>,
    /// 月。
    #[schemars(range(min = 1, max = 1200))]
    months: Option<u32>,
    /// 年。
    #[schemars(range(min = 1, max = 100))]
    years: Option<u32>,
}

/// What cannot be read as a length.
#[derive(Debug, thiserror::Error)]
#[error("期間は、hours、days、weeks、months、yearsのどれか一つで書いてください")]
struct NoSpan;

impl TryFrom<SpanParts> for Span {
    type Error = NoSpan;

    fn try_from(parts: SpanParts) -> Result<Self, NoSpan> {
        match (parts.hours, parts.days, parts.weeks, parts.months, parts.years) {
            (Some(n), None, None, None, None) => Ok(Self::Hours(n)),
            (None, Some(n), None, None, None) => Ok(Self::Days(n)),
            (None, None, Some(n), None, None) => Ok(Self::Weeks(n)),
            (None, None, None, Some(n), None) => Ok(Self::Months(n)),
            (None, None, None, None, Some(n)) => Ok(Self::Years(n)),
            _ => Err(NoSpan),
        }
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        SpanParts::json_schema(generator)
    }
}

/// A field with a date, and how far from it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BoundParts")]
pub struct Bound {
    pub field: String,
    /// None: on that day itself.
    pub span: Option<Span>,
}

/// 日付の欄と、そこからの隔たり（例: { field: ends_on, days: 30 }）。隔たりを書かなければ、その日。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("maxProperties" = 2))]
struct BoundParts {
    /// 日付又は日時の欄のid。
    field: String,
    /// 時間。
    #[schemars(range(min = 0, max = 10000))]
    hours: Option<u32>,
    /// 日。
    #[schemars(range(min = 0, max = 10000))]
    days: Option<u32>,
    /// 週。
    #[schemars(range(min = 0, max = 1000))]
    weeks: Option<u32>,
    /// 月。
    #[schemars(range(min = 0, max = 1200))]
    months: Option<u32>,
    /// 年。
    #[schemars(range(min = 0, max = 100))]
    years: Option<u32>,
}

impl TryFrom<BoundParts> for Bound {
    type Error = NoSpan;

    fn try_from(parts: BoundParts) -> Result<Self, NoSpan> {
        let BoundParts { field, hours, days, weeks, months, years } = parts;
        let span = SpanParts { hours, days, weeks, months, years };
        let is_bare = [hours, days, weeks, months, years].iter().all(Option::is_none);
        Ok(Self { field, span: if is_bare { None } else { Some(span.try_into()?) } })
    }
}

impl JsonSchema for Bound {
    fn schema_name() -> Cow<'static, str> {
        "Bound".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BoundParts::json_schema(generator)
    }
}
