//! Closed sets with one stable name a member, as files and pages write it.

/// A name that is not a member of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a {kind}")]
pub struct UnknownName {
    /// What the name should have been one of: "role", "flaw".
    pub kind: &'static str,
    /// The name as found.
    pub found: String,
}

/// Defines a field-less enum whose members have stable names.
///
/// Gives `ALL` in declaration order, `name()`, `Display` and `FromStr`, so that no name
/// is written twice.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $kind:literal pub enum $Type:ident {
            $( $(#[$member_meta:meta])* $Member:ident = $name:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Type {
            $( $(#[$member_meta])* $Member, )+
        }

        impl $Type {
            /// All members, in the order in which they are declared.
            pub const ALL: &'static [$Type] = &[$( $Type::$Member, )+];

            /// The name that files and pages use; it never changes.
            pub fn name(self) -> &'static str {
                match self {
                    $( $Type::$Member => $name, )+
                }
            }
        }

        impl std::fmt::Display for $Type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $Type {
            type Err = $crate::names::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $( $name => Ok($Type::$Member), )+
                    _ => Err($crate::names::UnknownName { kind: $kind, found: name.to_owned() }),
                }
            }
        }

        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                name.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use named;
