//! A real Secret Service for one test: its own D-Bus session bus and gnome-keyring in its own home.
//!
//! ```no_run
//! let stage = gatewright_testkit::keyring::KeyringStage::unlocked();
//! let app = std::process::Command::new("gatewright").envs(stage.environment()).spawn();
//! ```
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test whose keyring cannot be set up has to stop and say which part is missing"
)]

use std::any::type_name;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PASSWORD: &[u8] = b"keyring-stage";
const READY_WITHIN: Duration = Duration::from_secs(20);
const SERVICE: &str = "org.freedesktop.secrets";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";
const DEFAULT_COLLECTION: &str = "/org/freedesktop/secrets/aliases/default";

/// A session bus without service files (nothing starts by itself, no prompt can open), and perhaps a keyring on it.
///
/// Everything lives in one directory; dropping the stage ends the processes it started. Needs `dbus-daemon`, `dbus-send` and
/// `gnome-keyring-daemon`.
pub struct KeyringStage {
    directory: PathBuf,
    bus: Option<Child>,
    keyring: Option<Child>,
    /// Removes the directory at the end, where it is ours.
    temporary: Option<TempDir>,
}

impl KeyringStage {
    /// A keyring that is unlocked and works.
    pub fn unlocked() -> Self {
        let mut stage = Self::bus_only();
        stage.start_keyring();
        stage
    }

    /// A keyring that has a default collection and is locked.
    pub fn locked() -> Self {
        let stage = Self::unlocked();
        stage.lock();
        stage
    }

    /// A session bus with no keyring on it.
    pub fn bus_only() -> Self {
        let mut stage = Self::empty();
        stage.start_bus();
        stage
    }

    /// An address at which no bus answers.
    pub fn empty() -> Self {
        let temporary = TempDir::with_prefix("keyring-stage-").expect("a temporary directory");
        let mut stage = Self::at(temporary.path());
        stage.temporary = Some(temporary);
        stage
    }

    /// Uses a directory of the caller's: a test process that was started with [`environment_at`] sets up its stage by this.
    pub fn at(directory: &Path) -> Self {
        for folder in ["home", "run"] {
            let path = directory.join(folder);
            fs::create_dir_all(&path).expect("the stage's folders");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("private folders");
        }
        Self { directory: directory.to_owned(), bus: None, keyring: None, temporary: None }
    }

    /// What a program needs in its environment to live on this stage: home, runtime directory, bus address.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        environment_at(&self.directory)
    }

    /// Starts the bus.
    pub fn start_bus(&mut self) {
        let configuration = self.directory.join("bus.conf");
        fs::write(&configuration, bus_configuration(&self.directory)).expect("the bus configuration");
        let mut command = self.command("dbus-daemon");
        command.arg("--config-file").arg(&configuration).args(["--nofork", "--nopidfile", "--nosyslog"]);
        self.bus = Some(quiet(&mut command).spawn().expect("dbus-daemon is installed"));
        let ask = ["--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetId"];
        wait_until("the bus answers", || self.dbus_send(&ask).status.success());
    }

    /// Ends the bus, and with it the keyring.
    pub fn stop_bus(&mut self) {
        end(&mut self.bus);
        end(&mut self.keyring);
    }

    /// Starts the keyring, unlocked; the first start creates the default collection.
    pub fn start_keyring(&mut self) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut keyring = quiet(&mut command).spawn().expect("gnome-keyring-daemon is installed");
        keyring.stdin.take().expect("its input").write_all(PASSWORD).expect("it reads the password");
        self.keyring = Some(keyring);
        wait_until("the keyring is unlocked", || self.is_locked() == Some(false));
    }

    /// Starts the keyring without a password: locked, or without any collection in a home that never had one.
    pub fn start_keyring_without_password(&mut self) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).stdin(Stdio::null());
        self.keyring = Some(quiet(&mut command).spawn().expect("gnome-keyring-daemon is installed"));
        wait_until("the keyring answers", || self.read_alias().is_some());
    }

    /// Ends the keyring; the bus stays.
    pub fn stop_keyring(&mut self) {
        end(&mut self.keyring);
        let owner = format!("string:{SERVICE}");
        let ask = ["--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", &owner];
        wait_until("the keyring has left the bus", || text(&self.dbus_send(&ask)).contains("boolean false"));
    }

    /// Locks the default collection.
    pub fn lock(&self) {
        let collections = format!("array:objpath:{DEFAULT_COLLECTION}");
        let lock = [&destination(), SERVICE_PATH, "org.freedesktop.Secret.Service.Lock", &collections];
        // Asked again until it is: a keyring that is busy with another program does not always hear it the first time.
        wait_until("the keyring is locked", || {
            self.dbus_send(&lock);
            self.is_locked() == Some(true)
        });
    }

    /// Stops the keyring's process where it stands: it owns its name and never answers.
    pub fn freeze_keyring(&self) {
        self.signal("-STOP");
    }

    /// Lets a frozen keyring go on.
    pub fn thaw_keyring(&self) {
        self.signal("-CONT");
    }

    /// How many items the default collection has; what is locked is counted too.
    pub fn item_count(&self) -> usize {
        text(&self.read_property("org.freedesktop.Secret.Collection", "Items")).matches("object path").count()
    }

    /// Whether one of Gatewright's items has this `username` attribute; what is locked counts too.
    pub fn has_item(&self, username: &str) -> bool {
        self.search_items(&format!("service,Gatewright,username,{username}")).contains("object path")
    }

    /// The labels of Gatewright's items, as a person reads them in their keyring program.
    pub fn labels(&self) -> Vec<String> {
        let found = self.search_items("service,Gatewright");
        let paths = found.split("object path \"").skip(1).filter_map(|rest| rest.split('"').next());
        let item = ["string:org.freedesktop.Secret.Item", "string:Label"];
        let label = |path: &str| {
            let get = "org.freedesktop.DBus.Properties.Get";
            let answer = text(&self.dbus_send(&[&destination(), path, get, item[0], item[1]]));
            answer.split('"').nth(1).map(str::to_owned)
        };
        paths.filter_map(label).collect()
    }

    /// What the Secret Service says to a search for these attributes.
    fn search_items(&self, attributes: &str) -> String {
        let wanted = format!("dict:string:string:{attributes}");
        let search = "org.freedesktop.Secret.Service.SearchItems";
        text(&self.dbus_send(&[&destination(), SERVICE_PATH, search, &wanted]))
    }

    fn is_locked(&self) -> Option<bool> {
        let answer = text(&self.read_property("org.freedesktop.Secret.Collection", "Locked"));
        if answer.contains("boolean true") {
            Some(true)
        } else if answer.contains("boolean false") {
            Some(false)
        } else {
            None
        }
    }

    fn read_alias(&self) -> Option<String> {
        let answer = self.dbus_send(&[
            &destination(),
            SERVICE_PATH,
            "org.freedesktop.Secret.Service.ReadAlias",
            "string:default",
        ]);
        answer.status.success().then(|| text(&answer))
    }

    fn read_property(&self, interface: &str, name: &str) -> Output {
        let (interface, name) = (format!("string:{interface}"), format!("string:{name}"));
        self.dbus_send(&[&destination(), DEFAULT_COLLECTION, "org.freedesktop.DBus.Properties.Get", &interface, &name])
    }

    fn signal(&self, signal: &str) {
        let process = self.keyring.as_ref().expect("the keyring runs").id().to_string();
        assert!(Command::new("kill").args([signal, &process]).status().expect("kill is installed").success());
    }

    fn dbus_send(&self, arguments: &[&str]) -> Output {
        let mut command = self.command("dbus-send");
        // One call that is not answered must not take all the time there is for asking again.
        let patience = ["--session", "--print-reply", "--reply-timeout=2000"];
        command.args(patience).args(arguments).output().expect("dbus-send is installed")
    }

    /// A program on this stage. Without a display, so that a locked keyring refuses instead of asking.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.environment()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command
    }
}

impl Drop for KeyringStage {
    fn drop(&mut self) {
        end(&mut self.keyring);
        end(&mut self.bus);
    }
}

/// What a program needs in its environment to live on the stage of that directory, which may be set up later.
pub fn environment_at(directory: &Path) -> Vec<(&'static str, String)> {
    let path = |name: &str| directory.join(name).display().to_string();
    vec![
        ("HOME", path("home")),
        ("XDG_DATA_HOME", path("home/.local/share")),
        ("XDG_CONFIG_HOME", path("home/.config")),
        ("XDG_CACHE_HOME", path("home/.cache")),
        ("XDG_RUNTIME_DIR", path("run")),
        ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", path("bus"))),
        ("GNOME_KEYRING_CONTROL", path("run/keyring")),
    ]
}

/// A bus without `standard_session_servicedirs`: with them the first use would start the desktop's own keyring, locked.
fn bus_configuration(directory: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        directory.display()
    )
}

fn destination() -> String {
    format!("--dest={SERVICE}")
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::null()).stderr(Stdio::null())
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn end(process: &mut Option<Child>) {
    if let Some(mut process) = process.take() {
        // It may have ended by itself: a keyring leaves with its bus.
        let _ = process.kill();
        let _ = process.wait();
    }
}

/// Other processes do not tell us; asking again until the time is up does.
fn wait_until(condition: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < READY_WITHIN, "the keyring stage was not set up: {condition}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Says in the child process where its stage is.
const STAGE: &str = "GATEWRIGHT_TEST_KEYRING_STAGE";

/// A stage in a process of its own, for the one scenario `F` that the calling test runs. The keyring store finds its bus by environment
/// variables only, and a process has one environment: so the test's binary is started again with the stage's environment and that one
/// test's name. There the stage comes back, empty; in the process that waited for it, nothing does.
///
/// # Panics
/// When the test fails over there, with everything it said.
pub fn stage_of_its_own<F>(prefix: &str) -> Option<KeyringStage> {
    if let Some(directory) = std::env::var_os(STAGE) {
        return Some(KeyringStage::at(Path::new(&directory)));
    }
    let directory = TempDir::with_prefix(prefix).expect("a temporary directory");
    let output = Command::new(std::env::current_exe().expect("the test's own program"))
        .args([test_name::<F>(), "--exact", "--nocapture"])
        .envs(environment_at(directory.path()))
        .env(STAGE, directory.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("the test's own program starts");
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complained}");
    None
}

/// The test a closure stands in: `keyring::client_secrets::a_test::{{closure}}` without the ends.
fn test_name<F>() -> &'static str {
    let (_, name) = type_name::<F>().split_once("::").expect("a path in a crate");
    name.trim_end_matches("::{{closure}}")
}
