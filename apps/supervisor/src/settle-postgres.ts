import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decideAdoption, type Recorded } from './adopt.js';
import { identify, listProcesses, type ProcessIdentity } from './process-table.js';
import { endAll } from './run-process.js';

interface LeftOver {
  readonly pgdata: string;
  readonly recorded: Recorded | null;
  readonly answers: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** @returns a running PostgreSQL to adopt; whatever else runs on these data has been ended. */
export async function settlePostgres({ pgdata, recorded, answers, signal }: LeftOver): Promise<ProcessIdentity | null> {
  const runsOn = (process: ProcessIdentity): boolean => `${process.command} `.includes(`postgres -D ${pgdata} `);
  const all = listProcesses();
  await endAll(
    all.filter(({ command }) => command.includes(`initdb -D ${pgdata}.new `)),
    'SIGTERM',
    2_000,
  );
  for (const live of all.filter(runsOn)) {
    const answer = recorded?.pid === live.pid && (await answersInTime(live, answers, signal));
    const { next } = decideAdoption({ recorded, live, ofOurData: true, answers: answer });
    if (next === 'adopt') return live;
    await endAll([live], 'SIGINT', 3_000);
  }
  removeForeignPidFile(pgdata, runsOn);
  return null;
}

/** One that recovers from a crash refuses logins for a while; 10 s are given, then it is stopped and started. */
async function answersInTime(
  { pid }: ProcessIdentity,
  answers: LeftOver['answers'],
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (identify(pid) && Date.now() < deadline && !signal.aborted) {
    if (await answers().catch(() => false)) return true;
    await wait(50);
  }
  return false;
}

/**
 * PostgreSQL takes the pid in postmaster.pid for a living server whatever process has it now, as after a restart of the
 * machine. Only then is the file removed: of a dead pid it guards against backends that outlived their postmaster.
 */
function removeForeignPidFile(pgdata: string, runsOn: (process: ProcessIdentity) => boolean): void {
  const file = join(pgdata, 'postmaster.pid');
  if (!existsSync(file)) return;
  const live = identify(Number.parseInt(readFileSync(file, 'utf8'), 10));
  const { reason } = decideAdoption({ recorded: null, live, ofOurData: live !== null && runsOn(live), answers: false });
  if (reason === 'pid-of-another') rmSync(file, { force: true });
}
