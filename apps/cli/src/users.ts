import { renewPassword } from '@tocsin/operations';
import { listUsers } from '@tocsin/store';
import type { Command } from 'commander';
import { typist, withDatabase } from './connect.js';
import { columns, CommandFailed, counted, scopeText, type Terminal } from './terminal.js';

export function addUsers(program: Command, terminal: Terminal): void {
  const users = program
    .command('users')
    .description('Who may sign in. People and their grants are kept in the YAML; passwords are given here.');
  users
    .command('list')
    .description('Everybody with a username: name, grants, and whether a password was given.')
    .action(() => list(terminal));
  users
    .command('password <username>')
    .description('Gives a user a new random password, shown once, and ends the sessions of the old one.')
    .action((username: string) => password(username, terminal));
}

async function list(terminal: Terminal): Promise<void> {
  const found = await withDatabase((pool) => listUsers(pool));
  const rows = found.map((user) => [
    user.username,
    user.name.en,
    user.grants.map(({ role, scope }) => `${role} (${scopeText(scope)})`).join(', ') || 'no grant',
    user.active ? (user.hasPassword ? '' : 'no password yet') : 'not active',
  ]);
  for (const line of columns([['USERNAME', 'NAME', 'GRANTS', ''], ...rows])) terminal.out(line.trimEnd());
}

async function password(username: string, terminal: Terminal): Promise<void> {
  const renewed = await withDatabase((pool) => renewPassword(pool, { username, by: typist() }));
  if (!renewed.ok) throw new CommandFailed(`there is no user ${username}: \`tocsin users list\` shows who there is.`);
  terminal.out(renewed.password);
  terminal.err(
    `The new password of ${username}; it is not shown again. ${counted(renewed.sessionsEnded, 'session')} ended; a phone is paged again once it is signed in anew.`,
  );
}
