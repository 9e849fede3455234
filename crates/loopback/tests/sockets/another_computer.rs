//! Another computer on the same network (threat L-01), made of two network namespaces with a cable between them.

use std::fs::File;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::process::Command;
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::listener;

/// Our addresses on the cable. They are for documentation (RFC 5737, RFC 3849): no real network has them.
const OURS: [&str; 2] = ["192.0.2.1", "2001:db8::1"];
/// The other computer's addresses.
const THEIRS: [&str; 2] = ["192.0.2.2", "2001:db8::2"];

/// How long a connection may take. A refusal comes at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// Two network namespaces with a cable between them; both go when this does.
struct TwoComputers {
    ours: String,
    theirs: String,
}

impl TwoComputers {
    fn connected() -> Self {
        let name = |side: &str| format!("gatewright-{side}-{}", std::process::id());
        let both = Self { ours: name("ours"), theirs: name("theirs") };
        ip(&["netns", "add", &both.ours]);
        ip(&["netns", "add", &both.theirs]);
        ip(&["-n", &both.ours, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", &both.theirs]);
        for (side, addresses) in [(&both.ours, OURS), (&both.theirs, THEIRS)] {
            ip(&["-n", side, "address", "add", &format!("{}/24", addresses[0]), "dev", "cable"]);
            // Nobody else can have it, so nobody is asked (which takes a second or two).
            ip(&["-n", side, "address", "add", &format!("{}/64", addresses[1]), "dev", "cable", "nodad"]);
            ip(&["-n", side, "link", "set", "lo", "up"]);
            ip(&["-n", side, "link", "set", "cable", "up"]);
        }
        both
    }
}

impl Drop for TwoComputers {
    fn drop(&mut self) {
        for side in [&self.ours, &self.theirs] {
            let _gone_already = Command::new("ip").args(["netns", "delete", side]).output();
        }
    }
}

fn ip(arguments: &[&str]) {
    let command = format!("ip {}", arguments.join(" "));
    let output = Command::new("ip").args(arguments).output();
    let complaint = match &output {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(cause) => cause.to_string(),
    };
    panic!(
        "this test plays two computers in two network namespaces, and `{command}` failed: {complaint}. \
         It takes iproute2 and the rights of root (in a container: CAP_NET_ADMIN and CAP_SYS_ADMIN)"
    );
}

/// Does something as a program of that computer would.
fn on<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    computer: &str,
    act: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    let namespace = File::open(format!("/run/netns/{computer}")).unwrap();
    scope.spawn(move || {
        // Only this thread moves, and it ends here.
        move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
        act()
    })
}

fn connect(address: &str, port: u16) -> Result<(), ErrorKind> {
    let address: IpAddr = address.parse().unwrap();
    let connected = TcpStream::connect_timeout(&SocketAddr::from((address, port)), PATIENCE);
    connected.map(drop).map_err(|cause| cause.kind())
}

#[test]
fn another_computer_on_the_network_does_not_reach_the_listener() {
    let computers = TwoComputers::connected();
    std::thread::scope(|scope| {
        let (ports, our_ports) = std::sync::mpsc::channel();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let ours = on(scope, &computers.ours, move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (_listener, port) = listener("localhost");
                // A program that is less careful: it shows that the cable works.
                let careless = TcpListener::bind("[::]:0").unwrap();
                assert_eq!(connect("127.0.0.1", port), Ok(()), "it listens on this computer");
                ports.send((port, careless.local_addr().unwrap().port())).unwrap();
                let _end = ended.await;
            });
        });
        let (port, careless) = our_ports.recv().unwrap();
        let theirs = on(scope, &computers.theirs, move || {
            for address in OURS {
                assert_eq!(connect(address, careless), Ok(()), "the cable to {address}");
                assert_eq!(connect(address, port), Err(ErrorKind::ConnectionRefused), "{address}");
            }
        });
        let outcome = theirs.join();
        drop(end);
        ours.join().unwrap();
        outcome.unwrap();
    });
}
