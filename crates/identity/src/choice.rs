//! Closed sets of words that the database holds and people read.

/// What is written is none of the words of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("「{found}」は{what}として読めません。{}のいずれかにしてください。", allowed.join("・"))]
pub struct UnknownWord {
    /// What stands there.
    pub found: String,
    /// What was to stand there.
    pub what: &'static str,
    /// The words that are understood.
    pub allowed: Vec<&'static str>,
}

/// Declares an enum whose variants have a token (stored, in the API) and a term (on screen and paper).
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($variant:ident = $token:literal, $term:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $term] $variant),+
        }

        impl $name {
            /// Every value, in the order in which people are shown them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word people read.
            pub fn term(self) -> &'static str {
                match self { $(Self::$variant => $term),+ }
            }

            /// The word that is stored and that programs read.
            pub fn token(self) -> &'static str {
                match self { $(Self::$variant => $token),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::choice::UnknownWord;

            fn from_str(token: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.token() == token).ok_or_else(|| {
                    $crate::choice::UnknownWord {
                        found: token.to_owned(),
                        what: $what,
                        allowed: Self::ALL.iter().map(|value| value.token()).collect(),
                    }
                })
            }
        }
    };
}

pub(crate) use choice;
