import type { Sight } from '@tocsin/contracts';
import type { ConfigDocument, RouteTraceEntry } from '@tocsin/domain';
import { type Explanation, sees } from '@tocsin/operations';
import { matchInSight } from '../catalogue/views.js';

/**
 * The explanation as this reader may have it. Null when its site lies outside his sight, also one that the source's
 * defaults named; what has no site is for those who see all. Routes of other sites are left out, as `/v1/routes` does.
 */
export function explanationInSight(explanation: Explanation, config: ConfigDocument, sight: Sight): Explanation | null {
  if (!sees(sight, explanation.alert.site)) return null;
  const { route } = explanation;
  return { ...explanation, route: { ...route, trace: route.trace.flatMap((entry) => traced(entry, config, sight)) } };
}

function traced(entry: RouteTraceEntry, config: ConfigDocument, sight: Sight): RouteTraceEntry[] {
  const match = matchInSight(config.routes.find(({ id }) => id === entry.route)?.match ?? {}, config, sight);
  if (match === null) return [];
  const { miss } = entry;
  if (miss?.field !== 'sites' && miss?.field !== 'groups') return [entry];
  return [{ ...entry, miss: { ...miss, wanted: (match[miss.field] ?? []).join(', ') } }];
}
