import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy before PostgreSQL that can stop answering, refuse, or swallow the answer to one statement. */
export interface FaultProxy {
  readonly port: number;
  /** Bytes are taken and go nowhere: a stopped server, or a dead network. */
  freeze(): void;
  /** Connections are cut and new ones refused. */
  refuse(): void;
  /** The next statement with this text is passed on; its answer, and all later ones of that connection, are not. */
  dropAnswerTo(text: string): void;
  /** As if nothing had been. Connections that lost an answer stay silent. */
  thaw(): void;
  close(): Promise<void>;
}

type Mode = { readonly kind: 'open' | 'frozen' | 'refusing' } | { readonly kind: 'dropping'; readonly text: string };

export async function openFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(databaseUrl);
  let mode: Mode = { kind: 'open' };
  const pairs = new Set<{ client: Socket; server: Socket }>();
  const listener: Server = createServer((client) => {
    if (mode.kind === 'refusing') return void client.destroy();
    const server = connect(Number(port), hostname);
    const pair = { client, server };
    let isSilent = false;
    pairs.add(pair);
    client.on('data', (bytes) => {
      if (mode.kind === 'dropping' && bytes.includes(mode.text)) {
        isSilent = true;
        mode = { kind: 'open' };
      }
      if (mode.kind !== 'frozen') server.write(bytes);
      else held.push(() => server.write(bytes));
    });
    server.on('data', (bytes) => {
      if (isSilent) return;
      if (mode.kind !== 'frozen') client.write(bytes);
      else held.push(() => client.write(bytes));
    });
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
  });
  const held: (() => void)[] = [];
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    freeze: () => {
      mode = { kind: 'frozen' };
    },
    refuse: () => {
      mode = { kind: 'refusing' };
      for (const { client } of pairs) client.destroy();
    },
    dropAnswerTo: (text) => {
      mode = { kind: 'dropping', text };
    },
    thaw: () => {
      mode = { kind: 'open' };
      for (const pass of held.splice(0)) pass();
    },
    close: async () => {
      for (const { client } of pairs) client.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
