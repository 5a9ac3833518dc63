import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AllowHosts, isPublic, isReachable } from './check-address.js';

export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

export interface GuardOptions {
  readonly allowHosts?: AllowHosts;
  /** Open connections per host and port. */
  readonly connectionsPerHost?: number;
  /** Certificates to trust besides the usual ones, as PEM. */
  readonly ca?: string;
  /** For tests: another resolver (DNS rebinding). */
  readonly resolve?: Resolve;
}

/** Connections that may go anywhere public, and those that the operator vouched for: never one pool. */
export interface GuardedAgents {
  for(protocol: string, vouched: boolean): HttpAgent;
  destroy(): void;
}

export class AddressRefused extends Error {
  readonly code = 'EADDRREFUSED';
}

const resolveBySystem: Resolve = (host, done) => systemLookup(host, { all: true }, done);

/**
 * Agents whose sockets connect only to what was judged: a name is resolved once, inside the connect, every address of
 * the answer is judged, and the socket goes to that very answer. A second look-up that could differ (DNS rebinding)
 * does not exist. One bad address among good ones refuses the name.
 */
export function guardedAgents(options: GuardOptions = {}): GuardedAgents {
  const resolve = options.resolve ?? resolveBySystem;
  const common = {
    keepAlive: true,
    maxSockets: options.connectionsPerHost ?? 64,
    maxFreeSockets: options.connectionsPerHost ?? 64,
    // An idle connection is closed by us before most servers do: node's own close after 5 s.
    timeout: 4_000,
    scheduling: 'lifo' as const,
  };
  const open = { ...common, lookup: lookupWhere(resolve, isPublic) };
  const vouched = { ...common, lookup: lookupWhere(resolve, isReachable) };
  const tls = options.ca === undefined ? {} : { ca: options.ca };
  const agents = {
    'https:open': new HttpsAgent({ ...open, ...tls, minVersion: 'TLSv1.2' }),
    'https:vouched': new HttpsAgent({ ...vouched, ...tls, minVersion: 'TLSv1.2' }),
    'http:vouched': new HttpAgent(vouched),
  };
  return {
    for: (protocol, isVouched) => {
      if (protocol === 'https:') return agents[isVouched ? 'https:vouched' : 'https:open'];
      if (!isVouched) throw new AddressRefused('http only where the operator vouched for it');
      return agents['http:vouched'];
    },
    destroy: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function lookupWhere(resolve: Resolve, may: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, '', 0);
      const bad = addresses.find(({ address }) => isIP(address) === 0 || !may(address));
      const [first] = addresses;
      if (bad || !first) return done(new AddressRefused(`${host} resolves to ${bad?.address ?? 'nothing'}`), '', 0);
      if (options.all) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
}
