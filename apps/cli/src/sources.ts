import { renewToken } from '@tocsin/operations';
import { listSources } from '@tocsin/store';
import type { Command } from 'commander';
import { typist, withDatabase } from './connect.js';
import { columns, CommandFailed, scopeText, type Terminal } from './terminal.js';

export function addSources(program: Command, terminal: Terminal): void {
  const sources = program
    .command('sources')
    .description('Who may send alarms. Sources are kept in the YAML; tokens are given here.');
  sources
    .command('list')
    .description('Every source: protocol, scope, budget, and whether a token was given.')
    .action(() => list(terminal));
  sources
    .command('token <id>')
    .description('Gives a source a new token, shown once. The old one is refused from then on.')
    .action((id: string) => token(id, terminal));
}

async function list(terminal: Terminal): Promise<void> {
  const found = await withDatabase((pool) => listSources(pool));
  const rows = found.map((source) => [
    source.id,
    source.protocol,
    source.scope.map(scopeText).join(', '),
    `${source.budget.perSecond.toLocaleString('en')}/s`,
    source.active ? (source.hasToken ? '' : 'no token yet') : 'not active',
  ]);
  for (const line of columns([['ID', 'PROTOCOL', 'SCOPE', 'BUDGET', ''], ...rows])) terminal.out(line.trimEnd());
}

async function token(id: string, terminal: Terminal): Promise<void> {
  const renewed = await withDatabase((pool) => renewToken(pool, { id, by: typist() }));
  if (!renewed.ok) throw new CommandFailed(`there is no source ${id}: \`tocsin sources list\` shows which there are.`);
  terminal.out(renewed.token);
  terminal.err(`The new token of ${id} (Authorization: Bearer ...); it is not shown again.`);
}
