import { classify } from '@tocsin/domain';
import { effectiveVersion, type Pool } from '@tocsin/store';
import type { Command } from 'commander';
import { databaseUrl, runFile, settings, withDatabase } from './connect.js';
import { columns, CommandFailed, counted, type Terminal } from './terminal.js';

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description(
      'Which services answer, which configuration is in force, and what waits. Exit code 1 when something does not answer.',
    )
    .action(() => status(terminal));
}

async function status(terminal: Terminal): Promise<void> {
  const from = settings();
  const services = Object.entries(runFile(from)?.services ?? {});
  const answers = await Promise.all(
    services.map(async ([name, { url, pid }]) => ({ name, url, pid, state: await ready(url) })),
  );
  if (services.length === 0) terminal.err(`no services were started with TOCSIN_DATA=${from.dataDir}`);
  for (const line of columns(answers.map(({ name, url, pid, state }) => [name, url, `pid ${pid}`, state])))
    terminal.out(line);
  databaseUrl(from);
  const stored = await databaseLines();
  for (const line of columns(stored.lines)) terminal.out(line);
  const down = [
    ...answers.filter(({ state }) => state !== 'ready').map(({ name }) => name),
    ...(stored.ok ? [] : ['database']),
  ];
  if (down.length > 0) throw new CommandFailed(`not ready: ${down.join(', ')}`);
}

async function ready(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/healthz/ready`, { signal: AbortSignal.timeout(3_000) });
    if (answer.ok) return 'ready';
    const { reason } = (await answer.json()) as { reason?: string };
    return `not ready${reason === undefined ? '' : `: ${reason}`}`;
  } catch (error) {
    // Whatever stood in the way is the answer: refused, timed out, no JSON.
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return `no answer (${cause?.code ?? message})`;
  }
}

async function databaseLines(): Promise<{ ok: boolean; lines: string[][] }> {
  try {
    return { ok: true, lines: await withDatabase(waiting) };
  } catch (error) {
    const fault = classify(error);
    if (fault.code === 'unexpected') throw error;
    return { ok: false, lines: [['database', fault.message]] };
  }
}

async function waiting(pool: Pool): Promise<string[][]> {
  const live = await effectiveVersion(pool);
  const { rows } = await pool.query<Record<'open' | 'acknowledged' | 'system' | 'alerts' | 'pages', number>>(
    `SELECT count(*) FILTER (WHERE state = 'open' AND class <> 'system')::int AS open,
       count(*) FILTER (WHERE state = 'acknowledged' AND class <> 'system')::int AS acknowledged,
       count(*) FILTER (WHERE class = 'system')::int AS system,
       (SELECT count(*) FROM alert WHERE work_due_at <= clock_timestamp() - interval '1 second')::int AS alerts,
       (SELECT count(*) FROM notification WHERE state = 'waiting' AND wait_until <= clock_timestamp() - interval '5 seconds')::int AS pages
     FROM incident WHERE state IN ('open', 'acknowledged')`,
  );
  const [count] = rows;
  return [
    [
      'configuration',
      live === null ? 'none was applied yet' : `version ${live.version} of ${live.document.agency.name.en}`,
    ],
    ['incidents', `${count?.open} open, ${count?.acknowledged} acknowledged, ${count?.system} of the system itself`],
    [
      'late',
      `${counted(count?.alerts ?? 0, 'alert')} and ${counted(count?.pages ?? 0, 'page')} wait longer than they should`,
    ],
  ];
}
