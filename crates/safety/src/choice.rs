//! Closed sets of words that files may hold.

/// Declares an enum whose variants have a token (in files) and a term (on screen and paper).
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$of_variant:meta])* $variant:ident = $token:literal, $term:literal;)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$of_variant])* #[doc = $term] #[serde(rename = $token)] $variant),+
        }

        impl $name {
            /// Every value, in the order of the guideline or of growing concern.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word people read.
            pub fn term(self) -> &'static str {
                match self { $(Self::$variant => $term),+ }
            }

            /// The word files hold.
            pub fn token(self) -> &'static str {
                match self { $(Self::$variant => $token),+ }
            }
        }
    };
}

pub(crate) use choice;
