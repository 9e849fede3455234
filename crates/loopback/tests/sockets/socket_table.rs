//! The system's table of TCP sockets, as the calling thread sees it.

/// 127.0.0.1 as the table writes it.
pub(crate) const LOOPBACK_V4: &str = "0100007F";
/// `::1` as the table writes it.
pub(crate) const LOOPBACK_V6: &str = "00000000000000000000000001000000";

/// How the table writes that a socket listens.
const LISTENING: &str = "0A";

/// The addresses at which anybody listens on a port, IPv4 before IPv6, in the table's own notation.
pub(crate) fn listening_at(port: u16) -> Vec<String> {
    ["tcp", "tcp6"].into_iter().flat_map(|table| of_table(table, port)).collect()
}

fn of_table(table: &str, port: u16) -> Vec<String> {
    // The thread's own: a thread can live in another network than its process.
    let text = std::fs::read_to_string(format!("/proc/thread-self/net/{table}")).unwrap_or_default();
    let listening = text.lines().skip(1).filter_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (local, _remote, state) = (columns.next()?, columns.next()?, columns.next()?);
        let (address, its_port) = local.split_once(':')?;
        (state == LISTENING && its_port == format!("{port:04X}")).then(|| address.to_owned())
    });
    listening.collect()
}
