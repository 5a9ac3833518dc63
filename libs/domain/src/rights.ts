import type { ActName } from './aggregate.js';
import type { Grant } from './config-document.js';
import type { Role } from './words.js';

const responderActs: readonly ActName[] = ['accept', 'decline', 'en-route', 'on-scene', 'clear', 'note', 'acknowledge'];
const operatorActs: readonly ActName[] = [
  ...responderActs,
  'take',
  'release',
  'transfer',
  'dispatch',
  'recall',
  'stand-down',
  'escalate',
  'regrade',
  'resolve',
  'close',
  'reopen',
];

const actsOfRole: Readonly<Record<Role, readonly ActName[]>> = {
  operator: operatorActs,
  commander: operatorActs,
  responder: responderActs,
  reviewer: [],
  admin: [],
};

/** Acts on incidents that a role may do at all (decisions.md section 6). Admin has configuration and users, no acts. */
export function allowedActs(role: Role): readonly ActName[] {
  return actsOfRole[role];
}

/** How the person stands to the incident; what is not said counts in his favour, so say what you know. */
export interface Standing {
  /** Was paged for it or is assigned to it: a responder may act on nothing else. */
  readonly involved?: boolean;
  /** Another person owns it: only a commander closes or reopens it. */
  readonly ownedByOther?: boolean;
}

/** The roles that a person's grants give him for one site (null: outside any site, then only unit-wide grants count). */
export function rolesAt(grants: readonly Grant[], site: string | null, groups: readonly string[]): ReadonlySet<Role> {
  const roles = new Set<Role>();
  for (const { role, scope } of grants) {
    const covers =
      scope.kind === 'unit' || (scope.kind === 'site' ? scope.id === site : site !== null && groups.includes(scope.id));
    if (covers) roles.add(role);
  }
  return roles;
}

/** May a person with these grants do this act on an incident of this site (`groups`: the site's)? Fails closed. */
export function canAct(
  grants: readonly Grant[],
  site: string | null,
  groups: readonly string[],
  act: ActName,
  standing: Standing = {},
): boolean {
  const roles = rolesAt(grants, site, groups);
  if (roles.has('commander')) return actsOfRole.commander.includes(act);
  if (roles.has('operator') && actsOfRole.operator.includes(act)) {
    return !(standing.ownedByOther === true && (act === 'close' || act === 'reopen'));
  }
  return roles.has('responder') && actsOfRole.responder.includes(act) && standing.involved !== false;
}
