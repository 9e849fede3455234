//! Each twin's whole flow walked as a browser and an app would, and each wart of the providers as a sentence.

mod browser;
mod chattz;
