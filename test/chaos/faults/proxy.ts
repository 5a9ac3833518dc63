import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Random } from '../history/random';
import { type Direction, type FaultsInForce, pipe } from './pipe';

/** A TCP proxy before a server. Each fault returns the function that ends it, and it alone. */
export interface FaultProxy {
  readonly port: number;
  /** Open connections. */
  readonly connections: number;
  /** Answers to COMMIT that were dropped so far. */
  readonly droppedCommits: number;
  /** Every connection, now. */
  cut(): void;
  /** Each connection, old or new, when `byte` bytes of that direction have passed from now on; `once`: only the first. */
  cutAt(fault: { direction: Direction; byte: number; once?: boolean }): () => void;
  /** Connections stay, and new ones are taken, but nothing passes. What was held passes when it ends. */
  blackHole(): () => void;
  /** Holds whatever passes for so long, each way. */
  delay(ms: number): () => void;
  /** Cuts a connection to PostgreSQL when it has committed, before the answer reaches the client: this share of commits. */
  dropCommitAnswers(share: number, random: Random): () => void;
  close(): Promise<void>;
}

interface Connection {
  cut(): void;
  /** Pauses or goes on, as the holes in force say. */
  look(): void;
}

/** Forwards 127.0.0.1:<own port> to a server (a port of 127.0.0.1, or the path of a Unix socket), which may be down now and then. */
export async function openProxy(server: number | string): Promise<FaultProxy> {
  const faults: FaultsInForce = {
    cuts: new Set(),
    holes: new Set(),
    delays: new Set(),
    commits: new Set(),
    droppedCommits: 0,
  };
  const connections = new Set<Connection>();
  const listener = createServer((client) => {
    const onward = typeof server === 'number' ? connect(server, '127.0.0.1') : connect(server);
    const connection = join(client, onward, faults, () => connections.delete(connection));
    connections.add(connection);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const lookAgain = (): void => connections.forEach((connection) => connection.look());
  const during = <T>(set: Set<T>, fault: T): (() => void) => {
    set.add(fault);
    lookAgain();
    return () => {
      set.delete(fault);
      lookAgain();
    };
  };
  const cut = (): void => connections.forEach((connection) => connection.cut());
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections.size;
    },
    get droppedCommits() {
      return faults.droppedCommits;
    },
    cut,
    cutAt: ({ once = false, ...fault }) => during(faults.cuts, { ...fault, once }),
    blackHole: () => during(faults.holes, {}),
    delay: (ms) => during(faults.delays, { ms }),
    dropCommitAnswers: (share, random) => during(faults.commits, { share, random }),
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      cut();
      await closed;
    },
  };
}

/** One client and its connection to the server: two pipes that end together. */
function join(client: Socket, server: Socket, faults: FaultsInForce, ended: () => void): Connection {
  const sockets = [client, server];
  const cut = (): void => sockets.forEach((socket) => void socket.destroy());
  pipe({ from: client, to: server, direction: 'to-server', faults, cut });
  pipe({ from: server, to: client, direction: 'to-client', faults, cut });
  for (const socket of sockets) {
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.once('close', ended);
  }
  const look = (): void => sockets.forEach((socket) => (faults.holes.size > 0 ? socket.pause() : socket.resume()));
  look();
  return { cut, look };
}
