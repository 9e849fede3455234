//! Each twin's whole flow walked as a browser and an app would, and each wart of the providers as a sentence.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail as loudly as the test itself")]

mod app_pages;
mod apps;
mod browser;
mod chaster;
mod chaster_clients;
mod chaster_oidc;
mod chaster_sessions;
mod chattr;
mod chattz;
mod contentdb;
mod contentdb_tokens;
mod control;
mod control_secrets;
mod door;
mod faults;
mod faults_openid_answers;
mod faults_openid_documents;
mod faults_openid_token;
mod gitter;
mod keycloak_admin;
mod openid_rig;
mod pages;
mod profiles;
mod registration;
