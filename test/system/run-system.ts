import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '@tocsin/testing';

export const clone = resolve(__dirname, '../..');

export type ServiceName = 'intake' | 'engine' | 'notifier' | 'gateway';

export interface RunFile {
  readonly postgres: string;
  readonly redis: string | null;
  readonly services: Readonly<Record<ServiceName, { readonly pid: number; readonly url: string }>>;
}

export interface FirstRun {
  readonly console: string;
  readonly intake: string;
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly roles: readonly string[];
  }[];
  readonly sources: readonly { readonly id: string; readonly token: string; readonly protocol: string }[];
}

export interface SystemOptions {
  /** Folder of YAML; default the example unit. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Keep this folder (adoption tests); default a fresh one that is removed at stop. */
  readonly data?: string;
  /** Hides Redis from the start: the system runs on its sweepers. */
  readonly withoutRedis?: boolean;
}

/** A Redis that cannot be reached is the same as none: the port of `discard`, where nobody listens. */
const nobodyListens = 'redis://127.0.0.1:9';

/** The whole product as a user starts it: `npm start` in a process of its own, on free ports and data of its own. */
export class System {
  private readonly child: ChildProcess;
  private exited: Promise<number | null>;
  output = '';

  private constructor(
    readonly data: string,
    private readonly ownsData: boolean,
    options: SystemOptions,
  ) {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TOCSIN_DATA: data,
      GATEWAY_PORT: '0',
      INTAKE_PORT: '0',
      DC09_PORT: '0',
      LOG_LEVEL: 'info',
      ...(options.config ? { TOCSIN_CONFIG: options.config } : {}),
      ...(options.withoutRedis ? { REDIS_URL: nobodyListens } : {}),
      ...options.env,
    };
    for (const name of ['DATABASE_URL', 'DATABASE_MIGRATION_URL', 'TOCSIN_SECRET'])
      if (!options.env?.[name]) delete env[name];
    if (!options.withoutRedis && !options.env?.['REDIS_URL']) delete env['REDIS_URL'];
    this.child = spawn(process.execPath, [join(clone, 'apps/supervisor/bin/start.mjs')], {
      cwd: clone,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(data, 'test-output.log'));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk);
        this.output = (this.output + chunk.toString()).slice(-200_000);
      });
    }
    this.exited = new Promise((done) => this.child.once('exit', (code) => done(code)));
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'tocsin-'));
    const system = new System(data, options.data === undefined, options);
    try {
      await system.ready();
    } catch (error) {
      await system.stop();
      throw new Error(`the system did not become ready: ${String(error)}\n${system.output.slice(-4_000)}`, {
        cause: error,
      });
    }
    return system;
  }

  async ready(timeoutMs = 90_000): Promise<void> {
    await until(
      async () => {
        if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}`);
        if (!existsSync(join(this.data, 'run.json')) || !existsSync(join(this.data, 'first-run.json'))) return false;
        return (await isOk(`${this.gateway}/healthz/ready`)) && (await isOk(`${this.intake}/healthz/ready`));
      },
      { timeoutMs, what: 'every service ready' },
    );
  }

  get run(): RunFile {
    return JSON.parse(readFileSync(join(this.data, 'run.json'), 'utf8')) as RunFile;
  }

  get firstRun(): FirstRun {
    return JSON.parse(readFileSync(join(this.data, 'first-run.json'), 'utf8')) as FirstRun;
  }

  get gateway(): string {
    return this.run.services.gateway.url;
  }

  get intake(): string {
    return this.run.services.intake.url;
  }

  get sourceToken(): string {
    return this.sourceOf('http').token;
  }

  sourceOf(protocol: string): FirstRun['sources'][number] {
    const source = this.firstRun.sources.find((one) => one.protocol === protocol);
    if (!source) throw new Error(`no source speaks ${protocol}`);
    return source;
  }

  userWith(role: string): FirstRun['users'][number] {
    const user = this.firstRun.users.find((one) => one.roles.includes(role));
    if (!user) throw new Error(`nobody has the role ${role}`);
    return user;
  }

  /** SIGKILL of one service; the supervisor starts it again. */
  killService(name: ServiceName): void {
    process.kill(this.run.services[name].pid, 'SIGKILL');
  }

  /** SIGKILL, or another signal, of the server process that listens on the port of `url`. */
  killServer(url: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    process.kill(listenerOf(Number(new URL(url).port)), signal);
  }

  tocsin(...args: string[]): string {
    return execFileSync(process.execPath, [join(clone, 'apps/cli/bin/tocsin.cjs'), ...args], {
      cwd: clone,
      env: { ...process.env, TOCSIN_DATA: this.data },
      encoding: 'utf8',
    });
  }

  /** Everything that it started has ended when this returns. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const code = await this.exited;
    if (this.ownsData) rmSync(this.data, { recursive: true, force: true });
    return code;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** The process that listens on a loopback port, by /proc: tests end what they mean to, and by pid. */
function listenerOf(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A')
    .map((fields) => fields[9]);
  // One process for all links: a readlink for each took half a minute on a machine with many processes.
  const names = inodes.map((inode) => `-lname 'socket:\\[${inode}\\]'`).join(' -o ');
  const script = `find /proc/[0-9]*/fd -maxdepth 1 \\( ${names} \\) 2>/dev/null | cut -d/ -f3 | sort -u`;
  const pids = execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
    .filter(Boolean);
  // A forking server's children hold its socket as well: the server is the one whose parent is none of them.
  const pid = pids.find((one) => !pids.includes(parentOf(one)));
  if (pid === undefined) throw new Error(`nobody listens on ${port}`);
  return pid;
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
