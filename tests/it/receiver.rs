//! A program that is told: it listens on this machine, keeps what it heard and answers as planned.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What the receiver does with the next request.
#[derive(Debug, Clone, Copy)]
pub enum Next {
    Say(u16),
    Close,
    Hang,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Heard {
    pub head: String,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name}: {}", self.head))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn seq(&self) -> i64 {
        self.json()["data"]["seq"].as_i64().unwrap()
    }
}

/// A program that is told.
#[derive(Clone, Default)]
pub struct Receiver {
    heard: Arc<Mutex<Vec<Heard>>>,
    pub plan: Arc<Mutex<VecDeque<Next>>>,
    pub came: Arc<Notify>,
}

impl Receiver {
    /// Listens; where.
    pub async fn start() -> (Self, String) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().hear(stream));
            }
        });
        (receiver, url)
    }

    async fn hear(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        let (head, body) = loop {
            let read = stream.read(&mut piece).await.unwrap();
            bytes.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap();
                if body.len() >= length.parse().unwrap() {
                    break (head.replace("\r\n", "\n"), body.to_owned());
                }
            }
        };
        let next = self.plan.lock().unwrap().pop_front().unwrap_or(Next::Say(204));
        self.heard.lock().unwrap().push(Heard { head, body });
        self.came.notify_one();
        match next {
            Next::Say(status) => {
                let answer = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            Next::Close => {}
            Next::Hang => std::future::pending::<()>().await,
        }
    }

    pub fn plan(&self, next: &[Next]) {
        self.plan.lock().unwrap().extend(next);
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub fn seqs(&self) -> Vec<i64> {
        self.heard().iter().map(Heard::seq).collect()
    }
}

/// HMAC-SHA256 by its definition (RFC 2104), so that nothing of ours vouches for itself.
fn hmac(key: &[u8], message: &str) -> String {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new_with_prefix(block.map(|b| b ^ 0x36)).chain_update(message).finalize();
    STANDARD.encode(Sha256::new_with_prefix(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize())
}

pub fn verifies(secret: &str, heard: &Heard) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, seconds) = (heard.header("webhook-id"), heard.header("webhook-timestamp"));
    let expected = format!("v1,{}", hmac(&key, &format!("{id}.{seconds}.{}", heard.body)));
    heard.header("webhook-signature").split(' ').any(|signature| signature == expected)
}
