import { type Server } from 'node:http';

/** From this part of the maximum on, idle connections are closed to make room. */
const CROWDED = 0.9;

interface Counter {
  observeDroppedConnection(): void;
}

/** Bounds the open connections of a server. At the maximum further ones are closed at once. */
export function limitConnections(server: Server, max: number, counter: Counter): void {
  let open = 0;
  server.maxConnections = max;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open >= max * CROWDED) server.closeIdleConnections();
  });
  server.on('drop', () => {
    counter.observeDroppedConnection();
  });
}
