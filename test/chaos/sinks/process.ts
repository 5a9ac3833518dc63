import { join } from 'node:path';
import { serve } from '../driver/child';
import { randomFor } from '../history/random';
import { Recorder } from '../history/recorder';
import { type Arrival, mailArrival, pushArrival, webhookArrival } from './arrivals';
import { openHttpSink } from './http-sink';
import { Phones } from './phones';
import { Script, type SinkAnswer, type SinkChannel } from './script';
import { openSmtpSink } from './smtp-sink';

/** The process of the providers. It is nobody's target: what arrived here did arrive. */
const scripts = { webhook: new Script(), email: new Script(), push: new Script() };
let recorder: Recorder;
let phones: Phones;

serve({
  open: async ({ run, folder, seed }: { run: string; folder: string; seed: number }) => {
    recorder = new Recorder({ run, rec: 'sinks', file: join(folder, 'history', 'sinks.ndjson') });
    phones = new Phones(randomFor(seed, 'phones'), recorder);
    const webhook = await openHttpSink(200, (post) => take(read('webhook', post.path, () => webhookArrival(post))));
    const smtp = await openSmtpSink((mail) => take(read('email', mail.to, () => mailArrival(mail))));
    const push = await openHttpSink(201, (post) => {
      const arrival = read('push', post.path, () => pushArrival(seed, post));
      const answer = take(arrival);
      if (answer === '200') phones.take(arrival);
      return answer;
    });
    return { webhookUrl: webhook.url, smtpUrl: smtp.url, pushUrl: push.url };
  },
  script: ({ channel, answers }: { channel: SinkChannel; answers: readonly SinkAnswer[] }) =>
    scripts[channel].follow(answers),
  receiptsTo: (gateway: string) => phones.answerTo(gateway),
  close: () => recorder.close(),
});

/** What no reader understands has arrived as well: without a key it fits no delivery, and the checker says so. */
function read(sink: SinkChannel, target: string, understand: () => Arrival): Arrival {
  try {
    return understand();
  } catch (error) {
    return { page: { sink, key: '', target, named: [], text: `unreadable: ${String(error)}` } };
  }
}

function take({ page }: Arrival): SinkAnswer {
  const answer = scripts[page.sink].take();
  recorder.write({ f: 'page', ph: 'ok', ...page, answer });
  return answer;
}
