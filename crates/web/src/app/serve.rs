//! Connections: as many as the machine can hold, and none that waits for ever.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::{App, Tls, router};

/// A reader that sends its headers more slowly is cut off; agreeing on the encryption may take as long.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// The longest a request may take from its headers to its answer, uploads and documents included.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// How long requests under way may go on after the stop.
const END_WITHIN: Duration = Duration::from_secs(20);
/// Connections at once. Those above wait to be accepted.
const MOST_CONNECTIONS: usize = 12_000;

/// Answers until `shutdown` comes, then finishes the requests under way. With `tls`, nothing is answered unencrypted.
pub async fn serve<F>(listener: TcpListener, app: App, tls: Option<Tls>, shutdown: F)
where
    F: Future<Output = ()> + Send,
{
    let notices = tokio::spawn({
        let app = app.clone();
        async move { app.deliver_on().await }
    });
    let router = router(app);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            () = &mut shutdown => break,
            (accepted, place) = accepted => match accepted {
                Ok(accepted) => (accepted, place),
                Err(error) => {
                    // Too many open files, for one: others end and make room.
                    tracing::warn!(target: "shirube", %error, "accept");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let (watcher, router, tls) = (graceful.watcher(), router.clone(), tls.clone());
        tokio::spawn(async move {
            talk(stream, peer, router, tls, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(END_WITHIN, graceful.shutdown()).await;
    // A notice that is being sent now is sent again at the next start: whoever gets it twice sees the same id.
    notices.abort();
}

/// One connection until its end. A reader that went away is nobody's fault.
async fn talk(stream: TcpStream, peer: SocketAddr, router: Router, tls: Option<Tls>, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => drop(watcher.watch(connection(stream, peer, router)).await),
        Some(tls) => {
            let agreed = tokio::time::timeout(HEADERS_WITHIN, tls.acceptor().accept(stream)).await;
            if let Ok(Ok(stream)) = agreed {
                drop(watcher.watch(connection(stream, peer, router)).await);
            }
        }
    }
}

fn connection<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: SocketAddr,
    router: Router,
) -> hyper::server::conn::http1::Connection<
    TokioIo<S>,
    impl hyper::service::HttpService<
        Incoming,
        ResBody = Body,
        Future: Send,
        Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    >,
> {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = tokio::time::timeout(ANSWER_WITHIN, router.oneshot(request)).await;
            Ok::<_, std::convert::Infallible>(match answer {
                Ok(Ok(response)) => response,
                Err(_) => late(),
            })
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).keep_alive(true).max_buf_size(64 * 1024);
    http.serve_connection(TokioIo::new(stream), service)
}

fn late() -> hyper::Response<Body> {
    let mut response = hyper::Response::new(Body::from("時間内に終わりませんでした。\n"));
    *response.status_mut() = hyper::StatusCode::GATEWAY_TIMEOUT;
    response
}
