//! The tests of the OpenID Foundation for clients (`oidcc-client-test-…`), one for each row that a program on a desk can run: each has the
//! name of its row. What needs a public address of the client's own is not supported, and a test says so where there is something to see.

mod discovery;
mod grant;
mod id_token;
mod login;
mod registration;
mod userinfo;
