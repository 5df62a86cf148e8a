//! A wire between the program and PostgreSQL that can be cut, at the very moment of a commit too.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
};

/// What the wire does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// It carries everything.
    Whole,
    /// It breaks before the next commit is sent on.
    CutBeforeCommit,
    /// It breaks after the server has answered the next commit, and the answer is lost.
    CutAfterCommit,
    /// It carries nothing: whoever comes is turned away.
    Gone,
}

/// The request for encryption, which comes before the greeting.
const ENCRYPT: [u8; 4] = 80_877_103_u32.to_be_bytes();

#[derive(Clone)]
pub struct Proxy {
    pub port: u16,
    wire: Arc<Mutex<Wire>>,
    /// Told when all connections are to break.
    breaks: watch::Sender<u64>,
}

/// What was sent to the server: the first message has no type, every other has one.
#[derive(Default)]
struct Heard {
    bytes: Vec<u8>,
    greeted: bool,
}

impl Heard {
    /// Whether a commit is among what came in.
    fn commit(&mut self, more: &[u8]) -> bool {
        self.bytes.extend_from_slice(more);
        let mut found = false;
        loop {
            let head = usize::from(self.greeted);
            let Some(length) = self.bytes.get(head..head + 4) else { return found };
            let whole = head + usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
            if self.bytes.len() < whole {
                return found;
            }
            found |= self.greeted && self.bytes[0] == b'Q' && self.bytes[5..whole].starts_with(b"COMMIT");
            // who asks for encryption first is told no, and then greets
            self.greeted |= self.bytes.get(4..8) != Some(&ENCRYPT);
            self.bytes.drain(..whole);
        }
    }
}

impl Proxy {
    /// Before the server on that port.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (breaks, _) = watch::channel(0);
        let proxy = Self { port, wire: Arc::new(Mutex::new(Wire::Whole)), breaks };
        let at = SocketAddr::from(([127, 0, 0, 1], server));
        let own = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if own.wire() == Wire::Gone {
                    continue;
                }
                let Ok(server) = TcpStream::connect(at).await else { continue };
                tokio::spawn(own.clone().carry(client, server));
            }
        });
        proxy
    }

    pub fn set(&self, wire: Wire) {
        *self.wire.lock().unwrap() = wire;
        if wire == Wire::Gone {
            self.breaks.send_modify(|count| *count += 1);
        }
    }

    pub fn wire(&self) -> Wire {
        *self.wire.lock().unwrap()
    }

    /// What is to be done about this commit; the next one is carried again.
    fn take_cut(&self) -> Option<Wire> {
        let mut wire = self.wire.lock().unwrap();
        let cut = matches!(*wire, Wire::CutBeforeCommit | Wire::CutAfterCommit).then_some(*wire);
        if cut.is_some() {
            *wire = Wire::Whole;
        }
        cut
    }

    async fn carry(self, client: TcpStream, server: TcpStream) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let mut breaks = self.breaks.subscribe();
        let silent = Arc::new(Mutex::new(false));
        tokio::select! {
            () = self.forth(from_client, to_server, Arc::clone(&silent)) => {}
            () = back(from_server, to_client, silent) => {}
            _ = breaks.changed() => {}
        }
    }

    async fn forth(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, silent: Arc<Mutex<bool>>) {
        let (mut heard, mut bytes) = (Heard::default(), vec![0; 64 * 1024]);
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            let cut = if heard.commit(&bytes[..count]) { self.take_cut() } else { None };
            match cut {
                Some(Wire::CutBeforeCommit) => return,
                Some(_) => *silent.lock().unwrap() = true,
                None => {}
            }
            if to.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
    }
}

/// Carries answers; when told to be silent, the next one is lost and the wire breaks.
async fn back(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, silent: Arc<Mutex<bool>>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if *silent.lock().unwrap() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
