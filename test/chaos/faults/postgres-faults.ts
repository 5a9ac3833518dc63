import { setTimeout as wait } from 'node:timers/promises';
import { between, pick } from '../history/random';
import { until } from '../history/until';
import type { PostgresServer } from '../servers/postgres';
import { stopFor } from './processes';
import type { Family, Fault, NotRun } from './world';

const target = 'postgres';

/** The server dies, stands still, or has no room. */
export const postgresFaults: Family = ({ servers }) => [
  immediate,
  restart,
  killPostmaster,
  killBackend,
  stallBackend,
  lockAlerts,
  servers.disk ? diskFull : noDisk,
];

const immediate: Fault = {
  kind: 'pg-immediate',
  target,
  inflict: async ({ servers }) => {
    await servers.postgres.server.stopImmediate();
    return 'stop -m immediate, started again';
  },
};

const restart: Fault = {
  kind: 'pg-restart',
  target,
  inflict: async ({ servers }) => {
    await servers.postgres.server.restart();
    return 'restart -m fast';
  },
};

const killPostmaster: Fault = {
  kind: 'kill',
  target,
  inflict: async ({ servers }) => {
    await servers.postgres.server.kill();
    return 'SIGKILL of the postmaster';
  },
};

/** The postmaster then ends all others and recovers, as after a crash. */
const killBackend: Fault = {
  kind: 'kill',
  target: 'postgres-backend',
  inflict: async ({ servers }, random) => {
    const { server } = servers.postgres;
    const { pid, name } = pick(random, await backends(server.query));
    process.kill(pid, 'SIGKILL');
    await wait(50);
    await answering(server);
    return `SIGKILL of a backend of ${name}`;
  },
};

/** With its locks held: everybody who needs them waits. */
const stallBackend: Fault = {
  kind: 'stall',
  target: 'postgres-backend',
  inflict: async ({ servers }, random) => {
    const all = await backends(servers.postgres.server.query);
    const busy = all.filter(({ state }) => state !== 'idle');
    const { pid, name } = pick(random, busy.length > 0 ? busy : all);
    const ms = between(random, 1_000, 12_000);
    await stopFor(pid, ms);
    return `SIGSTOP of a backend of ${name} for ${Math.round(ms)} ms`;
  },
};

/** As by a migration or a backup that somebody began at noon. Less than `query` waits for its answer. */
const lockAlerts: Fault = {
  kind: 'pg-slow',
  target: 'postgres-lock',
  inflict: async ({ servers }, random) => {
    const seconds = between(random, 1, 8).toFixed(1);
    await servers.postgres.server.query(`BEGIN; LOCK TABLE alert; SELECT pg_sleep(${seconds}); COMMIT`);
    return `the table of alerts locked for ${seconds} s`;
  },
};

/** A recovery is never cut short. */
const answering = (server: PostgresServer): Promise<void> =>
  until(
    () =>
      server.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    { withinMs: 180_000, everyMs: 50, what: 'PostgreSQL answers' },
  );

interface Backend {
  readonly pid: number;
  readonly name: string;
  readonly state: string | null;
}

/** Those of the system: pids as the machine counts them. */
function backends(query: (sql: string) => Promise<Backend[]>): Promise<Backend[]> {
  return query(
    `SELECT pid, application_name AS name, state FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND application_name LIKE 'tocsin %' ORDER BY pid`,
  );
}

/** Nothing more can be written; PostgreSQL refuses, or falls and cannot rise before there is room. */
const diskFull: Fault = {
  kind: 'pg-disk-full',
  target,
  inflict: async ({ servers }, random) => {
    const ms = between(random, 5_000, 15_000);
    const free = servers.disk?.fill();
    try {
      await wait(ms);
    } finally {
      free?.();
    }
    await answering(servers.postgres.server);
    return `no byte left for ${Math.round(ms)} ms`;
  },
};

const noDisk: NotRun = {
  kind: 'pg-disk-full',
  target,
  reason: 'PostgreSQL’s data lie on no small disk of their own: not asked for, or this user may not mount a tmpfs',
};
