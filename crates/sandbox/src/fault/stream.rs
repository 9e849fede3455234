//! Large bodies that nobody has to write out: the same piece again and again.
//!
//! The library takes what is ready as fast as it can, whether or not the client reads. A body without an end therefore has to be written
//! by [`super::wire`].

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::Frame;

/// A piece sent so many times.
struct Repeating {
    first: Option<Bytes>,
    piece: Bytes,
    left: usize,
    last: Option<Bytes>,
}

/// `first`, then `piece` so many times, then `last`.
pub(super) fn repeating(
    first: impl Into<Bytes>,
    piece: impl Into<Bytes>,
    times: usize,
    last: impl Into<Bytes>,
) -> Body {
    Body::new(Repeating { first: Some(first.into()), piece: piece.into(), left: times, last: Some(last.into()) })
}

impl hyper::body::Body for Repeating {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match self.first.take() {
            Some(first) => Some(first),
            None if self.left > 0 => {
                self.left -= 1;
                Some(self.piece.clone())
            }
            None => self.last.take(),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }
}
