"""A server that talks plain HTTP, in the part of a Gateway that a Visitor asks for."""

from support.client import Client, connect_tcp


class PlainServer:
    """Lets a `Visitor` use an application, or a proxy in front of it, without TLS.

    The server must be on 127.0.0.1; the visitor calls it `localhost`.
    """

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self, source: str = "") -> Client:
        return connect_tcp(self.port, source=source)
