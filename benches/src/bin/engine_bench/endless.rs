//! What a token answer of 100 MB does to memory.

use anyhow::{Context, Result, ensure};
use gatewright_benches::{Goal, Measurement, Point};
use gatewright_engine::ports::Transport as _;
use gatewright_engine::transport::{HttpTransport, Limits, NearbyHosts};
use gatewright_protocol::http::{HttpRequest, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// How long the answer is: what somebody who reads all of it has to hold, in MB.
const ANSWER_MEGABYTES: u32 = 100;
const PIECE: [u8; 16_000] = [b' '; 16_000];
const PIECES_A_MEGABYTE: u32 = 1_000_000 / 16_000;
const TIMES: usize = 5;

/// Measures by how much this process, which holds server and engine, grows beyond what it holds when idle.
pub(crate) async fn measure() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = Url::parse(&format!("http://{}/token", listener.local_addr()?))?;
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that has heard enough hangs up.
            tokio::spawn(answer(stream));
        }
    });
    let transport = HttpTransport::new(Limits::default(), NearbyHosts::default());
    let request = HttpRequest { method: Method::Get, url, headers: Vec::new(), body: None };
    let mut ours = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        forget_the_peak()?;
        let before = peak_megabytes()?;
        let response = transport.send(&request).await?;
        ensure!(response.cut, "the whole answer was read");
        drop(response);
        ours.push(peak_megabytes()? - before);
    }
    server.abort();
    let measured = Measurement {
        name: "engine.memory-of-a-long-answer",
        unit: "MB",
        floor: vec![f64::from(ANSWER_MEGABYTES)],
        ours,
        goal: Goal::AtMost(8.0),
        points: &[Point::Median],
    };
    measured.print()
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = vec![0; 4096];
    let _read = stream.read(&mut request).await?;
    let length = u64::from(ANSWER_MEGABYTES) * 1_000_000;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    for _ in 0..ANSWER_MEGABYTES * PIECES_A_MEGABYTE {
        stream.write_all(&PIECE).await?;
    }
    Ok(())
}

/// Has the system forget the highest use of memory so far; from now on it is what is used now.
fn forget_the_peak() -> Result<()> {
    std::fs::write("/proc/self/clear_refs", "5").context("the system does not forget peaks")
}

/// The highest use of memory since, in MB.
fn peak_megabytes() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak is told")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1024.0 / 1e6)
}
