//! What django-oauth-toolkit, a widely used OAuth server, thinks of us (servers.md §2).

mod discovery;
mod grants;
mod id_tokens;
mod logins;
mod logout;
mod registration;
mod userinfo;
mod workbench;
