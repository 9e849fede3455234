//! A `WHERE` clause put together from fixed fragments. Only values come from outside, and they are always bound.

use rusqlite::types::Value;

/// Conditions that all have to hold.
#[derive(Default)]
pub(crate) struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    /// Adds a condition without a value.
    pub(crate) fn that(&mut self, condition: &'static str) {
        self.conditions.push(condition);
    }

    /// Adds a condition with one `?` in it.
    pub(crate) fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    /// Adds a condition with one `?` in it when there is a value.
    pub(crate) fn and_if(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }

    /// Adds a value that stands behind the conditions, for `LIMIT` and `OFFSET`.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    /// How many conditions there are.
    pub(crate) fn len(&self) -> usize {
        self.conditions.len()
    }

    /// The conditions; there has to be one.
    pub(crate) fn sql(&self) -> String {
        self.conditions.join(" AND ")
    }

    /// The values, in the order of the `?`.
    pub(crate) fn values(&self) -> impl rusqlite::Params + '_ {
        rusqlite::params_from_iter(&self.values)
    }

    /// The values, to bind elsewhere.
    #[cfg(feature = "bench-support")]
    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values
    }
}
