//! The line between a browser and the village: it can be cut, and it can lose answers, also under a service worker.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What gets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Up,
    /// Nothing.
    Cut,
    /// Everything but the answers to what is sent.
    Deaf,
}

/// A line of its own for one browser.
pub struct Line {
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub base: String,
    state: watch::Sender<State>,
    serving: JoinHandle<()>,
}

impl Line {
    /// A line to the server at `base`.
    pub async fn to(base: &str) -> Self {
        let far: SocketAddr = base.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (state, now) = watch::channel(State::Up);
        let serving = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *now.borrow() != State::Cut {
                    tokio::spawn(carry(near, far, now.clone()));
                }
            }
        });
        Self { base, state, serving }
    }

    /// From now on.
    pub fn set(&self, state: State) {
        self.state.send(state).unwrap();
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn carry(mut near: TcpStream, far: SocketAddr, mut state: watch::Receiver<State>) {
    let Ok(mut far) = TcpStream::connect(far).await else { return };
    let (mut asked, mut answered) = (vec![0; 16_384], vec![0; 16_384]);
    let mut posted = false;
    loop {
        let carried = tokio::select! {
            changed = state.changed() => changed.is_ok() && *state.borrow() != State::Cut,
            read = near.read(&mut asked) => match read {
                Ok(n) if n > 0 => {
                    posted = posted || asked.starts_with(b"POST ");
                    far.write_all(&asked[..n]).await.is_ok()
                }
                _ => false,
            },
            read = far.read(&mut answered) => match read {
                Ok(n) if n > 0 && (!posted || *state.borrow() != State::Deaf) => {
                    near.write_all(&answered[..n]).await.is_ok()
                }
                _ => false,
            },
        };
        if !carried {
            return;
        }
    }
}
