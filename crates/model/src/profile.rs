//! A profile: the text form of a [`Provider`]. The five built-in ones and a user's own have the same form and go through the same door.

use std::sync::LazyLock;

use crate::Provider;

/// The built-in profiles, in the order they are shown.
const BUILT_IN: [&str; 5] = [
    include_str!("../providers/chattr.toml"),
    include_str!("../providers/chattz.toml"),
    include_str!("../providers/chaster.toml"),
    include_str!("../providers/gitter.toml"),
    include_str!("../providers/contentdb.toml"),
];

static PARSED: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    let parse =
        |text| Provider::from_toml(text).unwrap_or_else(|problem| panic!("a built-in profile is broken: {problem:?}"));
    BUILT_IN.into_iter().map(parse).collect()
});

impl Provider {
    /// The five providers known from the start: Chattr, Chattz, Chaster, Gitter, ContentDB.
    pub fn built_in() -> Vec<Self> {
        PARSED.clone()
    }

    fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::Provider;

    #[test]
    fn the_five_providers_are_known_from_the_start() {
        let names: Vec<_> = Provider::built_in().into_iter().map(|provider| provider.name).collect();
        assert_eq!(names, ["Chattr", "Chattz", "Chaster", "Gitter", "ContentDB"]);
    }
}
