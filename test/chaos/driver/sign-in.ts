import type { Scene, ScenePerson } from '../scene/shapes';
import { post } from './post';

/** TOCSIN_DATA/first-run.json, as far as it is needed here. */
export interface FirstRun {
  readonly users: readonly { readonly username: string; readonly password: string }[];
  readonly sources: readonly { readonly id: string; readonly token: string }[];
}
export interface SignedIn {
  readonly person: ScenePerson;
  /** UUID. */
  readonly id: string;
  readonly token: string;
}

/** Signs in; tries again while the gateway cannot. Throws when it will not. */
export async function signIn(gateway: string, firstRun: FirstRun, person: ScenePerson): Promise<SignedIn> {
  const user = firstRun.users.find(({ username }) => username === person.slug);
  const body = JSON.stringify({ username: person.slug, password: user?.password ?? '' });
  for (let tries = 1; ; tries += 1) {
    const answer = await post({ url: `${gateway}/v1/session`, token: '', body, timeoutMs: 15_000 });
    if (answer.status === 201) {
      const { token, user } = JSON.parse(answer.body) as { token: string; user: { id: string } };
      return { person, id: user.id, token };
    }
    const isHopeless = answer.status !== undefined && answer.status < 500 && answer.status !== 429;
    if (isHopeless || tries === 20) throw new Error(`sign-in of ${person.slug}: ${answer.status} ${answer.body}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** All people of the scene, by slug. */
export async function signInAll(gateway: string, firstRun: FirstRun, scene: Scene): Promise<Map<string, SignedIn>> {
  const all = await Promise.all(scene.people.map((person) => signIn(gateway, firstRun, person)));
  return new Map(all.map((one) => [one.person.slug, one]));
}
