import type { RunRow } from '../dumps/shapes';
import type { Scene, ScenePolicy } from '../scene/shapes';

/** What a run froze: its route, team and policy with steps. */
export interface Plan {
  readonly route?: string;
  readonly team?: string | null;
  readonly policy?: string;
  readonly steps?: readonly { readonly afterS: number; readonly targets: readonly { kind: string; id: string }[] }[];
}

export const planOf = ({ plan }: RunRow): Plan => (plan ?? {}) as Plan;

/** Of the scene, by the name that the run froze: what its steps should be. */
export function policyOf({ policies }: Scene, run: RunRow): ScenePolicy | undefined {
  const name = planOf(run).policy;
  return policies.find(({ id }) => id === name);
}
