//! Consent walks: what the ready plans say comes true at the twins, and does not where a twin misbehaves.

mod between;
mod faults;
mod in_german;
mod pass;
mod plans;
mod queue;
mod report;
mod steering;
mod tester;
mod troupe;
