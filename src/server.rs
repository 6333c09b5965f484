//! Shows a folder of pages in a browser on this machine: on the loopback only, to requests that name it,
//! and each page loads itself anew when the pages change.

use std::{
    collections::BTreeSet,
    io::{self, Cursor},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use tiny_http::{Header, Method, Request, Response, StatusCode};

use crate::error::Error;

/// What every answer says: no page may reach another host, be framed or be kept.
const HEADERS: &[(&str, &str)] = &[
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// Where a page asks whether it is still the last one.
const VERSION: &str = "__version";

/// The script that asks.
const RELOAD: &str = "__reload.js";
const SCRIPT: &str = include_str!("report/templates/reload.js");

/// What is shown at the moment.
#[derive(Debug, Default)]
struct Shown {
    addresses: BTreeSet<String>,
    version: u64,
    trouble: String,
}

/// A server of one folder.
pub struct Server {
    inner: tiny_http::Server,
    folder: PathBuf,
    port: u16,
    shown: Mutex<Shown>,
}

impl Server {
    /// Listens on the loopback; at a free port where `port` is 0.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the port cannot be had.
    pub fn open(folder: PathBuf, port: u16) -> Result<Self, Error> {
        let inner = tiny_http::Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(|why| {
            let what = format!("port {port} of the loopback cannot be had: {why}");
            Error::usage(what, "name another one with `--port`, or 0 for one that is free")
        })?;
        let port = inner.server_addr().to_ip().map_or(port, |address| address.port());
        Ok(Self { inner, folder, port, shown: Mutex::default() })
    }

    /// Where a browser finds it.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// From now on these are the pages.
    pub fn show(&self, addresses: Vec<String>) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = Shown {
            addresses: addresses.into_iter().collect(),
            version: shown.version.saturating_add(1),
            trouble: String::new(),
        };
    }

    /// The pages stay as they are, and say why.
    pub fn trouble(&self, why: String) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).trouble = why;
    }

    /// Answers requests, one after another, until the program ends.
    pub fn answer(&self) {
        for request in self.inner.incoming_requests() {
            // Whoever went away before the answer does not miss it.
            let _ = self.respond(request);
        }
    }

    fn respond(&self, request: Request) -> io::Result<()> {
        let (status, kind, body) = self.found(&request);
        let body = if *request.method() == Method::Head { Vec::new() } else { body };
        let length = body.len();
        let kinds = ("Content-Type", kind);
        let headers = HEADERS.iter().chain([&kinds]);
        let headers = headers.filter_map(|(name, value)| Header::from_bytes(*name, *value).ok()).collect();
        request.respond(Response::new(StatusCode(status), headers, Cursor::new(body), Some(length), None))
    }

    /// The status, the kind and the body of an answer.
    fn found(&self, request: &Request) -> (u16, &'static str, Vec<u8>) {
        const TEXT: &str = "text/plain; charset=utf-8";
        let plain = |status: u16, text: &str| (status, TEXT, text.as_bytes().to_vec());
        // A page of elsewhere whose name leads here must not read what is shown here.
        if !self.is_meant(request) {
            return plain(421, "this server answers to 127.0.0.1 and localhost only\n");
        }
        if !matches!(request.method(), Method::Get | Method::Head) {
            return plain(405, "pages are read here, and nothing else\n");
        }
        let path = request.url().split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        let path = if path.is_empty() { "index.html" } else { path };
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match path {
            VERSION => return plain(200, &format!("{}\n{}", shown.version, shown.trouble)),
            RELOAD => return (200, "text/javascript; charset=utf-8", SCRIPT.as_bytes().to_vec()),
            // Only what the site wrote is ever read.
            path if !shown.addresses.contains(path) => return plain(404, "there is no such page\n"),
            _ => {}
        }
        let Ok(body) = std::fs::read(self.folder.join(path)) else { return plain(404, "there is no such page\n") };
        let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => return (200, "text/html; charset=utf-8", with_reload(&body, shown.version)),
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("ics") => "text/calendar; charset=utf-8",
            _ => TEXT,
        };
        (200, kind, body)
    }

    /// Whether a request names this server and no other.
    fn is_meant(&self, request: &Request) -> bool {
        let host = request.headers().iter().find(|header| header.field.equiv("Host"));
        let host = host.map_or("", |header| header.value.as_str());
        ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", self.port))
    }
}

/// The page with the script that loads it anew, and the version that it shows.
fn with_reload(body: &[u8], version: u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let (before, after) = text.rsplit_once("</body>").unwrap_or((&text, ""));
    format!("{before}<script src=\"/{RELOAD}\" data-version=\"{version}\"></script>\n</body>{after}").into_bytes()
}
