import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cloneDir, inheritedEnvironment, type SupervisorSettings } from '@tocsin/config';
import { askHttp } from './ask-http.js';
import { freePort, isFree } from './free-port.js';
import { KeptProcess } from './keep-alive.js';
import { environmentOf, listProcesses } from './process-table.js';
import { endAll, type Running, run } from './run-process.js';
import { say, StartFault } from './say.js';

/** Stopped in this order: doors first, so that what they took is still worked off. */
export const serviceNames = ['intake', 'gateway', 'engine', 'notifier'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface Service {
  readonly name: ServiceName;
  readonly kept: KeptProcess;
  readonly url: string;
  readonly logFile: string;
}

export type Ports = Record<ServiceName, number>;

/** Host under which this machine reaches what listens on `bindAddress`. */
export function reachableHost(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  if (bindAddress === '::') return '[::1]';
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}

/** Ports as set; 0 is a free one, that of the last start if it still is free. */
export async function choosePorts(settings: SupervisorSettings, last: Partial<Ports>): Promise<Ports> {
  const wanted: Ports = {
    intake: settings.intakePort,
    gateway: settings.gatewayPort,
    engine: settings.enginePort,
    notifier: settings.notifierPort,
  };
  const chosen = { ...wanted };
  for (const name of serviceNames) {
    if (wanted[name] === 0) chosen[name] = await freePort(settings.bindAddress, last[name]);
    else if (!(await isFree(settings.bindAddress, wanted[name]))) {
      throw new StartFault(
        `Port ${wanted[name]} of ${settings.bindAddress} is in use by another program: end that, or set ${name.toUpperCase()}_PORT.`,
      );
    }
  }
  return chosen;
}

/** What the supervisor found out or made, on top of the environment that it was started with. */
export function serviceEnvironment(
  settings: SupervisorSettings,
  found: { databaseUrl: string; redisUrl: string | null; secret: string; ports: Ports },
): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    ...inheritedEnvironment(),
    TOCSIN_DATA: settings.dataDir,
    TOCSIN_CONFIG: settings.configDir,
    DATABASE_URL: found.databaseUrl,
    DATABASE_MIGRATION_URL: '',
    REDIS_URL: found.redisUrl ?? '',
    TOCSIN_SECRET: found.secret,
    INTAKE_PORT: String(found.ports.intake),
    GATEWAY_PORT: String(found.ports.gateway),
    ENGINE_PORT: String(found.ports.engine),
    NOTIFIER_PORT: String(found.ports.notifier),
  };
}

/** In the supervisor's own group: who kills the group leaves no service behind that holds its port. */
export function makeService(
  name: ServiceName,
  options: { env: NodeJS.ProcessEnv; url: string; dataDir: string; began: (name: string, pid: number) => void },
): Service {
  const main = entryOf(name);
  if (!existsSync(main)) throw new StartFault(`${main} is missing: it was not built.`);
  const logFile = join(options.dataDir, 'logs', `${name}.log`);
  const launch = (): Running =>
    run({ file: process.execPath, args: [main] }, { env: options.env, cwd: cloneDir, logFile, ownSession: false });
  const tell = (text: string): void => say(`  ${text} (${logFile})`);
  const began = ({ pid }: Running): void => options.began(name, pid);
  return { name, url: options.url, logFile, kept: new KeptProcess({ name, launch, say: tell, began }) };
}

/** Services of this clone and TOCSIN_DATA that a killed supervisor left. They hold no state: they are ended. */
export async function endLeftOverServices(dataDir: string, recordedPids: readonly number[]): Promise<number> {
  const entries = serviceNames.map(entryOf);
  const left = listProcesses().filter(({ pid, command }) => {
    if (!entries.some((entry) => command.includes(entry))) return false;
    return recordedPids.includes(pid) || environmentOf(pid, 'TOCSIN_DATA') === dataDir;
  });
  await endAll(left, 'SIGTERM', 3_000);
  return left.length;
}

export async function isReady({ url }: Pick<Service, 'url'>): Promise<boolean> {
  return (await askHttp(`${url}/healthz/ready`, 2_500)) === 200;
}

function entryOf(name: ServiceName): string {
  return join(cloneDir, 'apps', name, 'dist', 'main.js');
}
