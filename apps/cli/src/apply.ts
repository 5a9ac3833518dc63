import { resolve } from 'node:path';
import { applyFolder, diffText, issueText } from '@tocsin/operations';
import type { Command } from 'commander';
import { databaseUrl, runFile, settings, typist } from './connect.js';
import { counted, type Terminal } from './terminal.js';

const about = `Makes a folder of YAML the configuration in force, at once and as a new version.
It is checked as a whole: a folder with a fault changes nothing, and every fault is named with file, line and field.
Escalations that are under way keep the version they began with.`;

export function addApply(program: Command, terminal: Terminal): void {
  program
    .command('apply')
    .summary('make a folder of YAML the configuration in force')
    .description(about)
    .option('-f, --folder <dir>', 'the folder (default: TOCSIN_CONFIG)')
    .option('-n, --dry-run', 'show what would change, and change nothing', false)
    .action((options: { folder?: string; dryRun: boolean }) => apply(options, terminal));
}

async function apply({ folder, dryRun }: { folder?: string; dryRun: boolean }, terminal: Terminal): Promise<void> {
  const from = settings();
  const run = runFile(from);
  const dir = folder === undefined ? from.configDir : resolve(folder);
  const applied = await applyFolder({
    databaseUrl: databaseUrl(from),
    dir,
    by: typist(),
    dataDir: from.dataDir,
    dryRun,
    addresses: {
      console: from.publicUrl ?? run?.services['gateway']?.url ?? `http://127.0.0.1:${from.gatewayPort}`,
      intake: run?.services['intake']?.url ?? `http://127.0.0.1:${from.intakePort}`,
    },
  });
  for (const warning of applied.warnings) terminal.err(`warning: ${issueText(warning)}`);
  if (applied.diff.length > 0) terminal.out(diffText(applied.diff));
  const changes = counted(applied.diff.length, 'change');
  if (dryRun)
    terminal.out(applied.diff.length === 0 ? 'Nothing would change.' : `${changes} would be made; nothing was.`);
  else if (!applied.changed) terminal.out(`Nothing changed: version ${applied.version} is in force.`);
  else terminal.out(`${changes}: version ${applied.version} is in force.`);
  if (applied.firstRun !== undefined) terminal.out(`First passwords and tokens: ${from.dataDir}/first-run.json`);
}
