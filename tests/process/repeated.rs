//! Many starts, one after another.

use rustix::process::Signal;

use crate::host::Start;

/// Terraform starts a plugin several times a command, for years: what one start leaves, a machine has by the thousand.
#[tokio::test]
async fn c75_a_hundred_starts_leave_no_process_and_no_socket() {
    for start in 0..100 {
        let plugin = Start::plain().handshake().await;
        let socket = plugin.socket().to_owned();
        let ended = if start % 2 == 0 {
            plugin.shutdown().await
        } else {
            plugin.signal(Signal::TERM);
            // Until nobody has its stderr any more, so that no child of it is left either.
            plugin.ended().await
        };
        ended.assert_clean();
        assert!(!socket.exists(), "start {start} left {}", socket.display());
    }
}
