//! Calls of the daemon's methods.

use crate::names::{OS, OS_EXPERIMENTAL, SYSROOT};
use zvariant::{Array, Dict, Signature, Structure, StructureBuilder, Value};

/// Which object a method belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// The fixed one.
    Sysroot,
    /// The operating system that runs; the daemon says where it is.
    Os,
}

/// A method with its arguments. It can be sent as often as needed: descriptors are duplicated each time.
#[derive(Debug)]
pub struct Call {
    pub(crate) object: Object,
    pub(crate) interface: String,
    pub(crate) method: String,
    arguments: Vec<Value<'static>>,
}

impl Call {
    /// A method of the fixed object.
    pub fn sysroot(method: &str) -> Self {
        Self::new(Object::Sysroot, SYSROOT, method)
    }

    /// A method of the operating system's object.
    pub fn os(method: &str) -> Self {
        Self::new(Object::Os, OS, method)
    }

    /// A method of the operating system's object that only root may call.
    pub fn experimental(method: &str) -> Self {
        Self::new(Object::Os, OS_EXPERIMENTAL, method)
    }

    /// Any method.
    pub fn new(object: Object, interface: &str, method: &str) -> Self {
        let (interface, method) = (interface.to_owned(), method.to_owned());
        Self { object, interface, method, arguments: Vec::new() }
    }

    /// The same with one argument more.
    #[must_use]
    pub fn with(mut self, argument: impl Into<Value<'static>>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The arguments as one structure; `None` if there are none.
    pub(crate) fn body(&self) -> Result<Option<Structure<'_>>, zvariant::Error> {
        if self.arguments.is_empty() {
            return Ok(None);
        }
        let copied: Result<Vec<_>, _> = self.arguments.iter().map(Value::try_clone).collect();
        let body = copied?.into_iter().fold(StructureBuilder::new(), StructureBuilder::append_field);
        body.build().map(Some)
    }
}

/// A dictionary `a{sv}` of a call's. Its keys always go out in the order of their letters: the daemon takes two calls for
/// the same only if they are, byte for byte.
#[derive(Debug)]
pub struct Options(Dict<'static, 'static>);

impl Default for Options {
    fn default() -> Self {
        Self(Dict::new(&Signature::Str, &Signature::Variant))
    }
}

impl Options {
    /// The same with one entry more.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Value<'static>>) -> Self {
        // Text and variant are what the dictionary was made for, so it takes them.
        if let Err(error) = self.0.append(Value::from(key), Value::Value(Box::new(value.into()))) {
            tracing::error!("{key}: {error}");
        }
        self
    }

    /// The same with a list of texts, if there are any.
    #[must_use]
    pub fn with_texts<'t>(self, key: &'static str, texts: impl IntoIterator<Item = &'t String>) -> Self {
        let texts: Vec<String> = texts.into_iter().cloned().collect();
        if texts.is_empty() { self } else { self.with(key, Array::from(texts)) }
    }
}

impl From<Options> for Value<'static> {
    fn from(options: Options) -> Self {
        Value::Dict(options.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zvariant::{LE, serialized::Context, to_bytes};

    #[test]
    fn equal_dictionaries_are_equal_byte_for_byte() {
        let bytes = |options: Options| {
            let call = Call::os("UpdateDeployment").with(options);
            to_bytes(Context::new_dbus(LE, 0), &call.body().unwrap().unwrap()).unwrap().bytes().to_vec()
        };
        let one =
            Options::default().with("no-pull-base", true).with("dry-run", true).with("initiating-command-line", "x");
        let other =
            Options::default().with("initiating-command-line", "x").with("dry-run", true).with("no-pull-base", true);
        assert_eq!(bytes(one), bytes(other));
    }

    #[test]
    fn a_body_has_the_signature_of_the_method() {
        let names = ["greet".to_owned()];
        let changes = Options::default().with_texts("install-packages", &names).with_texts("uninstall-packages", &[]);
        let call = Call::os("UpdateDeployment").with(changes).with(Options::default());
        let body = call.body().unwrap().unwrap();
        assert_eq!(body.signature().to_string_no_parens(), "a{sv}a{sv}");
        assert_eq!(format!("{body}"), r#"({"install-packages": <["greet"]>}, @a{sv} {})"#);
        assert!(Call::os("ListRepos").body().unwrap().is_none());
    }
}
