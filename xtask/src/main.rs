//! The project's own commands. `cargo xtask` without a name lists them.
//!
//! They are written in Rust so that a new machine needs nothing but Cargo to start; the list of
//! dependencies is short because every first run waits for them to compile.
#![allow(clippy::print_stdout, reason = "a command line tool talks on standard output")]

mod app_build;
mod bench;
mod codegen;
mod dist;
mod fuzz;
mod icons;
mod lint;
mod process;
mod project;
mod provision;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

use project::Project;

/// What a command is: its name, one line of help, and the function that does it.
struct Command {
    name: &'static str,
    help: &'static str,
    act: fn(&Project, &[String]) -> anyhow::Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        help: "build everything and open the window; without a display, give a tour",
        act: run::run,
    },
    Command {
        name: "test",
        help: "run every check and test; with names, only the steps that start so",
        act: test::test,
    },
    Command { name: "ci", help: "the same as test", act: test::test },
    Command { name: "tidy", help: "test the invariants of ARCHITECTURE.md", act: tidy::tidy },
    Command {
        name: "codegen",
        help: "write the UI's types, the catalogues of texts and docs/engine-coverage.md; --check only compares",
        act: codegen::codegen,
    },
    Command { name: "bench", help: "measure; with a prefix, only the rows whose name starts so", act: bench::bench },
    Command {
        name: "fuzz",
        help: "make up inputs for what strangers send: [target] [--seconds N] [--keep]",
        act: fuzz::fuzz,
    },
    Command { name: "dist", help: "build the .deb, install it, start it and remove it again", act: dist::dist },
    Command { name: "icons", help: "make the app icons from icons/gatewright.svg", act: icons::icons },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print_usage();
        return ExitCode::SUCCESS;
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("There is no command `{name}`.\n");
        print_usage();
        return ExitCode::from(2);
    };
    match Project::open().and_then(|project| (command.act)(&project, rest)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\ncargo xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn print_usage() {
    println!("cargo xtask <command>\n");
    for command in COMMANDS {
        println!("  {:<8} {}", command.name, command.help);
    }
}
