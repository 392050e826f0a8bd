"""A listener that stands where the agent or its broker is expected, as another user of the machine could run it.

    peer.py CERT KEY BROKER_PORT    serves TLS on a free port; prints "port N", then "got BYTES" for every first chunk

Answers a request for Plugin Settings with BROKER_PORT, or with its own port when that is 0.
"""
import socket, ssl, sys, threading

certificate, key, broker = sys.argv[1], sys.argv[2], int(sys.argv[3])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
listener = socket.create_server(('127.0.0.1', 0))
port = listener.getsockname()[1]
print('port', port, flush=True)


def serve(plain):
    try:
        with context.wrap_socket(plain, server_side=True) as client:
            first = client.recv(65536)
            print('got', len(first), flush=True)
            if first.startswith(b'GET'):
                body = b'{"broker.host":"127.0.0.1","broker.port":%d}' % (broker or port)
                client.sendall(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n' % len(body) + body)
            elif first[:1] == b'\x10':
                client.sendall(b'\x20\x02\x00\x00')
                while True:
                    more = client.recv(65536)
                    if not more:
                        break
                    print('got', len(more), flush=True)
    except (OSError, ssl.SSLError):
        pass


while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
