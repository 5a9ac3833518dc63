import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { exportLog, type Verdict, verifyExport, verifyLog } from '@tocsin/store';
import type { Command } from 'commander';
import { withDatabase } from './connect.js';
import { CommandFailed, counted, type Terminal } from './terminal.js';

const about = `Computes every hash of the event log again, from the database (one snapshot) or from an export, and names the first event
that is not what was written: changed, missing, put in between or out of order.`;

export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .summary('prove that no event was changed')
    .description(about)
    .option('--export <file>', 'check an exported log instead of the database')
    .action((options: { export?: string }) => verify(options.export, terminal));
  program
    .command('export <file>')
    .description('Writes the whole event log as lines of JSON, for `tocsin verify --export` on any other machine.')
    .action((file: string) => exportTo(file, terminal));
}

async function verify(file: string | undefined, terminal: Terminal): Promise<void> {
  const startedAt = performance.now();
  const verdict: Verdict =
    file === undefined ? await withDatabase((pool) => verifyLog(pool)) : await verifyExport(linesOf(file));
  if (!verdict.ok)
    throw new CommandFailed(
      `BAD EVENT: stream ${verdict.firstBad.stream}, seq ${verdict.firstBad.seq}: ${verdict.firstBad.why}`,
    );
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const redacted = verdict.redacted === 0 ? '' : `, ${counted(verdict.redacted, 'redacted one')} among them`;
  terminal.out(
    `ok: ${counted(verdict.events, 'event')} in ${counted(verdict.streams, 'stream')}${redacted}: every hash as written (${seconds} s)`,
  );
  if (verdict.head !== null) terminal.out(`checkpoint ${verdict.head.ordinal} ${verdict.head.hash}`);
}

async function exportTo(file: string, terminal: Terminal): Promise<void> {
  // The log names people and places: for its owner alone, and never over a file that is there.
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await once(out, 'open').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(error.code === 'EEXIST' ? `${file} is there already.` : error.message, 2);
  });
  let lines = 0;
  await withDatabase((pool) =>
    exportLog(pool, async (line) => {
      lines += 1;
      if (!out.write(`${line}\n`)) await once(out, 'drain');
    }),
  );
  out.end();
  await once(out, 'finish');
  terminal.out(`${counted(lines, 'line')} in ${file}`);
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}
