import type { SourceConfig } from '@tocsin/domain';
import type { Draft } from './read-config-draft.js';

/** What each document means beside its shape: times that rise, addresses that fit, names that are free. */
export function checkMeaning(draft: Draft): void {
  checkUnit(draft);
  checkNames(draft);
  checkAddresses(draft);
  checkSteps(draft);
  checkSpans(draft);
  for (const source of draft.sources) checkSource(draft, source);
}

function checkUnit({ units, gathered }: Draft): void {
  for (const unit of units.slice(1)) gathered.refuse(gathered.placeOf(unit), 'a folder describes one Unit');
  for (const unit of units) {
    const pages = unit.timing.responsePagesS;
    const end = unit.timing.responseNoAnswerS ?? 180;
    if (pages === undefined) continue;
    const rising = pages.every((page, index) => index === 0 || page > (pages[index - 1] ?? 0));
    if (!rising || (pages.at(-1) ?? 0) >= end) {
      gathered.refuse(
        gathered.placeOf(unit.timing, 'responsePagesS'),
        `must rise and end before responseNoAnswerS (${end})`,
      );
    }
  }
}

/** Radio says codes and people sign in by usernames: each stands for one. */
function checkNames({ sites, people, gathered }: Draft): void {
  const unique = <T extends object>(items: readonly T[], field: keyof T & string, what: string) => {
    const seen = new Set<unknown>();
    for (const item of items) {
      if (item[field] === undefined) continue;
      if (seen.has(item[field])) gathered.refuse(gathered.placeOf(item, field), `${item[field]} is already ${what}`);
      seen.add(item[field]);
    }
  };
  unique(sites, 'code', 'the code of another site');
  unique(people, 'username', 'the username of another person');
}

function checkAddresses({ people, channels, gathered }: Draft): void {
  const contacts = people.flatMap((person) => person.contacts);
  for (const contact of contacts) {
    const at = gathered.placeOf(contact, 'address');
    if (contact.channel === 'push') {
      if (contact.address !== undefined) gathered.refuse(at, 'push takes no address: the phone subscribes itself');
    } else if (contact.address === undefined) gathered.refuse(at, `is missing: ${contact.channel} needs one`);
    else checkAddress(contact.channel, contact.address, (message) => gathered.refuse(at, message));
  }
  for (const channel of channels) {
    checkAddress(channel.kind, channel.address, (message) =>
      gathered.refuse(gathered.placeOf(channel, 'address'), message),
    );
  }
}

function checkAddress(kind: 'email' | 'webhook', address: string, refuse: (message: string) => void): void {
  if (kind === 'email' && !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address))
    refuse(`must be an e-mail address, not ${JSON.stringify(address)}`);
  if (kind === 'webhook' && !(/^https?:\/\//.test(address) && URL.canParse(address))) {
    refuse(`must be an https:// address, not ${JSON.stringify(address)}`);
  }
}

function checkSteps({ policies, gathered }: Draft): void {
  for (const { steps } of policies) {
    steps.forEach((step, index) => {
      const before = steps[index - 1];
      if (before !== undefined && step.afterS <= before.afterS) {
        gathered.refuse(
          gathered.placeOf(step, 'afterS'),
          `must be later than the step before it (${before.afterS} s), not ${step.afterS}`,
        );
      }
    });
  }
}

function checkSpans({ schedules, silences, gathered }: Draft): void {
  for (const span of [...schedules.flatMap(({ overrides }) => overrides), ...silences]) {
    if (Date.parse(span.from) >= Date.parse(span.to)) {
      gathered.refuse(gathered.placeOf(span, 'to'), `must be later than its beginning (${span.from})`);
    }
  }
}

function checkSource({ sites, gathered }: Draft, source: SourceConfig): void {
  if (source.id === 'system')
    gathered.refuse(gathered.placeOf(source, 'id'), 'system is the name of the product itself');
  const site = sites.find(({ id }) => id === source.defaults.site);
  if (site === undefined) return;
  const inside = source.scope.some(
    (scope) => scope.kind === 'unit' || (scope.kind === 'site' ? scope.id === site.id : site.groups.includes(scope.id)),
  );
  if (!inside)
    gathered.refuse(gathered.placeOf(source.defaults, 'site'), `${site.id} lies outside the source's own scope`);
}
