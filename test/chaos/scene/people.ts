import { between, pick, type Random } from '../history/random';
import { pushPath } from '../sinks/push-phone';
import type { ScenePerson } from './shapes';

export interface Group {
  readonly id: string;
  readonly sites: readonly string[];
}
type Contact = ScenePerson['contacts'][number];

/** Long enough for a receipt, short enough that the second address is used all the time. */
const secondAfterS = [4, 8] as const;

/**
 * Watchers of the whole unit, of a group and of a single site, who are paged by nobody (what they see, their scope alone
 * lets them see); responders of each group and of the whole unit, who are; commanders, a reviewer, an administrator.
 */
export function makePeople(random: Random, groups: readonly Group[], sites: readonly string[]): ScenePerson[] {
  const watcher = (slug: string, role: string, scope: ScenePerson['scope']): ScenePerson => ({
    slug,
    id: null,
    role,
    scope,
    contacts: [],
  });
  const paged = (slug: string, role: string, scope: ScenePerson['scope']): ScenePerson => ({
    ...watcher(slug, role, scope),
    contacts: contactsOf(random, slug),
  });
  const first = sites.slice(0, 1);
  const last = sites.slice(-1);
  return [
    ...numbered('operator', 3).map((slug) => watcher(slug, 'operator', null)),
    ...groups.map(({ id, sites }) => watcher(`operator-${id}`, 'operator', sites)),
    ...[first, last].map((scope) => watcher(`operator-${scope[0]}`, 'operator', scope)),
    ...groups.flatMap(({ id, sites }) => numbered(id, 3).map((slug) => paged(slug, 'responder', sites))),
    ...numbered('reserve', 2).map((slug) => paged(slug, 'responder', null)),
    ...numbered('technician', 2).map((slug) => paged(slug, 'responder', null)),
    ...numbered('commander', 2).map((slug) => paged(slug, 'commander', null)),
    watcher('reviewer', 'reviewer', null),
    watcher('admin', 'admin', null),
  ];
}

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** Two or three addresses in an order of chance, so that each channel is somebody's first. */
function contactsOf(random: Random, slug: string): Contact[] {
  const addresses = { webhook: `/person/${slug}`, email: `${slug}@example.org`, push: pushPath(slug) };
  const first = pick(random, ['push', 'webhook', 'email', 'push'] as const);
  const others = (['push', 'webhook', 'email'] as const).filter((channel) => channel !== first);
  const second = pick(random, others);
  const afterS = Math.round(between(random, ...secondAfterS));
  const third = others.filter((channel) => channel !== second && random() < 0.3);
  return [first, second, ...third].map((channel, rung) => ({
    channel,
    address: addresses[channel],
    afterS: rung * afterS,
  }));
}
