import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * Asks a Redis or Valkey for its version and working folder. Three inline commands on a plain socket: a client library
 * would cost the supervisor more memory than everything else in it.
 * @throws when it cannot be reached within 3 s or refuses the password. `dir` is empty where CONFIG is not allowed.
 */
export async function askRedis(url: string): Promise<{ version: string; dir: string }> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || 6379) };
  const socket = protocol === 'rediss:' ? connectTls({ ...target, servername: host }) : connectPlain(target);
  const credentials = [username, password].filter(Boolean).map((part) => JSON.stringify(decodeURIComponent(part)));
  const commands = [
    ...(credentials.length > 0 ? [`AUTH ${credentials.join(' ')}`] : []),
    'CONFIG GET dir',
    'INFO server',
    'QUIT',
  ];
  const answer = await exchange(socket, `${commands.join('\r\n')}\r\n`);
  const version = /(?:valkey|redis)_version:(\S+)/.exec(answer)?.[1];
  if (!version) throw new Error(`Redis does not answer: ${/^-.*$/m.exec(answer)?.[0] ?? 'no version'}`);
  return { version, dir: /\$3\r\ndir\r\n\$\d+\r\n(.*)\r\n/.exec(answer)?.[1] ?? '' };
}

/** QUIT makes the server close, which ends the answer. */
function exchange(socket: Socket, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.setTimeout(3_000, () => socket.destroy(new Error('no answer in 3 s')));
    socket.setEncoding('utf8');
    socket.on('data', (text) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    socket.write(commands);
  });
}
