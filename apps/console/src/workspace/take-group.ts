import { create } from 'zustand';
import { perform } from '../acts/perform.js';
import { isUntaken } from '../queue/sections.js';
import { useView } from '../queue/view.js';

/** A whole group becomes this person's, each incident with its own record; how far that is. */
export const useTaking = create<{ key: string | null; done: number; of: number; refused: number }>(() => ({
  key: null,
  done: 0,
  of: 0,
  refused: 0,
}));
const AT_ONCE = 6;

export async function takeGroup(key: string): Promise<void> {
  if (useTaking.getState().key !== null) return;
  const group = useView.getState().groups.find((g) => g.key === key);
  const rows = (group?.rows ?? []).filter(isUntaken);
  if (rows.length === 0) return;
  useTaking.setState({ key, done: 0, of: rows.length, refused: 0 });
  const queue = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      const stands = await perform(row, 'take', { expectedVersion: row.version });
      const { done, refused } = useTaking.getState();
      useTaking.setState({ done: done + 1, refused: refused + (stands ? 0 : 1) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  useTaking.setState({ key: null });
}
