import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SinkAnswer } from './script';

export interface MailArrival {
  readonly to: string;
  /** One character per byte, dots as they were before transport. */
  readonly raw: string;
}

/** Replies to the end of DATA: RFC 5321's nearest to what an HTTP provider would say. */
const replies: Partial<Readonly<Record<SinkAnswer, string>>> = {
  '200': '250 taken',
  'accept-then-nothing': '250 taken',
  '429': '450 too many, come back later',
  '500': '451 something broke here',
  '410': '550 nobody of that name',
};

/** A mail server on a free port that takes anything, and answers each text as `onArrival` says. */
export async function openSmtpSink(
  onArrival: (mail: MailArrival) => SinkAnswer,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((socket) => converse(socket, onArrival));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function converse(socket: Socket, onArrival: (mail: MailArrival) => SinkAnswer): void {
  let unread = '';
  let to = '';
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const takeText = (raw: string): void => {
    isData = false;
    const how = onArrival({ to, raw: raw.replace(/^\./gm, '') });
    const reply = replies[how];
    if (reply !== undefined) say(reply);
    else if (how === '200-then-cut') socket.write('250 ta', () => socket.destroy());
  };
  const takeCommand = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') to = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'DATA') isData = true;
    say(verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok');
    if (verb === 'QUIT') socket.end();
  };
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    unread += bytes.toString('latin1');
    for (;;) {
      const ends = isData ? '\r\n.\r\n' : '\r\n';
      const at = unread.indexOf(ends);
      if (at < 0) return;
      const part = unread.slice(0, at);
      unread = unread.slice(at + ends.length);
      if (isData) takeText(`${part}\r\n`);
      else takeCommand(part);
    }
  });
  say('220 sink');
}
