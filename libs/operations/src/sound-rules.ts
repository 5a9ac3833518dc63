import { faultsOfStateTables } from '@tocsin/domain';

/** Every app asks this before it begins: with a state that leads nowhere none of them may touch an incident. Throws, naming every fault. */
export function assertSoundRules(faults: readonly string[] = faultsOfStateTables()): void {
  if (faults.length > 0) throw new Error(`the state tables are not sound: ${faults.join('; ')}`);
}
