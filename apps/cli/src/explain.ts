import { resolve } from 'node:path';
import { type AlertItem, type Instant, instantText, parseInstant, realities, severities } from '@tocsin/domain';
import { ConfigFault, documentOf, explainAlert, readConfig } from '@tocsin/operations';
import { clockNow, liveConfig } from '@tocsin/store';
import { type Command, Option } from 'commander';
import { withDatabase } from './connect.js';
import { explanationLines } from './explanation.js';
import { CommandFailed, type Terminal } from './terminal.js';

const about = `Says who would be paged for an alarm, minute by minute and by which channels, if nobody acknowledged it; and why each
route matched or did not. The rules are those that page people. Nothing is stored or sent.

  tocsin explain --site headquarters --zone armoury --category intrusion --at 2026-11-25T23:30:00+05:00`;

interface ExplainOptions {
  readonly site?: string;
  readonly zone?: string;
  readonly category?: string;
  readonly severity?: AlertItem['severity'];
  readonly reality?: AlertItem['reality'];
  readonly source?: string;
  readonly label: Readonly<Record<string, string>>;
  readonly at?: string;
  readonly folder?: string;
  readonly json: boolean;
}

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .summary('who would be paged for an alarm, and why')
    .description(about)
    .option('--site <id>')
    .option('--zone <id>')
    .option('--category <word>', 'panic, fire, intrusion, technical, ...')
    .addOption(new Option('--severity <word>').choices(severities))
    .addOption(new Option('--reality <word>').choices(realities))
    .option('--source <id>', 'as if this source had sent it: its defaults fill in what is left out')
    .option('--label <name=value>', 'a label; may be given several times', label, {})
    .option('--at <instant>', 'as in 2026-11-25T23:30:00+05:00 (default: now)')
    .option('-f, --folder <dir>', 'by this folder of YAML instead of the configuration in force')
    .option('--json', 'as JSON', false)
    .action((options: ExplainOptions) => explain(options, terminal));
}

function label(text: string, before: Record<string, string>): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1) throw new CommandFailed(`--label takes name=value, not ${text}`, 2);
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) };
}

async function explain(options: ExplainOptions, terminal: Terminal): Promise<void> {
  const { site, zone, category, severity, reality, source, label: labels } = options;
  const item: AlertItem = { key: 'explain', site, zone, category, severity, reality, labels };
  const { config, now } = await configuration(options);
  if (source !== undefined && !config.document.sources.some(({ id }) => id === source)) {
    throw new CommandFailed(`there is no source ${source}: \`tocsin sources list\` shows which there are.`, 2);
  }
  const at = options.at === undefined ? now : parseInstant(options.at);
  if (at === null)
    throw new CommandFailed(
      `--at takes an instant with its offset, as in 2026-11-25T23:30:00+05:00, not ${options.at}`,
      2,
    );
  const explanation = explainAlert(config, item, { at, ...(source === undefined ? {} : { source }) });
  if (options.json) terminal.out(JSON.stringify(explanation, null, 2));
  else for (const line of explanationLines(explanation, config.document)) terminal.out(line);
}

/** The configuration in force and the database's time; with a folder neither is needed. */
async function configuration({ folder }: ExplainOptions) {
  if (folder === undefined) {
    return withDatabase(async (pool) => ({ config: await liveConfig(pool), now: await clockNow(pool) }));
  }
  const read = readConfig(resolve(folder));
  if (!read.ok) throw new ConfigFault(read.faults);
  const now: Instant = Date.now() * 1_000;
  return {
    config: {
      version: `draft ${instantText(now).slice(0, 16)}`,
      document: documentOf(read.files, null, (slug) => slug),
    },
    now,
  };
}
