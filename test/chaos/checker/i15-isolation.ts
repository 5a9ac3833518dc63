import type { ScenePerson } from '../scene/shapes';
import { canariesIn } from './canaries';
import { type Check, Findings } from './finding';

/**
 * I15 isolation: no sink and no console whose person may not see a site ever held a word of an alert of that site (searched
 * as bytes, in base64 and in URL form); whoever asked for what is none of his was told 404.
 */
export const isolation: Check = ({ scene, records, dumps }) => {
  const findings = new Findings('I15');
  const siteOf = new Map(records.submit.map(({ canary, site }) => [canary, site]));
  const mayNot = (scope: readonly string[] | null, canary: string): boolean =>
    scope !== null && !scope.includes(siteOf.get(canary) ?? '');
  for (const { console: name, scope, canaries, incidents } of dumps.replicas) {
    findings.look();
    const seen = canaries.find((canary) => siteOf.has(canary) && mayNot(scope, canary));
    if (seen !== undefined) findings.violate(name, `was sent ${seen} of ${siteOf.get(seen)}`);
    const foreign = Object.values(incidents).find(({ site }) => scope !== null && !scope.includes(site ?? ''));
    if (foreign !== undefined) findings.violate(name, `holds incident ${foreign.id} of ${foreign.site}`);
  }
  const people = new Map(scene.people.flatMap((person) => person.contacts.map(({ address }) => [address, person])));
  for (const { target, text, key } of records.page) {
    const person: ScenePerson | undefined = people.get(target);
    if (person === undefined || person.scope === null) continue;
    findings.look();
    const seen = canariesIn(text, siteOf).find((canary) => mayNot(person.scope, canary));
    if (seen !== undefined) findings.violate(key, `told ${person.slug} of ${seen} of ${siteOf.get(seen)}`);
  }
  for (const { what, ph, id, person, httpStatus } of records.read) {
    if (what !== 'foreign' || ph === 'invoke') continue;
    findings.look();
    if (ph === 'ok' || httpStatus === 403)
      findings.violate(id, `${person} asked for it, which is none of his, and was told ${httpStatus}`);
  }
  return findings;
};
