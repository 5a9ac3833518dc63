import { SettingsFault } from '@tocsin/config';
import { classify } from '@tocsin/domain';
import { ConfigFault } from '@tocsin/operations';
import { Command, CommanderError } from 'commander';
import { addApply } from './apply.js';
import { addChannels } from './channels.js';
import { addDemo } from './demo.js';
import { addExplain } from './explain.js';
import { addSources } from './sources.js';
import { addStatus } from './status.js';
import { CommandFailed, type Terminal } from './terminal.js';
import { addUsers } from './users.js';
import { addVerify } from './verify.js';

const about = `Tocsin's command line. It finds the running system by TOCSIN_DATA (default: var/ in this clone) or DATABASE_URL.`;
const exits = `
Exit codes: 0 done, 1 refused or found wanting, 2 asked in a way that cannot be answered.`;

export function makeProgram(terminal: Terminal): Command {
  const program = new Command('tocsin')
    .description(about)
    .addHelpText('after', exits)
    .helpCommand(false)
    .showHelpAfterError('(--help shows what there is)');
  for (const add of [addStatus, addApply, addExplain, addVerify, addUsers, addSources, addChannels, addDemo])
    add(program, terminal);
  return program;
}

/** Runs one command. Returns the exit code; throws only bugs. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = makeProgram(terminal);
  quiet(program, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err(`tocsin: ${wordsFor(error)}`);
    return error instanceof CommandFailed ? error.exitCode : error instanceof SettingsFault ? 2 : 1;
  }
}

/** What went wrong, for people. Bugs are thrown on. */
function wordsFor(error: unknown): string {
  if (error instanceof CommandFailed || error instanceof ConfigFault || error instanceof SettingsFault)
    return error.message;
  if ((error as { code?: string }).code === '42P01')
    return 'this database holds no Tocsin, or an older one: `npm start` migrates it.';
  const fault = classify(error);
  if (fault.code === 'unexpected') throw error;
  return fault.message;
}

/** Commander throws instead of ending the process, and writes where we say: a test can be the terminal. */
function quiet(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.err(text.trimEnd()),
  });
  for (const sub of command.commands) quiet(sub, terminal);
}

export function runProcess(): void {
  // `tocsin explain ... | head` closes the pipe early: that is no fault of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const terminal: Terminal = {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  };
  run(process.argv.slice(2), terminal).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
