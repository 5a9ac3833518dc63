import { phoneKeys, pushPath } from '../sinks/push-phone';
import { post } from './post';
import type { SignedIn } from './sign-in';

/** Each person who has push among his contacts subscribes a phone whose keys the sink knows. Throws when one is refused. */
export async function subscribePhones({
  gateway,
  pushUrl,
  seed,
  people,
}: {
  gateway: string;
  pushUrl: string;
  seed: number;
  people: readonly SignedIn[];
}): Promise<void> {
  for (const { person, token } of people) {
    if (!person.contacts.some(({ channel }) => channel === 'push')) continue;
    const subscription = { endpoint: `${pushUrl}${pushPath(person.slug)}`, keys: phoneKeys(seed, person.slug) };
    const url = `${gateway}/v1/push/subscriptions`;
    const { status, body } = await post({ url, token, body: JSON.stringify(subscription) });
    if (status !== 201) throw new Error(`subscription of ${person.slug}: ${status} ${body}`);
  }
}
