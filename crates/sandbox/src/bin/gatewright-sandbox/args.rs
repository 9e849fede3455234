//! The command line.

use std::path::PathBuf;

use gatewright_sandbox::{FaultRule, GitterMode, RegistrationMode, SandboxOptions, Twin};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Runs authorization servers that speak the dialects of Chattr, Chattz, Chaster, Gitter and ContentDB on this computer.

Usage: gatewright-sandbox [options]

  --port PORT            listen on this port of 127.0.0.1 (default: a free one)
  --provider NAME        run this twin only; may be given several times (chattr, chattz, chaster, gitter, contentdb)
  --auto-approve[=USER]  show no pages: USER (default: olivia) is signed in and approves everything
  --seed NUMBER          make codes, tokens, ids and secrets repeatable
  --apps FILE            keep registered apps in FILE (default: in memory)
  --gitter-engine        Gitter answers as its engine behaves (JSON), not as documented (form-encoded)
  --registration WHO     who may register apps at Chaster by RFC 7591: token (default), open or off
  --rotate-on-update     an update by RFC 7592 gives the app a new secret, too
  --rotated-secret-seconds NUMBER
                         how long Chaster takes the earlier secret after a rotation (default: two days; 0: not at all)
  --app TWIN=URI         register an app of olivia's with this redirect URI and print its ID and secret; may be given several times
  --fault ID[:VARIANT]@TWIN
                         let this twin misbehave, for example AZ-03:same@chattz; may be given several times
  --list-faults          print every fault there is
  --help                 print this
";

/// What the command line asks for.
pub(crate) enum Wanted {
    Help,
    ListFaults,
    Run(Box<Run>),
}

/// A sandbox, and apps to register at once.
pub(crate) struct Run {
    pub(crate) options: SandboxOptions,
    pub(crate) apps: Vec<(Twin, String)>,
    pub(crate) faults: Vec<FaultRule>,
}

/// Why a command line cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgsError {
    #[error("there is no option {0}; --help lists them")]
    Unknown(String),
    #[error("{0} needs a value, for example {0}={1}")]
    NoValue(&'static str, &'static str),
    #[error("--port takes a number from 1 to 65535, and “{0}” is none")]
    Port(String),
    #[error("--seed takes a whole number, and “{0}” is none")]
    Seed(String),
    #[error("there is no twin “{0}”; the twins are chattr, chattz, chaster, gitter and contentdb")]
    Twin(String),
    #[error("--registration takes token, open or off, and “{0}” is none of them")]
    Registration(String),
    #[error("--rotated-secret-seconds takes a whole number, and “{0}” is none")]
    Seconds(String),
    #[error("--app takes a twin and a redirect URI, for example --app=chattz=http://127.0.0.1:7000/callback")]
    App,
    #[error("--fault takes a fault and a twin, for example --fault=AZ-02@chattr or --fault=AZ-03:same@chattr")]
    Fault,
}

/// Reads the command line, the program's name left out.
pub(crate) fn parse(args: impl Iterator<Item = String>) -> Result<Wanted, ArgsError> {
    let mut run = Run { options: SandboxOptions::default(), apps: Vec::new(), faults: Vec::new() };
    let mut twins = Vec::new();
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        let options = &mut run.options;
        let mut value =
            |option, example| inline.clone().or_else(|| args.next()).ok_or(ArgsError::NoValue(option, example));
        match name.as_str() {
            "--help" | "-h" => return Ok(Wanted::Help),
            "--list-faults" => return Ok(Wanted::ListFaults),
            "--fault" => run.faults.push(fault(&value("--fault", "AZ-02@chattr")?)?),
            "--port" => {
                let text = value("--port", "7000")?;
                options.port = Some(text.parse().ok().filter(|port| *port > 0).ok_or(ArgsError::Port(text))?);
            }
            "--provider" => twins.push(twin(&value("--provider", "chattz")?)?),
            "--auto-approve" => options.auto_approve = Some(inline.unwrap_or_else(|| "olivia".to_owned())),
            "--seed" => {
                let text = value("--seed", "7")?;
                options.seed = Some(text.parse().map_err(|_| ArgsError::Seed(text))?);
            }
            "--apps" => options.apps_file = Some(PathBuf::from(value("--apps", "apps.json")?)),
            "--gitter-engine" => options.gitter_mode = GitterMode::AsEngineBehaves,
            "--registration" => options.registration = registration(&value("--registration", "open")?)?,
            "--rotate-on-update" => options.rotate_secret_on_update = true,
            "--rotated-secret-seconds" => {
                let text = value("--rotated-secret-seconds", "60")?;
                options.rotated_secret_seconds = text.parse().map_err(|_| ArgsError::Seconds(text))?;
            }
            "--app" => {
                let text = value("--app", "chattz=http://127.0.0.1:7000/callback")?;
                let (name, uri) = text.split_once('=').ok_or(ArgsError::App)?;
                run.apps.push((twin(name)?, uri.to_owned()));
            }
            _ => return Err(ArgsError::Unknown(name)),
        }
    }
    if !twins.is_empty() {
        run.options.twins = twins;
    }
    Ok(Wanted::Run(Box::new(run)))
}

fn twin(name: &str) -> Result<Twin, ArgsError> {
    Twin::from_id(&name.to_ascii_lowercase()).ok_or_else(|| ArgsError::Twin(name.to_owned()))
}

fn registration(name: &str) -> Result<RegistrationMode, ArgsError> {
    match name {
        "token" => Ok(RegistrationMode::WithToken),
        "open" => Ok(RegistrationMode::Open),
        "off" => Ok(RegistrationMode::Off),
        _ => Err(ArgsError::Registration(name.to_owned())),
    }
}

/// `AZ-03:same@chattz`.
fn fault(text: &str) -> Result<FaultRule, ArgsError> {
    let (fault, name) = text.split_once('@').ok_or(ArgsError::Fault)?;
    let twin = twin(name)?;
    Ok(match fault.split_once(':') {
        Some((fault, variant)) => FaultRule::always(fault, twin).with_variant(variant),
        None => FaultRule::always(fault, twin),
    })
}

#[cfg(test)]
mod tests {
    use gatewright_sandbox::{RegistrationMode, Twin};

    use super::{Run, Wanted, parse};

    fn run(line: &str) -> Run {
        match parse(line.split_whitespace().map(str::to_owned)) {
            Ok(Wanted::Run(run)) => *run,
            Ok(Wanted::Help | Wanted::ListFaults) => panic!("asked for a run"),
            Err(error) => panic!("{error}"),
        }
    }

    fn complaint(line: &str) -> String {
        match parse(line.split_whitespace().map(str::to_owned)) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("“{line}” was accepted"),
        }
    }

    #[test]
    fn options_take_their_value_beside_or_behind() {
        let run = run(
            "--port 7000 --provider=gitter --provider contentdb --auto-approve=theo --seed 7 --app chattz=http://localhost/?a=b",
        );
        assert_eq!((run.options.port, run.options.seed), (Some(7000), Some(7)));
        assert_eq!(run.options.twins, [Twin::Gitter, Twin::ContentDb]);
        assert_eq!(run.options.auto_approve.as_deref(), Some("theo"));
        assert_eq!(run.apps, [(Twin::Chattz, "http://localhost/?a=b".to_owned())]);
    }

    #[test]
    fn registration_and_rotation_can_be_switched() {
        let options = run("--registration=open --rotate-on-update --rotated-secret-seconds 60").options;
        assert_eq!((options.registration, options.rotate_secret_on_update), (RegistrationMode::Open, true));
        assert_eq!(options.rotated_secret_seconds, 60);
        assert!(complaint("--registration everybody").contains("open or off"));
        assert!(complaint("--rotated-secret-seconds soon").contains("whole number"));
    }

    #[test]
    fn faults_are_named_with_their_twin_and_perhaps_a_variant() {
        let rules = run("--fault AZ-02@chattr --fault=AZ-03:same@ContentDB").faults;
        assert_eq!((rules[0].fault.as_str(), &rules[0].variant, rules[0].twin), ("AZ-02", &None, Twin::Chattr));
        assert_eq!((rules[1].variant.as_deref(), rules[1].twin), (Some("same"), Twin::ContentDb));
        assert!(complaint("--fault AZ-02").contains("AZ-02@chattr"));
        assert!(complaint("--fault AZ-02@github").contains("chattr, chattz"));
    }

    #[test]
    fn a_mistake_is_named_with_what_would_be_right() {
        assert!(complaint("--port 70000").contains("1 to 65535"));
        assert!(complaint("--provider github").contains("chattr, chattz"));
        assert!(complaint("--seed").contains("--seed=7"));
        assert!(complaint("--prot 1").contains("--prot"));
    }
}
