import { createHash } from 'node:crypto';
import type { Sight, SubscribeFilter } from '@tocsin/contracts';
import type { Reality } from '@tocsin/domain';

/** What decides who may see an event or an incident: nothing of it ever changes on a stream. */
export interface Subject {
  readonly site: string | null;
  readonly reality: Reality;
  /** False for streams of configuration, sources and sessions. */
  readonly incident: boolean;
  readonly type?: string;
}

/**
 * All sockets that see the same: one room, one encoding per frame. Law: `sees` is never wider than the sight; a filter
 * only narrows.
 */
export interface Audience {
  /** Equal for equal sights and filters. */
  readonly room: string;
  readonly sight: Sight;
  readonly realities: readonly Reality[] | null;
  sees(subject: Subject): boolean;
}

export function audienceOf(sight: Sight, filter: SubscribeFilter = {}): Audience {
  const narrowed = narrow(sight, filter.sites);
  const sites = new Set(narrowed.sites);
  const realities = filter.reality === undefined ? null : [...new Set(filter.reality)].sort();
  const words = [narrowed.agency, narrowed.all, [...sites].sort(), narrowed.security, realities];
  const room = `a:${createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 22)}`;
  const seesPlace = (site: string | null): boolean => narrowed.all || (site !== null && sites.has(site));
  const sees = ({ site, reality, incident, type }: Subject): boolean => {
    if (!incident) return seesOther(narrowed, site, type, seesPlace);
    return seesPlace(site) && (realities === null || realities.includes(reality));
  };
  return { room, sight: narrowed, realities, sees };
}

/** The same sight, cut to `sites`. Somebody who sees all and asks for some sites no longer gets what stands outside every site. */
function narrow(sight: Sight, sites: readonly string[] | undefined): Sight {
  if (sites === undefined) return sight;
  const asked = [...new Set(sites)];
  return { ...sight, all: false, sites: sight.all ? asked : asked.filter((site) => sight.sites.includes(site)) };
}

/** That the configuration changed concerns everybody; who signed in only administrators; recorded alerts whoever sees their site. */
function seesOther(
  sight: Sight,
  site: string | null,
  type: string | undefined,
  seesPlace: (site: string | null) => boolean,
): boolean {
  if (type?.startsWith('session.')) return sight.security;
  if (type === 'config.applied') return true;
  return seesPlace(site);
}
