//! Messages to other programs by the rules of Standard Webhooks: where they may go, how they are signed, and when a
//! failed one is tried again. Sends nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The longest address.
pub const URL_BYTES_MAX: usize = 500;
/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;
/// What secrets begin with when they are shown.
pub const SECRET_PREFIX: &str = "whsec_";
/// Seconds until the next try, after one failure, after two …; the last one stands for all that follow.
pub const RETRY_SECONDS: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];
/// A try is put off by up to so many hundredths of its wait, so that receivers are not hit by all at once.
pub const JITTER_PERCENT: i64 = 20;
/// Days of nothing but failures after which nobody is asked any more.
pub const FAILING_DAYS_MAX: i64 = 5;

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Over TLS.
    pub tls: bool,
    /// A name or an address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Path and query.
    pub path: String,
}

/// The text is not an address that messages may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTarget {
    /// It is no `http://` or `https://` address.
    #[error("not an http or https address")]
    NotAnAddress,
    /// A name or password stands in front of the host.
    #[error("a name or password in the address")]
    Userinfo,
    /// It leads to the machine's own surroundings: link-local, metadata, nowhere.
    #[error("a forbidden address")]
    Forbidden,
}

impl std::str::FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let plain = text.is_ascii() && !text.chars().any(|c| c.is_ascii_whitespace() || c.is_ascii_control());
        if !plain || text.len() > URL_BYTES_MAX || text.contains(['#', '\\', '"', '<', '>']) {
            return Err(InvalidTarget::NotAnAddress);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidTarget::NotAnAddress)?;
        let tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(InvalidTarget::NotAnAddress),
        };
        let cut = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(cut).ok_or(InvalidTarget::NotAnAddress)?;
        if authority.contains('@') {
            return Err(InvalidTarget::Userinfo);
        }
        let (host, port) = host_and_port(authority, if tls { 443 } else { 80 })?;
        if host.parse::<IpAddr>().is_ok_and(is_forbidden) {
            return Err(InvalidTarget::Forbidden);
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { tls, host, port, path })
    }
}

fn host_and_port(authority: &str, usual: u16) -> Result<(String, u16), InvalidTarget> {
    let wrong = InvalidTarget::NotAnAddress;
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, rest) = inner.split_once(']').ok_or(wrong)?;
            host.parse::<Ipv6Addr>().map_err(|_| wrong)?;
            (host, rest)
        }
        None => authority.split_at_checked(authority.find(':').unwrap_or(authority.len())).ok_or(wrong)?,
    };
    let port = match rest.strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(wrong)?,
        None if rest.is_empty() => usual,
        None => return Err(wrong),
    };
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(named) {
        return Err(wrong);
    }
    Ok((host.to_ascii_lowercase(), port))
}

/// Addresses that no message goes to, whatever name led there: the link-local ones, among them the metadata services
/// of clouds, and those that are nobody's. Loopback and private networks are allowed: a village's own receiver stands
/// on the same machine or the same LAN, and only the county's administrator says where messages go.
#[must_use]
pub fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_forbidden_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_forbidden_v4(v4),
            None => {
                v6.is_unicast_link_local()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6 == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
            }
        },
    }
}

const fn is_forbidden_v4(v4: Ipv4Addr) -> bool {
    v4.is_link_local() || v4.is_unspecified() || v4.is_broadcast() || v4.is_multicast()
}

/// A secret as people copy it.
#[must_use]
pub fn shown(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(secret))
}

/// The signature of a message: over its id, the second of this try and its very bytes.
#[must_use]
pub fn signature(secret: &[u8], id: &str, seconds: i64, payload: &str) -> String {
    // HMAC takes keys of any length
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{payload}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Seconds until the next try after `failures` in a row; `chance` is any number.
#[must_use]
pub fn retry_seconds(failures: i64, chance: u32) -> i64 {
    let place = usize::try_from(failures.saturating_sub(1)).unwrap_or(0).min(RETRY_SECONDS.len() - 1);
    let wait = RETRY_SECONDS.get(place).copied().unwrap_or(0);
    let spread = wait * JITTER_PERCENT / 100 + 1;
    wait + i64::from(chance) % spread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Result<Target, InvalidTarget> {
        text.parse()
    }

    #[test]
    fn addresses_are_read_and_dangerous_ones_refused() {
        let to = target("https://Example.cn/hook?a=1").unwrap();
        assert_eq!(
            (to.tls, to.host.as_str(), to.port, to.path.as_str()),
            (true, "example.cn", 443, "/hook?a=1")
        );
        assert_eq!(target("http://127.0.0.1:8080").unwrap().path, "/");
        assert_eq!(target("http://[::1]:9/x").unwrap().host, "::1");
        assert_eq!(target("http://a?b").unwrap().path, "/?b");
        for forbidden in [
            "http://169.254.169.254/latest/meta-data",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://0.0.0.0/",
            "http://[fd00:ec2::254]/",
        ] {
            assert_eq!(target(forbidden), Err(InvalidTarget::Forbidden), "{forbidden}");
        }
        assert_eq!(target("http://user:pass@host/"), Err(InvalidTarget::Userinfo));
        for wrong in [
            "",
            "ftp://a/",
            "http://",
            "http:///x",
            "http://a b/",
            "http://a:0/",
            "http://a:99999/",
            "http://a/#x",
            "http://[::1",
            "http://[zz]/",
            "http://a\\@b/",
            "//a/",
            "http://a\r\nHost: b/",
            "http://村/",
        ] {
            assert_eq!(target(wrong), Err(InvalidTarget::NotAnAddress), "{wrong:?}");
        }
    }

    /// The worked example of the specification of Standard Webhooks.
    #[test]
    fn a_signature_is_the_one_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn waits_grow_by_the_schedule_and_never_shrink_below_it() {
        for (failures, wait) in (1..).zip(RETRY_SECONDS) {
            for chance in [0, 1, u32::MAX] {
                let seconds = retry_seconds(failures, chance);
                assert!(
                    (wait..=wait + wait * JITTER_PERCENT / 100).contains(&seconds),
                    "{failures} {seconds}"
                );
            }
        }
        assert_eq!(retry_seconds(1_000, 0), 28_800);
        assert_eq!((retry_seconds(0, 0), retry_seconds(-3, 0)), (5, 5));
    }
}
