import { webhookSecret } from '@tocsin/channels';
import { readPageSecrets } from '@tocsin/operations';
import { liveConfig, sealer } from '@tocsin/store';
import type { Command } from 'commander';
import { withDatabase } from './connect.js';
import { columns, CommandFailed, type Terminal } from './terminal.js';

export function addChannels(program: Command, terminal: Terminal): void {
  const channels = program
    .command('channels')
    .description('Software that is paged: webhooks and mail addresses. They are kept in the YAML.');
  channels
    .command('list')
    .description('Every channel: kind and address.')
    .action(() => list(terminal));
  channels
    .command('secret <id>')
    .description('The secret by which a webhook verifies our signature (Standard Webhooks, whsec_...).')
    .action((id: string) => secret(id, terminal));
}

async function list(terminal: Terminal): Promise<void> {
  const { document } = await withDatabase((pool) => liveConfig(pool));
  const rows = document.channels.map(({ id, kind, address }) => [id, kind, address]);
  for (const line of columns([['ID', 'KIND', 'ADDRESS'], ...rows])) terminal.out(line.trimEnd());
}

async function secret(id: string, terminal: Terminal): Promise<void> {
  const found = await withDatabase(async (pool, from) => {
    const channel = (await liveConfig(pool)).document.channels.find((one) => one.id === id);
    if (channel?.kind !== 'webhook')
      throw new CommandFailed(`there is no webhook ${id}: \`tocsin channels list\` shows which there are.`);
    if (from.secret === null)
      throw new CommandFailed(
        'the key of this unit is not known here: set TOCSIN_SECRET, or TOCSIN_DATA to the folder of a start.',
        2,
      );
    const { webhookKey } = await readPageSecrets(pool, sealer(from.secret));
    return webhookSecret(webhookKey, id);
  });
  terminal.out(found);
  terminal.err(`Whoever holds it can sign as this unit for ${id}.`);
}
