//! The minimum of an ordinary asynchronous plugin: a runtime, a socket, a line.

use std::io::Write;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = std::env::temp_dir();
        let socket = folder.join(format!("hello-{}", std::process::id()));
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        let mut stdout = std::io::stdout();
        writeln!(stdout, "1|6|unix|{}|grpc|", socket.display()).unwrap();
        stdout.flush().unwrap();
        listener.accept().await.unwrap();
    });
}
